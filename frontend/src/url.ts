// The URL hash holds the whole view, so any screen can be sent: region, panel,
// place, legend, as-of, selection, evidence, language and theme.

import type { Lens } from './layer/layer';
import type { Lang } from './number';

export const PANELS = ['overview', 'roads', 'coverage', 'relocation'] as const;
export type Panel = (typeof PANELS)[number];

export interface View {
  region: string;
  /** A township of the region, or empty: all of it. */
  township: string;
  panel: Panel;
  /** zoom, lat, lon; null: the bounds of the region */
  place: { zoom: number; lat: number; lon: number } | null;
  /** Legend entries switched off by hand; null: as the panel has them. */
  hidden: string[] | null;
  lens: Lens | null;
  /** Date of the figures; empty: the data date of the region. */
  asOf: string;
  /** What is picked out: layer:id, or segment:id of a road segment. */
  selection: { layer: string; id: string } | null;
  /** The figure whose evidence is open. */
  evidence: { metric: string; scope: string } | null;
  lang: Lang | null;
  theme: 'light' | 'dark' | null;
}

export const EMPTY: View = {
  region: '',
  township: '',
  panel: 'overview',
  place: null,
  hidden: null,
  lens: null,
  asOf: '',
  selection: null,
  evidence: null,
  lang: null,
  theme: null,
};

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** The hash of a view, with the leading #. */
export function toHash(view: View): string {
  const query = new URLSearchParams();
  const { place, selection, evidence } = view;
  if (view.township) query.set('township', view.township);
  if (place) {
    query.set(
      'at',
      `${String(round(place.zoom, 2))}/${String(round(place.lat, 5))}/${String(round(place.lon, 5))}`,
    );
  }
  if (view.hidden) query.set('hide', view.hidden.join(' '));
  if (view.lens) query.set('lens', view.lens);
  if (view.asOf) query.set('asof', view.asOf);
  if (selection) query.set('sel', `${selection.layer}:${selection.id}`);
  if (evidence) query.set('why', `${evidence.metric}@${evidence.scope}`);
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

/** Reads a hash; what it does not say, or says wrongly, is as in EMPTY. */
export function fromHash(hash: string): View {
  const [path = '', text = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [region = '', panel = ''] = path.split('/');
  const query = new URLSearchParams(text);
  const selection = cut(query.get('sel'), ':');
  const evidence = cut(query.get('why'), '@');
  const asOf = query.get('asof') ?? '';
  const hide = query.get('hide');
  return {
    region: decoded(region),
    township: query.get('township') ?? '',
    panel: among(panel, PANELS) ?? 'overview',
    place: readPlace(query.get('at')),
    hidden: hide === null ? null : hide.split(' ').filter(Boolean),
    lens: among(query.get('lens'), ['road', 'water'] as const),
    asOf: /^\d{4}-\d{2}-\d{2}$/.test(asOf) ? asOf : '',
    selection: selection && { layer: selection[0], id: selection[1] },
    evidence: evidence && { metric: evidence[0], scope: evidence[1] },
    lang: among(query.get('lang'), ['zh-CN', 'en'] as const),
    theme: among(query.get('theme'), ['light', 'dark'] as const),
  };
}
