package ingest

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// places lists what a test compares of villages: name and position.
func (d database) places(t testing.TB, county string) []string {
	t.Helper()
	rows, err := d.Query(t.Context(), `select name || ' ' || round(ST_X(geom)::numeric, 7) || ' ' || round(ST_Y(geom)::numeric, 7)
		from qiantu.village where county = $1 order by 1`, county)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The same 73 places through every office format are the same features.
func TestSamePlacesThroughFiveFormats(t *testing.T) {
	db := fresh(t, "")
	dir := t.TempDir()
	shape := filepath.Join(dir, "places.shp")
	ogr(t, "-lco", "ENCODING=UTF-8", shape, shared(t, "vector/andorra-places.geojson"))
	var want []string
	for i, c := range []struct {
		name string
		req  Request
	}{
		{"geojson", Request{File: shared(t, "vector/andorra-places.geojson")}},
		{"gpkg", Request{File: shared(t, "vector/andorra-osm.gpkg"), Map: map[string]string{"layer": "places"}}},
		{"kml", Request{File: shared(t, "vector/andorra-places.kml")}},
		{"csv", Request{File: shared(t, "vector/andorra-places.csv")}},
		{"shp", Request{File: shape}},
	} {
		county := fmt.Sprintf("ad%d", i)
		db.exec(t, `insert into qiantu.region (code, level, name, county) values ($1, 'county', $1, $1)`, county)
		c.req.Layer, c.req.Region = "village", county
		res := imported(t, db, c.req)
		if got := res.Layers[0]; got.Read != 73 || got.Accepted != 73 || got.Rejected != 0 {
			t.Errorf("%s: %+v", c.name, got)
		}
		got := db.places(t, county)
		if i == 0 {
			want = got
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs from geojson:\n%s", c.name, diff)
		}
	}
	if len(want) != 73 || !strings.HasPrefix(strings.Join(want, "\n"), "Aixirivall") && len(want[0]) == 0 {
		t.Errorf("places: %v", want)
	}
}

// ogr makes a file of another format for a test: target first, then source.
func ogr(t testing.TB, arguments ...string) {
	t.Helper()
	runTool(t, "ogr2ogr", arguments...)
}

// Roads in degrees and in UTM 31N are the same roads: count, box, and lengths.
// Both files keep fifteen digits; the stated tolerance is a millimetre a road.
func TestRoadsInTwoReferences(t *testing.T) {
	db := fresh(t, "")
	type road struct {
		Code string
		MM   int64
	}
	var sets [2][]road
	for i, req := range []Request{
		{File: shared(t, "vector/andorra-osm.gpkg"), Map: map[string]string{"layer": "roads"}},
		{File: andorraShape(t)},
	} {
		req.Layer, req.Region = "road", fmt.Sprintf("ad%d", i)
		db.exec(t, `insert into qiantu.region (code, level, name, county) values ($1, 'county', $1, $1)`, req.Region)
		res := imported(t, db, req)
		if res.Layers[0].Accepted != 2797 {
			t.Fatalf("%s: %s", req.File, said(res))
		}
		box := db.one(t, `select ST_XMin(b) || ' ' || ST_YMin(b) || ' ' || ST_XMax(b) || ' ' || ST_YMax(b) from (select ST_Extent(geom) b from qiantu.road_segment where county = $1) q`, req.Region)
		var got [4]float64
		for k, part := range strings.Fields(box) {
			got[k], _ = strconv.ParseFloat(part, 64)
		}
		for k, want := range [4]float64{1.400119, 42.418257, 1.790440, 42.634604} {
			if math.Abs(got[k]-want) > 1e-6 {
				t.Errorf("%s: box %s", req.File, box)
			}
		}
		rows, err := db.Query(t.Context(), `select code, length_mm from qiantu.road join qiantu.road_version using (county) where road_version.road = road.id and county = $1 order by code`, req.Region)
		if err != nil {
			t.Fatal(err)
		}
		if sets[i], err = pgx.CollectRows(rows, pgx.RowToStructByPos[road]); err != nil {
			t.Fatal(err)
		}
	}
	if len(sets[0]) != 2797 || len(sets[1]) != 2797 {
		t.Fatalf("roads: %d and %d", len(sets[0]), len(sets[1]))
	}
	worst := int64(0)
	for k, a := range sets[0] {
		b := sets[1][k]
		if a.Code != b.Code {
			t.Fatalf("road %s against %s", a.Code, b.Code)
		}
		worst = max(worst, a.MM-b.MM, b.MM-a.MM)
	}
	if worst > 1 {
		t.Errorf("a road differs by %d mm", worst)
	}
}

func andorraShape(t testing.TB) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(shared(t, "vector/andorra-roads-epsg25831"), "*.shp"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the Shapefile of roads: %v, %v", found, err)
	}
	return found[0]
}

