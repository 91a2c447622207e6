// The works as they were built: pieces of the task on one day. `start` and
// `done` are days counted from 1970; a piece without one has a day far ahead.

import type { ExpressionSpecification, FilterSpecification } from 'maplibre-gl';
import { both, type LayerMaker } from './layer';

/** A day that never comes. */
export const NEVER = 1_000_000;

const start: ExpressionSpecification = ['get', 'start'];
const done: ExpressionSpecification = ['get', 'done'];

/** Which pieces each layer shows on a day. */
export function replayFilters(day: number): Record<string, FilterSpecification> {
  return {
    'replay-none': both(['>', start, day]),
    'replay-doing': both(['<=', start, day], ['>', done, day]),
    'replay-doing-core': both(['<=', start, day], ['>', done, day]),
    'replay-done': both(['<=', done, day]),
  };
}

const width = (factor: number): ExpressionSpecification => [
  'interpolate',
  ['exponential', 1.5],
  ['zoom'],
  7,
  1.3 * factor,
  10,
  2.6 * factor,
  13,
  4.6 * factor,
  17,
  14 * factor,
];

export const replayLayers: LayerMaker = (source, { palette: p, day }) => {
  if (day === undefined || day === null) return [];
  const filters = replayFilters(day);
  const line = (id: string, color: string, factor: number, dash?: number[]) => ({
    id,
    type: 'line' as const,
    source,
    filter: filters[id] ?? both(),
    layout: { 'line-join': 'round' as const, 'line-cap': dash ? ('butt' as const) : ('round' as const) },
    paint: {
      'line-color': color,
      'line-width': width(factor),
      ...(dash ? { 'line-dasharray': dash } : {}),
    },
  });
  return [
    line('replay-none', p.ash, 0.7, [1.6, 2]),
    line('replay-doing', p.ochre, 1),
    line('replay-doing-core', p.core, 0.35),
    line('replay-done', p.malachite, 1.1),
  ];
};
