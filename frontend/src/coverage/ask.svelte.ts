// The question of the coverage workspace as the screen holds it: what is asked
// (in the address), whether the map already answers it, and its figures beside
// those of the live world.

import { Figures } from '../figure';
import { api, type Report } from '../api';
import { app } from '../state.svelte';
import type { ReportKind } from '../stream/protocol';
import { t } from '../i18n/text.svelte';
import {
  asks,
  editText,
  fits,
  LAYER_OF,
  NOTHING_ASKED,
  parseEdits,
  questionQuery,
  withEdit,
  withoutEdit,
  type Edit,
  type Question,
} from './question';

/** What is read beside the map waits no longer than this for the map. */
const PATIENCE_MS = 2500;

/** Where edits go while a scenario is open that may be changed: into it, not into the address. */
export interface Editor {
  readonly edits: readonly Edit[];
  add(edits: Edit[]): void;
  /** Takes an edit back; without one the last. */
  remove(edit?: Edit): void;
}

class Ask {
  editor = $state.raw<Editor | null>(null);
  /** Reports as the stream sent them last: of the question, while one stands. */
  #figures = $state.raw<Partial<Record<ReportKind, Figures>>>({});
  /** Whether a question is under way that the map does not answer yet. */
  busy = $state(false);
  /** What the service had against the last question. */
  refused = $state('');
  /** Whether an edit was refused: there are as many as can be asked. */
  full = $state(false);
  /** Names of what was edited, as the screen met them; the address has only numbers. */
  names = $state.raw<Record<string, string>>({});
  #sent = '';
  #region = '';
  #late: ReturnType<typeof setTimeout> | undefined;

  get question(): Question {
    return app.view.question;
  }

  /** Figures of what is asked; without a question, of the live world. */
  now(kind: ReportKind): Figures {
    return (app.asks && this.#figures[kind]) || app.figures[kind];
  }

  /** Tells the stream again what the map is to show, after something else was asked of it. */
  again(): void {
    this.#sent = '';
    this.send();
  }

  /** Tells the stream what the map is to show, once. To be called in an effect too: an address may ask. */
  send(): void {
    const { region, as_of = '' } = app.moment;
    if (!region) return;
    const { season = '', connect_m = 0, rai_m = 0, walk_min = 0, edits = '' } = questionQuery(this.question);
    const { scenario } = this.question;
    const asked = { region, as_of: String(as_of), season: String(season), edits: String(edits) };
    const limits = { connect_m: Number(connect_m), rai_m: Number(rai_m), walk_min: Number(walk_min) };
    const text = JSON.stringify([asked, limits, scenario]);
    if (text === this.#sent) return;
    this.#sent = text;
    this.refused = '';
    if (!fits(this.question.edits)) {
      this.refuse(t('whatif.too_many', { n: this.question.edits.length }));
      return;
    }
    const awaited = app.stream?.ask({ ...asked, ...limits, scenario }) ?? false;
    this.busy = awaited;
    // The live world stands ready, and another county is another page.
    if (!awaited || !asks(this.question) || region !== this.#region) app.settle();
    else this.#wait();
    this.#region = region;
  }

  #wait(): void {
    clearTimeout(this.#late);
    this.#late = setTimeout(() => {
      app.settle();
    }, PATIENCE_MS);
  }

  /** The service answered, and the tiles that differ are asked for. */
  answered(last: boolean): void {
    if (!last) return;
    this.busy = false;
    if (app.pending === 0) this.drawn();
  }

  /** All tiles are here: what is read beside the map no longer takes anything from it. */
  drawn(): void {
    if (this.busy) return;
    clearTimeout(this.#late);
    app.settle();
  }

  refuse(message: string): void {
    this.busy = false;
    this.refused = message;
    clearTimeout(this.#late);
    app.settle();
  }

  take(region: string, kind: ReportKind, report: unknown): void {
    if (region !== app.view.region) return;
    this.#figures = { ...this.#figures, [kind]: new Figures({ ...(report as Report), kind }) };
  }

  /** Reads the names of what is edited where an address brought only numbers. To be called in an effect. */
  async name(): Promise<void> {
    const key = ({ layer, id }: Edit) => `${layer}:${id}`;
    const strange = this.question.edits
      .filter((edit) => edit.deed !== 'add' && !(key(edit) in this.names))
      .slice(0, 20);
    if (strange.length === 0) return;
    this.names = { ...this.names, ...Object.fromEntries(strange.map((edit) => [key(edit), ''])) };
    const read = await Promise.allSettled(
      strange.map(async (edit) => {
        const layer = LAYER_OF[edit.layer];
        const { name, code } = await api.feature(layer, edit.id, app.moment);
        return [key(edit), name ?? code ?? ''];
      }),
    );
    const found = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    this.names = { ...this.names, ...Object.fromEntries(found) };
  }

  change(patch: Partial<Question>): void {
    app.view.question = { ...this.question, ...patch };
    // Before the screen is drawn anew: meanwhile the service has begun.
    this.send();
  }

  edit(edit: Edit, name = ''): void {
    if (name) this.names = { ...this.names, [`${edit.layer}:${edit.id}`]: name };
    if (this.editor) this.editor.add([edit]);
    else this.#take(withEdit(this.question.edits, edit));
  }

  /** Takes edits when they can be asked, else leaves all as it is and says so. */
  #take(edits: Edit[]): void {
    this.full = !fits(edits);
    if (!this.full) this.change({ edits });
  }

  /** Several edits at once, each with the name of what it speaks of. */
  editAll(works: { edits: string; name: string }[]): void {
    const all = works.flatMap(({ edits, name }) => parseEdits(edits).map((edit) => ({ edit, name })));
    const names = all.map(({ edit, name }) => [`${edit.layer}:${edit.id}`, name]);
    this.names = { ...this.names, ...Object.fromEntries(names) };
    const edits = all.map((one) => one.edit);
    if (this.editor) this.editor.add(edits);
    else this.#take(edits.reduce(withEdit, this.question.edits));
  }

  has(edit: Edit): boolean {
    return this.edits.some((one) => editText(one) === editText(edit));
  }

  /** What is supposed: what the open scenario does, and what the address does beside it. */
  get edits(): readonly Edit[] {
    return this.editor ? [...this.editor.edits, ...this.question.edits] : this.question.edits;
  }

  undo(edit?: Edit): void {
    this.full = false;
    const own = edit
      ? this.question.edits.some((one) => editText(one) === editText(edit))
      : this.question.edits.length > 0;
    if (!own && this.editor) {
      this.editor.remove(edit);
      return;
    }
    const one = edit ?? this.question.edits.at(-1);
    if (one) this.change({ edits: withoutEdit(this.question.edits, one) });
  }

  /** The live world again, by the rules of the county. */
  reset(): void {
    this.full = false;
    app.view.question = NOTHING_ASKED;
    this.send();
  }
}

export const ask = new Ask();
