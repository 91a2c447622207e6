package sample

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

func eachPoint(l *data.Load, visit func(orb.Point)) {
	for _, r := range l.Roads {
		for _, p := range r.Line {
			visit(p)
		}
	}
	for _, v := range l.Villages {
		visit(v.Point)
	}
	for _, r := range l.Regions {
		for _, polygon := range r.Boundary {
			for _, p := range polygon[0] {
				visit(p)
			}
		}
	}
}

func TestPointsStandOnTheLattice(t *testing.T) {
	eachPoint(county(1), func(p orb.Point) {
		for _, v := range p {
			if math.Round(v*1e7)/1e7 != v {
				t.Fatalf("%v is finer than 1e-7 degrees", p)
			}
		}
		if p[0] < 104.2 || p[0] > 105 || p[1] < 26.8 || p[1] > 27.5 {
			t.Fatalf("%v lies outside the frame", p)
		}
	})
}

func TestRoadsAreTheirSegments(t *testing.T) {
	l := county(1)
	lines := map[planner.ID]orb.LineString{}
	ends := map[planner.ID]int64{}
	for _, s := range l.Segments {
		if s.Version != l.Roads[s.Road-1].Version {
			continue // of an earlier version
		}
		if s.Span.From != ends[s.Road] || int64(geo.Length(s.Line)) != s.Span.Length() {
			t.Fatalf("segment %d of road %d: span %v after %d, drawn %d", s.ID, s.Road, s.Span, ends[s.Road], geo.Length(s.Line))
		}
		ends[s.Road] = s.Span.To
		lines[s.Road] = append(lines[s.Road], s.Line[min(1, len(lines[s.Road])):]...)
	}
	notDrawn := 0
	for _, r := range l.Roads {
		if r.Line == nil {
			notDrawn++
			continue
		}
		if r.Length != ends[r.ID] || !slices.Equal(r.Line, lines[r.ID]) || len(r.Line) < 3 {
			t.Fatalf("road %d (%s) is not the sum of its segments", r.ID, r.Name)
		}
	}
	if notDrawn != lengthOnly {
		t.Errorf("%d roads are not drawn, expected %d", notDrawn, lengthOnly)
	}
}

// All roads hang together by identical vertices, built or not, and the seat is
// one of them.
func TestRoadsShareVertices(t *testing.T) {
	for _, seed := range seeds {
		l := county(seed)
		parent := map[orb.Point]orb.Point{}
		var root func(p orb.Point) orb.Point
		root = func(p orb.Point) orb.Point {
			up, ok := parent[p]
			if !ok || up == p {
				parent[p] = p
				return p
			}
			parent[p] = root(up)
			return parent[p]
		}
		for _, r := range l.Roads {
			for i := 1; i < len(r.Line); i++ {
				parent[root(r.Line[i-1])] = root(r.Line[i])
			}
		}
		seat := *l.Regions[0].Seat
		if _, ok := parent[seat]; !ok {
			t.Fatalf("seed %d: the seat is no vertex of a road", seed)
		}
		for _, r := range l.Roads {
			if r.Line != nil && root(r.Line[0]) != root(seat) {
				t.Errorf("seed %d: road %d (%s) hangs on nothing", seed, r.ID, r.Name)
			}
		}
	}
}

// Every edge of a township's border is, turned round, an edge of exactly one
// neighbour, or of the county's outline as it is.
func TestBordersAreShared(t *testing.T) {
	type edge struct{ from, to orb.Point }
	for _, seed := range seeds {
		l := county(seed)
		owner := map[edge]string{}
		area := 0.0
		visit := func(r planner.Region, do func(edge)) {
			for _, polygon := range r.Boundary {
				for _, ring := range polygon {
					for i := 1; i < len(ring); i++ {
						do(edge{ring[i-1], ring[i]})
					}
				}
			}
		}
		for _, r := range townshipsOf(l) {
			own := geo.Area(r.Boundary)
			if own < 25e6 || own > 400e6 {
				t.Errorf("seed %d: %s has %.1f km2", seed, r.Code, own/1e6)
			}
			area += own
			visit(r, func(e edge) {
				if owner[e] != "" {
					t.Fatalf("seed %d: %s and %s both lie left of %v", seed, owner[e], r.Code, e)
				}
				owner[e] = r.Code
			})
		}
		outline := map[edge]bool{}
		visit(l.Regions[0], func(e edge) { outline[e] = true })
		for e, code := range owner {
			if outline[e] == (owner[edge{e.to, e.from}] != "") {
				t.Fatalf("seed %d: edge %v of %s has no neighbour, or too many", seed, e, code)
			}
		}
		if whole := geo.Area(l.Regions[0].Boundary); math.Abs(whole-area) > 1 {
			t.Errorf("seed %d: the townships cover %.0f m2, the county %.0f", seed, area, whole)
		}
	}
}

func TestVillagesLieInTheirTownship(t *testing.T) {
	l := county(1)
	boundary := map[string]orb.MultiPolygon{}
	for _, r := range l.Regions {
		boundary[r.Code] = r.Boundary
	}
	for _, v := range l.Villages {
		if !holds(boundary[v.Township], v.Point) {
			t.Errorf("%s %s lies outside %s", v.Code, v.Name, v.Township)
		}
	}
}

func holds(m orb.MultiPolygon, p orb.Point) bool {
	inside := false
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
					inside = !inside
				}
			}
		}
	}
	return inside
}

// A believable county: repeated names, unique codes, most places connected,
// some not, some unknown, counts that are missing and counts that are small.
func TestCountyIsBelievable(t *testing.T) {
	l := county(1)
	names, codes := map[string]int{}, map[string]bool{}
	administrative, unknownPersons, small, persons := 0, 0, 0, int64(0)
	hazards := map[string]int{}
	for i := range l.Villages {
		v := &l.Villages[i]
		names[v.Name]++
		if codes[v.Code] || len(v.Code) != 12 && len(v.Code) != 15 || v.NameEN == "" {
			t.Errorf("village %d: code %q, english name %q", v.ID, v.Code, v.NameEN)
		}
		codes[v.Code] = true
		if v.Kind == "administrative" {
			administrative++
		}
		hazards[v.Hazard]++
		if n, ok := v.Persons(); ok {
			persons += n
		} else {
			unknownPersons++
		}
		if n, ok := v.Households(); ok && n < 5 {
			small++
		}
	}
	most := 0
	for _, n := range names {
		most = max(most, n)
	}
	if administrative != 460 || most < 3 || unknownPersons < 3 || small < 1 || len(hazards) != 6 || persons < 500_000 || persons > 1_000_000 {
		t.Errorf("administrative %d, a name %d times, persons unknown %d, under five households %d, %v, %d persons",
			administrative, most, unknownPersons, small, hazards, persons)
	}
	verdicts := map[planner.Ternary]int{}
	for _, v := range planner.Assess(snapshotOf(l)).Villages {
		verdicts[v.Connected]++
	}
	if verdicts[planner.Yes] < len(l.Villages)/2 || verdicts[planner.No] < 50 || verdicts[planner.Unknown] < 5 {
		t.Errorf("connected: %v", verdicts)
	}
}
