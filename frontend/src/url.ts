// The URL hash holds the whole view, so any screen can be sent: region, panel,
// place, legend, as-of, selection, evidence, language and theme.

import { NOTHING_ASKED, questionQuery, readQuestion, type Question } from './coverage/question';
import type { Lens } from './layer/layer';
import type { Lang } from './number';
import { NO_TERMS, readTerms, termsQuery, type Terms } from './plan/terms';

export const PANELS = ['overview', 'roads', 'coverage', 'relocation', 'scenarios'] as const;
/** Panels that the rail does not name; they are reached from where they belong. */
export const INNER_PANELS = ['people', 'desk'] as const;
export type Panel = (typeof PANELS)[number] | (typeof INNER_PANELS)[number];

/** Tabs of the drawer are named by short words of letters. */
const TAB = /^[a-z_]{1,20}$/;

export interface View {
  region: string;
  /** A township of the region, or empty: all of it. */
  township: string;
  panel: Panel;
  /** zoom, lat, lon; null: the bounds of the region */
  place: { zoom: number; lat: number; lon: number } | null;
  /** Legend entries switched off by hand; null: as the panel has them. */
  hidden: string[] | null;
  /** What the map lies on: empty: land and water of our own; `none`; else a configured service. */
  base: string;
  lens: Lens | null;
  /** Date of the figures; empty: the data date of the region. */
  asOf: string;
  /** What is picked out: layer:id, or segment:id of a road segment. */
  selection: { layer: string; id: string } | null;
  /** The figure whose evidence is open. */
  evidence: { metric: string; scope: string } | null;
  /** The tab of the drawer that is open, and the route it speaks of; without one it speaks of the scope. */
  drawer: { tab: string; road: string } | null;
  /** Filter and order of the list of routes, by name of the parameter. */
  routes: Record<string, string>;
  /** Day that the replay of the works shows; empty: it is off. */
  day: string;
  /** What coverage asks otherwise than the rules and facts say. */
  question: Question;
  /** Part of the panel that is open, of coverage or relocation. */
  part: string;
  /** Prices and limits of the plan, where they are not as the rules say. */
  terms: Terms;
  /** Whether the map lies beside one of the live world, or of the scenario `left`. */
  compare: boolean;
  /** The scenario beside which the map lies; 0: the live world. */
  left: number;
  /** The scenarios whose differences are in the table, 0 being the live world. */
  beside: number[];
  lang: Lang | null;
  theme: 'light' | 'dark' | null;
}

export const EMPTY: View = {
  region: '',
  township: '',
  panel: 'overview',
  place: null,
  hidden: null,
  base: '',
  lens: null,
  asOf: '',
  selection: null,
  evidence: null,
  drawer: null,
  routes: {},
  day: '',
  question: NOTHING_ASKED,
  part: '',
  terms: NO_TERMS,
  compare: false,
  left: 0,
  beside: [],
  lang: null,
  theme: null,
};

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

const ROUTES = 'r.';
const NUMBER = /^(0|[1-9]\d{0,14})$/;
const BASE = /^[a-z0-9][a-z0-9-]{0,31}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The hash of a view, with the leading #. */
export function toHash(view: View): string {
  const query = new URLSearchParams();
  const { place, selection, evidence, drawer } = view;
  if (view.township) query.set('township', view.township);
  if (place) {
    query.set(
      'at',
      `${String(round(place.zoom, 2))}/${String(round(place.lat, 5))}/${String(round(place.lon, 5))}`,
    );
  }
  if (view.hidden) query.set('hide', view.hidden.join(' '));
  if (view.base) query.set('base', view.base);
  if (view.lens) query.set('lens', view.lens);
  if (view.asOf) query.set('asof', view.asOf);
  if (selection) query.set('sel', `${selection.layer}:${selection.id}`);
  if (evidence) query.set('why', `${evidence.metric}@${evidence.scope}`);
  if (drawer) query.set('tab', drawer.tab);
  if (drawer?.road) query.set('road', drawer.road);
  for (const [name, value] of Object.entries(view.routes)) if (value) query.set(`${ROUTES}${name}`, value);
  if (view.day) query.set('day', view.day);
  for (const [name, value] of Object.entries(questionQuery(view.question))) query.set(name, String(value));
  if (view.part) query.set('part', view.part);
  for (const [name, value] of Object.entries(termsQuery(view.terms))) query.set(name, value);
  if (view.compare) query.set('compare', '1');
  if (view.left) query.set('left', String(view.left));
  if (view.beside.length) query.set('beside', view.beside.join(','));
  if (view.lang) query.set('lang', view.lang);
  if (view.theme) query.set('theme', view.theme);
  const text = query.toString();
  return `#/${encodeURIComponent(view.region)}/${view.panel}${text ? `?${text}` : ''}`;
}

