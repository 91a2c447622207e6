// The two catalogues and how a text is made from one. i18n/text.svelte.ts adds
// the language that is chosen now.

import { spaced, type Lang } from '../number';
import { en } from './en';
import { zh, type Key } from './zh-CN';

export type { Key } from './zh-CN';
export type Params = Record<string, string | number>;

export const catalogues: Record<Lang, Record<Key, string>> = { 'zh-CN': zh, en };

/** The text of `key` with `{name}` filled in; Chinese and Latin are parted by a thin space. */
export function translate(lang: Lang, key: Key, params: Params = {}): string {
  const text = catalogues[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
  return lang === 'zh-CN' ? spaced(text) : text;
}

/** Whether the catalogue has a text for a word that came from the service. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(zh, key);
}
