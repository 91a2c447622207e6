// Relocation sites: gold squares sized by persons, filled from below by the
// share of the capacity that is taken.

import type { ExpressionSpecification } from 'maplibre-gl';
import { FONT, lifted, nameIn, visibility, type LayerMaker } from './layer';

const persons: ExpressionSpecification = ['to-number', ['get', 'persons'], 0];
const capacity: ExpressionSpecification = ['to-number', ['get', 'capacity_persons'], 0];

/** The share taken, in quarters 0..4; 0 where the capacity is not known. */
const quarters: ExpressionSpecification = [
  'case',
  ['>', capacity, 0],
  ['min', 4, ['round', ['*', 4, ['/', persons, capacity]]]],
  0,
];

/** Side of the square relative to its glyph: its area follows the persons. */
const size = (factor: number): ExpressionSpecification => [
  '*',
  factor,
  ['+', 0.55, ['min', 1, ['*', 0.015, ['sqrt', persons]]]],
];

export const relocationSite: LayerMaker = (source, { theme, hidden }) => [
  {
    id: 'relocation_site',
    type: 'symbol',
    source,
    'source-layer': 'relocation_site',
    layout: {
      visibility: visibility(hidden, 'relocation_site'),
      'icon-image': ['concat', `${theme}/relocation_site/`, ['to-string', quarters]],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 7, size(0.55), 10, size(0.9), 14, size(1.3)],
      'icon-allow-overlap': true,
    },
    paint: { 'icon-opacity': lifted('relocation_site', 1) },
  },
];

export const relocationSiteLabel: LayerMaker = (source, { palette: p, lang, hidden }) => [
  {
    id: 'relocation_site-label',
    type: 'symbol',
    source,
    'source-layer': 'relocation_site',
    minzoom: 9.3,
    layout: {
      visibility: visibility(hidden, 'relocation_site'),
      'text-field': nameIn(lang),
      'text-font': FONT,
      'text-size': 12,
      'text-variable-anchor': ['top', 'bottom', 'right', 'left'],
      'text-radial-offset': 1.3,
      'text-justify': 'auto',
      'symbol-sort-key': ['-', 0, persons],
    },
    paint: { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 1.8 },
  },
];
