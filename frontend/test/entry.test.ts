import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKey, translate } from '../src/i18n/catalogue';
import { Problem } from '../src/http';
import type { ReplayPiece, ReportBody, SheetRow } from '../src/works/api';
import { nearestMeasure } from '../src/works/entry_near';
import { drop, keep, pending, same, unanswered, type Shelf } from '../src/works/entry_pending';
import { metres, ruleWords } from '../src/works/entry_words';
import { changesOf, intervalText } from '../src/works/inbox_change';
import { placeAt } from '../src/works/place';
import { holding, stateOf } from '../src/works/sheet_row';
import { windowOf } from '../src/works/sheet_window';

/** Rules of docs/works.md with the params that each has. */
function rules(): { rule: string; params: string[] }[] {
  const page = readFileSync(new URL('../../docs/works.md', import.meta.url), 'utf8');
  return page
    .split('\n')
    .filter((line) => /^\| R\d\d /.test(line))
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const params = [...(cells[4] ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '');
      return { rule: (cells[1] ?? '').slice(0, 3), params };
    });
}

describe('the words of the rules', () => {
  it('are there for every rule of docs/works.md, and say nothing that it does not give', () => {
    const all = rules();
    expect(all.length).toBeGreaterThanOrEqual(28);
    for (const { rule, params } of all) {
      for (const part of ['title', 'why', 'mend']) {
        const key = `rule.${rule}.${part}`;
        if (!isKey(key)) throw new Error(`${key} is not in the catalogue`);
        const text = translate('en', key);
        const holes = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
        const derived = params.includes('row') || params.includes('column') ? ['where'] : [];
        expect(
          holes.filter((hole) => ![...params, ...derived].includes(hole)),
          `${key}: ${text}`,
        ).toEqual([]);
      }
    }
  });

  it('write metres, days and stages as a person does, in both languages', () => {
    const early = { rule: 'R04', params: { missing_m: 1250, needs: 'base' } };
    expect(ruleWords('en', early).why).toBe('1.25\u2009km have no report of the stage before it: base.');
    expect(ruleWords('zh-CN', early).why).toContain('1.25\u2009km');
    expect(ruleWords('zh-CN', early).why).toContain('基层');
    const track = { rule: 'R23', params: { share: 0.4567 } };
    expect(ruleWords('en', track).why).toContain('46\u2009%');
    const place = { rule: 'R17', params: { township: '520527100', length_m: 40 } };
    expect(ruleWords('en', place, () => 'Shuitang').why).toContain('Shuitang');
    const sum = { rule: 'R19', params: { printed: 5, computed: 4.8, row: 7, column: '路面' } };
    const apart = { rule: 'R38', params: { gap_m: 9.54, end: 'end', other: '大寨路', at: 'K0+600' } };
    expect(ruleWords('en', apart).why).toBe(
      'The end of the road comes within 9.5\u2009m of 大寨路 (K0+600) and does not meet it.',
    );
    expect(ruleWords('zh-CN', apart).why).toBe('路线终点距大寨路(K0+600)只有 9.5\u2009m，没有相接。');
    expect(ruleWords('en', sum).why).toBe('row 7, "路面": printed 5, the rows give 4.8.');
    expect(metres(999, 'en')).toBe('999\u2009m');
  });

  it('leave no brace where a param is missing, and name a rule that is not known', () => {
    for (const { rule } of rules())
      for (const lang of ['en', 'zh-CN'] as const)
        expect(ruleWords(lang, { rule, params: null }).why).not.toMatch(/[{}]|undefined/);
    expect(ruleWords('en', { rule: 'R99', params: {} })).toEqual({ title: 'R99', why: '', mend: '' });
  });
});

function shelf(): Shelf & { text: string | null } {
  const made = {
    text: null as string | null,
    getItem: () => made.text,
    setItem: (_key: string, value: string) => {
      made.text = value;
    },
  };
  return made;
}

const body = (id: string, text = 'K0+000-K0+100'): ReportBody => ({
  region: '520527',
  id,
  road: 1,
  text,
  stage: 'surface',
  on: '2020-06-30',
});

