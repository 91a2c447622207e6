// What the tab "Why" compares. It outlives the tab, so that coming back from a
// route finds the same question and its answer.

import { asProblem, type Problem } from '../http';
import { app } from '../state.svelte';
import { plainScope } from '../figure';
import { works as service, type Difference, type StripData } from './api';
import { earlierOf, type Preset } from './difference';

const DEFAULT = 'M02 completion_rate';

class Why {
  preset = $state<Preset>('week');
  fromDay = $state('');
  fromKnown = $state('');
  known = $state('');
  answer = $state.raw<Difference | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** Cause whose items are shown. */
  open = $state('');
  /** How many of them. */
  shown = $state(20);
  /** Who reported, by id of the report. */
  who = $state.raw<Record<string, string>>({});
  #metric = $state(DEFAULT);
  #seq = 0;
  #asked = '';

  get metric(): string {
    return app.view.evidence?.metric ?? this.#metric;
  }

  get scope(): string {
    return plainScope(app.view.evidence?.scope ?? app.scope);
  }

  choose(metric: string): void {
    this.#metric = metric;
    if (app.view.evidence) app.view.evidence = { ...app.view.evidence, metric };
  }

  get asOf(): string {
    return app.view.asOf || app.region?.data_date || '';
  }

  /** Fills the fields of "own" with what another preset stands for. */
  take(preset: Preset): void {
    if (preset === 'own' && this.asOf) {
      const now = this.earlier;
      this.fromDay = now.from_as_of;
      this.fromKnown = now.from_known_at.slice(0, 16);
    }
    this.preset = preset;
  }

  get earlier(): { from_as_of: string; from_known_at: string } {
    if (this.preset !== 'own') return earlierOf(this.preset, this.asOf, new Date());
    return { from_as_of: this.fromDay, from_known_at: instant(this.fromKnown) };
  }

  /** To be called in an effect. */
  async read(): Promise<void> {
    if (!this.asOf) return;
    const earlier = this.earlier;
    const known = this.preset === 'own' ? instant(this.known) : '';
    // An instant of "yesterday" moves on with every call; the minute is enough.
    const key = JSON.stringify([
      this.metric,
      this.scope,
      this.asOf,
      this.preset,
      this.fromDay,
      this.fromKnown,
      known,
      app.tick,
    ]);
    if (key === this.#asked && !this.problem) return;
    this.#asked = key;
    const seq = ++this.#seq;
    this.busy = true;
    try {
      const answer = await service.difference({
        region: app.view.region,
        metric: this.metric,
        scope: this.scope,
        as_of: this.asOf,
        ...(known ? { known_at: known } : {}),
        ...(earlier.from_known_at ? { from_known_at: earlier.from_known_at } : {}),
        from_as_of: earlier.from_as_of,
      });
      if (seq !== this.#seq) return;
      this.answer = answer;
      this.problem = null;
    } catch (cause) {
      if (seq === this.#seq) {
        this.problem = asProblem(cause);
        this.answer = null;
      }
    } finally {
      if (seq === this.#seq) this.busy = false;
    }
  }

  show(cause: string): void {
    this.open = this.open === cause ? '' : cause;
    this.shown = 20;
  }

  /** Finds out who made the reports of some routes. */
  async name(roads: number[]): Promise<void> {
    const strips = await Promise.all(
      [...new Set(roads)].map((road) =>
        service
          .strip(road, { region: app.view.region, as_of: this.asOf })
          .catch((): StripData | null => null),
      ),
    );
    const who = { ...this.who };
    for (const strip of strips)
      for (const event of strip?.events ?? []) who[event.id] = event.reporter || event.by || '';
    this.who = who;
  }
}

function instant(local: string): string {
  if (!local) return '';
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

export const why = new Why();
