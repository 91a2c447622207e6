// Places on the map of measures along a route, from the pieces whose lines are
// known. A measure is taken to run evenly along a piece's line.

import type { Place } from '../api';
import type { ReplayPiece, Span } from './api';

function step(a: Place, b: Place): number {
  // Short legs: degrees of longitude shrink with latitude, nothing finer is seen.
  const shrink = Math.cos((a[1] * Math.PI) / 180);
  return Math.hypot((b[0] - a[0]) * shrink, b[1] - a[1]);
}

/** The place at a share of a line, 0 to 1. */
export function along(line: Place[], share: number): Place | null {
  const steps = line.slice(1).map((point, i) => step(line[i] ?? point, point));
  const whole = steps.reduce((sum, one) => sum + one, 0);
  let left = Math.max(0, Math.min(1, share)) * whole;
  for (const [i, length] of steps.entries()) {
    const [a, b] = [line[i], line[i + 1]];
    if (a && b && (left <= length || i === steps.length - 1)) {
      const part = length > 0 ? Math.min(1, left / length) : 0;
      return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
    }
    left -= length;
  }
  return line[0] ?? null;
}

function piecesOf(pieces: ReplayPiece[], road: number): ReplayPiece[] {
  return pieces
    .filter((piece) => piece.road === road && (piece.line?.length ?? 0) > 1)
    .sort((a, b) => a.from_mm - b.from_mm);
}

/** Where measure `mm` of a route is, or null where no piece has it. */
export function placeAt(pieces: ReplayPiece[], road: number, mm: number): Place | null {
  const piece = piecesOf(pieces, road).find((one) => one.from_mm <= mm && mm <= one.to_mm);
  if (!piece?.line) return null;
  return along(piece.line, (mm - piece.from_mm) / Math.max(1, piece.to_mm - piece.from_mm));
}

/** The line between two measures of a route, as far as it is known. */
export function lineBetween(pieces: ReplayPiece[], road: number, span: Span): Place[] {
  const found: Place[] = [];
  for (const piece of piecesOf(pieces, road)) {
    const [from, to] = [Math.max(piece.from_mm, span.from_mm), Math.min(piece.to_mm, span.to_mm)];
    if (from >= to || !piece.line) continue;
    const share = (mm: number) => (mm - piece.from_mm) / (piece.to_mm - piece.from_mm);
    found.push(...cut(piece.line, share(from), share(to)));
  }
  return found;
}

/** The part of a line between two shares of it. */
export function cut(line: Place[], from: number, to: number): Place[] {
  const steps = line.slice(1).map((point, i) => step(line[i] ?? point, point));
  const whole = steps.reduce((sum, one) => sum + one, 0) || 1;
  let run = 0;
  const inner: Place[] = [];
  for (const [i, length] of steps.entries()) {
    const share = run / whole;
    const point = line[i];
    if (point && share > from && share < to) inner.push(point);
    run += length;
  }
  const [start, end] = [along(line, from), along(line, to)];
  return [...(start ? [start] : []), ...inner, ...(end ? [end] : [])];
}
