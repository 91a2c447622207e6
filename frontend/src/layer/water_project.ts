// Water projects: triangles, full when built. Where the map speaks of supply,
// those that are too small for all they serve stand out.

import type { ExpressionSpecification } from 'maplibre-gl';
import { hiddenValues, lifted, visibility, without, type LayerMaker } from './layer';

export const WATER_STATES = ['built', 'building', 'planned', 'unknown'] as const;

const state: ExpressionSpecification = ['coalesce', ['get', 'state'], 'unknown'];

export const waterProject: LayerMaker = (source, { theme, hidden, supply }) => [
  {
    id: 'water_project',
    type: 'symbol',
    source,
    'source-layer': 'water_project',
    minzoom: 7.5,
    filter: without('state', hiddenValues(hidden, 'water_project')),
    layout: {
      visibility: visibility(hidden, 'water_project'),
      'icon-image': [
        'concat',
        `${theme}/water_project/`,
        supply ? ['case', ['==', ['get', 'too_small'], 1], 'small', state] : state,
      ],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 7.5, 0.2, 8.5, 0.3, 10, 0.55, 14, 1],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
    paint: {
      // On a whole county, and more so on a phone, they would lie over the villages they serve.
      'icon-opacity': [
        'interpolate',
        ['linear'],
        ['zoom'],
        8,
        lifted('water_project', supply ? 0.8 : 0.45),
        9.5,
        lifted('water_project', 1),
      ],
    },
  },
];
