// A polygon drawn on the map, corner by corner.

import type { Place } from '../api';
import { app } from '../state.svelte';

const OWNER = 'hazard area';

export class Area {
  corners = $state.raw<Place[]>([]);
  drawing = $state(false);

  start(): void {
    this.corners = [];
    this.drawing = true;
    app.map?.takePoints((place) => {
      this.#set([...this.corners, place]);
    });
    this.#set([]);
  }

  undo(): void {
    this.#set(this.corners.slice(0, -1));
  }

  /** Clicks pick things again; the corners stay on the map. */
  stop(): void {
    this.drawing = false;
    app.map?.takePoints(null);
  }

  clear(): void {
    this.stop();
    this.#set([]);
  }

  #set(corners: Place[]): void {
    this.corners = corners;
    const [first] = corners;
    app.map?.draw(OWNER, [
      ...(first && corners.length > 1 ? [{ kind: 'missing' as const, points: [...corners, first] }] : []),
      ...corners.map((place) => ({ kind: 'vertex' as const, points: [place] })),
    ]);
  }
}
