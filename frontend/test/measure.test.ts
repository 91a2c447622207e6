import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../src/api';
import { area, distance, length } from '../src/measure/geodesic';

/** As package geo gives them (geo.Distance, geo.Area), which PostGIS referees. */
const DISTANCES: [Place, Place, number][] = [
  [[104.7, 27.1], [104.9, 27.1], 19833.3864],
  [[104.7, 27.1], [104.7, 27.3], 22161.3351],
  [[104.5, 26.9], [105.1, 27.4], 81280.7602],
  [[104.7, 27.1], [104.70001, 27.10001], 1.487],
  [[73.5, 39.4], [134.7, 48.4], 4882444.0038],
  [[179.9, 10], [-179.9, 10.2], 31143.292],
];
const AREAS: [Place[], number][] = [
  [
    [
      [104.7, 27.1],
      [104.71, 27.1],
      [104.71, 27.11],
      [104.7, 27.11],
    ],
    1098772.22,
  ],
  [
    [
      [104.2, 26.8],
      [105.2, 26.8],
      [105, 27.5],
      [104.2, 27.3],
    ],
    6042863706.89,
  ],
  [
    [
      [100, 20],
      [110, 20],
      [110, 30],
      [100, 30],
    ],
    1118167299324.88,
  ],
];

const place: fc.Arbitrary<Place> = fc.tuple(
  fc.double({ min: 73, max: 135, noNaN: true }),
  fc.double({ min: 3, max: 54, noNaN: true }),
);

describe('measuring', () => {
  it('gives the metres of the service', () => {
    for (const [from, to, metres] of DISTANCES)
      expect(Math.abs(distance(from, to) - metres)).toBeLessThan(0.001);
  });

  it('gives the square metres of the service', () => {
    for (const [ring, metres] of AREAS) {
      // Over a thousand kilometres the plane through two places leaves the shortest way between them.
      const off = metres > 1e11 ? 1e-5 : 1e-7;
      expect(Math.abs(area(ring) - metres) / metres).toBeLessThan(off);
    }
  });

  it('is the same there and back, and no way round is shorter', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        expect(Math.abs(distance(a, b) - distance(b, a))).toBeLessThan(1e-3);
        expect(distance(a, b)).toBeLessThanOrEqual(length([a, c, b]) + 1e-3);
      }),
    );
  });

  it('has no area without inside, and the same whichever way round', () => {
    expect(area([])).toBe(0);
    expect(area([[104, 27]])).toBe(0);
    expect(
      area([
        [104, 27],
        [105, 27],
      ]),
    ).toBeLessThan(1e-3);
    const [ring] = AREAS[1] ?? [[]];
    expect(area(ring.toReversed())).toBeCloseTo(area(ring), 0);
    expect(length([])).toBe(0);
  });
});
