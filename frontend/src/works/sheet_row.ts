// What a row of a sheet would be.

import type { Finding, SheetRow } from './api';

export type RowState = 'ready' | 'held' | 'skip';
export const ROW_FILTERS = ['all', 'ready', 'held', 'skip'] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

/** The rules that hold a row. */
export function holding(row: SheetRow): Finding[] {
  return (row.check?.findings ?? []).filter((one) => one.severity !== 'note' && !one.override);
}

export function stateOf(row: SheetRow): RowState {
  if (!row.check || !row.entry) return 'skip';
  return row.check.status === 'applied' ? 'ready' : 'held';
}
