package ingest

import "fmt"

// Who is responsible for what. A row whose place and matter somebody holds
// already puts them in other hands from its first day on.
var dutyLayer = own(&layer{
	name: "duty", county: true, examine: examineDuty, commit: []string{"duty_drop", "duty_end", "duty_insert"},
	fields: []field{
		{name: "level", kind: kindWord, heads: []string{"级别", "层级", "责任级别"}, words: words("county=县级,县", "township=乡镇级,乡级,镇级,乡镇,乡,镇", "village=村级,村,行政村", "group=组级,组,村民组,村民小组")},
		townshipField,
		{name: "village", kind: kindRef, to: "village", heads: []string{"村", "村寨", "村名", "行政村", "村民组", "组"}},
		{name: "matter", kind: kindWord, heads: []string{"事项", "责任事项", "分管工作", "包保内容"}, words: words("all=全部,综合", "road=道路,公路,通组路,交通", "water=饮水,饮水安全,供水,水利", "relocation=搬迁,易地搬迁,易地扶贫搬迁")},
		{name: "unit", kind: kindText, heads: []string{"责任单位", "单位", "包保单位", "工作单位"}},
		{name: "person", kind: kindText, required: true, heads: []string{"责任人", "姓名", "负责人", "包保责任人", "包保领导"}},
		{name: "post", kind: kindText, heads: []string{"职务", "职位"}},
		phoneField,
		{name: "from", kind: kindDay, heads: []string{"任职日期", "起始日期", "开始日期", "valid_from"}},
		{name: "to", kind: kindDay, heads: []string{"离任日期", "截止日期", "结束日期", "valid_to"}},
	},
})

// dutyLengths are the longest texts the table takes, in characters.
var dutyLengths = map[string]int{"unit": 200, "person": 100, "post": 200, "phone": 60}

// examineDuty finds the level that a row's place is of: the village's, else the
// township's, else the county's. The township of a row with a village only says
// which village it is.
func examineDuty(r *run, out *row) {
	level := "county"
	if _, ok := out.doc["township"]; ok {
		level = "township"
	}
	if _, ok := out.doc["village"]; ok {
		level = "village"
		delete(out.doc, "township")
	}
	said, ok := out.doc["level"].(string)
	switch {
	case !ok || said == "group" && level == "village":
	case said != level:
		r.fs.add("value_range", out.n, "level", said, "the level of the place that the row names, which is "+level)
	}
	if !ok || said != "group" {
		out.doc["level"] = level
	}
	if _, ok := out.doc["matter"]; !ok {
		out.doc["matter"] = "all"
	}
	for _, name := range []string{"unit", "person", "post", "phone"} {
		if text, _ := out.doc[name].(string); len([]rune(text)) > dutyLengths[name] {
			r.fs.add("value_range", out.n, name, string([]rune(text)[:40])+"…", fmt.Sprintf("at most %d characters", dutyLengths[name]))
		}
	}
	from, _ := out.doc["from"].(string)
	if to, ok := out.doc["to"].(string); ok && from != "" && to <= from {
		r.fs.add("value_range", out.n, "to", to, "the days after "+from+" (from)")
	}
	r.firstPair(out, "person", "matter", [2]string{fmt.Sprint(out.doc["township"], out.doc["village"]), fmt.Sprint(out.doc["matter"])})
}
