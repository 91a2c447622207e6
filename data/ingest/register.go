package ingest

import (
	"fmt"
	"math"
)

// What a clerk keeps of a site beside its place and capacity. A row whose site
// (and step, kind and day, size, item or factor) is stored takes the place of
// the stored one; what was believed before is kept.
var (
	siteField = field{name: "site", kind: kindRef, to: "relocation_site", required: true, heads: []string{"安置点", "安置点名称", "安置区", "迁入地"}}
	dueField  = field{name: "due", kind: kindDay, heads: []string{"应完成日期", "完成时限", "办结时限", "时限", "截止日期"}}
	fromWhom  = field{name: "attribution", kind: kindText, heads: []string{"来源", "数据来源", "依据"}}
)

var registerLayers = []*layer{
	own(&layer{
		name: "site_approval", county: true, examine: examineApproval, commit: []string{"site_approval_insert"},
		fields: []field{
			siteField,
			{name: "step", kind: kindWord, required: true, heads: []string{"事项", "审批事项", "前期工作", "手续", "步骤"}, words: words(
				"siting_opinion=选址意见书,选址,建设项目选址意见书", "planning_scheme=规划方案,规划,规划设计方案", "hazard_assessment=地质灾害危险性评估,地灾评估,地质灾害评估",
				"land_precheck=用地预审,土地预审", "environment=环评,环境影响评价,环境影响评估", "forest_land=林地,林地审核,使用林地审核",
				"implementation_plan=实施方案批复,实施方案", "drawing_review=施工图审查,施工图", "land_certificate=土地使用证,土地证,不动产权证")},
			{name: "needed", kind: kindFlag, heads: []string{"是否需要", "需要"}}, dueField,
			{name: "applied", kind: kindDay, heads: []string{"申报日期", "申请日期", "受理日期"}}, {name: "granted", kind: kindDay, heads: []string{"批复日期", "办结日期", "取得日期"}},
			{name: "document", kind: kindText, heads: []string{"文号", "批复文号", "证号"}}, noteField,
		},
	}),
	own(&layer{
		name: "site_follow_up", county: true, examine: examineFollowUp, commit: []string{"site_follow_up_insert"},
		fields: []field{
			siteField,
			{name: "kind", kind: kindWord, required: true, heads: []string{"事项", "类型", "后续扶持事项"}, words: words("school_places=学位,就学,入学", "clinic=卫生室,就医,医疗",
				"insurance=参保,医保,社保,养老保险", "visit=走访,回访,入户走访")},
			{name: "due", kind: kindDay, required: true, heads: dueField.heads}, {name: "done", kind: kindDay, heads: []string{"完成日期", "办结日期", "实际完成日期"}},
			{name: "amount", kind: kindCount, max: 10_000_000, heads: []string{"数量", "人数", "户数", "学位数"}}, responsibleField, noteField,
		},
	}),
	own(&layer{
		name: "dwelling_type", county: true, examine: examineDwelling, commit: []string{"dwelling_type_end", "dwelling_type_insert"},
		fields: []field{
			siteField, {name: "persons", kind: kindCount, required: true, max: 30, heads: []string{"家庭人口", "户型人数", "人数", "每户人数"}},
			{name: "area_m2", kind: kindNumber, required: true, max: 100_000, heads: []string{"面积", "户型面积", "建筑面积", "套均面积", "面积(平方米)", "户型面积(平方米)", "建筑面积(平方米)"}},
			{name: "dwellings", kind: kindCount, required: true, max: 1_000_000, heads: []string{"套数", "住房套数"}},
		},
	}),
	own(&layer{
		name: "site_cost", county: true, examine: examineSiteCost, commit: []string{"site_cost_end", "site_cost_insert"},
		fields: []field{
			siteField, {name: "item", kind: kindWord, required: true, heads: []string{"项目", "费用项目", "投资类别", "类别"}, words: words("housing=住房,住房建设,建房",
				"infrastructure=基础设施,基础设施建设,配套基础设施", "services=公共服务,公共服务设施", "land=土地,土地费用,征地", "award=奖补,拆旧奖励,拆除奖励")},
			{name: "amount", kind: kindMoney, required: true, max: 1e13, heads: []string{"金额", "投资", "投资额", "概算"}},
		},
	}),
	own(&layer{
		name: "suitability", county: true, examine: examineScore, commit: []string{"suitability_end", "suitability_insert"},
		fields: []field{
			siteField, {name: "factor", kind: kindCode, required: true, heads: []string{"因子", "评价因子", "指标"}},
			{name: "score", kind: kindNumber, max: 100, heads: []string{"得分", "分值", "评分"}}, {name: "excluded", kind: kindFlag, heads: []string{"是否排除", "排除", "一票否决"}}, fromWhom,
		},
	}),
	own(&layer{
		name: "employment", county: true, examine: examineEmployment, commit: []string{"employment_insert"},
		fields: []field{
			siteField, {name: "as_of", kind: kindDay, required: true, heads: []string{"统计日期", "截至日期", "日期"}},
			{name: "households", kind: kindCount, required: true, heads: []string{"户数", "搬迁户数"}},
			{name: "able_households", kind: kindCount, heads: []string{"有劳动力户数", "有劳力户数", "有劳动能力户数"}},
			{name: "employed", kind: kindCount, required: true, heads: []string{"就业人数", "已就业人数", "就业"}},
		},
	}),
	own(&layer{
		name: "consent", county: true, examine: examineConsent, commit: []string{"consent_insert"},
		fields: []field{
			villageField, {name: "as_of", kind: kindDay, required: true, heads: []string{"统计日期", "截至日期", "日期", "调查日期"}},
			{name: "asked", kind: kindCount, required: true, heads: []string{"征求户数", "调查户数", "户数"}},
			{name: "agreed", kind: kindCount, required: true, heads: []string{"同意户数", "愿意搬迁户数", "同意搬迁户数"}}, fromWhom,
		},
	}),
}

