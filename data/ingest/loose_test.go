package ingest

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func readPoints(t testing.TB, path string) ([]Point, *Result) {
	t.Helper()
	points, result, err := ReadPoints(t.Context(), Request{File: path})
	if err != nil {
		t.Fatal(err)
	}
	return points, result
}

func TestReadPoints(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("编号,经度,纬度,村名\n赫章县城关镇,105.1,27.2,城关\n水塘堡乡一,105.25,27.3,水塘\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain": "id,lon,lat\n赫章县城关镇,105.1,27.2\n水塘堡乡一,105.25,27.3\n", "bom": "\uFEFFid;lat;lon\r\n赫章县城关镇;27.2;105.1\r\n水塘堡乡一;27.3;105.25\r\n",
		"gb18030": gb, "wide": "id,lon,lat\n赫章县城关镇,１０５.1,27.2\n水塘堡乡一,105.25,27.3", "wkt": "id,wkt\n赫章县城关镇,POINT(105.1 27.2)\n水塘堡乡一,POINT (105.25 27.3)\n",
		"quoted": "lat,id,lon\n27.2,\"赫章县城关镇\",105.1\n\n27.3,水塘堡乡一,105.25\n",
	} {
		points, result := readPoints(t, file(t, name+".csv", text))
		if result.Failed() || len(points) != 2 || points[0].ID != "赫章县城关镇" || points[0].At != [2]float64{105.1, 27.2} || points[1].At != [2]float64{105.25, 27.3} {
			t.Errorf("%s: %v %s", name, points, said(result))
		}
	}
}

// What is wrong is named by file, row, field and value, with the mend.
func TestReadPointsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"id,lon,lat\na,105,27\na,106,28\n":              "row 3 id: error: id a stands twice",
		"id,lon,lat\na,105,27\nb,1o6,28\n":              "row 3 lon: error: lon 1o6 is not a number",
		"id,lon,lat\na,105,\n":                          "row 2 lat: error: lat is empty",
		"id,lon,lat\na,,\n":                             "row 2 geometry: error: the row has no place",
		"id,lon,lat\na,27,105\n":                        "row 2 lon, lat: error: 27 105 is no longitude",
		"id,lon,lat\na,NaN,27\n":                        "row 2 lon: error: lon NaN is not a number",
		"id,lon,lat\n,105,27\n":                         "row 2 id: error: id is empty",
		"id,lon\na,105\n":                               "lat: error: no column for lat",
		"name,lon,lat\na,105,27\n":                      "id: error: no column for id; the columns are: name, lon, lat",
		"id,lon,lat\n":                                  "error: the file holds no rows",
		"":                                              "error: the file holds no rows",
		"id,lon,lat\na,105,27,8,9\n":                    "row 2: error: the row has 5 cells, the head 3",
		"id,wkt\na,\"LINESTRING(1 2,3 4)\"\n":           "row 2 geometry: error: LineString is not what this layer holds",
		"id,wkt\na,POINT(1)\n":                          "row 2 geometry: error: the geometry cannot be read",
		"id,wkt\na,POINT EMPTY\n":                       "row 2 geometry: error",
		"id,lon,lat\na,105,27\n\"b,105,27\n":            "error: the file cannot be read",
		"id,lon,lat\na,\x00,27\n":                       "row 2 lon",
		"id,lon,lat\na,1e999,27\nb,0x10,27\nc,1_0,27\n": "row 4 lon: error: lon 1_0 is not a number",
	} {
		points, result := readPoints(t, file(t, "p.csv", text))
		if !result.Failed() || !strings.Contains(said(result), want) || !strings.Contains(said(result), "p.csv") {
			t.Errorf("%q: %v, want %q in\n%s", text, points, want, said(result))
		}
	}
	if _, _, err := ReadPoints(t.Context(), Request{File: "/nowhere/a.csv"}); err == nil || !strings.Contains(err.Error(), "a.csv") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestReadPopulation(t *testing.T) {
	rows, result, err := ReadPopulation(t.Context(), Request{File: file(t, "v.csv", "id,村名,lon,lat,总人口,户数,类型\n1,水塘,105.1,27.2,\"1,200\",30户,自然村\n2,,105.2,27.3,,,\n")})
	if err != nil || result.Failed() || len(rows) != 2 {
		t.Fatalf("%v %v %s", rows, err, said(result))
	}
	if a := rows[0]; a.Name != "水塘" || *a.Persons != 1200 || *a.Households != 30 || a.Kind != "hamlet" {
		t.Errorf("first row: %+v", a)
	}
	if b := rows[1]; b.Name != "2" || b.Persons != nil || b.Households != nil || b.Kind != "" {
		t.Errorf("what is not known is not zero: %+v", b)
	}
	for text, want := range map[string]string{
		"id,lon,lat,persons\n1,105,27,-5\n": "row 2 persons", "id,lon,lat,persons\n1,105,27,12.5\n": "row 2 persons", "id,lon,lat,persons\n1,105,27,99999999999\n": "row 2 persons",
	} {
		if _, result, err := ReadPopulation(t.Context(), Request{File: file(t, "v.csv", text)}); err != nil || !strings.Contains(said(result), want) {
			t.Errorf("%q: %v %s", text, err, said(result))
		}
	}
}

