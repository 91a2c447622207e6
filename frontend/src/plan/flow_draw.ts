// Who goes where as the map draws it: ways and sites now, and faint beside them
// those ways and sites that were otherwise before.

import type { Feature, FeatureCollection } from 'geojson';
import { point, siteFeature, ways, type Way } from './draw';
import type { Flow, FlowRow, FlowSite } from './model';

/** Places within so many degrees go together on a whole county. */
const CELL = 0.12;

function way(row: FlowRow): Way {
  const [from, to] = row.line;
  const cell = from.map((one) => Math.floor(one / CELL)).join(' ');
  return { from, to, site: row.site, township: cell, persons: row.persons };
}

const key = (row: FlowRow) => `${String(row.village)} ${String(row.site)} ${row.line[1].join(' ')}`;

/** Ways of the county as it is that are others now. */
export function goneWays(live: Flow, now: Flow): FlowRow[] {
  const still = new Set(now.rows.map(key));
  return live.rows.filter((row) => !still.has(key(row)));
}

function moved(live: Flow, now: Flow): FlowSite[] {
  const at = new Map(now.sites.map((site) => [site.site, site.at.join(' ')]));
  return live.sites.filter((site) => at.has(site.site) && at.get(site.site) !== site.at.join(' '));
}

export interface FlowShown {
  county: string;
  label: (site: FlowSite) => string;
  /** Names of the villages, where they are known. */
  village: (id: number) => string;
}

function villages(flow: Flow, { county, village }: FlowShown): Feature[] {
  const goes = new Map(flow.rows.map((row) => [row.village, row.line[0]]));
  const made = (id: number, at: [number, number], decision: string) =>
    point('village', at, {
      layer: 'village',
      id,
      county,
      decision,
      glyph: decision,
      turned: false,
      text: village(id),
    });
  return [
    ...[...goes].map(([id, at]) => made(id, at, 'relocate')),
    ...flow.left.filter((one) => !goes.has(one.village)).map((one) => made(one.village, one.at, 'review')),
  ];
}

export function flowFeatures(live: Flow | null, now: Flow, shown: FlowShown): FeatureCollection {
  const site = (one: FlowSite, side: string, text: string) =>
    siteFeature({ ...one, name: '', binding: '', price: 0 }, shown.county, text, side);
  return {
    type: 'FeatureCollection',
    features: [
      ...(live ? ways(goneWays(live, now).map(way), 'before') : []),
      ...ways(now.rows.map(way)),
      ...(live ? moved(live, now).map((one) => site(one, 'before', '')) : []),
      ...villages(now, shown),
      ...now.sites.map((one) => site(one, 'now', shown.label(one))),
    ],
  };
}
