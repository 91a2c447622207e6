package api

// mapWords are the words of printed maps by group and code, Chinese and English.
// Those that the screen has too are the same there: a test holds them together.
var mapWords = map[string][2]string{
	"layer.road": {"道路", "Roads"}, "layer.village": {"村寨", "Villages"}, "layer.water": {"村寨饮水", "Water in villages"}, "layer.supply": {"村寨供水", "Supply of villages"},
	"layer.region": {"乡镇预警", "Township warnings"}, "layer.water_project": {"供水工程", "Water projects"}, "layer.relocation_site": {"安置点", "Relocation sites"},
	"layer.move": {"搬迁去向", "Moves"}, "layer.facility": {"公共设施", "Facilities"}, "layer.reference": {"河湖与隐患区", "Rivers, lakes, hazards"},
	"layer.width": {"道路等级（线宽）", "Road classes, by width"}, "layer.border": {"境界", "Borders"},
	"road.done": {"已完工", "Done"}, "road.doing": {"在建", "Under way"}, "road.not_started": {"未开工", "Not started"}, "road.planned": {"规划", "Planned"},
	"road.unknown": {"状态未知", "State unknown"}, "road.existing": {"现有道路", "Existing road"}, "road.disputed": {"有争议", "Disputed"},
	"width.national": {"国道、干线", "National, trunk"}, "width.provincial": {"省道", "Provincial"}, "width.county": {"县道", "County"}, "width.township": {"乡道", "Township"},
	"width.village": {"村道", "Village"}, "width.track": {"小路", "Track, path"},
	"water_project.built": {"已建成", "Built"}, "water_project.building": {"在建", "Being built"}, "water_project.planned": {"规划", "Planned"},
	"water_project.unknown": {"状态未知", "State unknown"}, "water_project.small": {"能力不够", "Too small"},
	"level.blue": {"蓝色", "Blue"}, "level.yellow": {"黄色", "Yellow"}, "level.orange": {"橙色", "Orange"}, "level.red": {"红色", "Red"},
	"region.blue": {"蓝色", "Blue"}, "region.yellow": {"黄色", "Yellow"}, "region.orange": {"橙色", "Orange"}, "region.red": {"红色", "Red"},
	"relocation_site.site": {"面积随人数，填满程度为已入住", "sized by persons, filled as taken"},
	"move.moved":           {"已搬", "Moved"}, "move.planned": {"计划", "Planned"},
	"facility.county_seat": {"县城", "County seat"}, "facility.township_seat": {"乡镇驻地", "Township seat"}, "facility.school": {"学校", "School"},
	"facility.clinic": {"卫生室", "Clinic"}, "facility.market": {"集市", "Market"}, "facility.industrial_park": {"产业园区", "Industrial park"},
	"border.county": {"县界", "County"}, "border.township": {"乡镇界", "Township"},
	"reference.water": {"河流、湖泊", "Rivers, lakes"}, "reference.hazard": {"隐患区", "hazard zone"},
	"print.title_road": {"{name}农村公路与搬迁规划图", "{name}: rural roads and relocation"}, "print.title_water": {"{name}农村供水图", "{name}: rural water supply"},
	"print.legend": {"图例", "Legend"}, "print.north": {"北", "N"}, "print.scale": {"比例尺 1:{n}", "Scale 1:{n}"},
	"print.as_of": {"数据截至 {date}", "Data as of {date}"}, "print.known_at": {"已知截至 {time}", "As known at {time}"}, "print.revision": {"数据版本 {n}", "Revision {n}"},
	"print.supposed": {"假设：{what}", "Supposed: {what}"}, "print.source": {"资料来源：{source}", "Source: {source}"}, "print.maker": {"编制：{maker}", "Made by {maker}"},
	"print.review": {"审图号：{n}", "Map review number: {n}"}, "print.internal": {"内部用图　审图号：＿＿＿＿＿＿", "For internal use. Map review number: ________"},
}

// mapWord is the word of a printed map for a code of a group; verdicts have the
// words of spreadsheets.
func (l Lang) mapWord(group, code string) string {
	words, known := mapWords[group+"."+code]
	switch {
	case !known:
		return l.word(group, code)
	case l == English:
		return words[1]
	}
	return words[0]
}
