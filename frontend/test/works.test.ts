import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asked, chips, FIRST_ORDER, isPlain, nextOrder, withValue } from '../src/panel/route_filter';
import { measuresOf, labelAt, parseLabel, snap, SNAP_MM, ticks, writeLabel } from '../src/works/chainage';
import { dateOf, dayNumber, months, niceStep, path, pointOn } from '../src/works/curve';
import { along, cut, lineBetween, placeAt } from '../src/works/place';
import { running, upTo } from '../src/works/running';
import type { Place } from '../src/api';

const plain = { marks: [{ at_mm: 0, label: 'K0+000' }], breaks: [] };
/** A short chain: 500 m of labels stand twice. */
const broken = {
  marks: [{ at_mm: 0, label: 'K0+000' }],
  breaks: [{ at_mm: 4_500_000, before: 'K4+500', after: 'K4+000' }],
};

describe('a label', () => {
  it('is read as people write it, and nothing else is', () => {
    expect(parseLabel('K12+345')).toBe(12_345_000);
    expect(parseLabel(' k12 + 345 ')).toBe(12_345_000);
    expect(parseLabel('K12+345')).toBe(12_345_000);
    expect(parseLabel('12+5.25')).toBe(12_005_250);
    for (const wrong of ['', 'K', 'K12', '12345', 'K12+3456', 'K-1+000', 'K1+2+3', 'NaN+1'])
      expect(parseLabel(wrong), wrong).toBeNull();
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (mm) => {
        expect(parseLabel(writeLabel(mm))).toBe(mm);
      }),
    );
  });

  it('of a place leads back to that place, breaks or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), fc.constantFrom(plain, broken), (mm, road) => {
        expect(measuresOf(road, 10_000_000, labelAt(road, 10_000_000, mm))).toContain(mm);
      }),
    );
  });

  it('may be two places at a short chain, and none outside', () => {
    expect(measuresOf(broken, 10_000_000, 'K4+200')).toEqual([4_200_000, 4_700_000]);
    expect(measuresOf(broken, 10_000_000, 'K9+900')).toEqual([]);
    expect(labelAt(broken, 10_000_000, 4_500_000)).toBe('K4+000');
  });

  it('runs evenly between calibration marks', () => {
    const stretched = {
      marks: [
        { at_mm: 0, label: 'K118+300' },
        { at_mm: 1_000_000, label: 'K119+400' },
      ],
      breaks: [],
    };
    expect(labelAt(stretched, 2_000_000, 500_000)).toBe('K118+850');
    expect(measuresOf(stretched, 2_000_000, 'K118+850')).toEqual([500_000]);
    // Behind the last mark a metre is a metre.
    expect(labelAt(stretched, 2_000_000, 1_500_000)).toBe('K119+900');
  });
});

describe('what is chosen by hand', () => {
  it('stands on whole ten metres, or on the end of the route', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (length, share) => {
          const at = snap(length * share, length);
          expect(at === length || at % SNAP_MM === 0).toBe(true);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(length);
          expect(Math.abs(at - length * share)).toBeLessThanOrEqual(SNAP_MM / 2);
        },
      ),
    );
  });

  it('has ticks of whole labels inside the view, on both sides of a break', () => {
    const found = ticks(broken, 10_000_000, { from_mm: 0, to_mm: 10_000_000 }, 12);
    expect(found.map((one) => one.label)).toEqual(
      ['K0', 'K1', 'K2', 'K3', 'K4', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9'].map((k) => `${k}+000`),
    );
    expect(found[5]?.at).toBe(4_500_000);
  });
});

const line: Place[] = [
  [104, 27],
  [104.01, 27],
  [104.02, 27],
];
const piece = { road: 7, from_mm: 1_000, to_mm: 3_000, line, started_on: null, done_on: null };

