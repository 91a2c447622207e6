// The list of routes, the strip, the curve, the replay.

import type { Bounds, Place } from '../api';
import type { Fate, Finding, Labelled, Override, RouteState, Span } from './model_basic';

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
  name_en: string | null;
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
    name_en: string | null;
    version: number;
    length_mm: number;
    drawn: boolean;
    township: string | null;
    /** The line of the version in force, along its measure; null: not drawn. */
    line: Place[] | null;
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
