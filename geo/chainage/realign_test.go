package chainage_test

import (
	"context"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/osm"
)

const tolerance = chainage.DefaultTolerance

var andorra = sync.OnceValues(func() ([]orb.LineString, error) {
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../../shared"
	}
	if _, err := os.Stat(root); err != nil && !set {
		return nil, nil
	}
	x, err := osm.Read(context.Background(), filepath.Join(root, "data", "osm", "andorra-2025-01-19.osm.pbf"))
	if err != nil {
		return nil, err
	}
	var lines []orb.LineString
	for _, r := range x.Roads {
		if r.Routable() && geo.Length(r.Line) > 700_000 && geo.CheckRoute(r.Line) == nil {
			lines = append(lines, r.Line)
		}
	}
	return lines, nil
})

// roads are drawn lines of the world, of more than 700 m.
func roads(t testing.TB) []orb.LineString {
	t.Helper()
	lines, err := andorra()
	if err != nil {
		t.Fatal(err)
	}
	if lines == nil {
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	if len(lines) < 200 {
		t.Fatalf("only %d roads", len(lines))
	}
	return lines
}

func route(version int, line orb.LineString) chainage.Route {
	return chainage.Route{Key: key(version), Line: line, Length: int64(geo.Length(line))}
}

func realign(t testing.TB, old, new chainage.Route) chainage.Mapping {
	t.Helper()
	m, err := chainage.Realign(old, new, 0)
	if err != nil {
		t.Fatal(err)
	}
	hold(t, m, lengths{old.Key: old.Length}, lengths{new.Key: new.Length})
	return m
}

// farthest carries random places and measures how far they move.
func farthest(rnd *rand.Rand, m chainage.Mapping, old, new chainage.Route) (most float64) {
	a, b := geo.NewMeasured(old.Line), geo.NewMeasured(new.Line)
	drawn := func(line geo.Measured, at, length int64) orb.Point {
		return line.Interpolate(geo.Millimetre(math.Round(float64(at) * float64(line.Length()) / float64(length))))
	}
	for _, p := range m {
		if p.Kind != chainage.KindCarried {
			continue
		}
		places := []int64{p.From.From, p.From.To}
		for range 12 {
			places = append(places, p.From.From+rnd.Int63n(p.From.Length()))
		}
		for _, s := range places {
			f := float64(s-p.From.From) / float64(p.From.Length())
			if p.Reversed {
				f = 1 - f
			}
			t := p.To.From + int64(math.Round(f*float64(p.To.Length())))
			most = math.Max(most, geo.Distance(drawn(a, s, old.Length), drawn(b, t, new.Length)))
		}
	}
	return most
}

// The changes of a line. Each gives the new line and, of the old measure, what
// it may have touched.
type change func(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set)

// densify adds vertices on the line.
func densify(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	m := geo.NewMeasured(line)
	var out orb.LineString
	for i := range line {
		if i > 0 {
			a, b := m.Measure()[i-1], m.Measure()[i]
			for at := a + 1 + geo.Millimetre(rnd.Int63n(30_000)); at < b; at += 1 + geo.Millimetre(rnd.Int63n(30_000)) {
				out = append(out, m.Interpolate(at))
			}
		}
		out = append(out, line[i])
	}
	return out, nil
}

// shake moves every vertex by some millimetres.
func shake(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	out := slices.Clone(line)
	for i := range out {
		out[i] = geo.Destination(out[i], rnd.Float64()*360, rnd.Float64()*0.004)
	}
	return out, nil
}

// simplify leaves out vertices that stand within 4 mm of the line without
// them.
func simplify(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	dense, _ := densify(rnd, line)
	out := orb.LineString{dense[0]}
	for i := 1; i < len(dense)-1; i++ {
		if d, _ := geo.DistanceToLine(dense[i], orb.LineString{out[len(out)-1], dense[i+1]}); d > 0.004 || slices.Contains(line, dense[i]) && d > 0.002 {
			out = append(out, dense[i])
		}
	}
	return append(out, dense[len(dense)-1]), nil
}

// bulge draws a stretch anew, up to 150 m to one side.
func bulge(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	m := geo.NewMeasured(line)
	long := int64(m.Length())
	from := rnd.Int63n(long * 6 / 10)
	to := from + 80_000 + rnd.Int63n(long*3/10)
	side, far := float64(rnd.Intn(2)*180), 20+rnd.Float64()*130
	out := slices.Clone(m.Cut(0, geo.Millimetre(from)))
	for at := from; at < to; at += 10_000 {
		p, q := m.Interpolate(geo.Millimetre(at)), m.Interpolate(geo.Millimetre(min(at+1000, to)))
		off := far * math.Sin(math.Pi*float64(at-from)/float64(to-from))
		out = append(out, geo.Destination(p, geo.Azimuth(p, q)+90+side, off))
	}
	return append(out, m.Cut(geo.Millimetre(to), m.Length())...), chainage.NewSet(chainage.Span{From: from, To: to})
}

func bulgeTwice(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	m := geo.NewMeasured(line)
	half := m.Length() / 2
	a, touched := bulge(rnd, m.Cut(0, half))
	b, more := bulge(rnd, m.Cut(half, m.Length()))
	for _, s := range more {
		touched = touched.Union(chainage.NewSet(chainage.Span{From: s.From + int64(half), To: s.To + int64(half)}))
	}
	return append(slices.Clone(a), b[1:]...), touched
}

// shiftEnd leads the last stretch somewhere else.
func shiftEnd(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	m := geo.NewMeasured(line)
	from := m.Length()/2 + geo.Millimetre(rnd.Int63n(int64(m.Length()/3)))
	p := m.Interpolate(from)
	out := append(slices.Clone(m.Cut(0, from)), geo.Destination(p, geo.Azimuth(line[0], p)+50, 90), geo.Destination(p, geo.Azimuth(line[0], p)+60, 250))
	return out, chainage.NewSet(chainage.Span{From: int64(from), To: int64(m.Length())})
}

func extend(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	n := len(line)
	away := geo.Azimuth(line[n-2], line[n-1])
	return append(slices.Clone(line), geo.Destination(line[n-1], away+20, 6+rnd.Float64()*400)), nil
}

func shorten(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	m := geo.NewMeasured(line)
	cut := geo.Millimetre(rnd.Int63n(int64(m.Length() / 3)))
	end := m.Length() - geo.Millimetre(rnd.Int63n(int64(m.Length()/3)))
	return m.Cut(cut, end), chainage.NewSet(chainage.Span{To: int64(cut)}, chainage.Span{From: int64(end), To: int64(m.Length())})
}

// redraw digitises anew: other vertices, up to 2 m off.
func redraw(rnd *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	out, _ := densify(rnd, line)
	for i := range out {
		out[i] = geo.Destination(out[i], rnd.Float64()*360, rnd.Float64()*2)
	}
	return out, nil
}

func reverse(_ *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) {
	out := slices.Clone(line)
	slices.Reverse(out)
	return out, nil
}

func unchanged(_ *rand.Rand, line orb.LineString) (orb.LineString, chainage.Set) { return line, nil }

// What may be taken for touched around a change: the new line leaves the old
// one slowly, samples stand about a metre apart, and a stretch below four
// tolerances between two changes counts as changed.
const border = 25_000

func TestRealignRealRoads(t *testing.T) {
	lines := roads(t)
	changes := map[string]change{"unchanged": unchanged, "densify": densify, "shake": shake, "simplify": simplify, "bulge": bulge, "bulge twice": bulgeTwice,
		"shift the end": shiftEnd, "extend": extend, "shorten": shorten, "redraw": redraw, "reverse": reverse}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewSource(20260301))
			most, still, pieces := 0.0, 0.0, 0
			for range 100 {
				line := lines[rnd.Intn(len(lines))]
				drawn, touched := change(rnd, line)
				old, new := route(1, line), route(2, drawn)
				m := realign(t, old, new)
				pieces += len(m)
				moved := farthest(rnd, m, old, new)
				most = math.Max(most, moved)
				if said := m.Farthest(old, new); float64(said.MM) < moved*1000-3 || said.MM > tolerance {
					t.Fatalf("a place moves by %.3f m, the farthest is said to by %d mm", moved, said.MM)
				}
				holdUntouched(t, m, old, touched)
				if name != "redraw" {
					still = math.Max(still, movedOutside(rnd, m, old, new, touched))
				}
			}
			if most > float64(tolerance)/1000 {
				t.Errorf("a carried place moves by %.3f m", most)
			}
			if still > 0.15 {
				t.Errorf("outside of what was touched a place moves by %.3f m", still)
			}
			t.Logf("%d pieces of 100 routes; the farthest carried place moves by %.3f m, by %.3f m outside of what was touched", pieces, most, still)
		})
	}
}

