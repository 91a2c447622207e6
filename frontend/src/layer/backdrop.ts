// What the map lies on: land and water of the world without any border, shaded
// relief where a terrain model is stored, or pictures of a configured service.

import type { RasterLayerSpecification, SourceSpecification } from 'maplibre-gl';
import { both, type LayerOptions, type LayerSpecification } from './layer';

/** Sea, lakes and rivers of the world. */
export const WORLD = 'world';
const RELIEF = 'relief';
const RELIEF_ZOOM = 12;

/** A service of map tiles, as this service hands it on. */
export interface Backdrop {
  id: string;
  name: string;
  name_en: string;
  attribution: string;
  tiles: string[];
  min_zoom: number;
  max_zoom: number;
  problem: string;
}

/** What is laid under the map. */
export interface Ground {
  /** Pictures in place of land and water. */
  pictures: Backdrop | null;
  /** Address of the tiles of shaded relief; empty: none. */
  relief: string;
  /** Whether sea, lakes and rivers of the world are drawn. */
  world: boolean;
}

export const BARE: Ground = { pictures: null, relief: '', world: false };

/** Maps take whole addresses; a test, which has no page, none at all. */
function whole(path: string): string {
  return typeof location === 'undefined'
    ? path
    : new URL(path, location.origin).href.replace(/%7B(\w)%7D/g, '{$1}');
}

const picture = (id: string, index: number) => `backdrop-${id}-${String(index)}`;

export function groundSources({ pictures, relief }: Ground): Record<string, SourceSpecification> {
  const sources: Record<string, SourceSpecification> = {};
  pictures?.tiles.forEach((tiles, index) => {
    sources[picture(pictures.id, index)] = {
      type: 'raster',
      tiles: [whole(tiles)],
      tileSize: 256,
      minzoom: pictures.min_zoom,
      maxzoom: pictures.max_zoom,
    };
  });
  if (relief)
    sources[RELIEF] = {
      type: 'raster',
      tiles: [whole(relief)],
      tileSize: 256,
      minzoom: 6,
      maxzoom: RELIEF_ZOOM,
    };
  return sources;
}

/** Pictures of a service stand back, so that what is drawn over them can be read. */
export function groundLayers(
  { pictures, world }: Ground,
  { palette: p, theme }: LayerOptions,
): LayerSpecification[] {
  if (pictures)
    return pictures.tiles.map((_, index): RasterLayerSpecification => {
      const id = picture(pictures.id, index);
      const paint =
        theme === 'dark'
          ? { 'raster-opacity': 0.55, 'raster-saturation': -0.5, 'raster-brightness-max': 0.55 }
          : { 'raster-opacity': 0.75, 'raster-saturation': -0.35 };
      return { id, type: 'raster', source: id, paint };
    });
  if (!world) return [];
  const is = (kind: string) => both(['==', ['get', 'kind'], kind]);
  // Its lines are a kilometre off: close up the county's own water takes their place.
  const fade = (to: number): [string, ...unknown[]] => ['interpolate', ['linear'], ['zoom'], 8, to, 10.5, 0];
  return [
    {
      id: 'world-water',
      type: 'fill',
      source: WORLD,
      maxzoom: 10.5,
      filter: both(['in', ['get', 'kind'], ['literal', ['sea', 'lake']]]),
      paint: { 'fill-color': p.river, 'fill-opacity': fade(0.7) as never, 'fill-antialias': false },
    },
    {
      id: 'world-river',
      type: 'line',
      source: WORLD,
      maxzoom: 10.5,
      filter: is('river'),
      paint: { 'line-color': p.river, 'line-width': 1, 'line-opacity': fade(0.8) as never },
    },
  ];
}

/** Relief lies over the ground of the county and under all else. */
export function reliefLayers({ relief, pictures }: Ground, { theme }: LayerOptions): LayerSpecification[] {
  if (!relief || pictures) return [];
  const strong = theme === 'dark' ? 0.55 : 0.32;
  return [
    {
      id: 'relief',
      type: 'raster',
      source: RELIEF,
      paint: {
        // Close up a slope fills the screen: it must not grey what lies on it.
        'raster-opacity': ['interpolate', ['linear'], ['zoom'], 8, strong, 11, strong, 14, strong * 0.5],
        'raster-fade-duration': 150,
      },
    },
  ];
}
