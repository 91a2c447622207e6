// The decision table: which rows are shown, and in what order.

import { roadCost, type Decision, type VillagePlan } from './model';

export const COLUMNS = ['name', 'persons', 'road', 'move', 'flip', 'money'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Wanted {
  /** Empty: all but connected. */
  decision: Decision | '' | 'all';
  township: string;
  band: string;
  /** `differs`: other than the rule; `violation`: in none or in two lists; `turned`: see `only`. */
  special: '' | 'differs' | 'violation';
  q: string;
  sort: Column;
  falling: boolean;
}

export const EVERYONE: Wanted = {
  decision: '',
  township: '',
  band: '',
  special: '',
  q: '',
  sort: 'persons',
  falling: true,
};

function value(row: VillagePlan, column: Column): number | string | null {
  switch (column) {
    case 'name':
      return row.name || row.code;
    case 'persons':
      return row.persons;
    case 'road':
      return roadCost(row);
    case 'move':
      return row.cost_move;
    case 'flip':
      return row.flip_yuan_per_km;
    case 'money':
      return row.money;
  }
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh-CN');
}

/** The rows that are wanted, in their order; what has no value comes last either way. */
export function rowsOf(all: VillagePlan[], wanted: Wanted): VillagePlan[] {
  const q = wanted.q.trim().toLowerCase();
  const fits = (row: VillagePlan) =>
    (wanted.decision === 'all' ||
      (wanted.decision ? row.decision === wanted.decision : row.decision !== 'connected')) &&
    (!wanted.township || row.township === wanted.township) &&
    (!wanted.band || row.band === wanted.band) &&
    (wanted.special !== 'differs' || row.differs !== '') &&
    (wanted.special !== 'violation' || row.violation !== '') &&
    (!q || row.name.toLowerCase().includes(q) || row.code.includes(q));
  const sign = wanted.falling ? -1 : 1;
  return all.filter(fits).sort((a, b) => {
    const [x, y] = [value(a, wanted.sort), value(b, wanted.sort)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.village - b.village;
    return sign * compare(x, y) || a.village - b.village;
  });
}
