package ingest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// nasty is the first file that every bureau has: title, unit in a line of its
// own, a head over two rows with merged cells, a total on top, merged
// townships, full-width figures, thousands separators, blank rows, units in
// cells, a subtotal, a note. total is what it prints.
func nasty(t *testing.T, total string) string {
	t.Helper()
	f := excelize.NewFile()
	rows := [][]any{
		{"附件1"},
		{"赫章县２０１８年“组组通”公路建设计划表"},
		{"填报单位:县交通运输局", nil, nil, nil, nil, "2018年3月"},
		{"序号", "乡镇", "项目名称", "建设规模", nil, "备注"},
		{nil, nil, nil, "里程(公里)", "投资(万元)", nil},
		{"合  计", nil, nil, total, "50,180", nil},
		{1, "可乐乡", "坪寨至水塘组公路", "１２．３４５", 493.8, nil},
		{2, nil, "岩脚至大坝通组路", 3.5, 140, nil},
		{3, nil, "=营盘组路", "4,500米", nil, "公式样的文字"},
		{},
		{4, "城关镇", "田坝组公路", 1234.055, nil, nil},
		{nil, "小计", nil, 1238.555, nil, nil},
		{5, "520527206", "田坝组公路", " 0.1 ", nil, nil},
		{6, "520527206", "箐口组公路", "0.2公里", nil, nil},
		{"注:本表里程以设计为准"},
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStr("Sheet1", "C9", "=营盘组路"); err != nil {
		t.Fatal(err)
	}
	for _, m := range [][2]string{{"A2", "F2"}, {"A4", "A5"}, {"B4", "B5"}, {"C4", "C5"}, {"D4", "E4"}, {"F4", "F5"}, {"A6", "C6"}, {"B7", "B9"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "组组通计划.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// hezhang gives a store with the county and a few of its townships.
func hezhang(t testing.TB) database {
	t.Helper()
	db := fresh(t, "520527")
	for code, name := range map[string]string{"520527100": "城关镇", "520527210": "可乐彝族苗族乡", "520527206": "罗州乡"} {
		db.exec(t, `insert into qiantu.region (code, level, name, parent, county) values ($1, 'township', $2, '520527', '520527')`, code, name)
	}
	return db
}

const nastySum = "1254.7" // 12.345 + 3.5 + 4.5 + 1234.055 + 0.1 + 0.2

func TestNastyFirstFile(t *testing.T) {
	db := hezhang(t)
	res := imported(t, db, Request{Layer: "programme", Region: "520527", File: nasty(t, "1,254.70")})
	if got := res.Layers[0]; got.Read != 6 || got.Accepted != 6 {
		t.Errorf("rows: %s", said(res))
	}
	if f := found(t, res, "total_agrees"); f.Value != nastySum {
		t.Errorf("total: %+v", f)
	}
	for question, want := range map[string]string{
		`select name || '|' || starts || '|' || deadline || '|' || reported_mm from qiantu.programme`:                   "赫章县２０１８年“组组通”公路建设计划表|2018-01-01|2018-12-31|1254700000",
		`select count(*) || ' ' || sum(length_mm) || ' ' || count(geom) from qiantu.road_version`:                       "6 1254700000 0",
		`select sum(upper(span) - lower(span))::text from qiantu.programme_scope`:                                       "1254700000",
		`select sum(upper(span) - lower(span))::text from qiantu.road_segment`:                                          "1254700000",
		`select string_agg(township, ' ' order by id) from qiantu.road`:                                                 "520527210 520527210 520527210 520527100 520527206 520527206",
		`select length_mm::text from qiantu.road_version v join qiantu.road r on r.id = v.road where name = '坪寨至水塘组公路'`: "12345000",
		`select name from qiantu.road order by id offset 2 limit 1`:                                                     "=营盘组路",
		`select length_mm::text from qiantu.road_version v join qiantu.road r on r.id = v.road where name = '=营盘组路'`:    "4500000",
		`select count(distinct revision)::text from qiantu.change where layer <> 'region'`:                              "1",
		`select action || ' ' || object || ' ' || (detail->>'accepted') from qiantu.audit`:                              "import programme 6",
	} {
		if got := db.one(t, question); got != want {
			t.Errorf("%s\n got %s\nwant %s", question, got, want)
		}
	}
	refused(t, db, Request{Layer: "programme", Region: "520527", File: nasty(t, "1,254.70")}, "already_there")
}

func TestProgrammeTotalThatDoesNotAddUp(t *testing.T) {
	db := hezhang(t)
	res := imported(t, db, Request{Layer: "programme", Region: "520527", File: nasty(t, "1,255.70")})
	f := found(t, res, "total_differs")
	if f.Severity != SeverityWarning || !strings.Contains(f.Message, "1255.7 km") || !strings.Contains(f.Message, nastySum+" km") {
		t.Errorf("both numbers are not said: %s", f.Message)
	}
	if got := db.one(t, `select reported_mm::text from qiantu.programme`); got != "1255700000" {
		t.Errorf("kept total: %s", got)
	}
}

func TestProgrammeFindings(t *testing.T) {
	for _, c := range []struct{ name, csv, code, field, value string }{
		{"unknown township", "项目名称,乡镇,里程(公里)\n甲路,乌有乡,1\n", "code_unknown", "township", "乌有乡"},
		{"no unit", "项目名称,乡镇,里程\n甲路,可乐乡,1\n", "unit_missing", "length", "里程"},
		{"written twice", "项目名称,乡镇,里程(公里)\n甲路,可乐乡,1\n乙路,可乐乡,2\n甲路,可乐乡,1\n", "duplicate_row", "name", "甲路"},
		{"no length", "项目名称,乡镇,里程(公里)\n甲路,可乐乡,\n", "value_missing", "length", ""},
		{"comma for point", "项目名称,乡镇,里程(公里)\n甲路,可乐乡,\"1,5\"\n", "value_invalid", "length", "1,5"},
		{"negative", "项目名称,乡镇,里程(公里)\n甲路,可乐乡,-1\n", "value_range", "length", "-1"},
		{"damaged", "项目名称,乡镇,里程(公里)\n??寨路,可乐乡,1\n", "value_damaged", "name", "??寨路"},
		{"no column", "序号,乡镇,里程(公里)\n1,可乐乡,1\n", "head_missing", "name", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := refused(t, hezhang(t), Request{Layer: "programme", Region: "520527", File: file(t, "2018.csv", c.csv)}, c.code)
			if f.Field != c.field || f.Value != c.value {
				t.Errorf("finding %+v", f)
			}
		})
	}
}

// A list without merged cells leaves the township out where it repeats, or puts
// it on a row of its own.
func TestTownshipsOfAPlainList(t *testing.T) {
	db := hezhang(t)
	path := file(t, "2018年计划.csv", "2018年计划,,\n单位:公里,,\n项目名称,乡镇,里程\n甲路,可乐乡,1\n乙路,,2\n二、罗州乡,,\n丙路,,4\n合计,,7\n")
	res := imported(t, db, Request{Layer: "programme", Region: "520527", File: path})
	found(t, res, "township_filled")
	found(t, res, "total_agrees")
	if got := db.one(t, `select string_agg(name || township, ' ' order by id) from qiantu.road`); got != "甲路520527210 乙路520527210 丙路520527206" {
		t.Errorf("townships: %s", got)
	}
}

// The lines come later: the route keeps its measure, its scope and its reports.
func TestLinesComeLater(t *testing.T) {
	db := hezhang(t)
	imported(t, db, Request{Layer: "programme", Region: "520527", File: file(t, "2018.csv", "项目名称,乡镇,里程(公里)\n甲路,可乐乡,1.1\n乙路,可乐乡,2\n")})
	imported(t, db, Request{Layer: "progress", Region: "520527", File: file(t, "进度.csv", "道路名称,起点桩号,止点桩号,阶段,日期\n甲路,K0+000,K0+550,路面,2018-06-01\n乙路,,,路基,2018-06-02\n")})
	before := db.one(t, `select string_agg(to_jsonb(s)::text, ',' order by id) from qiantu.programme_scope s`) + db.one(t, `select string_agg(to_jsonb(p)::text, ',' order by id) from qiantu.progress p`)
	lines := file(t, "lines.geojson", `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"甲路","township":"520527210","surface":"水泥"},"geometry":{"type":"LineString","coordinates":[[104.7,27.1],[104.705,27.1],[104.711,27.1]]}},
		{"type":"Feature","properties":{"name":"乙路","township":"可乐乡"},"geometry":{"type":"LineString","coordinates":[[104.7,27.2],[104.73,27.2]]}},
		{"type":"Feature","properties":{"name":"新路","township":"可乐乡"},"geometry":{"type":"LineString","coordinates":[[104.7,27.3],[104.73,27.3]]}}]}`)
	res := imported(t, db, Request{Layer: "road", Region: "520527", File: lines})
	found(t, res, "line_attached")
	if f := found(t, res, "length_differs"); f.Value != "乙路" || !strings.Contains(f.Message, "2 km") {
		t.Errorf("difference: %+v", f)
	}
	after := db.one(t, `select string_agg(to_jsonb(s)::text, ',' order by id) from qiantu.programme_scope s`) + db.one(t, `select string_agg(to_jsonb(p)::text, ',' order by id) from qiantu.progress p`)
	if before != after {
		t.Errorf("scope or reports moved:\n%s\n%s", before, after)
	}
	for question, want := range map[string]string{
		`select count(*) || ' ' || count(v.geom) from qiantu.road_version v`:                                                                                         "3 3",
		`select string_agg(v.length_mm || ' ' || v.number, ',' order by v.road) from qiantu.road_version v join qiantu.road r on r.id = v.road where r.name <> '新路'`: "1100000 1,2000000 1",
		`select count(*) || ' ' || count(geom) from qiantu.road_segment`:                                                                                             "3 3",
		`select surface from qiantu.road_segment s join qiantu.road r on r.id = s.road where r.name = '甲路'`:                                                          "cement",
		`select bool_and(ST_Equals(s.geom, v.geom))::text from qiantu.road_segment s join qiantu.road_version v using (county, road)`:                                "true",
		// 1100 m on the list is 1089.9 m on the ellipsoid: under 5 %; a new route measures its line
		`select (abs(length_mm - 1000 * ST_Length(v.geom::geography)) <= 1)::text from qiantu.road_version v join qiantu.road r on r.id = v.road where r.name = '新路'`: "true",
	} {
		if got := db.one(t, question); got != want {
			t.Errorf("%s\n got %s\nwant %s", question, got, want)
		}
	}
	refused(t, db, Request{Layer: "road", Region: "520527", File: lines}, "already_drawn")
}

func TestSegmentsPartitionTheirRoute(t *testing.T) {
	db := hezhang(t)
	line := file(t, "lines.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"C001520527","length_km":3},"geometry":{"type":"LineString","coordinates":[[104.7,27.2],[104.73,27.2]]}}]}`)
	imported(t, db, Request{Layer: "road", Region: "520527", File: line})
	const head = "路线编码,起点桩号,止点桩号,路面类型,晴雨通车,乡镇\n"
	for _, c := range []struct{ rows, code string }{
		{"C001520527,K0+000,K1+000,水泥,是,可乐乡\nC001520527,K1+500,K3+000,砂石,否,可乐乡\n", "span_gap"},
		{"C001520527,K0+000,K2+000,水泥,是,可乐乡\nC001520527,K1+500,K3+000,砂石,否,可乐乡\n", "span_overlap"},
		{"C001520527,K0+000,K9+000,水泥,是,可乐乡\n", "span_invalid"},
		{"C002520527,K0+000,K1+000,水泥,是,可乐乡\n", "code_unknown"},
		{"C001520527,12.5,K1+000,水泥,是,可乐乡\n", "value_invalid"},
		{"C001520527,K0+000,K3+000,金子,是,可乐乡\n", "value_unknown"},
	} {
		refused(t, db, Request{Layer: "road_segment", Region: "520527", File: file(t, "路段.csv", head+c.rows)}, c.code)
	}
	imported(t, db, Request{Layer: "road_segment", Region: "520527", File: file(t, "路段.csv", head+"C001520527,K0+000,K1+000,水泥,是,可乐乡\nC001520527,K1+000,K3+000,砂石,否,罗州乡\n")})
	got := db.one(t, `select string_agg(surface || lower(span) || '-' || upper(span) || all_season || township || (geom is not null), ' ' order by span) from qiantu.road_segment`)
	if got != "cement0-1000000yes520527210true gravel1000000-3000000no520527206true" {
		t.Errorf("segments: %s", got)
	}
}
