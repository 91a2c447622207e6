// The plan of the county as the screen holds it: what is asked (in the
// address), what the solver knows so far, the plan, and the one it is held
// against: that which stood before the present control was touched.

import { untrack } from 'svelte';
import { asProblem, type Problem, type Query } from '../http';
import { app } from '../state.svelte';
import { plans } from './api';
import { answered, type DecisionPlan, type Progress } from './model';
import { NO_TERMS, termsApart, termsBody, type Terms } from './terms';
import { difference, type Difference } from './turned';

/** A hand that moves a slider asks again only so often. */
const PAUSE_MS = 140;
/** After this it is asked again where the service has too many plans of this screen. */
const BUSY_MS = 900;

export interface Held {
  terms: Terms;
  plan: DecisionPlan;
}

class Decide {
  plan = $state.raw<DecisionPlan | null>(null);
  /** Terms of the plan that stands. */
  terms = $state.raw<Terms>(NO_TERMS);
  /** The plan it is held against; null: there is none yet. */
  before = $state.raw<Held | null>(null);
  progress = $state.raw<Progress | null>(null);
  busy = $state(false);
  /** Whether the service has been told to stop with the best so far. */
  stopping = $state(false);
  problem = $state.raw<Problem | null>(null);
  turned = $derived<Difference | null>(
    answered(this.plan) && answered(this.before?.plan ?? null) && this.before
      ? difference(this.before.plan, this.plan)
      : null,
  );
  /** Service's name of the work that is under way. */
  #work = '';
  /** And of the plan that stands: its sheet can be had by it. */
  id = $state('');
  #under: AbortController | null = null;
  #later: ReturnType<typeof setTimeout> | undefined;
  /** What was asked last: region, day, edits and terms. */
  #asked = '';
  /** Region, day and edits of the plan that stands. */
  #world = '';
  /** The control that was touched last. */
  #touched = '';
  /** What the county's rules say, as the plan at its own prices has it; 0: not known yet. */
  rules = $state.raw({ km: 0, person: 0, leave: 0 });
  /** What the last plan without a budget costs. */
  need = $state(0);

  get query(): Query {
    const { budget, ...body } = termsBody(app.view.terms) as { budget?: number[] };
    return { ...app.asked, ...body, ...(budget ? { budget: budget.join(',') } : {}) };
  }

  /** Has the plan follow the address. To be called in an effect. */
  follow(): void {
    const world = JSON.stringify(app.asked);
    const terms = app.view.terms;
    const asked = `${world} ${JSON.stringify(terms)} ${String(app.tick)}`;
    untrack(() => {
      if (asked === this.#asked || !app.view.region) return;
      this.#asked = asked;
      if (world === this.#world && this.plan) this.#soon(terms, world);
      else void this.#first(terms, world);
    });
  }

  /** Of another county or day: the plan at the county's own prices is what later ones are held against. */
  async #first(terms: Terms, world: string): Promise<void> {
    clearTimeout(this.#later);
    this.before = this.plan = null;
    this.need = 0;
    this.rules = { km: 0, person: 0, leave: 0 };
    this.#touched = '';
    const own = termsApart(terms, NO_TERMS).some((name) => name !== 'gap' && name !== 'time');
    if (own) await this.#solve({ ...NO_TERMS, gap: terms.gap, time: terms.time }, world);
    if (own && this.#world !== world) return;
    if (this.plan) this.before = { terms: this.terms, plan: this.plan };
    if (app.view.terms === terms) await this.#solve(terms, world);
  }

  #soon(terms: Terms, world: string, wait = PAUSE_MS): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => void this.#solve(terms, world), wait);
  }

  async #solve(terms: Terms, world: string): Promise<void> {
    this.#under?.abort();
    const mine = new AbortController();
    this.#under = mine;
    this.busy = true;
    this.progress = null;
    this.stopping = false;
    this.#work = '';
    try {
      const body = { ...app.asked, ...termsBody(terms) };
      const plan = await plans.decide(body, this.#hearing(mine.signal), mine.signal);
      if (mine.signal.aborted) return;
      [this.plan, this.terms, this.#world, this.id] = [plan, terms, world, this.#work];
      this.problem = null;
      this.#learn(terms, plan);
    } catch (cause) {
      if (mine.signal.aborted) return;
      this.problem = asProblem(cause);
      // The work that was given up for this one may still be on its way out.
      if (this.problem.status === 429) this.#soon(terms, world, BUSY_MS);
    }
    this.busy = this.stopping = false;
  }

  #learn(terms: Terms, plan: DecisionPlan): void {
    this.rules = {
      km: terms.km ? this.rules.km : plan.yuan_per_km,
      person: terms.person ? this.rules.person : plan.yuan_per_person,
      leave: terms.leave === null ? plan.leave_yuan_per_person : this.rules.leave,
    };
    if (terms.budget.length === 0 && answered(plan)) this.need = plan.costs.money;
  }

  #hearing(signal: AbortSignal) {
    return {
      begun: (id: string) => {
        if (!signal.aborted) this.#work = id;
      },
      progress: (progress: Progress) => {
        if (!signal.aborted) this.progress = progress;
      },
    };
  }

  /** Changes what is asked. The plan that stood before this control was first touched is what the next are held against. */
  change(patch: Partial<Terms>): void {
    const control = Object.keys(patch).sort().join(' ');
    if (control !== this.#touched) this.pin();
    this.#touched = control;
    app.view.terms = { ...app.view.terms, ...patch };
  }

  /** Holds what comes from now on against the plan that stands. */
  pin(): void {
    if (answered(this.plan)) this.before = { terms: this.terms, plan: this.plan };
    this.#touched = '';
  }

  reset(): void {
    this.change({ ...NO_TERMS, gap: app.view.terms.gap, time: app.view.terms.time });
  }

  /** Ends the work with the best plan so far. */
  async stop(): Promise<void> {
    if (!this.#work || this.stopping) return;
    this.stopping = true;
    try {
      await plans.stop(this.#work);
    } catch (cause) {
      this.stopping = false;
      this.problem = asProblem(cause);
    }
  }

  retry(): void {
    this.#asked = '';
    this.problem = null;
    this.follow();
  }

  /** Nobody looks: the work is given up, what stands is kept. */
  leave(): void {
    clearTimeout(this.#later);
    if (!this.busy) return;
    this.#under?.abort();
    this.busy = false;
    this.#asked = '';
  }
}

export const decide = new Decide();
