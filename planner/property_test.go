package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

const roadMM = 60 // roads of a random county are this long, so that each mm can be tried

func drawSpan(t *rapid.T) chainage.Span {
	from := rapid.Int64Range(0, roadMM-1).Draw(t, "from")
	return chainage.Span{From: from, To: rapid.Int64Range(from+1, roadMM).Draw(t, "to")}
}

// drawCounty is a random county: three roads of small segments with shares, two
// programmes, reports that overlap, disputes and co-routed spans.
func drawCounty(t *rapid.T) *Snapshot {
	s := &Snapshot{Region: Region{Code: "county"}, AsOf: 100, Rules: DefaultRules(), Standard: testStandard}
	for _, code := range []string{"T1", "T2", "T3"} {
		s.Townships = append(s.Townships, Region{Code: code, Name: code})
	}
	for id := ID(1); id <= 3; id++ {
		r := Road{ID: id, Version: 1, Class: "class4", Length: roadMM, Township: rapid.SampledFrom([]string{"", "T1", "T9"}).Draw(t, "home")}
		if rapid.Bool().Draw(t, "corouted") {
			r.CoRouted = chainage.NewSet(drawSpan(t))
		}
		s.Roads = append(s.Roads, r)
		drawSegments(t, s, &r)
	}
	for id, starts := range []Date{10, 50} {
		p := Programme{ID: ID(id + 1), Starts: starts, Deadline: starts + 200, CompletingStage: StageSurface}
		for i := rapid.IntRange(0, 4).Draw(t, "scopes"); i > 0; i-- {
			p.Scope = append(p.Scope, ScopeItem{ID: ID(i), Road: ID(rapid.IntRange(1, 3).Draw(t, "road")), Version: 1, Span: drawSpan(t)})
		}
		s.Programmes = append(s.Programmes, p)
	}
	for i := rapid.IntRange(0, 8).Draw(t, "events"); i > 0; i-- {
		s.Progress = append(s.Progress, Progress{
			ID: fmt.Sprint("e", i), Road: ID(rapid.IntRange(1, 3).Draw(t, "road")), Version: 1, Span: drawSpan(t),
			Stage: rapid.SampledFrom([]Stage{StageSurface, StageRoadbed}).Draw(t, "stage"), On: Date(rapid.IntRange(1, 99).Draw(t, "on")),
			Programme: ID(rapid.IntRange(0, 2).Draw(t, "programme")),
		})
	}
	for i := rapid.IntRange(0, 2).Draw(t, "disputes"); i > 0; i-- {
		s.Disputes = append(s.Disputes, Dispute{
			ID: ID(i), Road: ID(i), Version: 1, Span: drawSpan(t), Stage: rapid.SampledFrom([]Stage{"", StageRoadbed, StageSurface, StageDrainage}).Draw(t, "disputed"),
		})
	}
	return s
}

func drawSegments(t *rapid.T, s *Snapshot, r *Road) {
	for from := rapid.Int64Range(0, 20).Draw(t, "first"); from < roadMM; {
		to := min(roadMM, from+rapid.Int64Range(1, 40).Draw(t, "length"))
		seg := Segment{
			ID: ID(len(s.Segments) + 1), Road: r.ID, Version: 1, Span: chainage.Span{From: from, To: to}, Routable: true,
			Class:    rapid.SampledFrom([]string{"class3", "class4", "track"}).Draw(t, "class"),
			Township: rapid.SampledFrom([]string{"T1", "T2", "T3", "elsewhere"}).Draw(t, "township"),
			Built:    rapid.SampledFrom([]Built{BuiltNone, BuiltYes, BuiltUnknown}).Draw(t, "built"),
			Surface:  "gravel", AllSeason: Unknown,
		}
		if rapid.Bool().Draw(t, "boundary") {
			seg.OtherTownship, seg.OtherSharePPM = "T2", rapid.Int64Range(1, ppm-1).Draw(t, "share")
		}
		s.Segments = append(s.Segments, seg)
		from = to + rapid.Int64Range(0, 3).Draw(t, "gap")
	}
}