function among<T extends string>(value: string | null, allowed: readonly T[]): T | null {
  return allowed.find((one) => one === value) ?? null;
}

function readPlace(text: string | null): View['place'] {
  const [zoom = NaN, lat = NaN, lon = NaN] = (text ?? '')
    .split('/')
    .map((part) => (part === '' ? NaN : Number(part)));
  const fine = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return fine ? { zoom, lat, lon } : null;
}

function cut(text: string | null, mark: string): [string, string] | null {
  const at = text?.indexOf(mark) ?? -1;
  return text && at > 0 && at < text.length - 1 ? [text.slice(0, at), text.slice(at + 1)] : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function routesOf(query: URLSearchParams): Record<string, string> {
  const given = [...query].filter(([name, value]) => name.startsWith(ROUTES) && value);
  return Object.fromEntries(given.map(([name, value]) => [name.slice(ROUTES.length), value]));
}

/** Two to four scenarios, each once. */
function besideOf(text: string): number[] {
  const parts = text.split(',');
  const fine = parts.length > 1 && parts.length <= 4 && parts.every((one) => NUMBER.test(one));
  return fine && new Set(parts).size === parts.length ? parts.map(Number) : [];
}

/** Reads a hash; what it does not say, or says wrongly, is as in EMPTY. */
export function fromHash(hash: string): View {
  const [path = '', text = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [region = '', panel = ''] = path.split('/');
  const query = new URLSearchParams(text);
  const selection = cut(query.get('sel'), ':');
  const evidence = cut(query.get('why'), '@');
  const asOf = query.get('asof') ?? '';
  const hide = query.get('hide');
  const tab = query.get('tab') ?? '';
  const day = query.get('day') ?? '';
  const part = query.get('part') ?? '';
  return {
    region: decoded(region),
    township: query.get('township') ?? '',
    panel: among(panel, [...PANELS, ...INNER_PANELS]) ?? 'overview',
    place: readPlace(query.get('at')),
    hidden: hide === null ? null : hide.split(' ').filter(Boolean),
    base: BASE.test(query.get('base') ?? '') ? (query.get('base') ?? '') : '',
    lens: among(query.get('lens'), ['road', 'water', 'service'] as const),
    asOf: DAY.test(asOf) ? asOf : '',
    selection: selection && { layer: selection[0], id: selection[1] },
    evidence: evidence && { metric: evidence[0], scope: evidence[1] },
    drawer: TAB.test(tab) ? { tab, road: query.get('road') ?? '' } : null,
    routes: routesOf(query),
    day: DAY.test(day) ? day : '',
    question: readQuestion(query),
    part: TAB.test(part) ? part : '',
    terms: readTerms(query),
    compare: query.get('compare') === '1',
    left: NUMBER.test(query.get('left') ?? '') ? Number(query.get('left')) : 0,
    beside: besideOf(query.get('beside') ?? ''),
    lang: among(query.get('lang'), ['zh-CN', 'en'] as const),
    theme: among(query.get('theme'), ['light', 'dark'] as const),
  };
}
