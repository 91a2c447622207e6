package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// exported is a layer of a store in a format.
func exported(t *testing.T, a *planner.Assessment, req ExportRequest) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Export(t.Context(), &out, a, req); err != nil {
		t.Fatalf("%+v: %v", req, err)
	}
	return out.Bytes()
}

// exportOrder is one in which what is referred to is there before.
var exportOrder = []string{"region", "facility", "village", "road", "road_segment", "water_project", "relocation_site", "move", "reference"}

// county520527 is a small county that has something of every layer.
func county520527(t *testing.T) database {
	db := fresh(t, "")
	for _, f := range []struct{ layer, name, text string }{
		{"region", "a.geojson", `{"type":"FeatureCollection","features":[
			{"type":"Feature","properties":{"code":"520527","name":"赫章县","name_en":"Hezhang","level":"county"},"geometry":{"type":"Polygon","coordinates":[[[104.5,26.9],[105.1,26.9],[105.1,27.4],[104.5,27.4],[104.5,26.9]]]}},
			{"type":"Feature","properties":{"code":"520527100","name":"城关镇","name_en":"Chengguan","level":"township","parent":"520527"},"geometry":{"type":"Polygon","coordinates":[[[104.5,26.9],[104.8,26.9],[104.8,27.4],[104.5,27.4],[104.5,26.9]]]}}]}`},
		{"facility", "a.csv", "kind,name,lon,lat\ncounty_seat,县城,104.7123456789,27.12\nschool,=SUM(1)小学,104.72,27.13\n"},
		{"village", "a.csv", "code,name,name_en,kind,township,households,persons,as_of,hazard,surveyed,lon,lat\n" +
			"V1,坪寨,Pingzhai,hamlet,520527100,40,160,2019-12-31,high,yes,104.7,27.1\nV2,大湾,,administrative,520527100,120,500,2019-12-31,none,yes,104.75,27.2\n" +
			"V3,孤寨,,group,520527100,3,9,2019-12-31,none,no,104.76,27.3\nV4,新寨,,group,520527100,,,,unknown,yes,104.6,27.3\n"},
		{"road", "a.geojson", `{"type":"FeatureCollection","features":[
			{"type":"Feature","properties":{"code":"C101520527","name":"城坪路","township":"520527100","class":"class4","surface":"cement","width_m":4.5,"all_season":"yes","built":"built"},"geometry":{"type":"LineString","coordinates":[[104.7123,27.12],[104.706,27.11],[104.7,27.1]]}},
			{"type":"Feature","properties":{"code":"C102520527","name":"城湾路","township":"520527100","class":"class4","surface":"gravel","all_season":"no","built":"none"},"geometry":{"type":"LineString","coordinates":[[104.7123,27.12],[104.75,27.2]]}}]}`},
		{"water_project", "a.csv", "code,name,kind,status,capacity_m3d,dry_capacity_m3d,loss_pct,designed_persons,serves,lon,lat\nW1,坪寨水厂,small,built,120.5,80,12.5,900,V1;V2,104.71,27.11\nW2,山塘,pond,planned,,,,,,104.73,27.12\n"},
		{"relocation_site", "a.csv", "code,name,name_en,mode,township,land,households,persons,jobs,water_m3d,school_places,lon,lat\nS1,城关安置点,Chengguan site,county_town,520527100,owned,300,1200,500,240.5,150,104.715,27.121\n"},
		{"move", "a.csv", "village,site,households,persons\nV1,S1,20,80\n"},
		{"reference", "a.csv", "layer,kind,name,geometry\nhazard,landslide,滑坡区,\"POLYGON((104.6 27.2,104.65 27.2,104.65 27.25,104.6 27.25,104.6 27.2))\"\nlake,,水库,\"POLYGON((104.9 27.2,104.91 27.2,104.91 27.21,104.9 27.2))\"\n"},
	} {
		imported(t, db, Request{Layer: f.layer, File: file(t, f.name, f.text), Region: regionOf(f.layer), CRS: "EPSG:4490"})
	}
	return db
}

func regionOf(layer string) string {
	if layer == "region" {
		return ""
	}
	return "520527"
}

func (d database) assess(t *testing.T) *planner.Assessment {
	t.Helper()
	day, err := planner.ParseDate("2020-06-30")
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "520527", AsOf: day})
	if err != nil {
		t.Fatal(err)
	}
	return planner.Assess(s)
}

