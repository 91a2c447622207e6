// What the screen knows: the view (that the URL holds), the reports of the
// county, and the state of the stream. Components read it; its methods are the
// only things that change it.

import type { FeatureCollection } from 'geojson';
import { untrack } from 'svelte';
import type { Action } from './account/api';
import { session } from './account/session.svelte';
import {
  api,
  type Bounds,
  type Child,
  type Feature,
  type Place,
  type Region,
  type Report,
  type When,
} from './api';
import { asks, NOTHING_ASKED, questionQuery, type Question } from './coverage/question';
import { Figures, metricName } from './figure';
import { asProblem, type Problem } from './http';
import { leftOff } from './layer/left_off';
import type { Lens } from './layer/layer';
import type { Lang } from './number';
import type { Theme } from './palette';
import type { Status, StreamClient } from './stream/client';
import type { ReportKind } from './stream/protocol';
import type { Mark } from './style';
import { EMPTY, fromHash, toHash, type Panel, type View } from './url';

export const KINDS: ReportKind[] = ['completion', 'coverage', 'water', 'relocation'];

/** Revisions may come many a second; open lists and cards are read again this often at most. */
const PAUSE_MS = 600;

export interface Thing {
  layer: string;
  id: string;
  region: string;
  /** Of a road: the segment of the inventory that is meant. */
  segment?: string;
}

export interface Hover {
  layer: string;
  x: number;
  y: number;
  properties: Record<string, unknown>;
}

/** What the map offers to the rest of the screen. */
export interface Mover {
  fly(target: { bounds?: Bounds | null; center?: Place | null }, zoom?: number): void;
  refresh(keys: string[] | null): void;
  /** The tiles that lie on the map now. */
  shown(): string[];
  /** Draws what belongs to one owner over the map, in place of what that owner drew before. */
  draw(owner: string, features: Drawn[]): void;
  /** Draws a plan over the map; one without features draws none. */
  plan(data: FeatureCollection): void;
  /** While a taker is set, a click on the map gives it the place and picks nothing. */
  takePoints(taker: ((place: Place) => void) | null): void;
  /** While a taker is set, the drags that it claims do not move the map. */
  takeDrag(taker: DragTaker | null): void;
}

/** Takes a drag over the map, from where it began to where it ended. */
export interface DragTaker {
  /** Whether this drag is claimed. */
  down(place: Place): boolean;
  /** Whether a drag from here would be claimed; without it every click is the taker's. */
  near?(place: Place): boolean;
  move(place: Place): void;
  up(place: Place): void;
}

/** What is drawn over the map: the place under the pointer, the chosen interval, a track, a new line, a case. */
export interface Drawn {
  kind:
    'dot' | 'span' | 'track' | 'line' | 'case' | 'vertex' | 'old' | 'new' | 'carried' | ProofKind | 'reached';
  points: Place[];
  /** Words beside a point. */
  text?: string;
  /** Of what is reached within a time: which of the times, from 0. */
  band?: number;
}

/** The path of a village: what meets, what may, what is missing, the walk at its end; where it fails, and words. */
export type ProofKind = 'proven' | 'doubtful' | 'missing' | 'access' | 'weakest' | 'words';

export type Loading = { state: 'loading' } | { state: 'ready' } | { state: 'failed'; problem: Problem };

class AppState {
  view = $state<View>({ ...EMPTY, ...fromHash(location.hash) });
  regions = $state<Region[]>([]);
  children = $state<Child[]>([]);
  figures = $state.raw<Record<ReportKind, Figures>>({
    completion: new Figures(null),
    coverage: new Figures(null),
    relocation: new Figures(null),
    water: new Figures(null),
  });
  loading = $state<Loading>({ state: 'loading' });
  status = $state<Status>({ state: 'connecting' });
  pending = $state(0);
  /** Whether the first picture of the map stands. */
  drawn = $state(false);
  notice = $state('');
  online = $state(navigator.onLine);
  folded = $state(false);
  legend = $state(!matchMedia('(max-width: 760px)').matches);
  hover = $state.raw<Hover | null>(null);
  card = $state.raw<{ thing: Thing; feature: Feature | null; problem: Problem | null } | null>(null);
  mark = $state.raw<Mark | null>(null);
  bounds = $state.raw<Bounds | null>(null);
  systemDark = $state(matchMedia('(prefers-color-scheme: dark)').matches);
  phone = $state(matchMedia('(max-width: 760px)').matches);
  /** Counts up with every new revision, so that open lists read again. */
  tick = $state(0);

