import { describe, expect, it } from 'vitest';
import type { Row } from '../src/api';
import type { MetricDifference, Proof, ProofLeg, VillageRow } from '../src/coverage/api';
import { addsUp, changedVillages, everyVillage, turn } from '../src/coverage/changes';
import { boundsOf, drawProof, middle } from '../src/coverage/proof';
import { drawReached, reachedMetres, SERVICE_METRIC } from '../src/coverage/service';
import { delta } from '../src/coverage/turn';

function row(value: number | null, more: Partial<Row> = {}): Row {
  return {
    metric: 'M07 connected_rate',
    scope: '520527',
    scope_name: '',
    value,
    numerator: null,
    denominator: null,
    unknown: null,
    unit: '%',
    basis: 'count',
    as_of: '2020-06-30',
    rule: 'coverage/1',
    masked: false,
    ...more,
  };
}

describe('a figure of the what-if', () => {
  it('differs from the live one in its own unit, rates in points', () => {
    expect(delta(row(60), row(62.5), 'en')).toEqual({ amount: 2.5, text: '+2.50' });
    expect(delta(row(60), row(60), 'en').amount).toBe(0);
    const count = { unit: 'count', basis: 'count' };
    expect(delta(row(12, count), row(9, count), 'en').text).toBe('−3');
    expect(delta(row(9, count), row(12, count), 'en').text).toBe('+3');
  });

  it('has no difference where one of the two has no value, or is not shown', () => {
    expect(delta(row(null), row(3), 'en').amount).toBeNull();
    expect(delta(row(3, { masked: true }), row(4), 'en').amount).toBeNull();
  });
});

function leg(more: Partial<ProofLeg>): ProofLeg {
  return {
    kind: 'road',
    road: 1,
    segment: 1,
    name: 'C101',
    length_m: 100,
    coordinates: [],
    meets: 'yes',
    why: '',
    ...more,
  };
}

function proof(legs: ProofLeg[], weakest: number | null = null): Proof {
  return {
    village: 1,
    name: '',
    verdict: 'not',
    season: 'dry',
    connect_m: 200,
    legs,
    weakest,
    missing_m: null,
    why: [],
    mends: [],
  };
}

describe('a proof on the map', () => {
  const legs = [
    leg({ coordinates: [[104, 27], [104.1, 27]] }), // prettier-ignore
    leg({ coordinates: [[104.1, 27], [104.2, 27]], segment: 2 }), // prettier-ignore
    leg({ coordinates: [[104.2, 27], [104.3, 27]], meets: 'no', why: 'piece_not_built', length_m: 320 }), // prettier-ignore
    leg({ coordinates: [[104.3, 27], [104.4, 27]], meets: 'unknown' }), // prettier-ignore
    leg({ kind: 'access', coordinates: [[104.4, 27], [104.41, 27]] }), // prettier-ignore
  ];

  it('joins what does, breaks where it fails, and writes the missing metres there', () => {
    const drawn = drawProof(proof(legs, 2), (metres) => `${String(metres)} missing`);
    expect(drawn.map((one) => one.kind)).toEqual([
      'proven',
      'missing',
      'doubtful',
      'access',
      'weakest',
      'words',
    ]);
    expect(drawn[0]?.points).toEqual([[104, 27], [104.1, 27], [104.2, 27]]); // prettier-ignore
    expect(drawn.at(-1)?.text).toBe('320 missing');
    expect(drawn.at(-1)?.points[0]?.[0]).toBeCloseTo(104.25, 9);
    expect(drawn.find((one) => one.kind === 'weakest')?.points).toEqual([[104.2, 27]]);
    expect(boundsOf(legs)).toEqual([104, 27, 104.41, 27]);
  });

  it('of nothing is nothing', () => {
    expect(drawProof(proof([]), String)).toEqual([]);
    expect(drawProof(proof([leg({ kind: 'straight' })]), String)).toEqual([]);
    expect(boundsOf([])).toBeNull();
    expect(middle([])).toBeNull();
    expect(middle([[104, 27]])).toEqual([104, 27]);
    expect(middle([[104, 27], [104, 27]])).toEqual([104, 27]); // prettier-ignore
  });
});

