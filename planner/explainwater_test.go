package planner

import (
	"context"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// waterChanges change one cause of what a water report says, and nothing else.
var waterChanges = map[Cause]func(*rapid.T, *Snapshot){
	CausePopulation: func(t *rapid.T, s *Snapshot) {
		if rapid.Bool().Draw(t, "gone") {
			edits["village gone"](t, s)
			return
		}
		edits["persons"](t, s)
	},
	CauseLinks: func(t *rapid.T, s *Snapshot) {
		at := rapid.IntRange(0, len(s.Water)-1).Draw(t, "work")
		switch rapid.IntRange(0, 2).Draw(t, "link") {
		case 0:
			s.Water[at].Serves = append(slices.Clip(s.Water[at].Serves), anyVillage(t, s).ID)
		case 1:
			s.Water = slices.Delete(slices.Clone(s.Water), at, at+1)
		case 2:
			litres := float64(rapid.IntRange(0, 60).Draw(t, "capacity"))
			s.Water = append(slices.Clip(s.Water), WaterProject{ID: 1000 + ID(len(s.Water)), Kind: "small", Status: "built", CapacityM3D: &litres, Serves: []ID{anyVillage(t, s).ID}})
		}
	},
	CauseCapacity: func(t *rapid.T, s *Snapshot) {
		w := &s.Water[rapid.IntRange(0, len(s.Water)-1).Draw(t, "work")]
		value := float64(rapid.IntRange(0, 40).Draw(t, "value"))
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			w.CapacityM3D = &value
		case 1:
			w.DryCapacityM3D = &value
		case 2:
			w.LossPct = &value
		case 3:
			w.Status = rapid.SampledFrom([]string{"built", "building", "unknown"}).Draw(t, "status")
		}
	},
	CauseSurvey: func(t *rapid.T, s *Snapshot) {
		edits[rapid.SampledFrom([]string{"survey", "tap"}).Draw(t, "survey")](t, s)
	},
	CauseRule: func(t *rapid.T, s *Snapshot) { edits["loss"](t, s) },
}

// The parts of the difference of two water reports add up exactly, the figures at
// both ends are those of the reports, and a cause that did not change moves nothing.
func TestWaterDifferenceAddsUp(t *testing.T) {
	moved := map[Cause]int{}
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(demoCounty(rapid.Uint64Range(1, 200).Draw(rt, "seed"), 12, 30))
		next, changed := copyOf(a.Snapshot), map[Cause]bool{}
		for range rapid.IntRange(0, 4).Draw(rt, "changes") {
			cause := rapid.SampledFrom(slices.Sorted(maps.Keys(waterChanges))).Draw(rt, "cause")
			if cause == CauseLinks && len(next.Water) < 2 || cause == CauseCapacity && len(next.Water) == 0 {
				continue
			}
			waterChanges[cause](rt, next)
			changed[cause] = true
		}
		if rapid.Bool().Draw(rt, "a road too") {
			edits["season"](rt, next)
		}
		season := func(name string) Question {
			return Question{Season: rapid.SampledFrom([]string{"", "dry", "wet"}).Draw(rt, name)}
		}
		before := must(a.Ask(context.Background(), season("season before")))
		after := must(AssessAfter(a, next).Ask(context.Background(), season("season after")))
		changed[CauseSeason] = before.Question.Season != after.Question.Season
		d := must(ExplainWater(context.Background(), before, after))
		from, to := figuresByMetric(before), figuresByMetric(after)
		for i := range d.Metrics {
			m := &d.Metrics[i]
			if f, g := from[m.Metric], to[m.Metric]; m.From.Numerator != f.Numerator || m.From.Unknown != f.Unknown || m.To.Numerator != g.Numerator || m.To.Unknown != g.Unknown {
				rt.Fatalf("%+v is not that of the reports: %+v and %+v", m, f, g)
			}
			checkMoved(rt, m)
			for _, step := range m.Steps {
				if moved[step.Cause]++; !changed[step.Cause] {
					rt.Fatalf("%s is moved by %s, which did not change: %+v", m.Metric, step.Cause, step)
				}
			}
		}
	})
	for cause := range waterChanges {
		if moved[cause] == 0 {
			t.Errorf("%s never moved anything", cause)
		}
	}
	if moved[CauseSeason] == 0 {
		t.Error("no season ever moved anything")
	}
}

func figuresByMetric(a *Assessment) map[string]Figure {
	out := map[string]Figure{}
	for _, f := range must(a.Report(ReportWater, ReportOptions{By: "none"})).Figures {
		if f.Scope == a.Snapshot.Region.Code {
			out[f.Metric] = f
		}
	}
	return out
}

// A small case by hand: a work that serves two villages is cut back, then one of
// them is taken from it.
func TestWaterDifferenceByHand(t *testing.T) {
	litres := func(n float64) *float64 { return &n }
	s := demoCounty(1, 12, 2)
	persons := int64(100)
	for i := range s.Villages {
		s.Villages[i].Population = &Population{Persons: &persons}
	}
	s.Surveys = nil
	s.Water = []WaterProject{{ID: 1, Kind: "small", Status: "built", CapacityM3D: litres(1000), Serves: []ID{1, 2}}}
	later := copyOf(s)
	later.Water = []WaterProject{{ID: 1, Kind: "small", Status: "built", CapacityM3D: litres(1), Serves: []ID{1}}}
	d := must(ExplainWater(context.Background(), Assess(s), Assess(later)))
	m := d.Metrics[0]
	if m.Metric != "C26 persons_served" || m.From.Numerator != 200 || m.To.Numerator != 0 || len(m.Steps) != 2 {
		t.Fatalf("%+v", m)
	}
	for i, want := range []struct {
		cause   Cause
		village ID
	}{{CauseLinks, 2}, {CauseCapacity, 1}} {
		if step := m.Steps[i]; step.Cause != want.cause || step.Numerator != -100 || len(step.Items) != 1 || step.Items[0].Village != want.village {
			t.Errorf("step %d: %+v, want %+v", i+1, step, want)
		}
	}
	other := copyOf(s)
	other.Region.Code = "elsewhere"
	if _, err := ExplainWater(context.Background(), Assess(s), Assess(other)); CodeOf(err) != Invalid {
		t.Errorf("two counties: %v", err)
	}
}
