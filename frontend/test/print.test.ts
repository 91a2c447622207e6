import { describe, expect, it } from 'vitest';
import { fileName, LAYERS, mapQuery, type Screen, type Sheet } from '../src/print/request';

const sheet: Sheet = {
  title: ' ',
  paper: 'a3',
  orientation: 'landscape',
  format: 'pdf',
  theme: 'colour',
  extent: 'whole',
  strips: 3,
  maker: ' bureau ',
  review: '',
};
const screen: Screen = {
  when: { region: '520527', as_of: '2020-03-31', edits: 'close:segment:17' },
  township: '',
  bounds: [104.1, 26.9, 104.9, 27.5],
  hidden: new Set(),
  lens: 'road',
  supply: false,
  lang: 'en',
};

describe('what a printed map is asked for', () => {
  it('is of the day and the suppositions of the screen', () => {
    const query = mapQuery(sheet, screen);
    expect(query).toMatchObject({
      region: '520527',
      as_of: '2020-03-31',
      edits: 'close:segment:17',
      lang: 'en',
    });
    expect(query).toMatchObject({ maker: 'bureau', title: '', layers: '', hide: '', bbox: '', lens: '' });
  });

  it('leaves off what the legend has switched off, and keeps the names of townships', () => {
    const hidden = new Set(['move', 'road:planned', 'village:not', 'water_project']);
    const { layers, hide } = mapQuery(sheet, { ...screen, hidden });
    const named = String(layers).split(',');
    expect(named.sort()).toEqual(
      [...LAYERS.filter((one) => !['move', 'water_project'].includes(one)), 'region_label'].sort(),
    );
    expect(hide).toBe('road:planned village:not');
  });

  it('is of the view where that is asked, never wider than the service prints', () => {
    expect(mapQuery({ ...sheet, extent: 'view' }, screen)['bbox']).toBe(
      '104.10000,26.90000,104.90000,27.50000',
    );
    const world = mapQuery({ ...sheet, extent: 'view' }, { ...screen, bounds: [-300, -89, 300, 89] });
    const [west = 0, south, east = 0, north] = String(world['bbox']).split(',').map(Number);
    expect(east - west).toBeLessThan(20);
    expect([south, north]).toEqual([-85, 85]);
    expect(mapQuery({ ...sheet, extent: 'view' }, { ...screen, bounds: null })['bbox']).toBe('');
  });

  it('is cut into strips on A0 alone, and named by what it is', () => {
    expect(mapQuery(sheet, screen)['strips']).toBe('');
    expect(mapQuery({ ...sheet, paper: 'a0' }, screen)['strips']).toBe(3);
    expect(fileName({ ...sheet, paper: 'a0', format: 'png' }, 'osm:x/y')).toBe('qiantu-osm_x_y-a0.zip');
    expect(fileName({ ...sheet, format: 'png' }, '520527')).toBe('qiantu-520527-a3.png');
  });
});
