package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const point = `{"type":"Feature","properties":{"name":"坪寨"},"geometry":{"type":"Point","coordinates":[%s]}}`

// Bad input is refused with file, row, field, value and the mend; nothing is
// stored, in any table.
func TestBadInput(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("村名,lon,lat\n坪寨,104.7,27.1\n")
	if err != nil {
		t.Fatal(err)
	}
	many := "name,lon,lat" + strings.Repeat(",x", maxColumns) + "\n"
	for _, c := range []struct {
		name, file, content, layer string
		req                        Request
		code, field, value         string
		row                        int
	}{
		{name: "NaN in CSV", file: "a.csv", content: "name,lon,lat\n坪寨,NaN,27.1\n", code: "value_invalid", field: "lon", value: "NaN", row: 2},
		{name: "infinite in WKT", file: "a.csv", content: "name,wkt\n坪寨,POINT(Infinity 27)\n", req: Request{CRS: "EPSG:4490"}, code: "geometry_unreadable", field: "geometry", row: 2},
		{name: "NaN in WKT", file: "a.csv", content: "name,wkt\n坪寨,POINT(NaN NaN)\n", req: Request{CRS: "EPSG:4490"}, code: "coordinate_invalid", field: "geometry", row: 2},
		{name: "NaN amid a line", layer: "road", file: "a.csv", content: "name,wkt\n路,\"LINESTRING(104 27,NaN NaN,105 27)\"\n", req: Request{CRS: "EPSG:4490"}, code: "geometry_invalid", field: "geometry", row: 2},
		{name: "NaN inside EWKB", file: "a.csv", content: "name,wkt\n坪寨,0101000000000000000000F87F0000000000003B40\n", req: Request{CRS: "EPSG:4490"}, code: "coordinate_invalid", field: "geometry", row: 2},
		{name: "1e400 in GeoJSON", file: "a.geojson", content: fmt.Sprintf(point, "1e400,27"), code: "geojson_invalid"},
		{name: "181 degrees", file: "a.geojson", content: fmt.Sprintf(point, "181,27"), code: "geojson_invalid"},
		{name: "deep GeoJSON", file: "a.geojson", content: strings.Repeat("[", 100_000), code: "file_too_large"},
		{name: "metres as degrees", file: "a.csv", content: "name,x,y\n坪寨,472323,3000449\n", code: "crs_missing", field: "lon", row: 2},
		{name: "metres declared degrees", file: "a.csv", content: "name,x,y\n坪寨,472323,3000449\n", req: Request{CRS: "EPSG:4490"}, code: "crs_contradiction", field: "geometry", value: "EPSG:4490", row: 2},
		{name: "degrees declared metres", file: "a.csv", content: "name,x,y\n坪寨,104.7,27.1\n", req: Request{CRS: "EPSG:4544"}, code: "crs_contradiction", field: "geometry", value: "EPSG:4544", row: 2},
		{name: "unknown CRS", file: "a.csv", content: "name,x,y\n坪寨,104.7,27.1\n", req: Request{CRS: "EPSG:99999"}, code: "crs_unknown", value: "EPSG:99999"},
		{name: "unknown township", file: "a.csv", content: "name,township,lon,lat\n坪寨,520527999,104.7,27.1\n", code: "code_unknown", field: "township", value: "520527999", row: 2},
		{name: "unknown region", file: "a.csv", content: "name,lon,lat\n坪寨,104.7,27.1\n", req: Request{Region: "999999"}, code: "region_unknown", value: "999999"},
		{name: "GBK taken for UTF-8", file: "a.csv", content: gbk, req: Request{Encoding: "utf-8"}, code: "encoding_wrong", field: "#1", row: 1},
		{name: "poor more than all", file: "a.csv", content: "name,户数,贫困户,lon,lat\n坪寨,10,11,104.7,27.1\n", code: "value_part", field: "poor_households", value: "11", row: 2},
		{name: "more water in the dry season", layer: "water_project", file: "a.csv", content: "name,供水能力,枯水期供水能力,lon,lat\n水厂,10,10.5,104.7,27.1\n", code: "value_part", field: "dry_capacity_m3d", value: "10.5", row: 2},
		{name: "29 February 1900", file: "a.csv", content: "name,as_of,lon,lat\n坪寨,1900-02-29,104.7,27.1\n", code: "value_invalid", field: "as_of", value: "1900-02-29", row: 2},
		{name: "half a household", file: "a.csv", content: "name,户数,lon,lat\n坪寨,12.5,104.7,27.1\n", code: "value_invalid", field: "households", value: "12.5", row: 2},
		{name: "1e309 persons", file: "a.csv", content: "name,人数,lon,lat\n坪寨,1e309,104.7,27.1\n", code: "value_invalid", field: "persons", value: "1e309", row: 2},
		{name: "a telephone number of persons", file: "a.csv", content: "name,人数,lon,lat\n坪寨,13985671234,104.7,27.1\n", code: "value_range", field: "persons", value: "13985671234", row: 2},
		{name: "code twice", file: "a.csv", content: "code,name,lon,lat\nA,坪寨,104.7,27.1\nA,大坝,104.7,27.1\n", code: "code_twice", field: "code", value: "A", row: 3},
		{name: "lone quote", file: "a.csv", content: "name,lon,lat\n\"坪寨,104.7,27.1\n", code: "file_unreadable"},
		{name: "NUL", file: "a.csv", content: "name,lon,lat\n坪\x00寨,104.7,27.1\n", code: "value_control", field: "name", row: 2},
		{name: "too many columns", file: "a.csv", content: many, code: "file_too_large"},
		{name: "a line without end", file: "a.csv", content: "name,lon,lat\n" + strings.Repeat("x", maxLine+10), code: "file_too_large"},
		{name: "too long a value", file: "a.csv", content: "name,lon,lat\n" + strings.Repeat("x", maxValue+1) + ",104.7,27.1\n", code: "value_too_long", field: "name", row: 2},
		{name: "ragged", file: "a.csv", content: "name,lon,lat\n坪寨,104.7,27.1,9,9\n", code: "ragged_row", row: 2},
		{name: "empty", file: "a.csv", content: "", code: "file_empty"},
		{name: "head only", file: "a.csv", content: "name,lon,lat\n", code: "file_empty"},
		{name: "other format", file: "a.tif", content: "II*", code: "format_unknown", value: ".tif"},
		{name: "no place", file: "a.csv", content: "name,lon,lat\n坪寨,,\n", code: "place_missing", field: "geometry", row: 2},
		{name: "nine byte WKB", file: "a.csv", content: "name,wkt\n坪寨,0102000000FFFFFFFF\n", req: Request{CRS: "EPSG:4490"}, code: "geometry_unreadable", field: "geometry", row: 2},
		{name: "there and back", layer: "road", file: "a.csv", content: "name,wkt\n路,\"LINESTRING(104 27,104.001 27,104.002 27,104.001 27,104.001 27.01)\"\n", req: Request{CRS: "EPSG:4490"}, code: "line_runs_back", field: "geometry", value: "104.002000, 27.000000", row: 2},
		{name: "two part line", layer: "road", file: "a.csv", content: "name,wkt\n路,\"MULTILINESTRING((104 27,104.1 27),(104.2 27,104.3 27))\"\n", req: Request{CRS: "EPSG:4490"}, code: "geometry_parts", field: "geometry", value: "2", row: 2},
		{name: "polygon for a village", file: "a.csv", content: "name,wkt\n坪寨,\"POLYGON((104 27,105 27,105 28,104 27))\"\n", req: Request{CRS: "EPSG:4490"}, code: "geometry_type", field: "geometry", value: "Polygon", row: 2},
		{name: "billion laughs", file: "a.kml", content: `<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml><name>&b;</name></kml>`, code: "file_unreadable"},
		{name: "external entity", file: "a.kml", content: `<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><name>&a;</name></kml>`, code: "file_unreadable"},
		{name: "a GeoPackage that is none", file: "a.gpkg", content: "SQLite format 3\x00", code: "file_unreadable"},
		{name: "a zip that is none", file: "a.zip", content: "Rar!", code: "zip_refused"},
		{name: "a workbook that is none", file: "a.xlsx", content: "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", code: "file_unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := c.req
			if req.Layer = c.layer; req.Layer == "" {
				req.Layer = "village"
			}
			req.File = file(t, c.file, c.content)
			f := refused(t, hezhang(t), req, c.code)
			if f.File != c.file || f.Row != c.row || f.Field != c.field || c.value != "" && f.Value != c.value {
				t.Errorf("finding: %+v", f)
			}
		})
	}
}

