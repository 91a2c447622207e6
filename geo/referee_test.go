package geo_test

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo"
)

// PostGIS geography of SRID 4490 is the referee of our measures. Tolerances,
// and why there are any:
//
//   - distance between points: 1 mm, from PostGIS taking points closer than a
//     few hundredths of a millimetre as one;
//   - length: half a millimetre for each piece, since ours rounds each;
//   - area: a thousand-millionth of it, or a square centimetre for each side,
//     whose share of the earth to the equator is summed in floating point;
//   - point to line: PostGIS looks for the foot on a sphere, where the pieces
//     are great circles, and measures to that foot on the ellipsoid. Its foot
//     lies off by up to 0.7 % of the distance, so it measures too much by up to
//     2.5e-5 of it, and where two pieces are nearly as near it may take the
//     wrong one, and measure up to 0.7 % too much; and a great circle leaves a geodesic of length L by up to
//     f·L²/8R, 6 cm on 30 km, to either side. That ours is the least distance
//     is shown without a referee (TestFootIsNearest).

const (
	pointTolerance = 0.001
	pieceTolerance = 0.0005
	areaRelative   = 1e-9
	areaPerSide    = 1e-4
	footRelative   = 2.5e-5
	pieceRelative  = 0.0068
	wrongPieces    = 0.02 // of all
)

// referee asks PostGIS for one number for each pair of geometries.
func referee(t *testing.T, sql string, args ...any) []float64 {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, clustertest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[float64])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	distanceSQL = `SELECT ST_Distance(ST_GeogFromText('SRID=4490;' || a), ST_GeogFromText('SRID=4490;' || b), true)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS pair (a, b, n) ORDER BY n`
	lengthSQL = `SELECT ST_Length(ST_GeogFromText('SRID=4490;' || a), true) FROM unnest($1::text[]) WITH ORDINALITY AS one (a, n) ORDER BY n`
	areaSQL   = `SELECT ST_Area(ST_GeogFromText('SRID=4490;' || a), true) FROM unnest($1::text[]) WITH ORDINALITY AS one (a, n) ORDER BY n`
)

func texts[G orb.Geometry](geometries []G) []string {
	out := make([]string, len(geometries))
	for i, g := range geometries {
		out[i] = wkt.MarshalString(g)
	}
	return out
}

// world draws points over the whole earth.
func world(r *rand.Rand) orb.Point {
	return orb.Point{r.Float64()*360 - 180, math.Asin(2*r.Float64()-1) * 180 / math.Pi}
}

// extremes are places where formulas fail.
var extremes = []orb.Point{
	{0, 0}, {180, 0}, {-180, 0}, {179.9999999, 0}, {-179.5, 0.5}, {90, 0}, {0, 90}, {120, 90}, {0, -90}, {0, 89.9999999},
	{105, 27}, {105, 27.0000001}, {-75, -27}, {104.999, 27.001}, {104.720868, 27.115413}, {1e-9, 1e-9}, {0.5, -0.3}, {179.7, 0.4},
}

func TestRefereeDistance(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var a, b []orb.Point
	for _, p := range extremes {
		for _, q := range extremes {
			a, b = append(a, p), append(b, q)
		}
	}
	for range 2000 {
		p := world(r)
		far := math.Pow(10, r.Float64()*9-2) // a centimetre to ten thousand kilometres
		a, b = append(a, p), append(b, geo.Destination(p, r.Float64()*360, far))
		a, b = append(a, p), append(b, orb.Point{p[0] + 180 + r.NormFloat64()/3, -p[1] + r.NormFloat64()/3}) // near the antipodes
	}
	keepOnEarth(b)
	for i, want := range referee(t, distanceSQL, texts(a), texts(b)) {
		if got := geo.Distance(a[i], b[i]); !(math.Abs(got-want) <= pointTolerance) {
			t.Errorf("%v to %v: %.6f m, PostGIS %.6f", a[i], b[i], got, want)
		}
	}
}

// keepOnEarth brings coordinates into the range that PostGIS takes.
func keepOnEarth(points []orb.Point) {
	for i, p := range points {
		points[i] = orb.Point{math.Remainder(p[0], 360), math.Max(-90, math.Min(90, p[1]))}
	}
}

// track draws a winding line with pieces of up to so many metres.
func track(r *rand.Rand, start orb.Point, pieces int, longest float64) orb.LineString {
	ls := orb.LineString{start}
	heading := r.Float64() * 360
	for range pieces {
		heading += r.NormFloat64() * 40
		start = geo.Destination(start, heading, longest*r.Float64())
		ls = append(ls, start)
	}
	return ls
}

