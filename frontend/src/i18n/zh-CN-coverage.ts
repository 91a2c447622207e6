// The words of the coverage workspace, in Chinese: what is asked, proofs, what to
// build, differences.

export const zhCoverage = {
  'ask.season': '季节',
  'ask.season.dry': '旱季',
  'ask.season.wet': '雨季',
  'ask.season.common': '平时',
  'ask.season.low': '枯水期',
  'ask.limits': '阈值',
  'ask.connect': '路到村的距离',
  'ask.rai': 'RAI 距离',
  'ask.walk': 'RAI 步行',
  'ask.rule': '按规定',
  'ask.rule.back': '恢复规定值',
  'ask.by_rule': '规定值',
  'ask.connect.is': '路到村 {n} 内算通',
  'ask.rai.is': 'RAI 距离 {n}',
  'ask.walk.is': 'RAI 步行 {n}',
  'ask.refused': '这个假设算不了:{why} 请撤销上一步或全部清除。',

  'whatif.title': '假设',
  'whatif.count': '{n} 处改动',
  'whatif.undo': '撤销上一步',
  'whatif.undo.key': 'Ctrl+Z',
  'whatif.undo.one': '撤销',
  'whatif.reset': '回到现状',
  'whatif.edits': '假设的改动',
  'whatif.try': '假设',
  'whatif.of.segment': '这一段',
  'whatif.of.road': '整条路',
  'whatif.close': '封闭',
  'whatif.build': '建成',
  'whatif.improve': '改善',
  'whatif.number.segment': '路段 {n}',
  'whatif.number.road': '路线 {n}',

  'turn.live': '现状 {n}',
  'turn.same': '不变',

  'compare.open': '对照现状',
  'compare.close': '不再对照',
  'compare.live': '现状',
  'compare.divider': '分界线,用左右方向键移动',

  'legend.closed': '假设封闭的路',
  'legend.made': '假设建成或改善的路',
} as const;
