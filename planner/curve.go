package planner

// Curve is how a programme's task was to be done and was done, day by day.
type Curve struct {
	Programme *Programme
	Township  string // empty: the whole programme
	Task      int64  // mm
	Starts    Date
	Deadline  Date
	Points    []CurvePoint // by day; the last is the snapshot's day
	Plan      []PlanMM     // the whole plan, to the deadline
}

// CurvePoint is the state at the end of a day. Started and Completed are the
// metres that count on the snapshot's day and had been reported by then.
type CurvePoint struct {
	On        Date
	Planned   int64 // mm
	Started   int64
	Completed int64
}

// PlanMM is what the plan wants by a day, in mm; between two it is linear.
type PlanMM struct {
	On      Date
	Planned int64
}

// curvePoints is how many points a curve has at most.
const curvePoints = 400

// Curve draws the S-curve of a programme, or of a township's part of it. A zero
// programme is the current one.
func (a *Assessment) Curve(programme ID, township string) (*Curve, error) {
	return nil, notYetBuilt("curve")
}
