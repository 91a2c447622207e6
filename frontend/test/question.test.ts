import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asks,
  DEEDS,
  editText,
  fits,
  MOST_EDITS,
  NOTHING_ASKED,
  parseEdits,
  questionQuery,
  readQuestion,
  withEdit,
  withoutEdit,
  type Edit,
  type Question,
} from '../src/coverage/question';
import { address } from '../src/http';

const edit: fc.Arbitrary<Edit> = fc.record({
  deed: fc.constantFrom(...DEEDS),
  layer: fc.constantFrom('road', 'segment'),
  id: fc.integer({ min: 1, max: 2 ** 40 }).map(String),
});
const siteEdit: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.constantFrom('1', '7', '900001'),
    fc.constantFrom('place', 'capacity', 'add', 'close'),
    fc.nat(9999),
  )
  .map(([id, deed, n]) => {
    const at = `${String(104 + n / 1e5)}:27.1`;
    const rest = { place: at, capacity: String(n), add: `${at}:${String(n)}`, close: undefined }[deed];
    return { deed, layer: 'site', id, ...(rest === undefined ? {} : { rest }) } as Edit;
  });
const question: fc.Arbitrary<Question> = fc.record({
  season: fc.constantFrom('', 'dry', 'wet'),
  connectM: fc.constantFrom(0, 1, 200, 5000),
  raiM: fc.constantFrom(0, 2000),
  walkMin: fc.constantFrom(0, 30, 240),
  edits: fc.array(fc.oneof(edit, siteEdit), { maxLength: 6 }),
  scenario: fc.nat(99),
});

function read(query: Record<string, string | number>): Question {
  return readQuestion(
    new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])),
  );
}

describe('a question', () => {
  it('comes back from its parameters as it was', () => {
    fc.assert(
      fc.property(question, (one) => {
        expect(read(questionQuery(one))).toEqual(one);
      }),
    );
  });

  it('asks nothing exactly when it has no parameters', () => {
    fc.assert(
      fc.property(question, (one) => {
        expect(asks(one)).toBe(Object.keys(questionQuery(one)).length > 0);
      }),
    );
    expect(asks(NOTHING_ASKED)).toBe(false);
  });

  it('takes what is wrong in an address as the rule', () => {
    expect(
      read({
        season: 'spring',
        connect_m: -3,
        rai_m: 'x',
        walk_min: 1e9,
        edits: 'close:village:3,burn:road:1',
      }),
    ).toEqual(NOTHING_ASKED);
    expect(read({ connect_m: 1.5, edits: 'close:segment:0,build:road:007,close:segment:17;drop' })).toEqual(
      NOTHING_ASKED,
    );
  });
});

describe('edits', () => {
  const close: Edit = { deed: 'close', layer: 'segment', id: '17' };
  const build: Edit = { deed: 'build', layer: 'segment', id: '17' };
  const other: Edit = { deed: 'build', layer: 'road', id: '17' };

  it('are written as the service reads them', () => {
    expect([close, other].map(editText).join(',')).toBe('close:segment:17,build:road:17');
    expect(parseEdits('close:segment:17,build:road:17')).toEqual([close, other]);
  });

  it('the last word on a thing holds, in order of saying', () => {
    expect(withEdit([close, other], build)).toEqual([other, build]);
    expect(withoutEdit([close, other], other)).toEqual([close]);
    expect(withoutEdit([close], build)).toEqual([close]);
  });

  const some = (count: number, first: number): Edit[] =>
    Array.from({ length: count }, (_, i) => ({ ...close, id: String(first + i) }));

  it('fit as long as the service takes so many; none is dropped for another', () => {
    expect(fits(some(MOST_EDITS, 1).slice(0, 300))).toBe(true);
    const short = some(MOST_EDITS, 1).map((one): Edit => ({ ...one, layer: 'road' }));
    expect(fits(short.slice(0, 400))).toBe(true);
    expect(fits(some(MOST_EDITS + 1, 1))).toBe(false);
    const more = withEdit(some(MOST_EDITS, 1), other);
    expect(more).toHaveLength(MOST_EDITS + 1);
    expect(parseEdits(more.map(editText).join(','))).toEqual(more);
  });

  it('fit as long as every reading has them in an address of 8 kB', () => {
    const whole = (edits: Edit[]) =>
      address('coverage/difference', {
        region: '520527',
        as_of: '2020-06-30',
        ...questionQuery({ season: 'wet', connectM: 5000, raiM: 20_000, walkMin: 240, edits, scenario: 0 }),
        from_season: 'dry',
        from_connect_m: 0,
        from_rai_m: 0,
        from_walk_min: 0,
        from_edits: 'none',
      });
    let edits = some(1, 10 ** 9);
    while (fits(withEdit(edits, some(1, 10 ** 9 + edits.length)[0] ?? close)))
      edits = withEdit(edits, some(1, 10 ** 9 + edits.length)[0] ?? close);
    expect(edits.length).toBeGreaterThan(280);
    expect(whole(edits).length).toBeLessThan(8192);
  });
});
