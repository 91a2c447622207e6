package sample

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// finished are drawn routes of the programme that are completed from end to
// end, in one version, uncontested.
func finished(t *testing.T, s *planner.Snapshot, count int) []planner.Road {
	t.Helper()
	surfaced := map[planner.ID][]chainage.Span{}
	for _, p := range s.Progress {
		if p.Stage == planner.StageSurface {
			surfaced[p.Road] = append(surfaced[p.Road], p.Span)
		}
	}
	var out []planner.Road
	for _, item := range s.Programmes[hamletProgramme-1].Scope {
		r := s.Roads[item.Road-1]
		if len(r.Line) > 8 && r.Calibration.Marks() == nil && chainage.NewSet(surfaced[r.ID]...).Length() == r.Length && !isDisputed(s, r.ID) {
			out = append(out, r)
		}
	}
	if len(out) < count {
		t.Fatalf("%d routes are finished", len(out))
	}
	return out[:count]
}

func isDisputed(s *planner.Snapshot, road planner.ID) bool {
	for _, d := range s.Disputes {
		if d.Road == road {
			return true
		}
	}
	return false
}

// moved pulls the middle of a line aside, so little that it meets itself nowhere.
func moved(line orb.LineString) orb.LineString {
	out := line.Clone()
	for k := len(out)/2 - 1; k <= len(out)/2+1; k++ {
		out[k][1] += 0.0005
	}
	return out
}

// beyond is where a line goes on straight for as long as its last piece.
func beyond(line orb.LineString) orb.LineString {
	end, before := line[len(line)-1], line[len(line)-2]
	return orb.LineString{end, {2*end[0] - before[0], 2*end[1] - before[1]}}
}

// What the planner works out the store takes, and what comes back has lost the
// completed metres that were retired, and no other.
func TestOperationsGoThroughTheStore(t *testing.T) {
	s := storeCounty(t, county(1))
	on := day("2020-06-20")
	read := func() *planner.Snapshot {
		snap, err := s.store.Snapshot(t.Context(), planner.SnapshotQuery{Region: hezhang.code})
		if err != nil {
			t.Fatal(err)
		}
		return snap
	}
	completed := func(snap *planner.Snapshot) int64 {
		report, err := planner.Assess(snap).Report(planner.ReportCompletion, planner.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Figures {
			if f.Metric+" "+f.Scope == "C03 completed_length "+hezhang.code {
				return f.Numerator
			}
		}
		t.Fatal("no completed length")
		return 0
	}
	snap := read()
	roads := finished(t, snap, 6)
	half := roads[1].Length / 2
	for _, c := range []struct {
		request planner.OperationRequest
		slack   int64 // mm that what is carried may be stretched
	}{
		{planner.OperationRequest{Kind: "reverse", Road: roads[0].ID}, 0},
		{planner.OperationRequest{Kind: "split", Road: roads[1].ID, At: &half, Name: "后段"}, 0},
		{planner.OperationRequest{Kind: "shorten", Road: roads[2].ID, Spans: []chainage.Span{{From: 0, To: 200_000}}}, 0},
		{planner.OperationRequest{Kind: "realign", Road: roads[3].ID, Line: moved(roads[3].Line)}, 2_000},
		{planner.OperationRequest{Kind: "realign", Road: roads[4].ID, Line: moved(roads[4].Line), AddToTask: true}, 2_000},
		{planner.OperationRequest{Kind: "extend", Road: roads[5].ID, Line: beyond(roads[5].Line)}, 0},
	} {
		c.request.On, c.request.Reason, c.request.By = on, "试", "bureau"
		before := completed(snap)
		operation, effect, err := planner.Assess(snap).PlanOperation(c.request)
		if err != nil || operation == nil {
			t.Fatalf("%s: %v", c.request.Kind, err)
		}
		if _, _, err := s.store.Operate(t.Context(), hezhang.code, operation); err != nil {
			t.Fatalf("%s: %v", c.request.Kind, err)
		}
		snap = read()
		after := completed(snap)
		if off := before - effect.Completed.Retired - after; off < -c.slack || off > c.slack {
			t.Errorf("%s: %d mm were completed, %d are retired, %d are left: %d mm astray", c.request.Kind, before, effect.Completed.Retired, after, off)
		}
		if c.request.Kind == "realign" && effect.Completed.Retired == 0 {
			t.Errorf("the realignment retired nothing")
		}
	}
	if len(snap.Versions) != len(snap.Roads)+1+6 { // the demo's own, and one for each deed
		t.Errorf("%d versions of %d roads", len(snap.Versions), len(snap.Roads))
	}
}
