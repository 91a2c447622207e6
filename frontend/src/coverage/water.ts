// How the supply of villages stands, in the order and textures of the bar.

export const SUPPLY = [
  { verdict: 'served', kind: 'water' },
  { verdict: 'no_capacity', kind: 'doing' },
  { verdict: 'out_of_reach', kind: 'none' },
  { verdict: 'not_surveyed', kind: 'unknown' },
] as const;

/** The pieces of the bar, by the counts of villages that the report has. */
export function supplyBar(
  count: (metric: string) => number,
): { kind: (typeof SUPPLY)[number]['kind']; amount: number }[] {
  return SUPPLY.map(({ verdict, kind }) => ({ kind, amount: count(`supply_${verdict}`) }));
}
