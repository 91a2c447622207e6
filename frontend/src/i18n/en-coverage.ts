// The words of the coverage workspace, in English.

import type { zhCoverage } from './zh-CN-coverage';

export const enCoverage: Record<keyof typeof zhCoverage, string> = {
  'ask.season': 'Season',
  'ask.season.dry': 'Dry',
  'ask.season.wet': 'Wet',
  'ask.season.common': 'Common',
  'ask.season.low': 'Low water',
  'ask.limits': 'Thresholds',
  'ask.connect': 'Road to village',
  'ask.rai': 'RAI distance',
  'ask.walk': 'RAI walk',
  'ask.rule': 'rule',
  'ask.rule.back': 'Back to the rule',
  'ask.by_rule': 'by rule',
  'ask.connect.is': 'connected within {n}',
  'ask.rai.is': 'RAI distance {n}',
  'ask.walk.is': 'RAI walk {n}',
  'ask.refused': 'This what-if cannot be worked out: {why} Undo the last step, or go back to the live world.',

  'whatif.title': 'What if',
  'whatif.count': '{n} edits',
  'whatif.undo': 'Undo last',
  'whatif.undo.key': 'Ctrl+Z',
  'whatif.undo.one': 'Undo',
  'whatif.reset': 'Back to live',
  'whatif.edits': 'Edits of the what-if',
  'whatif.try': 'What if',
  'whatif.of.segment': 'This piece',
  'whatif.of.road': 'Whole road',
  'whatif.close': 'Close',
  'whatif.build': 'Build',
  'whatif.improve': 'Improve',
  'whatif.number.segment': 'segment {n}',
  'whatif.number.road': 'road {n}',

  'turn.live': 'live {n}',
  'turn.same': 'unchanged',

  'compare.open': 'Beside live',
  'compare.close': 'One map',
  'compare.live': 'Live',
  'compare.divider': 'Divider; arrow left and right move it',

  'legend.closed': 'closed in the what-if',
  'legend.made': 'built or improved in it',
};
