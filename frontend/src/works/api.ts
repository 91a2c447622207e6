// Typed reading and writing of the ledger of works, docs/works.md. Lengths are
// whole millimetres of the measure of the version in force.

import type { Bounds, Place } from '../api';
import { address, read, send, upload } from '../http';

export const STAGES = [
  'clearing',
  'roadbed',
  'subbase',
  'base',
  'surface',
  'drainage',
  'acceptance',
] as const;
export type Stage = (typeof STAGES)[number];

export const ROUTE_STATES = ['not_started', 'doing', 'done', 'disputed', 'no_task'] as const;
export type RouteState = (typeof ROUTE_STATES)[number];

export const FATES = ['counted', 'repeated', 'outside', 'disputed', 'void', 'failed', 'retired'] as const;
export type Fate = (typeof FATES)[number];

export interface Span {
  from_mm: number;
  to_mm: number;
}

export interface Labelled extends Span {
  label_from: string;
  label_to: string;
}

/** The same point of time for every part of a screen. */
export interface Moment {
  region: string;
  as_of?: string;
  known_at?: string;
}

export interface Override {
  rule: string;
  reason: string;
  by?: string;
}

export interface Finding {
  rule: string;
  severity: 'block' | 'hold' | 'note';
  params: Record<string, unknown> | null;
  from_mm: number | null;
  to_mm: number | null;
  override?: Override | string | null;
}

// Reports and what came in.

export interface ReportBody {
  region: string;
  /** A UUID made here; the same again gives the first answer. */
  id: string;
  road?: number;
  road_text?: string;
  township?: string;
  text?: string;
  from?: string;
  to?: string;
  from_mm?: number;
  to_mm?: number;
  /** As written, where labels do not say the whole interval. */
  length_mm?: number;
  choice?: number;
  stage: string;
  on: string;
  programme?: number;
  contract?: number;
  reporter?: string;
  evidence?: string[];
  note?: string;
  entered?: string;
  device_time?: string;
  overrides?: Override[];
}

export interface Choice extends Span {
  from: string;
  to: string;
  /** The pieces between chain breaks that it lies on. */
  of: string;
}

export interface Check {
  status: string;
  findings: Finding[] | null;
  choices: Choice[] | null;
  roads: { id: number; code: string; name: string; township: string }[] | null;
  road: { id: number; code: string; name: string } | null;
  from_mm: number | null;
  to_mm: number | null;
  label_from: string;
  label_to: string;
  length_m: number;
  /** Metres that have not been reported for this stage before. */
  fresh_m: number;
}

export interface Entered {
  id: string;
  status: 'applied' | 'held' | string;
  findings: Finding[] | null;
  dispute: number | null;
  revision: number;
}

export interface Submission {
  id: string;
  status: 'applied' | 'held' | 'refused' | 'withdrawn' | string;
  findings: Finding[] | null;
  body: ReportBody;
  by: string;
  received: string;
  answer: string | null;
  answered_by: string | null;
  progress: string | null;
  road: number | null;
  road_name: string | null;
  township: string | null;
}

export interface SubmissionAnswer {
  region: string;
  action: 'apply' | 'refuse' | 'withdraw';
  answer: string;
  overrides?: Override[];
  changes?: Partial<ReportBody>;
}

export interface Attachment {
  hash: string;
  media: string;
  taken: string | null;
  place: Place | null;
}

export interface TrackMatch {
  points: number;
  roads: {
    road: number;
    code: string;
    name: string;
    covered: (Span & { from: string; to: string })[];
    covered_m: number;
  }[];
  overlap_share: number | null;
  offset_median_m: number | null;
  offset_max_m: number | null;
  first: string | null;
  last: string | null;
  line: Place[];
}

export interface Located {
  road: number;
  code: string;
  name: string;
  version: number;
  at_mm: number;
  label: string;
  offset_m: number;
  side: string;
}

export interface SheetRow {
  row: number;
  /** Of the reports of a row that has several; 0: it has none. */
  part: number;
  /** Why it is no report: blank, total, note, head, none; empty: it is one. */
  skip: string;
  cells: string[];
  entry: Partial<ReportBody> | null;
  check: Check | null;
}

export interface Sheet {
  sheet: string;
  head_row: number;
  heads: { column: number; text: string; field: string | null; unit: string; remembered: boolean }[];
  fields: string[];
  rows: SheetRow[];
  sums: Finding[] | null;
  total: number;
  ready: number;
  held: number;
}

export interface SheetApply {
  region: string;
  township: string;
  head_row: number;
  columns: Record<string, number>;
  stage?: string;
  on?: string;
  remember: boolean;
}

