// The report that is being written. It lives beside the tab, so that turning
// to the strip or to another route loses nothing; what it would mean is asked
// from the service while it is typed.

import { asProblem, type Problem } from '../http';
import { app } from '../state.svelte';
import {
  works as service,
  type Check,
  type Choice,
  type Entered,
  type Override,
  type ReportBody,
  type Span,
} from './api';
import { labelAt } from './chainage';
import { Evidence } from './entry_evidence.svelte';
import { drop, keep, pending, same, unanswered } from './entry_pending';
import { inbox } from './inbox_state.svelte';
import { works } from './works.svelte';

const PAUSE_MS = 250;

export interface Road {
  id: number;
  code: string | null;
  name: string | null;
}

/** How things stood when a report was first sent; unknown of one that this page found on the shelf. */
interface Before {
  /** Metres that were new. */
  fresh_m: number | null;
  /** The county's completion, and at which revision. */
  before: number | null;
  revisionBefore: number;
}

const UNKNOWN: Before = { fresh_m: null, before: null, revisionBefore: -1 };

/** What the last report did. */
interface Outcome extends Entered, Before {
  stage: string;
  on: string;
}

type Draft = Omit<ReportBody, 'id'>;

class Entry {
  /** What stands in the field of the road. */
  roadText = $state('');
  /** The road, once it is clear which. */
  road = $state.raw<Road | null>(null);
  stage = $state('surface');
  #on = $state<string | null>(null);
  from = $state('');
  to = $state('');
  /** The interval, where it was not typed. */
  span = $state.raw<Span | null>(null);
  entered = $state('typed');
  programme = $state('');
  contract = $state('');
  reporter = $state('');
  note = $state('');
  files = $state.raw<Evidence[]>([]);
  reasons = $state.raw<Record<string, string>>({});

