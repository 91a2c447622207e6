// The scenarios of the county as the stream tells them, the one that is open,
// and what is done to it. Others' edits arrive here with their names.

import { api } from '../api';
import { ask, type Editor } from '../coverage/ask.svelte';
import { NOTHING_ASKED, editText, parseEdits, questionQuery, type Edit } from '../coverage/question';
import { asProblem, Problem } from '../http';
import { session } from '../account/session.svelte';
import { app } from '../state.svelte';
import { scenarios as service, type InForce, type Refusal, type Scenario, type ScenarioEdit } from './api';
import { beside, layerOf, replaces, said } from './edit';

/** How long it is shown that somebody else changed the open scenario. */
const HEARD_MS = 8000;

export interface Heard {
  scenario: number;
  by: string;
  added: ScenarioEdit[];
  revoked: ScenarioEdit[];
}

class Store implements Editor {
  /** By number. */
  #all = $state.raw<Record<number, Scenario>>({});
  #region = '';
  /** The plan in force; undefined: not read yet. */
  plan = $state.raw<InForce | null | undefined>(undefined);
  /** Whether the list of this county has been read. */
  known = $state(false);
  /** Why the list could not be read. */
  unread = $state.raw<Problem | null>(null);
  /** Why the last deed was not done. */
  problem = $state.raw<Problem | null>(null);
  /** What a refused deed brought with it. */
  refusal = $state.raw<Refusal | null>(null);
  /** What was not done since somebody else was first, to be done on top of what stands. */
  again = $state.raw<(() => Promise<void>) | null>(null);
  busy = $state(false);
  #told = $state.raw<Heard | null>(null);
  /** What somebody else has just done to the open scenario. */
  heard = $derived(this.#told?.scenario === app.view.question.scenario ? this.#told : null);
  /** Names of what edits speak of, by "kind:id". */
  names = $state.raw<Record<string, string>>({});
  #late: ReturnType<typeof setTimeout> | undefined;

  list = $derived(
    Object.values(this.#all)
      .filter((one) => one.status !== 'archived')
      .sort((a, b) => b.changed.localeCompare(a.changed)),
  );
  /** The one that lies under what is asked; undefined: none, or not told yet. */
  open = $derived<Scenario | undefined>(this.#all[app.view.question.scenario]);
  standing = $derived(this.open?.edits.filter((one) => one.revoked === null) ?? []);
  /** Those of roads, as the what-if knows them. */
  edits = $derived(this.standing.flatMap((one) => parseEdits(one.edit)));
  mayPlan = $derived(session.may('plan', app.view.region));
  mayAnswer = $derived(session.may('decide', app.view.region));
  /** Whether edits made on this screen go into the open scenario. */
  editing = $derived(this.mayPlan && (this.open?.status === 'draft' || this.open?.status === 'returned'));

  get(id: number): Scenario | undefined {
    return this.#all[id];
  }

  /** A scenario as the stream tells it. */
  take(region: string, one: Scenario): void {
    if (region !== app.view.region) return;
    if (region !== this.#region) this.#forget(region);
    const before = this.#all[one.id];
    if (before && before.version > one.version) return;
    this.#all = { ...this.#all, [one.id]: one };
    if (before && one.id === app.view.question.scenario) this.#hear(before, one);
    if (this.plan !== undefined && before && before.status !== one.status) void this.read();
  }

  #forget(region: string): void {
    this.#region = region;
    this.#all = {};
    this.known = false;
    this.plan = undefined;
  }

  /** Shows what somebody else did to the open scenario. */
  #hear(before: Scenario, now: Scenario): void {
    const me = session.me.login;
    const old = new Map(before.edits.map((one) => [one.id, one]));
    const added = now.edits.filter((one) => !old.has(one.id) && one.by !== me);
    const revoked = now.edits.filter(
      (one) => one.revoked !== null && old.get(one.id)?.revoked === null && one.revoked_by !== me,
    );
    const by = added[0]?.by ?? revoked[0]?.revoked_by;
    if (by === undefined) return;
    this.#told = { scenario: now.id, by, added, revoked };
    clearTimeout(this.#late);
    this.#late = setTimeout(() => (this.#told = null), HEARD_MS);
  }

  /** Reads the list and the plan in force. */
  async read(): Promise<void> {
    const { region } = app.view;
    if (!region) return;
    if (region !== this.#region) this.#forget(region);
    try {
      const { items, plan } = await service.list(region);
      if (region !== this.#region) return;
      for (const one of items) this.take(region, one);
      this.plan = plan;
      this.known = true;
      this.unread = null;
    } catch (cause) {
      this.unread = asProblem(cause);
    }
  }

  /** What is asked becomes this scenario; 0: the live world again. */
  choose(id: number): void {
    this.problem = this.refusal = this.again = null;
    app.view.question = { ...NOTHING_ASKED, scenario: id };
    ask.send();
  }

  /** Does something, and keeps what is refused. Says whether it was done. */
  async #do(what: () => Promise<Scenario>, again?: () => Promise<void>): Promise<Scenario | null> {
    this.busy = true;
    this.problem = this.refusal = this.again = null;
    try {
      const one = await what();
      this.take(app.view.region, one);
      return one;
    } catch (cause) {
      this.problem = asProblem(cause);
      this.refusal = this.problem.body as Refusal;
      const stands = this.refusal.scenario;
      if (stands) {
        this.take(app.view.region, stands);
        this.again = again ?? null;
      }
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Begins one with what is asked now, or as a branch of another, and opens it. */
  async begin(name: string, parent?: Scenario): Promise<boolean> {
    const { season, connect_m, rai_m, walk_min, edits } = questionQuery(app.view.question);
    const number = (value: unknown) => (typeof value === 'number' ? { value } : {});
    const asked = {
      ...(season ? { season: String(season) } : {}),
      ...Object.fromEntries(
        Object.entries({ connect_m, rai_m, walk_min }).flatMap(([key, value]) =>
          'value' in number(value) ? [[key, value]] : [],
        ),
      ),
    };
    const one = await this.#do(() =>
      service.add(app.view.region, {
        id: crypto.randomUUID(),
        name,
        ...(parent ? { parent: parent.id } : { settings: asked }),
        ...(edits ? { edits: String(edits) } : {}),
      }),
    );
    if (one) this.choose(one.id);
    return one !== null;
  }

  /** A deed on the open scenario. */
  async deed(what: string, more: object = {}): Promise<boolean> {
    const { open } = this;
    if (!open) return false;
    const again = async () => {
      await this.deed(what, more);
    };
    return (await this.#do(() => service.deed(app.view.region, open, what, more), again)) !== null;
  }

  async change(more: Parameters<typeof service.change>[2]): Promise<boolean> {
    const { open } = this;
    if (!open) return false;
    const again = async () => {
      await this.change(more);
    };
    return (await this.#do(() => service.change(app.view.region, open, more), again)) !== null;
  }

  async archive(): Promise<void> {
    const { open } = this;
    if (open && (await this.#do(() => service.archive(app.view.region, open)))) this.choose(0);
  }

  /** Merges edits of another scenario into one, which is opened. */
  async merge(into: Scenario, from: Scenario, edits: number[], replace: boolean): Promise<boolean> {
    const more = { from: from.id, edits, ...(replace ? { replace } : {}) };
    const one = await this.#do(() => service.deed(app.view.region, into, '/merge', more));
    if (one) this.choose(one.id);
    return one !== null;
  }

  /** Puts edits into the open scenario; what stands there of the same thing gives way. */
  async put(texts: string[]): Promise<boolean> {
    const stand = this.standing.map((one) => one.edit);
    const add = texts.map((text) => beside(text, stand));
    const revoke = this.standing.filter((one) => add.some((text) => replaces(text, one.edit)));
    return this.deed('/edits', {
      add: add.join(','),
      ...(revoke.length ? { revoke: revoke.map((one) => one.id) } : {}),
    });
  }

  async takeBack(ids: number[]): Promise<boolean> {
    return this.deed('/edits', { revoke: ids });
  }

  // The what-if's edits go here while a scenario is edited.

  add(edits: Edit[]): void {
    void this.put(edits.map(editText));
  }

  remove(edit?: Edit): void {
    const text = edit && editText(edit);
    const one = this.standing.findLast((candidate) => text === undefined || candidate.edit === text);
    if (one) void this.takeBack([one.id]);
  }

  /** Reads the names of what some edits speak of. To be called in an effect. */
  async name(edits: string[]): Promise<void> {
    const key = (text: string) => `${said(text).kind}:${said(text).id}`;
    const strange = [...new Set(edits.filter((text) => !(key(text) in this.names)))].slice(0, 40);
    if (strange.length === 0) return;
    this.names = { ...this.names, ...Object.fromEntries(strange.map((text) => [key(text), ''])) };
    const read = await Promise.allSettled(
      strange.map(async (text) => {
        const { name, code } = await api.feature(layerOf(said(text)), said(text).id, app.asked);
        return [key(text), name ?? code ?? ''] as const;
      }),
    );
    this.names = {
      ...this.names,
      ...Object.fromEntries(read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))),
    };
  }
}

export const store = new Store();
