import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { translate, type Key, type Params } from '../src/i18n/catalogue';
import { written, type Lang } from '../src/number';
import { heard } from '../src/plan/api';
import { arc, planFeatures, ways, waysOf, type Way } from '../src/plan/draw';
import { flowFeatures, goneWays } from '../src/plan/flow_draw';
import { jsonLines } from '../src/plan/lines';
import type { DecisionPlan, Flow, PlanLine, Progress, VillagePlan } from '../src/plan/model';
import { nearest, nudged, placeText } from '../src/plan/place';
import { infeasible } from '../src/plan/reason';
import { EVERYONE, rowsOf, type Column } from '../src/plan/rows';
import { gapWorth, saysChange, saysPlan, type Speech } from '../src/plan/says';
import { NO_TERMS, parseBudget, readTerms, termsBody, termsQuery } from '../src/plan/terms';
import { difference, fallen, kinds } from '../src/plan/turned';

/** An answer of the service, kept by its own tests. */
const recorded = JSON.parse(
  readFileSync(new URL('../../api/testdata/plan_decide.json', import.meta.url), 'utf8'),
) as DecisionPlan;

function speech(lang: Lang): Speech {
  return {
    t: (key: Key, params?: Params) => translate(lang, key, params),
    number: (value, unit) => written(value, unit, lang),
  };
}

/** The plan with other decisions: of the villages named. */
function turnedTo(plan: DecisionPlan, decisions: Record<number, VillagePlan['decision']>): DecisionPlan {
  const villages = plan.villages.map((row) => ({ ...row, decision: decisions[row.village] ?? row.decision }));
  return { ...plan, villages };
}

function streamed(text: string, sizes: number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let [at, turn] = [0, 0];
  return new ReadableStream({
    pull(controller) {
      const size = sizes[turn++ % sizes.length] ?? 1;
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

describe('a stream of lines', () => {
  it('gives the same values however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc
            .jsonValue()
            .filter((one) => JSON.stringify(one) === JSON.stringify(JSON.parse(JSON.stringify(one)))),
        ),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (values, sizes, ended) => {
          const text = values.map((one) => JSON.stringify(one)).join('\n') + (ended ? '\n' : '');
          const got: unknown[] = [];
          for await (const one of jsonLines(streamed(text, sizes))) got.push(one);
          expect(JSON.stringify(got)).toBe(JSON.stringify(values));
        },
      ),
    );
  });

  it('is given up by who leaves, and refuses what is no JSON', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"a":1}\n'));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const one of jsonLines(body)) {
      expect(one).toEqual({ a: 1 });
      break;
    }
    expect(cancelled).toBe(true);
    await expect(async () => {
      for await (const one of jsonLines(streamed('{"a":\n', [3]))) void one;
    }).rejects.toThrow();
  });

  it('becomes a plan, or the problem in it', async () => {
    async function* lines(...all: PlanLine[]): AsyncGenerator<PlanLine> {
      for (const one of all) yield await Promise.resolve(one);
    }
    const progress: Progress = { type: 'progress', seconds: 1, objective: null, bound: 3, gap: null };
    const seen: unknown[] = [];
    const hearing = { begun: (id: string) => seen.push(id), progress: (one: Progress) => seen.push(one) };
    const all = lines({ type: 'begun', id: 'a1' }, progress, { type: 'plan', id: 'a1', plan: recorded });
    expect(await heard(all, hearing)).toBe(recorded);
    expect(seen).toEqual(['a1', progress]);
    await expect(
      heard(lines({ type: 'problem', status: 503, detail: 'full' }), hearing),
    ).rejects.toMatchObject({
      status: 503,
      message: 'full',
    });
    await expect(heard(lines({ type: 'begun', id: 'a' }), hearing)).rejects.toMatchObject({ status: 0 });
  });
});

