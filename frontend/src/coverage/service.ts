// Services within some minutes, and what of the roads is reached from a place.

import type { Place } from '../api';
import type { Drawn } from '../state.svelte';
import type { Isochrone } from './api';

/** A row of the coverage report that counts who reaches a kind of facility in time. */
export const SERVICE_METRIC = /^(school|clinic|market|township_seat|county_seat)_within_(\d+)$/;

interface Reached {
  minutes: number;
  line: Place[];
}

function reachedOf(isochrone: Isochrone): Reached[] {
  return isochrone.features.flatMap(({ properties, geometry }) =>
    properties.kind === 'reached' && geometry.type === 'LineString' && properties.minutes
      ? [{ minutes: properties.minutes, line: geometry.coordinates as Place[] }]
      : [],
  );
}

/** The reached roads as lines, the farthest first so that the nearest lie on top. */
export function drawReached(isochrone: Isochrone, times: readonly number[]): Drawn[] {
  return reachedOf(isochrone)
    .sort((a, b) => b.minutes - a.minutes)
    .map(({ minutes, line }) => ({
      kind: 'reached',
      points: line,
      band: Math.max(0, times.indexOf(minutes)),
    }));
}

const EARTH_M = 6_371_008.8;

/** Metres of a line on the sphere; the map only shows them, no figure is made of them. */
function metres(line: Place[]): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  return line.slice(1).reduce((sum, to, i) => {
    const from = line[i] ?? to;
    const x = rad(to[0] - from[0]) * Math.cos(rad((to[1] + from[1]) / 2));
    return sum + EARTH_M * Math.hypot(x, rad(to[1] - from[1]));
  }, 0);
}

/** Metres of road reached within each of the times, those of the shorter included. */
export function reachedMetres(
  isochrone: Isochrone,
  times: readonly number[],
): { minutes: number; metres: number }[] {
  const all = reachedOf(isochrone).map(({ minutes, line }) => ({ minutes, metres: metres(line) }));
  return times.map((minutes) => ({
    minutes,
    metres: all.filter((one) => one.minutes <= minutes).reduce((sum, one) => sum + one.metres, 0),
  }));
}