  check = $state.raw<Check | null>(null);
  /** The draft that `check` speaks of. */
  #checked = $state('');
  checking = $state(false);
  problem = $state.raw<Problem | null>(null);
  sending = $state(false);
  failed = $state.raw<Problem | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  waiting = $state.raw<ReportBody[]>(pending(sessionStorage));
  /** Field to return to when the tab is built anew. */
  focused = '';
  #toFly = false;
  readonly #before = new Map<string, Before>();
  #seen: Span | null = null;
  #seq = 0;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get on(): string {
    return this.#on ?? (app.view.asOf || app.region?.data_date || '');
  }
  set on(day: string) {
    this.#on = day;
  }

  draft: Draft = $derived.by(() => this.#draft());
  /** Whether there is enough to ask what it would mean. */
  askable = $derived(
    (this.road !== null || this.roadText.trim() !== '') && (this.span !== null || this.from.trim() !== ''),
  );
  /** Whether `check` speaks of what stands in the fields now. */
  fresh = $derived(this.check !== null && this.#checked === JSON.stringify(this.draft));
  findings = $derived(this.check?.findings ?? []);
  /** What keeps it from counting: to be mended, or without a reason. */
  held = $derived(
    this.findings.filter(
      (one) =>
        one.severity === 'block' || (one.severity === 'hold' && !(this.reasons[one.rule] ?? '').trim()),
    ),
  );

  #draft(): Draft {
    const id = (text: string) => (text ? Number(text) : undefined);
    const hashes = this.files.map((one) => one.hash).filter(Boolean);
    const parts: Partial<Draft> = {
      ...(this.road ? { road: this.road.id } : { road_text: this.roadText.trim() }),
      ...(!this.road && app.view.township ? { township: app.view.township } : {}),
      ...(this.span ?? this.#typed()),
      ...(hashes.length > 0 ? { evidence: hashes } : {}),
    };
    const optional = {
      programme: id(this.programme),
      contract: id(this.contract),
      reporter: this.reporter.trim() || undefined,
      note: this.note.trim() || undefined,
    };
    const said = Object.entries(optional).filter(([, value]) => value !== undefined);
    return {
      region: app.view.region,
      ...parts,
      ...(Object.fromEntries(said) as Partial<Draft>),
      stage: this.stage,
      on: this.on.trim(),
      entered: this.entered,
    };
  }

  #typed(): Partial<Draft> {
    const [from, to] = [this.from.trim(), this.to.trim()];
    return to ? { from, to } : { text: from };
  }

  /** The route that is open is the one that is reported on. */
  followRoad(road: Road | null): void {
    if (!road || road.id === this.road?.id) return;
    this.takeRoad(road);
  }

  /** Flies to a road that was chosen here, once its line is known. */
  flyOnce(): void {
    const length = works.strip?.road.length_mm;
    if (!this.#toFly || !length) return;
    this.#toFly = false;
    works.fly({ from_mm: 0, to_mm: length });
  }

  takeRoad(road: Road): void {
    this.#toFly = String(road.id) !== works.road;
    const other = this.road !== null && this.road.id !== road.id;
    this.road = road;
    this.roadText = road.code || road.name || '';
    if (other) this.clearInterval();
  }

  typeRoad(text: string): void {
    this.roadText = text;
    this.road = null;
    this.check = null;
  }

  typeInterval(which: 'from' | 'to', text: string): void {
    this[which] = text;
    this.span = null;
    this.entered = 'typed';
  }

  /** An interval that was dragged, or that a track drove. */
  takeSpan(span: Span | null, how: string): void {
    if (!span) return;
    this.span = { from_mm: Math.round(span.from_mm), to_mm: Math.round(span.to_mm) };
    this.entered = how;
    const { strip } = works;
    if (!strip || strip.road.id !== this.road?.id) return;
    this.from = labelAt(strip, strip.road.length_mm, span.from_mm);
    this.to = labelAt(strip, strip.road.length_mm, span.to_mm);
  }

  /** One of several places that a label may be. */
  choose(choice: Choice): void {
    this.takeSpan(choice, 'typed');
    this.show(choice);
  }

  /** Shows an interval on the strip, without taking it for one that was dragged there. */
  show(span: Span | null): void {
    works.choose(span);
    this.#seen = works.span;
  }

  /** To be called in an effect: an interval that was dragged on the strip is taken. */
  seeSpan(span: Span | null): void {
    if (span === this.#seen) return;
    this.#seen = span;
    this.takeSpan(span, 'strip');
  }

  /** To be called in an effect: what labels mean is shown on the strip of their route. */
  showChecked(): void {
    const { check } = this;
    if (!check || check.from_mm === null || check.to_mm === null) return;
    if (check.road?.id !== Number(works.road) || this.span) return;
    this.show({ from_mm: check.from_mm, to_mm: check.to_mm });
  }

  clearInterval(): void {
    this.from = '';
    this.to = '';
    this.span = null;
    this.entered = 'typed';
    this.check = null;
    this.show(null);
  }

  /** To be called in an effect: asks what the draft would mean, a moment after the last key. */
  follow(): () => void {
    const body = this.draft;
    const { askable } = this;
    clearTimeout(this.#timer);
    if (!askable) {
      this.check = null;
      return () => undefined;
    }
    this.#timer = setTimeout(() => void this.ask(body), PAUSE_MS);
    return () => {
      clearTimeout(this.#timer);
    };
  }

  /** Asks now; answers that another question has overtaken are not heard. */
  async ask(body: Draft = this.draft): Promise<void> {
    clearTimeout(this.#timer);
    const seq = ++this.#seq;
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.checking = true;
    try {
      const check = await service.check(body, this.#abort.signal);
      if (seq !== this.#seq) return;
      this.check = check;
      this.#checked = JSON.stringify(body);
      this.problem = null;
    } catch (cause) {
      if (seq === this.#seq) this.problem = asProblem(cause);
    } finally {
      if (seq === this.#seq) this.checking = false;
    }
  }

  async add(files: File[]): Promise<void> {
    const added = files.map((file) => new Evidence(file));
    this.files = [...this.files, ...added];
    for (const one of added) await one.send();
    this.files = [...this.files];
  }

  remove(file: Evidence): void {
    this.files = this.files.filter((one) => one !== file);
  }

  #overrides(): Override[] {
    const rules = new Set(this.findings.filter((one) => one.severity === 'hold').map((one) => one.rule));
    return [...rules]
      .map((rule) => ({ rule, reason: (this.reasons[rule] ?? '').trim() }))
      .filter((one) => one.reason !== '');
  }

  /** Sends what stands in the fields; the same once more is the same report. */
  async send(): Promise<void> {
    if (this.sending) return;
    const overrides = this.#overrides();
    const body: ReportBody = {
      ...this.draft,
      id: crypto.randomUUID(),
      ...(overrides.length > 0 ? { overrides } : {}),
    };
    const before = this.waiting.find((one) => same(one, body));
    const sent = before ?? body;
    if (!before) this.#before.set(sent.id, this.#standing());
    if (await this.deliver(sent)) this.#next();
  }

  #standing(): Before {
    return {
      fresh_m: this.check?.fresh_m ?? null,
      before: app.figures.completion.value('completion_rate', app.view.region),
      revisionBefore: app.figures.completion.report?.revision ?? 0,
    };
  }

  /** Sends one again that was not answered; where it still stands in the fields, they are cleared. */
  async again(body: ReportBody): Promise<void> {
    const stands = same(
      { ...this.draft, id: '', overrides: body.overrides ?? [] },
      { overrides: [], ...body },
    );
    if ((await this.deliver(body)) && stands) this.#next();
  }

  /** Sends a report and keeps it until it is answered; says whether it was taken. */
  async deliver(body: ReportBody): Promise<boolean> {
    keep(sessionStorage, body);
    this.sending = true;
    this.failed = null;
    try {
      const answer = await service.report({ device_time: new Date().toISOString(), ...body });
      drop(sessionStorage, body.id);
      this.outcome = {
        ...answer,
        stage: body.stage,
        on: body.on,
        ...(this.#before.get(body.id) ?? UNKNOWN),
      };
      void works.reload();
      if (answer.status !== 'applied') void inbox.read();
      return true;
    } catch (cause) {
      const problem = asProblem(cause);
      this.failed = problem;
      if (!unanswered(problem)) drop(sessionStorage, body.id);
      return false;
    } finally {
      this.sending = false;
      this.waiting = pending(sessionStorage);
    }
  }

  forget(body: ReportBody): void {
    drop(sessionStorage, body.id);
    this.waiting = pending(sessionStorage);
    this.failed = null;
  }

  /** Ready for the next interval: road, stage, day, reporter stay. */
  #next(): void {
    this.clearInterval();
    this.files = [];
    this.reasons = {};
    this.note = '';
  }
}

export const entry = new Entry();
