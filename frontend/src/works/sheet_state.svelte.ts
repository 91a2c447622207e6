// The spreadsheet that is being entered. It lives beside the tab, so that
// looking at a route between two rows loses nothing.

import { asProblem, type Problem } from '../http';
import { app } from '../state.svelte';
import { works as service, type Sheet, type SheetApplied } from './api';
import { stateOf, type RowFilter } from './sheet_row';
import { works } from './works.svelte';

class Sheets {
  file = $state.raw<File | null>(null);
  township = $state('');
  sheet = $state.raw<Sheet | null>(null);
  /** Field by column, as it stands in the selects; empty: the column is not used. */
  fields = $state.raw<Record<number, string>>({});
  stage = $state('');
  on = $state('');
  remember = $state(true);
  filter = $state<RowFilter>('all');
  reading = $state(false);
  applying = $state(false);
  problem = $state.raw<Problem | null>(null);
  result = $state.raw<SheetApplied | null>(null);
  #seq = 0;

  defaults = $derived({ stage: this.stage, on: this.on });
  states = $derived((this.sheet?.rows ?? []).map((row) => stateOf(row, this.defaults)));
  counts = $derived({
    all: this.states.length,
    ready: this.states.filter((one) => one === 'ready' || one === 'default').length,
    held: this.states.filter((one) => one === 'held').length,
    skip: this.states.filter((one) => one === 'skip').length,
  });
  rows = $derived(
    (this.sheet?.rows ?? [])
      .map((row, i) => ({ row, state: this.states[i] ?? 'skip' }))
      .filter(
        ({ state }) =>
          this.filter === 'all' || state === this.filter || (this.filter === 'ready' && state === 'default'),
      ),
  );
  /** Whether the columns are matched otherwise than the rows were checked by. */
  changed = $derived(
    (this.sheet?.heads ?? []).some((one) => (one.field ?? '') !== (this.fields[one.column] ?? '')),
  );
  remembered = $derived((this.sheet?.heads ?? []).some((one) => one.remembered));

  /** Reads a file and opens the tab that shows it. */
  open(file: File): void {
    this.township = app.view.township;
    app.openDrawer('sheet', '');
    void this.read(file);
  }

  async read(file: File): Promise<void> {
    const seq = ++this.#seq;
    this.file = file;
    this.sheet = null;
    this.result = null;
    this.problem = null;
    this.filter = 'all';
    this.reading = true;
    try {
      const sheet = await service.sheet(app.view.region, this.township, file);
      if (seq !== this.#seq) return;
      this.sheet = sheet;
      this.on ||= app.view.asOf || app.region?.data_date || '';
      this.fields = Object.fromEntries(sheet.heads.map((one) => [one.column, one.field ?? '']));
    } catch (cause) {
      if (seq === this.#seq) this.problem = asProblem(cause);
    } finally {
      if (seq === this.#seq) this.reading = false;
    }
  }

  again(): void {
    if (this.file) void this.read(this.file);
  }

  close(): void {
    this.#seq++;
    this.file = null;
    this.sheet = null;
    this.result = null;
    this.problem = null;
  }

  /** A field belongs to one column: where it stood before it is taken away. */
  match(column: number, field: string): void {
    const others = Object.entries(this.fields).map(([key, value]): [string, string] => [
      key,
      value === field && field !== '' ? '' : value,
    ]);
    this.fields = { ...Object.fromEntries(others), [column]: field };
  }

  async apply(): Promise<void> {
    const { sheet } = this;
    if (!sheet || this.applying) return;
    this.applying = true;
    this.problem = null;
    const columns = Object.entries(this.fields)
      .filter(([, field]) => field !== '')
      .map(([column, field]): [string, number] => [field, Number(column)]);
    try {
      this.result = await service.applySheet(sheet.sheet, {
        region: app.view.region,
        township: this.township,
        head_row: sheet.head_row,
        columns: Object.fromEntries(columns),
        ...(this.stage ? { stage: this.stage } : {}),
        ...(this.on ? { on: this.on } : {}),
        remember: this.remember,
      });
      void works.reload();
    } catch (cause) {
      this.problem = asProblem(cause);
    } finally {
      this.applying = false;
    }
  }
}

export const sheets = new Sheets();
