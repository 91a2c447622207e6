import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beside, freeSite, layerOf, replaces, said } from '../src/scenario/edit';

const subject = fc.constantFrom('segment:1', 'road:1', 'site:1', 'site:2', 'village:1');
const verb = fc.constantFrom('close', 'build', 'improve', 'place', 'capacity', 'people');
const edit = fc.tuple(verb, subject).map(([deed, about]) => `${deed}:${about}:1`);

describe('an edit of a scenario', () => {
  it('gives way to one that says otherwise of the same fact of the same thing, and to no other', () => {
    const pairs: [string, string, boolean][] = [
      ['build:segment:1', 'close:segment:1', true],
      ['build:segment:1', 'close:road:1', false],
      ['build:segment:1', 'close:segment:2', false],
      ['place:site:3:1:2', 'capacity:site:3:9', false],
      ['close:site:3', 'capacity:site:3:9', true],
      ['place:site:900001:1:2', 'add:site:900001:1:2:8', true],
      ['people:village:1:2:3', 'people:village:1:4:5', true],
      ['people:village:1:2:3', 'people:village:2:2:3', false],
    ];
    for (const [later, earlier, gives] of pairs) expect(replaces(later, earlier), later).toBe(gives);
    fc.assert(
      fc.property(edit, edit, (a, b) => {
        expect(replaces(a, b)).toBe(replaces(b, a));
        expect(replaces(a, a)).toBe(true);
      }),
    );
  });

  it('names the layer of what it is about', () => {
    expect(
      ['close:segment:1', 'build:road:1', 'close:site:1', 'people:village:1:2:3'].map((one) =>
        layerOf(said(one)),
      ),
    ).toEqual(['road_segment', 'road', 'relocation_site', 'village']);
  });

  it('moves a site that the scenario adds by adding it elsewhere', () => {
    const standing = ['close:road:900001', 'add:site:900001:104.7:27.1:800'];
    expect(beside('place:site:900001:105:28', standing)).toBe('add:site:900001:105:28:800');
    for (const other of ['place:site:3:105:28', 'capacity:site:900001:9', 'close:segment:900001'])
      expect(beside(other, standing)).toBe(other);
  });

  it('adds a site under a number that is free', () => {
    expect(freeSite([])).toBe(900_001);
    expect(freeSite(['add:site:900001:1:2:3', 'close:road:900002', 'add:site:900003:1:2:3'])).toBe(900_004);
  });
});
