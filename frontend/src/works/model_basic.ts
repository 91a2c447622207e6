// What all of the ledger speaks of: stages, states, intervals, findings.

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