export interface SheetApplied {
  applied: number;
  held: number;
  repeated: number;
  /** That had come before with another content. */
  refused: number;
  items: { row: number; id: string; status: string; findings: Finding[] | null }[];
}

// Cases, inspections, realignment.

export interface Dispute extends Labelled {
  id: number;
  road: number;
  road_name: string;
  length_m: number;
  stage: string;
  opened: string;
  decided: string | null;
  reason: string;
  claims: RoadEvent[] | null;
  holder: string | null;
  decider: string | null;
  outcome: 'stands' | 'awarded' | 'void' | null;
  awarded: number | string | null;
  decision: string | null;
  decided_by: string | null;
  evidence: string[] | null;
  opened_by?: string | null;
  /** Of the route now. */
  version?: number;
}

export interface DisputeBody extends Span {
  region: string;
  road: number;
  stage: string;
  reason: string;
  claims?: string[];
  holder?: string;
  decider?: string;
  on: string;
}

export interface Decision {
  region: string;
  version?: number;
  outcome: 'stands' | 'awarded' | 'void';
  awarded?: number;
  decision: string;
  on: string;
  evidence?: string[];
}

export interface Inspection extends Span {
  id: number;
  road: number;
  road_name?: string | null;
  kind: 'planned' | 'unannounced' | 'random' | string;
  label_from?: string | null;
  label_to?: string | null;
  on: string;
  inspector?: string | null;
  result: 'pass' | 'fail' | null | string;
  pqi: number | null;
  note?: string | null;
  evidence?: string[] | null;
  by?: string | null;
  length_m?: number | null;
  /** Of one that was drawn: what the draw is repeated with. */
  seed?: number | null;
  center?: Place | null;
  bounds?: Bounds | null;
}

export interface InspectionBody extends Span {
  region: string;
  kind: string;
  road: number;
  on: string;
  inspector?: string;
  result?: string;
  pqi?: number;
  note?: string;
  evidence?: string[];
}

export interface InspectionDraw {
  region: string;
  programme?: number;
  township?: string;
  count: number;
  length_m: number;
  seed: number;
  on: string;
}

export interface InspectionResult {
  region: string;
  result: string;
  pqi?: number;
  note?: string;
  evidence?: string[];
  inspector?: string;
}

export interface MappingPiece {
  kind: 'carried' | 'retired' | 'new' | string;
  from_road: number | null;
  from_mm: number | null;
  to_mm: number | null;
  to_road: number | null;
  to_from_mm: number | null;
  to_to_mm: number | null;
  reversed: boolean;
  length_m: number;
}

export interface OperationBody {
  region: string;
  kind: string;
  on: string;
  reason: string;
  line?: Place[];
  at_mm?: number;
  other?: number;
  spans?: Span[];
  length_mm?: number;
  tolerance_m?: number;
  mapping?: MappingPiece[];
  add_to_task?: boolean;
  name?: string;
  code?: string;
}

export interface Operated {
  pieces: MappingPiece[];
  events: {
    id: string;
    stage: string;
    on: string;
    fate: 'carried' | 'cut' | 'retired';
    carried_m: number;
    retired_m: number;
  }[];
  carried_m: number;
  retired_m: number;
  new_m: number;
  completed: { before_m: number; carried_m: number; retired_m: number };
  road: number;
  /** Routes that it made. */
  new_roads?: number[] | null;
  /** Every metre stays where it is: there is nothing to store. */
  unchanged?: boolean;
  version: number;
  revision: number;
}

// The list of routes, the strip, the curve, the replay.

export interface RouteFilter {
  programme?: string;
  township?: string;
  village?: string;
  class?: string;
  contract?: string;
  state?: string;
  level?: string;
  responsible?: string;
  drawn?: string;
  q?: string;
  sort?: string;
}

export interface Sums {
  planned_m: number;
  started_m: number;
  completed_m: number;
  disputed_m: number;
  carried_m: number;
}

export interface Route extends Sums {
  id: number;
  code: string | null;
  name: string | null;
  class: string | null;
  township: string | null;
  length_m: number;
  rate: number | null;
  lag_pp: number | null;
  level: string | number | null;
  state?: RouteState | null;
  responsible: string | null;
  phone: string | null;
  contracts: string[] | null;
  last_on: string | null;
  last_by: string | null;
  reports: number;
  held: number;
  drawn: boolean;
  center: Place | null;
  bounds: Bounds | null;
}

export interface Routes {
  total: number;
  sums: Sums;
  items: Route[];
}

/** One report on a route, as the strip lists it. */
export interface RoadEvent extends Labelled {
  id: string;
  stage: string;
  on: string;
  reporter: string | null;
  by: string | null;
  recorded: string | null;
  entered: string | null;
  contract: number | null;
  note: string | null;
  evidence: string[] | null;
  overrides: Override[] | null;
  fate: Fate | string;
  anchored_version: number;
}

