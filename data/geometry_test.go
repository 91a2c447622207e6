package data

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

func geometries() *rapid.Generator[orb.Geometry] {
	coordinate := rapid.Float64Range(-180, 180)
	point := rapid.Custom(func(t *rapid.T) orb.Point { return orb.Point{coordinate.Draw(t, "x"), coordinate.Draw(t, "y")} })
	points := rapid.SliceOfN(point, 1, 5)
	ring := rapid.Custom(func(t *rapid.T) orb.Ring { return points.Draw(t, "ring") })
	polygon := rapid.Custom(func(t *rapid.T) orb.Polygon { return rapid.SliceOfN(ring, 1, 3).Draw(t, "polygon") })
	line := rapid.Custom(func(t *rapid.T) orb.LineString { return points.Draw(t, "line") })
	return rapid.OneOf(
		rapid.Map(point, func(p orb.Point) orb.Geometry { return p }),
		rapid.Map(points, func(p []orb.Point) orb.Geometry { return orb.MultiPoint(p) }),
		rapid.Map(line, func(l orb.LineString) orb.Geometry { return l }),
		rapid.Map(rapid.SliceOfN(line, 1, 3), func(l []orb.LineString) orb.Geometry { return orb.MultiLineString(l) }),
		rapid.Map(polygon, func(p orb.Polygon) orb.Geometry { return p }),
		rapid.Map(rapid.SliceOfN(polygon, 1, 3), func(p []orb.Polygon) orb.Geometry { return orb.MultiPolygon(p) }),
	)
}

func TestGeometryGoesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := geometries().Draw(t, "geometry")
		there, err := toGeom(want)
		if err != nil {
			t.Fatal(err)
		}
		if there.SRID() != srid || there.Layout() != geom.XY {
			t.Fatalf("it goes as SRID %d, layout %v", there.SRID(), there.Layout())
		}
		back, err := fromGeom(there)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, back); diff != "" {
			t.Fatalf("-went +came:\n%s", diff)
		}
	})
}

func TestOnlyWhatTheMapDrawsIsStored(t *testing.T) {
	for _, g := range orb.AllGeometries {
		_, err := toGeom(g)
		switch g.(type) {
		case nil, orb.Ring, orb.Collection, orb.Bound:
			if err == nil {
				t.Errorf("%T is taken", g)
			}
		default:
			if err != nil {
				t.Errorf("%T: %v", g, err)
			}
		}
	}
}

// A third coordinate must not come through as a mixed-up line.
func TestTheDatabasesOtherLayoutsAreRefused(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, clustertest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := registerGeometry(ctx, conn); err != nil {
		t.Fatal(err)
	}
	for wkt, want := range map[string]string{
		"POINT Z (1 2 3)":                              "XYZ",
		"LINESTRING Z (1 2 3, 4 5 6)":                  "XYZ",
		"LINESTRING M (1 2 3, 4 5 6)":                  "XYM",
		"LINESTRING ZM (1 2 3 4, 4 5 6 7)":             "XYZM",
		"MULTIPOLYGON Z (((1 1 1,2 1 1,2 2 1,1 1 1)))": "XYZ",
		"GEOMETRYCOLLECTION (POINT (1 2))":             "cannot draw",
		"POINT EMPTY":                                  "empty point",
	} {
		var g orb.Geometry
		err := conn.QueryRow(ctx, "select ST_GeomFromText($1, 4490)", wkt).Scan(into[orb.Geometry]{&g})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, %v", wkt, g, err)
		}
	}
	var p orb.Point
	if err := conn.QueryRow(ctx, "select ST_GeomFromText('POINT(1 2)', 4326)").Scan(into[orb.Point]{&p}); err == nil {
		t.Error("another SRID comes through")
	}
	if err := conn.QueryRow(ctx, "select ST_GeomFromText('LINESTRING(1 2,3 4)', 4490)").Scan(into[orb.Point]{&p}); err == nil {
		t.Error("a line comes through as a point")
	}
	seat := &p
	if err := conn.QueryRow(ctx, "select null::geometry").Scan(intoPoint{&seat}); err != nil || seat != nil {
		t.Errorf("null gives %v, %v", seat, err)
	}
}

// The border is one file.
func TestOnlyTheBorderKnowsGoGeom(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file != "geometry.go" && file != "geometry_test.go" && strings.Contains(string(code), `"github.com/twpayne/`) {
			t.Errorf("%s imports go-geom; only geometry.go may", file)
		}
	}
}
