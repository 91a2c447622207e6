// The words of the map itself: legend, backdrop, measuring, list beside it.
// The English ones must have the same keys.

export const zhMap = {
  'legend.drawn': '图上所绘数量',
  'legend.approved': '已批方案',
  'legend.water': '河流与湖库',
  'fact.decision': '已批方案的决定',
  'fact.decided_site': '迁往',
  'reference.flood': '洪水淹没区',
} as const;
