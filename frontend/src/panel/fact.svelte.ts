// Words for what the service says of a thing: names and values of facts, and
// the reasons of a verdict.

import type { Fact, Reason } from '../api';
import { isKey } from '../i18n/catalogue';
import { number, t, word } from '../i18n/text.svelte';
import { MASKED } from '../number';
import { app } from '../state.svelte';

/** The group of the catalogue that has the words for a fact's values. */
const GROUPS: Record<string, string> = {
  class: 'class',
  surface: 'surface',
  all_season: 'season',
  kind: 'kind',
  mode: 'mode',
  hazard: 'hazard',
  built: 'built',
  stage: 'stage',
  level: 'level',
  layer: 'reference',
  road: 'village',
  verdict: 'village',
  road_verdict: 'village',
  water: 'water',
  water_verdict: 'water',
  supply_verdict: 'supply',
  dry_supply_verdict: 'supply',
  connected: 'answer',
  smooth_access: 'answer',
  reached: 'answer',
  indicator: 'indicator',
  capacity_binding: 'limit',
  suitability: 'suitable',
  decision: 'decision',
};

export function factName(fact: Fact): string {
  const key = `fact.${fact.name}`;
  return isKey(key) ? t(key) : word('metric', fact.name);
}

/** A value in words; `layer` says whose state it is. */
export function factValue(fact: Fact, layer: string): string {
  const { name, value } = fact;
  if (value === null || value === '') return t('fact.unknown');
  if (typeof value === 'boolean') return t(value ? 'fact.yes' : 'fact.no');
  if (value === 'masked') return MASKED;
  if (name === 'township') return app.regionName(String(value));
  if (name === 'disputed' || name === 'programme') return t(Number(value) ? 'fact.yes' : 'fact.no');
  if (typeof value === 'number') return number(value, fact.unit ?? 'count');
  if (name === 'state')
    return word(layer === 'village' ? 'water' : layer === 'road_segment' ? 'road' : layer, value);
  const group = GROUPS[name];
  return group ? word(group, value) : value;
}

/** A parameter of a reason: metres with their unit, words of the data in the reader's language. */
function parameter(name: string, value: string | number | null): string {
  if (value === null || value === '') return t('fact.unknown');
  if (name.endsWith('_m')) return number(Number(value), 'm');
  if (name === 'indicators') {
    return String(value)
      .split(', ')
      .map((one) => word('indicator', one))
      .join(' · ');
  }
  if (name === 'state') return word('road', value);
  const group = GROUPS[name];
  return group && group !== 'village' ? word(group, value) : String(value);
}

export function reason({ code, params }: Reason): string {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(params ?? {})) filled[name] = parameter(name, value);
  const key = `why.${code}`;
  if (isKey(key)) return t(key, filled);
  return [code.replaceAll('_', ' '), ...Object.values(filled)].join(' · ');
}

/** Whether a reason is one of the road verdict; those of water and of masked counts begin with their name. */
export function ofRoad(why: Reason): boolean {
  return !/^(water|households)_/.test(why.code);
}
