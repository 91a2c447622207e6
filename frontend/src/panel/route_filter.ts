// The filter of the list of routes as it stands in the address: which names it
// may have, which are chips, and how it travels to the service.

import type { RouteFilter } from '../works/api';

/** What a list can be narrowed by, in the order of the menu. */
export const DIMENSIONS = [
  'state',
  'level',
  'township',
  'class',
  'programme',
  'contract',
  'village',
  'responsible',
  'drawn',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Columns that the list is sorted by. */
export const ORDERS = [
  'code',
  'name',
  'rate',
  'lag_pp',
  'planned',
  'completed',
  'last_on',
  'responsible',
] as const;

/** Columns that are read from the greatest down when first asked for. */
const FALLING = new Set(['lag_pp', 'planned', 'completed', 'last_on']);

export type Given = Record<string, string>;

export function chips(given: Given): { name: Dimension; value: string }[] {
  return DIMENSIONS.flatMap((name) => (given[name] ? [{ name, value: given[name] }] : []));
}

/** Without `name` when `value` is empty. */
export function withValue(given: Given, name: string, value: string): Given {
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
  return value ? { ...rest, [name]: value } : rest;
}

/** The most behind come first until another order is chosen. */
export const FIRST_ORDER = '-lag_pp';

/** What the service is asked; a township that is chosen above the list narrows it too. */
export function asked(given: Given, township: string): RouteFilter {
  const names = [...DIMENSIONS, 'q', 'sort'];
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
  return { ...(township ? { township } : {}), sort: FIRST_ORDER, ...known };
}

/** The order after a column is chosen: the same again turns it round. */
export function nextOrder(sort: string, column: string): string {
  if (sort === column) return `-${column}`;
  if (sort === `-${column}`) return column;
  return FALLING.has(column) ? `-${column}` : column;
}

/** Whether the sums speak of the same things as the report of the scope. */
export function isPlain(given: Given): boolean {
  return !given['q'] && chips(given).length === 0;
}