// The eight folders of shp/gk: projections, encodings, and what must be asked.
func TestGaussKruegerShapefiles(t *testing.T) {
	const lon, lat = 104.720868, 27.115413
	for _, c := range []struct {
		folder, crs, encoding string
		code                  string // refused with it; empty: taken
		also                  string // a finding that must be there
		tolerance             float64
		name                  string // column of the name, where it has to be said
	}{
		{folder: "towns-epsg4544-gbk-cpg"},
		{folder: "towns-epsg4544-gbk-nocpg", also: "encoding_guessed"},
		{folder: "towns-epsg4544-gbk-nocpg", encoding: "gbk"},
		{folder: "towns-epsg4544-gbk-noprj", code: "crs_missing"},
		{folder: "towns-epsg4544-gbk-noprj", crs: "EPSG:4544"},
		{folder: "towns-epsg4544-gbk-noprj", crs: "EPSG:4523", code: "crs_contradiction"},
		{folder: "towns-epsg4544-gbk-noprj", crs: "EPSG:4490", code: "crs_contradiction"},
		{folder: "towns-epsg4544-gbk-cpg", crs: "EPSG:4545", code: "crs_contradiction"},
		{folder: "towns-epsg4523-utf8-cpg"},
		{folder: "towns-epsg4490-gbk-nocpg"},
		{folder: "towns-epsg4490-gbk-nocpg", crs: "EPSG:4544", code: "crs_contradiction"},
		{folder: "towns-epsg2332-xian80-6deg-gbk-cpg", also: "crs_old_datum", tolerance: 0.002},
		{folder: "towns-epsg4544-gbk-chinese-fieldnames", name: "乡镇名称"},
		{folder: "towns-epsg4544-gbk-nocpg", encoding: "utf-8", code: "encoding_wrong"},
	} {
		t.Run(c.folder+" "+c.crs+" "+c.encoding, func(t *testing.T) {
			db := fresh(t, "520527")
			req := Request{Layer: "village", Region: "520527", File: shared(t, "shp/gk/"+c.folder+"/towns.shp"), CRS: c.crs, Encoding: c.encoding}
			if c.name != "" {
				req.Map = map[string]string{"name": c.name}
			}
			if c.code != "" {
				if f := refused(t, db, req, c.code); f.Severity != SeverityError {
					t.Errorf("finding: %+v", f)
				}
				return
			}
			res := imported(t, db, req)
			if c.also != "" {
				found(t, res, c.also)
			}
			if n := db.one(t, `select count(*) from qiantu.village`); n != "27" {
				t.Errorf("%s towns", n)
			}
			var x, y float64
			if err := db.QueryRow(t.Context(), `select ST_X(geom), ST_Y(geom) from qiantu.village where name = '城关镇' and code = '520527100000'`).Scan(&x, &y); err != nil {
				t.Fatal(err)
			}
			limit := max(c.tolerance, 1e-6)
			if math.Abs(x-lon) > limit || math.Abs(y-lat) > limit {
				t.Errorf("城关镇 at %f %f", x, y)
			}
		})
	}
}

