package planner

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// completionRows are all figures of the completion report in all breakdowns.
func completionRows(t testing.TB, s *Snapshot) []Figure {
	t.Helper()
	a := Assess(s)
	var out []Figure
	for _, by := range []string{"township", "programme", "class", "village", "contract"} {
		r, err := a.Report(ReportCompletion, ReportOptions{By: by})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r.Figures...)
	}
	return out
}

func explained(t testing.TB, before, after *Snapshot, metric, scope string) *Difference {
	t.Helper()
	d, err := Explain(before, after, metric, scope)
	if err != nil {
		t.Fatalf("%s at %s: %v", metric, scope, err)
	}
	return d
}

// Over random histories the steps add up to what the figure moved by, exactly,
// and there and back is nothing.
func TestDifferenceAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		before, after := drawTwo(rt)
		rows := append(completionRows(t, before), completionRows(t, after)...)
		for range 3 {
			f := rapid.SampledFrom(rows).Draw(rt, "figure")
			d := explained(t, before, after, f.Metric, f.Scope)
			checkSteps(rt, d)
			back := explained(t, after, before, f.Metric, f.Scope)
			if back.From.Numerator != d.To.Numerator || back.To.Denominator != d.From.Denominator || (back.TotalPP == nil) != (d.TotalPP == nil) ||
				d.TotalPP != nil && *back.TotalPP != -*d.TotalPP {
				rt.Fatalf("%s at %s: back %+v, there %+v", f.Metric, f.Scope, back, d)
			}
		}
	})
}

// drawTwo draws two snapshots of a random county: on two days as known at two
// instants, or on two days between which routes may change in any way.
func drawTwo(t *rapid.T) (before, after *Snapshot) {
	if rapid.Bool().Draw(t, "routes change") {
		h := newHistory(rapid.Uint64().Draw(t, "seed"))
		before, after = h.at(Date(drawDay(t, "as of"))), h.at(Date(drawDay(t, "later as of")))
		if n := len(after.Progress); n > 0 && rapid.Bool().Draw(t, "revoked") {
			after = h.at(after.AsOf, after.Progress[n/2].ID)
		}
		return before, after
	}
	h := drawPast(t)
	return h.at(drawDay(t, "as of"), drawDay(t, "known at")), h.at(drawDay(t, "later as of"), drawDay(t, "later known at"))
}

func checkSteps(t *rapid.T, d *Difference) {
	var sum Moved
	var shown float64
	for i, step := range d.Steps {
		if step.Cause != Causes[i] {
			t.Fatalf("step %d is %s", i, step.Cause)
		}
		sum.Numerator += step.Numerator
		sum.Denominator += step.Denominator
		sum.Unknown += step.Unknown
		if step.ValuePP != nil {
			shown += *step.ValuePP
		}
		checkStepItems(t, d, &step)
	}
	if want := (Moved{Numerator: d.To.Numerator - d.From.Numerator, Denominator: d.To.Denominator - d.From.Denominator, Unknown: d.To.Unknown - d.From.Unknown}); sum != want {
		t.Fatalf("%s at %s: steps sum to %+v, the figure moved by %+v", d.Metric, d.Scope, sum, want)
	}
	if d.TotalPP == nil {
		return
	}
	if math.Round(shown*100) != math.Round(*d.TotalPP*100) || math.Abs(*d.To.Value-*d.From.Value-*d.TotalPP) > 0.0100001 {
		t.Fatalf("%s at %s: %.4f to %.4f, shown as %v, steps %v", d.Metric, d.Scope, *d.From.Value, *d.To.Value, *d.TotalPP, shown)
	}
}

