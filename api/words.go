package api

import (
	"cmp"
	"strings"

	"golang.org/x/text/language"

	"github.com/qiantu/qiantu/planner"
)

// Lang is a language that spreadsheets are worded in.
type Lang string

// The languages there are.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

var langs = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English, language.TraditionalChinese})

// langOf is the language asked for, else the one that a reader's program takes
// best, else Chinese.
func langOf(asked, accepted string) Lang {
	if asked != "" {
		return Lang(asked)
	}
	if _, i := language.MatchStrings(langs, accepted); i == 1 {
		return English
	}
	return Chinese
}

// sheetWords are the words of spreadsheets for codes, Chinese and English: those
// of the map.
var sheetWords = map[string][2]string{
	"kind.administrative": {"行政村", "Administrative village"}, "kind.hamlet": {"自然村", "Hamlet"}, "kind.group": {"村民小组", "Villager group"}, "kind.town": {"镇", "Town"},
	"village.connected": {"全天候通到县城", "All-weather to the seat"}, "village.reached": {"通达，未全天候", "Reached, not all-weather"}, "village.not": {"未通", "Not connected"}, "village.unknown": {"未知", "Unknown"},
	"answer.yes": {"是", "yes"}, "answer.no": {"否", "no"}, "answer.unknown": {"未知", "unknown"},
	"water.safe": {"安全", "Safe"}, "water.basic": {"基本安全", "Basically safe"}, "water.unsafe": {"不安全", "Not safe"}, "water.unsurveyed": {"未调查", "Not surveyed"},
	"supply.served": {"充足", "Enough"}, "supply.no_capacity": {"工程能力不足", "Works too small"}, "supply.out_of_reach": {"无供水工程", "No work serves it"}, "supply.not_surveyed": {"未查明", "Not known"},
	"thing.road": {"道路", "Road"}, "thing.road_segment": {"路段", "Segment"},
	"do.build": {"新建", "build"}, "do.improve": {"提升", "improve"},
	"season.dry": {"旱季", "dry season"}, "season.wet": {"雨季", "wet season"}, "metric.m": {"路程", "metres"}, "metric.s": {"用时", "time"},
	"decision.connected": {"已通", "Connected"}, "decision.road": {"修路", "Build the road"}, "decision.relocate": {"搬迁", "Relocate"}, "decision.interim": {"过渡保障", "Interim service"}, "decision.review": {"会商", "Review"},
	"decided.connected": {"已通全天候路", "Has an all-weather road"}, "decided.moved": {"全部已签约或入住", "All have signed or moved in"}, "decided.begun": {"所缺道路均已开工", "Works on all of its road have begun"},
	"decided.hazard": {"灾害隐患，不宜留住", "Hazard: must not stay"}, "decided.only_road": {"没有安置点容得下", "No site has room"}, "decided.only_move": {"地图上无路可通", "No road on the map leads there"},
	"decided.none_feasible": {"路与搬都不可行", "Neither road nor site"}, "decided.persons_unknown": {"人口不详", "Persons not known"}, "decided.access_unknown": {"是否已通未查明", "Access not proven"}, "decided.joint": {"整体最优", "Best for all together"},
	"decided.shared_branch": {"与他村共用路段", "Shares its road with others"}, "decided.capacity": {"安置点已满", "Sites are full"}, "decided.budget": {"预算所限", "Budget"}, "decided.fixed": {"此前已定", "Decided before"},
	"decided.published": {"已公布计划", "Published plan"}, "decided.near": {"费用相近", "Costs are near"}, "decided.interim": {"过渡更省", "Bridging over costs less"}, "decided.objective": {"按人数而非费用", "Persons count, not money"},
	"band.connected": {"无须决定", "Nothing to decide"}, "band.proven-road": {"确证修路", "Proven: road"}, "band.proven-move": {"确证搬迁", "Proven: move"}, "band.proven-otherwise": {"确证过渡或会商", "Proven: neither"},
	"band.fixed": {"已定", "Fixed"}, "band.undecided": {"差距之内未定", "Undecided within the gap"},
	"violation.both": {"两单皆列", "In both lists"}, "violation.none": {"两单皆无", "In neither list"},
	"status.optimal": {"最优", "Optimal"}, "status.feasible": {"差距之内", "Within the gap"}, "status.stopped": {"提前停止", "Stopped"}, "status.infeasible": {"无解", "Infeasible"},
	"mode.county_town": {"县城安置", "In the county town"}, "mode.market_town": {"集镇安置", "In a market town"}, "mode.park": {"园区安置", "At an industrial park"}, "mode.scenic": {"景区安置", "At a scenic area"},
	"mode.central_village": {"中心村安置", "In a central village"}, "mode.in_village": {"村内安置", "Within the village"}, "mode.scattered": {"插花分散安置", "Scattered"},
	"limit.persons": {"规划人数", "Planned persons"}, "limit.dwellings": {"住房", "Dwellings"}, "limit.jobs": {"就业", "Jobs"}, "limit.water": {"供水", "Water"}, "limit.school": {"学位", "School places"}, "limit.": {"未知", "Not known"},
	"suitable.most": {"最适宜", "Most suitable"}, "suitable.general": {"一般适宜", "Suitable"}, "suitable.less": {"较不适宜", "Less suitable"}, "suitable.unsuitable": {"不适宜", "Unsuitable"}, "suitable.open": {"待定", "Open"},
	"exclusion.hazard": {"地质灾害", "Hazard zone"}, "exclusion.red_line": {"生态红线", "Ecological red line"}, "exclusion.farmland": {"永久基本农田", "Basic farmland"}, "exclusion.flood": {"洪涝", "Flood zone"},
	"exclusion.slope": {"坡度", "Slope"}, "exclusion.water": {"供水不足", "Not enough water"},
	"walk.terrain": {"按地形", "over the land"}, "walk.level": {"按平地", "as if level"}, "walk.partly": {"部分按地形", "partly over the land"},
}

// word is the word for a code of a group, or the code itself where there is none.
func (l Lang) word(group, code string) string {
	words, known := sheetWords[group+"."+code]
	switch {
	case !known:
		return code
	case l == English:
		return words[1]
	}
	return words[0]
}

// works says what is done to which roads and segments.
func (l Lang) works(units []planner.RankUnit) string {
	out := make([]string, len(units))
	for i, u := range units {
		thing, id := "road", u.Road
		if u.Segment != 0 {
			thing, id = "road_segment", u.Segment
		}
		out[i] = strings.ToLower(l.word("do", u.Do) + " " + l.word("thing", thing) + " " + idText(id))
	}
	return strings.Join(out, "; ")
}

// townshipNames are the names of a county's townships by code.
func (l Lang) townshipNames(s *planner.Snapshot) map[string]string {
	out := map[string]string{}
	for _, t := range s.Townships {
		out[t.Code] = t.Name
		if l == English {
			out[t.Code] = cmp.Or(t.NameEN, t.Name)
		}
	}
	return out
}
