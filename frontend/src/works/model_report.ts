// Reports and what came in: typed, tracked, from a sheet.

import type { Place } from '../api';
import type { Finding, Override, Span } from './model_basic';

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

/** How a sheet is to be read: columns by field. */
export interface SheetMatch {
  region: string;
  township: string;
  head_row: number;
  columns: Record<string, number>;
  stage?: string;
  on?: string;
}

export interface SheetApply extends SheetMatch {
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
