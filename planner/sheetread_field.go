package planner

import (
	"regexp"
	"strings"
)

// fieldWords are the texts that columns have at their head, in the widths of
// narrow, lower case and without brackets; the usual ones first, for of two
// columns with the same field the surer one has it.
var fieldWords = []struct {
	field SheetField
	texts string
}{
	{FieldCode, "路线编码 路线编号 路线代码 线路编码 线路编号 线路代码 公路编号 公路编码 道路编号 道路编码 路线号 路线码 编码 编号 code roadcode routecode route roadno routeno"},
	{FieldName, "路线名称 道路名称 线路名称 公路名称 通组路名称 通组公路名称 路段名称 路名 项目名称 工程名称 名称 路线 道路 线路 公路 name road roadname routename"},
	{FieldTownship, "乡镇 乡镇名称 所属乡镇 所在乡镇 镇乡 乡 镇 街道 乡镇街道 所在行政区划 township town"},
	{FieldInterval, "起止桩号 起讫桩号 起迄桩号 完成桩号 施工桩号 起止里程桩号 起止里程 桩号范围 桩号区间 里程桩号 桩号 完成路段 起止点 区间 interval chainage stakes"},
	{FieldFrom, "起点桩号 起桩号 起始桩号 开始桩号 起点里程 起点 起 from start fromchainage startchainage"},
	{FieldTo, "止点桩号 终点桩号 止桩号 终止桩号 结束桩号 讫点桩号 迄点桩号 讫桩号 迄桩号 终点里程 止点 终点 止 to end tochainage endchainage"},
	{FieldLength, "完成里程 完成长度 累计完成里程 累计完成长度 累计完成 本次里程 施工里程 施工长度 路段长度 里程长度 里程 长度 完成 length km kilometres completedlength"},
	{FieldCompleted, "完工里程 完工长度 建成里程 竣工里程 累计完工 累计完工里程 完工 建成 completed"},
	{FieldPlanned, "计划里程 计划长度 计划任务 任务里程 计划 建设里程 建设规模 项目里程 设计里程 总里程 全长 路线里程 路线长度 路线总长 planned plannedlength task"},
	{FieldPercent, "完工率 完成率 完成比例 完成百分比 完成占比 进度 占比 percent rate"},
	{FieldStage, "工程阶段 施工阶段 完成阶段 阶段 工序 形象进度 工程部位 分项工程 施工内容 完成内容 stage"},
	{FieldOn, "完成日期 完成时间 日期 截至日期 截止日期 统计日期 上报日期 填报日期 施工日期 时间 完工日期 date day on completedon"},
	{FieldReporter, "填报人 填表人 上报人 报告人 reporter reportedby"},
	{FieldContract, "合同段 标段 合同编号 合同号 合同 标段号 合同段编号 contract lot"},
	{FieldNote, "备注 说明 存在问题 备注说明 note notes remarks"},
}

type fieldRank struct {
	field SheetField
	rank  int // lower is surer
}

var fieldByWord = func() map[string]fieldRank {
	out := map[string]fieldRank{}
	for _, f := range fieldWords {
		for i, text := range strings.Fields(f.texts) {
			out[text] = fieldRank{f.field, i}
		}
	}
	return out
}()

// SheetFields lists what a column may be taken for.
func SheetFields() []SheetField {
	var out []SheetField
	for _, f := range fieldWords {
		out = append(out, f.field)
	}
	for _, stage := range Stages {
		out = append(out, SheetField(stage))
	}
	return out
}

// stageOf is the stage that a column of its own is for; false: the field is no
// stage.
func (f SheetField) stageOf() (Stage, bool) {
	if f == FieldCompleted {
		return stageCompleted, true
	}
	return Stage(f), f != "" && stageIndex(Stage(f)) >= 0
}

var (
	bracketed  = regexp.MustCompile(`[(\[【][^()\[\]【】]*[)\]】]`)
	unitOfHead = regexp.MustCompile(`公里|千米|km|华里|市里|(?:^|[(\[,:/、])里(?:$|[)\],、])|米|(?:^|[(\[,:/、])m(?:$|[)\],、])`)
	neutral    = regexp.MustCompile(`^(?:形象进度|工程进度|施工进度|建设进度|完成情况|进展情况|进度情况|路线情况|基本情况|道路信息|路线信息|工程概况|完成)`)
	headNoise  = strings.NewReplacer("其中:", "", "其中", "", "累计完成", "完成", "*", "", ":", "", "截至目前", "", "至今", "")
	notOurs    = regexp.MustCompile(`本周|本月|本旬|本日|今日|新增|剩余|未完成|未完|下周|下月|上周|上月|类型|宽度|厚度|开工|投资|资金|金额|万元|人数|户数|身份|电话`)
)

// maxHeadText is how long a head's text may be; what is longer is a title.
const maxHeadText = 60

// fieldOf says what a column with a text at its head holds, how surely, and the
// unit of lengths that it names.
func fieldOf(text string) (SheetField, int, string) {
	if len(text) > 4*maxHeadText {
		return "", 0, ""
	}
	plain := strings.ToLower(narrow(text))
	unit := headUnit(plain)
	if notOurs.MatchString(plain) {
		return "", 0, ""
	}
	bare := bracketed.ReplaceAllString(plain, "")
	bare = strings.TrimRight(withoutUnitWord(bare), ",、/")
	for _, text := range []string{plain, bare, headNoise.Replace(bare), neutral.ReplaceAllString(headNoise.Replace(bare), "")} {
		if f, ok := fieldByWord[text]; ok {
			return f.field, f.rank, unit
		}
		if stage, ok := stageWord(text); ok {
			return SheetField(stage), 0, unit
		}
	}
	return likelyField(bare), 100, unit
}

// withoutUnitWord takes a unit off the end of a head: 里程km.
func withoutUnitWord(s string) string {
	for _, unit := range []string{"公里", "千米", "km", "米", "%"} {
		if bare, ok := strings.CutSuffix(s, unit); ok && bare != "" {
			return bare
		}
	}
	return s
}

// likelyField takes a head by the words in it.
func likelyField(s string) SheetField {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(s, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("桩号"):
		switch start, end := has("起"), has("止", "终", "讫", "迄"); {
		case start && !end:
			return FieldFrom
		case end && !start:
			return FieldTo
		}
		return FieldInterval
	case has("完工率", "完成率"):
		return FieldPercent
	case has("路线", "线路", "公路", "道路") && has("编码", "编号", "代码"):
		return FieldCode
	case has("路线", "线路", "公路", "道路", "路段") && has("名称", "名"):
		return FieldName
	case has("乡镇", "镇乡"):
		return FieldTownship
	case has("完成日期", "截至日期", "截止日期", "完成时间"):
		return FieldOn
	case has("计划") && has("里程", "长度"):
		return FieldPlanned
	}
	return ""
}

// headUnit is the unit of lengths that a text names: km, m, li, or nothing.
func headUnit(plain string) string {
	switch word := strings.Trim(unitOfHead.FindString(plain), "([,:/、])"); word {
	case "公里", "千米", "km":
		return "km"
	case "米", "m":
		return "m"
	case "里", "华里", "市里":
		return "li"
	}
	return ""
}
