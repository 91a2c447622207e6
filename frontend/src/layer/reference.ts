// Reference geometry under everything else: rivers and lakes, and the areas
// that bind a plan: hazard zones, ecological red lines, farmland, floods. Each
// has a pattern and an edge of its own, so that they can lie over each other.

import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from '../palette';
import { both, FONT, hiddenValues, visibility, without, type LayerMaker } from './layer';

const area: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon'];
const line: ExpressionSpecification = ['==', ['geometry-type'], 'LineString'];
const WATER = ['river', 'lake', 'water', 'reservoir'];

export const BINDING = ['hazard', 'red_line', 'farmland', 'flood'] as const;
export type Binding = (typeof BINDING)[number];

interface Edge {
  color: string;
  dash: number[] | null;
  width: number;
}

/** The edge of a binding area: as the map and its legend draw it. */
export function bindingEdge(kind: Binding, p: Palette): Edge {
  switch (kind) {
    case 'hazard':
      return { color: p.cinnabar, dash: [1.4, 1.2], width: 1 };
    case 'red_line':
      return { color: p.cinnabar, dash: null, width: 1.8 };
    case 'farmland':
      return { color: p.malachite, dash: [5, 1.4], width: 1 };
    case 'flood':
      return { color: p.azurite, dash: [5, 1.4, 0.6, 1.4], width: 1.2 };
  }
}

export const reference: LayerMaker = (source, { palette: p, theme, hidden }) => {
  const base = { source, 'source-layer': 'reference' } as const;
  const layout = { visibility: visibility(hidden, 'reference') } as const;
  const off = without('layer', hiddenValues(hidden, 'reference'));
  const water: ExpressionSpecification = [
    'all',
    ['in', ['get', 'layer'], ['literal', WATER]],
    ['literal', !hidden.has('reference:water')],
  ];
  const binding = BINDING.flatMap((kind): LayerSpecification[] => {
    const filter = both(area, ['==', ['get', 'layer'], kind], off);
    const { color, dash, width } = bindingEdge(kind, p);
    return [
      {
        ...base,
        id: `reference-${kind}`,
        type: 'fill',
        filter,
        layout,
        paint: { 'fill-pattern': `${theme}/hatch/${kind}` },
      },
      {
        ...base,
        id: `reference-${kind}-edge`,
        type: 'line',
        minzoom: 9,
        filter,
        layout: { ...layout, 'line-join': 'round' },
        paint: {
          'line-color': color,
          'line-width': ['interpolate', ['linear'], ['zoom'], 9, width * 0.6, 13, width * 1.3],
          ...(dash ? { 'line-dasharray': dash } : {}),
        },
      },
    ];
  });
  return [
    {
      ...base,
      id: 'reference-lake',
      type: 'fill',
      filter: both(area, water),
      layout,
      paint: { 'fill-color': p.river },
    },
    ...binding,
    {
      ...base,
      id: 'reference-river',
      type: 'line',
      filter: both(line, water),
      layout: { ...layout, 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': p.river,
        'line-width': ['interpolate', ['exponential', 1.4], ['zoom'], 7, 1, 10, 2.4, 14, 7],
      },
    },
  ];
};

/** Names of rivers along them. */
export const referenceLabel: LayerMaker = (source, { palette: p, hidden }) => {
  const off = without('layer', hiddenValues(hidden, 'reference'));
  return [
    {
      id: 'reference-label',
      type: 'symbol',
      source,
      'source-layer': 'reference',
      minzoom: 11,
      filter: both(line, ['has', 'name'], ['literal', !hidden.has('reference:water')], off),
      layout: {
        visibility: visibility(hidden, 'reference'),
        'symbol-placement': 'line',
        'symbol-spacing': 500,
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11,
        'text-letter-spacing': 0.2,
        'text-max-angle': 32,
      },
      paint: { 'text-color': p.azurite, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
    },
  ];
};
