// What the screen itself draws over the map: the place under the pointer of a
// strip, the chosen interval, a track, a new line, a case, the proof of a
// village, what is reached within a time.

import type { ExpressionSpecification } from 'maplibre-gl';
import { both, FONT, type LayerMaker } from './layer';

const is = (kind: string) => both(['==', ['get', 'kind'], kind]);
const wide: ExpressionSpecification = ['interpolate', ['exponential', 1.5], ['zoom'], 7, 5, 13, 9, 17, 22];

/** Lines of a proof: the same colours as the roads' own states, each with its dash. */
const proof: LayerMaker = (source, { palette: p }) => {
  const base = { type: 'line', source } as const;
  const line = (kind: string, color: string, dash: number[] | null, width: number) => ({
    ...base,
    id: `drawn-${kind}`,
    filter: is(kind),
    layout: { 'line-join': 'round', 'line-cap': dash ? 'butt' : 'round' } as const,
    paint: { 'line-color': color, 'line-width': width, ...(dash ? { 'line-dasharray': dash } : {}) },
  });
  const kinds = ['proven', 'doubtful', 'missing', 'access'];
  return [
    {
      ...base,
      id: 'drawn-proof-ground',
      filter: both(['in', ['get', 'kind'], ['literal', kinds]]),
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': p.halo, 'line-width': 11, 'line-opacity': 0.9 },
    },
    line('proven', p.azurite, null, 5),
    line('doubtful', p.wisteria, [0.7, 0.9], 5.5),
    line('missing', p.cinnabar, [1.6, 1], 6),
    line('access', p.ink, [1, 1.4], 2.4),
  ];
};

/** What is reached within a time: the sooner, the broader and the stronger. */
const reached: LayerMaker = (source, { palette: p }) => [
  {
    id: 'drawn-reached',
    type: 'line',
    source,
    filter: is('reached'),
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: {
      'line-color': p.azurite,
      'line-width': ['max', 2, ['-', 7, ['*', 1.6, ['get', 'band']]]],
      'line-opacity': ['max', 0.35, ['-', 0.9, ['*', 0.18, ['get', 'band']]]],
    },
  },
];

/** Where a path fails first, and words written on the map. */
export const drawnWords: LayerMaker = (source, { palette: p }) => [
  {
    id: 'drawn-weakest',
    type: 'circle',
    source,
    filter: is('weakest'),
    paint: {
      'circle-radius': 7,
      'circle-color': p.halo,
      'circle-stroke-color': p.cinnabar,
      'circle-stroke-width': 3.5,
    },
  },
  {
    id: 'drawn-words',
    type: 'symbol',
    source,
    filter: is('words'),
    layout: {
      'text-field': ['get', 'text'],
      'text-font': FONT,
      'text-size': 13.5,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 0.9,
      'text-allow-overlap': true,
      'text-ignore-placement': false,
    },
    paint: { 'text-color': p.cinnabar, 'text-halo-color': p.halo, 'text-halo-width': 2.4 },
  },
];

export const drawnLayers: LayerMaker = (source, options) => [
  ...reached(source, options),
  ...proof(source, options),
  ...marks(source, options),
];

const marks: LayerMaker = (source, { palette: p }) => [
  {
    id: 'drawn-span',
    type: 'line',
    source,
    filter: is('span'),
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: { 'line-color': p.azurite, 'line-width': wide, 'line-opacity': 0.65 },
  },
  {
    id: 'drawn-case',
    type: 'line',
    source,
    filter: is('case'),
    paint: { 'line-color': p.cinnabar, 'line-width': 2, 'line-gap-width': wide, 'line-dasharray': [3, 2] },
  },
  {
    id: 'drawn-track',
    type: 'line',
    source,
    filter: is('track'),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': p.gold, 'line-width': 3, 'line-dasharray': [2, 1] },
  },
  {
    id: 'drawn-line',
    type: 'line',
    source,
    filter: is('line'),
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': p.azurite, 'line-width': 3, 'line-dasharray': [1, 1.6] },
  },
  {
    id: 'drawn-old',
    type: 'line',
    source,
    filter: is('old'),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': p.ash, 'line-width': 4, 'line-dasharray': [2, 1.4] },
  },
  {
    id: 'drawn-new-case',
    type: 'line',
    source,
    filter: is('new'),
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': p.halo, 'line-width': 8 },
  },
  {
    id: 'drawn-new',
    type: 'line',
    source,
    filter: is('new'),
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': p.ochre, 'line-width': 5 },
  },
  {
    id: 'drawn-carried',
    type: 'line',
    source,
    filter: is('carried'),
    layout: { 'line-join': 'round', 'line-cap': 'butt' },
    paint: { 'line-color': p.malachite, 'line-width': 5 },
  },
  {
    id: 'drawn-vertex',
    type: 'circle',
    source,
    filter: is('vertex'),
    paint: {
      'circle-radius': 4.5,
      'circle-color': p.halo,
      'circle-stroke-color': p.azurite,
      'circle-stroke-width': 2.2,
    },
  },
  {
    id: 'drawn-dot',
    type: 'circle',
    source,
    filter: is('dot'),
    paint: {
      'circle-radius': 7,
      'circle-color': p.azurite,
      'circle-stroke-color': p.halo,
      'circle-stroke-width': 3,
    },
  },
];
