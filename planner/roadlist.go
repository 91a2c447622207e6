package planner

import "github.com/paulmach/orb"

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
	Q           string // part of the code or the name
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

// Roads lists the roads of the county.
func (a *Assessment) Roads(q RoadQuery) *RoadList {
	return &RoadList{}
}
