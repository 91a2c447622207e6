// The pieces of a mapping: laid out on two strips, drawn on the map, and their
// borders moved by hand.

import type { MappingPiece } from './api';

export type Side = 'old' | 'new';

export interface RoadRun {
  road: number;
  length: number;
  /** Where it begins on the strip, mm. */
  offset: number;
}

const spanOf = (piece: MappingPiece, side: Side) =>
  side === 'old'
    ? { road: piece.from_road, from: piece.from_mm, to: piece.to_mm }
    : { road: piece.to_road, from: piece.to_from_mm, to: piece.to_to_mm };

/** The roads of one side, end to end with a gap, each as long as its last border. */
export function runsOf(pieces: MappingPiece[], side: Side, gap: number): RoadRun[] {
  const lengths = new Map<number, number>();
  for (const piece of pieces) {
    const { road, to } = spanOf(piece, side);
    if (road !== null && to !== null) lengths.set(road, Math.max(lengths.get(road) ?? 0, to));
  }
  let offset = 0;
  return [...lengths].map(([road, length]) => {
    const run = { road, length, offset };
    offset += length + gap;
    return run;
  });
}

/** Where a piece lies on the strip of a side; null: it has no such side. */
export function placeOn(
  piece: MappingPiece,
  side: Side,
  runs: RoadRun[],
): { from: number; to: number } | null {
  const { road, from, to } = spanOf(piece, side);
  const run = runs.find((one) => one.road === road);
  return run && from !== null && to !== null ? { from: run.offset + from, to: run.offset + to } : null;
}

/** Pieces that have a place on a side, in its order. */
export function ordered(pieces: MappingPiece[], side: Side): MappingPiece[] {
  return pieces
    .filter((piece) => spanOf(piece, side).from !== null)
    .sort((a, b) => {
      const [p, q] = [spanOf(a, side), spanOf(b, side)];
      return (p.road ?? 0) - (q.road ?? 0) || (p.from ?? 0) - (q.from ?? 0);
    });
}

/**
 * Moves the border at the end of a piece on one side: the piece that follows
 * there begins where this one ends. Null where the border is the end of a road
 * or would leave nothing of one of the two.
 */
export function moveBorder(
  pieces: MappingPiece[],
  piece: MappingPiece,
  side: Side,
  mm: number,
): MappingPiece[] | null {
  const here = spanOf(piece, side);
  const next = pieces.find((one) => {
    const there = spanOf(one, side);
    return one !== piece && there.road === here.road && there.from === here.to;
  });
  if (!next || here.from === null) return null;
  const end = spanOf(next, side).to ?? 0;
  if (mm <= here.from || mm >= end) return null;
  return pieces.map((one) => {
    if (one === piece) return side === 'old' ? { ...one, to_mm: mm } : { ...one, to_to_mm: mm };
    if (one === next) return side === 'old' ? { ...one, from_mm: mm } : { ...one, to_from_mm: mm };
    return one;
  });
}

/** A piece as it is sent: its length follows from its borders. */
export function bare(piece: MappingPiece): Omit<MappingPiece, 'length_m'> {
  const { kind, from_road, from_mm, to_mm, to_road, to_from_mm, to_to_mm, reversed } = piece;
  return { kind, from_road, from_mm, to_mm, to_road, to_from_mm, to_to_mm, reversed };
}

/** Millimetres of a number of metres, so that sums are exact. */
const mm = (m: number) => Math.round(m * 1000);

/** Whether what was completed is all carried or retired, to the millimetre. */
export function reconciles(completed: { before_m: number; carried_m: number; retired_m: number }): boolean {
  return mm(completed.before_m) === mm(completed.carried_m) + mm(completed.retired_m);
}