// bruteSums is what one millimetre after another gives.
type bruteSums struct{ scope, completed, carry, disputed int64 }

// brute judges every millimetre by itself, straight from the rules.
func brute(s *Snapshot, programme int) (sum bruteSums) {
	for _, r := range s.Roads {
		for at := int64(0); at < roadMM; at++ {
			if !inTask(s, programme, &r, at) {
				continue
			}
			sum.scope++
			claimed := claims(s, programme, &r, at)
			carried := programme == 1 && inTask(s, 0, &r, at) && claims(s, 0, &r, at)
			disputed := slices.ContainsFunc(s.Disputes, func(d Dispute) bool { return d.Road == r.ID && has(d.Span, at) && d.Stage != StageDrainage })
			switch {
			case disputed && (claimed || carried):
				sum.disputed++
			case carried:
				sum.carry++
			case claimed:
				sum.completed++
			}
		}
	}
	return sum
}

func has(s chainage.Span, at int64) bool { return s.From <= at && at < s.To }

func inTask(s *Snapshot, programme int, r *Road, at int64) bool {
	return !r.CoRouted.Contains(at) && slices.ContainsFunc(s.Programmes[programme].Scope, func(i ScopeItem) bool {
		return i.Road == r.ID && has(i.Span, at)
	})
}

func claims(s *Snapshot, programme int, r *Road, at int64) bool {
	for _, e := range s.Progress {
		if e.Road == r.ID && e.Stage == StageSurface && has(e.Span, at) && bruteOwner(s, &e, r, at) == programme {
			return true
		}
	}
	return false
}

// bruteOwner is the programme a report counts for at one place, -1 for none.
func bruteOwner(s *Snapshot, e *Progress, r *Road, at int64) int {
	if e.Programme != 0 {
		return int(e.Programme) - 1
	}
	first, second := inTask(s, 0, r, at), inTask(s, 1, r, at)
	switch {
	case second && (s.Programmes[1].Starts <= e.On || !first):
		return 1
	case first:
		return 0
	}
	return -1
}

func numerators(t testing.TB, figures []Figure, metric string) map[string]int64 {
	out := map[string]int64{}
	for _, f := range figures {
		if f.Metric == metric {
			if _, twice := out[f.Scope]; twice {
				t.Fatalf("%s at %s twice", metric, f.Scope)
			}
			out[f.Scope] = f.Numerator
		}
	}
	return out
}

func completionOf(t testing.TB, s *Snapshot, by string) []Figure {
	r, err := Assess(s).Report(ReportCompletion, ReportOptions{By: by})
	if err != nil {
		t.Fatal(err)
	}
	return r.Figures
}

// Completed length is the measure of a union: each millimetre once, as one sees
// by trying every millimetre; and every way of splitting it sums to the whole.
func TestCompletionIsTheMeasureOfAUnion(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawCounty(rt)
		towns, classes, programmes := completionOf(t, s, "township"), completionOf(t, s, "class"), completionOf(t, s, "programme")
		want := brute(s, 1)
		for metric, mm := range map[string]int64{
			"C01 planned_length": want.scope, "C03 completed_length": want.completed,
			"C05 carry_over_length": want.carry, "C06 disputed_length": want.disputed,
		} {
			if got := numerators(t, towns, metric)["county"]; got != mm {
				rt.Fatalf("%s: %d, millimetre by millimetre %d", metric, got, mm)
			}
			if got := numerators(t, programmes, metric)["programme:2"]; got != mm {
				rt.Fatalf("%s of the programme: %d, want %d", metric, got, mm)
			}
		}
		first := brute(s, 0)
		if got := numerators(t, programmes, "C03 completed_length")["programme:1"]; got != first.completed {
			rt.Fatalf("first programme: %d, millimetre by millimetre %d", got, first.completed)
		}
		for _, metric := range []string{"C01 planned_length", "C02 started_length", "C03 completed_length", "C04 remaining_length",
			"C05 carry_over_length", "C06 disputed_length", "C07 not_drawn_length", "C08 road_length"} {
			checkSplit(rt, metric, numerators(t, towns, metric), func(scope string) bool { return scope[0] == 'T' || strings.HasPrefix(scope, "unassigned") })
			checkSplit(rt, metric, numerators(t, classes, metric), func(scope string) bool { return strings.HasPrefix(scope, "class:") })
		}
		checkDenominators(rt, towns)
		checkSum(rt, s, numerators(t, towns, "C03 completed_length")["county"])
	})
}

