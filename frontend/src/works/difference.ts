// Why a figure moved, as it is asked for and as it is drawn.

import type { Difference } from './api';

export const PRESETS = ['week', 'month', 'known', 'own'] as const;
export type Preset = (typeof PRESETS)[number];

export interface Earlier {
  from_as_of: string;
  /** Instant; empty: as it is known now. */
  from_known_at: string;
}

const DAY_MS = 86_400_000;

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The earlier report of a preset, of a later one on `asOf`. `now` is the present. */
export function earlierOf(preset: Exclude<Preset, 'own'>, asOf: string, now: Date): Earlier {
  const day = new Date(`${asOf}T00:00:00Z`);
  if (preset === 'known')
    return { from_as_of: asOf, from_known_at: new Date(now.getTime() - DAY_MS).toISOString() };
  if (preset === 'week')
    return { from_as_of: dayOf(new Date(day.getTime() - 7 * DAY_MS)), from_known_at: '' };
  // The last day of a longer month becomes the last of a shorter one.
  const before = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 0));
  before.setUTCDate(Math.min(before.getUTCDate(), day.getUTCDate()));
  return { from_as_of: dayOf(before), from_known_at: '' };
}

export interface Bar {
  key: string;
  /** Ends on the axis, 0 to 1, the smaller first. */
  from: number;
  to: number;
  kind: 'whole' | 'up' | 'down' | 'none';
  /** Where the running value stands after it, 0 to 1. */
  at: number;
}

export interface Waterfall {
  bars: Bar[];
  /** Value at the left end of the axis. */
  low: number;
  high: number;
}

/** What a step moves the value by: percentage points, or the numerator where it is no percentage. */
export function moved(step: Difference['steps'][number]): number {
  return step.value_pp ?? step.numerator;
}

/** The value a report shows, in the unit of the steps. */
export function valueOf(difference: Difference, at: 'before' | 'after'): number {
  const figure = difference[at];
  const value = difference.unit === '%' ? figure.value : (figure.numerator ?? figure.value);
  return difference.unit === '%' ? Math.round((value ?? 0) * 100) / 100 : (value ?? 0);
}

/** The bars of a difference. The axis runs from somewhat below the least value, so that small steps are seen. */
export function waterfall(difference: Difference): Waterfall {
  const stands = [valueOf(difference, 'before')];
  for (const step of difference.steps) stands.push((stands.at(-1) ?? 0) + moved(step));
  const [least, most] = [Math.min(...stands), Math.max(...stands)];
  const room = (most - least) * 0.25 || Math.max(1, Math.abs(most) * 0.05);
  const low = least >= 0 ? Math.max(0, least - room) : least - room;
  const high = most + room * 0.2;
  const x = (value: number) => (value - low) / (high - low);
  const bars: Bar[] = [
    { key: 'before', from: 0, to: x(stands[0] ?? 0), kind: 'whole', at: x(stands[0] ?? 0) },
  ];
  for (const [i, step] of difference.steps.entries()) {
    const [a, b] = [stands[i] ?? 0, stands[i + 1] ?? 0];
    bars.push({
      key: step.cause,
      from: x(Math.min(a, b)),
      to: x(Math.max(a, b)),
      kind: moved(step) === 0 ? 'none' : moved(step) > 0 ? 'up' : 'down',
      at: x(b),
    });
  }
  const end = x(valueOf(difference, 'after'));
  bars.push({ key: 'after', from: 0, to: end, kind: 'whole', at: end });
  return { bars, low, high };
}

/** Whether the steps add up: numerators, denominators and unknowns to the millimetre or fen, shown values to the hundredth. */
export function addsUp(difference: Difference): boolean {
  const { before, after, steps } = difference;
  const fits = (name: 'numerator' | 'denominator' | 'unknown') => {
    const sum = steps.reduce((all, step) => all + (step[name] ?? 0), before[name] ?? 0);
    return Math.abs(sum - (after[name] ?? 0)) < 5e-7;
  };
  const shown =
    difference.unit !== '%' ||
    before.value === null ||
    after.value === null ||
    Math.abs(
      steps.reduce((all, step) => all + moved(step), valueOf(difference, 'before')) -
        valueOf(difference, 'after'),
    ) < 5e-7;
  return fits('numerator') && fits('denominator') && fits('unknown') && shown;
}
