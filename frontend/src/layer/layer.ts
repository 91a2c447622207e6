// What the layers share: how a style layer is asked for, and how the legend
// hides a part of one. A layer has one name in the data, the style and here.

import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from '../palette';
import type { Ground } from './backdrop';

export type { LayerSpecification } from 'maplibre-gl';

/** What coverage looks at: the village glyphs speak of the water, or (road and service) of the road. */
export type Lens = 'road' | 'water' | 'service';

export interface LayerOptions {
  palette: Palette;
  theme: 'light' | 'dark';
  lang: 'zh-CN' | 'en';
  /** What the legend has switched off: `layer` or `layer:value`. */
  hidden: ReadonlySet<string>;
  lens: Lens;
  /** Whether the villages speak of how well the works supply them; else, in the water lens, of how safe their water is. */
  supply?: boolean;
  /** What the map lies on; without it, plain paper. */
  ground?: Ground;
  /** Day of the replay of the works, counted from 1970; null: it is off. */
  day?: number | null;
}

export type LayerMaker = (source: string, options: LayerOptions) => LayerSpecification[];

/** The values of `layer` that the legend has switched off. */
export function hiddenValues(hidden: ReadonlySet<string>, layer: string): string[] {
  const prefix = `${layer}:`;
  return [...hidden].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** `visible`, unless the legend has switched the whole layer off. */
export function visibility(hidden: ReadonlySet<string>, layer: string): 'visible' | 'none' {
  return hidden.has(layer) ? 'none' : 'visible';
}

/** A filter that keeps features whose `attribute` is not among `values`. */
export function without(attribute: string, values: string[]): ExpressionSpecification {
  return ['!', ['in', ['to-string', ['get', attribute]], ['literal', values]]];
}

export function both(...filters: ExpressionSpecification[]): FilterSpecification {
  return ['all', ...filters];
}

/** A name in the reader's language, where the thing has one in it. */
export function nameIn(lang: LayerOptions['lang']): ExpressionSpecification {
  const names: ExpressionSpecification[] = [['get', 'name']];
  if (lang === 'en') names.unshift(['get', 'name_en']);
  return ['coalesce', ...names, ''] as ExpressionSpecification;
}

/** `then` while the pointer rests on the feature, else `otherwise`. */
export function hovered(then: number, otherwise: number): ExpressionSpecification {
  return ['case', ['boolean', ['feature-state', 'hover'], false], then, otherwise];
}

/** The fonts of this machine that draw Latin and Chinese, rare village characters included. */
export const LOCAL_FONTS =
  '"PingFang SC", "Source Han Sans SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", HanaMinA, HanaMinB, sans-serif';

/** Every map label uses this stack; there is no glyph server. */
export const FONT = ['Noto Sans CJK SC Regular'];

/** An opacity of `base`; while the pointer rests on a thing of the layer, it is lifted and all others stand back. */
export function lifted(layer: string, base: number | ExpressionSpecification): ExpressionSpecification {
  return [
    'case',
    ['boolean', ['feature-state', 'hover'], false],
    1,
    ['==', ['global-state', 'hovering'], layer],
    ['*', 0.45, base],
    base,
  ];
}
