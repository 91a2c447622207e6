// What an edit says, in words.

import { number, t, word } from '../i18n/text.svelte';
import { said } from './edit';
import { store } from './store.svelte';

/** What an edit does, without the name of what it does it to. */
export function deedOf(edit: string): string {
  const { verb, kind, rest } = said(edit);
  const place = rest
    .slice(0, 2)
    .map((one) => Number(one).toFixed(5))
    .join(', ');
  const persons = verb === 'add' ? rest[2] : rest[0];
  switch (`${verb}.${kind}`) {
    case 'place.site':
      return t('scenario.edit.place.site', { at: place });
    case 'add.site':
      return t('scenario.edit.add.site', { n: number(Number(persons), 'count') });
    case 'capacity.site':
      return t('scenario.edit.capacity.site', { n: number(Number(persons), 'count') });
    case 'people.village':
      return t('scenario.edit.people.village', { households: rest[0] ?? '', persons: rest[1] ?? '' });
  }
  return word('scenario.edit', `${verb}.${kind}`);
}

/** The name of what an edit speaks of, as far as it has been read. */
export function subjectOf(edit: string): string {
  const { kind, id } = said(edit);
  return store.names[`${kind}:${id}`] || t('scenario.edit.unnamed', { id });
}

export function wordsOf(edit: string): string {
  return `${deedOf(edit)} · ${subjectOf(edit)}`;
}

/** 2026-11-30 23:15, as all instants on the screen. */
export function clock(text: string): string {
  return text.slice(0, 16).replace('T', ' ');
}
