// Facilities: seats, schools, clinics, markets, parks; small marks in ink that
// never compete with what the map is about.

import { both, FONT, hiddenValues, lifted, visibility, without, type LayerMaker } from './layer';

export const FACILITY_KINDS = [
  'county_seat',
  'township_seat',
  'school',
  'clinic',
  'market',
  'industrial_park',
] as const;

export const facility: LayerMaker = (source, { palette: p, theme, hidden, lens }) => [
  {
    id: 'facility',
    type: 'symbol',
    source,
    'source-layer': 'facility',
    minzoom: 7,
    filter: both(without('kind', hiddenValues(hidden, 'facility')), [
      'any',
      ['in', ['get', 'kind'], ['literal', ['county_seat', 'township_seat']]],
      // Where services are looked at, schools and clinics stand on the whole county.
      ['>=', ['zoom'], lens === 'service' ? 8 : 11.5],
    ]),
    layout: {
      visibility: visibility(hidden, 'facility'),
      'icon-image': [
        'concat',
        `${theme}/facility/`,
        [
          'match',
          ['to-string', ['get', 'kind']],
          [...FACILITY_KINDS],
          ['to-string', ['get', 'kind']],
          'other',
        ],
      ],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.55, 14, 1],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
    paint: { 'icon-opacity': lifted('facility', 1) },
  },
  {
    id: 'facility-label',
    type: 'symbol',
    source,
    'source-layer': 'facility',
    minzoom: 13,
    filter: without('kind', hiddenValues(hidden, 'facility')),
    layout: {
      visibility: visibility(hidden, 'facility'),
      'text-field': ['get', 'name'],
      'text-font': FONT,
      'text-size': 11,
      'text-variable-anchor': ['bottom', 'top'],
      'text-radial-offset': 0.9,
    },
    paint: { 'text-color': p.ink2, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
  },
];
