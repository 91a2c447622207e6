// The whole map style: a pure function of palette, language, legend and
// selection. Nothing in it comes from outside: no sprite, no glyph server.

import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { BARE, groundLayers, groundSources, reliefLayers, WORLD } from './layer/backdrop';
import { facility } from './layer/facility';
import { both, type LayerOptions } from './layer/layer';
import { move } from './layer/move';
import { reference, referenceLabel } from './layer/reference';
import { NEVER, replayLayers } from './layer/replay';
import { planLabels, planLines, planPoints } from './layer/plan';
import { region, regionLabel, regionLand } from './layer/region';
import { relocationSite, relocationSiteLabel } from './layer/relocation_site';
import { road, roadEdit, roadLabel } from './layer/road';
import { drawnLayers, drawnWords } from './layer/drawn';
import { village, villageApproved, villageLabel } from './layer/village';
import type { Place } from './api';
import type { Drawn } from './state.svelte';
import type { ReplayPiece } from './works/api';
import { dayNumber } from './works/curve';
import { waterProject } from './layer/water_project';

/** The one vector source: all layers of a tile at one revision. */
export const SOURCE = 'qiantu';
export const MIN_ZOOM = 5;
/** What is drawn over the map by hand of the screen: a place, an interval, a track. */
export const DRAWN = 'drawn';
/** Pieces of the task with the days on which they were begun and done. */
export const REPLAY = 'replay';
/** A plan: villages by decision, roads to build, ways to the sites. */
export const PLAN = 'plan';
/** The place of what is picked out. */
const MARKED = 'marked';
/** States of the task, which the replay shows in their place. */
const OF_TASK = ['road:done', 'road:doing', 'road:not_started'];
/** Deepest tile zoom; deeper views stretch these tiles (4096 units at z14 are half a metre). */
export const MAX_TILE_ZOOM = 14;

/** From this zoom on tiles hold every village. */
const ALL_VILLAGES = 9;

/** What is picked out on the map. */
export interface Mark {
  layer: string;
  /** Value of `id`, or of `segment` where the thing is a road segment. */
  id: string;
  county: string;
  segment?: boolean;
  /** Where it lies, once that is known: there it stays marked where a small zoom draws it no more. */
  at?: Place;
}

const makers = [reference, region, move, road, roadEdit, facility, waterProject, village, villageApproved];
/** Symbols that are drawn last are placed first: labels make room for sites, villages for townships. */
const labels = [referenceLabel, roadLabel, villageLabel, relocationSiteLabel, regionLabel, relocationSite];

/** Layers that pick out the marked thing: a broad azurite halo under a line, a ring round a point. */
function marked(mark: Mark | null, { palette: p }: LayerOptions): LayerSpecification[] {
  if (!mark) return [];
  const key = mark.segment ? 'segment' : 'id';
  const filter = both(
    ['==', ['to-string', ['get', key]], mark.id],
    ['==', ['to-string', ['get', 'county']], mark.county],
  );
  const base = { source: SOURCE, 'source-layer': mark.layer, filter } as const;
  const place: LayerSpecification = {
    id: 'marked-place',
    type: 'circle',
    source: MARKED,
    paint: {
      'circle-radius': 9,
      'circle-opacity': 0,
      'circle-stroke-color': p.azurite,
      'circle-stroke-width': 2.5,
    },
  };
  const wide: ExpressionSpecification = ['interpolate', ['exponential', 1.5], ['zoom'], 7, 6, 13, 13, 17, 30];
  if (mark.layer === 'road' || mark.layer === 'move' || mark.layer === 'region') {
    return [
      {
        ...base,
        id: 'marked-line',
        type: 'line',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': p.azurite,
          'line-width': mark.layer === 'region' ? 4 : wide,
          'line-opacity': 0.5,
        },
      },
    ];
  }
  return [
    { ...place, maxzoom: ALL_VILLAGES },
    {
      ...base,
      id: 'marked-point',
      type: 'circle',
      paint: {
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          7,
          mark.layer === 'relocation_site' ? 14 : 9,
          14,
          mark.layer === 'relocation_site' ? 32 : 17,
        ],
        'circle-color': p.azurite,
        'circle-opacity': 0.22,
        'circle-stroke-color': p.azurite,
        'circle-stroke-width': 2.5,
      },
    },
  ];
}