describe('differences', () => {
  const village = (id: number, verdict: VillageRow['verdict'], persons: number | null = 10): VillageRow => ({
    id,
    code: null,
    name: String(id),
    township: null,
    verdict,
    water: null,
    supply: 'served',
    persons,
    missing_m: null,
    center: null,
  });

  it('are the villages whose verdict is another, worse turns and more persons first', () => {
    const before = [
      village(1, 'connected'),
      village(2, 'connected'),
      village(3, 'not'),
      village(4, 'unknown'),
    ];
    const after = [
      village(1, 'reached', 5),
      village(2, 'reached', 50),
      village(3, 'connected'),
      village(4, 'unknown'),
    ];
    const changed = changedVillages(before, after);
    expect(changed.map((one) => one.after.id)).toEqual([2, 1, 3]);
    expect(changed.map((one) => turn(one) > 0)).toEqual([true, true, false]);
  });

  it('are by their supply where the question is of water', () => {
    const dry = { ...village(2, 'not', 9), supply: 'no_capacity' as const };
    const changed = changedVillages(
      [village(1, 'not'), village(2, 'not', 9)],
      [village(1, 'connected'), dry],
      'water',
    );
    expect(changed.map((one) => one.after.id)).toEqual([2]);
    expect(changed.map((one) => turn(one, 'water'))).toEqual([2]);
  });

  it('are read page by page, and end when a page is empty', async () => {
    const all = Array.from({ length: 7 }, (_, i) => village(i, 'not'));
    const counts = { connected: 0, reached: 0, not: 7, unknown: 0 };
    const page = (offset: number) =>
      Promise.resolve({ total: 7, counts, items: all.slice(offset, offset + 3) });
    expect(await everyVillage(page)).toEqual(all);
    expect(await everyVillage(() => Promise.resolve({ total: 9, counts, items: [] }))).toEqual([]);
  });

  it('add up exactly, or are known not to', () => {
    const side = (numerator: number) => ({ value: null, numerator, denominator: 100, unknown: 0 });
    const step = (cause: string, numerator: number) => ({
      cause,
      undone: false,
      edit: '',
      name: '',
      numerator,
      denominator: 0,
      unknown: 0,
      value_pp: null,
    });
    const one: MetricDifference = {
      metric: 'M07 connected_rate',
      scope: '520527',
      unit: '%',
      basis: 'count',
      before: side(60),
      after: side(57),
      steps: [step('edit', -5), step('season', 2)],
    };
    expect(addsUp(one)).toBe(true);
    expect(addsUp({ ...one, after: side(58) })).toBe(false);
  });
});

describe('what is reached', () => {
  const line = (minutes: number) => ({
    properties: { kind: 'reached', minutes },
    geometry: { type: 'LineString', coordinates: [[104, 27], [104, 27.01]] }, // prettier-ignore
  });
  const from = { properties: { kind: 'from' }, geometry: { type: 'Point', coordinates: [104, 27] } };
  const times = [10, 20, 30];

  it('is drawn by its time, the nearest on top, and summed with what is nearer', () => {
    const found = { features: [line(10), line(30), from] };
    expect(drawReached(found, times).map((one) => one.band)).toEqual([2, 0]);
    const metres = reachedMetres(found, times).map((one) => Math.round(one.metres));
    expect(metres).toEqual([1112, 1112, 2224]);
  });

  it('is counted by rows of the report that say kind and minutes', () => {
    expect(SERVICE_METRIC.exec('school_within_30')?.slice(1)).toEqual(['school', '30']);
    expect(SERVICE_METRIC.test('villages_within_500')).toBe(false);
  });
});
