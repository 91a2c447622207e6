// The proof of a village as lines and words on the map: leg by leg from the
// seat, broken where it fails, the missing metres written there.

import type { Bounds, Place } from '../api';
import type { Drawn } from '../state.svelte';
import type { Proof, ProofLeg } from './api';

/** The place half-way along a line, by the lengths of its pieces on the map. */
export function middle(points: Place[]): Place | null {
  const [first] = points;
  if (!first) return null;
  const lengths = points.slice(1).map((to, i) => apart(points[i] ?? to, to));
  let left = lengths.reduce((sum, one) => sum + one, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    const [from, to] = [points[i], points[i + 1]];
    if (from && to && length > 0 && left <= length) {
      const share = left / length;
      return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    }
    left -= length;
  }
  return first;
}

/** Lengths only compared with each other within one county: degrees, east ones shrunk. */
function apart(a: Place, b: Place): number {
  return Math.hypot((a[0] - b[0]) * Math.cos((a[1] * Math.PI) / 180), a[1] - b[1]);
}

/** Whether a leg fails: it is missing, or what is there does not do. */
export function fails(leg: ProofLeg): boolean {
  return leg.kind === 'missing' || leg.kind === 'straight' || (leg.kind === 'road' && leg.meets === 'no');
}

function kindOf(leg: ProofLeg): Drawn['kind'] {
  if (leg.kind === 'access') return 'access';
  if (fails(leg)) return 'missing';
  return leg.meets === 'yes' ? 'proven' : 'doubtful';
}

/** Neighbouring legs that are drawn alike, joined, so that dashes and words run on. */
export function drawProof(proof: Proof, missing: (metres: number) => string): Drawn[] {
  const lines: Drawn[] = [];
  const words: Drawn[] = [];
  for (const leg of proof.legs) {
    if (leg.coordinates.length < 2) continue;
    const kind = kindOf(leg);
    const last = lines.at(-1);
    const end = last?.points.at(-1);
    const start = leg.coordinates[0];
    if (last?.kind === kind && end && start && end[0] === start[0] && end[1] === start[1])
      last.points.push(...leg.coordinates.slice(1));
    else lines.push({ kind, points: [...leg.coordinates] });
    const at = fails(leg) ? middle(leg.coordinates) : null;
    if (at && leg.length_m > 0) words.push({ kind: 'words', points: [at], text: missing(leg.length_m) });
  }
  const weakest = proof.weakest === null ? undefined : proof.legs[proof.weakest];
  const start = weakest?.coordinates[0];
  if (start) words.unshift({ kind: 'weakest', points: [start] });
  return [...lines, ...words];
}

/** The box round legs; null: nothing of them is drawn. */
export function boundsOf(legs: ProofLeg[]): Bounds | null {
  const places = legs.flatMap((leg) => leg.coordinates);
  if (places.length === 0) return null;
  const lons = places.map((place) => place[0]);
  const lats = places.map((place) => place[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
