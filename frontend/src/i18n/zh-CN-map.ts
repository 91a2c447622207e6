// The words of the map itself: legend, backdrop, measuring, list beside it.
// The English ones must have the same keys.

export const zhMap = {
  'legend.drawn': '图上所绘数量',
  'legend.approved': '已批方案',
  'legend.water': '河流与湖库',
  'fact.decision': '已批方案的决定',
  'fact.decided_site': '迁往',
  'backdrop.title': '底图',
  'backdrop.own': '海陆与水系',
  'backdrop.none': '无',
  'backdrop.relief': '地形晕渲',
  'backdrop.world': '海陆水系：Natural Earth（公有领域），概略',
  'backdrop.failed': '{name}暂时取不到。其余图层不受影响。',
  'measure.title': '测量',
  'measure.what': '量什么',
  'measure.length': '长度',
  'measure.area': '面积',
  'measure.hint': '在图上点选，或用方向键移动地图、回车加点',
  'measure.length_is': '长 {n}',
  'measure.area_is': '{m}（{km} km²，{mu} 亩），周长 {line}',
  'measure.middle': '图心加点',
  'measure.undo': '撤一点',
  'measure.clear': '清除',
  'measure.end': '完成',
} as const;
