package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// table writes a sheet as people see it: a row a line, cells between bars.
func table(text string) *Sheet {
	s := &Sheet{Hash: "aa11", Name: "周报.xlsx"}
	for line := range strings.Lines(strings.TrimPrefix(text, "\n")) {
		var row []string
		if line = strings.TrimSpace(line); line != "" {
			row = strings.Split(line, "|")
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// saidOf writes what was made of a sheet, one line a report or row.
func saidOf(rows []SheetRow) string {
	var out strings.Builder
	for _, r := range rows {
		if r.Entry == nil {
			fmt.Fprintf(&out, "%d %s\n", r.Row, r.Skip)
			continue
		}
		e := r.Entry
		place := e.Text
		if e.From+e.To != "" {
			place = e.From + "~" + e.To
		}
		if e.Length != nil {
			place += fmt.Sprintf(" %d mm", *e.Length)
		}
		if e.Assumed {
			place += " assumed"
		}
		words := []string{fmt.Sprintf("%d.%d", r.Row, r.Part), e.RoadText + "/" + e.RoadName, e.Township, strings.TrimSpace(place), string(e.Stage), e.On, e.Reporter, e.ContractText, e.Note}
		out.WriteString(strings.TrimRight(strings.Join(words, " | "), " |") + "\n")
	}
	return out.String()
}

// sheetCase is a township's own sheet, what its head says, and what its rows do.
type sheetCase struct {
	name   string
	sheet  string
	head   string // row, rows, and the columns with fields
	block  string // township, day, reporter, unit said above
	rows   string
	sums   string
	before SheetDefaults
}

func headOf(g *HeadGuess) string {
	words := []string{fmt.Sprint(g.Row, " of ", g.Rows)}
	for _, c := range g.Columns {
		if c.Field != "" {
			words = append(words, fmt.Sprintf("%d=%s%s", c.Column, c.Field, strings.TrimSuffix("("+c.Unit+")", "()")))
		}
	}
	return strings.Join(words, " ")
}

func sumsOf(found []RuleFinding) string {
	var out strings.Builder
	for _, f := range found {
		fmt.Fprintf(&out, "%s row %v %v: ", f.Rule, f.Params["row"], f.Params["column"])
		if f.Rule == "R19" {
			fmt.Fprintf(&out, "printed %v, computed %v\n", f.Params["printed"], f.Params["computed"])
		} else {
			fmt.Fprintf(&out, "%v %v m, %v %v m\n", f.Params["stage"], f.Params["length_m"], f.Params["before"], f.Params["before_m"])
		}
	}
	return out.String()
}

func TestSheetsOfTownships(t *testing.T) {
	for _, c := range sheetCases {
		t.Run(c.name, func(t *testing.T) {
			s := table(c.sheet)
			g := ReadHead(s, nil)
			if got := headOf(g); got != c.head {
				t.Errorf("head %s, want %s", got, c.head)
			}
			if got := strings.Join([]string{g.Township, g.On, g.Reporter, g.Unit}, " | "); got != c.block {
				t.Errorf("above the head %q, want %q", got, c.block)
			}
			rows := Entries(s, g, c.before)
			if diff := cmp.Diff(strings.TrimPrefix(c.rows, "\n"), saidOf(rows)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(strings.TrimPrefix(c.sums, "\n"), sumsOf(SheetSums(s, g, rows))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var sheetCases = []sheetCase{
	{
		name: "plain, one head row, total last",
		sheet: `
路线编码|路线名称|起止桩号|里程(公里)|工程阶段|完成日期|填报人|备注
C101520527|水塘寨路|K0+000-K1+250|1.25|路面|2020-05-01|李工|
C102520527|大岩脚公路|K1＋000～K０+400|0.6|路基|2020/5/3|李工|雨停工两天
合计|||1.85||||`,
		head:  "1 of 1 1=code 2=name 3=interval 4=length(km) 5=stage 6=on 7=reporter 8=note",
		block: " |  |  | ",
		rows: `
2.1 | C101520527/水塘寨路 |  | K0+000-K1+250 1250000 mm | surface | 2020-05-01 | 李工
3.1 | C102520527/大岩脚公路 |  | K1＋000～K０+400 600000 mm | roadbed | 2020/5/3 | 李工 |  | 雨停工两天
4 total
`,
	},
	{
		name: "titles and a block above, total first, per stage in one head of two rows",
		sheet: `
水塘镇通组公路建设进度周报表
填报单位：水塘镇人民政府||||截至日期：2020年5月25日||单位：公里
序号|路线名称|起点桩号|终点桩号|形象进度|||完工率
||||路基|基层|路面|
合计|2条|||3.2|2.5|1.8|
1|水塘寨路|K0+000|K2+000|2|2|1.3|65%
2|王家寨路|K0+000|K1+200|1.2|0.5|0.5|41.6%
注：路面按验收桩号填报。
填表人：李工||||审核人：王工`,
		head:  "4 of 2 2=name 3=from 4=to 5=roadbed 6=base 7=surface 8=percent",
		block: "水塘镇人民政府 | 2020年5月25日 | 李工 | km",
		rows: `
5 total
6.1 | 水塘寨路/ | 水塘镇人民政府 | K0+000~K2+000 | roadbed | 2020年5月25日 | 李工
6.2 | 水塘寨路/ | 水塘镇人民政府 | K0+000~K2+000 | base | 2020年5月25日 | 李工
6.3 | 水塘寨路/ | 水塘镇人民政府 | K0+000~ 1300000 mm assumed | surface | 2020年5月25日 | 李工
7.1 | 王家寨路/ | 水塘镇人民政府 | K0+000~K1+200 | roadbed | 2020年5月25日 | 李工
7.2 | 王家寨路/ | 水塘镇人民政府 | K0+000~ 500000 mm assumed | base | 2020年5月25日 | 李工
7.3 | 王家寨路/ | 水塘镇人民政府 | K0+000~ 500000 mm assumed | surface | 2020年5月25日 | 李工
8 note
9 note
`,
	},
	{
		name: "intervals in stage columns, several in a cell, another order, metres",
		sheet: `
备注|乡（镇）|道 路 名 称|路面完成|基层完成|路基完成|截止日期
 |野马乡|大岩脚路|K0+000~K0+300；K0+500~K0+900|K0+000～K1+000|全线|43952
在建|||—||K1+000-K1+500|43953.5
总 计||||||`,
		head:  "1 of 1 1=note 2=township 3=name 4=surface 5=base 6=roadbed 7=on",
		block: " |  |  | ",
		rows: `
2.1 | 大岩脚路/ | 野马乡 | 全线 | roadbed | 2020-05-01
2.2 | 大岩脚路/ | 野马乡 | K0+000～K1+000 | base | 2020-05-01
2.3 | 大岩脚路/ | 野马乡 | K0+000~K0+300 | surface | 2020-05-01
2.4 | 大岩脚路/ | 野马乡 | K0+500~K0+900 | surface | 2020-05-01
3.1 | 大岩脚路/ | 野马乡 | K1+000-K1+500 | roadbed | 2020-05-02 |  |  | 在建
4 total
`,
	},
	{
		name: "full width, metres, lengths without labels, quantifiers, a wrong total",
		sheet: `
单位名称|野马乡|||
路名|计划里程（米）|完成里程（米）|时间|标段
水塘寨路|２０００|约８００|２０２０年５月１日|ＨＴ-０１
王家寨路|1,200|1,200|2020.5.2|HT-02

白岩路|900|0.3公里|20xx-05-03|
小计|4100|2400||`,
		head:  "2 of 1 1=name 2=planned(m) 3=length(m) 4=on 5=contract",
		block: "野马乡 |  |  | ",
		rows: `
3.1 | 水塘寨路/ | 野马乡 | 800000 mm | surface | ２０２０年５月１日 |  | ＨＴ-０１ | 约８００
4.1 | 王家寨路/ | 野马乡 | 1200000 mm | surface | 2020.5.2 |  | HT-02
5 blank
6.1 | 白岩路/ | 野马乡 | 300000 mm | surface | 20xx-05-03
7 total
`,
		sums: `
R19 row 7 完成里程（米）: printed 2400, computed 2300
`,
		before: SheetDefaults{Stage: StageSurface},
	},
	{
		name: "sections of townships, subtotals, the head again on the next page, plain ends in metres",
		sheet: `
编号|名称|起点(m)|止点(m)|阶段
一、水塘镇
C101|水塘寨路|0|1250|面层
C104|王家寨路|200|100.5|基层
小计||||
编号|名称|起点(m)|止点(m)|阶段
二、野马乡
C102|大岩脚公路|0|500|面层
合计||||`,
		head:  "1 of 1 1=code 2=name 3=from(m) 4=to(m) 5=stage",
		block: " |  |  | ",
		rows: `
2 note
3.1 | C101/水塘寨路 | 水塘镇 | K0+000~K1+250 | surface | 2020-05-30
4.1 | C104/王家寨路 | 水塘镇 | K0+200~K0+100.5 | base | 2020-05-30
5 total
6 head
7 note
8.1 | C102/大岩脚公路 | 野马乡 | K0+000~K0+500 | surface | 2020-05-30
9 total
`,
		before: SheetDefaults{On: "2020-05-30"},
	},
	{
		name: "merged downwards, ends in kilometres that the length beside them gives away",
		sheet: `
序号|线路名称|工序|起点|终点|长度|完成时间
1|水塘寨路|清表|0|1.25|1.25|2020-04-01
||路基|0|1.25|1.25|2020-04-20
||路面|0.5|1|0.5|2020-05-20
2|王家寨路|路面|0|700|1.25|2020-05-20
|||||4.25|`,
		head:  "1 of 1 2=name 3=stage 4=from 5=to 6=length 7=on",
		block: " |  |  | ",
		rows: `
2.1 | 水塘寨路/ |  | K0+000~K1+250 1250000 mm | clearing | 2020-04-01
3.1 | 水塘寨路/ |  | K0+000~K1+250 1250000 mm | roadbed | 2020-04-20
4.1 | 水塘寨路/ |  | K0+500~K1+000 500000 mm | surface | 2020-05-20
5.1 | 王家寨路/ |  | 0~700 1250000 mm | surface | 2020-05-20
6 total
`,
	},
	{
		name: "ticks and per cents, this week's column is not ours",
		sheet: `
项目名称|计划里程(km)|开工日期|路基|基层|路面|本周新增路面(km)|完成率(%)
水塘寨路|2|2020-03-01|√|已完成|45%|0.3|45
王家寨路|1.2|2020-03-05|100%|未开工|否||0
白岩路|||在建|||0.1|`,
		head:  "1 of 1 1=name 2=planned(km) 4=roadbed 5=base 6=surface 8=percent",
		block: " |  |  | ",
		rows: `
2.1 | 水塘寨路/ |  | 全线 | roadbed | 2020-05-30
2.2 | 水塘寨路/ |  | 全线 | base | 2020-05-30
2.3 | 水塘寨路/ |  | 900000 mm | surface | 2020-05-30 |  |  | 45%
3.1 | 王家寨路/ |  | 全线 | roadbed | 2020-05-30
4 none
`,
		before: SheetDefaults{On: "2020-05-30"},
	},
	{
		name: "English",
		sheet: `
Weekly report of road works
Road code|Road name|Township|From|To|Stage|Date|Reported by|Remarks
C101520527|Shuitangzhai|Shuitang|K0+000|K0+750|base course|2020-05-01|Li|
Total||||||||`,
		head:  "2 of 1 1=code 2=name 3=township 4=from 5=to 6=stage 7=on 8=reporter 9=note",
		block: " |  |  | ",
		rows: `
3.1 | C101520527/Shuitangzhai | Shuitang | K0+000~K0+750 | base | 2020-05-01 | Li
4 total
`,
	},
	{
		name: "lengths by stage, more surface than base, li, a rounded total and a cut one",
		sheet: `
路线|全长(km)|路基(里)|基层(km)|路面(km)|完工率
甲路|2.345|4.6|1.2|1.5|63.97%
乙路|1.116|2|1.116|1.116|100%
合计|3.46|6.6|2.32|2.61|75.6%`,
		head:  "1 of 1 1=name 2=planned(km) 3=roadbed(li) 4=base(km) 5=surface(km) 6=percent",
		block: " |  |  | ",
		rows: `
2.1 | 甲路/ |  | 2300000 mm | roadbed | 2020-05-30
2.2 | 甲路/ |  | 1200000 mm | base | 2020-05-30
2.3 | 甲路/ |  | 1500000 mm | surface | 2020-05-30
3.1 | 乙路/ |  | 1000000 mm | roadbed | 2020-05-30
3.2 | 乙路/ |  | 1116000 mm | base | 2020-05-30
3.3 | 乙路/ |  | 1116000 mm | surface | 2020-05-30
4 total
`,
		sums: `
R28 row 2 路面(km): surface 1500 m, base 1200 m
R28 row 3 基层(km): base 1116 m, roadbed 1000 m
R28 row 4 路面(km): surface 2610 m, base 2320 m
`,
		before: SheetDefaults{On: "2020-05-30"},
	},
	{
		name: "no head at all",
		sheet: `
水塘镇|好|坏
1|2|3`,
		head:  "0 of 0",
		block: " |  |  | ",
		rows: `
1 no_head
2 no_head
`,
	},
	{
		name: "units in a row of their own; words in the first row of data",
		sheet: `
路线名称|里程|工序|日期|情况
|（米）||（年月日）|
王家寨路|全线|路面|2020-05-25|路面`,
		head:  "2 of 2 1=name 2=length(m) 3=stage 4=on",
		block: " |  |  | ",
		rows: `
3.1 | 王家寨路/ |  | 全线 | surface | 2020-05-25 |  |  | 全线
`,
	},
	{
		name: "words alone in the first row of data",
		sheet: `
路线名称|桩号|阶段|日期|情况
王家寨路|全线|路面|今天|路面`,
		head:  "1 of 1 1=name 2=interval 3=stage 4=on",
		block: " |  |  | ",
		rows: `
2.1 | 王家寨路/ |  | 全线 | surface | 今天
`,
	},
	{
		name: "sent by an office above the townships",
		sheet: `
填报单位:县交通运输局|||统计日期:2020-05-25
路线名称|乡镇|桩号|施工阶段
水塘寨路|水塘|自K0+000至K0+500止|路面完成`,
		head:  "2 of 1 1=name 2=township 3=interval 4=stage",
		block: " | 2020-05-25 | 县交通运输局 | ",
		rows: `
3.1 | 水塘寨路/ | 水塘 | 自K0+000至K0+500止 | surface | 2020-05-25 | 县交通运输局
`,
	},
}

func TestHeadIsRemembered(t *testing.T) {
	s := table(`
水塘镇周报
甲|乙|丙|丁
C101520527|K0+000-K0+500|面层|2020-05-01`)
	if g := ReadHead(s, nil); g.Row != 0 {
		t.Fatalf("甲, 乙, 丙 were taken for a head: %s", headOf(g))
	}
	g, err := HeadOf(s, 2, map[SheetField]int{FieldCode: 1, FieldInterval: 2, FieldStage: 3, FieldOn: 4})
	if err != nil {
		t.Fatal(err)
	}
	known := []SheetHead{{Fingerprint: "another", Columns: map[string]int{"code": 3}}, g.Remember("520527100", "li")}
	if diff := cmp.Diff(map[string]int{"code": 1, "interval": 2, "stage": 3, "on": 4}, known[1].Columns); diff != "" || known[1].Township != "520527100" {
		t.Error(diff)
	}
	next := table(`
水塘镇周报
第二周
 甲 |乙|丙|丁
C101520527|K0+500-K0+900|面层|2020-05-08`)
	got := ReadHead(next, known)
	if headOf(got) != "3 of 1 1=code 2=interval 3=stage 4=on" || !got.Remembered || !got.Columns[0].Remembered {
		t.Errorf("remembered as %s", headOf(got))
	}
	if rows := saidOf(Entries(next, got, SheetDefaults{})); rows != "4.1 | C101520527/ |  | K0+500-K0+900 | surface | 2020-05-08\n" {
		t.Error(rows)
	}
	if other := ReadHead(table("甲|乙|丙|戊\nC101520527|K0+500-K0+900|面层|2020-05-08"), known); other.Remembered {
		t.Error("another head was taken for the remembered one")
	}
}

func TestHeadOfRefuses(t *testing.T) {
	s := table("甲|乙\n1|2")
	for want, head := range map[string]struct {
		row     int
		columns map[SheetField]int
	}{
		"has 2 rows":              {3, nil},
		"is no field":             {1, map[SheetField]int{"colour": 1}},
		"the sheet has columns 1": {1, map[SheetField]int{FieldCode: 3}},
		"give it one field":       {1, map[SheetField]int{FieldCode: 1, FieldName: 1}},
	} {
		if _, err := HeadOf(s, head.row, head.columns); CodeOf(err) != Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v does not say %q", head, err, want)
		}
	}
}

// More than a row's own interval keeps both of its ends, for the rules to hold.
func TestRowSaysMoreThanItsInterval(t *testing.T) {
	for _, c := range [][2]string{
		{"路线编码|起点桩号|止点桩号|已完成路面(公里)\nC1|K0+300|K0+350|0.4", "K0+300~K0+350 400000 mm assumed"},
		{"路线编码|起止桩号|已完成路面(公里)\nC1|K0+350-K0+300|0.4", "K0+350~K0+300 400000 mm assumed"},
		{"路线编码|起点桩号|止点桩号|已完成路面(公里)\nC1|K0+300|K0+800|0.4", "K0+300~ 400000 mm assumed"},
	} {
		s := table(c[0])
		if got := saidOf(Entries(s, ReadHead(s, nil), SheetDefaults{})); !strings.Contains(got, c[1]) {
			t.Errorf("%s\nis %s, want %s", c[0], got, c[1])
		}
	}
}

// Ends in kilometres to the metre, as the ministry's lists have them, are labels;
// other plain numbers stay as they are, for nobody can say their unit.
func TestEndsInKilometres(t *testing.T) {
	const head = "路线编码|起点桩号|止点桩号|阶段|完成日期"
	for _, c := range [][2]string{
		{head + "\nC1|0.000|0.300|路面|2020-05-01\nC1|0.300|1.250|路面|2020-05-01\n合计|1|2||", "K0+300~K1+250 | surface | 2020-05-01 |  |  | 0.300 – 1.250"},
		{head + "\nC1|0.000|0.300|路面|2020-05-01\nC1|0.3|1.250|路面|2020-05-01", "0.3~1.250 | surface"},
		{head + "\nC1|0.000|300|路面|2020-05-01", "0.000~300 | surface"},
		{"路线编码|起点桩号|止点桩号|路面\nC1|0.000|0.300|√", "K0+000~K0+300 | surface |  |  |  | 0.000 – 0.300"},
		{"路线编码|起点|止点|阶段\nC1|0.000|0.300|路面", "0.000~0.300 | surface"},
	} {
		s := table(c[0])
		if got := saidOf(Entries(s, ReadHead(s, nil), SheetDefaults{})); !strings.Contains(got, c[1]) {
			t.Errorf("%s\nis\n%s, want %s", c[0], got, c[1])
		}
	}
}

// The unit above a table is read however it is put.
func TestUnitAboveTheTable(t *testing.T) {
	for above, want := range map[string]string{
		"单位：米": "m", "长度单位：米": "m", "填报单位：水塘镇|||里程单位：m": "m", "（计量单位 米）": "m", "单位|米": "m", "单 位：公里": "km", "填报单位：米坪镇": "", "单位 米坪镇": "", "单位：水塘镇": "",
	} {
		s := table(above + "\n路线编码|路线名称|完成里程|完成日期\nC1|甲路|1200|2020-05-01")
		if got := ReadHead(s, nil).Unit; got != want {
			t.Errorf("%s: unit %q, want %q", above, got, want)
		}
	}
}

func TestSheetIDsAreTheFiles(t *testing.T) {
	s := table(sheetCases[0].sheet)
	ids := func(s *Sheet) (out []string) {
		for _, r := range Entries(s, ReadHead(s, nil), SheetDefaults{}) {
			if r.Entry != nil {
				out = append(out, r.Entry.ID)
			}
		}
		return out
	}
	first, again := ids(s), ids(s)
	if diff := cmp.Diff(first, again); diff != "" || len(first) != 2 || first[0] == first[1] {
		t.Error(first, diff)
	}
	s.Hash = "bb22"
	if other := ids(s); other[0] == first[0] {
		t.Error("another file has the same ids")
	}
}

func TestParseLength(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		mm         int64
		vague      bool
	}{
		{"1.25", "", 1_250_000, false}, {"1.25", "km", 1_250_000, false}, {"1250", "m", 1_250_000, false}, {"2.4", "li", 1_200_000, false},
		{"1.2公里", "m", 1_200_000, false}, {"1200米", "km", 1_200_000, false}, {"约１．２公里", "", 1_200_000, true}, {"1.2万米", "", 12_000_000, false},
		{"3公里200米", "", 3_200_000, false}, {"近2里", "", 1_000_000, true}, {"1,250.5", "m", 1_250_500, false}, {"10余公里", "", 10_000_000, true}, {"5KM", "", 5_000_000, false}, {"0", "", 0, false},
	} {
		if mm, vague, ok := ParseLength(c.text, c.unit); !ok || mm != c.mm || vague != c.vague {
			t.Errorf("%q in %q is %d, %v, %v; want %d, %v", c.text, c.unit, mm, vague, ok, c.mm, c.vague)
		}
	}
	for _, bad := range []string{"", "abc", "1e309", "NaN", "Inf", "0x10", "-1", "1.2.3", "1e3", "85%", "=1+1", "1,2", "9999999999999", "公里", "1公里2公里"} {
		if mm, _, ok := ParseLength(bad, ""); ok {
			t.Errorf("%q is %d mm", bad, mm)
		}
	}
}

// Cells that mean harm stay what they are: texts.
func TestHostileCells(t *testing.T) {
	s := table(`
路线编码|起止桩号|长度|工程阶段|日期|备注
=HYPERLINK("x")|K0+000-K1+000|1e309|@SUM(A1)|NaN|-2+3
C101|` + strings.Repeat("9", 64<<10) + `|NaN|路面|2020-05-01|
C101|K0+000-K0+100|−5|路面|1900-02-29|`)
	s.Rows[1] = append(s.Rows[1], make([]string, 20000)...)
	for len(s.Rows[0]) < 500 {
		s.Rows[0] = append(s.Rows[0], "编码")
	}
	rows := Entries(s, ReadHead(s, nil), SheetDefaults{})
	if len(rows) != 3 || rows[0].Entry.RoadText != `=HYPERLINK("x")` || rows[0].Entry.On != "NaN" || len(rows[0].Cells) > 500 {
		t.Fatalf("%d rows, first %+v", len(rows), rows[0].Entry)
	}
	c := NewChecker(Assess(ruleCounty(t)))
	for i, want := range []string{"R13 R15 R16", "R11", "R13"} {
		got := c.Check(rows[i].Entry, day(t, "2020-06-30"), nil)
		if blocks := rulesOf(blocking(got.Findings)); blocks != want || got.Status != SubmissionHeld {
			t.Errorf("row %d: %s, want %s", i+2, blocks, want)
		}
		if n := len(fmt.Sprint(got.Findings)); n > 2000 {
			t.Errorf("row %d is answered with %d bytes", i+2, n)
		}
	}
}

func blocking(all []RuleFinding) (out []RuleFinding) {
	for _, f := range all {
		if f.Severity == SeverityBlock {
			out = append(out, f)
		}
	}
	return out
}

// A whole sheet against the county: what the rows mean, and that they see each
// other.
func TestSheetIsChecked(t *testing.T) {
	s := table(`
填报单位：水塘镇|截至日期：2020年5月25日
路线编码|路线名称|起止桩号|工程阶段
C101|水塘寨路|K0+000-K0+500|路面
C101|水塘寨路|K0+500-K0+000|路面
C101|水塘寨路|K4+100-K4+200|路面
|王家寨|全线|路面`)
	c := NewChecker(Assess(based(t)))
	var got []string
	for _, r := range Entries(s, ReadHead(s, nil), SheetDefaults{Township: "520527100"}) {
		checked := c.Check(r.Entry, day(t, "2020-06-30"), nil)
		if checked.Status == SubmissionApplied {
			c.Take(checked.Progress)
		}
		got = append(got, fmt.Sprint(r.Row, " ", checked.Status, " ", checked.Fresh, " ", rulesOf(checked.Findings)))
	}
	want := []string{"3 applied 500000 R21", "4 applied 0 R09 R10 R21", "5 held 0 R12", "6 applied 1200000 R21"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzSheet(f *testing.F) {
	for _, c := range sheetCases {
		f.Add(strings.TrimSpace(c.sheet))
	}
	f.Add("路线编码|起止桩号\n=1|K0+000-K9999+999\n|\n合计|1e309")
	f.Add("路线编码|里程(万米)|完成率\n\xff|9999999999999|0")
	c := NewChecker(Assess(ruleCounty(f)))
	f.Fuzz(func(t *testing.T, text string) {
		s := &Sheet{Hash: "aa"}
		for _, line := range strings.Split(text, "\n") {
			s.Rows = append(s.Rows, strings.Split(line, "|"))
		}
		g := ReadHead(s, nil)
		rows := Entries(s, g, SheetDefaults{})
		SheetSums(s, g, rows)
		if g.Row == 0 {
			return
		}
		last := g.Row
		for _, r := range rows {
			if r.Row != last && r.Row != last+1 || (r.Entry == nil) == (r.Skip == "") {
				t.Fatalf("row %d after %d: %+v", r.Row, last, r)
			}
			last = r.Row
			if r.Entry != nil {
				c.Check(r.Entry, 737_000, nil)
			}
		}
		if last != len(s.Rows) {
			t.Fatalf("the last of %d rows is %d", len(s.Rows), last)
		}
	})
}