describe('the terms', () => {
  it('read a budget by year, and refuse what is none', () => {
    expect(parseBudget('10,000 15000')).toEqual([10000, 15000]);
    expect(parseBudget('  ')).toEqual([]);
    for (const bad of ['1.5', '-3', 'NaN', '1e400', 'x 3', Array(51).fill('1').join(' ')])
      expect(parseBudget(bad)).toBeNull();
  });

  it('never ask nonsense, whatever the address says', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('p.km', 'p.person', 'p.budget', 'p.gap', 'p.time', 'p.leave'),
          fc.string(),
        ),
        (query) => {
          const terms = readTerms(new URLSearchParams(query));
          for (const value of Object.values(termsBody(terms)).flat())
            expect(typeof value === 'string' || (Number.isFinite(value) && Number(value) >= 0)).toBe(true);
          expect(readTerms(new URLSearchParams(termsQuery(terms)))).toEqual(terms);
        },
      ),
    );
  });

  it('say nothing of what is as the rules say', () => {
    expect(termsQuery(NO_TERMS)).toEqual({});
    expect(termsBody({ ...NO_TERMS, km: 800_000 })).toMatchObject({ yuan_per_km: 800_000 });
    expect(Object.keys(termsBody(NO_TERMS))).toEqual(['gap', 'time_limit_s']);
  });
});

describe('what a change turns', () => {
  const roads = recorded.villages.filter((row) => row.decision === 'road');
  const [first] = roads;

  it('is nothing against itself, and exactly what is decided otherwise', () => {
    expect(difference(recorded, recorded)).toEqual({
      turned: [],
      alone: [],
      resited: 0,
      money: 0,
      unserved: 0,
      metres: 0,
    });
    fc.assert(
      fc.property(fc.subarray(recorded.villages.map((row) => row.village)), (ids) => {
        const after = turnedTo(recorded, Object.fromEntries(ids.map((id) => [id, 'interim'])));
        const { turned } = difference(recorded, after);
        const expected = recorded.villages.filter(
          (row) => ids.includes(row.village) && row.decision !== 'interim',
        );
        expect(turned.map((one) => one.row.village).sort()).toEqual(
          expected.map((row) => row.village).sort(),
        );
        expect(kinds(turned).reduce((sum, one) => sum + one.n, 0)).toBe(turned.length);
      }),
    );
  });

  it('is told in two sentences in both languages, with the cause', () => {
    const after = {
      ...turnedTo(recorded, { [first?.village ?? 0]: 'relocate' }),
      yuan_per_km: 800_000,
      costs: { ...recorded.costs, money: recorded.costs.money + 5000 },
    };
    for (const lang of ['zh-CN', 'en'] as const) {
      const plan = saysPlan(recorded, speech(lang));
      const change = saysChange(
        { terms: NO_TERMS, plan: { ...recorded, yuan_per_km: 400_000 } },
        { terms: { ...NO_TERMS, km: 800_000 }, plan: after },
        difference(recorded, after),
        speech(lang),
      );
      for (const text of [plan, change]) expect(text).not.toMatch(/\{|undefined|NaN|null/);
      expect(change).toContain(speech(lang).number(800_000, 'yuan/km'));
      expect(change).toContain(translate(lang, 'decision.relocate'));
      expect(plan).toContain(speech(lang).number(recorded.costs.money, 'yuan'));
    }
  });

  it('lists what falls out of the published plan', () => {
    const published = {
      ...recorded,
      villages: recorded.villages.map((row) => ({ ...row, published: row.decision })),
    };
    expect(fallen(published)).toEqual([]);
    const cut = turnedTo(published, { [first?.village ?? 0]: 'review' });
    expect(fallen(cut).map((one) => one.row.village)).toEqual(first ? [first.village] : []);
  });
});

describe('the decision table', () => {
  const number = fc.option(fc.integer({ min: 0, max: 9 }));
  const row = fc.record({
    persons: number,
    extra: number,
    move: number,
    flip: number,
    money: fc.integer({ min: 0, max: 9 }),
  });
  const made = (
    list: {
      persons: number | null;
      extra: number | null;
      move: number | null;
      flip: number | null;
      money: number;
    }[],
  ) =>
    list.map((one, i) => ({
      ...(recorded.villages[0] as VillagePlan),
      village: i + 1,
      decision: 'road' as const,
      persons: one.persons,
      cost_road_extra: one.extra,
      cost_move: one.move,
      flip_yuan_per_km: one.flip,
      money: one.money,
    }));

  it('sorts by each column, what is not known last either way', () => {
    const of: Record<string, (one: VillagePlan) => number | null> = {
      persons: (one) => one.persons,
      move: (one) => one.cost_move,
      flip: (one) => one.flip_yuan_per_km,
      money: (one) => one.money,
    };
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 12 }),
        fc.constantFrom('persons', 'move', 'flip', 'money'),
        fc.boolean(),
        (list, sort, falling) => {
          const all = made(list);
          const rows = rowsOf(all, { ...EVERYONE, sort: sort as Column, falling });
          expect(rows.map((one) => one.village).sort((a, b) => a - b)).toEqual(all.map((one) => one.village));
          const values = rows.map((one) => of[sort]?.(one) ?? null);
          const known = values.filter((one) => one !== null);
          expect(values.slice(known.length).every((one) => one === null)).toBe(true);
          expect(known).toEqual([...known].sort((a, b) => (falling ? b - a : a - b)));
        },
      ),
    );
  });

  it('filters by decision, band, rule and violation', () => {
    const all = recorded.villages;
    expect(rowsOf(all, { ...EVERYONE, decision: 'all' }).length).toBe(all.length);
    expect(rowsOf(all, EVERYONE).some((one) => one.decision === 'connected')).toBe(false);
    expect(
      rowsOf(all, { ...EVERYONE, decision: 'all', special: 'violation' }).every(
        (one) => one.violation !== '',
      ),
    ).toBe(true);
    expect(
      rowsOf(all, { ...EVERYONE, decision: 'all', special: 'differs' }).every((one) => one.differs !== ''),
    ).toBe(true);
    for (const one of all)
      expect(rowsOf(all, { ...EVERYONE, decision: 'all', q: one.code }).map((row) => row.village)).toContain(
        one.village,
      );
  });
});

