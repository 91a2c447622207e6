package planner

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/osm"
)

var andorraLines = sync.OnceValues(func() ([]orb.LineString, error) {
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../shared"
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

func realLines(t testing.TB) []orb.LineString {
	t.Helper()
	lines, err := andorraLines()
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

// bypass lays a stretch of a line up to so many metres beside itself.
func bypass(rnd *rand.Rand, line orb.LineString, aside float64) orb.LineString {
	m := geo.NewMeasured(line)
	whole := int64(m.Length())
	from := geo.Millimetre(whole/10 + rnd.Int64N(whole/2))
	to := min(m.Length()*95/100, from+geo.Millimetre(whole/10+rnd.Int64N(whole/4)))
	out := m.Cut(0, from)
	azimuth := geo.Azimuth(m.Interpolate(from), m.Interpolate(to)) + 90
	for i := 1; i < 8; i++ {
		p := m.Interpolate(from + (to-from)*geo.Millimetre(i)/8)
		out = append(out, geo.Destination(p, azimuth, aside*float64(min(i, 8-i))/4))
	}
	return slices.Compact(append(out, m.Cut(to, m.Length())...))
}

// Two hundred random realignments of real lines with random reports: all that
// is carried, retired and new reconciles to the millimetre, and nothing that is
// carried moves further than the tolerance.
func TestRealignRealLines(t *testing.T) {
	lines := realLines(t)
	n := 200
	if testing.Short() {
		n = 20
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	did, cut := 0, 0
	for try := 0; did < n; try++ {
		if try > 4*n {
			t.Fatalf("only %d of %d could be laid anew", did, try)
		}
		line := lines[rnd.IntN(len(lines))]
		if geo.Length(line) > 30_000_000 {
			continue
		}
		next := bypass(rnd, line, 10+rnd.Float64()*150)
		if geo.CheckRoute(next) != nil {
			continue
		}
		s := builtRoad(rnd, line, 0)
		o, e := planned(t, s, OperationRequest{Kind: "realign", Line: next, AddToTask: true})
		if o == nil || e.Retired == 0 || e.New == 0 || e.Farthest > chainage.DefaultTolerance {
			t.Fatalf("%+v", e)
		}
		for _, event := range e.Events {
			if event.Fate == "cut" {
				cut++
			}
		}
		after := Assess(done(s, o))
		var task int64
		for _, w := range after.Programmes[0].Works {
			task += w.Scope.Length()
		}
		corouted := after.roads[1].CoRouted.Length()
		if task+corouted != after.roads[1].Length {
			t.Fatalf("the task is %d mm of %d, %d co-routed", task, after.roads[1].Length, corouted)
		}
		did++
	}
	if cut < n {
		t.Errorf("only %d reports were cut", cut)
	}
}

// On unchanged geometry nothing is listed and nothing moves, whatever vertices
// it is drawn with.
func TestRealignUnchanged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for _, line := range realLines(t)[:60] {
		s := builtRoad(rnd, line, 0)
		m := geo.NewMeasured(line)
		var dense orb.LineString
		for i := range 40 {
			dense = append(dense, m.Cut(m.Length()*geo.Millimetre(i)/40, m.Length()*geo.Millimetre(i+1)/40)...)
		}
		for _, same := range []orb.LineString{line, slices.Clone(line), slices.Compact(dense)} {
			o, e := planned(t, s, OperationRequest{Kind: "realign", Line: same})
			if o != nil || !e.Unchanged || len(e.Pieces)+len(e.Events) > 0 || e.Retired+e.New != 0 {
				t.Fatalf("%d vertices: %+v", len(same), e)
			}
		}
	}
}