// holdUntouched says that what a change has not touched is carried.
func holdUntouched(t *testing.T, m chainage.Mapping, old chainage.Route, touched chainage.Set) {
	t.Helper()
	var wide []chainage.Span
	for _, s := range touched {
		wide = append(wide, chainage.Span{From: s.From - border, To: s.To + border})
	}
	if _, retired := m.Forward(old.Key, chainage.Span{To: old.Length}); !chainage.NewSet(wide...).Covers(retired) {
		t.Fatalf("%v is retired, though only %v of %d was touched", retired, touched, old.Length)
	}
}

// movedOutside carries random places outside of what was touched and measures
// how far they move.
func movedOutside(rnd *rand.Rand, m chainage.Mapping, old, new chainage.Route, touched chainage.Set) (most float64) {
	a, b := geo.NewMeasured(old.Line), geo.NewMeasured(new.Line)
	for range 40 {
		at := rnd.Int63n(old.Length)
		if near := chainage.NewSet(chainage.Span{From: at - border, To: at + border}); near.Overlaps(touched) {
			continue
		}
		for _, p := range m {
			if p.Kind != chainage.KindCarried || at < p.From.From || at >= p.From.To {
				continue
			}
			f := float64(at-p.From.From) / float64(p.From.Length())
			if p.Reversed {
				f = 1 - f
			}
			to := p.To.From + int64(math.Round(f*float64(p.To.Length())))
			most = math.Max(most, geo.Distance(a.Interpolate(geo.Millimetre(at)), b.Interpolate(geo.Millimetre(to))))
		}
	}
	return most
}

