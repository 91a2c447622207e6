// What a row of a sheet would be, with the defaults that fill it in.

import type { Finding, SheetRow } from './api';

export type RowState = 'ready' | 'held' | 'default' | 'skip';
export const ROW_FILTERS = ['all', 'ready', 'held', 'skip'] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

type Defaults = Record<'stage' | 'on', string>;

/** The rules that hold a row, but for a missing stage or day that the default fills in. */
export function holding(row: SheetRow, defaults: Defaults): Finding[] {
  const fills = (one: Finding) =>
    (one.rule === 'R16' && defaults.stage !== '' && !row.entry?.stage) ||
    (one.rule === 'R13' && defaults.on !== '' && !row.entry?.on);
  return (row.check?.findings ?? []).filter((one) => one.severity !== 'note' && !one.override && !fills(one));
}

export function stateOf(row: SheetRow, defaults: Defaults): RowState {
  if (!row.check || !row.entry) return 'skip';
  if (row.check.status === 'applied') return 'ready';
  const open = row.check.findings?.some((one) => one.severity !== 'note' && !one.override);
  return open && holding(row, defaults).length === 0 ? 'default' : 'held';
}