// onceOf refuses a second row of the file that would take the place of the first.
func (r *run) onceOf(out *row, a, b string) {
	r.firstPair(out, a, b, [2]string{fmt.Sprint(out.doc[a]), fmt.Sprint(out.doc[b])})
}

// after refuses a day before another.
func (r *run) after(out *row, later, earlier string) {
	l, okLater := out.doc[later].(string)
	e, okEarlier := out.doc[earlier].(string)
	if okLater && okEarlier && l < e {
		r.fs.add("value_range", out.n, later, l, "the days from "+e+" on ("+earlier+")")
	}
}

func examineApproval(r *run, out *row) {
	r.onceOf(out, "site", "step")
	r.after(out, "granted", "applied")
}

// examineFollowUp takes a kind once a day at a site.
func examineFollowUp(r *run, out *row) {
	key := fmt.Sprint(out.doc["kind"], " ", out.doc["due"])
	r.firstPair(out, "site", "due", [2]string{fmt.Sprint(out.doc["site"]), key})
}

func examineDwelling(r *run, out *row) {
	persons, area := out.doc["persons"].(int64), out.doc["area_m2"].(float64)
	if persons < 1 {
		r.fs.add("value_range", out.n, "persons", fmt.Sprint(persons), "a household of 1 to 30 persons")
	}
	if area < 1 {
		r.fs.add("value_range", out.n, "area_m2", fmt.Sprint(area), "1 to 100000 m² to a dwelling")
	}
	out.doc["area_dm2"] = int64(math.Round(area * 100))
	r.firstPair(out, "persons", "area_m2", [2]string{fmt.Sprint(out.doc["site"], " ", persons), fmt.Sprint(out.doc["area_dm2"])})
}

func examineSiteCost(r *run, out *row) { r.onceOf(out, "site", "item") }

// examineScore wants a score or an exclusion.
func examineScore(r *run, out *row) {
	r.onceOf(out, "site", "factor")
	if _, scored := out.doc["score"]; !scored && out.doc["excluded"] == nil {
		r.fs.add("value_missing", out.n, "score", "")
	}
}

func examineEmployment(r *run, out *row) {
	r.onceOf(out, "site", "as_of")
	r.partOf(out, "able_households", "households")
}

func examineConsent(r *run, out *row) {
	r.onceOf(out, "village", "as_of")
	r.partOf(out, "agreed", "asked")
	if asked, _ := out.doc["asked"].(int64); asked < 1 {
		r.fs.add("value_range", out.n, "asked", fmt.Sprint(asked), "at least one household")
	}
}
