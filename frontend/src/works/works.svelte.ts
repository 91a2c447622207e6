// The route whose works are open: its strip as the service gives it, the place
// under the pointer, the interval that is chosen. Tabs of the drawer read it;
// after a write they call `reload`.

import { untrack } from 'svelte';
import type { Bounds, Place } from '../api';
import { asProblem, type Problem } from '../http';
import { app, type Drawn } from '../state.svelte';
import { works as service, type Programme, type ReplayPiece, type Span, type StripData } from './api';
import { placeAt, lineBetween } from './place';

class Works {
  strip = $state.raw<StripData | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Measure under the pointer, mm. */
  at = $state<number | null>(null);
  /** The chosen interval, whole 10 m. */
  span = $state.raw<Span | null>(null);
  /** Reports that are picked out, by id; empty: all are shown. */
  picked = $state.raw<string[]>([]);
  /** The programmes of the county, the latest first. */
  programmes = $state.raw<Programme[]>([]);
  #programmesOf = '';
  #seq = 0;

  /** The line of the open route as one piece, for places on the map; empty: it is not drawn. */
  readonly pieces = $derived.by<ReplayPiece[]>(() => {
    const road = this.strip?.road;
    if (!road?.line || road.line.length < 2) return [];
    const { id, line, length_mm } = road;
    return [{ road: id, from_mm: 0, to_mm: length_mm, line, started_on: null, done_on: null }];
  });

  /** The route that is open, or empty. */
  get road(): string {
    return app.view.drawer?.road ?? '';
  }

  /** Opens a route: flies there, marks it, shows its strip. */
  open(road: number | string, place?: { bounds: Bounds | null; center: Place | null }, tab = 'strip'): void {
    const id = String(road);
    if (id !== this.road) this.forget();
    app.closeCard();
    app.openDrawer(tab, id);
    app.point({ layer: 'road', id, region: app.view.region });
    // The drawer takes its room first, so that the map knows its new size.
    if (place && (place.bounds || place.center)) setTimeout(() => app.map?.fly(place, 14), 60);
  }

  /** Chooses an interval, in either order; null: none. */
  choose(span: Span | null): void {
    this.span = span && {
      from_mm: Math.min(span.from_mm, span.to_mm),
      to_mm: Math.max(span.from_mm, span.to_mm),
    };
  }

  /** Picks out reports by id and shows them. */
  pick(events: string[], tab = 'reports'): void {
    this.picked = events;
    app.openDrawer(tab, this.road);
  }

  /** Flies to an interval of the open route, as far as its line is known. */
  fly(span: Span): void {
    const line = lineBetween(this.pieces, Number(this.road), span);
    if (line.length === 0) return;
    const lons = line.map((point) => point[0]);
    const lats = line.map((point) => point[1]);
    const bounds: Bounds = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
    app.map?.fly({ bounds, center: [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2] }, 15);
  }

  /** Where a measure of the open route is; null: it is not drawn there. */
  place(mm: number): Place | null {
    return placeAt(this.pieces, Number(this.road), mm);
  }

  line(span: Span): Place[] {
    return lineBetween(this.pieces, Number(this.road), span);
  }

  forget(): void {
    this.#seq++;
    this.strip = null;
    this.problem = null;
    this.at = null;
    this.span = null;
    this.picked = [];
  }

  /** Reads the open route again; what is shown stays until the new is here. */
  async reload(): Promise<void> {
    const { road } = this;
    if (!road) return;
    const seq = ++this.#seq;
    void this.readProgrammes();
    try {
      const strip = await service.strip(road, app.moment);
      if (seq !== this.#seq) return;
      this.strip = strip;
      this.problem = null;
    } catch (cause) {
      if (seq === this.#seq) this.problem = asProblem(cause);
    }
  }

  /** Stage that completes a metre of the programme that the strip speaks of. */
  get completing(): string {
    const own = this.strip?.scope[0]?.programme;
    return this.programmes.find((one) => one.id === own)?.completing_stage ?? 'surface';
  }

  /** To be called in an effect: draws place and interval over the map. */
  show(): void {
    const drawn: Drawn[] = [];
    const line = this.span ? this.line(this.span) : [];
    if (line.length > 1) drawn.push({ kind: 'span', points: line });
    const place = this.at === null ? null : this.place(this.at);
    if (place) drawn.push({ kind: 'dot', points: [place] });
    app.map?.draw('works', drawn);
  }

  async readProgrammes(): Promise<void> {
    const key = `${JSON.stringify(app.moment)} ${String(app.tick)}`;
    if (key === this.#programmesOf) return;
    this.#programmesOf = key;
    try {
      this.programmes = await service.programmes(app.moment);
    } catch {
      this.#programmesOf = '';
    }
  }

  /** To be called in an effect: reads when route, day or revision change. */
  follow(): void {
    void [this.road, app.view.region, app.view.asOf, app.tick];
    untrack(() => {
      if (this.strip && String(this.strip.road.id) !== this.road) this.forget();
      void this.reload();
    });
  }
}

export const works = new Works();
