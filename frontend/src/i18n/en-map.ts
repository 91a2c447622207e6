// The words of the map itself: legend, backdrop, measuring, list beside it, in English.

import type { zhMap } from './zh-CN-map';

export const enMap: Record<keyof typeof zhMap, string> = {
  'legend.drawn': 'drawn on the map',
  'legend.approved': 'Approved plan',
  'legend.water': 'rivers and lakes',
  'fact.decision': 'Decision of the approved plan',
  'fact.decided_site': 'Moves to',
  'backdrop.title': 'Backdrop',
  'backdrop.own': 'Land and water',
  'backdrop.none': 'None',
  'backdrop.relief': 'Shaded relief',
  'backdrop.world': 'Land and water: Natural Earth (public domain), generalised',
  'backdrop.failed': '{name} cannot be had now. The other layers are not touched.',
  'measure.title': 'Measure',
  'measure.what': 'What is measured',
  'measure.length': 'Length',
  'measure.area': 'Area',
  'measure.hint': 'Click on the map, or move it with the arrow keys and press Enter',
  'measure.length_is': '{n} long',
  'measure.area_is': '{m} ({km} km², {mu} mu), {line} round',
  'measure.middle': 'Point at the middle',
  'measure.undo': 'Back',
  'measure.clear': 'Clear',
  'measure.end': 'Done',
};
