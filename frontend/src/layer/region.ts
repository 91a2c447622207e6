// Townships filled by warning level at 25 %, edged at 100 %; their names as
// area labels with the completion rate under them.

import type { ExpressionSpecification } from 'maplibre-gl';
import type { Palette } from '../palette';
import { both, FONT, hiddenValues, hovered, nameIn, visibility, without, type LayerMaker } from './layer';

export const LEVELS = ['none', 'blue', 'yellow', 'orange', 'red'] as const;
export type Level = (typeof LEVELS)[number];

function colour(p: Palette, none: string): ExpressionSpecification {
  return [
    'match',
    ['to-string', ['get', 'level']],
    'blue',
    p.blue,
    'yellow',
    p.yellow,
    'orange',
    p.orange,
    'red',
    p.red,
    none,
  ];
}

const warned: ExpressionSpecification = [
  'in',
  ['to-string', ['get', 'level']],
  ['literal', ['blue', 'yellow', 'orange', 'red']],
];

const townships: ExpressionSpecification = ['!=', ['get', 'kind'], 'county'];

/** The ground of the county, under rivers and everything else. */
export const regionLand: LayerMaker = (source, { palette: p }) => [
  {
    id: 'region-land',
    type: 'fill',
    source,
    'source-layer': 'region',
    filter: both(townships),
    paint: { 'fill-color': p.land, 'fill-antialias': false },
  },
];

export const region: LayerMaker = (source, { palette: p, hidden }) => {
  const off = without('level', hiddenValues(hidden, 'region'));
  const base = { source, 'source-layer': 'region' } as const;
  const layout = { visibility: visibility(hidden, 'region') } as const;
  return [
    {
      ...base,
      id: 'region-fill',
      type: 'fill',
      filter: both(townships, off),
      layout,
      paint: {
        'fill-color': colour(p, p.land),
        // 25 % on the county; close up the ground must not drown the roads.
        'fill-opacity': [
          'interpolate',
          ['linear'],
          ['zoom'],
          11,
          ['case', warned, hovered(0.4, 0.25), hovered(0.6, 0)],
          13.5,
          ['case', warned, 0.1, 0],
        ],
      },
    },
    {
      ...base,
      id: 'region-edge',
      type: 'line',
      filter: both(townships),
      paint: { 'line-color': p.ash, 'line-width': 0.8, 'line-opacity': 0.7 },
    },
    {
      ...base,
      id: 'region-warning-edge',
      type: 'line',
      filter: both(townships, warned, off),
      layout: { ...layout, 'line-join': 'round' },
      paint: {
        'line-color': colour(p, p.ash),
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.2, 12, 2.4],
        'line-offset': ['interpolate', ['linear'], ['zoom'], 8, 0.6, 12, 1.2],
      },
    },
    {
      ...base,
      id: 'region-county-edge',
      type: 'line',
      filter: both(['==', ['get', 'kind'], 'county']),
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': p.ink2,
        'line-width': ['interpolate', ['linear'], ['zoom'], 6, 1, 11, 2.4],
        'line-opacity': 0.75,
      },
    },
  ];
};

export const regionLabel: LayerMaker = (source, { palette: p, lang, hidden }) => {
  const name = nameIn(lang);
  const rate: ExpressionSpecification = [
    'case',
    ['has', 'rate'],
    [
      'concat',
      '\n',
      [
        'number-format',
        ['to-number', ['get', 'rate']],
        { 'min-fraction-digits': 2, 'max-fraction-digits': 2 },
      ],
      ' %',
    ],
    '',
  ];
  return [
    {
      id: 'region-label',
      type: 'symbol',
      source,
      'source-layer': 'region_label',
      minzoom: 8.4,
      maxzoom: 14,
      filter: both(['!=', ['get', 'kind'], 'county']),
      layout: {
        'text-field': hidden.has('region')
          ? name
          : ['format', name, { 'font-scale': 1 }, rate, { 'font-scale': 0.86, 'text-color': p.ink2 }],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 8, 11.5, 11, 15],
        'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right'],
        'text-radial-offset': 1.1,
        'text-justify': 'auto',
        'text-max-width': 8,
        'text-letter-spacing': lang === 'en' ? 0 : 0.06,
        'text-padding': 3,
      },
      paint: { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 1.8 },
    },
  ];
};
