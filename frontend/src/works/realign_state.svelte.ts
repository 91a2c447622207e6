// The deed on a route that is being prepared: its kind, the line that is drawn
// on the map, what the service says it would do. It outlives the tab, so that
// looking at the strip loses no vertex.

import type { Place } from '../api';
import { asProblem, type Problem } from '../http';
import { app, type Drawn } from '../state.svelte';
import { works as service, type MappingPiece, type Operated, type OperationBody } from './api';
import { measuresOf } from './chainage';
import { cut } from './place';
import { bare } from './realign_pieces';
import { DEGREE_M, lengthOf, metres, nearest, reachOf, stretch, tidy } from './realign_line';
import { works } from './works.svelte';

export const KINDS = ['realign', 'split', 'merge', 'reverse', 'extend', 'shorten'] as const;
export type Kind = (typeof KINDS)[number] | 'line';

const SNAP_PX = 12;
const INSERT_PX = 7;
const GRAB_PX = 11;

interface Shape {
  head: Place[];
  bend: Place[];
  tail: Place[];
}
const NOTHING: Shape = { head: [], bend: [], tail: [] };

class Realign {
  kind = $state<Kind>('realign');
  on = $state('');
  reason = $state('');
  tolerance = $state('5');
  snap = $state(true);
  addToTask = $state(false);
  /** Label of the place of a split. */
  at = $state('');
  name = $state('');
  code = $state('');
  other = $state.raw<{ id: number; name: string } | null>(null);
  lengthM = $state('');
  inFront = $state(false);
  shape = $state.raw<Shape>(NOTHING);
  drawing = $state(false);
  effect = $state.raw<Operated | null>(null);
  /** Pieces that were corrected by hand; null: as the service makes them. */
  mapping = $state.raw<MappingPiece[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  done = $state.raw<{ version: number; before: string; withdrawn?: boolean } | null>(null);
  #past: Shape[] = [];
  undoable = $state(0);
  #grabbed = -1;
  #road = '';

  /** The line of the open route; exact where the service tells it. */
  get old(): Place[] {
    const strip = works.strip;
    if (!strip) return [];
    return strip.road.line ?? works.line({ from_mm: 0, to_mm: strip.road.length_mm });
  }

  get exact(): boolean {
    return Boolean(works.strip?.road.line);
  }

  /** The line as it is drawn now. */
  get line(): Place[] {
    const { head, bend, tail } = this.shape;
    return tidy([...head, ...bend, ...tail]);
  }

  get draws(): boolean {
    return this.kind === 'realign' || this.kind === 'line' || (this.kind === 'extend' && this.old.length > 1);
  }

  /** To be called in an effect: another route begins anew. */
  follow(): void {
    const strip = works.strip;
    if (!strip || String(strip.road.id) === this.#road) return;
    this.#road = String(strip.road.id);
    this.begin(strip.road.drawn ? 'realign' : 'line');
    this.on = app.view.asOf || app.region?.data_date || '';
    this.reason = '';
    this.done = null;
  }

  begin(kind: Kind): void {
    this.kind = kind;
    this.shape = NOTHING;
    this.#past = [];
    this.undoable = 0;
    this.at = '';
    this.other = null;
    this.done = null;
    this.stale();
    this.draw(false);
  }

  /** What was worked out no longer holds. */
  stale(): void {
    this.effect = null;
    this.mapping = null;
    this.problem = null;
  }

  #set(shape: Shape): void {
    this.#past = [...this.#past.slice(-200), this.shape];
    this.undoable = this.#past.length;
    this.shape = shape;
    this.stale();
  }

  undo(): void {
    const before = this.#past.pop();
    this.undoable = this.#past.length;
    if (before) this.shape = before;
    this.stale();
  }

  clear(): void {
    this.#set(NOTHING);
  }

  take(line: Place[]): void {
    this.#set({ head: [], bend: line, tail: [] });
    this.draw(false);
  }

  /** Starts from the old line: what lies outside the chosen interval stays; inside, its points are kept or left out. */
  copy(keep: boolean): void {
    const length = works.strip?.road.length_mm ?? 0;
    const span = works.span ?? { from_mm: 0, to_mm: length };
    if (length <= 0) return;
    const { head, middle, tail } = stretch(this.old, span.from_mm / length, span.to_mm / length);
    this.#set({ head, bend: keep ? middle : [], tail });
    this.draw(true);
  }

  /** Clicks on the map add points, and points can be dragged, or not. */
  draw(on: boolean): void {
    this.drawing = on;
    app.map?.takeDrag(
      on
        ? {
            down: (place) => this.#grab(place),
            move: (place) => {
              this.#move(place);
            },
            up: () => {
              this.#grabbed = -1;
            },
          }
        : null,
    );
    app.map?.takePoints(
      on
        ? (place) => {
            this.add(place);
          }
        : null,
    );
  }

  #snapped(place: Place): Place {
    const zoom = app.view.place?.zoom ?? 14;
    const near = this.snap ? nearest(this.old, place) : null;
    // A bend runs beside the old line; it is caught only where it comes close.
    const within = near && near.metres < reachOf(SNAP_PX, zoom, place[1]) * DEGREE_M;
    if (!near || !within) return place;
    if (this.kind !== 'extend') return near.place;
    const ends = [this.old[0], this.old.at(-1)].filter((end): end is Place => end !== undefined);
    return ends.find((end) => metres(end, place) < 2 * reachOf(SNAP_PX, zoom, place[1]) * DEGREE_M) ?? place;
  }

