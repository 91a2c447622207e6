// Places under the hand.

import type { Place } from '../api';
import type { FlowSite } from './model';

/** Pixels within which a site is taken hold of. */
const REACH = 16;
/** Pixels of the world at zoom 0. */
const WORLD = 512;

/** A place as an edit has it: to the fifth decimal, a metre. */
export function placeText([lon, lat]: Place): string {
  const part = (degrees: number) => String(Number(degrees.toFixed(5)));
  return `${part(lon)}:${part(lat)}`;
}

/** The site nearest to a place of the map, if the hand reaches it; null: none does. */
export function nearest(sites: FlowSite[], [lon, lat]: Place, zoom: number): FlowSite | null {
  const perDegree = (WORLD * 2 ** zoom) / 360;
  const stretch = 1 / Math.cos((lat * Math.PI) / 180);
  let [best, least]: [FlowSite | null, number] = [null, REACH];
  for (const site of sites) {
    const away = Math.hypot(site.at[0] - lon, (site.at[1] - lat) * stretch) * perDegree;
    if (away <= least) [best, least] = [site, away];
  }
  return best;
}

/** So many metres east and north of a place. */
export function nudged([lon, lat]: Place, east: number, north: number): Place {
  const metres = 111_320;
  return [lon + east / (metres * Math.cos((lat * Math.PI) / 180)), lat + north / metres];
}
