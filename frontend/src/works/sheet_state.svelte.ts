// The spreadsheet that is being entered. It lives beside the tab, so that
// looking at a route between two rows loses nothing.

import { asProblem, type Problem } from '../http';
import { app } from '../state.svelte';
import { works as service, type Sheet, type SheetApplied, type SheetMatch } from './api';
import { stateOf, type RowFilter } from './sheet_row';
import { works } from './works.svelte';

/** How long a hand rests before the rows are checked anew. */
const PAUSE_MS = 300;

class Sheets {
  file = $state.raw<File | null>(null);
  township = $state('');
  /** With the checks of its rows as the service gave them last. */
  sheet = $state.raw<Sheet | null>(null);
  /** Field by column, as it stands in the selects; empty: the column is not used. */
  fields = $state.raw<Record<number, string>>({});
  remember = $state(true);
  filter = $state<RowFilter>('all');
  reading = $state(false);
  checking = $state(false);
  applying = $state(false);
  problem = $state.raw<Problem | null>(null);
  result = $state.raw<SheetApplied | null>(null);
  #headRow = $state(0);
  #stage = $state('');
  #on = $state('');
  #region = $state('');
  /** As the service matched the sheet itself. */
  #own = $state.raw<Sheet | null>(null);
  /** The match that the rows are checked by. */
  #checked = $state('');
  #proposed = false;
  #seq = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;
  #failed: () => void = () => undefined;

  states = $derived((this.sheet?.rows ?? []).map((row) => stateOf(row)));
  counts = $derived({
    all: this.states.length,
    ready: this.states.filter((one) => one === 'ready').length,
    held: this.states.filter((one) => one === 'held').length,
    skip: this.states.filter((one) => one === 'skip').length,
  });
  rows = $derived(
    (this.sheet?.rows ?? [])
      .map((row, i) => ({ row, state: this.states[i] ?? 'skip' }))
      .filter(({ state }) => this.filter === 'all' || state === this.filter),
  );
  /** How the sheet is to be read, as it stands in the fields. */
  match = $derived<SheetMatch>({
    region: this.#region,
    township: this.township,
    head_row: this.#headRow,
    columns: Object.fromEntries(
      Object.entries(this.fields)
        .filter(([, field]) => field !== '')
        .map(([column, field]): [string, number] => [field, Number(column)]),
    ),
    ...(this.#stage ? { stage: this.#stage } : {}),
    ...(this.#on ? { on: this.#on } : {}),
  });
  /** Whether the rows are checked by another match than stands in the fields. */
  stale = $derived(this.#checked !== JSON.stringify(this.match));
  /** Whether a head matched before is read the same way. */
  remembered = $derived(
    (this.#own?.heads ?? []).some((one) => one.remembered) &&
      this.#own?.head_row === this.#headRow &&
      this.#own.heads.every((one) => (one.field ?? '') === (this.fields[one.column] ?? '')),
  );

  get headRow(): number {
    return this.#headRow;
  }

  set headRow(row: number) {
    this.#headRow = row;
    this.#later();
  }

  /** Of rows that say none. */
  get stage(): string {
    return this.#stage;
  }

  set stage(stage: string) {
    this.#stage = stage;
    this.#later();
  }

  /** Day of rows that say none. */
  get on(): string {
    return this.#on;
  }

  set on(day: string) {
    this.#on = day;
    this.#proposed = true;
    this.#later();
  }

  /** Reads a file and opens the tab that shows it. */
  open(file: File): void {
    this.township = app.view.township;
    this.#stage = '';
    this.#on = '';
    app.openDrawer('sheet', '');
    void this.read(file);
  }

  async read(file: File): Promise<void> {
    const seq = this.#overtake();
    this.file = file;
    this.sheet = null;
    this.result = null;
    this.problem = null;
    this.filter = 'all';
    this.reading = true;
    this.#region = app.view.region;
    try {
      const sheet = await service.sheet(this.#region, this.township, file);
      if (seq !== this.#seq) return;
      this.reading = false;
      this.#take(sheet);
    } catch (cause) {
      if (seq !== this.#seq) return;
      this.reading = false;
      this.#fail(cause, () => void this.read(file));
    }
  }

  /** The fields stand as the service matched them. */
  #take(sheet: Sheet): void {
    this.sheet = this.#own = sheet;
    this.#headRow = sheet.head_row;
    this.fields = Object.fromEntries(sheet.heads.map((one) => [one.column, one.field ?? '']));
    const { stage, on, ...bare } = this.match;
    this.#checked = JSON.stringify(bare);
    this.#proposed = Boolean(on);
    if (this.#propose(sheet) || stage || on) void this.check();
  }

  /** Where rows have no day, that of the data is proposed, once: who empties it means it. */
  #propose(sheet: Sheet): boolean {
    if (this.#proposed || sheet.rows.every((row) => !row.entry || row.entry.on)) return false;
    this.#proposed = true;
    this.#on = app.view.asOf || app.region?.data_date || '';
    return this.#on !== '';
  }

  again(): void {
    if (this.file) void this.read(this.file);
  }

  close(): void {
    this.#overtake();
    this.file = null;
    this.sheet = null;
    this.result = null;
    this.problem = null;
  }

  /** A field belongs to one column: where it stood before it is taken away. */
  setField(column: number, field: string): void {
    const others = Object.entries(this.fields).map(([key, value]): [string, string] => [
      key,
      value === field && field !== '' ? '' : value,
    ]);
    this.fields = { ...Object.fromEntries(others), [column]: field };
    this.#later();
  }

  /** Answers that are on their way are not heard any more. */
  #overtake(): number {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.checking = this.reading = false;
    return ++this.#seq;
  }

  #later(): void {
    this.#overtake();
    if (!this.sheet || !this.stale || this.#headRow < 1) return;
    this.checking = true;
    this.#timer = setTimeout(() => void this.check(), PAUSE_MS);
  }

  /** Has the rows checked as they would be entered now. */
  async check(): Promise<void> {
    const seq = this.#overtake();
    const { sheet, match } = this;
    if (!sheet) return;
    this.#abort = new AbortController();
    this.checking = true;
    try {
      const checked = await service.checkSheet(sheet.sheet, match, this.#abort.signal);
      if (seq !== this.#seq) return;
      this.sheet = checked;
      this.#checked = JSON.stringify(match);
      this.problem = null;
      this.checking = false;
      if (this.#propose(checked)) void this.check();
    } catch (cause) {
      if (seq !== this.#seq) return;
      this.checking = false;
      this.#fail(cause, () => void this.check());
    }
  }

  async apply(): Promise<void> {
    const { sheet } = this;
    if (!sheet || this.applying) return;
    this.applying = true;
    this.problem = null;
    try {
      this.result = await service.applySheet(sheet.sheet, { ...this.match, remember: this.remember });
      void works.reload();
    } catch (cause) {
      this.#fail(cause, () => void this.apply());
    } finally {
      this.applying = false;
    }
  }

  #fail(cause: unknown, again: () => void): void {
    this.problem = asProblem(cause);
    this.#failed = again;
  }

  /** Does again what failed last. */
  retry(): void {
    this.#failed();
  }
}

export const sheets = new Sheets();
