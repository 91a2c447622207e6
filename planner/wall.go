package planner

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Moment is a day in the world and an instant of what was known: what a wall is
// pinned to, so that it says what the paper in hand says. A bulletin is one.
type Moment struct {
	AsOf    Date      // zero: the county's data date
	KnownAt time.Time // zero: the present belief
}

// momentMark parts the day and the instant of a moment written as text.
const momentMark = "@"

// ParseMoment reads "2020-06-30", "2020-06-30@2026-11-22T08:00:00Z" or
// "@2026-11-22T08:00:00Z".
func ParseMoment(s string) (Moment, error) {
	day, known, pinned := strings.Cut(s, momentMark)
	var m Moment
	var err error
	if day != "" || !pinned {
		if m.AsOf, err = ParseDate(day); err != nil || m.AsOf.IsZero() {
			return Moment{}, Errorf(Invalid, "%.40q is no moment; write a day, or a day and what was known: 2020-06-30@2026-11-22T08:00:00Z", s)
		}
	}
	if pinned {
		if m.KnownAt, err = time.Parse(time.RFC3339, known); err != nil || m.KnownAt.IsZero() {
			return Moment{}, Errorf(Invalid, "%.40q is no moment; write a day, or a day and what was known: 2020-06-30@2026-11-22T08:00:00Z", s)
		}
		m.KnownAt = m.KnownAt.UTC()
	}
	return m, nil
}

// String writes a moment as [ParseMoment] reads it; the zero Moment is empty.
func (m Moment) String() string {
	out := ""
	if !m.AsOf.IsZero() {
		out = m.AsOf.String()
	}
	if !m.KnownAt.IsZero() {
		out += momentMark + m.KnownAt.UTC().Format(time.RFC3339Nano)
	}
	return out
}

// Wall is a county at a glance: what a leader sees from five metres.
type Wall struct {
	Snapshot  *Snapshot
	Programme *Programme // the one that roads and townships speak of; nil: none
	Figures   []WallFigure
	Townships []WallTownship // of those with a task, the worst first
	Levels    [WarningRed + 1]int
	Gaps      []WallFigure
	Holder    *Duty // of the county's roads; nil: nobody is named
}

// WallFigure is one figure of a report under the name that the wall has for it.
type WallFigure struct {
	Name   string
	Kind   ReportKind
	Figure *Figure // nil: the county has none
}

// WallTownship is a row of the table of townships.
type WallTownship struct {
	Standing
	Reasons []string // of warnings made by hand
	Gap     *Figure  // villages there that are connected, of all; nil: none are
	Holder  *Duty    // nil: nobody is named
}

// Left is what is not completed, in millimetres; never below zero.
func (s *Standing) Left() int64 { return max(0, s.Planned-s.Completed) }

// LagPPM is how far the completed share is behind the planned one, in parts per
// million, rounded down; negative: ahead. Zero without a task.
func (s *Standing) LagPPM() int64 {
	if !s.HasTask() {
		return 0
	}
	return s.PlanPPM - ppmOf(s.Completed, s.Planned)
}

// ppmOf is part / whole in parts per million, rounded up; whole is positive.
func ppmOf(part, whole int64) int64 {
	return part/whole*ppm + (part%whole*ppm+whole-1)/whole
}

// DaysLeft counts the days from the snapshot's to the programme's deadline;
// negative: it has passed. Nil: there is no programme.
func (w *Wall) DaysLeft() *int64 {
	if w.Programme == nil {
		return nil
	}
	days := int64(w.Programme.Deadline - w.Snapshot.AsOf)
	return &days
}

// wallFigures are the four big figures, and the gaps beneath them.
var wallFigures, wallGaps = []WallFigure{
	{"road", ReportCompletion, nil}, {"reach", ReportCoverage, nil}, {"water", ReportCoverage, nil}, {"moved", ReportRelocation, nil},
}, []WallFigure{
	{"not_connected", ReportCoverage, nil}, {"unsafe_water", ReportCoverage, nil}, {"unsurveyed_water", ReportCoverage, nil}, {"gap_cost", ReportCoverage, nil},
}

// wallMetrics says which metrics may stand for a figure, the first that the
// report has.
var wallMetrics = map[string][]string{
	"road": {"completion_rate"}, "reach": {"connected_rate"}, "water": {"safe_water_rate"}, "moved": {"move_in_rate", "moved_in_persons"},
	"not_connected": {"villages_not_connected"}, "unsafe_water": {"villages_without_safe_water"}, "unsurveyed_water": {"water_unsurveyed"}, "gap_cost": {"water_gap_cost"},
}

// WallReports are the reports that a wall is made of.
var WallReports = []ReportKind{ReportCompletion, ReportCoverage, ReportRelocation}

// Wall puts a county's standing, its reports and its duties together; the
// reports are those of [WallReports], by township.
func (a *Assessment) Wall(reports []*Report) *Wall {
	w := &Wall{Snapshot: a.Snapshot, Holder: a.Snapshot.DutyOf("", MatterRoad)}
	if a.Current >= 0 {
		w.Programme = a.Programmes[a.Current].Programme
	}
	w.Figures, w.Gaps = pickFigures(wallFigures, reports, a.Snapshot.Region.Code), pickFigures(wallGaps, reports, a.Snapshot.Region.Code)
	for _, s := range a.Townships {
		if !s.HasTask() {
			continue
		}
		row := WallTownship{Standing: s, Holder: a.Snapshot.DutyOf(s.Code, MatterRoad), Gap: figureOf(reports, ReportCoverage, "connected_rate", s.Code)}
		if s.Code == a.unassigned() { // the county's code is no place of its duties
			row.Holder = nil
		}
		for _, x := range s.warnings {
			row.Reasons = append(row.Reasons, x.Reason)
		}
		w.Levels[s.Level]++
		w.Townships = append(w.Townships, row)
	}
	slices.SortStableFunc(w.Townships, func(x, y WallTownship) int {
		return cmp.Or(cmp.Compare(y.Level, x.Level), cmp.Compare(y.LagPPM(), x.LagPPM()), cmp.Compare(y.Left(), x.Left()), cmp.Compare(x.Code, y.Code))
	})
	return w
}

func pickFigures(names []WallFigure, reports []*Report, scope string) []WallFigure {
	out := slices.Clone(names)
	for i := range out {
		for _, metric := range wallMetrics[out[i].Name] {
			if out[i].Figure = figureOf(reports, out[i].Kind, metric, scope); out[i].Figure != nil {
				break
			}
		}
	}
	return out
}

// figureOf finds a figure by the name of its metric, without its number.
func figureOf(reports []*Report, kind ReportKind, metric, scope string) *Figure {
	for _, r := range reports {
		if r.Kind != kind {
			continue
		}
		for i := range r.Figures {
			f := &r.Figures[i]
			if _, name, _ := strings.Cut(f.Metric, " "); name == metric && f.Scope == scope {
				return f
			}
		}
	}
	return nil
}