describe('what the map draws of a plan', () => {
  it('has every village and site once, and a way for each who moves', () => {
    const { features } = planFeatures(recorded, { turned: new Set([1]), chosen: 0, label: () => '' });
    const count = (kind: string) => features.filter((one) => one.properties?.['kind'] === kind).length;
    expect(count('village')).toBe(recorded.villages.length);
    expect(count('site')).toBe(recorded.sites.length);
    expect(count('od')).toBe(waysOf(recorded).length);
    expect(count('road')).toBe(recorded.roads.reduce((sum, road) => sum + road.lines.length, 0));
    for (const one of features.filter((one) => one.properties?.['kind'] === 'site')) {
      expect(one.properties?.['ring']).toBeGreaterThanOrEqual(0);
      expect(one.properties?.['ring']).toBeLessThanOrEqual(16);
    }
  });

  it('bundles ways without losing a person', () => {
    const place = fc.tuple(
      fc.double({ min: 100, max: 105, noNaN: true }),
      fc.double({ min: 25, max: 28, noNaN: true }),
    );
    const way: fc.Arbitrary<Way> = fc.record({
      from: place,
      to: place,
      site: fc.integer({ min: 1, max: 3 }),
      township: fc.constantFrom('a', 'b'),
      persons: fc.nat(500),
    });
    fc.assert(
      fc.property(fc.array(way, { maxLength: 20 }), (all) => {
        const made = ways(all);
        const persons = (kind: string) =>
          made
            .filter((one) => one.properties?.['kind'] === kind)
            .reduce((sum, one) => sum + Number(one.properties?.['persons']), 0);
        expect(persons('flow')).toBe(persons('od'));
        expect(made.filter((one) => one.properties?.['kind'] === 'flow').length).toBe(
          new Set(all.map((one) => `${one.township} ${String(one.site)}`)).size,
        );
      }),
    );
    const bent = arc([104, 27], [105, 27]);
    expect(bent[0]).toEqual([104, 27]);
    expect(bent.at(-1)).toEqual([105, 27]);
  });
});

