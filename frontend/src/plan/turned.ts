// What another plan decides otherwise, and what of the terms made it so.

import type { Decision, DecisionPlan, VillagePlan } from './model';

export interface Turned {
  row: VillagePlan;
  from: Decision;
  to: Decision;
}

export interface Difference {
  /** Villages of which the decision is another, those of most persons first. */
  turned: Turned[];
  /** Villages that by themselves would turn, and do not in the joint plan. */
  alone: Turned[];
  /** Villages that move to another site than before. */
  resited: number;
  money: number;
  unserved: number;
  /** Metres that are built less those that were. */
  metres: number;
}

export function roadMetres(plan: DecisionPlan): number {
  return plan.roads.reduce((sum, road) => sum + road.m, 0);
}

function apart(
  before: Map<number, VillagePlan>,
  rows: VillagePlan[],
  of: (row: VillagePlan) => Decision | '',
): Turned[] {
  return rows.flatMap((row) => {
    const was = before.get(row.village);
    const [from, to] = [was ? of(was) : '', of(row)];
    return from && to && from !== to ? [{ row, from, to }] : [];
  });
}

export function difference(before: DecisionPlan, after: DecisionPlan): Difference {
  const was = new Map(before.villages.map((row) => [row.village, row]));
  const turned = apart(was, after.villages, (row) => row.decision);
  const moved = new Set(turned.map((one) => one.row.village));
  const alone = apart(was, after.villages, (row) => row.rule).filter(
    ({ row, to }) => row.differs !== '' && !moved.has(row.village) && to !== row.decision,
  );
  const size = (one: Turned) => one.row.persons ?? -1;
  return {
    turned: turned.sort((a, b) => size(b) - size(a) || a.row.village - b.row.village),
    alone: alone.sort((a, b) => size(b) - size(a) || a.row.village - b.row.village),
    resited: after.villages.filter((row) => {
      const old = was.get(row.village);
      return old && old.site > 0 && row.site > 0 && old.site !== row.site;
    }).length,
    money: after.costs.money - before.costs.money,
    unserved: after.costs.unserved - before.costs.unserved,
    metres: roadMetres(after) - roadMetres(before),
  };
}

export interface Kind {
  from: Decision;
  to: Decision;
  n: number;
  persons: number;
}

/** How many turned from what to what, the most first. */
export function kinds(turned: Turned[]): Kind[] {
  const found = new Map<string, Kind>();
  for (const { row, from, to } of turned) {
    const key = `${from} ${to}`;
    const kind = found.get(key) ?? { from, to, n: 0, persons: 0 };
    kind.n++;
    kind.persons += row.persons ?? 0;
    found.set(key, kind);
  }
  return [...found.values()].sort((a, b) => b.n - a.n || a.from.localeCompare(b.from));
}

/** Against the published plan: whose road or move falls out, those of most persons first. */
export function fallen(plan: DecisionPlan): Turned[] {
  return plan.villages
    .flatMap((row): Turned[] =>
      row.published && row.published !== row.decision && row.published !== 'connected'
        ? [{ row, from: row.published, to: row.decision }]
        : [],
    )
    .sort((a, b) => (b.row.persons ?? -1) - (a.row.persons ?? -1) || a.row.village - b.row.village);
}
