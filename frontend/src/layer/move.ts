// Moves: gold lines from the village that was left to the site.

import type { ExpressionSpecification, LineLayerSpecification } from 'maplibre-gl';
import { both, hovered, lifted, visibility, type LayerMaker } from './layer';

const persons: ExpressionSpecification = ['sqrt', ['to-number', ['get', 'persons'], 0]];

export const move: LayerMaker = (source, { palette: p, hidden }) => {
  const base = { type: 'line', source, 'source-layer': 'move' } as const;
  const layout = { visibility: visibility(hidden, 'move'), 'line-cap': 'round' } as const;
  const at = (px: number): ExpressionSpecification => [
    '*',
    px,
    ['+', 0.7, ['*', 0.09, persons]],
    hovered(2, 1),
  ];
  const paint: LineLayerSpecification['paint'] = {
    'line-color': p.gold,
    'line-width': ['interpolate', ['linear'], ['zoom'], 7, at(0.5), 12, at(1.6)],
    'line-opacity': ['interpolate', ['linear'], ['zoom'], 7, lifted('move', 0.55), 11, lifted('move', 0.85)],
  };
  return [
    {
      ...base,
      id: 'move-planned',
      filter: both(['==', ['get', 'state'], 'planned']),
      layout: { ...layout, 'line-cap': 'butt' },
      paint: { ...paint, 'line-dasharray': [2, 2] },
    },
    {
      ...base,
      id: 'move-moved',
      filter: both(['!=', ['get', 'state'], 'planned']),
      layout,
      paint,
    },
  ];
};
