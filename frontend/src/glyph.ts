// The symbols of the map, drawn in code: the same function draws a symbol for
// the map, the legend and the tables, so they cannot differ. Shape carries the
// meaning, colour repeats it; each still reads at 8 px and in grey.

import { DECISION_GLYPHS, RING_PARTS } from './layer/plan';
import { FACILITY_KINDS } from './layer/facility';
import { BINDING, type Binding } from './layer/reference';
import { ROAD_VERDICTS, SUPPLY_VERDICTS, WATER_VERDICTS } from './layer/village';
import { WATER_STATES } from './layer/water_project';
import { palettes, type Palette, type Theme } from './palette';

/** Side of a glyph in CSS pixels. */
export const GLYPH_SIZE = 22;

type Context = CanvasRenderingContext2D;
type Fill = 'full' | 'half' | 'hollow' | 'dotted';

const FILLS: Record<string, Fill> = {
  connected: 'full',
  reached: 'half',
  not: 'hollow',
  unknown: 'dotted',
  safe: 'full',
  basic: 'half',
  unsafe: 'hollow',
  unsurveyed: 'dotted',
  served: 'full',
  no_capacity: 'half',
  out_of_reach: 'hollow',
  not_surveyed: 'dotted',
  built: 'full',
  small: 'full',
  building: 'half',
  planned: 'hollow',
};

function verdictColour(p: Palette, verdict: string): string {
  const colours: Record<string, string> = {
    connected: p.malachite,
    reached: p.ochre,
    not: p.cinnabar,
    safe: p.azurite,
    basic: p.azurite,
    unsafe: p.cinnabar,
    served: p.azurite,
    no_capacity: p.ochre,
    out_of_reach: p.cinnabar,
  };
  return colours[verdict] ?? p.wisteria;
}

/** Fills the current path: whole, its left half, not at all, or as a dotted ring. */
function finish(c: Context, fill: Fill, colour: string, p: Palette): void {
  c.lineJoin = 'round';
  c.strokeStyle = p.halo;
  c.lineWidth = 5;
  c.setLineDash([]);
  c.stroke();
  c.fillStyle = fill === 'full' ? colour : p.halo;
  c.fill();
  if (fill === 'half') {
    c.save();
    c.clip();
    c.fillStyle = colour;
    c.fillRect(0, 0, GLYPH_SIZE / 2, GLYPH_SIZE);
    c.restore();
  }
  c.strokeStyle = colour;
  c.lineWidth = fill === 'hollow' ? 3.2 : 2.4;
  if (fill === 'dotted') c.setLineDash([2, 2.4]);
  c.stroke();
  c.setLineDash([]);
}

function dot(c: Context, fill: Fill, colour: string, p: Palette): void {
  c.beginPath();
  c.arc(GLYPH_SIZE / 2, GLYPH_SIZE / 2, 7.2, 0, 2 * Math.PI);
  finish(c, fill, colour, p);
}

function triangle(c: Context, fill: Fill, colour: string, p: Palette): void {
  c.beginPath();
  c.moveTo(11, 3.5);
  c.lineTo(19, 17.5);
  c.lineTo(3, 17.5);
  c.closePath();
  finish(c, fill, colour, p);
}

function workColour(p: Palette, state: string): string {
  const colours: Record<string, string> = { planned: p.ash, unknown: p.wisteria, small: p.cinnabar };
  return colours[state] ?? p.azurite;
}

/** What marks a triangle as a warning. */
function bar(c: Context, p: Palette): void {
  c.fillStyle = p.halo;
  c.fillRect(10, 7.5, 2, 5);
  c.fillRect(10, 14, 2, 2);
}

/** A gold square, filled from below by quarters of the capacity taken. */
function square(c: Context, quarters: number, p: Palette): void {
  const side = 14;
  const at = (GLYPH_SIZE - side) / 2;
  c.lineWidth = 5;
  c.strokeStyle = p.halo;
  c.strokeRect(at, at, side, side);
  c.fillStyle = p.halo;
  c.fillRect(at, at, side, side);
  const filled = (side * quarters) / 4;
  c.fillStyle = p.gold;
  c.fillRect(at, at + side - filled, side, filled);
  c.lineWidth = 1;
  c.strokeStyle = p.ink;
  c.strokeRect(at - 1, at - 1, side + 2, side + 2);
  c.lineWidth = 2;
  c.strokeStyle = p.gold;
  c.strokeRect(at, at, side, side);
}