describe('reports without an answer', () => {
  it('are kept until they are dropped, each once', () => {
    const held = shelf();
    keep(held, body('a'));
    keep(held, body('b'));
    keep(held, body('a'));
    expect(pending(held).map((one) => one.id)).toEqual(['b', 'a']);
    drop(held, 'b');
    expect(pending(held).map((one) => one.id)).toEqual(['a']);
  });

  it('survive a shelf that is broken', () => {
    const held = shelf();
    held.text = '{';
    expect(pending(held)).toEqual([]);
    held.text = '"x"';
    expect(pending(held)).toEqual([]);
  });

  it('are the same whatever their id, and else not', () => {
    expect(same(body('a'), { ...body('b'), device_time: 'now' })).toBe(true);
    expect(same(body('a'), body('a', 'K0+000-K0+200'))).toBe(false);
  });

  it('are what nobody knows the fate of', () => {
    expect([0, 500, 503, 401, 429].map((status) => unanswered(new Problem(status, '')))).not.toContain(false);
    expect([400, 403, 404, 409, 422].map((status) => unanswered(new Problem(status, '')))).not.toContain(
      true,
    );
  });
});

describe('the nearest measure', () => {
  const piece: ReplayPiece = {
    road: 1,
    from_mm: 1_000_000,
    to_mm: 3_000_000,
    line: [
      [104.5, 27.1],
      [104.51, 27.1],
      [104.51, 27.11],
    ],
    started_on: null,
    done_on: null,
  };

  it('of a place on the line is the place itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 3_000_000 }), (mm) => {
        const place = placeAt([piece], 1, mm);
        const near = place && nearestMeasure([piece], 1, place);
        return near !== null && Math.abs(near.at_mm - mm) <= 2000 && near.offset_m < 0.5;
      }),
    );
  });

  it('is told with its distance, and only of the road that is asked for', () => {
    const near = nearestMeasure([piece], 1, [104.505, 27.101]);
    expect(near?.offset_m).toBeCloseTo(111.3, 0);
    expect(nearestMeasure([piece], 2, [104.505, 27.101])).toBeNull();
    expect(nearestMeasure([{ ...piece, line: null }], 1, [104.5, 27.1])).toBeNull();
  });
});

describe('what is mended', () => {
  it('is what differs, and an interval that is written takes the place of all others', () => {
    const held = { ...body('a'), from_mm: 0, to_mm: 100_000 };
    expect(changesOf(held, { on: '2020-06-29', stage: 'surface', text: intervalText(held) })).toEqual({
      on: '2020-06-29',
    });
    expect(changesOf(held, { text: 'K0+000-K0+050' })).toEqual({
      text: 'K0+000-K0+050',
      from_mm: null,
      to_mm: null,
    });
    expect(changesOf(held, { road_text: 'C101520527' })).toEqual({ road_text: 'C101520527', road: null });
    expect(changesOf(held, {})).toEqual({});
  });
});

describe('a row of a sheet', () => {
  const finding = (rule: string) => ({
    rule,
    severity: 'block' as const,
    params: {},
    from_mm: null,
    to_mm: null,
  });
  const row = (entry: Partial<ReportBody>, ...broken: string[]): SheetRow => ({
    row: 2,
    part: 1,
    skip: '',
    cells: [],
    entry,
    check: {
      status: broken.length > 0 ? 'held' : 'applied',
      findings: broken.map(finding),
      choices: [],
      roads: [],
      road: null,
      from_mm: null,
      to_mm: null,
      label_from: '',
      label_to: '',
      length_m: 0,
      fresh_m: 0,
    },
  });

  it('is ready, held by what nobody answered for, or no report', () => {
    const held = row({ stage: 'surface', on: '201X' }, 'R13', 'R11');
    held.check?.findings?.push({ ...finding('R21'), severity: 'note' });
    held.check?.findings?.push({ ...finding('R04'), severity: 'hold', override: 'the papers are lost' });
    expect(stateOf(row({ stage: 'surface', on: '2020-06-30' }))).toBe('ready');
    expect(stateOf(held)).toBe('held');
    expect(holding(held).map((one) => one.rule)).toEqual(['R13', 'R11']);
    expect(stateOf({ ...row({}), entry: null, check: null })).toBe('skip');
  });
});

describe('a long list', () => {
  it('draws what is in sight, and stands as high as it is', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(100_000), fc.nat(900), (count, top, height) => {
        const drawn = windowOf(count, 30, top, height);
        const whole = drawn.before + (drawn.to - drawn.from) * 30 + drawn.after;
        const first = Math.min(count, Math.floor(top / 30));
        const last = Math.min(count, Math.ceil((top + height) / 30));
        return whole === count * 30 && drawn.from <= first && drawn.to >= last && drawn.to - drawn.from < 60;
      }),
    );
  });
});
