package planner

import (
	"math"

	"github.com/qiantu/qiantu/planner/solve"
)

// GapWorth is the gap of a plan as an amount: what a better plan could at most
// take off the objective. Nil: not known, or the objective is not of that kind.
type GapWorth struct {
	Yuan    *int64 // objective less bound, rounded up; nil where persons are minimised, whose money has no bound
	Persons *int64 // so many handed up have that price, rounded up; where persons are minimised: objective less bound
}

// GapWorth is the gap of the plan in yuan and in persons.
func (p *DecisionPlan) GapWorth() GapWorth {
	apart := math.Ceil(p.Objective - p.Bound - 1e-6)
	if !(apart < 1<<53) { // also of what has no value
		return GapWorth{}
	}
	n := int64(max(apart, 0))
	if p.Options.Objective == solve.LeastUnserved {
		return GapWorth{Persons: &n}
	}
	out := GapWorth{Yuan: &n}
	if each := p.Options.ReviewPerPerson(); each > 0 {
		persons := (n + each - 1) / each
		out.Persons = &persons
	}
	return out
}

// ReviewPerPerson is the price, in yuan, at which a plan for least cost hands a
// person up. A village whose road or move costs more than that has a higher one.
func (o *DecideOptions) ReviewPerPerson() int64 { return reviewTimes * o.YuanPerPerson }
