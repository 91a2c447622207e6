// The S-curve as numbers: scales, paths and the values of a day.

import type { CurvePoint } from './api';

export const DAY_MS = 86_400_000;

export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The state at the end of a day: that of the last point up to it. */
export function pointOn(points: CurvePoint[], date: string): CurvePoint | null {
  return points.findLast((point) => point.on <= date) ?? null;
}

/** First days of months between two days, thinned to at most `most`. */
export function months(from: number, to: number, most: number): { day: number; label: string }[] {
  const start = new Date(from * DAY_MS);
  const all: { day: number; label: string }[] = [];
  for (let i = 0; all.length < 600; i++) {
    const first = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + i, 1) / DAY_MS;
    if (first > to) break;
    if (first >= from) all.push({ day: first, label: dateOf(first).slice(0, 7) });
  }
  const every = Math.ceil(all.length / Math.max(1, most));
  const good = [1, 2, 3, 4, 6, 12].find((n) => n >= every) ?? every;
  return all.filter((one) => (Number(one.label.slice(5, 7)) - 1) % good === 0);
}

/** A round step for an axis of at most `most` steps up to `whole`. */
export function niceStep(whole: number, most: number): number {
  const raw = whole / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((n) => n * power >= raw) ?? 10) * power;
}

/** A path through points, in steps where what is drawn happens on a day and stays. */
export function path(points: [number, number][], stepped: boolean): string {
  return points
    .map(([x, y], i) => {
      const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
      if (i === 0) return `M${at}`;
      return stepped ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `L${at}`;
    })
    .join('');
}
