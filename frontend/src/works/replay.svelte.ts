// The replay of the works: the day that is shown, playing or still, and what
// had been built by then. It never touches the day of the figures.

import { asProblem, type Problem } from '../http';
import { reducedMotion } from '../motion';
import { app } from '../state.svelte';
import { works as service, type Replay as Pieces } from './api';
import { dateOf, dayNumber } from './curve';
import { running, upTo } from './running';

/** Days that pass in a second. */
export const SPEEDS = [15, 30, 90] as const;
const FRAME_MS = 66;
const STEP_MS = 900;
const STEP_DAYS = 30;

class Replay {
  pieces = $state.raw<Pieces | null>(null);
  problem = $state.raw<Problem | null>(null);
  day = $state(0);
  playing = $state(false);
  speed = $state<number>(SPEEDS[1]);
  first = $derived(dayNumber(this.pieces?.from ?? '2020-01-01'));
  last = $derived(dayNumber(this.pieces?.to ?? '2020-01-01'));
  #done = $derived(running(this.pieces?.pieces ?? [], 'done_on'));
  #started = $derived(running(this.pieces?.pieces ?? [], 'started_on'));
  task = $derived((this.pieces?.pieces ?? []).reduce((sum, piece) => sum + piece.to_mm - piece.from_mm, 0));
  completed = $derived(upTo(this.#done, this.day));
  started = $derived(upTo(this.#started, this.day));
  #timer: ReturnType<typeof setInterval> | undefined;
  #seq = 0;

  /** Reads the pieces of the county; the day that the address names is kept where it can be. */
  async read(): Promise<void> {
    const seq = ++this.#seq;
    try {
      const programme = app.view.routes['programme'];
      const got = await service.replay({ ...app.moment, ...(programme ? { programme } : {}) });
      if (seq !== this.#seq) return;
      this.pieces = got;
      this.problem = null;
      if (!this.playing) this.set(app.view.day ? dayNumber(app.view.day) : this.last);
    } catch (cause) {
      if (seq === this.#seq) this.problem = asProblem(cause);
    }
  }

  set(day: number): void {
    this.day = Math.max(this.first, Math.min(this.last, Math.round(day)));
    // The address is written when it stands still: browsers allow only so many writes.
    if (!this.playing && app.view.day) app.view.day = dateOf(this.day);
  }

  toggle(): void {
    if (this.playing) {
      this.stop();
      return;
    }
    if (this.day >= this.last) this.day = this.first;
    this.playing = true;
    // Where motion is not wanted it goes by months, like a set of pictures.
    const still = reducedMotion();
    let exact = this.day;
    this.#timer = setInterval(
      () => {
        exact += still ? STEP_DAYS : (this.speed * FRAME_MS) / 1000;
        this.set(exact);
        if (exact >= this.last) this.stop();
      },
      still ? STEP_MS : FRAME_MS,
    );
  }

  stop(): void {
    clearInterval(this.#timer);
    this.playing = false;
    if (this.pieces) this.set(this.day);
  }

  close(): void {
    this.stop();
    app.view.day = '';
  }
}

export const replay = new Replay();
