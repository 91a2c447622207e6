// Money against what is printed, and plan curves as they are typed.

import type { PlanPoint, Programme } from './api';

export type MoneyColumn = 'planned' | 'allocated' | 'paid';
export const MONEY: MoneyColumn[] = ['planned', 'allocated', 'paid'];

type Sum = NonNullable<NonNullable<Programme['funding']>['sums']>[number];

/** Computed less printed, in yuan; null: nothing is printed, or an item is not known. */
export function off(sum: Sum, column: MoneyColumn): number | null {
  const printed = sum[`printed_${column}`];
  const computed = sum[column];
  if (printed === null || computed === null) return null;
  return Math.round((computed - printed) * 100) / 100;
}

export interface Draft {
  on: string;
  share: string;
}

/** What is wrong with a curve that is typed: the row and why; null: it can be stored. */
export function faultOf(draft: Draft[]): { row: number; why: 'day' | 'share' | 'order' | 'falls' } | null {
  for (const [row, one] of draft.entries()) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(one.on)) return { row, why: 'day' };
    const share = Number(one.share);
    if (one.share.trim() === '' || !Number.isFinite(share) || share < 0 || share > 100)
      return { row, why: 'share' };
    const before = draft[row - 1];
    if (before && before.on >= one.on) return { row, why: 'order' };
    if (before && Number(before.share) > share) return { row, why: 'falls' };
  }
  return null;
}

export function pointsOf(draft: Draft[]): { on: string; share: number }[] {
  return draft.map((one) => ({ on: one.on, share: Number(one.share) }));
}

/** The points of the whole programme, or of a township that has its own. */
export function curveOf(points: PlanPoint[] | null, township: string): PlanPoint[] {
  return (points ?? []).filter((one) => (one.township ?? '') === township);
}
