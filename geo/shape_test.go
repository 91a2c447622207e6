package geo_test

import (
	"math"
	"math/rand"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/qiantu/qiantu/geo"
)

// blobs draws some polygons with holes in one small part of the earth.
func blobs(r *rand.Rand) orb.MultiPolygon {
	ring := func(at orb.Point, size float64, n int) orb.Ring {
		out := make(orb.Ring, n+1)
		for i := range n {
			angle, far := 2*math.Pi*float64(i)/float64(n), size*(0.6+0.4*r.Float64())
			out[i] = orb.Point{at[0] + far*math.Cos(angle), at[1] + far*math.Sin(angle)}
		}
		out[n] = out[0]
		return out
	}
	var out orb.MultiPolygon
	for i := range 1 + r.Intn(3) {
		at := orb.Point{104 + 0.3*float64(i) + 0.05*r.Float64(), 27 + 0.05*r.Float64()}
		polygon := orb.Polygon{ring(at, 0.1, 3+r.Intn(40))}
		if r.Intn(2) == 0 {
			polygon = append(polygon, ring(at, 0.02, 3+r.Intn(9)))
		}
		out = append(out, polygon)
	}
	return out
}

func wander(r *rand.Rand, n int) orb.LineString {
	out := orb.LineString{{103.9 + 0.3*r.Float64(), 26.95 + 0.15*r.Float64()}}
	for range n {
		p := out[len(out)-1]
		out = append(out, orb.Point{p[0] + 0.1*(r.Float64()-0.4), p[1] + 0.1*(r.Float64()-0.5)})
	}
	return out
}

// PostGIS is the referee of what lies inside, and of how much of a line does.
func TestShapeAgreesWithPostGIS(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	var polygons, lines, points []string
	var shapes []orb.MultiPolygon
	var walks []orb.LineString
	for range 300 {
		shape, line := blobs(r), wander(r, 1+r.Intn(12))
		shapes, walks = append(shapes, shape), append(walks, line)
		polygons, lines, points = append(polygons, wkt.MarshalString(shape)), append(lines, wkt.MarshalString(line)), append(points, wkt.MarshalString(line[0]))
	}
	inside := referee(t, `select st_contains(st_geomfromtext(a), st_geomfromtext(b))::int::float8 from unnest($1::text[], $2::text[]) with ordinality u(a, b, n) order by n`, polygons, points)
	length := referee(t, `select st_length(st_setsrid(st_intersection(st_geomfromtext(a), st_geomfromtext(b)), 4490)::geography) from unnest($1::text[], $2::text[]) with ordinality u(a, b, n) order by n`, polygons, lines)
	some := 0
	for i := range shapes {
		s := geo.NewShape(shapes[i])
		if got := s.Contains(walks[i][0]); got != (inside[i] == 1) {
			t.Errorf("%d: %v in %s: %v", i, walks[i][0], polygons[i], got)
		}
		metres, pieces := 0.0, 0
		for _, part := range s.Clip(walks[i]) {
			metres += float64(geo.Length(part)) / 1000
			pieces += len(part)
		}
		if math.Abs(metres-length[i]) > pieceTolerance*float64(pieces+2) {
			t.Errorf("%d: %.4f m of %s lie in %s, PostGIS %.4f", i, metres, lines[i], polygons[i], length[i])
		}
		if metres > 0 {
			some++
		}
	}
	if some < 100 {
		t.Errorf("only %d of %d lines meet their shape", some, len(shapes))
	}
}

// The parts inside and outside make the line.
func TestSplitLosesNothing(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for range 200 {
		shape, line := blobs(r), wander(r, 8)
		s := geo.NewShape(shape)
		inside, outside := s.Split(line)
		sum := 0.0
		for k, parts := range [][]orb.LineString{inside, outside} {
			for _, part := range parts {
				sum += float64(geo.Length(part))
				middle := orb.Point{(part[0][0] + part[1][0]) / 2, (part[0][1] + part[1][1]) / 2}
				if s.Contains(middle) != (k == 0) {
					t.Fatalf("%v of %s is on the wrong side of %s", part, wkt.MarshalString(line), wkt.MarshalString(shape))
				}
			}
		}
		if whole := float64(geo.Length(line)); math.Abs(sum-whole) > 30 {
			t.Fatalf("%v of %v mm in %s and outside", sum, whole, wkt.MarshalString(shape))
		}
	}
}

func TestShapeOfNothing(t *testing.T) {
	line := orb.LineString{{0, 0}, {1, 1}}
	for _, shape := range []orb.MultiPolygon{nil, {{}}, {{{}}}, {{{{0.5, 0.5}}}}, {{{{0, 0}, {1, 1}}}}, {{{{0, 0.5}, {1, 0.5}, {2, 0.5}}}}} {
		s := geo.NewShape(shape)
		if s.Contains(orb.Point{0.5, 0.5}) || s.Clip(line) != nil {
			t.Errorf("%v holds something", shape)
		}
	}
	square := geo.NewShape(orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}})
	if got := square.Clip(orb.LineString{{-1, 0.5}, {0.5, 0.5}, {2, 0.5}}); len(got) != 1 || len(got[0]) != 3 || got[0][0] != (orb.Point{0, 0.5}) || got[0][2] != (orb.Point{1, 0.5}) {
		t.Errorf("a line through a square: %v", got)
	}
}
