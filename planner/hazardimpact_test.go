package planner

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
)

func impactOf(t rapid.TB, a *Assessment, area orb.MultiPolygon) *HazardImpact {
	h, err := a.HazardImpact(context.Background(), area)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Against a model of its own: points by another library, metres by walking each
// line in small steps, decisions by what they say.
func TestHazardImpactAgainstSteps(t *testing.T) {
	a := Assess(demoCounty(3, 900, 300))
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		place := func(label string) float64 { return rapid.Float64Range(0, 0.16).Draw(rt, label) }
		x, y := 104.5+place("x"), 27+place("y")
		area := orb.MultiPolygon{{{{x, y}, {x + place("a"), y + 0.001}, {x + 0.03, y + place("b")}, {x, y}}}}
		h := impactOf(rt, a, area)
		var villages []ID
		for i := range a.Villages {
			if planar.MultiPolygonContains(area, a.Villages[i].Village.Point) {
				villages = append(villages, a.Villages[i].Village.ID)
			}
		}
		if got := namedBy(h.Villages, func(v ImpactVillage) ID { return v.Village.ID }); !slices.Equal(got, villages) {
			rt.Fatalf("villages %v, want %v", got, villages)
		}
		inside := map[ID]float64{}
		for i := range a.Pieces {
			if p := &a.Pieces[i]; p.Counted && !p.Halo {
				inside[p.Road] += stepped(p.Line(), area)
			}
		}
		for _, r := range h.Roads {
			mm := float64(r.BuiltMM + r.OtherMM)
			if math.Abs(mm-inside[r.Road]) > 8_000 {
				rt.Fatalf("road %d: %v mm, in steps %v", r.Road, mm, inside[r.Road])
			}
			delete(inside, r.Road)
			seen["road"]++
		}
		for road, mm := range inside {
			if mm > 8_000 {
				rt.Fatalf("road %d: %v mm are missing", road, mm)
			}
		}
		for _, b := range h.Broken {
			seen[b.Kind]++
			if b.Kind == BrokenProgramme && (b.DoneMM > b.MM || b.MM <= 0 || (b.State == "done") != (b.DoneMM == b.MM)) {
				rt.Fatalf("%+v", b)
			}
			if b.Kind == BrokenVillage && (!slices.Contains(villages, b.Village) || hazardous(a.Villages[a.village[b.Village]].Village)) {
				rt.Fatalf("%+v", b)
			}
		}
		for _, i := range h.CutOff {
			if slices.Contains(villages, a.Villages[i].Village.ID) || a.Villages[i].Connected != Yes {
				rt.Fatalf("village %d is not cut off by this", a.Villages[i].Village.ID)
			}
		}
	})
	for _, what := range []string{"road", BrokenProgramme, BrokenVillage} {
		if seen[what] == 0 {
			t.Errorf("never %s", what)
		}
	}
}

func namedBy[T any](list []T, id func(T) ID) (out []ID) {
	for _, one := range list {
		out = append(out, id(one))
	}
	return out
}

// stepped is the length of a line inside, by steps of about four metres.
func stepped(line orb.LineString, area orb.MultiPolygon) (mm float64) {
	for i := 1; i < len(line); i++ {
		length := float64(geo.Length(line[i-1 : i+1]))
		steps := math.Ceil(length / 4000)
		for k := range int(steps) {
			t := (float64(k) + 0.5) / steps
			if planar.MultiPolygonContains(area, orb.Point{line[i-1][0] + t*(line[i][0]-line[i-1][0]), line[i-1][1] + t*(line[i][1]-line[i-1][1])}) {
				mm += length / steps
			}
		}
	}
	return mm
}

