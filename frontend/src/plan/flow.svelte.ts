// Who goes where, as the screen holds it: the answer to what is supposed, and
// that of the county as it is beside it. While a site is dragged every event of
// the hand asks; the latest answer stands.

import { untrack } from 'svelte';
import type { Place } from '../api';
import { ask } from '../coverage/ask.svelte';
import { FIRST_NEW_SITE, questionQuery, withEdit, type Edit } from '../coverage/question';
import { t } from '../i18n/text.svelte';
import { asProblem, send, type Problem } from '../http';
import { app } from '../state.svelte';
import type { Flow, FlowSite } from './model';
import { nearest, placeText } from './place';

class FlowState {
  /** Of what is supposed. */
  now = $state.raw<Flow | null>(null);
  /** Of the county without any edit. */
  live = $state.raw<Flow | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** What the service had against the last suppositions. */
  refused = $state('');
  split = $state(true);
  metric = $state<'m' | 's'>('m');
  /** The site under the hand, and where that is. */
  held = $state.raw<{ site: number; at: Place } | null>(null);
  /** The next click on the map puts a new site there. */
  adding = $state(false);
  /** Whether an answer is under way. */
  busy = $state(false);
  /** Number of the question that `now` answers. */
  answer = $state(0);
  #seq = 0;
  #liveAsked = '';
  #asked = '';

  /** The members of a question but for its edits, as the service takes them. */
  #world(scenario = app.view.question.scenario) {
    const { region, as_of = '' } = app.moment;
    const { season = '', connect_m = 0 } = questionQuery(app.view.question);
    return {
      region,
      ...(as_of ? { as_of: String(as_of) } : {}),
      ...(season ? { season: String(season) } : {}),
      ...(connect_m ? { connect_m: Number(connect_m) } : {}),
      ...(scenario ? { scenario } : {}),
    };
  }

  /** Edits with the site where the hand holds it. */
  #edits(): string {
    const { held } = this;
    const all = held
      ? withEdit(app.view.question.edits, this.#placed(held.site, held.at))
      : app.view.question.edits;
    return String(questionQuery({ ...app.view.question, edits: all })['edits'] ?? '');
  }

  /** A site put somewhere: one that is there is moved, a supposed one is added there instead. */
  #placed(site: number, at: Place): Edit {
    const id = String(site);
    const added = app.view.question.edits.find((one) => one.deed === 'add' && one.id === id);
    if (!added) return { deed: 'place', layer: 'site', id, rest: placeText(at) };
    const persons = added.rest?.split(':')[2] ?? '0';
    return { deed: 'add', layer: 'site', id, rest: `${placeText(at)}:${persons}` };
  }

  /** Asks when anything supposed is another. To be called in an effect. */
  follow(): void {
    const text = JSON.stringify([
      this.#world(),
      this.#edits(),
      this.split,
      this.metric,
      app.tick,
      app.status.state,
    ]);
    untrack(() => {
      if (text === this.#asked) return;
      this.#asked = text;
      this.#send();
      void this.#readLive();
    });
  }

  #send(): void {
    const { split, metric } = this;
    const seq = app.stream?.assign({ ...this.#world(), edits: this.#edits(), split, metric }) ?? 0;
    // Without a stream what stands is kept: when it is open again, it is asked.
    if (seq === 0) return;
    this.#seq = seq;
    this.busy = true;
  }

  async #readLive(): Promise<void> {
    const body = { ...this.#world(0), split: this.split, metric: this.metric };
    const text = JSON.stringify([body, app.tick]);
    if (text === this.#liveAsked || !body.region) return;
    this.#liveAsked = text;
    try {
      const live = await send<Flow>('POST', 'plan/flow', body);
      if (text !== this.#liveAsked) return;
      this.live = live;
      this.problem = null;
    } catch (cause) {
      if (text !== this.#liveAsked) return;
      this.problem = asProblem(cause);
      this.#liveAsked = '';
    }
  }

  take(seq: number, answer: unknown): void {
    if (seq === this.#seq) this.busy = false;
    this.refused = '';
    this.now = answer as Flow;
    this.answer = seq;
  }

  refuse(message: string, seq: number): void {
    if (seq === this.#seq) this.busy = false;
    this.refused = message;
  }

  retry(): void {
    this.#asked = '';
    this.problem = null;
    this.follow();
  }

  /** The site under a place, within so many pixels. */
  at(place: Place): FlowSite | null {
    return nearest(this.now?.sites ?? [], place, app.view.place?.zoom ?? 9);
  }

  hold(site: number, at: Place): void {
    this.held = { site, at };
  }

  /** Takes the hand away: what it did is supposed from now on. */
  release(): void {
    const { held } = this;
    this.held = null;
    if (held) this.move(held.site, held.at);
  }

  move(site: number, at: Place): void {
    ask.edit(this.#placed(site, at), this.name(site));
  }

  resize(site: number, persons: number): void {
    const id = String(site);
    ask.edit({ deed: 'capacity', layer: 'site', id, rest: String(persons) }, this.name(site));
  }

  /** Closes a site to newcomers, or opens it again. */
  toggle(site: number): void {
    const edit: Edit = { deed: 'close', layer: 'site', id: String(site) };
    if (ask.has(edit)) ask.undo(edit);
    else ask.edit(edit, this.name(site));
  }

  add(at: Place, persons: number): void {
    this.adding = false;
    const taken = ask.edits.filter((one) => one.deed === 'add').map((one) => Number(one.id));
    const id = String(Math.max(FIRST_NEW_SITE - 1, ...taken) + 1);
    ask.edit({ deed: 'add', layer: 'site', id, rest: `${placeText(at)}:${String(persons)}` });
  }

  /** Names of the sites, as the county has them; a supposed one has none. */
  names = $state.raw<Record<number, string>>({});

  name(site: number): string {
    return this.names[site] ?? '';
  }

  /** What a site is called; those that are only supposed are counted. */
  called(site: number): string {
    if (site >= FIRST_NEW_SITE) return t('site.proposed', { n: site - FIRST_NEW_SITE + 1 });
    return this.name(site) || t('whatif.number.site', { n: site });
  }
}

export const flow = new FlowState();
