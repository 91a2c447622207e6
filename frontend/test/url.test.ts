import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_ASKED } from '../src/coverage/question';
import { GAP, TIME } from '../src/plan/terms';
import { EMPTY, fromHash, PANELS, toHash, type View } from '../src/url';

const word = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((s) => /^[^\s:@]+$/u.test(s));

const view: fc.Arbitrary<View> = fc.record({
  region: fc.oneof(fc.constant(''), fc.constant('520527'), word),
  township: fc.oneof(fc.constant(''), fc.constant('520527100')),
  panel: fc.constantFrom(...PANELS),
  place: fc.option(
    fc.record({
      zoom: fc.integer({ min: 0, max: 2200 }).map((n) => n / 100),
      lat: fc.integer({ min: -8_500_000, max: 8_500_000 }).map((n) => n / 1e5),
      lon: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((n) => n / 1e5),
    }),
  ),
  hidden: fc.option(fc.array(fc.constantFrom('road', 'road:done', 'village:not'), { maxLength: 3 })),
  base: fc.constantFrom('', 'none', 'tianditu-vec'),
  lens: fc.option(fc.constantFrom('road', 'water', 'service')),
  asOf: fc.constantFrom('', '2020-06-30'),
  selection: fc.option(fc.record({ layer: fc.constantFrom('road_segment', 'village'), id: word })),
  evidence: fc.option(
    fc.record({ metric: fc.constant('M02 completion_rate'), scope: fc.constantFrom('520527', 'class:x') }),
  ),
  drawer: fc.option(
    fc.record({ tab: fc.constantFrom('strip', 'reports', 'curve'), road: fc.constantFrom('', '17') }),
    { nil: null },
  ),
  routes: fc.oneof(fc.constant({}), fc.record({ state: fc.constantFrom('doing', 'done'), q: word })),
  day: fc.constantFrom('', '2020-03-01'),
  question: fc.constantFrom(NOTHING_ASKED, {
    season: 'wet',
    connectM: 500,
    raiM: 0,
    walkMin: 45,
    edits: [{ deed: 'close', layer: 'segment', id: '17' }],
    scenario: 3,
  } as const satisfies View['question']),
  part: fc.constantFrom('', 'build'),
  terms: fc.record({
    km: fc.constantFrom(0, 800_000),
    person: fc.integer({ min: 0, max: 1_000_000_000 }),
    interim: fc.constantFrom(0, 2000),
    leave: fc.option(fc.integer({ min: 0, max: 60_000 })),
    budget: fc.array(fc.integer({ min: 0, max: 1_000_000_000_000 }), { maxLength: 5 }),
    objective: fc.constantFrom('cost', 'unserved'),
    gap: fc.constantFrom(GAP, 0, 0.0005),
    time: fc.constantFrom(TIME, 1),
  }),
  compare: fc.boolean(),
  left: fc.nat(9),
  beside: fc.constantFrom([], [0, 3], [7, 1, 4]),
  lang: fc.option(fc.constantFrom('zh-CN', 'en')),
  theme: fc.option(fc.constantFrom('light', 'dark')),
});

describe('the hash of a view', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(view, (one) => {
        const back = fromHash(toHash(one));
        // -0 and 0 are the same place.
        expect(JSON.stringify(back)).toEqual(JSON.stringify(one));
      }),
    );
  });

  it('says only what differs from the beginning', () => {
    expect(toHash({ ...EMPTY, region: '520527' })).toBe('#/520527/overview');
  });

  it('never throws, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const one = fromHash(`#${text}`);
        expect(PANELS).toContain(one.panel);
        if (one.place) expect(Math.abs(one.place.lat)).toBeLessThanOrEqual(90);
      }),
    );
    expect(fromHash('#/520527/nonsense?at=a/b/c&asof=yesterday&sel=x&why=@&lang=fr').panel).toBe('overview');
    expect(fromHash('#/%E0%A4%A/roads').region).toBe('');
  });
});