func TestGaussKruegerBoundary(t *testing.T) {
	db := fresh(t, "")
	imported(t, db, Request{Layer: "region", File: shared(t, "shp/gk/boundary-epsg4544-gbk-nocpg/county.shp"), Map: map[string]string{"code": "=520527", "level": "=county"}})
	got := db.one(t, `select ST_NumGeometries(e) || ' ' || round(ST_XMin(e)::numeric, 3) || ' ' || round(ST_YMin(e)::numeric, 3) || ' ' || round(ST_XMax(e)::numeric, 3) || ' ' || round(ST_YMax(e)::numeric, 3)
		from (select ST_Transform(geom, 4544) e from qiantu.region) x`)
	if got != "1 418220.576 2961724.460 502669.201 3039634.488" {
		t.Errorf("boundary: %s", got)
	}
}

// The text is right, or the user is asked; mojibake is never stored.
func TestEncodings(t *testing.T) {
	for _, c := range []struct{ file, encoding, want, code string }{
		{"gbk.dbf", "", "简体国语", ""}, {"gb2312.dbf", "", "简体国语", ""}, {"utf8.dbf", "", "国语國語", ""},
		{"big5.dbf", "", "", "encoding_unknown"}, {"big5.dbf", "big5", "繁體國語", ""},
		{"shiftjis.dbf", "", "", "encoding_unknown"}, {"shiftjis.dbf", "shift_jis", "ひたちなか市", ""},
		{"ldid_chinese/chinese.dbf", "", "简体", ""}, {"cpg_big5/big5.dbf", "", "國語", ""},
		{"gbk.dbf", "utf-8", "", "encoding_wrong"}, {"utf8.dbf", "latin-9", "", "encoding_name"},
	} {
		t.Run(c.file+" "+c.encoding, func(t *testing.T) {
			db := fresh(t, "x")
			req := Request{Layer: "water_project", Region: "x", File: shared(t, "shp/encodings/"+c.file), Encoding: c.encoding, Map: map[string]string{"name": "NAME"}}
			if c.code != "" {
				refused(t, db, req, c.code)
				return
			}
			res := imported(t, db, req)
			got := db.one(t, `select string_agg(name, '|' order by id) from qiantu.water_project`)
			if first, _, _ := strings.Cut(got, "|"); first != c.want {
				t.Errorf("stored %q, want %q; %s", got, c.want, said(res))
			}
		})
	}
}

