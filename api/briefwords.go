package api

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// briefWords are the words of the page before the meeting, Chinese and English.
var briefWords = map[string][2]string{
	"title": {"%s农村公路、饮水、搬迁调度会前一页", "%s: one page before the meeting"},
	"about": {"截至 %s　数据版本 %d", "As of %s, revision %d"}, "known": {"　按 %s 所知", ", as known at %s"},
	"deadline_left": {"　%s，距期限（%s）还有 %d 天", ". %s: %[3]d days to the deadline of %[2]s"}, "deadline_past": {"　%s，期限（%s）已过 %d 天", ". %s: the deadline of %s passed %d days ago"},
	"part.figures": {"一、总体情况", "1. Where we stand"}, "part.red": {"二、哪里落后、为什么、谁负责", "2. What is behind, why, and who"}, "part.decide": {"三、请会议定", "3. To decide"},
	"head.figure": {"指标", "Figure"}, "head.value": {"数值", "Value"}, "head.base": {"基数", "Of"}, "head.change": {"变化", "Change"}, "head.unknown": {"不详", "Not known"},
	"head.place": {"乡镇", "Township"}, "head.level": {"预警", "Level"}, "head.progress": {"进度", "Progress"}, "head.rate": {"完工率%", "Done %"}, "head.lag": {"偏差 pp", "To plan, pp"},
	"head.left": {"剩余km", "Left, km"}, "head.why": {"原因", "Why"}, "head.who": {"责任人", "Who"}, "head.phone": {"电话", "Telephone"},
	"figure.road": {"公路完工率", "Roads completed"}, "figure.reach": {"村寨全天候通路率", "Villages, all-weather road"}, "figure.water": {"安全饮水覆盖率", "People with safe water"}, "figure.moved": {"搬迁入住", "Moved in"},
	"unit.km": {"km", "km"}, "unit.count": {"个", "villages"}, "unit.person": {"人", "persons"}, "unit.household": {"户", "households"},
	"of": {"%s／%s %s", "%s of %s %s"}, "points": {"%s 个百分点", "%s points"}, "plain": {"%s %s", "%s %s"}, "none": {"—", "—"}, "unmoved": {"无变化", "none"},
	"level.red": {"红色", "red"}, "level.orange": {"橙色", "orange"}, "level.yellow": {"黄色", "yellow"}, "level.blue": {"蓝色", "blue"}, "level.none": {"正常", "none"},
	"unassigned": {"未划归乡镇", "Of no township"}, "nobody": {"未明确", "nobody named"},
	"why.lag": {"应完成 %s%%，落后 %s 个百分点", "%s %% was planned; %s points behind"}, "why.past": {"期限已过，未完成", "the deadline has passed"}, "why.hand": {"人工预警：%s", "raised by hand: %s"}, "why.stop": {"；", "; "},
	"more": {"另有 %d 个乡镇有预警，见挂图。", "%d more townships have a warning; see the wall."}, "calm": {"没有乡镇有预警。", "No township has a warning."},
	"act_red": {"红色预警 %d 个（%s），剩余 %s km：挂牌督战，每日调度。", "Red in %d (%s), %s km left: supervise in public, report daily."}, "act_orange": {"橙色预警 %d 个（%s），剩余 %s km：县领导约谈。", "Orange in %d (%s), %s km left: the county head calls them in."},
	"act_yellow": {"黄色预警 %d 个（%s），剩余 %s km：通报，7 日内书面回复。", "Yellow in %d (%s), %s km left: name them in the bulletin; written answer in 7 days."}, "act_blue": {"蓝色预警 %d 个（%s），剩余 %s km：提醒乡镇。", "Blue in %d (%s), %s km left: remind them."},
	"deadline": {"%d 个乡镇还剩 %s km，距期限 %d 天：定赶工办法或调整期限。", "%d townships have %s km left with %d days to go: speed up, or move the deadline."}, "deadline_over": {"%d 个乡镇还剩 %s km，期限已过 %d 天：定新的完成日期。", "%d townships have %s km left, %d days after the deadline: set a new day."},
	"dispute": {"有争议路段 %d 段（%s）共 %s km 未计入完成：由%s裁定。", "%d disputed stretches (%s), %s km, are held out of the rate: to be decided by %s."}, "decider": {"主管部门", "the bureau"},
	"gap_road": {"%d 个村寨未通全天候公路：修路、搬迁或过渡保障，逐村定。", "%d villages have no all-weather road: build, move or bridge over, village by village."}, "gap_water": {"%d 个村寨饮水不安全：定工程和时限。", "%d villages have no safe water: name the works and the day."},
	"no_holder": {"%d 个乡镇未明确责任人：%s。", "Townships for which nobody is named, %d: %s."}, "lead": {"牵头：%s", "Lead: %s"},
	"etc": {"等", " and others"}, "comma": {"、", ", "}, "sample": {"本页为示例数据。", "Sample data."}, "stop": {"", " "},
}

