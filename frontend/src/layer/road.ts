// Roads by state, in colour and line style, wider by class and zoom. What is
// not built is drawn under what is.

import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LineLayerSpecification,
} from 'maplibre-gl';
import {
  both,
  FONT,
  hiddenValues,
  hovered,
  lifted,
  nameIn,
  visibility,
  without,
  type LayerMaker,
} from './layer';

export const ROAD_STATES = ['done', 'doing', 'not_started', 'planned', 'unknown', 'existing'] as const;
export type RoadState = (typeof ROAD_STATES)[number];

/** Dashes in line widths; a colour-blind or grey print still tells the states apart. */
export const ROAD_DASH: Record<RoadState, number[] | null> = {
  done: null,
  doing: null,
  not_started: [3, 1.8],
  planned: [1.6, 2],
  unknown: [0.1, 2],
  existing: null,
};

/** The weight of a class: highway classes of OpenStreetMap and technical classes of the bureau. */
export const weight: ExpressionSpecification = [
  'match',
  ['to-string', ['get', 'class']],
  ['motorway', 'trunk', 'expressway', 'national', 'class1', 'motorway_link', 'trunk_link'],
  2.3,
  ['primary', 'secondary', 'provincial', 'class2', 'primary_link', 'secondary_link'],
  1.7,
  ['tertiary', 'county', 'class3', 'tertiary_link'],
  1.3,
  ['unclassified', 'township', 'class4'],
  1.1,
  ['track', 'service', 'path', 'footway'],
  0.7,
  0.95,
];

/** Line width in pixels: `factor` times the class weight, growing with zoom. */
function width(factor: number, plus = 0): DataDrivenPropertyValueSpecification<number> {
  const at = (px: number): ExpressionSpecification => [
    '+',
    ['*', px * factor, weight, hovered(1.7, 1)],
    plus,
  ];
  return ['interpolate', ['exponential', 1.5], ['zoom'], 7, at(0.9), 10, at(1.9), 13, at(3.4), 17, at(12)];
}

/** Codes of the bureau end in that of the county, which every reader knows. */
const shortCode: ExpressionSpecification = [
  'case',
  ['==', ['slice', ['get', 'code'], -6], ['to-string', ['get', 'county']]],
  ['slice', ['get', 'code'], 0, -6],
  ['get', 'code'],
];

/** Roads of the network that are in no programme stand back behind those that are. */
const EXISTING = 0.55;

/** An opacity of main roads and of the others. */
const byClass = (main: number, other: number): ExpressionSpecification =>
  lifted('road', ['case', ['>=', weight, 1.6], main, other]);

/** On a whole county the lanes are but a texture; main roads can be followed at every zoom. */
const standing: ExpressionSpecification = [
  'interpolate',
  ['linear'],
  ['zoom'],
  8,
  byClass(0.6, 0.28),
  12,
  byClass(0.85, 0.68),
];

export const road: LayerMaker = (source, { palette: p, hidden }) => {
  const base = { source, 'source-layer': 'road', type: 'line' } as const;
  const off = hiddenValues(hidden, 'road');
  const is = (state: RoadState) => both(['==', ['get', 'state'], state], without('state', off));
  const layout = {
    visibility: visibility(hidden, 'road'),
    'line-join': 'round',
    'line-cap': 'round',
    // At a crossing the greater road runs through.
    'line-sort-key': weight,
  } as const;
  const butt = { ...layout, 'line-cap': 'butt' } as const;
  const dashed = (state: 'not_started' | 'planned' | 'unknown', color: string) => ({
    ...base,
    id: `road-${state}`,
    filter: is(state),
    layout: state === 'unknown' ? layout : butt,
    paint: {
      'line-color': color,
      'line-width': width(1),
      'line-opacity': lifted('road', 1),
      'line-dasharray': ROAD_DASH[state] ?? [1],
    },
  });
  const among = (...states: RoadState[]) =>
    both(['in', ['get', 'state'], ['literal', states]], without('state', off));
  const casing: NonNullable<LineLayerSpecification['paint']> = {
    'line-color': p.halo,
    'line-width': width(1, 2),
    'line-opacity': ['interpolate', ['linear'], ['zoom'], 8, 0, 10, 0.9],
  };
  return [
    {
      ...base,
      id: 'road-ground',
      filter: without('state', off),
      layout,
      paint: { ...casing, 'line-opacity': 0.55 },
    },
    dashed('planned', p.ash),
    dashed('unknown', p.wisteria),
    dashed('not_started', p.cinnabar),
    { ...base, id: 'road-casing', filter: is('existing'), layout, paint: casing },
    {
      ...base,
      id: 'road-existing',
      filter: is('existing'),
      layout,
      paint: { 'line-color': p.ink, 'line-width': width(EXISTING), 'line-opacity': standing },
    },
    // A case of its own: where a road of the task crosses another, it runs over it.
    { ...base, id: 'road-task-casing', filter: among('done', 'doing'), layout, paint: casing },
    {
      ...base,
      id: 'road-doing',
      filter: is('doing'),
      layout,
      paint: { 'line-color': p.ochre, 'line-width': width(1.25), 'line-opacity': lifted('road', 1) },
    },
    {
      ...base,
      id: 'road-doing-core',
      filter: is('doing'),
      layout,
      paint: { 'line-color': p.core, 'line-width': width(0.4), 'line-opacity': lifted('road', 1) },
    },
    {
      ...base,
      id: 'road-done',
      filter: is('done'),
      layout,
      paint: { 'line-color': p.malachite, 'line-width': width(1.25), 'line-opacity': lifted('road', 1) },
    },
    {
      ...base,
      id: 'road-disputed',
      minzoom: 9,
      filter: both(['==', ['to-number', ['get', 'disputed'], 0], 1], without('state', off)),
      layout: butt,
      paint: {
        'line-color': p.cinnabar,
        'line-width': 1,
        'line-gap-width': width(1.3),
        'line-dasharray': [4, 2],
      },
    },
  ];
};