// Every file of the GeoJSON folders is answered as its name says.
func TestGeoJSONFolders(t *testing.T) {
	db := fresh(t, "x")
	counts := map[string]int{}
	for _, folder := range []string{"valid", "invalid", "problematic"} {
		files, err := filepath.Glob(filepath.Join(shared(t, "geojson/"+folder), "*.geojson"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			name := filepath.Base(path)
			res := importing(t, db, Request{Layer: "reference", Region: "x", File: path})
			kind, _, _ := strings.Cut(name, "_")
			if folder == "valid" {
				kind = "valid"
			}
			counts[kind]++
			switch kind {
			case "valid":
				if res.Failed() || !res.Stored {
					t.Errorf("%s was refused: %s", name, said(res))
				}
			case "invalid":
				if !res.Failed() || res.Stored {
					t.Errorf("%s was taken: %s", name, said(res))
				}
			case "problematic":
				if len(res.Findings) == 0 {
					t.Errorf("%s: nothing was said", name)
				}
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"valid": 38, "invalid": 33, "problematic": 19}, counts); diff != "" {
		t.Errorf("files: %s", diff)
	}
	if n := db.one(t, `select count(*) from qiantu.reference where not ST_IsValid(geom)`); n != "0" {
		t.Errorf("%s invalid geometries are stored", n)
	}
}

func TestNullGeometryIsKeptWhereThePlaceMayBeUnknown(t *testing.T) {
	db := fresh(t, "x")
	path := file(t, "works.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"水塘水库"},"geometry":null}]}`)
	res := imported(t, db, Request{Layer: "water_project", Region: "x", File: path})
	found(t, res, "no_place_kept")
	if got := db.one(t, `select name || (geom is null) from qiantu.water_project`); got != "水塘水库true" {
		t.Errorf("stored %s", got)
	}
}

func TestKML(t *testing.T) {
	db := fresh(t, "x")
	files, err := filepath.Glob(filepath.Join(shared(t, "kml"), "*.kml"))
	if err != nil || len(files) != 14 {
		t.Fatalf("KML files: %d, %v", len(files), err)
	}
	for _, path := range files {
		res := importing(t, db, Request{Layer: "reference", Region: "x", File: path})
		if res.Failed() || res.Layers[0].Read == 0 {
			t.Errorf("%s: %s", filepath.Base(path), said(res))
		}
	}
	if got := db.one(t, `select count(*) from qiantu.reference where name = 'Extended data placemark'`); got != "1" {
		t.Errorf("extended data: %s", got)
	}
}

func TestGeoPackageNullsAndHeights(t *testing.T) {
	db := fresh(t, "x")
	res := imported(t, db, Request{Layer: "village", Region: "x", File: shared(t, "gpkg/test_gpkg_nulls.gpkg"),
		Map: map[string]string{"name": "=无名", "households": "col_int32", "as_of": "=2018-12-31"}})
	if res.Layers[0].Accepted != 4 {
		t.Errorf("%s", said(res))
	}
	if got := db.one(t, `select count(*) || ' ' || sum(households) from qiantu.population`); got != "3 6" {
		t.Errorf("a NULL became a count: %s", got)
	}
	res = imported(t, db, Request{Layer: "road", Region: "x", File: shared(t, "gpkg/line_zm.gpkg"), Map: map[string]string{"name": "=line"}})
	found(t, res, "z_dropped")
	if got := db.one(t, `select ST_Zmflag(geom) || ' ' || ST_NPoints(geom) from qiantu.road_version`); got != "0 2" {
		t.Errorf("the line: %s", got)
	}
	f := refused(t, db, Request{Layer: "reference", Region: "x", File: shared(t, "gpkg/bentiu_southsudan-osm-20170213.gpkg")}, "layer_choice")
	if !strings.Contains(f.Message, "health_schools_polygons") {
		t.Errorf("the layers are not named: %s", f.Message)
	}
	res = imported(t, db, Request{Layer: "reference", Region: "x", File: shared(t, "gpkg/bentiu_southsudan-osm-20170213.gpkg"), Map: map[string]string{"layer": "villages_points"}})
	if res.Layers[0].Accepted != 11 {
		t.Errorf("villages: %s", said(res))
	}
}

// Each file of the spectrum is read as its JSON says.
func TestCSVSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "csv/csvs"), "*.csv"))
	if err != nil || len(files) != 11 {
		t.Fatalf("CSV files: %d, %v", len(files), err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		raw, err := os.ReadFile(shared(t, "csv/json/"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var want []map[string]string
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		for _, row := range want { // line ends inside a cell become plain ones
			for k, v := range row {
				row[k] = strings.ReplaceAll(v, "\r\n", "\n")
			}
		}
		if diff := cmp.Diff(want, readAll(t, path)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// readAll reads a CSV through the reader of imports, the first row as heads.
func readAll(t *testing.T, path string) []map[string]string {
	t.Helper()
	fs := newFindings("f")
	d, err := sniffCSV(path, "", fs)
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	var heads []string
	out := []map[string]string{}
	err = readCSV(t.Context(), in, d, func(line, _ int, cell string) { t.Errorf("line %d: %q", line, cell) }, func(_ int, cells []string) error {
		if heads == nil {
			heads = cells
			return nil
		}
		row := map[string]string{}
		for i, h := range heads {
			row[h] = cells[i]
		}
		out = append(out, row)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}