func TestReadPlanned(t *testing.T) {
	collection := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"id":"p1","name":"一号路","cost":"120万元","class":"class4"},"geometry":{"type":"LineString","coordinates":[[1.5,42.5],[1.51,42.51]]}},
		{"type":"Feature","properties":{"name":"二号路","cost":null},"geometry":{"type":"MultiLineString","coordinates":[[[1.5,42.5],[1.52,42.51]]]}}]}`
	geojson := file(t, "planned.geojson", collection)
	check := func(path string) {
		t.Helper()
		roads, result, err := ReadPlanned(t.Context(), Request{File: path})
		if err != nil || result.Failed() || len(roads) != 2 {
			t.Fatalf("%s: %v %v %s", path, roads, err, said(result))
		}
		if a := roads[0]; a.ID != "p1" || a.Name != "一号路" || a.CostFen == nil || *a.CostFen != 120_000_000 || a.Class != "class4" {
			t.Errorf("%s: %+v", path, a)
		}
		if b := roads[1]; b.CostFen != nil || !strings.HasPrefix(b.ID, "row ") {
			t.Errorf("%s: %+v", path, b)
		}
		if p := roads[0].Line[1]; math.Abs(p[0]-1.51) > 1e-7 || math.Abs(p[1]-42.51) > 1e-7 {
			t.Errorf("%s: the line ends at %v", path, p)
		}
	}
	check(geojson)
	check(file(t, "planned.csv", "id,name,cost,class,wkt\np1,一号路,120万元,四级,\"LINESTRING(1.5 42.5,1.51 42.51)\"\n,二号路,,,\"LINESTRING(1.5 42.5,1.52 42.51)\"\n"))
	if _, err := exec.LookPath("ogr2ogr"); err != nil && os.Getenv("QIANTU_SHARED") == "" {
		t.Skip("GDAL is not installed")
	}
	for _, name := range []string{"utm.gpkg", "utm.shp"} { // in another reference, with heights
		path := filepath.Join(t.TempDir(), name)
		runTool(t, "ogr2ogr", "-t_srs", "EPSG:25831", "-dim", "XYZ", "-nlt", "LINESTRING", "-explodecollections", "-lco", "ENCODING=UTF-8", path, geojson)
		check(path)
	}
}

func TestReadPlannedRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"id,wkt\na,\"LINESTRING(1 2)\"\n":                      "row 2 geometry: error",
		"id,wkt\na,\"LINESTRING(1 2,1 2)\"\n":                  "a line needs two different positions",
		"id,wkt\na,\"MULTILINESTRING((1 2,3 4),(5 6,7 8))\"\n": "row 2 geometry: error: the line has 2 parts",
		"id,wkt\na,\"LINESTRING(1 2,300 4)\"\n":                "row 2 geometry: error: 300 4 is no longitude",
		"id,cost,wkt\na,-5,\"LINESTRING(1 2,3 4)\"\n":          "row 2 cost",
		"id,cost,wkt\na,much,\"LINESTRING(1 2,3 4)\"\n":        "row 2 cost: error: cost much is not an amount of money",
		"id,cost\na,5\n": "geometry: error: no column for geometry",
		"id,wkt\na,\"LINESTRING(1 2,3 4)\"\na,\"LINESTRING(1 2,3 4)\"\n":                   "row 3 id: error: id a stands twice",
		"id,class,wkt\na,goat path,\"LINESTRING(1 2,3 4)\"\n":                              "row 2 class",
		"id,wkt\na,\"GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(GEOMETRYCOLLECTION EMPTY))\"\n": "row 2 geometry",
	} {
		if roads, result, err := ReadPlanned(t.Context(), Request{File: file(t, "r.csv", text)}); err != nil || !result.Failed() || !strings.Contains(said(result), want) {
			t.Errorf("%q: %v %v, want %q in\n%s", text, roads, err, want, said(result))
		}
	}
}

// Whatever stands in a table, it is read or refused, never a panic, and what is read lies on the earth.
func FuzzReadPoints(f *testing.F) {
	for _, s := range []string{"id,lon,lat\na,1,2\n", "id,wkt\na,POINT(1 2)\n", "id,wkt\na,\"POLYGON((1 2,3 4,5 6,1 2))\"", "编号;经度;纬度\n一;105;27", "id,lon,lat\n\"a", "\xff\xfei\x00d\x00"} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "p.csv")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		points, result, err := ReadPoints(t.Context(), Request{File: path})
		if err != nil || result.Failed() {
			return
		}
		seen := map[string]bool{}
		for _, p := range points {
			if !onEarth(p.At) || p.ID == "" || seen[p.ID] {
				t.Fatalf("%q gave %v", text, p)
			}
			seen[p.ID] = true
		}
	})
}