// A site inside breaks every move to it, and says who lives there; a village all
// of whose people leave does not have to be told to go.
func TestHazardImpactOnMoves(t *testing.T) {
	s, site := oneSite()
	persons := int64(40)
	s.Villages = []Village{
		{ID: 1, Point: orb.Point{104.5, 27.0001}, Population: &Population{Persons: &persons}}, // connected, outside
		{ID: 2, Point: site.Gate, Population: &Population{Persons: &persons}},                 // connected, inside
		{ID: 3, Point: site.Gate, Population: &Population{Persons: &persons}},                 // inside, all leave
		{ID: 4, Point: site.Gate, Hazard: "high"},                                             // inside, had to go
		{ID: 5, Point: site.Gate}, // inside, nobody counted
	}
	s.Moves = []Move{
		{ID: 1, Village: 1, Site: 7, Households: 10, Persons: 30, Events: []MoveEvent{{ID: "a", Stage: "signed", Households: 10, Persons: 30}, {ID: "b", Stage: "moved_in", Households: 4, Persons: 12}}},
		{ID: 2, Village: 3, Site: 7, Households: 10, Persons: 40},
	}
	s.Water = []WaterProject{{ID: 1, Point: site.Gate, Serves: []ID{1, 2, 5, 99}}, {ID: 2, Point: orb.Point{104.5, 27}}}
	a := Assess(s)
	h := impactOf(t, a, orb.MultiPolygon{square(site.Gate, 0.005)})
	if len(h.Sites) != 1 || h.Sites[0].MovedIn != 12 || h.Sites[0].Signed != 30 || h.Sites[0].Coming != 70 {
		t.Errorf("%+v", h.Sites)
	}
	want := []BrokenDecision{
		{Kind: BrokenMove, Move: 1, Village: 1, Site: 7, State: "moved_in", Persons: 30},
		{Kind: BrokenMove, Move: 2, Village: 3, Site: 7, State: "planned", Persons: 40},
		{Kind: BrokenVillage, Village: 2, State: "connected", Persons: 40},
		{Kind: BrokenVillage, Village: 5, State: "connected", Unknown: true},
	}
	if !slices.Equal(h.Broken, want) {
		t.Errorf("%+v", h.Broken)
	}
	segment := a.Pieces[0].Segment
	s.Plan = &PublishedPlan{Villages: []PublishedDecision{
		{Village: 1, Decision: DecideRelocate, Site: 7, Persons: &persons}, // its move says it
		{Village: 2, Decision: DecideRelocate, Site: 7, Persons: &persons},
		{Village: 5, Decision: DecideRoad, Segments: []ID{segment}},
	}}
	planned := impactOf(t, Assess(s), orb.MultiPolygon{square(site.Gate, 0.005)}).Broken
	if len(planned) != 5 || planned[2] != (BrokenDecision{Kind: BrokenPlanSite, Village: 2, Site: 7, State: "approved", Persons: 40}) ||
		planned[3].Kind != BrokenPlanRoad || planned[3].MM != h.Roads[0].BuiltMM || planned[4].Village != 5 {
		t.Errorf("with a plan: %+v", planned)
	}
	if len(h.Water) != 1 || h.Water[0].Persons != 80 || h.Water[0].Unknown != 1 || len(h.CutOff) != 0 {
		t.Errorf("%+v, %v cut off", h.Water, h.CutOff)
	}
	if len(h.Roads) != 1 || h.Roads[0].BuiltMM < 490_000 || h.Roads[0].BuiltMM > 500_000 { // half of 0.01 degrees at 27 N
		t.Errorf("%+v", h.Roads)
	}
}

// A slide over the middle of the only road cuts off whom it leads to, and nobody
// on this side of it.
func TestASlideCutsOff(t *testing.T) {
	s, site := oneSite()
	s.Villages = []Village{{ID: 1, Point: orb.Point{104.501, 27.0001}}, {ID: 2, Point: site.Gate}}
	a := Assess(s)
	h := impactOf(t, a, orb.MultiPolygon{square(geo.Destination(orb.Point{104.5, 27}, 90, 2000), 0.002)})
	if len(h.Villages) != 0 || !slices.Equal(h.CutOff, []int{1}) {
		t.Errorf("%v inside, %v cut off", h.Villages, h.CutOff)
	}
}

func TestHazardImpactRefuses(t *testing.T) {
	s, _ := oneSite()
	a := Assess(s)
	for _, c := range []struct {
		area orb.MultiPolygon
		code Code
	}{
		{nil, Invalid}, {orb.MultiPolygon{{}}, Invalid}, {orb.MultiPolygon{{{{1, 1}, {2, 2}, {1, 1}}}}, Invalid},
		{orb.MultiPolygon{{{{math.NaN(), 1}, {2, 2}, {3, 1}, {1, 1}}}}, Invalid}, {orb.MultiPolygon{{{{500, 1}, {2, 2}, {3, 1}, {500, 1}}}}, Invalid},
		{orb.MultiPolygon{{make(orb.Ring, maxAreaPoints+1)}}, TooLarge},
	} {
		if _, err := a.HazardImpact(context.Background(), c.area); CodeOf(err) != c.code {
			t.Errorf("%.80v: %v, want %s", c.area, err, c.code)
		}
	}
}
