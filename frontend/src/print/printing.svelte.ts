// One sheet at a time: it is asked for, waited for, and then at hand until the
// next one.

import { asProblem, fetchFile, type Query } from '../http';
import type { Sheet } from './request';

export type Made =
  | { state: 'none' }
  | { state: 'making'; seconds: number }
  | { state: 'made'; url: string; name: string; bytes: number }
  | { state: 'failed'; why: string; unreachable: boolean };

/** The service works on when it is asked too soon: it is asked again after this, in milliseconds. */
const AGAIN = 2_000;
const BUSY = 503;

class Printing {
  open = $state(false);
  made = $state.raw<Made>({ state: 'none' });
  sheet = $state<Sheet>({
    title: '',
    paper: 'a3',
    orientation: 'landscape',
    format: 'pdf',
    theme: 'colour',
    extent: 'whole',
    strips: 1,
    maker: '',
    review: '',
  });
  #asking: AbortController | null = null;

  /** Makes a sheet; one that is being made is given up. */
  async make(query: Query, name: string): Promise<void> {
    this.forget();
    const asking = new AbortController();
    this.#asking = asking;
    const began = Date.now();
    this.made = { state: 'making', seconds: 0 };
    const clock = setInterval(() => {
      this.made = { state: 'making', seconds: Math.round((Date.now() - began) / 1000) };
    }, 1000);
    try {
      const file = await this.#fetch(query, asking.signal);
      this.made = { state: 'made', url: URL.createObjectURL(file), name, bytes: file.size };
    } catch (cause) {
      if (asking.signal.aborted) return;
      const problem = asProblem(cause);
      const why = [problem.message, ...problem.faults.map((fault) => fault.message ?? '')].filter(Boolean);
      this.made = { state: 'failed', why: why.join('; '), unreachable: problem.status === 0 };
    } finally {
      clearInterval(clock);
    }
  }

  async #fetch(query: Query, signal: AbortSignal): Promise<Blob> {
    for (let left = 60; ; left--) {
      try {
        return await fetchFile('export/map', query, signal);
      } catch (cause) {
        if (asProblem(cause).status !== BUSY || left === 0 || signal.aborted) throw cause;
        // Without a font it will not come either, however often it is asked.
        if (/font/.test(asProblem(cause).message)) throw cause;
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  }

  /** Gives up what is being made, and lets go of what was. */
  forget(): void {
    this.#asking?.abort();
    this.#asking = null;
    if (this.made.state === 'made') URL.revokeObjectURL(this.made.url);
    this.made = { state: 'none' };
  }
}

export const printing = new Printing();