describe('why there is no plan', () => {
  it('is said in both languages, and what is not known as the service says it', () => {
    const budget = {
      reason: 'the budget is 30000000, and no way was left to keep all decisions taken already within it',
    };
    const places = {
      reason:
        '100 persons of 3 villages can reach these sites only: 1 2, which have 40 places left: 60 are missing',
    };
    for (const lang of ['zh-CN', 'en'] as const)
      for (const one of [budget, places]) {
        expect(infeasible(one, speech(lang))).not.toMatch(/\{|no way was left|can reach these/);
        expect(infeasible(one, speech(lang))).toMatch(/\d/);
      }
    expect(infeasible({ reason: 'because' }, speech('en'))).toBe('because');
    expect(infeasible({}, speech('en'))).toBe('');
  });
});

describe('who goes where', () => {
  const live: Flow = {
    objective: 30,
    bound: 30,
    gap: 0,
    status: 'optimal',
    revision: 1,
    ms: 2,
    rows: [
      {
        village: 1,
        site: 7,
        persons: 10,
        m: 1000,
        line: [
          [104, 27],
          [104.1, 27],
        ],
      },
      {
        village: 2,
        site: 8,
        persons: 20,
        m: 1000,
        line: [
          [104, 27.1],
          [104.2, 27],
        ],
      },
    ],
    sites: [
      { site: 7, used: 10, taken: 5, capacity: 20, at: [104.1, 27] },
      { site: 8, used: 20, taken: 0, capacity: 20, at: [104.2, 27] },
    ],
    left: [{ village: 3, persons: null, why: 'persons_unknown', at: [104.3, 27] }],
    summary: { persons: 30, mean: 1, median: 1, max: 1, over_20km: 0, mean_min: 1 },
  };
  const shown = { county: '1', label: () => '', village: () => '' };

  it('draws the ways that are others now beside those of before', () => {
    const at: [number, number] = [104.15, 27.05];
    const now: Flow = {
      ...live,
      rows: live.rows.map((row) => (row.site === 7 ? { ...row, line: [row.line[0], at] } : row)),
      sites: live.sites.map((site) => (site.site === 7 ? { ...site, at } : site)),
    };
    expect(goneWays(live, live)).toEqual([]);
    expect(goneWays(live, now).map((row) => row.village)).toEqual([1]);
    const count = (kind: string, side: string) =>
      flowFeatures(live, now, shown).features.filter(
        (one) => one.properties?.['kind'] === kind && one.properties['side'] === side,
      ).length;
    expect([
      count('od', 'now'),
      count('od', 'before'),
      count('site', 'now'),
      count('site', 'before'),
    ]).toEqual([2, 1, 2, 1]);
    const villages = flowFeatures(null, now, shown).features.filter(
      (one) => one.properties?.['kind'] === 'village',
    );
    expect(villages.map((one) => [one.properties?.['id'], one.properties?.['decision']])).toEqual([
      [1, 'relocate'],
      [2, 'relocate'],
      [3, 'review'],
    ]);
  });

  it('takes hold of the nearest site that the hand reaches, and of none beyond', () => {
    expect(nearest(live.sites, [104.1001, 27], 12)?.site).toBe(7);
    expect(nearest(live.sites, [104.16, 27], 3)?.site).toBe(8);
    expect(nearest(live.sites, [104.15, 27], 14)).toBeNull();
    expect(nearest([], [104.15, 27], 3)).toBeNull();
  });

  it('writes a place to the metre, and nudges it by metres', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        (lon, lat) => {
          expect(placeText([lon, lat])).toMatch(/^-?\d{1,3}(\.\d{1,5})?:-?\d{1,2}(\.\d{1,5})?$/);
        },
      ),
    );
    const [lon, lat] = nudged([104, 60], 1000, -1000);
    expect((lon - 104) * 111_320 * 0.5).toBeCloseTo(1000, 3);
    expect((60 - lat) * 111_320).toBeCloseTo(1000, 3);
  });
});

describe('the gap as an amount', () => {
  const priced = {
    minimised: 'cost' as const,
    budget: [1],
    costs: recorded.costs,
    review_yuan_per_person: 600_000,
  };

  it('is said in money, and in persons where somebody may be handed up', () => {
    const of = { objective: 10_000_000, bound: 9_100_000.5 };
    expect(gapWorth(of, priced, speech('en'))).toBe(
      'The gap is worth 900,000\u2009yuan' + ' or 2\u2009persons handed up at 600,000\u2009yuan each',
    );
    const free = { ...priced, budget: [], costs: { ...recorded.costs, review: 0 } };
    expect(gapWorth(of, free, speech('en'))).toBe('The gap is worth 900,000\u2009yuan');
  });

  it('is persons alone where they are minimised, and nothing where there is none', () => {
    const unserved = { ...priced, minimised: 'unserved' as const };
    expect(gapWorth({ objective: 12, bound: 9.2 }, unserved, speech('zh-CN'))).toContain('3');
    for (const of of [
      { objective: null, bound: 3 },
      { objective: 3, bound: null },
      { objective: 3, bound: 3 },
    ])
      expect(gapWorth(of, priced, speech('en'))).toBe('');
    expect(gapWorth({ objective: 4, bound: 3 }, null, speech('en'))).toBe('');
  });
});