// A Shapefile cut anywhere, or without a part, is refused.
func TestTruncatedShapefile(t *testing.T) {
	db := hezhang(t)
	source := strings.TrimSuffix(shared(t, "shp/gk/towns-epsg4544-gbk-cpg/towns.shp"), ".shp")
	for _, c := range []struct {
		part string
		keep int
		code string
	}{
		{".shp", 150, "file_unreadable"}, {".shp", 60, "file_unreadable"}, {".dbf", 10, ""}, {".shp", 0, "file_unreadable"},
		{".shx", -1, "part_missing"}, {".dbf", -1, "part_missing"}, {".prj", -1, "crs_missing"},
	} {
		dir := t.TempDir()
		for _, ext := range shapeParts {
			content, err := os.ReadFile(source + ext)
			if err != nil {
				t.Fatal(err)
			}
			if ext == c.part && c.keep >= 0 {
				content = content[:c.keep]
			}
			if ext == c.part && c.keep < 0 {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, "a"+ext), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := db.rows(t)
		res := importing(t, db, Request{Layer: "village", File: filepath.Join(dir, "a.shp")})
		if !res.Failed() || res.Stored || db.rows(t) != before {
			t.Errorf("%s cut to %d bytes: %s", c.part, c.keep, said(res))
		} else if c.code != "" {
			found(t, res, c.code)
		}
	}
}

// A recursive view that poses as a table hangs GDAL; it is refused in seconds.
func TestGeoPackageWithRecursiveView(t *testing.T) {
	db := hezhang(t)
	path := filepath.Join(t.TempDir(), "a.gpkg")
	ogr(t, "-f", "GPKG", path, shared(t, "vector/andorra-places.geojson"))
	for _, sql := range []string{
		"create view bad as with recursive c(fid, geom) as (select 1, x'00' union all select fid + 1, geom from c) select fid, geom from c",
		"insert into gpkg_contents (table_name, data_type, identifier, srs_id) values ('bad', 'features', 'bad', 4326)",
		"insert into gpkg_geometry_columns values ('bad', 'geom', 'POINT', 4326, 0, 0)",
	} {
		runTool(t, "ogrinfo", path, "-sql", sql)
	}
	from := time.Now()
	f := refused(t, db, Request{Layer: "village", File: path}, "not_plain_table")
	if f.Value != "bad" || time.Since(from) > schemaWall+10*time.Second {
		t.Errorf("%+v after %v", f, time.Since(from))
	}
}

func TestNotPlain(t *testing.T) {
	for _, c := range []struct {
		kind, name, sql string
		plain           bool
	}{
		{"table", "roads", "CREATE TABLE roads (fid INTEGER, geom LINESTRING)", true},
		{"table", "rtree_roads_geom", "CREATE VIRTUAL TABLE \"rtree_roads_geom\" USING rtree(id, minx)", true},
		{"table", "t", "CREATE VIRTUAL TABLE t USING fts5(x)", false},
		{"table", "t", "create   virtual\ttable t using csv(filename='/etc/passwd')", false},
		{"table", "t", "CREATE TABLE t (a, b GENERATED ALWAYS AS (a*2))", false},
		{"view", "v", "CREATE VIEW v AS SELECT 1", false},
		{"trigger", "rtree_roads_geom_insert", "CREATE TRIGGER", true},
		{"trigger", "mine", "CREATE TRIGGER", false},
	} {
		if got := notPlain(c.kind, c.name, c.sql) == ""; got != c.plain {
			t.Errorf("%s %s: plain %v", c.kind, c.name, got)
		}
	}
}

// zipOf makes a zip of names and contents.
func zipOf(t *testing.T, entries ...[2]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		part, err := w.Create(e[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(e[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file(t, "a.zip", out.String())
}

// towns gives the parts of a good Shapefile under a folder and a Chinese name,
// as people zip them.
func towns(t *testing.T, stem string) [][2]string {
	t.Helper()
	var out [][2]string
	for _, ext := range shapeParts {
		content, err := os.ReadFile(strings.TrimSuffix(shared(t, "shp/gk/towns-epsg4544-gbk-cpg/towns.shp"), ".shp") + ext)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, [2]string{stem + ext, string(content)})
	}
	return out
}

func TestZipOfAShapefile(t *testing.T) {
	db := hezhang(t)
	good := append(towns(t, "数据/乡镇"), [2]string{"说明.txt", "read me"}, [2]string{"__MACOSX/数据/._乡镇.shp", "x"})
	res := imported(t, db, Request{Layer: "village", File: zipOf(t, good...)})
	if res.Layers[0].Accepted != 27 {
		t.Errorf("%s", said(res))
	}
	bomb := strings.Repeat("\x00", 64<<20)
	many := make([][2]string, maxEntries+1)
	for i := range many {
		many[i] = [2]string{fmt.Sprintf("%d.txt", i), ""}
	}
	for _, c := range []struct {
		name    string
		entries [][2]string
		code    string
	}{
		{"bomb", [][2]string{{"a.shp", bomb}, {"a.shx", ""}, {"a.dbf", ""}}, "file_too_large"},
		{"a zip inside", append(towns(t, "a"), [2]string{"b.zip", "PK"}), "zip_refused"},
		{"up and out", append(towns(t, "a"), [2]string{"../../b.txt", ""}), "zip_refused"},
		{"absolute", append(towns(t, "a"), [2]string{"/etc/b.txt", ""}), "zip_refused"},
		{"drive", append(towns(t, "a"), [2]string{`C:\b.txt`, ""}), "zip_refused"},
		{"two shapes", append(towns(t, "a"), towns(t, "b")...), "zip_refused"},
		{"twice by case", append(towns(t, "a"), [2]string{"A.SHP", "x"}), "zip_refused"},
		{"no dbf", slices.DeleteFunc(towns(t, "a"), func(e [2]string) bool { return e[0] == "a.dbf" }), "part_missing"},
		{"no prj", slices.DeleteFunc(towns(t, "a"), func(e [2]string) bool { return e[0] == "a.prj" }), "crs_missing"},
		{"entries", many, "file_too_large"},
		{"nothing", nil, "part_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, hezhang(t), Request{Layer: "village", File: zipOf(t, c.entries...)}, c.code)
		})
	}
}

// A sheet with one cell at its far corner, and one of too many rows, are
// refused before they cost anything.
func TestHostileWorkbooks(t *testing.T) {
	sparse := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "name", "B1": "lon", "C1": "lat", "A2": "坪寨", "B2": "104.7", "C2": "27.1", "XFD1048576": "x"} {
		if err := sparse.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "sparse.xlsx")
	if err := sparse.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	from := time.Now()
	refused(t, hezhang(t), Request{Layer: "village", File: path}, "file_too_large")
	if d := time.Since(from); d > 10*time.Second {
		t.Errorf("the sparse sheet took %v", d)
	}
	rows := "<worksheet><sheetData>" + strings.Repeat("<row/>", 12<<20) + "</sheetData></worksheet>"
	huge := zipOf(t, [2]string{"xl/worksheets/sheet1.xml", rows})
	renamed := filepath.Join(t.TempDir(), "huge.xlsx")
	if err := os.Rename(huge, renamed); err != nil {
		t.Fatal(err)
	}
	refused(t, hezhang(t), Request{Layer: "village", File: renamed}, "file_too_large")
}

// The child is held to its limits, sees no network, no other driver and no
// files but its own.
func TestChildLimits(t *testing.T) {
	dir, remove, err := workDir()
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	var out bytes.Buffer
	gather := func(r io.Reader) error { _, err := io.Copy(&out, r); return err }
	if err := child(t.Context(), dir, "GPKG", []string{"sh", "-c", "id -u; ulimit -v; ulimit -t; echo $HOME; readlink /proc/self/ns/net"}, gather); err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(out.String())
	want := []string{fmt.Sprint(childMemory / 1024), fmt.Sprint(childCPU), dir}
	if len(lines) != 5 || lines[0] == "0" || !slices.Equal(lines[1:4], want) {
		t.Errorf("the child sees %v, want an own user and %v", lines, want)
	}
	if ours, err := os.Readlink("/proc/self/ns/net"); err == nil && lines[4] == ours {
		t.Log("this system gives the child no network namespace of its own")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	from := time.Now()
	if err := child(ctx, dir, "GPKG", []string{"sleep", "60"}, gather); err == nil || time.Since(from) > 10*time.Second {
		t.Errorf("a child over its time: %v after %v", err, time.Since(from))
	}
	if err := child(t.Context(), dir, "GPKG", []string{"sh", "-c", "head -c 3000000000 /dev/zero | tail -c 2900000000"}, gather); err == nil {
		t.Error("a child over its memory ended well")
	}
	for _, name := range otherDrivers("GPKG") {
		if name == "GPKG" || name == "CSV" {
			t.Errorf("%s would be forbidden", name)
		}
	}
	if !slices.Contains(otherDrivers("GPKG"), "OGR_VRT") || slices.Contains(otherDrivers("LIBKML"), "LIBKML") {
		t.Errorf("the allow-list of drivers: %v", otherDrivers("GPKG"))
	}
}

// A killed import leaves a directory, which the next one removes; one that
// still runs keeps its own.
func TestJanitor(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	live, remove, err := workDir()
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	dead := filepath.Join(os.TempDir(), workPrefix+"dead")
	if err := os.Mkdir(dead, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dead, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := Janitor()
	if err != nil || n != 1 {
		t.Errorf("removed %d, %v", n, err)
	}
	if _, err := os.Stat(live); err != nil {
		t.Errorf("the running import lost its directory: %v", err)
	}
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("the dead directory is still there: %v", err)
	}
}