type Draw = (c: Context) => void;

const FACILITY_MARKS: Record<string, Draw> = {
  county_seat: (c) => {
    ring(c, 8);
    ring(c, 5);
    disc(c, 2);
  },
  township_seat: (c) => {
    ring(c, 6);
    disc(c, 2);
  },
  school: (c) => {
    c.moveTo(6, 18);
    c.lineTo(6, 4);
    c.lineTo(16, 7.5);
    c.lineTo(6, 11);
  },
  clinic: (c) => {
    c.moveTo(11, 5);
    c.lineTo(11, 17);
    c.moveTo(5, 11);
    c.lineTo(17, 11);
  },
  market: (c) => {
    c.moveTo(4.5, 9);
    c.lineTo(11, 4.5);
    c.lineTo(17.5, 9);
    c.moveTo(6, 9);
    c.lineTo(6, 17);
    c.lineTo(16, 17);
    c.lineTo(16, 9);
  },
  industrial_park: (c) => {
    c.moveTo(4, 17);
    c.lineTo(4, 9);
    c.lineTo(9, 12);
    c.lineTo(9, 9);
    c.lineTo(14, 12);
    c.lineTo(14, 5);
    c.lineTo(18, 5);
    c.lineTo(18, 17);
    c.closePath();
  },
};

function ring(c: Context, radius: number): void {
  c.moveTo(11 + radius, 11);
  c.arc(11, 11, radius, 0, 2 * Math.PI);
}

function disc(c: Context, radius: number): void {
  c.moveTo(11 + radius, 11);
  c.arc(11, 11, radius, 0, 2 * Math.PI);
}

function mark(c: Context, kind: string, p: Palette): void {
  const draw = FACILITY_MARKS[kind] ?? ((k: Context) => ring(k, 3));
  c.lineCap = 'round';
  c.lineJoin = 'round';
  for (const [colour, width] of [
    [p.halo, 4.5],
    [p.ink, 1.8],
  ] as const) {
    c.beginPath();
    c.strokeStyle = colour;
    c.lineWidth = width;
    draw(c);
    c.stroke();
  }
}

/** The pattern of an area that binds a plan; each tiles without a seam. */
const HATCHES: Record<Binding, (c: Context, p: Palette) => void> = {
  // Slanting strokes.
  hazard: (c, p) => {
    strokes(c, p.cinnabar, 0.5, 1.2);
    for (let offset = -GLYPH_SIZE; offset <= GLYPH_SIZE; offset += GLYPH_SIZE / 2) {
      c.moveTo(offset, GLYPH_SIZE);
      c.lineTo(offset + GLYPH_SIZE, 0);
    }
  },
  // Crosses, far apart: here nothing is built.
  red_line: (c, p) => {
    strokes(c, p.cinnabar, 0.55, 1.1);
    c.moveTo(9, 9);
    c.lineTo(13, 13);
    c.moveTo(13, 9);
    c.lineTo(9, 13);
  },
  // The sign of dry land on topographic maps: two upright strokes.
  farmland: (c, p) => {
    strokes(c, p.malachite, 0.7, 1.1);
    for (const [x, y] of [
      [3, 3],
      [14, 14],
    ] as const) {
      c.moveTo(x, y);
      c.lineTo(x, y + 5);
      c.moveTo(x + 3, y);
      c.lineTo(x + 3, y + 5);
    }
  },
  // Two waves.
  flood: (c, p) => {
    strokes(c, p.azurite, 0.6, 1.1);
    for (const y of [5.5, 16.5]) {
      c.moveTo(0, y);
      c.quadraticCurveTo(5.5, y - 5, 11, y);
      c.quadraticCurveTo(16.5, y + 5, 22, y);
    }
  },
};

function strokes(c: Context, colour: string, alpha: number, width: number): void {
  c.strokeStyle = colour;
  c.globalAlpha = alpha;
  c.lineWidth = width;
}

function hatch(c: Context, kind: string, p: Palette): void {
  c.beginPath();
  HATCHES[BINDING.find((one) => one === kind) ?? 'hazard'](c, p);
  c.stroke();
  c.globalAlpha = 1;
}

