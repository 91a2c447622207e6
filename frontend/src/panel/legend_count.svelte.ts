// How much the map draws of each entry of the legend, read again whenever the
// data or what is asked changes.

import { untrack } from 'svelte';
import { api, type LegendCount } from '../api';
import { Reading } from '../coverage/reading.svelte';
import { app } from '../state.svelte';

class Counts {
  readonly #reading = new Reading<Map<string, LegendCount>>();

  /** Reads while the legend is open; to be called in a component. */
  follow(open: () => boolean): void {
    $effect(() => {
      void app.tick;
      const when = app.shown;
      if (!open() || !when.region) return;
      untrack(() => void this.#reading.read((signal) => api.legend(when, signal)));
    });
  }

  of(entry: string): LegendCount | null {
    return this.#reading.value?.get(entry) ?? null;
  }

  /** Whether the map has some of an entry; while nothing is known, it has. */
  has(entry: string): boolean {
    return this.#reading.value === null || this.#reading.value.has(entry);
  }
}

export const counts = new Counts();
