// One answer of the service that is read again whenever what is asked changes:
// the last one stands until the new one is here, and an overtaken one is given up.

import { asProblem, type Problem } from '../http';

export class Reading<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  #under: AbortController | null = null;
  #again: ((signal: AbortSignal) => Promise<T>) | null = null;

  async read(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#under?.abort();
    const mine = new AbortController();
    this.#under = mine;
    this.#again = ask;
    this.busy = true;
    try {
      const value = await ask(mine.signal);
      if (mine.signal.aborted) return;
      this.value = value;
      this.problem = null;
    } catch (cause) {
      if (mine.signal.aborted) return;
      this.problem = asProblem(cause);
    }
    this.busy = false;
  }

  retry(): void {
    if (this.#again) void this.read(this.#again);
  }

  /** Gives up what is under way and forgets what was read. */
  forget(): void {
    this.#under?.abort();
    this.#under = this.#again = null;
    this.value = this.problem = null;
    this.busy = false;
  }
}
