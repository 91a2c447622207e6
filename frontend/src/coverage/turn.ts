// The difference of one figure between two worlds, in its own unit; of rates in
// percentage points.

import type { Row } from '../api';
import { DASH, signed, written, type Lang } from '../number';

export interface Delta {
  /** null: one of the two has no value. */
  amount: number | null;
  text: string;
}

export function delta(before: Row, after: Row, lang: Lang): Delta {
  if (before.value === null || after.value === null || before.masked || after.masked)
    return { amount: null, text: DASH };
  const amount = after.value - before.value;
  if (after.unit === '%') return { amount, text: signed(amount) };
  const text = written(amount, after.unit, lang);
  return { amount, text: amount > 0 ? `+${text}` : text };
}