func lines(r *rand.Rand) []orb.LineString {
	out := []orb.LineString{
		{{179.9, 10}, {-179.9, 10.1}}, {{0, 89.9}, {180, 89.9}}, {{-10, -89}, {100, -89.5}, {190 - 360, -89}},
		{{105, -90}, {105, 90}}, {{0, 0}, {90, 0}}, {{104, 27}, {104, 27}, {104.1, 27}},
	}
	for range 300 {
		out = append(out, track(r, world(r), 1+r.Intn(80), 500), track(r, world(r), 1+r.Intn(8), 30_000))
	}
	return out
}

func TestRefereeLength(t *testing.T) {
	all := lines(rand.New(rand.NewSource(2)))
	for i, want := range referee(t, lengthSQL, texts(all)) {
		if got := geo.Length(all[i]).Metres(); !(math.Abs(got-want) <= pieceTolerance*float64(len(all[i])-1)+1e-6) {
			t.Errorf("line %d of %d vertices: %.4f m, PostGIS %.4f", i, len(all[i]), got, want)
		}
	}
}

func TestRefereePointToLine(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	var points []orb.Point
	var all []orb.LineString
	for _, ls := range lines(r)[6:] {
		points = append(points, geo.Destination(ls[r.Intn(len(ls))], r.Float64()*360, math.Pow(10, r.Float64()*4.3)))
		all = append(all, ls)
	}
	wrong := 0
	for i, want := range referee(t, distanceSQL, texts(points), texts(all)) {
		got, foot := geo.DistanceToLine(points[i], all[i])
		bend := pointTolerance + greatCircleOff(all[i])
		if got < want-bend-footRelative*want {
			wrong++
		}
		if !(got <= want+bend && got >= want-bend-pieceRelative*want) {
			t.Errorf("%v to line %d: %.4f m, PostGIS %.4f", points[i], i, got, want)
		}
		if d := geo.Distance(points[i], foot.Point); math.Abs(d-got) > 1e-6 {
			t.Errorf("foot of %v on line %d is %.6f m away, said %.6f", points[i], i, d, got)
		}
	}
	if float64(wrong) > wrongPieces*float64(len(all)) {
		t.Errorf("PostGIS measures more than its foot explains for %d of %d", wrong, len(all))
	}
}

// greatCircleOff is how far PostGIS's pieces can lie from ours.
func greatCircleOff(ls orb.LineString) float64 {
	longest := 0.0
	for i := 1; i < len(ls); i++ {
		longest = math.Max(longest, geo.Distance(ls[i-1], ls[i]))
	}
	return longest * longest / 298.257 / 8 / 6335439
}

// star is a ring round a point with corners at most so far away.
func star(r *rand.Rand, centre orb.Point, corners int, far float64) orb.Ring {
	var ring orb.Ring
	for i := range corners {
		ring = append(ring, geo.Destination(centre, 360*float64(i)/float64(corners), far*(0.3+0.7*r.Float64())))
	}
	return append(ring, ring[0])
}

func TestRefereeArea(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	all := []orb.Polygon{
		{{{0, 60}, {90, 60}, {180, 60}, {-90, 60}, {0, 60}}},
		{{{0, -80}, {-90, -80}, {180, -80}, {90, -80}, {0, -80}}},
		{{{179, 10}, {-179, 10}, {-179, 11}, {179, 11}, {179, 10}}},
		{{{0, 0}, {90, 0}, {0, 90}, {0, 0}}},
		{{{104, 27}, {105, 27}, {105, 28}, {104, 28}, {104, 27}}, {{104.4, 27.4}, {104.6, 27.4}, {104.6, 27.6}, {104.4, 27.6}, {104.4, 27.4}}},
	}
	for range 500 {
		centre := world(r)
		far := math.Pow(10, 1+r.Float64()*5) // ten metres to a thousand kilometres
		p := orb.Polygon{star(r, centre, 3+r.Intn(40), far)}
		if r.Intn(2) == 0 {
			p = append(p, star(r, centre, 3+r.Intn(5), far*0.1))
		}
		all = append(all, p)
	}
	for i, want := range referee(t, areaSQL, texts(all)) {
		got, allowed := geo.Area(all[i]), math.Max(want*areaRelative, areaPerSide*float64(len(all[i][0])))
		if !(math.Abs(got-want) <= allowed) {
			t.Errorf("polygon %d, %v: %.3f m², PostGIS %.3f", i, all[i][0][0], got, want)
		}
	}
}