// Where only vertices came or went all is one piece, and nothing is listed.
func TestRealignUnchanged(t *testing.T) {
	rnd := rand.New(rand.NewSource(20260302))
	for _, line := range roads(t) {
		old := route(1, line)
		m := realign(t, old, route(2, line))
		if diff := cmp.Diff(chainage.Identity(key(1), key(2), old.Length), m); diff != "" || !m.Unchanged() {
			t.Fatalf("the same line (-want +got):\n%s", diff)
		}
		for name, change := range map[string]change{"densify": densify, "simplify": simplify, "shake": shake} {
			drawn, _ := change(rnd, line)
			new := route(2, drawn)
			m := realign(t, old, new)
			if diff := cmp.Diff(chainage.Proportional(old.Key, old.Length, new.Key, new.Length), m); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
			new.Length = old.Length // whoever knows that it is the same road keeps its measure
			if m := realign(t, old, new); !m.Unchanged() || m.Farthest(old, new).MM > 50 {
				t.Fatalf("%s: %v, moved %+v", name, m, m.Farthest(old, new))
			}
		}
		turned, _ := reverse(nil, line)
		if diff := cmp.Diff(chainage.Reverse(old.Key, key(2), old.Length), realign(t, old, route(2, turned))); diff != "" {
			t.Fatalf("reversed (-want +got):\n%s", diff)
		}
	}
}
