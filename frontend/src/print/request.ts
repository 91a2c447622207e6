// What a printed map is asked for: the sheet as it was chosen, and the map as
// it stands on the screen.

import type { Bounds } from '../api';
import type { Query } from '../http';
import type { Lens } from '../layer/layer';

export const PAPERS = ['a4', 'a3', 'a0'] as const;
export const ORIENTATIONS = ['landscape', 'portrait'] as const;
export const FORMATS = ['pdf', 'png'] as const;
export const THEMES = ['colour', 'grey'] as const;
export const EXTENTS = ['view', 'whole'] as const;

/** The layers of the map, by the names that the legend switches them with. */
export const LAYERS = [
  'reference',
  'region',
  'road',
  'move',
  'village',
  'water_project',
  'relocation_site',
  'facility',
] as const;

/** A sheet as it is chosen. */
export interface Sheet {
  title: string;
  paper: (typeof PAPERS)[number];
  orientation: (typeof ORIENTATIONS)[number];
  format: (typeof FORMATS)[number];
  theme: (typeof THEMES)[number];
  extent: (typeof EXTENTS)[number];
  /** Into how many the sheet is cut; 1: it is whole. */
  strips: number;
  maker: string;
  review: string;
}

/** The map as it stands on the screen. */
export interface Screen {
  /** Region, day and what is supposed. */
  when: Query;
  township: string;
  bounds: Bounds | null;
  hidden: ReadonlySet<string>;
  lens: Lens;
  supply: boolean;
  lang: string;
}

/** A view that takes more than the service prints is cut to this many degrees. */
const WIDEST = 20;

function bbox([west, south, east, north]: Bounds): string {
  const middle = (west + east) / 2;
  const half = Math.min(east - west, WIDEST * 0.95) / 2;
  const clamp = (value: number, most: number) => Math.max(-most, Math.min(most, value)).toFixed(5);
  return [clamp(middle - half, 180), clamp(south, 85), clamp(middle + half, 180), clamp(north, 85)].join(',');
}

/** The parameters of GET /api/v1/export/map. Names of townships stand on the map whatever else is left off. */
export function mapQuery(sheet: Sheet, screen: Screen): Query {
  const { hidden } = screen;
  const layers = LAYERS.filter((layer) => !hidden.has(layer));
  const values = [...hidden].filter((key) => key.includes(':')).sort();
  return {
    ...screen.when,
    township: screen.township,
    bbox: sheet.extent === 'view' && screen.bounds ? bbox(screen.bounds) : '',
    paper: sheet.paper,
    orientation: sheet.orientation,
    format: sheet.format,
    strips: sheet.paper === 'a0' && sheet.strips > 1 ? sheet.strips : '',
    theme: sheet.theme,
    lens: screen.lens === 'water' ? 'water' : '',
    supply: screen.supply,
    layers: layers.length < LAYERS.length ? [...layers, 'region_label'].join(',') : '',
    hide: values.join(' '),
    lang: screen.lang,
    title: sheet.title.trim(),
    maker: sheet.maker.trim(),
    review_number: sheet.review.trim(),
  };
}

/** The name under which the file is kept. */
export function fileName(sheet: Sheet, region: string): string {
  const end = sheet.format === 'png' && sheet.paper === 'a0' && sheet.strips > 1 ? 'zip' : sheet.format;
  return `qiantu-${region.replaceAll(/[^\w-]/g, '_')}-${sheet.paper}.${end}`;
}
