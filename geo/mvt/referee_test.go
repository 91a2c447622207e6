package mvt

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/mvttest"
)

// apart is how far, in units of a tile, what is drawn may lie from what PostGIS
// makes of the same thing: one unit for straightening, and less than three
// quarters, half a diagonal, for rounding on either side.
const apart = 2.5

// clipped is what PostGIS draws of a geometry in a tile, against what we do: how
// far either of the lines goes away from the other, looked at every second unit
// and not on the last few of the buffer, where who is cut lies apart by as much
// as the line is aslant; what of areas only one of them covers, and the perimeter.
const clipped = `with theirs as (select ST_SetSRID(ST_AsMVTGeom(ST_Transform(ST_SetSRID($1::bytea::geometry, 4326), 3857), ST_TileEnvelope($2, $3, $4), 4096, 64, true), 0) g),
ours as (select ST_GeomFromWKB($5) g),
places as (select (ST_DumpPoints(ST_Segmentize(a.g, 2))).geom p, b.g other from theirs a, ours b union all
  select (ST_DumpPoints(ST_Segmentize(b.g, 2))).geom, a.g from theirs a, ours b)
select coalesce(ST_AsBinary(theirs.g), ''),
  coalesce((select max(ST_Distance(p, other)) from places where ST_X(p) between -60 and 4156 and ST_Y(p) between -60 and 4156), 0),
  coalesce(ST_Area(ST_SymDifference(ST_MakeValid(theirs.g), ST_MakeValid(ours.g))), 0), coalesce(ST_Perimeter(theirs.g), 0)
from theirs, ours`

// A tile shows what PostGIS, which shares no code with us, clips to it.
func TestTileIsWhatPostGISClips(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), clustertest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	r := rand.New(rand.NewPCG(11, 12))
	compared := map[string]int{}
	for i := range 400 {
		tile := geo.TileAt(orb.Point{104 + r.Float64(), 26 + r.Float64()}, uint32(4+r.IntN(14)))
		g := drawnNear(r, tile)
		ours := read(t, Encode([]Drawn{{"x", []*Feature{Prepare(1, g, nil)}}}, tile, Options{Buffer: 64, Detail: int(tile.Z)}))
		var raw []byte
		var off, area, perimeter float64
		err := conn.QueryRow(t.Context(), clipped, wkb.MustMarshal(g), int(tile.Z), int(tile.X), int(tile.Y), wkb.MustMarshal(ours)).Scan(&raw, &off, &area, &perimeter)
		if err != nil {
			t.Fatalf("%v of %v", err, g)
		}
		theirs := orb.Geometry(orb.Collection{})
		if len(raw) > 0 {
			if theirs, err = wkb.Unmarshal(raw); err != nil {
				t.Fatal(err)
			}
		}
		switch empty := nothing(ours); {
		case empty || nothing(theirs):
			if one := both(ours, theirs); !slight(one) {
				t.Errorf("case %d, %v in %v: only one of us draws %v (ours is empty: %v)", i, g, tile, one, empty)
			}
			continue
		case g.GeoJSONType() == "Polygon" && area > apart*perimeter:
			t.Errorf("case %d, %v in %v: %v square units are covered by one only, round %v", i, g, tile, area, perimeter)
		case g.GeoJSONType() != "Polygon" && off > apart && !spiked(ours):
			t.Errorf("%v units apart: case %d, %v in %v\nours   %v\ntheirs %v", off, i, g, tile, ours, theirs)
		}
		compared[g.GeoJSONType()]++
	}
	for _, kind := range []string{"Point", "LineString", "Polygon"} {
		if compared[kind] < 40 {
			t.Errorf("%d of kind %s were compared", compared[kind], kind)
		}
	}
}

// drawnNear draws a point, a wandering line or a star round the middle of a tile.
func drawnNear(r *rand.Rand, tile geo.Tile) orb.Geometry {
	b := tile.Bound()
	side := orb.Point{b.Max[0] - b.Min[0], b.Max[1] - b.Min[1]}
	at := orb.Point{b.Min[0] + side[0]*(r.Float64()*1.2-0.1), b.Min[1] + side[1]*(r.Float64()*1.2-0.1)}
	stride := math.Pow(10, -3*r.Float64())
	switch r.IntN(3) {
	case 0:
		return at
	case 1:
		line := orb.LineString{at}
		for range 1 + r.IntN(60) {
			at = orb.Point{at[0] + stride*side[0]*r.NormFloat64()*0.3, at[1] + stride*side[1]*r.NormFloat64()*0.3}
			line = append(line, at)
		}
		return line
	}
	n := 3 + r.IntN(30)
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		far := stride * (0.3 + r.Float64())
		ring = append(ring, orb.Point{at[0] + cos*far*side[0], at[1] + sin*far*side[1]})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// read gives the geometry of the one feature of a tile, in its units.
func read(t *testing.T, tile []byte) orb.Geometry {
	t.Helper()
	features := mvttest.Decode(t, tile).Features("x")
	if len(features) == 0 {
		return orb.Collection{}
	}
	point := func(c mvttest.Cell) orb.Point { return orb.Point{float64(c.X), float64(c.Y)} }
	lines := orb.MultiLineString{}
	for _, part := range features[0].Parts {
		line := orb.LineString{}
		for _, c := range part {
			line = append(line, point(c))
		}
		lines = append(lines, line)
	}
	switch features[0].Kind {
	case mvttest.KindPoint:
		return lines[0][0]
	case mvttest.KindPolygon:
		return orb.Polygon{orb.Ring(append(lines[0], lines[0][0]))}
	}
	return lines
}

func nothing(g orb.Geometry) bool {
	c, is := g.(orb.Collection)
	return is && len(c) == 0 || g == nil
}

// both is the one that is something.
func both(a, b orb.Geometry) orb.Geometry {
	if nothing(a) {
		return b
	}
	return a
}

// slight says whether a geometry is as good as nothing: smaller than what rounding
// moves, or no more than a touch of the border of the buffer.
func slight(g orb.Geometry) bool {
	if nothing(g) {
		return true
	}
	b := g.Bound()
	width, height := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	const low, high = -64 + apart, 4096 + 64 - apart
	border := b.Max[0] <= low || b.Max[1] <= low || b.Min[0] >= high || b.Min[1] >= high
	return math.Min(width, height) <= apart && math.Max(width, height) <= 2*apart || border
}

// spiked says whether a line goes somewhere and straight back, which PostGIS
// leaves out: it straightens between two equal points.
func spiked(g orb.Geometry) bool {
	lines, _ := g.(orb.MultiLineString)
	for _, line := range lines {
		for i := 2; i < len(line); i++ {
			if line[i] == line[i-2] {
				return true
			}
		}
	}
	return false
}
