// Reading what coverage is proven by, docs/api.md: the path of a village, what
// would mend most, what to look at first, why a figure differs. Every address
// takes the question beside region and day.

import type { Bounds, Place } from '../api';
import { address, read, type Query } from '../http';

export type Leg = 'access' | 'road' | 'missing' | 'straight';
export type Meets = 'yes' | 'no' | 'unknown';

export interface ProofLeg {
  kind: Leg;
  road: number | null;
  segment: number | null;
  name: string;
  label_from?: string | null;
  label_to?: string | null;
  length_m: number;
  coordinates: Place[];
  meets: Meets;
  /** Why it does not meet: piece_not_built, piece_not_all_season, ... */
  why: string;
}

/** What would connect a village: one piece built or improved, or a road where there is none. */
export interface Mend {
  do: 'build' | 'improve' | 'new_road';
  road: number | null;
  segment: number | null;
  name: string;
  length_m: number;
  cost_yuan: number | null;
  connects: number[];
  persons: number | null;
  /** Empty: no edit of a road that is there does it. */
  edits: string;
}

export interface Proof {
  village: number;
  name: string;
  verdict: 'connected' | 'reached' | 'not' | 'unknown';
  season: string;
  connect_m: number;
  legs: ProofLeg[];
  weakest: number | null;
  missing_m: number | null;
  why: { code: string; params?: Record<string, string | number | null> | null }[];
  mends: Mend[];
}

/** A work and whom it would connect: in the ranking it alone, in a plan after those before it. */
export interface RankRow {
  rank: number;
  /** Pieces that are built or improved together: none of them connects anybody alone. */
  units: { do: 'build' | 'improve'; road: number; segment: number | null }[];
  name: string;
  township: string;
  length_m: number;
  /** Of it, what may be in order: nobody knows. */
  unknown_m: number;
  cost_yuan: number;
  persons: number;
  /** Villages it connects of which nobody knows the persons. */
  persons_unknown: number;
  villages: number[];
  per_km: number | null;
  per_million_yuan: number | null;
  bounds: Bounds | null;
  edits: string;
}

export interface Plan {
  budget_yuan: number;
  cost_yuan: number;
  length_m: number;
  persons: number;
  bound_persons: number;
  gap_percent: number | null;
  chosen: RankRow[];
  edits: string;
}

export interface Ranking {
  total: number;
  rows: RankRow[];
  plan: Plan | null;
}

export interface Worth {
  rank: number;
  layer: string;
  id: number;
  name: string;
  township: string;
  narrows_persons: number;
  narrows_pp: number;
  bounds: Bounds | null;
}

export interface Side {
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
}

/** What one cause did to a figure. */
export interface Step {
  cause: string;
  /** An edit that the earlier one has and the later one has not. */
  undone: boolean;
  edit: string;
  name: string;
  numerator: number;
  denominator: number | null;
  unknown: number | null;
  value_pp: number | null;
}

export interface MetricDifference {
  metric: string;
  scope: string;
  unit: string;
  basis: string;
  before: Side;
  after: Side;
  steps: Step[];
}

export interface VillageRow {
  id: number;
  code: string | null;
  name: string;
  name_en?: string | null;
  township: string | null;
  verdict: Proof['verdict'];
  water: string | null;
  supply: 'served' | 'no_capacity' | 'out_of_reach' | 'not_surveyed';
  persons: number | null;
  missing_m: number | null;
  center: Place | null;
}

export interface VillageList {
  total: number;
  counts: Record<Proof['verdict'], number>;
  items: VillageRow[];
}

export interface Isochrone {
  features: {
    properties: { kind: string; minutes?: number };
    geometry: { type: string; coordinates: unknown };
  }[];
}

/** What the manifest says the index stands on. */
export interface Manifest {
  urban_mask: { rule: string; seat_mm: number; villages: unknown[] };
  population: {
    sources: { source: string; latest: string; villages: number; persons: number }[];
    villages_unknown: number;
  };
}

export const coverage = {
  proof: (query: Query, signal: AbortSignal) => read<Proof>('proof', query, signal),
  ranking: (query: Query, signal: AbortSignal) => read<Ranking>('ranking', query, signal),
  worth: (query: Query, signal: AbortSignal) =>
    read<{ total: number; rows: Worth[] }>('inspections/worth', query, signal),
  difference: async (of: 'coverage' | 'water', query: Query, signal: AbortSignal) =>
    (await read<{ metrics: MetricDifference[] }>(`${of}/difference`, query, signal)).metrics,
  villages: (query: Query, signal?: AbortSignal) => read<VillageList>('villages', query, signal),
  manifest: (query: Query, signal: AbortSignal) => read<Manifest>('manifest', query, signal),
  isochrone: (query: Query, signal: AbortSignal) => read<Isochrone>('isochrone', query, signal),
};

/** Where a list can be had as a spreadsheet, worded as the screen is. */
export function sheetAddress(path: string, query: Query, lang: string): string {
  return address(path, { ...query, format: 'xlsx', lang });
}
