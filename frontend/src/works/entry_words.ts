// A finding in words: the catalogue's text for its rule, with the params of
// docs/works.md written as a person writes them.

import { isKey, translate } from '../i18n/catalogue';
import { DASH, digits, THIN, written, type Lang } from '../number';
import type { Finding } from './api';

export interface RuleWords {
  title: string;
  why: string;
  mend: string;
}

/** Rules whose count of pieces is a plain number and no length. */
const COUNTS = new Set(['choices', 'count', 'row']);
const STAGES_OF = new Set(['needs', 'stage', 'before']);
/** Params that are words of the catalogue, and under what. */
const KEYED: Record<string, string> = { amount: 'money', end: 'rule.end' };

/** Metres as km from one up, exact to ten metres; shorter ones in metres. */
export function metres(value: number, lang: Lang): string {
  return Math.abs(value) >= 1000 ? written(value / 1000, 'km', lang) : written(value, 'm', lang);
}

function amount(value: number, name: string, lang: Lang): string {
  if (name === 'gap_m' && value < 10) return `${digits(value, 1)}${THIN}m`;
  if (name.endsWith('_m') || name === 'm_per_day') return metres(value, lang);
  if (name === 'share') return `${digits(value * 100, 0)}${THIN}%`;
  if (name === 'percent') return `${digits(value, 1)}${THIN}%`;
  return digits(value, COUNTS.has(name) ? 0 : 3);
}

/** One param as it is read. `region` names a township by its code. */
export function param(lang: Lang, name: string, value: unknown, region: (code: string) => string): string {
  if (typeof value === 'number') return amount(value, name, lang);
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join(', ') : '';
  if (name === 'hash') return text.slice(0, 8);
  if (name === 'township') return text ? region(text) : DASH;
  if (name === 'programme') return text || translate(lang, 'rule.any_programme');
  if (name === 'by') return text || translate(lang, 'rule.nobody');
  const prefix = STAGES_OF.has(name) ? 'stage' : (KEYED[name] ?? '');
  const key = prefix && `${prefix}.${text}`;
  if (isKey(key)) return translate(lang, key);
  return text || DASH;
}

/** Where in a sheet, or of what programme. */
function where(lang: Lang, params: Record<string, unknown>): string {
  if (typeof params['row'] !== 'number') return param(lang, 'programme', params['programme'], String);
  return translate(lang, 'rule.place', {
    row: params['row'],
    column: param(lang, 'column', params['column'], String),
  });
}

/** What a finding says, in one language; of an unknown rule its number. */
export function ruleWords(
  lang: Lang,
  finding: Pick<Finding, 'rule' | 'params'>,
  region: (code: string) => string = (code) => code,
): RuleWords {
  const given = finding.params ?? {};
  const texts: Record<string, string> = { where: where(lang, given) };
  for (const [name, value] of Object.entries(given)) texts[name] = param(lang, name, value, region);
  if (finding.rule === 'R35') {
    for (const name of ['printed', 'computed'])
      if (typeof given[name] === 'number') texts[name] = written(given[name], 'yuan', lang);
  }
  const say = (part: string) => {
    const key = `rule.${finding.rule}.${part}`;
    if (!isKey(key)) return '';
    return translate(lang, key, texts).replace(/\{\w+\}/g, DASH);
  };
  return { title: say('title') || finding.rule, why: say('why'), mend: say('mend') };
}
