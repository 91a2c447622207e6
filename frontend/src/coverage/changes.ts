// What differs between the live world and what is asked: the villages whose
// verdict is another, and how a figure's steps add up.

import type { MetricDifference, VillageList, VillageRow } from './api';

export interface Changed {
  before: VillageRow;
  after: VillageRow;
}

/** The verdict of a village that is compared: of its roads, or of its supply. */
export type Of = 'coverage' | 'water';

/** From what is well to what is not; a move along it is better or worse. */
const ORDER: Record<Of, string[]> = {
  coverage: ['connected', 'unknown', 'reached', 'not'],
  water: ['served', 'not_surveyed', 'no_capacity', 'out_of_reach'],
};

export function verdictOf(one: VillageRow, of: Of): string {
  return of === 'water' ? one.supply : one.verdict;
}

/** Villages whose verdict differs, worst turns first, then by persons. */
export function changedVillages(before: VillageRow[], after: VillageRow[], of: Of = 'coverage'): Changed[] {
  const was = new Map(before.map((one) => [one.id, one]));
  return after
    .flatMap((one) => {
      const old = was.get(one.id);
      return old && verdictOf(old, of) !== verdictOf(one, of) ? [{ before: old, after: one }] : [];
    })
    .sort((a, b) => turn(b, of) - turn(a, of) || (b.after.persons ?? 0) - (a.after.persons ?? 0));
}

/** How far a village moved: above zero for the worse. */
export function turn({ before, after }: Changed, of: Of = 'coverage'): number {
  return ORDER[of].indexOf(verdictOf(after, of)) - ORDER[of].indexOf(verdictOf(before, of));
}

/** All pages of a list. */
export async function everyVillage(page: (offset: number) => Promise<VillageList>): Promise<VillageRow[]> {
  const rows: VillageRow[] = [];
  for (;;) {
    const { items, total } = await page(rows.length);
    rows.push(...items);
    if (items.length === 0 || rows.length >= total) return rows;
  }
}

/** Whether before, the steps and after add up, to a unit in the last place that is sent. */
export function addsUp({ before, after, steps }: MetricDifference): boolean {
  const sum = steps.reduce((all, step) => all + step.numerator, before.numerator ?? 0);
  return Math.abs(sum - (after.numerator ?? 0)) < 1e-6 * Math.max(1, Math.abs(sum));
}