// checkStepItems holds the items of a step against it: to the millimetre for
// each where shares and weights are rounded, exactly elsewhere.
func checkStepItems(t *rapid.T, d *Difference, step *DifferenceStep) {
	var sum Moved
	for _, item := range step.Items {
		sum.Numerator += item.Numerator
		sum.Denominator += item.Denominator
		sum.Unknown += item.Unknown
		if item.Why == "" || item.Layer == "road" && (item.LabelFrom == "" || item.Span.Length() <= 0) {
			t.Fatalf("%s at %s: %+v", d.Metric, d.Scope, item)
		}
	}
	if max(step.Numerator, -step.Numerator) > 1 && len(step.Items) == 0 && (step.Cause != CauseRealignment || scaled(d.Before)+scaled(d.After) == 0) {
		t.Fatalf("%s at %s: %s moved %d and names nothing", d.Metric, d.Scope, step.Cause, step.Numerator)
	}
	id, _, _ := strings.Cut(d.Metric, " ")
	if step.Cause == CauseRealignment && scaled(d.Before)+scaled(d.After) > 0 {
		// what is squeezed to less than a millimetre has no place
		slack := int64(len(d.Before.Mappings) + len(d.After.Mappings))
		if off := sum.Numerator - step.Numerator; id != "M03" && d.Unit == UnitKM && max(off, -off) > slack {
			t.Fatalf("%s at %s: items sum to %+v, the step is %+v", d.Metric, d.Scope, sum, *step)
		}
		return
	}
	exact := !strings.HasPrefix(d.Scope, "T") && !strings.HasPrefix(d.Scope, "unassigned") && id != "M03"
	if exact && (sum.Numerator != step.Numerator || sum.Unknown != step.Unknown) {
		t.Fatalf("%s at %s: %s: items sum to %+v, the step is %+v", d.Metric, d.Scope, step.Cause, sum, *step)
	}
	if exact && slices.Contains(ofTheWhole, id) && sum.Denominator != step.Denominator {
		t.Fatalf("%s at %s: %s: items sum to %+v, the step is %+v", d.Metric, d.Scope, step.Cause, sum, *step)
	}
}

// scaled counts the pieces that are carried to another length.
func scaled(s *Snapshot) (n int) {
	for _, m := range s.Mappings {
		if m.Kind == MappingCarried && m.FromSpan.Length() != m.ToSpan.Length() {
			n++
		}
	}
	return n
}

// oneCause is a county before and after one thing happened.
func oneCause(t *rapid.T) (before, after *Snapshot) {
	h := drawPast(t)
	h.change, h.rules = nil, 200
	s := h.at(60, 60)
	for i := range s.Programmes {
		s.Programmes[i].Scope = slices.DeleteFunc(s.Programmes[i].Scope, func(item ScopeItem) bool { return item.Version == 2 })
	}
	later := *s
	return s, &later
}

