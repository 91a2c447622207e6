// What was begun or done by each day, running up.

import type { ReplayPiece } from './api';
import { dayNumber } from './curve';

export interface Sum {
  day: number;
  mm: number;
}

/** Millimetres by the end of each day on which some were begun or done. */
export function running(pieces: ReplayPiece[], what: 'started_on' | 'done_on'): Sum[] {
  const by = new Map<number, number>();
  for (const piece of pieces) {
    const date = piece[what];
    if (!date) continue;
    const day = dayNumber(date);
    by.set(day, (by.get(day) ?? 0) + piece.to_mm - piece.from_mm);
  }
  let sum = 0;
  return [...by].sort((a, b) => a[0] - b[0]).map(([day, mm]) => ({ day, mm: (sum += mm) }));
}

export function upTo(sums: Sum[], day: number): number {
  return sums.findLast((one) => one.day <= day)?.mm ?? 0;
}
