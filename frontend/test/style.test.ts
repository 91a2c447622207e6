import { validateStyleMin, type StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import { leftOff } from '../src/layer/left_off';
import { facility } from '../src/layer/facility';
import type { LayerMaker, LayerOptions, LayerSpecification } from '../src/layer/layer';
import { move } from '../src/layer/move';
import { BINDING, bindingEdge, reference, referenceLabel } from '../src/layer/reference';
import { type Backdrop, type Ground } from '../src/layer/backdrop';
import { region, regionLabel, regionLand } from '../src/layer/region';
import { relocationSite, relocationSiteLabel } from '../src/layer/relocation_site';
import { road, roadEdit, ROAD_STATES, roadLabel } from '../src/layer/road';
import { village, villageApproved, villageLabel } from '../src/layer/village';
import { waterProject } from '../src/layer/water_project';
import { GLYPHS } from '../src/glyph';
import { palettes, type Palette } from '../src/palette';
import { mapStyle, SOURCE, TOUCHABLE, type Mark } from '../src/style';

const makers: Record<string, LayerMaker> = {
  facility,
  move,
  reference,
  referenceLabel,
  region,
  regionLabel,
  regionLand,
  relocationSiteLabel,
  relocationSite,
  road,
  roadEdit,
  roadLabel,
  village,
  villageApproved,
  villageLabel,
  waterProject,
};

function options(theme: 'light' | 'dark', lens: LayerOptions['lens'], hidden: string[] = []): LayerOptions {
  return {
    palette: palettes[theme],
    theme,
    lens,
    lang: theme === 'light' ? 'zh-CN' : 'en',
    hidden: new Set(hidden),
  };
}

const every = (['light', 'dark'] as const).flatMap((theme) => [
  ...(['road', 'water', 'service'] as const).map((lens) =>
    options(theme, lens, ['road:done', 'village:not', 'water:safe', 'move']),
  ),
  { ...options(theme, 'water', ['supply:served']), supply: true },
]);

function problems(layers: LayerSpecification[]): string[] {
  const style = {
    version: 8,
    sources: { [SOURCE]: { type: 'vector', tiles: ['qiantu://{z}/{x}/{y}'] } },
    layers,
  };
  return validateStyleMin(style as StyleSpecification).map((error) => error.message);
}

describe('every layer, in every palette and lens', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`${name} is a valid style`, () => {
      for (const one of every) expect(problems(make(SOURCE, one))).toEqual([]);
    });
  }

  it('the whole style is valid with each kind of mark', () => {
    const marks: (Mark | null)[] = [
      null,
      { layer: 'road', id: '17', county: '520527', segment: true },
      { layer: 'village', id: '9', county: '520527' },
      { layer: 'region', id: '520527100', county: '520527' },
    ];
    for (const one of every) {
      for (const mark of marks) {
        expect(validateStyleMin(mapStyle(one, mark, 'qiantu://{z}/{x}/{y}') as StyleSpecification)).toEqual(
          [],
        );
      }
    }
  });

  it('the validator would notice a mistake', () => {
    const [first] = road(SOURCE, options('light', 'road'));
    expect(problems([{ ...first, paint: { 'line-colour': '#000' } } as never])).not.toEqual([]);
  });
});

