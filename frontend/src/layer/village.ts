// Villages as glyphs by verdict: full, half, hollow, and a dotted ring for
// what nobody has surveyed. The lens says which verdict: road, water or supply.

import type { ExpressionSpecification } from 'maplibre-gl';
import {
  both,
  FONT,
  hiddenValues,
  lifted,
  nameIn,
  visibility,
  without,
  type LayerMaker,
  type LayerOptions,
} from './layer';

export const ROAD_VERDICTS = ['connected', 'reached', 'not', 'unknown'] as const;
export const WATER_VERDICTS = ['safe', 'basic', 'unsafe', 'unsurveyed'] as const;

export const SUPPLY_VERDICTS = ['served', 'no_capacity', 'out_of_reach', 'not_surveyed'] as const;

/** Decisions of the approved plan that the map marks. */
export const APPROVED = ['road', 'relocate', 'interim', 'review'] as const;

/** Gaps are drawn above what is well. */
const order = (verdict: ExpressionSpecification): ExpressionSpecification => [
  'match',
  verdict,
  ['not', 'unsafe', 'out_of_reach'],
  3,
  ['reached', 'basic', 'no_capacity'],
  2,
  ['unknown', 'unsurveyed', 'not_surveyed'],
  1,
  0,
];

/** On a whole county what is well is a speck, so that a gap can be seen. */
const speck = (verdict: ExpressionSpecification, well: number, gap: number): ExpressionSpecification => [
  'match',
  verdict,
  ['connected', 'safe', 'basic', 'served'],
  well,
  ['not', 'unsafe', 'out_of_reach', 'no_capacity'],
  gap,
  (well + gap) / 2,
];

interface Spoken {
  group: 'village' | 'water' | 'supply';
  attribute: string;
  fallback: string;
  values: readonly string[];
}

/** What the glyph of a village speaks of: which group of the legend, which attribute, and what it is where there is none. */
export function spokenOf({ lens, supply }: Pick<LayerOptions, 'lens' | 'supply'>): Spoken {
  if (lens !== 'water')
    return { group: 'village', attribute: 'verdict', fallback: 'unknown', values: ROAD_VERDICTS };
  return supply
    ? { group: 'supply', attribute: 'supply', fallback: 'not_surveyed', values: SUPPLY_VERDICTS }
    : { group: 'water', attribute: 'state', fallback: 'unsurveyed', values: WATER_VERDICTS };
}

export const village: LayerMaker = (source, options) => {
  const { theme, hidden } = options;
  const { group, attribute, fallback } = spokenOf(options);
  const verdict: ExpressionSpecification = ['coalesce', ['get', attribute], fallback];
  return [
    {
      id: 'village',
      type: 'symbol',
      source,
      'source-layer': 'village',
      minzoom: 7,
      filter: both(
        without(attribute, hiddenValues(hidden, group)),
        // Hamlets and groups come with zoom: three thousand dots on a county say nothing.
        ['any', ['>=', ['zoom'], 10.5], ['==', ['get', 'kind'], 'administrative'], ['>=', ['zoom'], 8.2]],
      ),
      layout: {
        visibility: visibility(hidden, 'village'),
        'icon-image': ['concat', `${theme}/village/`, verdict],
        'icon-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          7,
          speck(verdict, 0.2, 0.36),
          9.5,
          speck(verdict, 0.24, 0.42),
          11.5,
          speck(verdict, 0.6, 0.72),
          14,
          1,
        ],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': order(verdict),
      },
      paint: { 'icon-opacity': lifted('village', 1) },
    },
  ];
};

/** What the plan in force decided, as a small mark beside the village; of what is connected already nothing is decided. */
export const villageApproved: LayerMaker = (source, { theme, hidden }) => [
  {
    id: 'village-approved',
    type: 'symbol',
    source,
    'source-layer': 'village',
    minzoom: 9,
    filter: both(
      ['in', ['get', 'decision'], ['literal', APPROVED.filter((one) => !hidden.has(`approved:${one}`))]],
      // No mark without its village.
      ['any', ['>=', ['zoom'], 10.5], ['==', ['get', 'kind'], 'administrative']],
    ),
    layout: {
      visibility: hidden.has('village') ? 'none' : visibility(hidden, 'approved'),
      'icon-image': ['concat', `${theme}/decision/`, ['get', 'decision']],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.3, 11.5, 0.46, 14, 0.62],
      'icon-offset': [17, -17],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
    paint: { 'icon-opacity': lifted('village', 1) },
  },
];

export const villageLabel: LayerMaker = (source, { palette: p, lang, hidden }) => [
  {
    id: 'village-label',
    type: 'symbol',
    source,
    'source-layer': 'village',
    minzoom: 11.2,
    filter: ['any', ['==', ['get', 'kind'], 'administrative'], ['>=', ['zoom'], 12.6]],
    layout: {
      visibility: visibility(hidden, 'village'),
      'text-field': nameIn(lang),
      'text-font': FONT,
      'text-size': ['interpolate', ['linear'], ['zoom'], 11, 10.5, 15, 13],
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 0.8,
      'text-justify': 'auto',
      'text-padding': 4,
      // The greater a village, the sooner its name has room.
      'symbol-sort-key': [
        '-',
        0,
        ['coalesce', ['get', 'households'], ['/', ['to-number', ['get', 'persons'], 0], 4]],
      ],
    },
    paint: { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
  },
];
