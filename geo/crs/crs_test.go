package crs_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/crs"
	"pgregory.net/rapid"
)

func Example() {
	zone, err := crs.ZoneOf(104.72)
	fmt.Println(zone.EPSG, zone.EPSGPrefixed, err)
	shifted := crs.ToGCJ02(orb.Point{104.72, 27.115})
	fmt.Printf("%.0f m\n", geo.Distance(orb.Point{104.72, 27.115}, shifted))
	// Output:
	// 4544 4523 <nil>
	// 459 m
}

// table reads a file of the shared data as rows by column name.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../../shared"
	}
	if _, err := os.Stat(root); err != nil {
		if set {
			t.Fatalf("QIANTU_SHARED: %v", err)
		}
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	f, err := os.Open(filepath.Join(root, "data", "crs", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, column := range rows[0] {
			named[column] = row[i]
		}
		out = append(out, named)
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func point(t *testing.T, row map[string]string, lon, lat string) orb.Point {
	t.Helper()
	return orb.Point{number(t, row[lon]), number(t, row[lat])}
}

func TestPublicFormula(t *testing.T) {
	rows := table(t, "gcj02-eviltransform.csv")
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	for _, row := range rows {
		got, want := crs.ToGCJ02(point(t, row, "wgs84_lon", "wgs84_lat")), point(t, row, "gcj02_lon", "gcj02_lat")
		if math.Abs(got[0]-want[0]) > 1e-12 || math.Abs(got[1]-want[1]) > 1e-12 {
			t.Errorf("%s: %v, want %v", row["place"], got, want)
		}
	}
}

// The tolerances are those at which the public formula agrees with the cities'
// coordinates.
func TestCities(t *testing.T) {
	rows := table(t, "gcj02-cities-dev.csv")
	if len(rows) != 332 {
		t.Fatalf("%d rows, want 332", len(rows))
	}
	for _, row := range rows {
		wgs := point(t, row, "wgs84_lon", "wgs84_lat")
		gcj := point(t, row, "gcj02_lon", "gcj02_lat")
		bd := point(t, row, "bd09_lon", "bd09_lat")
		for _, c := range []struct {
			what      string
			got, want orb.Point
			metres    float64
		}{
			{"to GCJ-02", crs.ToGCJ02(wgs), gcj, 0.72},
			{"GCJ-02 to BD-09", crs.GCJ02ToBD09(gcj), bd, 0.02},
			{"from GCJ-02", crs.FromGCJ02(gcj), wgs, 1},
			{"from BD-09", crs.FromBD09(bd), wgs, 1},
			{"to BD-09", crs.ToBD09(wgs), bd, 0.75},
		} {
			if d := geo.Distance(c.got, c.want); d > c.metres {
				t.Errorf("%s %s: %.3f m off", row["name"], c.what, d)
			}
		}
	}
}

func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(73, 137).Draw(t, "lon"), rapid.Float64Range(2, 55).Draw(t, "lat")}
		if d := geo.Distance(crs.FromGCJ02(crs.ToGCJ02(p)), p); d > 1e-6 {
			t.Fatalf("GCJ-02 and back is %v m off", d)
		}
		if d := geo.Distance(crs.FromBD09(crs.ToBD09(p)), p); d > 1e-6 {
			t.Fatalf("BD-09 and back is %v m off", d)
		}
	})
}

func TestOutsideChinaNothingMoves(t *testing.T) {
	for _, p := range []orb.Point{{1.52, 42.5}, {-75, 40}, {math.NaN(), 27}} {
		for _, convert := range []func(orb.Point) orb.Point{crs.ToGCJ02, crs.FromGCJ02, crs.ToBD09, crs.FromBD09} {
			if q := convert(p); q != p && !math.IsNaN(p[0]) {
				t.Errorf("%v became %v", p, q)
			}
		}
	}
}

func TestGeometry(t *testing.T) {
	convert, ok := crs.From("gcj02")
	if !ok {
		t.Fatal("gcj02 is not known")
	}
	if _, ok := crs.From("EPSG:4490"); ok {
		t.Error("EPSG:4490 is an offset")
	}
	line := orb.LineString{{104.7, 27.1}, {104.8, 27.2}}
	got := crs.Geometry(line, convert).(orb.LineString)
	if line[0] != (orb.Point{104.7, 27.1}) || got[1] != crs.FromGCJ02(line[1]) {
		t.Errorf("%v became %v", line, got)
	}
	for _, g := range orb.AllGeometries {
		if out := crs.Geometry(g, convert); out != nil && out.GeoJSONType() != g.GeoJSONType() {
			t.Errorf("%T became %T", g, out)
		}
	}
}

func TestZones(t *testing.T) {
	for lon, want := range map[float64]crs.Zone{
		104.72: {35, 105, 4544, 4523}, 107.5: {36, 108, 4545, 4524}, 102: {34, 102, 4543, 4522}, 111.9: {37, 111, 4546, 4525},
		103.5: {35, 105, 4544, 4523}, 73.5: {25, 75, 4534, 4513}, 136.49: {45, 135, 4554, 4533},
	} {
		if got, err := crs.ZoneOf(lon); err != nil || got != want {
			t.Errorf("%v: %+v, %v; want %+v", lon, got, err, want)
		}
	}
	for _, lon := range []float64{73.4, 136.5, -105, 472323, math.NaN()} {
		if got, err := crs.ZoneOf(lon); err == nil {
			t.Errorf("%v: %+v, want an error", lon, got)
		}
	}
}

// PROJ gave eastings near 500 km for these systems, so a point's own zone is
// the one of its row, unless the row stands on the edge or in a neighbour.
func TestZonesOfProjectedPoints(t *testing.T) {
	checked := 0
	for _, row := range table(t, "gk-cgcs2000-dev.csv") {
		epsg, east := int(number(t, row["epsg"])), number(t, row["easting_m"])
		zone, err := crs.ZoneOf(number(t, row["lon_cgcs2000"]))
		if err != nil {
			t.Fatal(err)
		}
		own := math.Abs(math.Mod(east, 1e6)-500_000) < 120_000
		if own && (epsg >= 4534 && epsg <= 4554 && epsg != zone.EPSG || epsg >= 4513 && epsg <= 4533 && epsg != zone.EPSGPrefixed) {
			t.Errorf("%v is %+v, the row says EPSG:%d", row, zone, epsg)
		}
		if own {
			checked++
		}
	}
	if checked < 10 {
		t.Errorf("only %d rows checked", checked)
	}
}