export interface StageSpan extends Span {
  on: string;
  reporter: string | null;
  times: number;
  events: string[];
}

export interface Pin {
  hash: string;
  at_mm: number;
  label: string;
  offset_m: number | null;
  taken: string | null;
  media: string;
  progress: string | null;
}

export interface StripData {
  road: {
    id: number;
    code: string | null;
    name: string | null;
    version: number;
    length_mm: number;
    drawn: boolean;
    township: string | null;
    /** The line of the version in force, point for point; where it is not told, a simplified one is known. */
    line?: Place[] | null;
  };
  marks: { at_mm: number; label: string }[];
  breaks: { at_mm: number; before: string; after: string }[];
  ticks: { at_mm: number; label: string }[];
  stages: { stage: string; spans: StageSpan[] }[];
  scope: (Span & {
    programme: number;
    name: string;
    village: number | null;
    village_name: string | null;
    responsible: string | null;
  })[];
  completed: Span[];
  carry_over: Span[];
  disputed: (Span & { id: number; stage: string })[];
  failed: Span[];
  retired_m: number;
  contracts: (Span & { id: number; code: string; contractor: string | null })[];
  inspections: (Span & {
    id: number;
    kind: string;
    on: string;
    result: string | null;
    pqi: number | null;
  })[];
  townships: (Span & { code: string; name: string })[];
  pins: Pin[];
  events: RoadEvent[];
  held: (Span & { id: string; stage: string; findings: Finding[] | null })[];
}

export interface CurvePoint {
  on: string;
  planned_m: number;
  started_m: number;
  completed_m: number;
}

export interface Curve {
  programme: number | null;
  task_m: number;
  starts: string | null;
  deadline: string | null;
  points: CurvePoint[];
  /** The whole plan, to the deadline; linear between two points. */
  plan?: { on: string; planned_m: number }[] | null;
}

export interface ReplayPiece extends Span {
  road: number;
  line: Place[] | null;
  started_on: string | null;
  done_on: string | null;
}

export interface Replay {
  from: string;
  to: string;
  pieces: ReplayPiece[];
}

// Why a figure moved; what is held against what is stored; programmes.

export const CAUSES = ['base', 'rule', 'realignment', 'corrections', 'works'] as const;
export type Cause = (typeof CAUSES)[number];

export interface FigureAt {
  as_of: string;
  known_at: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
}

export interface DifferenceItem {
  road: number;
  name: string;
  from_mm: number;
  to_mm: number;
  label_from: string;
  label_to: string;
  /** road, programme, warning or region; `road` is its number. */
  layer?: string;
  code?: string | null;
  /** Where its metres counted and count; empty: nowhere. */
  from?: string;
  to?: string;
  amount: number;
  numerator?: number;
  denominator?: number;
  unknown?: number;
  why: string;
  events: string[] | null;
  center: Place | null;
  bounds: Bounds | null;
}

export interface DifferenceStep {
  cause: Cause | string;
  numerator: number;
  denominator: number | null;
  unknown: number | null;
  value_pp: number | null;
  items: DifferenceItem[] | null;
}

export interface Difference {
  metric: string;
  scope: string;
  unit: string;
  basis: string;
  before: FigureAt;
  after: FigureAt;
  /** Percentage points; null: no percentage. */
  total_pp?: number | null;
  steps: DifferenceStep[];
}

export interface StoredFinding {
  rule: string;
  severity: string;
  params: Record<string, unknown> | null;
  road: number | null;
  road_name: string | null;
  township: string | null;
  from_mm: number | null;
  to_mm: number | null;
  label_from: string | null;
  label_to: string | null;
  center: Place | null;
  bounds: Bounds | null;
}

export interface Contract {
  id: number;
  code: string;
  name: string | null;
  contractor: string | null;
  responsible: string | null;
  phone: string | null;
  price: number | null;
  task_m: number;
  completed_m: number;
  rate: number | null;
}

export interface PlanPoint {
  township?: string | null;
  on: string;
  share: number;
}

export interface Programme {
  id: number;
  code: string;
  name: string;
  name_en: string | null;
  starts: string;
  deadline: string;
  completing_stage: string;
  task_m: number;
  reported_m: number | null;
  plan: 'linear' | 'points';
  points: PlanPoint[] | null;
  contracts: Contract[] | null;
  funding: {
    items:
      | {
          source: string;
          item: string;
          planned: number | null;
          allocated: number | null;
          paid: number | null;
        }[]
      | null;
    sums:
      | {
          source: string;
          planned: number | null;
          allocated: number | null;
          paid: number | null;
          printed_planned: number | null;
          printed_allocated: number | null;
          printed_paid: number | null;
          /** null: nothing is printed that could be held against a sum. */
          agrees: boolean | null;
        }[]
      | null;
  } | null;
  targets: unknown[] | null;
}