describe('the style', () => {
  const layers = mapStyle(options('light', 'road'), null, 'qiantu://{z}/{x}/{y}').layers;

  it('needs nothing from outside', () => {
    const style = mapStyle(options('light', 'road'), null, 'qiantu://{z}/{x}/{y}');
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style)).not.toMatch(/https?:/);
  });

  it('has every layer that answers the pointer', () => {
    const ids = new Set(layers.map((layer) => layer.id));
    expect(TOUCHABLE.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('draws roads that are not built under those that are', () => {
    const at = (id: string) => layers.findIndex((layer) => layer.id === id);
    for (const below of ['road-planned', 'road-unknown', 'road-not_started']) {
      for (const above of ['road-existing', 'road-doing', 'road-done'])
        expect(at(below)).toBeLessThan(at(above));
    }
  });

  it('gives each road state a line of its own, in colour and in style', () => {
    const drawn = road(SOURCE, options('light', 'road'));
    const looks = ROAD_STATES.map((state) => {
      const paints = drawn
        .filter((layer) => layer.id.startsWith(`road-${state}`))
        .map((layer) => layer.paint);
      expect(paints.length).toBeGreaterThan(0);
      // Without colours: what is left must still differ, or a grey print could not tell them apart.
      return JSON.stringify(paints).replace(/"line-color":"[^"]*"/g, '');
    });
    expect(new Set(looks).size).toBe(ROAD_STATES.length);
  });

  it('leaves out what the legend has switched off', () => {
    const filter = (hidden: string[]) =>
      JSON.stringify(
        road(SOURCE, options('light', 'road', hidden)).find((layer) => layer.id === 'road-done'),
      );
    expect(filter(['road:done'])).toContain('["literal",["done"]]');
    expect(filter([])).not.toContain('["literal",["done"]]');
    expect(filter(['road'])).toContain('"visibility":"none"');
  });

  it('marks bound areas apart, in grey too, and each can be switched off', () => {
    const edges = BINDING.map((kind) => bindingEdge(kind, palettes.light));
    expect(new Set(edges.map(({ dash, width }) => JSON.stringify([dash, width]))).size).toBe(BINDING.length);
    for (const kind of BINDING) {
      expect(GLYPHS).toContain(`hatch/${kind}`);
      const fill = (hidden: string[]) =>
        JSON.stringify(
          reference(SOURCE, options('light', 'road', hidden)).find(({ id }) => id === `reference-${kind}`),
        );
      expect(fill([`reference:${kind}`])).not.toBe(fill([]));
    }
  });

  it('leaves water projects off the map where coverage does not look at water', () => {
    expect(leftOff('coverage', 'road')).toContain('water_project');
    expect(leftOff('coverage', 'service')).toContain('water_project');
    expect(leftOff('coverage', 'water')).not.toContain('water_project');
    expect(leftOff('coverage', 'water')).not.toContain('village');
  });

  it('names only glyphs that are drawn', () => {
    const glyphs = new Set(GLYPHS);
    for (const value of [
      'village/connected',
      'village/unsurveyed',
      'water_project/built',
      'relocation_site/4',
    ]) {
      expect(glyphs.has(value)).toBe(true);
    }
  });
});

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

describe('the ground', () => {
  const service: Backdrop = {
    id: 'fake',
    name: 'Fake',
    name_en: 'Fake',
    attribution: '(c) fake',
    tiles: ['/tiles/backdrop/fake/0/{z}/{x}/{y}', '/tiles/backdrop/fake/1/{z}/{x}/{y}'],
    min_zoom: 0,
    max_zoom: 18,
    problem: '',
  };
  const style = (ground: Ground, theme: 'light' | 'dark' = 'light') =>
    mapStyle({ ...options(theme, 'road'), ground }, null, 'qiantu://{z}/{x}/{y}');
  const ids = (ground: Ground) => style(ground).layers.map((layer) => layer.id);

  it('is valid whatever it is', () => {
    for (const theme of ['light', 'dark'] as const)
      for (const pictures of [null, service])
        for (const relief of ['', '/tiles/relief/{z}/{x}/{y}.png'])
          for (const world of [true, false])
            expect(validateStyleMin(style({ pictures, relief, world }, theme) as StyleSpecification)).toEqual(
              [],
            );
  });

  it('is under everything: pictures in place of land, relief over land and under the roads', () => {
    const own = ids({ pictures: null, relief: '/tiles/relief/{z}/{x}/{y}.png', world: true });
    expect(own.slice(0, 5)).toEqual(['ground', 'world-water', 'world-river', 'region-land', 'relief']);
    const theirs = ids({ pictures: service, relief: '/tiles/relief/{z}/{x}/{y}.png', world: false });
    expect(theirs.slice(0, 3)).toEqual(['ground', 'backdrop-fake-0', 'backdrop-fake-1']);
    expect(theirs).not.toContain('region-land');
    expect(theirs).not.toContain('relief');
    expect(ids({ pictures: null, relief: '', world: false }).slice(0, 2)).toEqual(['ground', 'region-land']);
  });
});

describe('the palettes', () => {
  it('have the same names', () => {
    expect(Object.keys(palettes.dark)).toEqual(Object.keys(palettes.light));
  });

  for (const [theme, palette] of Object.entries(palettes)) {
    it(`${theme}: text stands out (AA)`, () => {
      for (const ground of [palette.paper, palette.panel]) {
        for (const text of [palette.ink, palette.ink2, palette.azurite]) {
          expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
        }
      }
    });

    it(`${theme}: lines and glyphs stand out from the land (3:1)`, () => {
      const drawn: (keyof Palette)[] = ['malachite', 'azurite', 'ochre', 'cinnabar', 'wisteria'];
      for (const name of drawn) expect(contrast(palette[name], palette.land), name).toBeGreaterThanOrEqual(3);
    });
  }
});
