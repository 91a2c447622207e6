// What the screens of cases, inspections, realignment and differences work out
// by themselves.

import { describe, expect, it } from 'vitest';
import type { Place } from '../src/api';
import type { Difference, Dispute, MappingPiece, StoredFinding } from '../src/works/api';
import { addsUp, earlierOf, moved, waterfall } from '../src/works/difference';
import { inOrder, isParty } from '../src/works/dispute';
import { byRule } from '../src/works/findings';
import { noteWanted, pqiClass, readPqi } from '../src/works/inspection';
import { faultOf, off } from '../src/works/programme';
import { lengthOf, metres, nearest, readGeoJson, stretch } from '../src/works/realign_line';
import { moveBorder, placeOn, reconciles, runsOf } from '../src/works/realign_pieces';

const at = (value: number, numerator: number) => ({
  as_of: '2020-06-30',
  known_at: null,
  value,
  numerator,
  denominator: 800,
  unknown: 0,
});
const step = (cause: string, numerator: number, value_pp: number) => ({
  cause,
  numerator,
  denominator: 0,
  unknown: 0,
  value_pp,
  items: [],
});
const difference: Difference = {
  metric: 'M02 completion_rate',
  scope: '520527',
  unit: '%',
  basis: 'km',
  before: at(41.969862, 335.758898),
  after: at(45.75, 366),
  steps: [step('corrections', -4.079329, -0.51), step('works', 34.320431, 4.29)],
};

describe('why a figure moved', () => {
  it('compares with the day that a preset means', () => {
    const now = new Date('2026-03-01T08:00:00Z');
    expect(earlierOf('week', '2020-03-03', now).from_as_of).toBe('2020-02-25');
    expect(earlierOf('month', '2020-03-31', now).from_as_of).toBe('2020-02-29');
    expect(earlierOf('month', '2020-01-15', now).from_as_of).toBe('2019-12-15');
    expect(earlierOf('known', '2020-03-31', now)).toEqual({
      from_as_of: '2020-03-31',
      from_known_at: '2026-02-28T08:00:00.000Z',
    });
  });

  it('draws bars that follow each other, and sees a sum that is off by a millimetre', () => {
    const { bars, low } = waterfall(difference);
    expect(bars.map((bar) => bar.kind)).toEqual(['whole', 'down', 'up', 'whole']);
    expect(bars[1]?.to).toBeCloseTo(bars[0]?.at ?? NaN, 12);
    expect(bars[2]?.from).toBeCloseTo(bars[1]?.at ?? NaN, 12);
    expect(bars[2]?.at).toBeCloseTo(bars[3]?.at ?? NaN, 12);
    expect(low).toBeGreaterThan(0);
    for (const bar of bars) expect(bar.from >= 0 && bar.to <= 1 && bar.from <= bar.to).toBe(true);
    expect(addsUp(difference)).toBe(true);
    const wrong = { ...difference, steps: [step('works', 30.241103, 3.78)] };
    expect(addsUp(wrong)).toBe(false);
    const shown = { ...difference, steps: [step('works', 30.241102, 3.77)] };
    expect(addsUp(shown)).toBe(false);
    expect(
      moved({ cause: 'works', numerator: 2, denominator: null, unknown: null, value_pp: null, items: [] }),
    ).toBe(2);
  });
});

describe('cases and inspections', () => {
  const one = (id: number, opened: string, decided: string | null) => ({ id, opened, decided }) as Dispute;

  it('list what is open first, and know who is a party', () => {
    const order = inOrder([
      one(1, '2020-05-01', '2020-06-01'),
      one(2, '2020-06-02', null),
      one(3, '2020-06-01', null),
    ]);
    expect(order.map((dispute) => dispute.id)).toEqual([3, 2, 1]);
    const claimed = { opened_by: 'a', claims: [{ by: 'b' }] } as Dispute;
    expect(['a', 'b', 'c'].map((login) => isParty(claimed, login))).toEqual([true, true, false]);
  });

  it('want words where a result is changed, or passes a road that is not even fair', () => {
    expect([
      noteWanted('pass', 70, false),
      noteWanted('pass', 69.999, false),
      noteWanted('fail', 55, false),
      noteWanted('pass', undefined, false),
      noteWanted('fail', undefined, true),
    ]).toEqual(['', 'low', '', '', 'again']);
  });

  it('read an index and its class', () => {
    expect(['', '92.5', '９０', '100', '100.1', '-1', '9.1234', 'x'].map(readPqi)).toEqual([
      undefined,
      92.5,
      90,
      100,
      null,
      null,
      null,
      null,
    ]);
    expect([90, 89.999, 80, 70, 60, 59.9].map(pqiClass)).toEqual([
      'excellent',
      'good',
      'good',
      'fair',
      'low',
      'bad',
    ]);
  });
});