// say is a word or sentence of the brief in a language.
func (l Lang) say(key string, args ...any) string {
	text := briefWords[key][0]
	if l == English {
		text = briefWords[key][1]
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// named is a place's name in a language.
func (l Lang) named(name, en string) string {
	if l == English && en != "" {
		return en
	}
	return name
}

// briefPlaces is how many names a sentence has room for.
const briefPlaces = 4

func (b *Brief) names(list []string, lang Lang) string {
	en := map[string]string{}
	for _, t := range b.Snapshot.Townships {
		en[t.Name] = t.NameEN
	}
	var out []string
	for _, name := range list[:min(len(list), briefPlaces)] {
		if name == "unassigned" {
			name = lang.say("unassigned")
		}
		out = append(out, lang.named(name, en[name]))
	}
	text := strings.Join(out, lang.say("comma"))
	if len(list) > briefPlaces {
		text += lang.say("etc")
	}
	return text
}

// sentence says what is to be decided.
func (b *Brief) sentence(d *planner.BriefItem, lang Lang) string {
	km := decimals(float64(d.Length)/1e6, 2)
	places := b.names(d.Places, lang)
	switch d.Code {
	case "deadline":
		if d.Days < 0 {
			return lang.say("deadline_over", d.Count, km, -d.Days)
		}
		return lang.say("deadline", d.Count, km, d.Days)
	case "dispute":
		who := d.Who
		if who == "" {
			who = lang.say("decider")
		}
		return lang.say("dispute", d.Count, places, km, who)
	case "gap_road", "gap_water":
		return lang.say(d.Code, d.Count)
	case "nobody":
		return lang.say("no_holder", d.Count, places)
	}
	return lang.say(d.Code, d.Count, places, km)
}

// briefReason is how many signs of a reason the page has room for; all of it
// stands on the wall.
const briefReason = 30

// why says why a township has its level.
func (b *Brief) why(t *planner.WallTownship, lang Lang) string {
	var out []string
	if days := b.DaysLeft(); days != nil && *days < 0 && t.Left() > 0 {
		out = append(out, lang.say("why.past"))
	} else if t.LagPPM() > 0 {
		out = append(out, lang.say("why.lag", decimals(float64(t.PlanPPM)/1e4, 2), decimals(float64(t.LagPPM())/1e4, 2)))
	}
	for _, reason := range t.Reasons {
		if signs := []rune(reason); len(signs) > briefReason {
			reason = string(signs[:briefReason]) + "…"
		}
		out = append(out, lang.say("why.hand", reason))
	}
	return strings.Join(out, lang.say("why.stop"))
}

// decimals writes a number with so many of them, rounded half away from zero;
// what is none is a dash.
func decimals(x float64, n int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "—"
	}
	scale := math.Pow10(n)
	return strconv.FormatFloat(math.Round(x*scale)/scale+0, 'f', n, 64)
}

// threes writes a whole number in threes, as 13,018.
func threes(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
