// The measuring tool: points set by hand or at the middle of the map, the line
// or area through them, and how long or large it truly is.

import type { Place } from '../api';
import { app, type Drawn } from '../state.svelte';
import { area, length } from './geodesic';

const OWNER = 'measure';

class Measure {
  mode = $state<'off' | 'length' | 'area'>('off');
  points = $state.raw<Place[]>([]);
  length = $derived(
    length(
      this.mode === 'area' && this.points.length > 2
        ? [...this.points, ...this.points.slice(0, 1)]
        : this.points,
    ),
  );
  area = $derived(this.points.length > 2 ? area(this.points) : null);

  begin(): void {
    app.closeCard();
    this.mode = 'length';
    app.map?.takePoints((place) => {
      this.add(place);
    });
  }

  end(): void {
    this.mode = 'off';
    this.points = [];
    app.map?.takePoints(null);
    app.map?.draw(OWNER, []);
  }

  add(place: Place): void {
    this.points = [...this.points, place];
    this.#draw();
  }

  /** Sets a point at the middle of the map, which the arrow keys move. */
  addMiddle(): void {
    const { place } = app.view;
    if (place) this.add([place.lon, place.lat]);
  }

  undo(): void {
    this.points = this.points.slice(0, -1);
    this.#draw();
  }

  clear(): void {
    this.points = [];
    this.#draw();
  }

  choose(mode: 'length' | 'area'): void {
    this.mode = mode;
    this.#draw();
  }

  #draw(): void {
    const closed = this.mode === 'area' && this.points.length > 2;
    const line = closed ? [...this.points, ...this.points.slice(0, 1)] : this.points;
    const drawn: Drawn[] = this.points.map((point) => ({ kind: 'vertex', points: [point] }));
    app.map?.draw(OWNER, line.length > 1 ? [{ kind: 'line', points: line }, ...drawn] : drawn);
  }
}

export const measure = new Measure();