  lang = $derived<Lang>(this.view.lang ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'));
  theme = $derived<Theme>(this.view.theme ?? (this.systemDark ? 'dark' : 'light'));
  region = $derived(this.regions.find((one) => one.code === this.view.region) ?? null);
  scope = $derived(this.view.township || this.view.region);
  me = $derived(session.me);
  /** As-of of what is read beside the reports; nothing on the data date. */
  moment = $derived<When>({ region: this.view.region, ...(this.view.asOf ? { as_of: this.view.asOf } : {}) });
  /** Whether coverage asks something else than how the live world is. */
  asks = $derived(asks(this.view.question));
  /** What of the question is read beside the map: it follows when the map has its answer, which is not to wait for that. */
  settled = $state.raw<Question>(this.view.question);
  /** As text: who reads it is told of another question, not of another object that says the same. */
  #askedText = $derived(JSON.stringify({ ...this.moment, ...questionQuery(this.settled) }));
  /** The same with what coverage asks: of what stands on the map. */
  asked = $derived<When>(JSON.parse(this.#askedText) as When);
  /** Of what the open panel shows: only coverage and scenarios speak of what is asked. */
  shown = $derived(['coverage', 'scenarios'].includes(this.view.panel) ? this.asked : this.moment);
  lens = $derived<Lens>(this.view.lens ?? 'road');
  /** Whether the map speaks of how well the works supply the villages. */
  supply = $derived(this.lens === 'water' && ['supply', 'change'].includes(this.view.part));
  /** Whether the map shows a plan: of what is built and who moves, or of who goes where. */
  planning = $derived(this.view.panel === 'relocation' && ['decide', 'assign'].includes(this.view.part));
  hidden = $derived(new Set(this.view.hidden ?? leftOff(this.view.panel, this.lens, this.planning)));
  revision = $derived(this.status.state === 'live' ? this.status.revision : this.#lastRevision());

  stream: StreamClient | null = null;
  map: Mover | null = null;
  #loadSeq = 0;
  #later: ReturnType<typeof setTimeout> | undefined;

  /** Whether the one who is signed in may do something in a township; without one, anywhere in the county. */
  may(action: Action, township = ''): boolean {
    return township
      ? session.may(action, this.view.region, township)
      : session.maySomewhere(action, this.view.region);
  }

  #lastRevision(): number {
    return this.figures.completion.report?.revision ?? 0;
  }

  /** Reads the counties, chooses one, reads its figures. */
  async start(): Promise<void> {
    this.loading = { state: 'loading' };
    try {
      this.regions = await api.regions();
    } catch (problem) {
      this.loading = { state: 'failed', problem: asProblem(problem) };
      return;
    }
    const known = this.regions.some((one) => one.code === this.view.region);
    const first = this.regions[0];
    if (!known && first) this.view.region = first.code;
    if (first) await this.load();
    else this.loading = { state: 'ready' };
    this.openSelection();
  }

  /** Picks out what the address names. */
  openSelection(): void {
    const { selection } = this.view;
    if (!selection) this.closeCard();
    else if (this.view.drawer?.road) this.point(this.#thing(selection));
    else void this.select(this.#thing(selection), false);
  }

  #thing(selection: { layer: string; id: string }): Thing {
    const [id = '', segment] = selection.id.split('/');
    return { layer: selection.layer, id, region: this.view.region, ...(segment ? { segment } : {}) };
  }

  /** Reads townships and all reports of the chosen county. */
  async load(): Promise<void> {
    const seq = ++this.#loadSeq;
    const region = this.view.region;
    this.loading = { state: 'loading' };
    try {
      const [children] = await Promise.all([api.children(region), this.#readReports(seq)]);
      if (seq !== this.#loadSeq) return;
      this.children = children;
      this.loading = { state: 'ready' };
      this.stream?.watch(region, KINDS);
      this.stream?.watchScenarios(region);
    } catch (problem) {
      if (seq === this.#loadSeq) this.loading = { state: 'failed', problem: asProblem(problem) };
    }
  }

  async #readReports(seq: number): Promise<void> {
    const { region, asOf } = this.view;
    const reports = await Promise.all(
      KINDS.map((kind) => api.report(kind, { region, ...(asOf ? { as_of: asOf } : {}) })),
    );
    if (seq !== this.#loadSeq) return;
    for (const report of reports) this.#take(report);
  }

  #take(report: Report): void {
    this.figures = { ...this.figures, [report.kind]: new Figures(report) };
  }

  /** A report that came over the stream; those of another day or county do not count. */
  takeReport(region: string, kind: ReportKind, report: unknown): void {
    if (region !== this.view.region || this.view.asOf) return;
    this.#take({ ...(report as Report), kind });
  }

  /** A new revision can be had: figures of a chosen day are read again. */
  newRevision(): void {
    if (this.#later) return;
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.#readAgain();
    }, PAUSE_MS);
  }

  #readAgain(): void {
    this.tick++;
    // An import may have brought a county, or moved the bounds of one.
    void api.regions().then(
      (regions) => (this.regions = regions),
      () => undefined,
    );
    // The stream then brings the figures of the question, not those of the live world.
    if (this.view.asOf || this.asks) void this.#readReports(this.#loadSeq).catch(() => undefined);
    if (this.card) void this.#readCard(this.card.thing);
  }

  async chooseRegion(code: string): Promise<void> {
    this.closeCard();
    Object.assign(this.view, {
      region: code,
      township: '',
      evidence: null,
      drawer: null,
      routes: {},
      day: '',
      asOf: '',
      question: NOTHING_ASKED,
      left: 0,
      beside: [],
    });
    this.flyHome();
    await this.load();
  }

  chooseTownship(code: string): void {
    this.view.township = code;
    this.view.evidence = null;
    this.flyHome();
  }

  choosePanel(panel: Panel): void {
    if (this.view.panel === panel) {
      this.folded = !this.folded;
      return;
    }
    this.folded = false;
    Object.assign(this.view, { panel, evidence: null, drawer: null, hidden: null });
    if (panel === 'coverage') this.view.lens ??= 'road';
    else this.view.lens = null;
  }

  /** Opens a panel that the rail does not name. */
  showPanel(panel: Panel): void {
    this.folded = false;
    Object.assign(this.view, { panel, evidence: null, drawer: null, hidden: null, lens: null });
  }

  async chooseDate(date: string): Promise<void> {
    this.view.asOf = date === this.region?.data_date ? '' : date;
    await this.load();
  }

  /** Flies to the chosen township, or to the whole county. */
  flyHome(): void {
    const child = this.children.find((one) => one.code === this.view.township);
    const target = child ?? this.region;
    if (target) this.map?.fly(target);
  }

  /** Has the map ask again for tiles that have become stale; `null`: all. */
  refreshMap(keys: string[] | null): void {
    this.map?.refresh(keys);
  }

  toggle(key: string): void {
    const hidden = [...this.hidden];
    this.view.hidden = hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key];
  }

  /** Opens what a figure is made of; a route that was open makes room. */
  openEvidence(metric: string, scope: string): void {
    this.view.drawer = null;
    this.view.evidence = { metric, scope };
  }

  /** Opens a tab of the drawer, of a route or (without one) of the scope; what was evidence stays under it. */
  openDrawer(tab: string, road = ''): void {
    this.view.drawer = { tab, road };
    this.folded = false;
  }

  closeDrawer(): void {
    const { drawer, selection } = this.view;
    this.view.drawer = null;
    if (drawer?.road && !this.card && selection?.layer === 'road') this.closeCard();
  }

  /** Switches the replay of the works on, at the data date, or off. */
  toggleReplay(): void {
    this.view.day = this.view.day ? '' : this.view.asOf || this.region?.data_date || '';
  }

  closeEvidence(): void {
    this.view.evidence = null;
  }

  /** Picks a thing out on the map. */
  point(thing: Thing): void {
    this.mark = {
      layer: thing.layer,
      id: thing.segment ?? thing.id,
      county: thing.region,
      ...(thing.segment ? { segment: true } : {}),
    };
    this.view.selection = {
      layer: thing.layer,
      id: thing.segment ? `${thing.id}/${thing.segment}` : thing.id,
    };
  }

  /** Picks a thing out on the map and opens its card. */
  async select(
    thing: Thing,
    fly: boolean,
    place?: { bounds: Bounds | null; center: Place | null },
  ): Promise<void> {
    this.point(thing);
    if (fly && place) this.map?.fly(place, 14);
    this.card = { thing, feature: null, problem: null };
    const feature = await this.#readCard(thing);
    if (fly && !place && feature) this.map?.fly(feature, 14);
  }

  async #readCard(thing: Thing): Promise<Feature | null> {
    let feature: Feature | null = null;
    let problem: Problem | null = null;
    try {
      feature = await api.feature(thing.layer, thing.id, { ...this.asked, region: thing.region });
    } catch (cause) {
      problem = asProblem(cause);
    }
    if (this.card?.thing.id === thing.id && this.card.thing.layer === thing.layer) {
      this.card = { thing, feature, problem };
      // The place of a road is the middle of its box, which need not lie on it.
      const at = feature?.center;
      if (at && this.mark && thing.layer !== 'road' && !this.mark.at) this.mark = { ...this.mark, at };
    }
    return feature;
  }

  /** The map shows what is asked: all beside it is read again. */
  settle(): void {
    untrack(() => {
      if (this.settled === this.view.question) return;
      this.settled = this.view.question;
      if (this.card) void this.#readCard(this.card.thing);
    });
  }

  closeCard(): void {
    this.card = null;
    this.mark = null;
    this.view.selection = null;
  }

  /** Closes what is uppermost; says whether there was something. */
  escape(): boolean {
    if (this.card || (this.planning && this.view.selection)) this.closeCard();
    else if (this.view.drawer) this.closeDrawer();
    else if (this.view.evidence) this.closeEvidence();
    else return false;
    return true;
  }

  /** The name of a township or county in the language of the screen. */
  regionName(code: string): string {
    const one = [...this.children, ...this.regions].find((candidate) => candidate.code === code);
    if (!one) return code;
    return this.nameOf(one);
  }

  /** A name in the language of the screen; empty: there is none. */
  nameOf(one: { name: string | null; name_en?: string | null }): string {
    return (this.lang === 'en' && one.name_en) || (one.name ?? '');
  }

  openMetricName(): string {
    return this.view.evidence ? metricName(this.view.evidence.metric) : '';
  }

  hash(): string {
    return toHash(this.view);
  }
}

export const app = new AppState();
