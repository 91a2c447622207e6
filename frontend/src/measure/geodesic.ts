// True lengths and areas on the CGCS2000 ellipsoid, as the service and PostGIS
// (geography) measure them: between points as the shortest way runs, in metres.

import type { Place } from '../api';

const A = 6378137;
/** Flattening of CGCS2000. */
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RAD = Math.PI / 180;

/** Beyond this many rounds two points lie all but opposite each other on the globe. */
const ROUNDS = 100;
/** Pieces of an edge are no longer than this when its area is summed up, metres. */
const PIECE = 100;
const MOST_PIECES = 2000;

/**
 * The length of the shortest way between two places, metres (Vincenty 1975, inverse; to a tenth of a millimetre).
 * Of places opposite each other on the globe, which no county holds, NaN.
 */
export function distance([lon1, lat1]: Place, [lon2, lat2]: Place): number {
  if (lon1 === lon2 && lat1 === lat2) return 0;
  const [u1, u2] = [Math.atan((1 - F) * Math.tan(lat1 * RAD)), Math.atan((1 - F) * Math.tan(lat2 * RAD))];
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  const apart = Math.atan2(Math.sin((lon2 - lon1) * RAD), Math.cos((lon2 - lon1) * RAD));
  let lambda = apart;
  for (let round = 0; round < ROUNDS; round++) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = sinS === 0 ? 0 : (cos1 * cos2 * sinL) / sinS;
    const cos2A = 1 - sinA * sinA;
    const cosM = cos2A === 0 ? 0 : cosS - (2 * sin1 * sin2) / cos2A;
    const c = (F / 16) * cos2A * (4 + F * (4 - 3 * cos2A));
    const next = apart + (1 - c) * F * sinA * (sigma + c * sinS * (cosM + c * cosS * (2 * cosM * cosM - 1)));
    if (Math.abs(next - lambda) < 1e-13) return along(cos2A, sigma, sinS, cosS, cosM);
    lambda = next;
  }
  return NaN;
}

/** Metres of an arc on the auxiliary sphere. */
function along(cos2A: number, sigma: number, sinS: number, cosS: number, cosM: number): number {
  const u2 = (cos2A * (A * A - B * B)) / (B * B);
  const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const m2 = cosM * cosM;
  const off =
    b *
    sinS *
    (cosM + (b / 4) * (cosS * (2 * m2 - 1) - (b / 6) * cosM * (4 * sinS * sinS - 3) * (4 * m2 - 3)));
  return B * a * (sigma - off);
}

/** The length of a line, metres. */
export function length(points: Place[]): number {
  return points.slice(1).reduce((sum, point, i) => sum + distance(points[i] ?? point, point), 0);
}

/** The area between the equator and a latitude for each radian of longitude, square metres. */
function zone(lat: number): number {
  const s = Math.sin(lat * RAD);
  return ((B * B) / 2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);
}

/** The place under a share of the straight line between two: beside the shortest way by a hair. */
function between([lon1, lat1]: Place, [lon2, lat2]: Place, share: number): Place {
  const spot = (lon: number, lat: number) => {
    const n = A / Math.sqrt(1 - E2 * Math.sin(lat * RAD) ** 2);
    return [
      n * Math.cos(lat * RAD) * Math.cos(lon * RAD),
      n * Math.cos(lat * RAD) * Math.sin(lon * RAD),
      n * (1 - E2) * Math.sin(lat * RAD),
    ] as const;
  };
  const [p, q] = [spot(lon1, lat1), spot(lon2, lat2)];
  const [x, y, z] = [0, 1, 2].map((i) => (p[i] ?? 0) * (1 - share) + (q[i] ?? 0) * share) as [
    number,
    number,
    number,
  ];
  const wide = Math.hypot(x, y);
  let lat = Math.atan2(z, (1 - E2) * wide);
  // The foot of the plumb line: each round leaves a hundredth of what is off.
  for (let round = 0; round < 4; round++) {
    const sin = Math.sin(lat);
    lat = Math.atan2(z + (E2 * A * sin) / Math.sqrt(1 - E2 * sin * sin), wide);
  }
  return [Math.atan2(y, x) / RAD, lat / RAD];
}

/**
 * The area inside a ring, square metres, whichever way round it runs; it need not be closed. Each edge is cut into pieces,
 * under which the exact area of the ellipsoid is summed up. A ring that crosses itself counts twice what it goes round twice.
 */
export function area(ring: Place[]): number {
  let sum = 0;
  ring.forEach((from, i) => {
    const to = ring[(i + 1) % ring.length] ?? from;
    const pieces = Math.max(1, Math.min(MOST_PIECES, Math.ceil(distance(from, to) / PIECE) || 1));
    let [lon, at] = [from[0], zone(from[1])];
    for (let k = 1; k <= pieces; k++) {
      const [nextLon, nextLat] = k === pieces ? to : between(from, to, k / pieces);
      const next = zone(nextLat);
      const wide = Math.atan2(Math.sin((nextLon - lon) * RAD), Math.cos((nextLon - lon) * RAD));
      sum += (wide * (at + next)) / 2;
      [lon, at] = [nextLon, next];
    }
  });
  return Math.abs(sum);
}
