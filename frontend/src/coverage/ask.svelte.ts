// The question of the coverage workspace as the screen holds it: what is asked
// (in the address), whether the map already answers it, and its figures beside
// those of the live world.

import { Figures } from '../figure';
import { api, type Report } from '../api';
import { app } from '../state.svelte';
import type { ReportKind } from '../stream/protocol';
import {
  editText,
  NOTHING_ASKED,
  parseEdits,
  questionQuery,
  withEdit,
  withoutEdit,
  type Edit,
  type Question,
} from './question';

class Ask {
  /** Reports as the stream sent them last: of the question, while one stands. */
  #figures = $state.raw<Partial<Record<ReportKind, Figures>>>({});
  /** Whether a question is under way that the map does not answer yet. */
  busy = $state(false);
  /** What the service had against the last question. */
  refused = $state('');
  /** Names of what was edited, as the screen met them; the address has only numbers. */
  names = $state.raw<Record<string, string>>({});
  #sent = '';

  get question(): Question {
    return app.view.question;
  }

  /** Figures of what is asked; without a question, of the live world. */
  now(kind: ReportKind): Figures {
    return (app.asks && this.#figures[kind]) || app.figures[kind];
  }

  /** Tells the stream what the map is to show. To be called in an effect. */
  send(): void {
    const { region, as_of = '' } = app.moment;
    if (!region) return;
    const { season = '', connect_m = 0, rai_m = 0, walk_min = 0, edits = '' } = questionQuery(this.question);
    const asked = { region, as_of: String(as_of), season: String(season), edits: String(edits) };
    const limits = { connect_m: Number(connect_m), rai_m: Number(rai_m), walk_min: Number(walk_min) };
    const text = JSON.stringify([asked, limits]);
    if (text === this.#sent) return;
    const first = this.#sent === '' && !app.asks && !app.view.asOf;
    this.#sent = text;
    this.refused = '';
    this.busy = !first;
    app.stream?.ask({ ...asked, ...limits });
  }

  /** The service answered; the open card speaks of it from now on. */
  answered(last: boolean): void {
    if (last) this.busy = false;
    app.rereadCard();
  }

  refuse(message: string): void {
    this.busy = false;
    this.refused = message;
  }

  take(region: string, kind: ReportKind, report: unknown): void {
    if (region !== app.view.region) return;
    this.#figures = { ...this.#figures, [kind]: new Figures({ ...(report as Report), kind }) };
  }

  /** Reads the names of what is edited where an address brought only numbers. To be called in an effect. */
  async name(): Promise<void> {
    const key = ({ layer, id }: Edit) => `${layer}:${id}`;
    const strange = this.question.edits.filter((edit) => !(key(edit) in this.names)).slice(0, 20);
    if (strange.length === 0) return;
    this.names = { ...this.names, ...Object.fromEntries(strange.map((edit) => [key(edit), ''])) };
    const read = await Promise.allSettled(
      strange.map(async (edit) => {
        const layer = edit.layer === 'segment' ? 'road_segment' : 'road';
        const { name, code } = await api.feature(layer, edit.id, app.moment);
        return [key(edit), name ?? code ?? ''];
      }),
    );
    const found = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    this.names = { ...this.names, ...Object.fromEntries(found) };
  }

  change(patch: Partial<Question>): void {
    app.view.question = { ...this.question, ...patch };
  }

  edit(edit: Edit, name = ''): void {
    if (name) this.names = { ...this.names, [`${edit.layer}:${edit.id}`]: name };
    this.change({ edits: withEdit(this.question.edits, edit) });
  }

  /** Several edits at once, each with the name of what it speaks of. */
  editAll(works: { edits: string; name: string }[]): void {
    const all = works.flatMap(({ edits, name }) => parseEdits(edits).map((edit) => ({ edit, name })));
    const names = all.map(({ edit, name }) => [`${edit.layer}:${edit.id}`, name]);
    this.names = { ...this.names, ...Object.fromEntries(names) };
    this.change({ edits: all.map((one) => one.edit).reduce(withEdit, this.question.edits) });
  }

  has(edit: Edit): boolean {
    return this.question.edits.some((one) => editText(one) === editText(edit));
  }

  undo(edit = this.question.edits.at(-1)): void {
    if (edit) this.change({ edits: withoutEdit(this.question.edits, edit) });
  }

  /** The live world again, by the rules of the county. */
  reset(): void {
    app.view.question = NOTHING_ASKED;
  }
}

export const ask = new Ask();
