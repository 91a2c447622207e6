// Reference geometry under everything else: rivers, lakes, hazard zones.

import type { ExpressionSpecification } from 'maplibre-gl';
import { both, visibility, type LayerMaker } from './layer';

const area: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon'];
const line: ExpressionSpecification = ['==', ['geometry-type'], 'LineString'];
const water: ExpressionSpecification = [
  'in',
  ['get', 'layer'],
  ['literal', ['river', 'lake', 'water', 'reservoir']],
];

export const reference: LayerMaker = (source, { palette: p, theme, hidden }) => {
  const base = { source, 'source-layer': 'reference' } as const;
  const layout = { visibility: visibility(hidden, 'reference') } as const;
  return [
    {
      ...base,
      id: 'reference-lake',
      type: 'fill',
      filter: both(area, water),
      layout,
      paint: { 'fill-color': p.river },
    },
    {
      ...base,
      id: 'reference-hazard',
      type: 'fill',
      filter: both(area, ['==', ['get', 'layer'], 'hazard']),
      layout,
      paint: { 'fill-pattern': `${theme}/hatch/hazard` },
    },
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