type Changed = Promise<{ id: number; revision: number }>;
type Many<T> = { items: T[] | null };

const list = <T>(answer: Many<T>): T[] => answer.items ?? [];

export const works = {
  routes: (at: Moment & RouteFilter & { offset?: number; limit?: number }, signal?: AbortSignal) =>
    read<Routes>('roads', { ...at }, signal),
  strip: (road: number | string, at: Moment, signal?: AbortSignal) =>
    read<StripData>(`roads/${String(road)}/strip`, { ...at }, signal),
  curve: (at: Moment & { programme?: number | string; township?: string }, signal?: AbortSignal) =>
    read<Curve>('curve', { ...at }, signal),
  replay: (at: Moment & { programme?: number | string }, signal?: AbortSignal) =>
    read<Replay>('replay', { ...at }, signal),
  difference: (
    query: {
      region: string;
      metric: string;
      scope: string;
      from_as_of?: string;
      from_known_at?: string;
      as_of?: string;
      known_at?: string;
    },
    signal?: AbortSignal,
  ) => read<Difference>('difference', { ...query }, signal),
  findings: (region: string) => read<Many<StoredFinding> & { total: number }>('findings', { region }),
  programmes: async (at: { region: string; as_of?: string }) =>
    list(await read<Many<Programme>>('programmes', { ...at })),
  plan: (programme: number, body: { region: string; township?: string; points: PlanPoint[] }) =>
    send<{ revision: number } | null>('PUT', `programmes/${String(programme)}/plan`, body),

  check: (body: Omit<ReportBody, 'id'> & { id?: string }, signal?: AbortSignal) =>
    send<Check>('POST', 'progress/check', body, {}, signal),
  report: (body: ReportBody) => send<Entered>('POST', 'progress', body),
  revoke: (id: string, body: { region: string; reason: string }) =>
    send<{ revision: number }>('POST', `progress/${encodeURIComponent(id)}/revoke`, body),
  submissions: (query: {
    region: string;
    status?: string;
    by?: string;
    township?: string;
    offset?: number;
    limit?: number;
  }) => read<Many<Submission> & { total: number }>('submissions', { ...query }),
  answer: (id: string, body: SubmissionAnswer) =>
    send<Entered>('POST', `submissions/${encodeURIComponent(id)}/answer`, body),

  attach: (region: string, file: File, media = file.type) =>
    upload<Attachment>('attachments', file, media, { region, name: file.name }),
  /** Where a photo or file is read from; good for `src` and `href`. */
  attachment: (region: string, hash: string) =>
    address(`attachments/${encodeURIComponent(hash)}`, { region }),
  track: (body: { region: string; hash: string; road?: number; from_mm?: number; to_mm?: number }) =>
    send<TrackMatch>('POST', 'progress/track', body),
  locate: async (body: { region: string; point: Place; road?: number }) =>
    (await send<{ places: Located[] | null }>('POST', 'progress/locate', body)).places ?? [],

  sheet: (region: string, township: string, file: File) =>
    upload<Sheet>('sheets', file, file.type || 'application/octet-stream', {
      region,
      township,
      name: file.name,
    }),
  applySheet: (hash: string, body: SheetApply) =>
    send<SheetApplied>('POST', `sheets/${encodeURIComponent(hash)}/apply`, body),

  disputes: async (region: string, open?: boolean) =>
    list(await read<Many<Dispute>>('disputes', { region, ...(open ? { open: true } : {}) })),
  dispute: (body: DisputeBody) => send<Awaited<Changed>>('POST', 'disputes', body),
  decide: (id: number, body: Decision) =>
    send<{ revision: number }>('POST', `disputes/${String(id)}/decide`, body),

  inspections: async (region: string, road?: number | string) =>
    list(await read<Many<Inspection>>('inspections', { region, road })),
  inspect: (body: InspectionBody) => send<Awaited<Changed>>('POST', 'inspections', body),
  draw: async (body: InspectionDraw) => list(await send<Many<Inspection>>('POST', 'inspections/draw', body)),
  result: (id: number, body: InspectionResult) =>
    send<{ revision: number }>('POST', `inspections/${String(id)}/result`, body),

  operate: (road: number | string, body: OperationBody, dryRun: boolean) =>
    send<Operated>('POST', `roads/${String(road)}/operation`, body, dryRun ? { dry_run: true } : {}),
  line: (road: number | string, body: { region: string; line: Place[] }) =>
    send<{ revision: number; version?: number }>('POST', `roads/${String(road)}/line`, body),
};
