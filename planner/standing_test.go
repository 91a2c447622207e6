package planner

import "testing"

// The plan curve: linear without points; between points linear too, beginning
// with nothing on the first day and ending with everything on the deadline; a
// township's own points before everybody's.
func TestPlannedShare(t *testing.T) {
	p := &Programme{Starts: 100, Deadline: 200}
	s := &Programme{Starts: 100, Deadline: 200, Plan: []PlanPoint{
		{On: 150, SharePPM: 200_000}, {On: 120, SharePPM: 100_000},
		{Township: "T1", On: 150, SharePPM: 900_000}, {Township: "T1", On: 300, SharePPM: 1},
	}}
	for _, k := range []struct {
		p        *Programme
		township string
		on       Date
		want     int64
	}{
		{p, "", 99, 0}, {p, "", 100, 0}, {p, "", 125, 250_000}, {p, "T1", 150, 500_000}, {p, "", 200, ppm}, {p, "", 999, ppm},
		{s, "", 50, 0}, {s, "", 110, 50_000}, {s, "", 120, 100_000}, {s, "", 135, 150_000}, {s, "", 150, 200_000},
		{s, "", 175, 600_000}, {s, "", 200, ppm}, {s, "T2", 150, 200_000}, {s, "T1", 150, 900_000}, {s, "T1", 125, 450_000}, {s, "T1", 250, ppm},
	} {
		if got := PlannedShare(k.p, k.township, k.on); got != k.want {
			t.Errorf("%q on day %d: %d, want %d", k.township, k.on, got, k.want)
		}
	}
}

// Each step begins exactly at its lag; nothing is lost in rounding.
func TestLagLevel(t *testing.T) {
	p := &Programme{Starts: 1, Deadline: 200}
	steps := DefaultRules().WarningStepsPPM
	for _, k := range []struct {
		plan, done int64 // of a task of 3 million km, in ppm
		want       WarningLevel
	}{
		{500_000, 500_000, WarningNone}, {500_000, 450_001, WarningNone}, {500_000, 450_000, WarningBlue},
		{500_000, 400_001, WarningBlue}, {500_000, 400_000, WarningYellow}, {500_000, 300_000, WarningOrange},
		{500_000, 200_001, WarningOrange}, {500_000, 200_000, WarningRed}, {0, 0, WarningNone}, {40_000, 0, WarningNone}, {500_000, 2_000_000, WarningNone},
	} {
		s := &Standing{Planned: 3_000_000_000_000, Completed: 3_000_000 * k.done, PlanPPM: k.plan}
		if got := lagLevel(s, p, 100, steps); got != k.want {
			t.Errorf("plan %d, done %d: level %d, want %d", k.plan, k.done, got, k.want)
		}
		if late := lagLevel(s, p, 201, steps); (late == WarningRed) != (k.done < ppm) {
			t.Errorf("after the deadline with %d: level %d", k.done, late)
		}
	}
}

// Ranks are shared by equals, the longer length goes first among equal rates.
func TestRank(t *testing.T) {
	units := []Standing{{Planned: 10, Completed: 5}, {Planned: 0}, {Planned: 20, Completed: 10}, {Planned: 10, Completed: 5}, {Planned: 3, Completed: 3}, {Planned: 9}}
	rank(units)
	for i, want := range []int{3, 0, 2, 3, 1, 5} {
		if units[i].Rank != want {
			t.Errorf("unit %d: rank %d, want %d", i, units[i].Rank, want)
		}
	}
}
