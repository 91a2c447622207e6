// Reports that need attention, as the service lists them, and the answer that
// is being written to one of them.

import { untrack } from 'svelte';
import { asProblem, type Problem } from '../http';
import { app } from '../state.svelte';
import { works as service, type Check, type ReplayPiece, type ReportBody, type Submission } from './api';
import { changesOf, intervalText, type Mendable } from './inbox_change';
import { works } from './works.svelte';

export const PAGE = 50;
class Inbox {
  items = $state.raw<Submission[]>([]);
  total = $state(0);
  mine = $state(false);
  offset = $state(0);
  problem = $state.raw<Problem | null>(null);
  loaded = $state(false);

  /** The one that is open, and the answer to it. */
  open = $state('');
  check = $state.raw<Check | null>(null);
  reasons = $state.raw<Record<string, string>>({});
  mending = $state(false);
  mended = $state.raw<Partial<Record<Mendable, string>>>({});
  words = $state('');
  busy = $state(false);
  failed = $state.raw<Problem | null>(null);
  /** What was done last: a key of the catalogue's `inbox` words. */
  done = $state<'' | 'applied' | 'refused' | 'withdrawn'>('');
  /** Lines of the county's task, to show an interval on the map. */
  pieces = $state.raw<ReplayPiece[]>([]);
  #seq = 0;
  #key = '';

  one = $derived(this.items.find((item) => item.id === this.open) ?? null);
  /** Whether all the reports of the scope are answered here, or one's own are seen. */
  answers = $derived(app.may('edit', app.view.township) || app.may('decide', app.view.township));

  /** To be called in an effect: reads when place, person or revision change. */
  follow(): void {
    const { region, township } = app.view;
    const key = [region, township, app.tick, app.me.login, this.mine, this.offset].join(' ');
    untrack(() => {
      if (key === this.#key) return;
      this.#key = key;
      void this.read();
    });
  }

  async read(): Promise<void> {
    if (!app.view.region || app.me.guest) return;
    const seq = ++this.#seq;
    try {
      const found = await service.submissions({
        region: app.view.region,
        status: 'held',
        ...(app.view.township ? { township: app.view.township } : {}),
        ...(this.mine || !this.answers ? { by: app.me.login } : {}),
        offset: this.offset,
        limit: PAGE,
      });
      if (seq !== this.#seq) return;
      this.items = found.items ?? [];
      this.total = found.total;
      this.problem = null;
    } catch (cause) {
      if (seq === this.#seq) this.problem = asProblem(cause);
    } finally {
      if (seq === this.#seq) this.loaded = true;
    }
  }

  async choose(id: string): Promise<void> {
    this.open = this.open === id ? '' : id;
    this.check = null;
    this.reasons = {};
    this.mending = false;
    this.mended = {};
    this.words = '';
    this.failed = null;
    this.done = '';
    const { one } = this;
    if (!one) return;
    void this.#readPieces();
    await this.ask(one.body);
  }

  /** What the report would mean now; nothing is stored. */
  async ask(body: ReportBody): Promise<void> {
    const { open } = this;
    try {
      const check = await service.check({ ...body, region: app.view.region });
      if (open === this.open) this.check = check;
    } catch {
      // Somebody who may not report sees the findings as they were stored.
      if (open === this.open) this.check = null;
    }
  }

  async #readPieces(): Promise<void> {
    if (this.pieces.length > 0) return;
    try {
      this.pieces = (await service.replay(app.moment)).pieces;
    } catch {
      // Without lines the list still says all.
    }
  }

  startMending(): void {
    const { one } = this;
    if (!one) return;
    this.mending = true;
    this.mended = {
      road_text: one.body.road_text ?? '',
      stage: one.body.stage,
      on: one.body.on,
      text: intervalText(one.body) || this.#label(),
    };
  }

  #label(): string {
    const { check } = this;
    return check && check.from_mm !== null ? `${check.label_from}-${check.label_to}` : '';
  }

  async answer(action: 'apply' | 'refuse' | 'withdraw'): Promise<void> {
    const { one } = this;
    if (!one || this.busy) return;
    this.busy = true;
    this.failed = null;
    const overrides = Object.entries(this.reasons)
      .map(([rule, reason]) => ({ rule, reason: reason.trim() }))
      .filter((item) => item.reason !== '');
    const changes = this.mending && action === 'apply' ? changesOf(one.body, this.mended) : {};
    try {
      const answer = await service.answer(one.id, {
        region: app.view.region,
        action,
        answer: this.words.trim(),
        ...(overrides.length > 0 && action === 'apply' ? { overrides } : {}),
        ...(Object.keys(changes).length > 0 ? { changes: changes as Partial<ReportBody> } : {}),
      });
      this.open = '';
      this.done = answer.status === 'refused' || answer.status === 'withdrawn' ? answer.status : 'applied';
      void works.reload();
      await this.read();
    } catch (cause) {
      this.failed = asProblem(cause);
    } finally {
      this.busy = false;
    }
  }
}

export const inbox = new Inbox();
