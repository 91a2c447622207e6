package ingest

import (
	"testing"
)

// A county with a boundary takes every layer, and refuses what lies outside.
func TestACountyWithABoundaryTakesEveryLayer(t *testing.T) {
	db := works(t)
	boundary := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"520527","name":"赫章县","level":"county"},
		"geometry":{"type":"Polygon","coordinates":[[[104.2,26.8],[105.1,26.8],[105.1,27.5],[104.2,27.5],[104.2,26.8]]]}}]}`
	imported(t, db, Request{Layer: "region", File: file(t, "boundary.geojson", boundary)})
	for _, c := range []struct{ layer, rows string }{
		{"village", "name,lon,lat\n大坝,104.8,27.2\n"},
		{"contract", "计划编码,合同编号,路线编码,起点桩号,止点桩号\nZZT,HT-07,C001,K0+000,K1+000\n"},
		{"funding", "计划编码,资金来源,计划(万元)\nZZT,县级,100\n"},
		{"plan", "计划编码,日期,计划进度(%)\nZZT,2018-12-31,100\n"},
		{"inspection", "路线编码,检查日期,检查结果\nC001,2018-09-02,合格\n"},
		{"programme", "项目名称,里程(公里)\n戊路,1.5\n"},
		{"progress", "路线编码,起点桩号,止点桩号,工序,日期\nC001,K0+000,K1+000,路面,2018-06-01\n"},
		{"road", "name,wkt\n己路,\"LINESTRING(104.7 27.1,104.71 27.11)\"\n"},
	} {
		if res := db.take(t, c.layer, c.rows); res.Layers[0].Accepted != 1 {
			t.Errorf("%s: %s", c.layer, said(res))
		}
	}
	db.deny(t, "village", "name,lon,lat\n远处,108.9,27.1\n", "outside_region")
}

// Counties that came before the units above them are put under these by their
// codes, and go under the nearer one when it comes.
func TestUnitsAboveAdoptTheirCounties(t *testing.T) {
	db := fresh(t, "520527")
	units := func(name, rows string, dry bool) Request {
		return Request{Layer: "region", File: file(t, name, "code,name,parent\n"+rows), DryRun: dry}
	}
	parents := func(want string) {
		t.Helper()
		if got := db.one(t, `select string_agg(code || ':' || coalesce(parent, ''), ' ' order by code) from qiantu.region`); got != want {
			t.Errorf("the tree is\n%s, want\n%s", got, want)
		}
	}
	if f := found(t, importing(t, db, units("dry.csv", "520000,贵州省,\n", true)), "region_linked"); f.Value != "520527" || f.Severity != SeverityInfo {
		t.Errorf("the link is said as %+v", f)
	}
	parents("520527:")
	imported(t, db, units("province.csv", "520000,贵州省,\n", false))
	parents("520000: 520527:520000")
	if res := imported(t, db, units("prefecture.csv", "520500,毕节市,\n520502,七星关区,520500\n520602,碧江区,\n", false)); len(res.Findings) != 3 {
		t.Errorf("three units are linked: %s", said(res))
	}
	parents("520000: 520500:520000 520502:520500 520527:520500 520602:520000")
	db.exec(t, `insert into qiantu.region (code, level, name, county) values ('gz-x', 'county', '新区', 'gz-x')`)
	refused(t, db, units("again.csv", "520527,赫章县,520500\n", false), "already_there")
	imported(t, db, Request{Layer: "region", File: file(t, "own.csv", "code,name,level,parent\ngz-x,新区,county,520500\n")})
	parents("520000: 520500:520000 520502:520500 520527:520500 520602:520000 gz-x:520500")
	if got := db.one(t, `select count(*)::text from qiantu.region where geom is not null`); got != "0" {
		t.Errorf("%s units got a boundary from a table without one", got)
	}
}
