package solve

import "math"

// Status says how a solver ended.
type Status string

// What a solver may end with.
const (
	Optimal    Status = "optimal"    // no better answer exists: the bound meets the objective
	Feasible   Status = "feasible"   // the gap that was asked for is proven, or the solver has no more to try
	Infeasible Status = "infeasible" // no answer exists; the reason says why
	Stopped    Status = "stopped"    // the context was done first; the best so far, if any, with its true bound
)

// Limits steer a solver that proves its answer step by step. Its time limit is
// the deadline of its context: what was found until then is kept. The zero value
// asks for a proof of the optimum on one thread.
type Limits struct {
	Gap     float64 // enough, as in [Outcome.Gap]
	Seed    uint64  // of whatever is drawn; the same one gives the same answer
	Threads int     // 0: one

	// Progress is told of every better objective and bound, from one goroutine at a
	// time. Nil: nobody wants to know.
	Progress func(Outcome)
}

// Outcome is what a solver says beside its answer. Objective and Bound are in
// the unit of the costs given.
type Outcome struct {
	Status    Status
	Objective float64 // of the answer; +Inf (when minimising): there is none yet
	Bound     float64 // no answer is better than this
	Reason    string  // of an infeasible one, in a sentence that names what does not fit
	Nodes     int     // of the search tree; 0: no branching was needed
}

// Gap is |objective - bound| / max(1, |objective|); +Inf without an answer.
func (o *Outcome) Gap() float64 {
	if math.IsInf(o.Objective, 0) || math.IsInf(o.Bound, 0) {
		return math.Inf(1)
	}
	return math.Abs(o.Objective-o.Bound) / max(1, math.Abs(o.Objective))
}
