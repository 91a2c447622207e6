// The colours of the map room: one flat record per theme, named after the
// mineral pigments of a blue-green landscape scroll. Colour never stands alone:
// every state also has a line style or a glyph (layer/road.ts, glyph.ts).

export interface Palette {
  paper: string; // page and map ground
  panel: string; // a shade lighter than the paper
  ink: string; // text
  ink2: string; // secondary text
  hair: string; // hairlines
  malachite: string; // done, connected, served
  azurite: string; // water, links, selection, focus
  ochre: string; // in progress, reached but not hardened
  core: string; // the light core of a line in progress
  cinnabar: string; // not started, a gap, red warning
  ash: string; // planned, no task
  wisteria: string; // unsurveyed, unknown
  blue: string; // warning levels: filled at 25 %, edged at 100 %
  yellow: string;
  orange: string;
  red: string;
  gold: string; // relocation sites and origin lines
  river: string; // lakes and rivers under the map
  land: string; // inside a county
  halo: string; // behind labels
}

export const light: Palette = {
  paper: '#F1ECE0',
  panel: '#FBF9F4',
  ink: '#1D2226',
  ink2: '#565E66',
  hair: '#D9D3C4',
  malachite: '#2E8B6F',
  azurite: '#2F6699',
  ochre: '#B9772B',
  core: '#FBE9CF',
  cinnabar: '#C0392B',
  ash: '#9AA0A6',
  wisteria: '#7E6AA8',
  blue: '#6FA8DC',
  yellow: '#E8C547',
  orange: '#E08E45',
  red: '#C0392B',
  gold: '#C9A24B',
  river: '#A9C6DB',
  land: '#F7F4EC',
  halo: '#FBF9F4',
};

export const dark: Palette = {
  paper: '#0F1315',
  panel: '#1A1F23',
  ink: '#E9E4D6',
  ink2: '#A9ADA6',
  hair: '#343B40',
  malachite: '#4FB594',
  azurite: '#7DB0E0',
  ochre: '#D99A4E',
  core: '#3A2A16',
  cinnabar: '#EB7A6A',
  ash: '#868D93',
  wisteria: '#AD9AD6',
  blue: '#6FA8DC',
  yellow: '#D9BB4A',
  orange: '#D98B48',
  red: '#D8594A',
  gold: '#D9B863',
  river: '#27475E',
  land: '#14181B',
  halo: '#14181B',
};

export type Theme = 'light' | 'dark';

export const palettes: Record<Theme, Palette> = { light, dark };

/** The colours of a palette as CSS custom properties of an element. */
export function paint(element: HTMLElement, palette: Palette): void {
  for (const [name, colour] of Object.entries(palette)) {
    element.style.setProperty(`--${name}`, colour);
  }
}