describe('a place along a line', () => {
  it('is at its share', () => {
    expect(along(line, 0)).toEqual([104, 27]);
    expect(along(line, 1)).toEqual([104.02, 27]);
    expect(along(line, 0.5)?.[0]).toBeCloseTo(104.01, 9);
    expect(placeAt([piece], 7, 1_500)?.[0]).toBeCloseTo(104.005, 9);
    expect(placeAt([piece], 7, 999)).toBeNull();
    expect(placeAt([piece], 8, 1_500)).toBeNull();
  });

  it('is part of what is cut, which begins and ends at its shares', () => {
    expect(cut(line, 0.25, 0.75).map((point) => Number(point[0].toFixed(6)))).toEqual([
      104.005, 104.01, 104.015,
    ]);
    expect(lineBetween([piece], 7, { from_mm: 0, to_mm: 2_000 }).map((p) => Number(p[0].toFixed(6)))).toEqual(
      [104, 104.01],
    );
    expect(lineBetween([{ ...piece, line: null }], 7, { from_mm: 0, to_mm: 2_000 })).toEqual([]);
  });
});

describe('the curve', () => {
  const points = ['2020-01-01', '2020-03-01', '2020-06-30'].map((on, i) => ({
    on,
    planned_m: i,
    started_m: i,
    completed_m: i * 10,
  }));

  it('says of a day what stood at the last point up to it', () => {
    expect(pointOn(points, '2020-02-29')?.completed_m).toBe(0);
    expect(pointOn(points, '2020-03-01')?.completed_m).toBe(10);
    expect(pointOn(points, '2019-12-31')).toBeNull();
  });

  it('counts days both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (day) => {
        expect(dayNumber(dateOf(day))).toBe(day);
      }),
    );
  });

  it('has months that stand far enough apart, and round steps', () => {
    const [from, to] = [dayNumber('2019-07-01'), dayNumber('2021-06-30')];
    expect(months(from, to, 100).length).toBe(24);
    expect(months(from, to, 8).map((one) => one.label)).toEqual([
      '2019-07',
      '2019-10',
      '2020-01',
      '2020-04',
      '2020-07',
      '2020-10',
      '2021-01',
      '2021-04',
    ]);
    expect(niceStep(800, 5)).toBe(200);
    expect(niceStep(36.2, 5)).toBe(10);
    expect(
      path(
        [
          [0, 1],
          [2, 3],
        ],
        true,
      ),
    ).toBe('M0.0 1.0H2.0V3.0');
    expect(
      path(
        [
          [0, 1],
          [2, 3],
        ],
        false,
      ),
    ).toBe('M0.0 1.0L2.0 3.0');
  });
});

describe('the replay', () => {
  it('adds up what was done by each day', () => {
    const pieces = [
      { ...piece, done_on: '2020-01-02' },
      { ...piece, done_on: '2020-01-02', to_mm: 1_500 },
      { ...piece, done_on: '2020-02-01' },
      piece,
    ];
    const sums = running(pieces, 'done_on');
    expect(sums).toEqual([
      { day: dayNumber('2020-01-02'), mm: 2_500 },
      { day: dayNumber('2020-02-01'), mm: 4_500 },
    ]);
    expect(upTo(sums, dayNumber('2020-01-01'))).toBe(0);
    expect(upTo(sums, dayNumber('2020-01-31'))).toBe(2_500);
    expect(upTo(sums, dayNumber('2021-01-01'))).toBe(4_500);
  });
});

describe('the filter of the routes', () => {
  it('asks what is given and known, and the township above it', () => {
    expect(asked({ state: 'doing', list: 'routes', evil: 'x' }, '520527100')).toEqual({
      township: '520527100',
      sort: FIRST_ORDER,
      state: 'doing',
    });
    expect(asked({ township: '520527101', sort: 'name' }, '520527100')).toEqual({
      township: '520527101',
      sort: 'name',
    });
  });

  it('has chips that can be taken off', () => {
    const given = withValue({ list: 'routes' }, 'state', 'done');
    expect(chips(given)).toEqual([{ name: 'state', value: 'done' }]);
    expect(isPlain(given)).toBe(false);
    expect(withValue(given, 'state', '')).toEqual({ list: 'routes' });
    expect(isPlain({ list: 'routes', sort: 'name' })).toBe(true);
    expect(isPlain({ q: 'a' })).toBe(false);
  });

  it('turns its order round when asked again', () => {
    expect(nextOrder('', 'lag_pp')).toBe('-lag_pp');
    expect(nextOrder('-lag_pp', 'lag_pp')).toBe('lag_pp');
    expect(nextOrder('lag_pp', 'name')).toBe('name');
    expect(nextOrder('name', 'name')).toBe('-name');
  });
});
