package planner

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

// equippedCounty is a county by the inventory alone, with places to go to.
func equippedCounty(seed uint64) *Snapshot {
	s := demoCounty(seed, 14, 6)
	s.Progress, s.Programmes = nil, nil
	for i := range s.Segments { // roads that rain closes, and roads that go one way
		switch g := &s.Segments[i]; i % 7 {
		case 1:
			g.AllSeason, g.Surface = No, "earth"
		case 3:
			g.Direction = Forward
		}
	}
	for i, kind := range []string{"school", "clinic", "industrial_park", "school", "clinic"} {
		at := s.Villages[(3*i+1)%len(s.Villages)].Point
		at[0] += 0.0007
		s.Facilities = append(s.Facilities, Facility{ID: ID(700 + i), Kind: kind, Name: kind, Point: at})
	}
	return s
}

// wayOn is the way between a village and a site of a county, as Distances has it.
func wayOn(a *Assessment, season, metric string, village, site ID) *DistanceRow {
	for _, r := range must(a.Distances(DistanceOptions{Metric: metric, Season: season})) {
		if r.From == village && r.To == site {
			return &r
		}
	}
	return nil
}

func valueOr(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// What a move is measured by beside its season's way is what Distances says of
// counties in which the town, or a school, is a site, and the site a village.
func TestMovesAreMeasuredFurther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := equippedCounty(rapid.Uint64Range(1, 30).Draw(rt, "seed"))
		a := Assess(s)
		i := rapid.IntRange(0, len(s.Moves)-1).Draw(rt, "move")
		m, way := &a.Snapshot.Moves[i], a.moveWays()[i]
		if !way.known {
			rt.Skip()
		}
		if mm, ms := valueOr(wayOn(a, route.Wet, "m", m.Village, m.Site).MM), valueOr(wayOn(a, route.Wet, "s", m.Village, m.Site).MS); way.wetMM != mm || way.wetMS != ms {
			rt.Fatalf("wet: %d mm %d ms, Distances has %d and %d", way.wetMM, way.wetMS, mm, ms)
		}
		const extra = 90_000
		town := copyOf(s)
		town.Sites = append(town.Sites, Site{ID: extra, Gate: *a.seat()})
		if mm, ms := valueOr(wayOn(Assess(town), route.Dry, "m", m.Village, extra).MM), valueOr(wayOn(Assess(town), route.Dry, "s", m.Village, extra).MS); way.townMM != mm || way.townMS != ms {
			rt.Fatalf("town: %d mm %d ms, Distances has %d and %d", way.townMM, way.townMS, mm, ms)
		}
		near := copyOf(s)
		near.Villages = append(near.Villages, Village{ID: extra, Point: a.Snapshot.Sites[a.site[m.Site]].Gate})
		for k, f := range s.Facilities {
			near.Sites = append(near.Sites, Site{ID: ID(extra + k), Gate: f.Point})
		}
		measured := Assess(near)
		for k, kind := range nearKinds {
			best := int64(-1)
			for j, f := range s.Facilities {
				if ms := valueOr(wayOn(measured, route.Dry, "s", extra, ID(extra+j)).MS); f.Kind == kind.kind && ms >= 0 && (best < 0 || ms < best) {
					best = ms
				}
			}
			if way.near[k] != best {
				rt.Fatalf("%s: %d ms, Distances has %d", kind.name, way.near[k], best)
			}
		}
		checkWalk(rt, s, m, &way)
	})
}

// checkWalk: on foot everything that is built is open both ways, at 5.04 km/h
// where no heights are known.
func checkWalk(t *rapid.T, s *Snapshot, m *Move, way *moveWay) {
	t.Helper()
	c := copyOf(s)
	for i := range c.Segments {
		if g := &c.Segments[i]; g.Built == BuiltYes {
			g.Routable, g.Direction = true, Both
		}
	}
	a := Assess(c)
	row := wayOn(a, route.Dry, "m", m.Village, m.Site)
	want := int64(-1)
	if row.MM != nil {
		want = *row.WalkOutMS + int64(float64(*row.MM-row.AccessFromMM-row.AccessToMM)/walkKMH*3.6)
	}
	if (want < 0) != (way.walkMS < 0) || math.Abs(float64(want-way.walkMS)) > 1e-3*float64(want)+100 {
		t.Fatalf("on foot: %d ms, at the speed of a walk %d", way.walkMS, want)
	}
}

// The share within reach of the fields is counted by both limits, and nobody
// without a way is in it.
func TestShareWithinFields(t *testing.T) {
	s := equippedCounty(3)
	for _, limit := range []struct{ mm, ms int64 }{{0, 0}, {3_000_000, 0}, {0, 1_800_000}, {2_000_000, 900_000}, {1 << 40, 1 << 40}} {
		s.Rules.Site.FieldsMM, s.Rules.Site.FieldsMS = limit.mm, limit.ms
		a := Assess(s)
		var within, unknown int64
		for i, w := range a.moveWays() {
			switch {
			case w.mm >= 0 && w.mm <= limit.mm || w.walkMS >= 0 && w.walkMS <= limit.ms:
				within += a.Snapshot.Moves[i].Persons
			case !w.known || w.mm < 0 && w.walkMS < 0:
				unknown += a.Snapshot.Moves[i].Persons
			}
		}
		for _, f := range must(a.Report(ReportRelocation, ReportOptions{By: "none"})).Figures {
			if f.Metric == "M27 share_within_fields" && (f.Numerator != within || f.Unknown != unknown) {
				t.Errorf("%v: %d within, %d unknown; want %d, %d", limit, f.Numerator, f.Unknown, within, unknown)
			}
		}
	}
}
