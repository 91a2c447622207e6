// What the screen itself draws over the map: the place under the pointer of a
// strip, the chosen interval, a track, a new line, a case.

import type { ExpressionSpecification } from 'maplibre-gl';
import { both, type LayerMaker } from './layer';

const is = (kind: string) => both(['==', ['get', 'kind'], kind]);
const wide: ExpressionSpecification = ['interpolate', ['exponential', 1.5], ['zoom'], 7, 5, 13, 9, 17, 22];

export const drawnLayers: LayerMaker = (source, { palette: p }) => [
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
