import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { catalogues, isKey, translate } from '../src/i18n/catalogue';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh-CN';
import { LEVELS } from '../src/layer/region';
import { ROAD_STATES } from '../src/layer/road';
import { ROAD_VERDICTS, SUPPLY_VERDICTS, WATER_VERDICTS } from '../src/layer/village';
import { WATER_STATES } from '../src/layer/water_project';

const keys = Object.keys(zh) as (keyof typeof zh)[];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe('the catalogues', () => {
  it('have the same keys, none empty', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    for (const catalogue of Object.values(catalogues)) {
      for (const key of keys) expect(catalogue[key].trim(), key).not.toBe('');
    }
  });

  it('have every key once, in whichever file', () => {
    const folder = new URL('../src/i18n/', import.meta.url).pathname;
    const found = readdirSync(folder)
      .filter((name) => name.startsWith('zh-CN') || name === 'words.zh-CN.json')
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/^ {2}(['"])([^'"]+)\1:/gm)])
      .map((match) => match[2] ?? '');
    expect(found.length).toBe(keys.length);
    expect(found.filter((key, at) => found.indexOf(key) !== at)).toEqual([]);
  });

  it('name the same values in both languages', () => {
    for (const key of keys) expect(holes(en[key]), key).toEqual(holes(zh[key]));
  });

  it('speak their own language', () => {
    const han = /\p{Script=Han}/u;
    for (const key of keys)
      if (key !== 'app.language.zh') expect(han.test(en[key]), `${key}: ${en[key]}`).toBe(false);
  });

  it('have a word for every value that the map draws', () => {
    const values = [
      ...ROAD_STATES.map((v) => `road.${v}`),
      ...ROAD_VERDICTS.map((v) => `village.${v}`),
      ...WATER_VERDICTS.map((v) => `water.${v}`),
      ...SUPPLY_VERDICTS.map((v) => `supply.${v}`),
      ...WATER_STATES.map((v) => `water_project.${v}`),
      ...LEVELS.map((v) => `level.${v}`),
    ];
    expect(values.filter((key) => !isKey(key))).toEqual([]);
  });

  it('have a name for every metric of docs/metrics.md', () => {
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const names = [...page.matchAll(/`[CMW]\d\d ([a-z_0-9]+)`/g)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(50);
    // Those with minutes in their name share a text that takes them.
    const key = (name: string) => `metric.${name.replace(/_within_\d+$/, '_within')}`;
    expect(names.filter((name) => !isKey(key(name)))).toEqual([]);
  });

  it('fill in values and keep what is not given', () => {
    expect(translate('en', 'evidence.count', { n: 3 })).toBe('3 items');
    expect(translate('en', 'evidence.count')).toBe('{n} items');
  });
});

/** Every text that stands in a component's markup outside an expression. */
function texts(node: unknown, found: string[] = []): string[] {
  if (Array.isArray(node)) for (const one of node) texts(one, found);
  else if (node && typeof node === 'object') {
    const { type, name, data, value } = node as {
      type?: string;
      name?: string;
      data?: string;
      value?: unknown;
    };
    if (type === 'Text' && data) found.push(data);
    const shown = ['aria-label', 'title', 'placeholder', 'alt'];
    if (type === 'Attribute') {
      if (name && shown.includes(name)) texts(value, found);
      return found;
    }
    for (const [key, child] of Object.entries(node))
      if (type !== 'StyleDirective' && key !== 'css') texts(child, found);
  }
  return found;
}

describe('the components', () => {
  const folder = new URL('../src/', import.meta.url).pathname;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const components = files.filter((name) => name.endsWith('.svelte'));

  it('hold no text outside the catalogue', () => {
    expect(components.length).toBeGreaterThan(15);
    for (const name of components) {
      const tree = parse(readFileSync(join(folder, name), 'utf8'), { modern: true });
      const words = texts(tree.fragment).filter((text) => /\p{L}/u.test(text));
      expect(words, name).toEqual([]);
    }
  });

  it('no source but the catalogue holds Chinese, comments apart', () => {
    for (const name of files.filter((one) => /\.(ts|svelte)$/.test(one) && !one.startsWith('i18n'))) {
      const code = readFileSync(join(folder, name), 'utf8').replace(
        /\/\/.*|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g,
        '',
      );
      // Units and 万, 亿 are how numbers are written; they live with the numbers.
      if (name !== 'number.ts') expect(/\p{Script=Han}/u.exec(code)?.[0] ?? '', name).toBe('');
    }
  });

  it('use every key of the catalogue, or a group of them', () => {
    const code = files
      .filter((one) => /\.(ts|svelte)$/.test(one) && !/i18n\/(zh-CN|en)(-[a-z]+)?\.ts/.test(one))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    // Those that the service words its papers with are in files of their own.
    const shared = new Set(
      Object.keys(JSON.parse(readFileSync(join(folder, 'i18n/words.en.json'), 'utf8')) as object),
    );
    // Words for values of the data are looked up by group.
    const groups =
      /^(layer|thing|road|village|water|supply|water_project|move|level|class|surface|season|kind|part|stage|metric|fact|why|panel|relocation\.distance|answer|mode|hazard|built|reference|indicator|role|role_may|route|dimension|drawn|order|fate|entered|strip\.band|rule|cause|outcome|inspection|finding|lack|leg|step|decision|decided|band|violation|rule_reason|plan_status|sheet\.band|bracket|limit|suitable|site_flag|unit|do|walk|value|report|exclusion|wall\.figure|wall\.gap|scenario\.fact|scenario\.edit|scenario\.decision)\./;
    const unused = keys.filter(
      (key) =>
        !shared.has(key) &&
        !groups.test(key) &&
        !code.includes(`'${key}'`) &&
        !code.includes(key.replace(/[^.]*$/, '${')),
    );
    expect(unused).toEqual([]);
  });
});
