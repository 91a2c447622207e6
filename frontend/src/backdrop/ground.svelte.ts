// Which backdrops there are and which one the map lies on. They are read after
// the first picture stands: nobody waits for them.

import { read } from '../http';
import { BARE, type Backdrop, type Ground } from '../layer/backdrop';
import { app } from '../state.svelte';
import worldUrl from './world.json?url';

/** Values of the address: land and water of our own, nothing at all, else the id of a service. */
export const OWN = '';
export const NONE = 'none';

interface Offer {
  items: Backdrop[];
  relief: string;
}

class GroundState {
  offer = $state.raw<Offer>({ items: [], relief: '' });
  /** Land and water of the world, once it is here. */
  world = $state.raw<object | null>(null);
  /** Why the pictures of the chosen service do not come. */
  problem = $state('');

  /** The service that is chosen; null: none is. */
  chosen = $derived(this.offer.items.find((one) => one.id === app.view.base) ?? null);
  now = $derived<Ground>(
    app.drawn
      ? {
          pictures: this.chosen,
          relief: app.hidden.has('relief') ? '' : this.offer.relief,
          world: app.view.base !== NONE && this.chosen === null,
        }
      : BARE,
  );

  /** Reads what is offered, and the world once. */
  async load(): Promise<void> {
    try {
      this.offer = await read<Offer>('backdrops');
      this.world ??= (await (await fetch(worldUrl)).json()) as object;
    } catch {
      // The map stands without: the connection's own line says what is wrong with it.
    }
  }

  choose(base: string): void {
    this.problem = '';
    app.view.base = base;
  }

  /** A picture of the chosen service did not come: the service says why. */
  async failed(): Promise<void> {
    await this.load();
    this.problem = this.chosen?.problem ?? '';
  }
}

export const ground = new GroundState();