// Only what happened moves a figure: every other step is zero and names nothing.
func TestOnlyTheCauseMoves(t *testing.T) {
	report := Progress{ID: "new", Road: 2, Version: 1, Span: chainage.Span{From: 3, To: 40}, Stage: StageSurface, Recorded: instant(70)}
	for cause, happen := range map[Cause]func(s *Snapshot){
		CauseWorks: func(s *Snapshot) {
			later := report
			later.On, s.AsOf = 70, 70
			s.Progress = append(slices.Clone(s.Progress), later)
		},
		CauseCorrections: func(s *Snapshot) {
			late := report
			late.On = 20
			s.Progress = append(slices.Clone(s.Progress), late)
			if len(s.Progress) > 2 {
				s.Progress = slices.Delete(s.Progress, 0, 1)
			}
		},
		CauseBase: func(s *Snapshot) {
			s.Programmes = slices.Clone(s.Programmes)
			s.Programmes[1].Scope = append(slices.Clone(s.Programmes[1].Scope), ScopeItem{ID: 99, Road: 3, Version: 1, Span: chainage.Span{From: 5, To: 50}})
		},
		CauseRule: func(s *Snapshot) { s.Rules.WarningStepsPPM = [4]int64{1, 2, 3, 4} },
		CauseRealignment: func(s *Snapshot) {
			s.Roads, s.Segments = slices.Clone(s.Roads), slices.Clone(s.Segments)
			s.Roads[0].Version, s.Roads[0].Length = 2, 40
			for i := range s.Segments {
				if s.Segments[i].Road == 1 {
					s.Segments[i].Version, s.Segments[i].Span.To = 2, min(s.Segments[i].Span.To, 40)
				}
			}
			s.Segments = slices.DeleteFunc(s.Segments, func(seg Segment) bool { return seg.Span.From >= seg.Span.To })
			s.Mappings = []Mapping{
				{ID: 1, Operation: 1, On: 50, Kind: MappingCarried, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{To: 40}, ToRoad: 1, ToVersion: 2, ToSpan: chainage.Span{To: 40}},
				{ID: 2, Operation: 1, On: 50, Kind: MappingRetired, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{From: 40, To: 60}},
			}
		},
	} {
		t.Run(string(cause), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				before, after := oneCause(rt)
				happen(after)
				f := rapid.SampledFrom(append(completionRows(t, before), completionRows(t, after)...)).Draw(rt, "figure")
				if id := f.Metric[:3]; cause == CauseWorks && (id == "M31" || id == "M32" || id == "M33" || id[0] == 'W') {
					return // the plan asks for more on a later day: that is its base
				}
				there, back := explained(t, before, after, f.Metric, f.Scope), explained(t, after, before, f.Metric, f.Scope)
				for _, step := range slices.Concat(there.Steps, back.Steps) {
					moved := step.Numerator != 0 || step.Denominator != 0 || step.Unknown != 0 || len(step.Items) > 0
					if moved && step.Cause != cause {
						rt.Fatalf("%s at %s: %s moved %+v", f.Metric, f.Scope, step.Cause, step)
					}
				}
			})
		})
	}
}

// An operation is a realignment and nothing else: whether it was recorded late,
// or its day lies between the two reports; and the metres that it retired and
// those that it added to the task are named.
func TestOperationsAreRealignment(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	line := orb.LineString{{105, 27}, {105.01, 27.004}, {105.02, 27}, {105.03, 27.004}}
	s := builtRoad(rnd, line, 0)
	s.Roads[0].CoRouted = nil
	o, e := planned(t, s, OperationRequest{Kind: "realign", Line: bypass(rnd, line, 60), AddToTask: true})
	after := done(s, o)
	early := *after
	early.AsOf, early.Roads, early.Segments = 55, s.Roads, s.Segments
	for name, before := range map[string]*Snapshot{"recorded late": s, "done between": &early} {
		for _, metric := range []string{"C01", "C02", "C03", "C09", "M01", "M02", "M03", "C08"} {
			d := explained(t, before, after, metric, "")
			for _, step := range d.Steps {
				if step.Cause != CauseRealignment && (step.Numerator != 0 || step.Denominator != 0 || len(step.Items) > 0) {
					t.Errorf("%s: %s: %s moved %+v", name, metric, step.Cause, step)
				}
			}
			if metric == "C01" {
				checkNamed(t, d.Steps[2].Items, e)
			}
		}
	}
}

