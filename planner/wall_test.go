package planner_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

func TestMomentsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := planner.Moment{AsOf: planner.Date(rapid.IntRange(0, 40_000).Draw(t, "day"))}
		if rapid.Bool().Draw(t, "pinned") || m.AsOf.IsZero() {
			m.KnownAt = time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano")).UTC()
		}
		back, err := planner.ParseMoment(m.String())
		if err != nil || back.AsOf != m.AsOf || !back.KnownAt.Equal(m.KnownAt) {
			t.Fatalf("%q is read as %q: %v", m, back, err)
		}
	})
	for _, s := range []string{"", "@", "2020-02-30", "2020-06-30@", "2020-06-30@yesterday", "yesterday", "@0001-01-01T00:00:00Z", "2020-06-30@2026-11-22T08:00:00Z@"} {
		if m, err := planner.ParseMoment(s); err == nil {
			t.Errorf("%q is read as %+v", s, m)
		}
	}
}

// walled is a county of n townships with a task of 100 km each, of which done
// is completed and a curve asks for half.
func walled(done []int64, duties ...planner.Duty) *planner.Snapshot {
	s := &planner.Snapshot{Region: planner.Region{Code: "c", Name: "county"}, AsOf: 1000, Rules: planner.DefaultRules(), Duties: duties}
	p := planner.Programme{ID: 1, Starts: 900, Deadline: 1100, CompletingStage: planner.StageSurface}
	for i, mm := range done {
		code, road := fmt.Sprintf("t%02d", i), planner.ID(i+1)
		s.Townships = append(s.Townships, planner.Region{Code: code, Name: "township " + code})
		s.Roads = append(s.Roads, planner.Road{ID: road, Version: 1, Length: 100_000_000, Township: code, Name: fmt.Sprint("road ", i+1)})
		p.Scope = append(p.Scope, planner.ScopeItem{ID: road, Road: road, Version: 1, Span: chainage.Span{To: 100_000_000}})
		if mm > 0 {
			s.Progress = append(s.Progress, planner.Progress{ID: fmt.Sprint(i), Road: road, Version: 1, Span: chainage.Span{To: mm}, Stage: planner.StageSurface, On: 950, Programme: 1})
		}
	}
	s.Programmes = []planner.Programme{p}
	return s
}

func wallOf(t interface{ Fatal(...any) }, s *planner.Snapshot) (*planner.Assessment, *planner.Wall) {
	a := planner.Assess(s)
	var reports []*planner.Report
	for _, kind := range planner.WallReports {
		r, err := a.Report(kind, planner.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	return a, a.Wall(reports)
}

// Whatever was done, the worst stands first, nothing is lost of what is left,
// and each level counts those that stand at it.
func TestTheWallSaysTheWorstFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		done := rapid.SliceOfN(rapid.Int64Range(0, 100_000_000), 1, 9).Draw(t, "done")
		_, w := wallOf(t, walled(done))
		var left, want int64
		var levels [5]int
		for _, mm := range done {
			want += 100_000_000 - mm
		}
		for i := range w.Townships {
			row := &w.Townships[i]
			left += row.Left()
			levels[row.Level]++
			if i > 0 && (w.Townships[i-1].Level < row.Level || w.Townships[i-1].Level == row.Level && w.Townships[i-1].LagPPM() < row.LagPPM()) {
				t.Fatalf("%s stands above %s", w.Townships[i-1].Code, row.Code)
			}
			if lag := float64(row.PlanPPM) - float64(row.Completed)/100; float64(row.LagPPM())-lag > 0 || lag-float64(row.LagPPM()) >= 1 {
				t.Fatalf("%s lags %d ppm, by its lengths %f", row.Code, row.LagPPM(), lag)
			}
		}
		if len(w.Townships) != len(done) || left != want || levels != w.Levels || *w.DaysLeft() != 100 {
			t.Fatalf("%d of %d townships, %d mm left of %d, levels %v of %v, %d days", len(w.Townships), len(done), left, want, w.Levels, levels, *w.DaysLeft())
		}
	})
}

func TestTheBriefSaysWhatToDecide(t *testing.T) {
	duties := []planner.Duty{
		{ID: 1, Level: planner.DutyCounty, Matter: planner.MatterAll, Person: "Long"}, {ID: 2, Level: planner.DutyCounty, Matter: planner.MatterRoad, Person: "Chen", Phone: "1"},
		{ID: 3, Level: planner.DutyTownship, Township: "t00", Matter: planner.MatterAll, Person: "Li"}, {ID: 4, Level: planner.DutyTownship, Township: "t01", Matter: planner.MatterWater, Person: "Wu"},
	}
	s := walled([]int64{5_000_000, 44_000_000, 60_000_000}, duties...)
	s.Disputes = []planner.Dispute{{ID: 1, Road: 3, Version: 1, Span: chainage.Span{To: 2_000_000}, Opened: 960, Decider: "bureau"}}
	a, w := wallOf(t, s)
	b := a.Brief(w)
	got := ""
	for _, d := range b.Decisions {
		got += fmt.Sprintf("%s %s %d %v; ", d.Code, d.Who, d.Count, d.Places)
	}
	const want = "act_red Chen 1 [township t00]; act_blue Chen 1 [township t01]; dispute bureau 1 [road 3]; nobody  2 [township t01 township t02]; "
	if got != want {
		t.Errorf("to decide:\n%s\nwant\n%s", got, want)
	}
	if len(b.Red) != 1 || b.Red[0].Holder.Person != "Li" || b.More() != 1 || b.Red[0].Level != planner.WarningRed {
		t.Errorf("red are %+v, and %d more", b.Red, b.More())
	}
	s.AsOf = 1101
	a, w = wallOf(t, s)
	if first := a.Brief(w).Decisions[0]; first.Code != "deadline" || first.Days != -1 || first.Count != 3 || first.Who != "Chen" {
		t.Errorf("after the deadline the first is %+v", first)
	}
	_, empty := wallOf(t, &planner.Snapshot{Region: planner.Region{Code: "c"}, Rules: planner.DefaultRules()})
	if empty.DaysLeft() != nil || len(empty.Townships) != 0 || empty.Programme != nil {
		t.Errorf("a county of nothing has the wall %+v", empty)
	}
}
