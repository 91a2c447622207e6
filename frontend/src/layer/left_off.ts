// What each panel leaves off the map until the legend says otherwise.

import type { Panel } from '../url';
import type { Lens } from './layer';

const LEFT_OFF: Record<Panel, string[]> = {
  overview: ['move', 'water_project'],
  roads: ['move', 'water_project', 'village'],
  coverage: ['move', 'region'],
  relocation: ['water_project', 'region'],
  scenarios: ['move', 'region', 'water_project'],
  people: ['move', 'water_project'],
  desk: ['move', 'water_project'],
};

/** Where coverage does not look at water, its works would only lie over the villages. */
export function leftOff(panel: Panel, lens: Lens, planning = false): string[] {
  const off = LEFT_OFF[panel];
  // A plan draws villages, sites and moves itself.
  if (planning) return [...off, 'village', 'move', 'relocation_site'];
  return panel === 'coverage' && lens !== 'water' ? [...off, 'water_project'] : off;
}
