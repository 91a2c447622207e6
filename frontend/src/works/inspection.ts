// Inspections as they are typed and listed.

import type { Inspection } from './api';

export const KINDS = ['planned', 'unannounced', 'random'] as const;

/** Those still to be held first, the next of them first; then those held, the latest first. */
export function inOrder(all: Inspection[]): Inspection[] {
  return [...all].sort((a, b) => {
    if (!a.result !== !b.result) return a.result ? 1 : -1;
    return a.result ? b.on.localeCompare(a.on) : a.on.localeCompare(b.on) || a.id - b.id;
  });
}

/** A quality index of 0 to 100 with three decimals at most; `undefined`: not measured; null: not readable. */
export function readPqi(text: string): number | undefined | null {
  const plain = text.normalize('NFKC').trim();
  if (plain === '') return undefined;
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(plain)) return null;
  const value = Number(plain);
  return value <= 100 ? value : null;
}

/** Why a result cannot go without words: it replaces one, or passes a road that is not even fair; empty: it can. */
export function noteWanted(
  result: string,
  pqi: number | undefined | null,
  again: boolean,
): '' | 'again' | 'low' {
  if (again) return 'again';
  return result === 'pass' && typeof pqi === 'number' && pqi < 70 ? 'low' : '';
}

/** Class of an index, JTG 5210-2018. */
export function pqiClass(pqi: number): 'excellent' | 'good' | 'fair' | 'low' | 'bad' {
  if (pqi >= 90) return 'excellent';
  if (pqi >= 80) return 'good';
  if (pqi >= 70) return 'fair';
  return pqi >= 60 ? 'low' : 'bad';
}