// What a realignment retired is called so on the line of its own too, and an
// acceptance that comes late takes metres out of those that failed.
func TestDifferenceSaysWhatRetiresAndWhatPasses(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	line := orb.LineString{{105, 27}, {105.01, 27.004}, {105.02, 27}, {105.03, 27.004}}
	s := builtRoad(rnd, line, 0)
	s.Roads[0].CoRouted = nil
	o, e := planned(t, s, OperationRequest{Kind: "realign", Line: bypass(rnd, line, 60)})
	var retired int64
	for _, item := range explained(t, s, done(s, o), "C09", "").Steps[2].Items {
		if item.Why != "retired" {
			t.Errorf("%+v", item)
		}
		retired += item.Amount
	}
	if retired == 0 || retired != e.Retired {
		t.Errorf("named %d, retired %d", retired, e.Retired)
	}

	s = ruleCounty(t)
	reported(t, s, 1, StageAcceptance, 0, km, "2020-03-01")
	s.Inspections = []Inspection{{ID: 1, Road: 1, Version: 1, Span: mm(0, km), On: day(t, "2020-04-01"), Result: InspectionFail}}
	after := *s
	after.Progress = slices.Clone(s.Progress)
	late := reported(t, &after, 1, StageAcceptance, 0, 400_000, "2020-05-01")
	late.ID = "late"
	items := explained(t, s, &after, "C41", "").Steps[3].Items
	if len(items) != 1 || items[0].Why != "late_report" || !slices.Equal(items[0].Events, []string{"late"}) || items[0].Amount != -400_000 {
		t.Errorf("%+v", items)
	}
}

// checkNamed holds the items of the task against the pieces of the operation.
func checkNamed(t *testing.T, items []DifferenceItem, e *OperationEffect) {
	t.Helper()
	sums := map[string]int64{}
	for _, item := range items {
		sums[item.Why] += item.Amount
		if item.Center == nil || item.Name != "old road" {
			t.Errorf("%+v", item)
		}
	}
	if sums["retired"] != -e.Retired || sums["new"] != e.New {
		t.Errorf("named %v, the operation retires %d and adds %d", sums, e.Retired, e.New)
	}
}

// A small story: 10 m of a road of 60 were surfaced by day 50; a late report of
// day 40 adds 5, one of day 70 adds 20, one of those before is revoked.
func TestDifferenceNamesItsReports(t *testing.T) {
	s := &Snapshot{
		Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard, AsOf: 50,
		Roads:      []Road{{ID: 1, Name: "水塘寨路", Version: 1, Length: 60_000}},
		Programmes: []Programme{{ID: 1, Starts: 10, Deadline: 110, CompletingStage: StageSurface, Scope: []ScopeItem{{ID: 1, Road: 1, Version: 1, Span: chainage.Span{To: 60_000}}}}},
	}
	report := func(id string, on Date, from, to int64) Progress {
		return Progress{ID: id, Road: 1, Version: 1, Span: chainage.Span{From: from, To: to}, Stage: StageSurface, On: on}
	}
	s.Progress = []Progress{report("a", 20, 0, 10_000), report("wrong", 30, 50_000, 52_000)}
	after := *s
	after.AsOf = 80
	after.Progress = []Progress{report("a", 20, 0, 10_000), report("late", 40, 8_000, 15_000), report("new", 70, 15_000, 35_000)}
	d := explained(t, s, &after, "M02", "")
	type item struct {
		From, To string
		Amount   int64
		Why      string
		Events   string
	}
	got := map[Cause][]item{}
	for _, step := range d.Steps {
		for _, i := range step.Items {
			got[step.Cause] = append(got[step.Cause], item{i.LabelFrom, i.LabelTo, i.Amount, i.Why, strings.Join(i.Events, " ")})
		}
	}
	want := map[Cause][]item{
		CauseCorrections: {{"K0+010", "K0+015", 5_000, "late_report", "late"}, {"K0+050", "K0+052", -2_000, "revoked", "wrong"}},
		CauseWorks:       {{"K0+015", "K0+035", 20_000, "reported", "new"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if *d.TotalPP != 38.33 || *d.Steps[3].ValuePP != 5 || *d.Steps[4].ValuePP != 33.33 {
		t.Errorf("shown %v, steps %v and %v", *d.TotalPP, *d.Steps[3].ValuePP, *d.Steps[4].ValuePP)
	}
	if _, err := Explain(s, &after, "M02", "nowhere"); CodeOf(err) != NotFound {
		t.Errorf("a scope that there is not: %v", err)
	}
	if _, err := Explain(s, &after, "M14", ""); CodeOf(err) != Invalid {
		t.Errorf("a figure of another report: %v", err)
	}
}
