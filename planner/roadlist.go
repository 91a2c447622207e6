package planner

import (
	"slices"

	"github.com/paulmach/orb"
)

// RoadQuery narrows the list of roads. Empty members do not narrow.
type RoadQuery struct {
	Programme   ID     // whose task; 0: the current programme's
	Township    string // lengths are those of the township's metres only, as in the report
	Village     ID     // metres of the task that are for that village
	Class       string // metres of that class
	Contract    ID     // metres of that contract alone
	State       string // not_started, doing, done, disputed, no_task
	Level       string // none, blue, yellow, orange, red
	Responsible string // part of it
	Drawn       *bool
	Q           string // part of the code or of either name
	Sort        string // a column of RoadRow in snake case, "-" before it for falling; empty: code
	Offset      int
	Limit       int // 0: all
}

// RoadList is a page of the list, with the sums over all that the query has.
type RoadList struct {
	Total int
	Sums  RoadSums
	Items []RoadRow
}

// RoadSums are lengths in mm. Planned is the task; what of it is completed,
// disputed and carried over is part of it.
type RoadSums struct {
	Planned   int64
	Started   int64
	Completed int64
	Disputed  int64
	CarryOver int64
}

// RoadRow is a road with its task.
type RoadRow struct {
	ID       ID
	Code     string
	Name     string
	NameEN   string
	Class    string
	Township string // the road's, else that of most of its segments' metres
	Length   int64  // mm
	RoadSums
	RatePPM     *int64       // completed in millionths of the task, rounded down; nil: no task
	PlanPPM     *int64       // planned share on the day
	State       string       // as in RoadQuery
	Level       WarningLevel // of the lag of this road
	HasTask     bool
	Responsible string // of the contract, else of the task
	Phone       string
	Contracts   []string // codes
	LastOn      Date     // of the latest report; zero: none
	LastBy      string
	Reports     int
	Drawn       bool
	Center      *orb.Point // nil: not drawn
	Bounds      orb.Bound
}

// Rate is completed of planned in per cent; nil: no task.
func (r *RoadRow) Rate() *float64 {
	if !r.HasTask {
		return nil
	}
	rate := float64(r.Completed) * 100 / float64(r.Planned)
	return &rate
}

// LagPP is how many percentage points the road is behind its plan, below zero
// when it is ahead; nil: no task.
func (r *RoadRow) LagPP() *float64 {
	if r.PlanPPM == nil {
		return nil
	}
	lag := float64(*r.PlanPPM)/1e4 - *r.Rate()
	return &lag
}

// Roads lists the roads of the county, those without a task as well, and routes
// that only a task names. Narrowed to a township, a class, a village or a
// contract the lengths are those of its metres, so that the sums are the
// figures of the report; without any they are the county's.
func (a *Assessment) Roads(q RoadQuery) *RoadList {
	l := &lister{a: a, q: q, programme: a.Current}
	if q.Programme != 0 {
		l.programme = slices.IndexFunc(a.Programmes, func(p ProgrammeWork) bool { return p.Programme.ID == q.Programme })
	}
	l.findWorkers()
	rows := l.rows()
	out := &RoadList{Total: len(rows)}
	for i := range rows {
		out.Sums.add(rows[i].RoadSums)
	}
	sortRoads(rows, q.Sort)
	rows = rows[min(max(q.Offset, 0), len(rows)):]
	if q.Limit > 0 {
		rows = rows[:min(q.Limit, len(rows))]
	}
	for i := range rows {
		if r := a.roads[rows[i].ID]; r != nil && rows[i].Drawn {
			rows[i].Bounds = r.Line.Bound()
			center := rows[i].Bounds.Center()
			rows[i].Center = &center
		}
	}
	out.Items = rows
	return out
}

func (s *RoadSums) add(o RoadSums) {
	s.Planned += o.Planned
	s.Started += o.Started
	s.Completed += o.Completed
	s.Disputed += o.Disputed
	s.CarryOver += o.CarryOver
}
