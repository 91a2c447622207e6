// Dragging along a road on the map. What the pointer is over is drawn at once
// from the lines that are known; the service says the exact places at the end.

import { asProblem } from '../http';
import type { Place } from '../api';
import { app } from '../state.svelte';
import { works as service, type Located } from './api';
import { snap } from './chainage';
import { entry } from './entry_draft.svelte';
import { nearestMeasure } from './entry_near';
import { works } from './works.svelte';

/** Pixels from the line within which a drag begins. */
const REACH_PX = 28;
/** Farther from a road nobody means it, m. */
const FAR_M = 400;
const EQUATOR_M = 40_075_016.686;
const TILE_PX = 512;

class MapDrag {
  on = $state(false);
  /** What went wrong with the last drag. */
  say = $state<'' | 'far' | 'none'>('');
  offset = $state(0);
  #from: Place | null = null;
  #fromMM: number | null = null;

  toggle(): void {
    if (this.on) this.stop();
    else this.start();
  }

  start(): void {
    this.on = true;
    this.say = '';
    app.map?.takeDrag({
      down: (place) => this.#down(place),
      move: (place) => {
        this.#move(place);
      },
      up: (place) => void this.#up(place),
    });
  }

  stop(): void {
    this.on = false;
    this.say = '';
    app.map?.takeDrag(null);
  }

  #reach(place: Place): number {
    const zoom = app.view.place?.zoom ?? 12;
    const metresPerPixel = (EQUATOR_M * Math.cos((place[1] * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);
    return REACH_PX * metresPerPixel;
  }

  /** Whether the drag is ours; else the map moves. */
  #down(place: Place): boolean {
    const near = works.road ? nearestMeasure(works.pieces, Number(works.road), place) : null;
    if (near && near.offset_m > this.#reach(place)) return false;
    this.#from = place;
    this.#fromMM = near?.at_mm ?? null;
    this.say = '';
    return true;
  }

  #move(place: Place): void {
    if (this.#fromMM === null) return;
    const near = nearestMeasure(works.pieces, Number(works.road), place);
    const length = works.strip?.road.length_mm ?? 0;
    if (!near || length === 0) return;
    entry.show({ from_mm: snap(this.#fromMM, length), to_mm: snap(near.at_mm, length) });
  }

  async #up(place: Place): Promise<void> {
    const from = this.#from;
    const guess = this.#fromMM;
    this.#from = null;
    this.#fromMM = null;
    if (!from) return;
    try {
      const start = await this.#locate(from, Number(works.road) || undefined, guess);
      if (!start) return;
      const near = nearestMeasure(works.pieces, start.road, place);
      const end = await this.#locate(place, start.road, near?.at_mm ?? null);
      if (end) this.#take(start, end);
    } catch (cause) {
      entry.problem = asProblem(cause);
    }
  }

  /** The place on a road; of several the one nearest to what the drawn line says. */
  async #locate(point: Place, road: number | undefined, guess: number | null): Promise<Located | null> {
    const places = await service.locate({ region: app.view.region, point, ...(road ? { road } : {}) });
    const [first] = places;
    if (!first) {
      this.say = 'none';
      return null;
    }
    if (first.offset_m > Math.max(FAR_M, this.#reach(point))) {
      this.say = 'far';
      this.offset = first.offset_m;
      return null;
    }
    if (guess === null) return first;
    return places
      .filter((one) => one.road === first.road)
      .reduce(
        (best, one) => (Math.abs(one.at_mm - guess) < Math.abs(best.at_mm - guess) ? one : best),
        first,
      );
  }

  #take(start: Located, end: Located): void {
    entry.takeRoad({ id: start.road, code: start.code, name: start.name });
    const length = works.strip?.road.id === start.road ? works.strip.road.length_mm : Infinity;
    const [a, b] = [snap(start.at_mm, length), snap(end.at_mm, length)];
    if (a === b) return;
    const span = { from_mm: Math.min(a, b), to_mm: Math.max(a, b) };
    const [first, last] = a < b ? [start, end] : [end, start];
    entry.from = first.label;
    entry.to = last.label;
    entry.takeSpan(span, 'map');
    if (works.road !== String(start.road)) works.open(start.road, undefined, 'report');
    entry.show(span);
  }
}

export const mapDrag = new MapDrag();
