// A plan as what the map draws of it.

import type { Feature, FeatureCollection } from 'geojson';
import type { Place } from '../api';
import { RING_PARTS } from '../layer/plan';
import type { DecisionPlan, PlanSite, VillagePlan } from './model';

/** Points of an arc. */
const STEPS = 14;
/** How far an arc leaves the straight line, in parts of its length. */
const BEND = 0.12;

/** A line bent to its left, so that ways there and back lie apart. */
export function arc(from: Place, to: Place): Place[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const mid: Place = [(from[0] + to[0]) / 2 - dy * BEND, (from[1] + to[1]) / 2 + dx * BEND];
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const t = i / STEPS;
    const at = (k: 0 | 1) => (1 - t) ** 2 * from[k] + 2 * t * (1 - t) * mid[k] + t ** 2 * to[k];
    return [at(0), at(1)];
  });
}

export function line(kind: string, points: Place[], more: Record<string, unknown> = {}): Feature {
  return {
    type: 'Feature',
    properties: { kind, ...more },
    geometry: { type: 'LineString', coordinates: points },
  };
}

export function point(kind: string, at: Place, more: Record<string, unknown>): Feature {
  return { type: 'Feature', properties: { kind, ...more }, geometry: { type: 'Point', coordinates: at } };
}

/** Who goes from where to where. */
export interface Way {
  from: Place;
  to: Place;
  site: number;
  township: string;
  persons: number;
}

/** Each way for itself, and for a small scale those of a township to a site as one. */
export function ways(all: Way[], side = 'now'): Feature[] {
  const bundles = new Map<string, Way[]>();
  for (const way of all) {
    const key = `${way.township} ${String(way.site)}`;
    bundles.set(key, [...(bundles.get(key) ?? []), way]);
  }
  const flows = [...bundles.values()].map((list) => {
    const persons = list.reduce((sum, one) => sum + one.persons, 0);
    // A place without persons weighs as one with one.
    const weight = (one: Way) => one.persons || 1;
    const whole = list.reduce((sum, one) => sum + weight(one), 0);
    const mean = (k: 0 | 1) => list.reduce((sum, one) => sum + one.from[k] * weight(one), 0) / whole;
    return line('flow', arc([mean(0), mean(1)], list[0]?.to ?? [0, 0]), { persons, side });
  });
  const own = all.map((way) => line('od', arc(way.from, way.to), { persons: way.persons, side }));
  return [...flows, ...own];
}

/** A site: its size by capacity, its ring by what is taken. */
export function siteFeature(site: PlanSite, county: string, text: string, side = 'now'): Feature {
  const full = site.taken + site.used;
  const share = site.capacity > 0 ? full / site.capacity : full > 0 ? 1 : 0;
  // What is begun shows, and full is only what is full.
  const parts = share >= 1 ? RING_PARTS : Math.min(RING_PARTS - 1, Math.ceil(share * RING_PARTS));
  return point('site', site.at, {
    layer: 'relocation_site',
    id: site.site,
    county,
    name: site.name,
    ring: parts,
    size: Math.min(0.7, 0.008 * Math.sqrt(Math.max(0, site.capacity))),
    text,
    side,
  });
}

export interface Shown {
  /** Villages that the last change turned. */
  turned: ReadonlySet<number>;
  /** The village whose sheet is open. */
  chosen: number;
  /** Words beside a site. */
  label: (site: PlanSite) => string;
}

function villageFeature(row: VillagePlan, county: string, shown: Shown): Feature {
  return point('village', row.at, {
    layer: 'village',
    id: row.village,
    county,
    name: row.name,
    persons: row.persons,
    decision: row.decision,
    glyph: row.decision + (row.band === 'undecided' ? '-open' : ''),
    turned: shown.turned.has(row.village),
    text: row.decision === 'connected' ? '' : row.name,
  });
}

/** Ways of those whom a plan moves. */
export function waysOf(plan: DecisionPlan): Way[] {
  const gates = new Map(plan.sites.map((site) => [site.site, site.at]));
  return plan.villages.flatMap((row) => {
    const to = gates.get(row.site);
    return row.decision === 'relocate' && to
      ? [{ from: row.at, to, site: row.site, township: row.township, persons: row.persons ?? 0 }]
      : [];
  });
}

/** Everything of a plan; those of the chosen village once more, under it. */
export function planFeatures(plan: DecisionPlan, shown: Shown): FeatureCollection {
  const chosen = plan.villages.find((one) => one.village === shown.chosen);
  const segments = new Set(chosen?.segments ?? []);
  const leads = (road: { segments: number[]; villages: number[] }) =>
    road.villages.includes(shown.chosen) && road.segments.some((one) => segments.has(one));
  return {
    type: 'FeatureCollection',
    features: [
      ...plan.roads.flatMap((road) => road.lines.map((points) => line('road', points))),
      ...plan.roads.filter(leads).flatMap((road) => road.lines.map((points) => line('chosen', points))),
      ...ways(waysOf(plan)),
      ...plan.villages.map((row) => villageFeature(row, plan.region, shown)),
      ...plan.sites.map((site) => siteFeature(site, plan.region, shown.label(site))),
    ],
  };
}
