// Picks a village of the plan out: its sheet opens, and the map marks it.

import { app } from '../state.svelte';
import { decide } from './decision.svelte';

export function choose(village: number, fly: boolean): void {
  app.closeCard();
  app.point({ layer: 'village', id: String(village), region: app.view.region });
  const row = decide.plan?.villages.find((one) => one.village === village);
  if (fly && row) app.map?.fly({ center: row.at }, 12.5);
}

/** The village whose sheet is open; 0: none. */
export function chosen(): number {
  const { selection } = app.view;
  return selection?.layer === 'village' ? Number(selection.id) || 0 : 0;
}
