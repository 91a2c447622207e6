// Evidence of one figure, page by page. It reads again when the figure or the
// revision changes; the list that is shown stays until the new one is here.

import { api, Problem, type Evidence } from '../api';
import { app } from '../state.svelte';

export class Paged {
  page = $state.raw<Evidence | null>(null);
  problem = $state.raw<Problem | null>(null);
  offset = $state(0);
  readonly size: number;
  #seq = 0;
  #key = '';

  constructor(size: number) {
    this.size = size;
  }

  async read(metric: string, scope: string): Promise<void> {
    const { region, asOf } = app.view;
    const key = `${region} ${metric} ${scope} ${asOf}`;
    // What is asked changes often and little: the page stays where it is.
    if (key !== this.#key) {
      this.#key = key;
      this.offset = 0;
      this.page = null;
    }
    const seq = ++this.#seq;
    try {
      const page = await api.evidence({
        ...app.shown,
        metric,
        scope,
        offset: this.offset,
        limit: this.size,
      });
      if (seq !== this.#seq) return;
      this.page = page;
      this.problem = null;
    } catch (cause) {
      if (seq === this.#seq) this.problem = cause instanceof Problem ? cause : new Problem(0, String(cause));
    }
  }
}
