// Why a figure moved; what is held against what is stored; programmes.

import type { Bounds, Place } from '../api';

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
