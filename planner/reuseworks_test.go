package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/geo/chainage"
)

// twoTasks is a road of 1 km that is the task of two programmes, the second of
// which begins on day 50, and a report of its first 400 m that names neither.
func twoTasks(on Date) *Snapshot {
	whole := []ScopeItem{{ID: 1, Road: 1, Version: 1, Span: chainage.Span{To: 1_000_000}}}
	return &Snapshot{
		Region: Region{Code: "county"}, AsOf: 100, Rules: DefaultRules(), Standard: testStandard,
		Roads: []Road{{ID: 1, Version: 1, Length: 1_000_000}},
		Programmes: []Programme{
			{ID: 1, Name: "first", Starts: 10, Deadline: 400, CompletingStage: StageSurface, Scope: whole},
			{ID: 2, Name: "second", Starts: 50, Deadline: 400, CompletingStage: StageSurface, Scope: whole},
		},
		Progress: []Progress{{ID: "one", Road: 1, Version: 1, Span: chainage.Span{To: 400_000}, Stage: StageSurface, On: on}},
	}
}

func completedBy(a *Assessment) (out []int64) {
	for _, p := range a.Programmes {
		out = append(out, p.Works[0].Claimed.Length())
	}
	return out
}

// The day of a report and the day a programme begins say whose metres they are;
// works are not taken over from before either was mended.
func TestDaysAreNotTakenOver(t *testing.T) {
	first, second := []int64{400_000, 0}, []int64{0, 400_000}
	sooner := twoTasks(40)
	sooner.Programmes[1].Starts = 40
	for _, c := range []struct {
		name        string
		was, is     *Snapshot
		before, now []int64
	}{
		{"the report's day", twoTasks(49), twoTasks(50), first, second},
		{"the report's day, back", twoTasks(50), twoTasks(49), second, first},
		{"the programme's start", twoTasks(40), sooner, first, second},
		{"the programme's start, back", sooner, twoTasks(40), second, first},
	} {
		old := Assess(c.was)
		if diff := cmp.Diff(c.before, completedBy(old)); diff != "" {
			t.Errorf("%s, before: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.now, completedBy(AssessAfter(old, c.is))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Metres whose only report is an acceptance that failed were begun: they are not
// accepted, not completed where that completes, and stand as failed.
func TestFailedMetresWereBegun(t *testing.T) {
	s := twoTasks(60)
	s.Programmes = s.Programmes[:1]
	s.Programmes[0].CompletingStage = StageAcceptance
	s.Progress[0].Stage = StageAcceptance
	s.Inspections = []Inspection{{ID: 1, Road: 1, Version: 1, Span: chainage.Span{From: 100_000, To: 300_000}, On: 70, Result: InspectionFail}}
	w := Assess(s).Programmes[0].Works[0]
	failed, all := chainage.Set{{From: 100_000, To: 300_000}}, chainage.Set{{To: 400_000}}
	for name, c := range map[string][2]chainage.Set{
		"begun": {w.Started, all}, "failed": {w.Failed, failed}, "accepted": {w.Accepted, all.Subtract(failed)}, "completed": {w.Completed, all.Subtract(failed)},
	} {
		if !c[0].Equal(c[1]) {
			t.Errorf("%s: %v, want %v", name, c[0], c[1])
		}
	}
	again := s.Progress[0]
	again.ID, again.On = "again", 71
	s.Progress = append(s.Progress, again)
	if w := Assess(s).Programmes[0].Works[0]; len(w.Failed) != 0 || !w.Completed.Equal(all) || !w.Started.Equal(all) {
		t.Errorf("accepted again: failed %v, completed %v, begun %v", w.Failed, w.Completed, w.Started)
	}
}