/** Roads that a what-if touches: cased in wisteria dashes; what is closed is crossed out, what is built or mended drawn as done. */
export const roadEdit: LayerMaker = (source, { palette: p, hidden }) => {
  const base = { source, 'source-layer': 'road' } as const;
  const visible = { visibility: visibility(hidden, 'road') } as const;
  const is = (...deeds: string[]) =>
    both(['in', ['to-string', ['coalesce', ['get', 'edit'], '']], ['literal', deeds]]);
  return [
    {
      ...base,
      id: 'road-edit-made',
      type: 'line',
      filter: is('build', 'improve'),
      layout: { ...visible, 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.malachite, 'line-width': width(1.25) },
    },
    {
      ...base,
      id: 'road-edit-closed',
      type: 'line',
      filter: is('close'),
      layout: { ...visible, 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': p.halo, 'line-width': width(0.9) },
    },
    {
      ...base,
      id: 'road-edit-case',
      type: 'line',
      filter: is('close', 'build', 'improve'),
      layout: { ...visible, 'line-join': 'round' },
      paint: {
        'line-color': p.wisteria,
        'line-width': 2,
        'line-gap-width': width(1.5),
        'line-dasharray': [3, 1.6],
      },
    },
    {
      ...base,
      id: 'road-edit-cross',
      type: 'symbol',
      filter: is('close'),
      layout: {
        ...visible,
        'symbol-placement': 'line',
        'symbol-spacing': 26,
        'text-field': '✕',
        'text-font': FONT,
        'text-size': 13,
        'text-keep-upright': false,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': p.cinnabar, 'text-halo-color': p.halo, 'text-halo-width': 1 },
    },
  ];
};

export const roadLabel: LayerMaker = (source, { palette: p, lang, hidden }) => [
  {
    id: 'road-code',
    type: 'symbol',
    source,
    'source-layer': 'road',
    minzoom: 10,
    filter: both(
      ['has', 'code'],
      ['>=', weight, ['step', ['zoom'], 1.6, 11.5, 1.2, 13, 0]],
      without('state', hiddenValues(hidden, 'road')),
    ),
    layout: {
      visibility: visibility(hidden, 'road'),
      'symbol-placement': 'line',
      'symbol-spacing': 480,
      'text-field': shortCode,
      'text-font': FONT,
      'text-size': 10.5,
      'text-rotation-alignment': 'viewport',
      'text-padding': 14,
      'symbol-sort-key': ['-', 0, weight],
    },
    paint: { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 2.6 },
  },
  {
    id: 'road-label',
    type: 'symbol',
    source,
    'source-layer': 'road',
    minzoom: 12.5,
    filter: both(['has', 'name'], without('state', hiddenValues(hidden, 'road'))),
    layout: {
      visibility: visibility(hidden, 'road'),
      'symbol-placement': 'line',
      'symbol-spacing': 420,
      'text-field': nameIn(lang),
      'text-font': FONT,
      'text-size': 11,
      'text-max-angle': 32,
      'text-padding': 12,
    },
    paint: { 'text-color': p.ink2, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
  },
];
