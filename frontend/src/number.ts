// Numbers as the county writes them: figures exact, 万 and 亿 where Chinese
// counts in them, thousands in English, a thin space before every unit, a dash
// for what has no value.

import enWords from './i18n/words.en.json';
import zhWords from './i18n/words.zh-CN.json';

export type Lang = 'zh-CN' | 'en';

export const THIN = '\u2009';
export const DASH = '—';
/** Household counts under five are not shown. */
export const MASKED = '<5';

export interface Shown {
  /** Digits, or a dash. */
  text: string;
  /** The unit to stand small and grey beside it; empty for plain counts. */
  unit: string;
}

const WORDS: Record<Lang, Record<string, string>> = { 'zh-CN': zhWords, en: enWords };

/** The word for a unit; counts and ratios stand without one. */
function unitName(lang: Lang, unit: string): string {
  return unit === 'count' || unit === 'ratio' ? '' : (WORDS[lang][`unit.${unit}`] ?? unit);
}

/** Digits in groups of three with exactly, or at most, `digits` decimals. */
export function digits(value: number, most: number, least = 0): string {
  // A value that rounds to zero is zero, never "-0".
  const rounded = Math.abs(value) < 0.5 / 10 ** most ? 0 : value;
  const text = new Intl.NumberFormat('en-US', {
    maximumFractionDigits: most,
    minimumFractionDigits: least,
  }).format(rounded);
  return text.replace('-', '−');
}

function scaled(value: number, lang: Lang, unit: string): Shown {
  const size = Math.abs(value);
  const name = unitName(lang, unit);
  if (lang === 'zh-CN') {
    if (size >= 1e8) return { text: digits(value / 1e8, 2, 2), unit: `亿${name}` };
    if (size >= (unit.startsWith('yuan') ? 1e4 : 1e6))
      return { text: digits(value / 1e4, 2, 2), unit: `万${name}` };
  } else if (unit === 'yuan' && size >= 1e6) {
    return { text: digits(value / 1e6, 2, 2), unit: `million ${name}` };
  }
  return { text: digits(value, unit === 'yuan' ? 2 : 0), unit: name };
}

/** A value with its unit. Kilometres show two decimals unless whole, rates always two. */
export function show(value: number | null | undefined, unit: string, lang: Lang): Shown {
  if (value === null || value === undefined) return { text: DASH, unit: '' };
  const name = unitName(lang, unit);
  switch (unit) {
    case '%':
      return { text: digits(value, 2, 2), unit: name };
    case 'km':
      return {
        text: Math.abs(value - Math.round(value)) < 5e-7 ? digits(value, 0) : digits(value, 2, 2),
        unit: name,
      };
    case 'm':
      return Math.abs(value) >= 1000
        ? { text: digits(value / 1000, 1, 1), unit: 'km' }
        : { text: digits(value, 0), unit: name };
    case 'm³/d':
      return { text: digits(value, 1), unit: name };
    case 'm²':
      return { text: digits(value, 2), unit: name };
    case 'ratio':
      return { text: digits(value, 3, 3), unit: '' };
    case 'min':
      return { text: digits(value, 0), unit: name };
    default:
      return scaled(value, lang, unit);
  }
}

/** A value and its unit in one string. */
export function written(value: number | null | undefined, unit: string, lang: Lang): string {
  const { text, unit: name } = show(value, unit, lang);
  return name ? `${text}${THIN}${name}` : text;
}

/** "366 / 800 km": what a rate is made of, in its basis. */
export function fraction(
  numerator: number | null | undefined,
  denominator: number | null | undefined,
  basis: string,
  lang: Lang,
): string {
  const unit = basis === 'money' ? 'yuan' : basis;
  const top = show(numerator, unit, lang);
  const bottom = show(denominator, unit, lang);
  if (top.unit === bottom.unit) {
    return `${top.text} / ${bottom.text}${bottom.unit ? THIN + bottom.unit : ''}`;
  }
  return `${written(numerator, unit, lang)} / ${written(denominator, unit, lang)}`;
}

/** A signed difference in percentage points. */
export function signed(value: number | null | undefined): string {
  if (value === null || value === undefined) return DASH;
  const text = digits(Math.abs(value), 2, 2);
  return value < 0 ? `−${text}` : `+${text}`;
}

/** Chinese and Latin in one line, parted by a thin space. */
export function spaced(text: string): string {
  return text
    .replace(/(\p{Script=Han})([A-Za-z0-9])/gu, `$1${THIN}$2`)
    .replace(/([A-Za-z0-9%])(\p{Script=Han})/gu, `$1${THIN}$2`);
}