/** The style of the map. `tiles` is the tile address of the source, with {z}/{x}/{y}. */
export function mapStyle(given: LayerOptions, mark: Mark | null, tiles: string): StyleSpecification {
  const replaying = given.day !== undefined && given.day !== null;
  const options = replaying ? { ...given, hidden: new Set([...given.hidden, ...OF_TASK]) } : given;
  const ground = options.ground ?? BARE;
  const land = regionLand(SOURCE, options);
  const drawn = makers.flatMap((make) => make(SOURCE, options));
  const roads = drawn.findIndex((layer) => layer.id === 'road-ground');
  return {
    version: 8,
    name: 'qiantu',
    state: { hovering: { default: '' } },
    sources: {
      [WORLD]: { type: 'geojson', data: drawnData([]) },
      ...groundSources(ground),
      [SOURCE]: { type: 'vector', tiles: [tiles], minzoom: MIN_ZOOM, maxzoom: MAX_TILE_ZOOM },
      [DRAWN]: { type: 'geojson', data: drawnData([]) },
      [REPLAY]: { type: 'geojson', data: drawnData([]) },
      [PLAN]: { type: 'geojson', data: drawnData([]) },
      [MARKED]: { type: 'geojson', data: drawnData(mark?.at ? [{ kind: 'dot', points: [mark.at] }] : []) },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': options.palette.paper } },
      ...groundLayers(ground, options),
      ...(ground.pictures ? [] : land),
      ...reliefLayers(ground, options),
      ...drawn.slice(0, roads),
      ...marked(mark, options),
      ...drawn.slice(roads),
      ...replayLayers(REPLAY, options),
      ...planLines(PLAN, options),
      ...drawnLayers(DRAWN, options),
      ...planPoints(PLAN, options),
      ...labels.flatMap((make) => make(SOURCE, options)),
      ...planLabels(PLAN, options),
      ...drawnWords(DRAWN, options),
    ],
    transition: { duration: 150, delay: 0 },
  };
}

/** What is drawn at one place. */
const POINTS = new Set<Drawn['kind']>(['dot', 'vertex', 'weakest', 'words']);

export function drawnData(features: Drawn[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: features.map(({ kind, points, text = '', band = 0 }) => ({
      type: 'Feature',
      properties: { kind, text, band },
      geometry: POINTS.has(kind)
        ? { type: 'Point', coordinates: points[0] ?? [0, 0] }
        : { type: 'LineString', coordinates: points },
    })),
  };
}

export function replayData(pieces: ReplayPiece[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: pieces.flatMap(({ line, started_on, done_on, road }) =>
      line && line.length > 1
        ? [
            {
              type: 'Feature' as const,
              properties: {
                road,
                start: started_on ? dayNumber(started_on) : NEVER,
                done: done_on ? dayNumber(done_on) : NEVER,
              },
              geometry: { type: 'LineString' as const, coordinates: line },
            },
          ]
        : [],
    ),
  };
}

/** A new style leaves what is drawn over the map as it is. */
export function keepDrawn(
  before: StyleSpecification | undefined,
  next: StyleSpecification,
): StyleSpecification {
  const kept = [DRAWN, REPLAY, PLAN, WORLD].flatMap((name) => {
    const source = before?.sources[name];
    return source ? [[name, source] as const] : [];
  });
  return { ...next, sources: { ...next.sources, ...Object.fromEntries(kept) } };
}

/** Layers that answer the pointer, uppermost first. */
export const TOUCHABLE = [
  'plan-site',
  'plan-village',
  'relocation_site',
  'village',
  'water_project',
  'facility',
  'road-done',
  'road-doing',
  'road-not_started',
  'road-planned',
  'road-unknown',
  'road-existing',
  'move-moved',
  'move-planned',
  'region-fill',
] as const;
