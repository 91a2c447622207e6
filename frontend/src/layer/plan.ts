// A plan over the map: villages by decision, stretches to build, gold lines to
// the sites (bundled by township on a whole county), sites sized by capacity
// with a ring filled by what is taken.

import type { ExpressionSpecification, LineLayerSpecification } from 'maplibre-gl';
import { DECISIONS } from '../plan/model';
import { both, FONT, hiddenValues, without, type LayerMaker } from './layer';

/** From here on each village has its own line; before, those of a township go together. */
export const OWN_LINES = 10.2;
/** Parts of the ring round a site. */
export const RING_PARTS = 16;

const is = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind];
const persons: ExpressionSpecification = ['sqrt', ['max', 0, ['to-number', ['get', 'persons'], 0]]];

/** Decisions that speak of something to do are drawn larger than what is well. */
const speck = (well: number, rest: number): ExpressionSpecification => [
  'match',
  ['get', 'decision'],
  'connected',
  well,
  rest,
];

export const planLines: LayerMaker = (source, { palette: p, hidden }) => {
  const line = { type: 'line', source } as const;
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const gold = (low: number, high: number): NonNullable<LineLayerSpecification['paint']> => ({
    'line-color': p.gold,
    'line-opacity': ['match', ['get', 'side'], 'before', 0.35, 0.75],
    'line-width': ['min', 9, ['+', low, ['*', high, persons]]],
  });
  return [
    {
      ...line,
      id: 'plan-road-case',
      filter: both(is('road')),
      layout: round,
      paint: { 'line-color': p.halo, 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 3, 12, 8] },
    },
    {
      ...line,
      id: 'plan-road',
      filter: both(is('road')),
      layout: { ...round, 'line-cap': 'butt', visibility: hidden.has('decision:road') ? 'none' : 'visible' },
      paint: {
        'line-color': p.malachite,
        'line-width': ['interpolate', ['linear'], ['zoom'], 7, 1.4, 12, 4.5],
        'line-dasharray': [2.2, 0.9],
      },
    },
    {
      ...line,
      id: 'plan-chosen',
      filter: both(is('chosen')),
      layout: round,
      paint: { 'line-color': p.azurite, 'line-width': 9, 'line-opacity': 0.5 },
    },
    {
      ...line,
      id: 'plan-flow',
      maxzoom: OWN_LINES,
      filter: both(is('flow')),
      layout: round,
      paint: gold(0.8, 0.075),
    },
    {
      ...line,
      id: 'plan-od',
      minzoom: OWN_LINES,
      filter: both(is('od')),
      layout: round,
      paint: gold(1, 0.09),
    },
  ];
};

export const planPoints: LayerMaker = (source, { theme, palette: p, hidden }) => [
  {
    id: 'plan-turned',
    type: 'circle',
    source,
    filter: both(is('village'), ['get', 'turned']),
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 7, 7, 12, 15],
      'circle-color': p.azurite,
      'circle-opacity': 0.18,
      'circle-stroke-color': p.azurite,
      'circle-stroke-width': 2.5,
    },
  },
  {
    id: 'plan-village',
    type: 'symbol',
    source,
    filter: both(is('village'), without('decision', hiddenValues(hidden, 'decision'))),
    layout: {
      'icon-image': ['concat', `${theme}/decision/`, ['get', 'glyph']],
      'icon-size': [
        'interpolate',
        ['linear'],
        ['zoom'],
        7,
        speck(0.1, 0.34),
        9.5,
        speck(0.14, 0.46),
        11.5,
        speck(0.36, 0.75),
        14,
        speck(0.7, 1),
      ],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'symbol-sort-key': [
        'case',
        ['boolean', ['get', 'turned'], false],
        9,
        ['match', ['get', 'decision'], 'connected', 0, 1],
      ],
    },
    paint: {},
  },
  {
    id: 'plan-site',
    type: 'symbol',
    source,
    filter: both(is('site')),
    layout: {
      'icon-image': ['concat', `${theme}/site_ring/`, ['to-string', ['get', 'ring']]],
      'icon-size': [
        'interpolate',
        ['linear'],
        ['zoom'],
        7,
        ['+', 0.6, ['get', 'size']],
        12,
        ['+', 1, ['*', 1.6, ['get', 'size']]],
      ],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
    paint: { 'icon-opacity': ['match', ['get', 'side'], 'before', 0.45, 1] },
  },
];

export const planLabels: LayerMaker = (source, { palette: p, hidden }) => [
  {
    id: 'plan-label',
    type: 'symbol',
    source,
    filter: both(
      ['any', is('site'), is('village')],
      ['!=', ['get', 'text'], ''],
      without('decision', hiddenValues(hidden, 'decision')),
      ['any', ['>=', ['zoom'], 12], is('site'), ['get', 'turned']],
    ),
    layout: {
      'text-field': ['get', 'text'],
      'text-font': FONT,
      'text-size': 12,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 1.2,
      'text-justify': 'auto',
      'symbol-sort-key': [
        'case',
        ['boolean', ['get', 'turned'], false],
        0,
        ['match', ['get', 'kind'], 'site', 1, 2],
      ],
    },
    paint: { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 1.8 },
  },
];

/** Every glyph of villages in a plan; `-open`: plans within the gap differ about it. */
export const DECISION_GLYPHS: readonly string[] = DECISIONS.flatMap((one) => [one, `${one}-open`]);
