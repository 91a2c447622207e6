// The part of a route that the strip shows, and where on the drawing each
// measure, row and band of it stands. Zooming and moving keep to the route.

import { app } from '../state.svelte';
import { STAGES, type Span, type StripData } from './api';
import { labelAt, snap, ticks } from './chainage';

export const ROW = 19;
export const BAND = 17;
/** The least that is shown of a route, mm. */
const LEAST_MM = 100_000;

/** The two fingers of a pinch when it began. */
interface Pinch {
  size: number;
  /** Distance of the fingers, px. */
  apart: number;
  /** Measure between them, mm. */
  middle: number;
}

export class StripView {
  readonly #data: () => StripData;
  width = $state(900);
  /** What is shown; null: the whole route. */
  window = $state.raw<Span | null>(null);
  #fingers: { id: number; px: number }[] = [];
  #pinch: Pinch | null = null;

  constructor(data: () => StripData) {
    this.#data = data;
  }

  readonly length = $derived.by(() => Math.max(1, this.#data().road.length_mm));
  readonly span = $derived<Span>(this.window ?? { from_mm: 0, to_mm: this.length });
  readonly size = $derived(this.span.to_mm - this.span.from_mm);
  /** Room for the names of the rows. */
  readonly gutter = $derived(app.phone ? (app.lang === 'en' ? 96 : 66) : app.lang === 'en' ? 104 : 84);
  readonly inner = $derived(Math.max(60, this.width - this.gutter - 14));

  readonly bands = $derived.by(() => {
    const { townships, scope, contracts } = this.#data();
    return [
      { key: 'township', spans: townships.map((one) => ({ ...one, text: app.regionName(one.code) })) },
      { key: 'scope', spans: scope.map((one) => ({ ...one, text: one.village_name || one.name })) },
      { key: 'contract', spans: contracts.map((one) => ({ ...one, text: one.code })) },
    ].filter((band) => band.spans.length > 0);
  });
  readonly axis = $derived(30 + this.bands.length * (BAND + 2));
  readonly rows = $derived.by(() =>
    STAGES.map((stage, index) => ({
      stage,
      y: this.axis + 6 + index * ROW,
      spans: this.#data().stages.find((one) => one.stage === stage)?.spans ?? [],
    })),
  );
  /** Top of the row of what counts. */
  readonly counts = $derived(this.axis + 10 + STAGES.length * ROW);
  /** Top of pins and inspections. */
  readonly pins = $derived(this.counts + ROW + 6);
  readonly height = $derived.by(() => {
    const { pins, inspections } = this.#data();
    return this.pins + (pins.length + inspections.length > 0 ? 34 : 6);
  });
  readonly marks = $derived.by(() =>
    ticks(this.#data(), this.length, this.span, this.inner / (app.phone ? 74 : 92)),
  );

  x(mm: number): number {
    return this.gutter + ((mm - this.span.from_mm) / this.size) * this.inner;
  }

  mmAt(px: number): number {
    const mm = this.span.from_mm + ((px - this.gutter) / this.inner) * this.size;
    return Math.max(0, Math.min(this.length, mm));
  }

  label(mm: number): string {
    return labelAt(this.#data(), this.length, mm);
  }

  /** Where an interval is drawn; null: it is not on show. */
  box(one: Span): { x: number; width: number } | null {
    const from = Math.max(one.from_mm, this.span.from_mm);
    const to = Math.min(one.to_mm, this.span.to_mm);
    if (to <= from) return null;
    return { x: this.x(from), width: Math.max(1.5, this.x(to) - this.x(from)) };
  }

  has(mm: number): boolean {
    return mm >= this.span.from_mm && mm <= this.span.to_mm;
  }

  /** The interval between two measures on the grid, in either order; null: it has no length. */
  between(a: number, b: number): Span | null {
    const [from, to] = [snap(Math.min(a, b), this.length), snap(Math.max(a, b), this.length)];
    return to > from ? { from_mm: from, to_mm: to } : null;
  }

  zoom(factor: number, around = (this.span.from_mm + this.span.to_mm) / 2): void {
    const share = (around - this.span.from_mm) / this.size;
    const size = this.#allowed(this.size * factor);
    this.move(around - share * size, size);
  }

  move(from: number, size = this.size): void {
    const start = Math.max(0, Math.min(this.length - size, from));
    this.window = size >= this.length ? null : { from_mm: start, to_mm: start + size };
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      this.move(this.span.from_mm + ((event.deltaX || event.deltaY) / this.inner) * this.size);
    else this.zoom(Math.exp(event.deltaY * 0.0016), this.mmAt(event.offsetX));
  }

  /** A finger or the mouse came down at a place, px; whether a pinch begins with it. */
  touch(id: number, px: number): boolean {
    this.#fingers = [...this.#fingers.filter((one) => one.id !== id), { id, px }];
    const [a, b] = this.#fingers.map((one) => one.px);
    if (a === undefined || b === undefined) return false;
    this.#pinch = {
      size: this.size,
      apart: Math.max(20, Math.abs(a - b)),
      middle: this.mmAt((a + b) / 2),
    };
    return true;
  }

  /** It moved; whether it is part of a pinch. What was between the fingers stays there. */
  drag(id: number, px: number): boolean {
    this.#fingers = this.#fingers.map((one) => (one.id === id ? { id, px } : one));
    const [a, b] = this.#fingers.map((one) => one.px);
    if (!this.#pinch || a === undefined || b === undefined) return false;
    const size = this.#allowed((this.#pinch.size * this.#pinch.apart) / Math.max(20, Math.abs(a - b)));
    const share = ((a + b) / 2 - this.gutter) / this.inner;
    this.move(this.#pinch.middle - share * size, size);
    return true;
  }

  /** It went; whether it was part of a pinch, which ends when the last has gone. */
  release(id: number): boolean {
    const pinched = this.#pinch !== null;
    this.#fingers = this.#fingers.filter((one) => one.id !== id);
    if (this.#fingers.length === 0) this.#pinch = null;
    return pinched;
  }

  #allowed(size: number): number {
    return Math.max(Math.min(LEAST_MM, this.length), Math.min(this.length, size));
  }
}
