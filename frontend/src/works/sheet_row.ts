// What a row of a sheet would be, with the defaults that fill it in.

import type { SheetRow } from './api';

export type RowState = 'ready' | 'held' | 'default' | 'skip';
export const ROW_FILTERS = ['all', 'ready', 'held', 'skip'] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

/** Whether all that holds a row is a stage or day that the default fills in. */
export function filled(row: SheetRow, defaults: { stage: string; on: string }): boolean {
  const held = (row.check?.findings ?? []).filter((one) => one.severity !== 'note' && !one.override);
  return (
    held.length > 0 &&
    held.every(
      (one) =>
        (one.rule === 'R16' && defaults.stage !== '' && !row.entry?.stage) ||
        (one.rule === 'R13' && defaults.on !== '' && !row.entry?.on),
    )
  );
}

export function stateOf(row: SheetRow, defaults: { stage: string; on: string }): RowState {
  if (!row.check || !row.entry) return 'skip';
  if (row.check.status === 'applied') return 'ready';
  return filled(row, defaults) ? 'default' : 'held';
}
