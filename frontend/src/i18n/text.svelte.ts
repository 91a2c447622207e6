// Texts in the language the screen speaks now; they follow when it changes.

import { app } from '../state.svelte';
import type { Row } from '../api';
import { baseOf } from '../figure';
import { fraction, show, written, type Shown } from '../number';
import { isKey, translate, type Key, type Params } from './catalogue';

export function t(key: Key, params: Params = {}): string {
  return translate(app.lang, key, params);
}

/** The word of the catalogue for a value of the data, or the value itself: names of data are not ours to translate. */
export function word(group: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const key = `${group}.${text}`;
  return isKey(key) ? t(key) : text.replaceAll('_', ' ');
}

/** The name of a metric, also of the numbered ones (`villages_within_500`). */
export function metricLabel(name: string): string {
  const [, service = '', minutes = ''] =
    /^((?:school|clinic|market|township_seat)_(?:village_)?within)_(\d+)$/.exec(name) ?? [];
  const key = `metric.${service}`;
  if (service !== '' && isKey(key)) return t(key, { n: minutes });
  const within = /^villages_within_(\d+)$/.exec(name);
  return within ? t('metric.villages_within', { n: within[1] ?? '' }) : word('metric', name);
}

export function number(value: number | null | undefined, unit: string): string {
  return written(value, unit, app.lang);
}

export function shown(value: number | null | undefined, unit: string): Shown {
  return show(value, unit, app.lang);
}

/** The line under a value, "366 / 800 km"; empty where there is none to show. */
export function base(row: Row): string {
  const of = baseOf(row);
  if (!of) return '';
  if (of.numerator === null) return t('figure.over', { n: written(of.denominator, of.basis, app.lang) });
  return fraction(of.numerator, of.denominator, of.basis, app.lang);
}
