// Typed reading of the HTTP interface, docs/api.md; writing is in works/api.ts.

import { read } from './http';
import type { ReportKind } from './stream/protocol';

export { Problem } from './http';

export type Bounds = [number, number, number, number];
export type Place = [number, number];

export interface Region {
  code: string;
  name: string;
  name_en?: string | null;
  level: string;
  data_date: string;
  sample: boolean;
  attribution?: string | null;
  notice?: string | null;
  notice_en?: string | null;
  bounds: Bounds | null;
  center: Place | null;
  counts: Record<string, number>;
}

export interface Child {
  code: string;
  name: string;
  name_en?: string | null;
  level: string;
  bounds: Bounds | null;
  center: Place | null;
}

export interface Row {
  metric: string;
  scope: string;
  scope_name: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
  unit: string;
  basis: string;
  as_of: string;
  rule: string;
  masked: boolean;
  ids?: string[] | null;
}

export interface Report {
  region: string;
  kind: ReportKind;
  revision: number;
  as_of: string;
  known_at: string;
  /** Of coverage: what its verdicts stand on. */
  thresholds?: { connect_m: number; rai_m: number; walk_min: number } | null;
  rows: Row[];
}

export interface ProgressEvent {
  id: string;
  stage: string;
  on: string;
  from_mm?: number | null;
  to_mm?: number | null;
  reporter?: string | null;
  /** Hashes of photos and files. */
  evidence?: string[] | null;
}

export type Part = 'numerator' | 'rest' | 'unknown' | 'carry_over' | 'disputed';

export interface Item {
  layer: string;
  /** null: several things, masked together */
  id: number | null;
  segment?: number | null;
  code?: string | null;
  name?: string | null;
  township?: string | null;
  part: Part;
  from_mm?: number | null;
  to_mm?: number | null;
  label_from?: string | null;
  label_to?: string | null;
  amount: number | null;
  unit: string;
  center: Place | null;
  bounds: Bounds | null;
  events?: ProgressEvent[] | null;
}

export interface Evidence {
  figure: Row;
  total: number;
  items: Item[];
}

export interface Fact {
  name: string;
  value: string | number | boolean | null;
  unit?: string | null;
  on?: string | null;
  source?: string | null;
}

export interface Reason {
  code: string;
  params?: Record<string, string | number | null> | null;
}

/** A thing that belongs to another: a segment of a road, a building of a site. */
export interface FeaturePart {
  layer: string;
  id: string;
  name: string;
  facts: Fact[];
}

export interface Feature {
  layer: string;
  id: number | string;
  code?: string | null;
  name?: string | null;
  bounds: Bounds | null;
  center: Place | null;
  facts: Fact[];
  why?: Reason[] | null;
  parts?: FeaturePart[] | null;
}

export interface Found {
  layer: string;
  id: number | string;
  code?: string | null;
  name: string;
  name_en?: string | null;
  /** Of a place on a road, when one was asked for. */
  label?: string | null;
  region: string;
  center: Place | null;
  bounds: Bounds | null;
}

/** How much the map draws of an entry of its legend. */
export interface LegendCount {
  entry: string;
  count: number;
  length_km?: number;
}

export interface DistanceRow {
  from: string | number;
  from_name: string;
  to: string | number;
  to_name: string;
  persons: number | null;
  straight_m: number | null;
  m: number | null;
  s: number | null;
  access_from_m: number | null;
  access_to_m: number | null;
}

export interface When {
  region: string;
  as_of?: string;
  /** What coverage asks, by name of the parameter. */
  [asked: string]: string | number | undefined;
}

export const api = {
  regions: async () => (await read<{ regions: Region[] | null }>('regions')).regions ?? [],

  children: async (code: string) =>
    (await read<{ children?: Child[] | null }>(`regions/${encodeURIComponent(code)}`)).children ?? [],

  report: (kind: ReportKind, query: When & { by?: string }) =>
    read<Report>(`report/${kind}`, { ...query, ids: 'false' }),

  evidence: (query: When & { metric: string; scope: string; offset?: number; limit?: number }) =>
    read<Evidence>('evidence', { ...query }),

  feature: (layer: string, id: string, when: When) =>
    read<Feature>(`feature/${encodeURIComponent(layer)}/${encodeURIComponent(id)}`, { ...when }),

  search: async (q: string, region: string, signal: AbortSignal) =>
    (await read<{ results: Found[] | null }>('search', { q, region, limit: 12 }, signal)).results ?? [],

  legend: async (when: When, signal: AbortSignal) =>
    new Map(
      (await read<{ entries: LegendCount[] }>('legend', { ...when }, signal)).entries.map((one) => [
        one.entry,
        one,
      ]),
    ),

  distances: async (query: { region: string; nearest: number; offset?: number; limit?: number }) =>
    (
      await read<{ rows: DistanceRow[] | null }>('distances', {
        ...query,
        from: 'village',
        to: 'relocation_site',
        metric: 's',
      })
    ).rows ?? [],
};