  add(place: Place): void {
    // The click that ends a drag is none of its own.
    if (this.#pointAt(place) >= 0) return;
    const { head, bend, tail } = this.shape;
    const zoom = app.view.place?.zoom ?? 14;
    const on = nearest(bend, place);
    if (on && on.metres < reachOf(INSERT_PX, zoom, place[1]) * DEGREE_M) {
      this.#set({ head, bend: bend.toSpliced(on.leg + 1, 0, place), tail });
      return;
    }
    this.#set({ head, bend: [...bend, this.#snapped(place)], tail });
  }

  /** The point of the drawn part under a place; -1: none. */
  #pointAt(place: Place): number {
    const zoom = app.view.place?.zoom ?? 14;
    const near = this.shape.bend
      .map((point, index) => ({ index, away: metres(point, place) }))
      .sort((a, b) => a.away - b.away)[0];
    return near && near.away < reachOf(GRAB_PX, zoom, place[1]) * DEGREE_M ? near.index : -1;
  }

  #grab(place: Place): boolean {
    this.#grabbed = this.#pointAt(place);
    if (this.#grabbed < 0) return false;
    this.#past = [...this.#past.slice(-200), this.shape];
    this.undoable = this.#past.length;
    return true;
  }

  #move(place: Place): void {
    if (this.#grabbed < 0) return;
    const { head, bend, tail } = this.shape;
    this.shape = { head, bend: bend.with(this.#grabbed, this.#snapped(place)), tail };
    this.stale();
  }

  /** The place of a split, mm; null: not said, or no place, or several. */
  get splitAt(): number | null {
    const strip = works.strip;
    if (!strip) return null;
    const found = measuresOf(strip, strip.road.length_mm, this.at);
    return found.length === 1 ? (found[0] ?? null) : null;
  }

  get ready(): boolean {
    if (!this.on || !this.reason.trim()) return this.kind === 'line' && this.line.length > 1;
    switch (this.kind) {
      case 'realign':
      case 'line':
        return this.line.length > 1;
      case 'extend':
        return this.draws ? this.line.length > 1 : Number(this.lengthM) > 0;
      case 'split':
        return this.splitAt !== null;
      case 'merge':
        return this.other !== null;
      case 'shorten':
        return works.span !== null;
      case 'reverse':
        return true;
    }
  }

  #body(): OperationBody {
    const body: OperationBody = {
      region: app.view.region,
      kind: this.kind,
      on: this.on,
      reason: this.reason.trim(),
      ...(Number(this.tolerance) > 0 ? { tolerance_m: Number(this.tolerance) } : {}),
      ...(this.mapping ? { mapping: this.mapping.map(bare) } : {}),
      ...(this.addToTask && (this.kind === 'realign' || this.kind === 'extend') ? { add_to_task: true } : {}),
    };
    if (this.draws) body.line = this.line;
    if (this.kind === 'split' && this.splitAt !== null) body.at_mm = this.splitAt;
    if (this.kind === 'split' && this.name.trim()) body.name = this.name.trim();
    if (this.kind === 'split' && this.code.trim()) body.code = this.code.trim();
    if (this.kind === 'merge' && this.other) body.other = this.other.id;
    if (this.kind === 'shorten' && works.span) body.spans = [works.span];
    if (this.kind === 'extend' && !this.draws) {
      body.length_mm = Math.round(Number(this.lengthM) * 1000);
      if (this.inFront) body.at_mm = 0;
    }
    return body;
  }

  /** Asks what it would do; nothing is stored. */
  async try(mapping: MappingPiece[] | null = this.mapping): Promise<void> {
    const before = this.mapping;
    this.mapping = mapping;
    this.busy = true;
    this.problem = null;
    try {
      this.effect = await service.operate(this.#road, this.#body(), true);
      this.draw(false);
    } catch (cause) {
      this.problem = asProblem(cause);
      // What is shown is what would be stored.
      if (mapping) this.mapping = before;
      else this.effect = null;
    } finally {
      this.busy = false;
    }
  }

  /** Does it. */
  async store(): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    const before = new Date(Date.now() - 1000).toISOString();
    try {
      const made =
        this.kind === 'line'
          ? await service.line(this.#road, { region: app.view.region, line: this.line })
          : await service.operate(this.#road, this.#body(), false);
      // A deed of a later day is seen from that day on.
      if (this.kind !== 'line' && this.on > (app.view.asOf || app.region?.data_date || ''))
        await app.chooseDate(this.on);
      const version = made.version ?? works.strip?.road.version ?? 1;
      this.begin(works.strip?.road.drawn || this.kind === 'line' ? 'realign' : 'line');
      this.done = { version, before };
      works.choose(null);
      app.newRevision();
      await works.reload();
      return true;
    } catch (cause) {
      this.problem = asProblem(cause);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Takes back the last deed on the open route; refused while something stands on it. */
  async withdraw(reason: string): Promise<void> {
    const before = new Date(Date.now() - 1000).toISOString();
    await service.withdraw(this.#road, { region: app.view.region, reason });
    app.newRevision();
    await works.reload();
    const strip = works.strip;
    this.begin(!strip || strip.road.drawn ? 'realign' : 'line');
    works.choose(null);
    this.done = { version: strip?.road.version ?? 1, before, withdrawn: true };
  }

  /** Metres of the drawn line. */
  get drawnM(): number {
    return lengthOf(this.line);
  }

  /** To be called in an effect: old, new and carried over the map. */
  show(): void {
    const drawn: Drawn[] = [];
    const old = this.old;
    const line = this.draws && this.kind !== 'extend' ? this.line : old;
    if (this.effect) drawn.push(...this.#pieces(old, line));
    else {
      if (this.draws && old.length > 1 && this.line.length > 0) drawn.push({ kind: 'old', points: old });
      if (this.draws && this.line.length > 1) drawn.push({ kind: 'new', points: this.line });
      for (const point of this.drawing ? this.shape.bend : [])
        drawn.push({ kind: 'vertex', points: [point] });
    }
    app.map?.draw('realign', drawn);
  }

  #pieces(old: Place[], line: Place[]): Drawn[] {
    const pieces = this.effect?.pieces ?? [];
    const length = works.strip?.road.length_mm ?? 1;
    const drawn: Drawn[] = [];
    const own = Number(this.#road);
    const whole = Math.max(1, ...pieces.map((piece) => piece.to_to_mm ?? 0));
    const part = (kind: Drawn['kind'], of: Place[], from: number, to: number, all: number) => {
      const points = cut(of, from / all, to / all);
      if (points.length > 1) drawn.push({ kind, points });
    };
    for (const piece of pieces) {
      if (piece.kind === 'retired' && piece.from_road === own)
        part('old', old, piece.from_mm ?? 0, piece.to_mm ?? 0, length);
      else if (piece.kind === 'new' && this.kind === 'extend') drawn.push({ kind: 'new', points: this.line });
      else if (piece.kind === 'new') part('new', line, piece.to_from_mm ?? 0, piece.to_to_mm ?? 0, whole);
      else if (this.kind === 'realign')
        part('carried', line, piece.to_from_mm ?? 0, piece.to_to_mm ?? 0, whole);
      else if (piece.from_road === own) part('carried', old, piece.from_mm ?? 0, piece.to_mm ?? 0, length);
    }
    return drawn.filter((one) => one.points.length > 1);
  }
}

export const realign = new Realign();
