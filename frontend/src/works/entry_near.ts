// Which measure of a road is nearest to a place, by the pieces whose lines are
// known; good enough to draw while a hand moves.

import type { Place } from '../api';
import type { ReplayPiece } from './api';

/** Metres in a degree of latitude. */
const DEGREE_M = 111_320;

export interface Near {
  at_mm: number;
  offset_m: number;
}

/** The nearest point of the leg a-b to p, all in metres: share along it and distance. */
function onLeg(p: Place, a: Place, b: Place): { share: number; distance: number } {
  const shrink = Math.cos((p[1] * Math.PI) / 180);
  const flat = (q: Place): [number, number] => [(q[0] - p[0]) * shrink * DEGREE_M, (q[1] - p[1]) * DEGREE_M];
  const [ax, ay] = flat(a);
  const [bx, by] = flat(b);
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const share = long > 0 ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / long)) : 0;
  return { share, distance: Math.hypot(ax + share * dx, ay + share * dy) };
}

/** Nearest measure of a road, or null where none of its lines is known. */
export function nearestMeasure(pieces: ReplayPiece[], road: number, place: Place): Near | null {
  let best: Near | null = null;
  for (const piece of pieces) {
    if (piece.road !== road || !piece.line || piece.line.length < 2) continue;
    const found = alongLine(piece.line, place);
    if (best && found.distance >= best.offset_m) continue;
    best = {
      at_mm: Math.round(piece.from_mm + found.share * (piece.to_mm - piece.from_mm)),
      offset_m: found.distance,
    };
  }
  return best;
}

/** The nearest place of a line as a share of its length. */
function alongLine(line: Place[], place: Place): { share: number; distance: number } {
  const shrink = Math.cos((place[1] * Math.PI) / 180);
  let run = 0;
  let at = 0;
  let distance = Infinity;
  for (const [i, b] of line.slice(1).entries()) {
    const a = line[i] ?? b;
    const length = Math.hypot((b[0] - a[0]) * shrink, b[1] - a[1]);
    const here = onLeg(place, a, b);
    if (here.distance < distance) {
      distance = here.distance;
      at = run + here.share * length;
    }
    run += length;
  }
  return { share: run > 0 ? at / run : 0, distance };
}
