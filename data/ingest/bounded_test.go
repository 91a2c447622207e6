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
