// Words of the register that several of its parts speak.

import { t, word } from '../i18n/text.svelte';
import { digits, THIN } from '../number';
import { FACTORS, type Factor, type FactorName, type Suitability } from './api';

export function classWord(is: Suitability): string {
  return word('suitable', is.class || 'open');
}

/** The score, or the interval that it lies in. */
export function scoreWords(is: { low: number; high: number }): string {
  const [low, high] = [digits(is.low, 1), digits(is.high, 1)];
  return low === high ? t('site.score', { low }) : t('site.score.range', { low, high });
}

export function isFactor(name: string): name is FactorName {
  return (FACTORS as readonly string[]).includes(name);
}

/** What was measured, in its own unit; empty: nothing, or it says nothing in numbers. */
export function measureWords(factor: Factor): string {
  if (factor.measure === null || !isFactor(factor.name) || factor.name === 'land') return '';
  return t(`site.measure.${factor.name}`, { n: digits(factor.measure, factor.name === 'road' ? 0 : 2) });
}

export function squareKilometres(m2: number): string {
  return `${digits(m2 / 1e6, 2)}${THIN}km²`;
}