func checkSplit(t *rapid.T, metric string, amounts map[string]int64, part func(string) bool) {
	var sum int64
	for scope, mm := range amounts {
		if part(scope) {
			sum += mm
		}
	}
	if sum != amounts["county"] {
		t.Fatalf("%s: parts sum to %d of %d: %v", metric, sum, amounts["county"], amounts)
	}
}

// weighedSlack is what the share of a boundary road may be off when it is
// weighed: a millimetre at each border of its pieces, here at most so many.
const weighedSlack = 50

// checkDenominators holds the rates of every scope against its task.
func checkDenominators(t *rapid.T, figures []Figure) {
	task := map[string]int64{}
	for _, f := range figures {
		if f.Metric == "C01 planned_length" {
			task[f.Scope] = f.Numerator
		}
	}
	for _, f := range figures {
		switch f.Metric {
		case "M01 start_rate", "M02 completion_rate", "M03 physical_progress", "M31 deviation":
			most := task[f.Scope]
			if f.Metric == "M03 physical_progress" {
				most += weighedSlack
			}
			if *f.Denominator != task[f.Scope] || f.Numerator > most {
				t.Fatalf("%s at %s: %d of %d, the task is %d", f.Metric, f.Scope, f.Numerator, *f.Denominator, task[f.Scope])
			}
		}
	}
}

// checkSum holds the union against the sum of what was reported.
func checkSum(t *rapid.T, s *Snapshot, completed int64) {
	var sum int64
	for _, e := range s.Progress {
		if e.Stage == StageSurface {
			sum += e.Span.Length()
		}
	}
	if completed > sum {
		t.Fatalf("completed %d of %d reported", completed, sum)
	}
}

// Every figure is the sum of its parts, on random counties too.
func TestPartsOfRandomCounties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { checkOwnParts(t, Assess(drawCounty(rt))) })
}

// Revoking a report never completes anything.
func TestRevokingNeverCompletes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawCounty(rt)
		if len(s.Progress) == 0 {
			return
		}
		s.Programmes = s.Programmes[:1]
		before := numerators(t, completionOf(t, s, ""), "C03 completed_length")["county"]
		less := *s
		i := rapid.IntRange(0, len(s.Progress)-1).Draw(rt, "revoked")
		less.Progress = slices.Delete(slices.Clone(s.Progress), i, i+1)
		if after := numerators(t, completionOf(t, &less, ""), "C03 completed_length")["county"]; after > before {
			rt.Fatalf("completed %d, after revoking %d", before, after)
		}
	})
}

// The order in which facts arrive changes nothing.
func TestOrderOfInputDoesNotMatter(t *testing.T) {
	want := everything(t, Assess(demoCounty(7, 40, 12)))
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(7, 40, 12)
		shuffle(rt, s.Townships)
		shuffle(rt, s.Villages)
		shuffle(rt, s.Roads)
		shuffle(rt, s.Segments)
		shuffle(rt, s.Programmes)
		shuffle(rt, s.Progress)
		shuffle(rt, s.Surveys)
		shuffle(rt, s.Water)
		for i := range s.Water {
			shuffle(rt, s.Water[i].Serves)
		}
		shuffle(rt, s.Sites)
		shuffle(rt, s.Moves)
		if diff := cmp.Diff(want, everything(t, Assess(s))); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func shuffle[T any](t *rapid.T, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := rapid.IntRange(0, i).Draw(t, "swap")
		list[i], list[j] = list[j], list[i]
	}
}

