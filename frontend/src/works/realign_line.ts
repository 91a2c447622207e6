// Lines that are drawn by hand: how long they are, where they come near
// another, how a stretch of a route is replaced, and lines out of GeoJSON.

import type { Place } from '../api';
import { cut } from './place';

const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Metres between two places on a sphere; good to half a per cent, for what is said while drawing. */
export function metres(a: Place, b: Place): number {
  const lat = ((a[1] + b[1]) / 2) * RAD;
  return EARTH_M * RAD * Math.hypot((b[0] - a[0]) * Math.cos(lat), b[1] - a[1]);
}

export function lengthOf(line: Place[]): number {
  return line.slice(1).reduce((sum, point, i) => sum + metres(line[i] ?? point, point), 0);
}

export interface Near {
  place: Place;
  /** The leg it lies on: between this point and the next. */
  leg: number;
  metres: number;
}

/** The place on a line that is nearest to another; null: there is no line. */
export function nearest(line: Place[], to: Place): Near | null {
  let best: Near | null = null;
  const shrink = Math.cos(to[1] * RAD);
  for (let leg = 0; leg + 1 < line.length; leg++) {
    const [a, b] = [line[leg], line[leg + 1]];
    if (!a || !b) continue;
    const [dx, dy] = [(b[0] - a[0]) * shrink, b[1] - a[1]];
    const [px, py] = [(to[0] - a[0]) * shrink, to[1] - a[1]];
    const size = dx * dx + dy * dy;
    const share = size > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / size)) : 0;
    const place: Place = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
    const away = metres(place, to);
    if (!best || away < best.metres) best = { place, leg, metres: away };
  }
  return best;
}

/** Points that follow each other on the same spot are one. */
export function tidy(line: Place[]): Place[] {
  return line.filter((point, i) => {
    const before = line[i - 1];
    return !before || metres(before, point) > 0.001;
  });
}

export interface Stretch {
  head: Place[];
  middle: Place[];
  tail: Place[];
}

/** A line in three: before, inside and after two shares of it. The inside keeps its own points alone. */
export function stretch(line: Place[], from: number, to: number): Stretch {
  return {
    head: from > 0 ? cut(line, 0, from) : [],
    middle: cut(line, from, to).slice(from > 0 ? 1 : 0, to < 1 ? -1 : undefined),
    tail: to < 1 ? cut(line, to, 1) : [],
  };
}

function isPlace(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    Number.isFinite(value[0]) &&
    Number.isFinite(value[1]) &&
    Math.abs(value[0] as number) <= 180 &&
    Math.abs(value[1] as number) <= 90
  );
}

function linesIn(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  const thing = value as Record<string, unknown>;
  if (thing['type'] === 'FeatureCollection' && Array.isArray(thing['features']))
    return thing['features'].flatMap(linesIn);
  if (thing['type'] === 'GeometryCollection' && Array.isArray(thing['geometries']))
    return thing['geometries'].flatMap(linesIn);
  if (thing['type'] === 'Feature') return linesIn(thing['geometry']);
  if (thing['type'] === 'LineString' && Array.isArray(thing['coordinates'])) return [thing['coordinates']];
  if (thing['type'] === 'MultiLineString' && Array.isArray(thing['coordinates']))
    return thing['coordinates'].filter((one): one is unknown[] => Array.isArray(one));
  return [];
}

export type Read = { line: Place[] } | { why: 'json' | 'none' | 'several' | 'place' | 'short' };

/** The one line of a GeoJSON text, longitude and latitude; heights are left out. */
export function readGeoJson(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: 'json' };
  }
  // Bare coordinates are taken as well: that is what people copy.
  const found = Array.isArray(value) && value.every((one) => Array.isArray(one)) ? [value] : linesIn(value);
  if (found.length === 0) return { why: 'none' };
  if (found.length > 1) return { why: 'several' };
  const points = found[0] ?? [];
  if (!points.every(isPlace)) return { why: 'place' };
  const line = tidy(points.map((point): Place => [point[0], point[1]]));
  return line.length < 2 ? { why: 'short' } : { line };
}

/** Degrees of latitude that some pixels cover at a zoom of the map. */
export function reachOf(pixels: number, zoom: number, lat: number): number {
  return (pixels * 360 * Math.cos(lat * RAD)) / (512 * 2 ** zoom);
}

/** Metres of a degree of latitude. */
export const DEGREE_M = EARTH_M * RAD;