// TestExportIsImported writes a county in every format, reads it into an empty
// store, and writes that one again: the tables are the same.
func TestExportIsImported(t *testing.T) {
	from := county520527(t).assess(t)
	tables := map[string]string{}
	for _, layer := range exportOrder {
		tables[layer] = string(exported(t, from, ExportRequest{Layer: layer, Format: "csv"}))
		if strings.Count(tables[layer], "\n") < 2 {
			t.Fatalf("nothing of %s is exported:\n%s", layer, tables[layer])
		}
	}
	for _, c := range []struct{ format, encoding, end string }{
		{"csv", "gbk", ".csv"}, {"geojson", "", ".geojson"}, {"gpkg", "", ".gpkg"}, {"shp", "gbk", ".zip"}, {"xlsx", "", ".xlsx"},
	} {
		t.Run(c.format+c.encoding, func(t *testing.T) {
			to := fresh(t, "")
			for _, layer := range exportOrder {
				req := ExportRequest{Layer: layer, Format: c.format, Encoding: c.encoding}
				if c.format == "xlsx" && shapeOnly(layer) { // lines and areas have no room in a cell
					req = ExportRequest{Layer: layer, Format: "geojson"}
				}
				end := c.end
				if req.Format != c.format {
					end = ".geojson"
				}
				whole := exported(t, from, req)
				if layer == "village" && !bytes.Equal(whole, exported(t, from, req)) {
					t.Errorf("%s: two exports have other bytes", layer)
				}
				path := filepath.Join(t.TempDir(), layer+end)
				if err := os.WriteFile(path, whole, 0o600); err != nil {
					t.Fatal(err)
				}
				again(t, to, layer, path)
			}
			a := to.assess(t)
			for _, layer := range exportOrder {
				got, want := string(exported(t, a, ExportRequest{Layer: layer, Format: "csv"})), tables[layer]
				if c.format == "shp" { // its rings turn the other way
					got, want = cornersOf(got), cornersOf(want)
				}
				if got != want {
					t.Errorf("%s comes back as\n%swas\n%s", layer, got, want)
				}
			}
		})
	}
}

// cornersOf is a table in which areas are lists of their corners, in order.
func cornersOf(table string) string {
	return regexp.MustCompile(`"(MULTI)?POLYGON[^"]*"`).ReplaceAllStringFunc(table, func(area string) string {
		corners := regexp.MustCompile(`[\d.]+ [\d.]+`).FindAllString(area, -1)
		slices.Sort(corners)
		return strings.Join(slices.Compact(corners), ",")
	})
}

// shapeOnly says whether a layer's rows mean nothing without their shapes.
func shapeOnly(layer string) bool {
	return layer == "region" || layer == "road" || layer == "reference"
}

// again imports what was exported.
func again(t *testing.T, to database, layer, path string) {
	t.Helper()
	crs := ""
	if strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, ".xlsx") {
		crs = "EPSG:4490"
	}
	imported(t, to, Request{Layer: layer, File: path, Region: regionOf(layer), CRS: crs})
}

// TestExportMasks: the households of a village with few of them are in no format.
func TestExportMasks(t *testing.T) {
	a := county520527(t).assess(t)
	rows := strings.Split(string(exported(t, a, ExportRequest{Layer: "village", Format: "csv"})), "\n")
	for _, row := range rows {
		if strings.Contains(row, "孤寨") && !strings.Contains(row, "2019-12-31,,9,") {
			t.Errorf("the three households of 孤寨 stand in %s", row)
		}
	}
	if !strings.Contains(strings.Join(rows, "\n"), "120,500") {
		t.Errorf("no households at all:\n%s", strings.Join(rows, "\n"))
	}
}

func TestExportRefuses(t *testing.T) {
	s := &planner.Snapshot{
		Region:   planner.Region{Code: "520527", Level: planner.LevelCounty},
		Villages: []planner.Village{{ID: 1, Name: "𪛖家寨"}},
		References: []planner.Reference{
			{ID: 1, Layer: "hazard", Geometry: planner.Village{}.Point}, {ID: 2, Layer: "river", Geometry: orb.LineString{{104, 27}, {105, 28}}},
		},
	}
	a := planner.Assess(s)
	for _, c := range []struct {
		req  ExportRequest
		says string
	}{
		{ExportRequest{Layer: "moon", Format: "csv"}, "relocation_site"}, {ExportRequest{Layer: "road", Format: "dwg"}, "geojson"}, {ExportRequest{Layer: "road", Format: "csv", Encoding: "ebcdic"}, "gbk"},
		{ExportRequest{Layer: "village", Format: "csv", Encoding: "gbk"}, "𪛖家寨"}, {ExportRequest{Layer: "village", Format: "shp", Encoding: "gbk"}, "utf-8"},
		{ExportRequest{Layer: "reference", Format: "shp"}, "gpkg"},
	} {
		err := Export(t.Context(), &bytes.Buffer{}, a, c.req)
		if planner.CodeOf(err) != planner.Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v does not say %s", c.req, err, c.says)
		}
	}
}