// everything writes all that comes out of an assessment.
func everything(t testing.TB, a *Assessment) string {
	var b strings.Builder
	for _, kind := range []ReportKind{ReportCompletion, ReportCoverage, ReportWater, ReportRelocation} {
		r, err := a.report(kind, ReportOptions{}, &opening{scope: everyScope})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Figures {
			value, whole := "-", "-"
			if f.Value != nil {
				value = fmt.Sprint(*f.Value)
			}
			if f.Denominator != nil {
				whole = fmt.Sprint(*f.Denominator)
			}
			fmt.Fprintln(&b, f.Metric, f.Scope, value, f.Numerator, whole, f.Unknown, f.Masked, f.Parts)
		}
	}
	for _, l := range a.Layers() {
		for _, f := range l.Features {
			fmt.Fprintln(&b, l.Name, f.ID, f.Geometry, f.Properties)
		}
	}
	rows, err := a.Distances(DistanceOptions{Metric: "s", Season: "wet", Nearest: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		fmt.Fprintln(&b, r.From, r.To, r.StraightMM, number(r.MM), number(r.MS))
	}
	return b.String()
}

func number(v *int64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(*v)
}

// A piece keeps its id while its segment and start stay, whatever happens
// beside it.
func TestPieceIDsAreStable(t *testing.T) {
	sc := newScenario(t)
	for _, line := range []string{"grid 1000", "|A---B", "road 1 AB length=4", "programme 1 2020-01-01..2020-12-31", "scope 1 road=1 0-4", "progress a road=1 0-1"} {
		sc.line = line
		sc.read(line)
	}
	sc.finish()
	before := Assess(sc.s).Pieces
	sc.read("progress b road=1 2-3")
	after := Assess(sc.s).Pieces
	if len(before) != 2 || len(after) != 4 {
		t.Fatalf("%d pieces, then %d", len(before), len(after))
	}
	if before[0].ID != after[0].ID || before[1].ID != after[1].ID || after[1].ID == after[2].ID {
		t.Errorf("ids %d %d, then %d %d %d", before[0].ID, before[1].ID, after[0].ID, after[1].ID, after[2].ID)
	}
	if after[0].ID >= 1<<53 {
		t.Errorf("id %d is too great for a browser", after[0].ID)
	}
}

// Nothing panics on what cannot be measured.
func TestBadInput(t *testing.T) {
	nan := orb.Point{0, 95}
	s := &Snapshot{
		Villages: []Village{{ID: 1, Point: nan}},
		Roads:    []Road{{ID: 1, Length: 10, Line: orb.LineString{nan, {1, 1}}}, {ID: 2}},
		Segments: []Segment{{ID: 1, Road: 1, Span: chainage.Span{From: 5, To: 2}, Line: orb.LineString{nan, {1, 1}}}, {ID: 2, Road: 9, Version: 3, Span: chainage.Span{To: 4}}},
		Sites:    []Site{{ID: 1, Gate: nan}}, Moves: []Move{{ID: 1, Village: 1, Site: 1, Persons: 5}, {ID: 2, Village: 9, Site: 9}},
		Progress:   []Progress{{ID: "a", Road: 77, Span: chainage.Span{To: 5}, Stage: "nonsense"}},
		Programmes: []Programme{{ID: 1, Scope: []ScopeItem{{Road: 78, Span: chainage.Span{To: 5}}}}},
	}
	a := Assess(s)
	checkParts(t, a)
	if layers := a.Layers(); len(layers) != len(LayerNames) {
		t.Errorf("%d layers", len(layers))
	}
}
