// Labels such as K12+345 for measures of a route, by its calibration marks and
// chain breaks. Between two marks the label runs evenly; one label may be two
// places, and then all of them are told.

import type { Span, StripData } from './api';

/** What is chosen by hand snaps to whole ten metres. */
export const SNAP_MM = 10_000;

type Calibration = Pick<StripData, 'marks' | 'breaks'>;

/** A stretch of a route along which labels run evenly. */
interface Run {
  from: number;
  to: number;
  /** Label at either end, mm. */
  first: number;
  last: number;
}

/** `K12+345` in mm of label, or null; K may be small, the plus fullwidth, metres may have decimals. */
export function parseLabel(text: string): number | null {
  const plain = text.normalize('NFKC').trim();
  const found = /^[Kk]?\s*(\d{1,5})\s*\+\s*(\d{1,3}(?:\.\d{1,3})?)$/.exec(plain);
  if (!found) return null;
  return Math.round((Number(found[1]) * 1000 + Number(found[2])) * 1000);
}

/** The label of a value in mm, to whole metres, or to mm where it is none. */
export function writeLabel(mm: number): string {
  const sign = mm < 0 ? '-' : '';
  const size = Math.abs(mm);
  const metres = (size % 1_000_000) / 1000;
  const whole = Number.isInteger(metres);
  const rest = whole ? String(metres).padStart(3, '0') : metres.toFixed(3).padStart(7, '0');
  return `${sign}K${String(Math.floor(size / 1_000_000))}+${rest}`;
}

function runs(road: Calibration, length: number): Run[] {
  const before = new Map<number, number>();
  const after = new Map<number, number>();
  const set = (map: Map<number, number>, at: number, label: string) => {
    const value = parseLabel(label);
    if (value !== null) map.set(at, value);
  };
  for (const mark of road.marks) {
    set(before, mark.at_mm, mark.label);
    set(after, mark.at_mm, mark.label);
  }
  for (const one of road.breaks) {
    set(before, one.at_mm, one.before);
    set(after, one.at_mm, one.after);
  }
  if (!after.has(0)) after.set(0, 0);
  const stops = [...new Set([0, ...after.keys(), length])].filter((at) => at <= length).sort((a, b) => a - b);
  const found: Run[] = [];
  let label = 0;
  for (const [i, from] of stops.slice(0, -1).entries()) {
    const to = stops[i + 1] ?? length;
    const first = after.get(from) ?? label;
    const last = before.get(to) ?? first + (to - from);
    label = last;
    found.push({ from, to, first, last });
  }
  return found;
}

/** The label at a measure; at a break the one ahead of it. */
export function labelAt(road: Calibration, length: number, mm: number): string {
  const all = runs(road, length);
  const run = all.findLast((one) => one.from <= mm) ?? all[0];
  if (!run) return writeLabel(mm);
  const share = run.to > run.from ? (mm - run.from) / (run.to - run.from) : 0;
  return writeLabel(Math.round(run.first + share * (run.last - run.first)));
}

/** All measures that carry a label, from the start on. */
export function measuresOf(road: Calibration, length: number, label: string): number[] {
  const value = parseLabel(label);
  if (value === null) return [];
  const found = runs(road, length).flatMap((run) => {
    const [low, high] = [Math.min(run.first, run.last), Math.max(run.first, run.last)];
    if (value < low || value > high || high === low) return [];
    return [Math.round(run.from + ((value - run.first) / (run.last - run.first)) * (run.to - run.from))];
  });
  return [...new Set(found)];
}

/** A measure on the grid of ten metres; the end of the route is on it too. */
export function snap(mm: number, length: number): number {
  const near = Math.round(mm / SNAP_MM) * SNAP_MM;
  if (length - mm < SNAP_MM / 2 || near > length) return length;
  return Math.max(0, near);
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200].map((km) => km * 1_000_000);

/** Labels for an axis: every step of label inside `view`, at most `most` of them. */
export function ticks(
  road: Calibration,
  length: number,
  view: Span,
  most: number,
): { at: number; label: string }[] {
  const wanted = (view.to_mm - view.from_mm) / Math.max(1, most);
  const step = STEPS.find((one) => one >= wanted) ?? wanted;
  const found = runs(road, length).flatMap((run) => {
    const slope = (run.last - run.first) / Math.max(1, run.to - run.from);
    const inside: { at: number; label: string }[] = [];
    if (slope <= 0) return inside;
    for (let value = Math.ceil(run.first / step) * step; value <= run.last; value += step) {
      const at = run.from + (value - run.first) / slope;
      if (at >= view.from_mm && at <= view.to_mm) inside.push({ at, label: writeLabel(Math.round(value)) });
    }
    return inside;
  });
  return found;
}
