import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asks,
  DEEDS,
  editText,
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

const edit: fc.Arbitrary<Edit> = fc.record({
  deed: fc.constantFrom(...DEEDS),
  layer: fc.constantFrom('road', 'segment'),
  id: fc.integer({ min: 1, max: 2 ** 40 }).map(String),
});
const question: fc.Arbitrary<Question> = fc.record({
  season: fc.constantFrom('', 'wet'),
  connectM: fc.constantFrom(0, 1, 200, 5000),
  raiM: fc.constantFrom(0, 2000),
  walkMin: fc.constantFrom(0, 30, 240),
  edits: fc.array(edit, { maxLength: 6 }),
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

  it('are never more than the service takes', () => {
    const many = Array.from({ length: MOST_EDITS + 9 }, (_, i) => `close:segment:${String(i + 1)}`).join(',');
    expect(parseEdits(many)).toHaveLength(MOST_EDITS);
    expect(withEdit(parseEdits(many), other)).toHaveLength(MOST_EDITS);
  });
});