describe('a line that is drawn', () => {
  const line: Place[] = [
    [104.5, 27],
    [104.51, 27],
    [104.51, 27.01],
  ];

  it('is measured, found by place, and parted without losing a point', () => {
    expect(metres([104.5, 27], [104.5, 27.01])).toBeCloseTo(1112, 0);
    const near = nearest(line, [104.505, 27.001]);
    expect(near?.leg).toBe(0);
    expect(near?.metres).toBeCloseTo(111.2, 0);
    const { head, middle, tail } = stretch(line, 0.25, 0.75);
    expect(middle).toEqual([[104.51, 27]]);
    expect(lengthOf([...head, ...middle, ...tail])).toBeCloseTo(lengthOf(line), 3);
    expect(stretch(line, 0, 1)).toEqual({ head: [], middle: line, tail: [] });
  });

  it('comes out of GeoJSON, or says why not', () => {
    const geometry = {
      type: 'LineString',
      coordinates: [
        [104.5, 27, 1800],
        [104.5, 27, 1800],
        [104.6, 27.1],
      ],
    };
    const feature = { type: 'FeatureCollection', features: [{ type: 'Feature', geometry }] };
    const want = {
      line: [
        [104.5, 27],
        [104.6, 27.1],
      ],
    };
    for (const given of [geometry, feature, geometry.coordinates])
      expect(readGeoJson(JSON.stringify(given))).toEqual(want);
    expect(readGeoJson('{')).toEqual({ why: 'json' });
    expect(readGeoJson('{"type":"Point","coordinates":[1,2]}')).toEqual({ why: 'none' });
    expect(
      readGeoJson(JSON.stringify({ type: 'GeometryCollection', geometries: [geometry, geometry] })),
    ).toEqual({ why: 'several' });
    expect(readGeoJson('[[27,104],[28,105]]')).toEqual({ why: 'place' });
    expect(readGeoJson('[[104,27],[104,27]]')).toEqual({ why: 'short' });
    expect(readGeoJson('null')).toEqual({ why: 'none' });
  });
});

describe('the pieces of a mapping', () => {
  const piece = (
    kind: string,
    old: [number, number] | null,
    made: [number, number] | null,
  ): MappingPiece => ({
    kind,
    from_road: old && 1,
    from_mm: old && old[0],
    to_mm: old && old[1],
    to_road: made && 1,
    to_from_mm: made && made[0],
    to_to_mm: made && made[1],
    reversed: false,
    length_m: 0,
  });
  const pieces = [
    piece('carried', [0, 400], [0, 400]),
    piece('retired', [400, 600], null),
    piece('new', null, [400, 900]),
    piece('carried', [600, 1000], [900, 1300]),
  ];

  it('lie on two strips', () => {
    const [old, made] = [runsOf(pieces, 'old', 10), runsOf(pieces, 'new', 10)];
    expect(old).toEqual([{ road: 1, length: 1000, offset: 0 }]);
    expect(made[0]?.length).toBe(1300);
    expect(pieces.map((one) => placeOn(one, 'old', old))).toEqual([
      { from: 0, to: 400 },
      { from: 400, to: 600 },
      null,
      { from: 600, to: 1000 },
    ]);
  });

  it('share a border that moves for both, and never beyond them', () => {
    const [first, retired] = pieces;
    if (!first || !retired) throw new Error('no pieces');
    const changed = moveBorder(pieces, first, 'old', 450);
    expect(changed?.map((one) => [one.from_mm, one.to_mm])).toEqual([
      [0, 450],
      [450, 600],
      [null, null],
      [600, 1000],
    ]);
    expect(moveBorder(pieces, first, 'old', 600)).toBeNull();
    expect(moveBorder(pieces, first, 'old', 0)).toBeNull();
    expect(moveBorder(pieces, pieces[3] ?? first, 'old', 900)).toBeNull();
    expect(moveBorder(pieces, retired, 'new', 500)).toBeNull();
    expect(moveBorder(pieces, first, 'new', 350)?.[2]?.to_from_mm).toBe(350);
  });

  it('reconcile to the millimetre', () => {
    expect(reconciles({ before_m: 1985.775, carried_m: 1391.634, retired_m: 594.141 })).toBe(true);
    expect(reconciles({ before_m: 1985.775, carried_m: 1391.634, retired_m: 594.14 })).toBe(false);
  });
});

describe('checks and programmes', () => {
  it('group findings by rule, the grave ones first', () => {
    const found = [
      { rule: 'R09', severity: 'note', from_mm: 0, to_mm: 500 },
      { rule: 'R30', severity: 'hold', from_mm: 0, to_mm: 400_000 },
      { rule: 'R09', severity: 'note', from_mm: null, to_mm: null },
    ] as StoredFinding[];
    expect(byRule(found).map((one) => [one.rule, one.items.length, one.metres])).toEqual([
      ['R30', 1, 400],
      ['R09', 2, 0.5],
    ]);
  });

  it('say how far a sum is off what is printed', () => {
    const sum = {
      source: '',
      planned: 100.1,
      allocated: null,
      paid: 50,
      printed_planned: 100,
      printed_allocated: 3,
      printed_paid: null,
      agrees: false,
    };
    expect(off(sum, 'planned')).toBe(0.1);
    expect(off(sum, 'allocated')).toBeNull();
    expect(off(sum, 'paid')).toBeNull();
  });

  it('find what is wrong with a curve', () => {
    const rows = (...all: [string, string][]) => all.map(([on, share]) => ({ on, share }));
    expect(faultOf(rows(['2020-01-01', '0'], ['2020-02-01', '50']))).toBeNull();
    expect(faultOf(rows(['', '0']))).toEqual({ row: 0, why: 'day' });
    expect(faultOf(rows(['2020-01-01', '101']))).toEqual({ row: 0, why: 'share' });
    expect(faultOf(rows(['2020-01-01', ' ']))).toEqual({ row: 0, why: 'share' });
    expect(faultOf(rows(['2020-01-01', '0'], ['2020-01-01', '1']))).toEqual({ row: 1, why: 'order' });
    expect(faultOf(rows(['2020-01-01', '5'], ['2020-02-01', '1']))).toEqual({ row: 1, why: 'falls' });
  });
});