/** Round a gold core, a ring of which the parts taken are filled. */
function siteRing(c: Context, parts: number, p: Palette): void {
  const [middle, radius] = [GLYPH_SIZE / 2, 8.2];
  const circle = (colour: string, width: number, share = 1) => {
    c.beginPath();
    c.arc(middle, middle, radius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.stroke();
  };
  circle(p.halo, 5.6);
  circle(p.hair, 3.6);
  circle(p.gold, 3.6, parts / RING_PARTS);
  c.beginPath();
  c.arc(middle, middle, 10.2, 0, 2 * Math.PI);
  c.strokeStyle = p.ink;
  c.lineWidth = 0.8;
  c.stroke();
  c.fillStyle = p.halo;
  c.fillRect(middle - 4.5, middle - 4.5, 9, 9);
  c.fillStyle = parts >= RING_PARTS ? p.ink : p.gold;
  c.fillRect(middle - 3.4, middle - 3.4, 6.8, 6.8);
}

/** Paths of the decisions: a dot, a road's dot, a diamond, a half dot, a dotted ring. */
function decisionGlyph(c: Context, value: string, p: Palette): void {
  const open = value.endsWith('-open');
  const decision = value.replace('-open', '');
  const colours: Record<string, string> = { road: p.malachite, relocate: p.gold, interim: p.ochre };
  const colour = colours[decision] ?? (decision === 'connected' ? p.ash : p.wisteria);
  if (decision !== 'relocate') {
    dot(
      c,
      decision === 'review' ? 'dotted' : decision === 'interim' ? 'half' : open ? 'hollow' : 'full',
      colour,
      p,
    );
    if (decision === 'road' && !open) mid(c, p);
    return;
  }
  c.beginPath();
  c.moveTo(11, 2.2);
  c.lineTo(19.8, 11);
  c.lineTo(11, 19.8);
  c.lineTo(2.2, 11);
  c.closePath();
  finish(c, open ? 'hollow' : 'full', colour, p);
  c.strokeStyle = p.ink;
  c.lineWidth = 0.8;
  c.stroke();
}

/** The line in the middle of a road. */
function mid(c: Context, p: Palette): void {
  c.fillStyle = p.halo;
  for (const y of [5.2, 9.6, 14]) c.fillRect(10.1, y, 1.8, 2.8);
}

/** Draws `layer/value` into a square of GLYPH_SIZE. */
export function drawGlyph(c: Context, layer: string, value: string, p: Palette): void {
  const fill = FILLS[value] ?? 'dotted';
  if (layer === 'village') dot(c, fill, verdictColour(p, value), p);
  else if (layer === 'water_project') {
    triangle(c, fill, workColour(p, value), p);
    if (value === 'small') bar(c, p);
  } else if (layer === 'relocation_site') square(c, Number(value), p);
  else if (layer === 'facility') mark(c, value, p);
  else if (layer === 'decision') decisionGlyph(c, value, p);
  else if (layer === 'site_ring') siteRing(c, Number(value), p);
  else if (layer === 'hatch') hatch(c, value, p);
}

/** Every glyph of the map as `layer/value`. */
export const GLYPHS: readonly string[] = [
  ...ROAD_VERDICTS.map((v) => `village/${v}`),
  ...WATER_VERDICTS.map((v) => `village/${v}`),
  ...SUPPLY_VERDICTS.map((v) => `village/${v}`),
  ...[...WATER_STATES, 'small'].map((v) => `water_project/${v}`),
  ...[0, 1, 2, 3, 4].map((q) => `relocation_site/${String(q)}`),
  ...[...FACILITY_KINDS, 'other'].map((k) => `facility/${k}`),
  ...DECISION_GLYPHS.map((one) => `decision/${one}`),
  ...Array.from({ length: RING_PARTS + 1 }, (_, i) => `site_ring/${String(i)}`),
  ...BINDING.map((kind) => `hatch/${kind}`),
];

export interface GlyphImage {
  id: string;
  data: ImageData;
}

/** All glyphs of one theme as images for the map, `ratio` device pixels per CSS pixel. */
export function glyphImages(theme: Theme, ratio: number): GlyphImage[] {
  const side = GLYPH_SIZE * ratio;
  return GLYPHS.map((glyph) => {
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('canvas 2d is not available');
    context.scale(ratio, ratio);
    const [layer = '', value = ''] = glyph.split('/');
    drawGlyph(context, layer, value, palettes[theme]);
    return { id: `${theme}/${glyph}`, data: context.getImageData(0, 0, side, side) };
  });
}
