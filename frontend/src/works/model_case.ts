// Cases, inspections, realignment.

import type { Bounds, Place } from '../api';
import type { Labelled, Span } from './model_basic';
import type { RoadEvent } from './model_road';

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
  /** A UUID made here; the same again gives the first answer. */
  id?: string;
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
  id?: string;
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
  mapping?: Omit<MappingPiece, 'length_m'>[];
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
