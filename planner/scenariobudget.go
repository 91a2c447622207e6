package planner

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/qiantu/qiantu/planner/solve"
)

// DecideSupposed makes the joint plan under the question with what the question
// builds in it: its roads are paid for first, from the first year on, and what
// is left of the budget is for the plan. Of the least cost they are part of
// objective and bound, so that plans under different questions can be held
// beside each other; Costs are without them. Roads beyond the whole budget are
// [solve.Infeasible]. The Options are those given.
func (a *Assessment) DecideSupposed(ctx context.Context, o DecideOptions) (*DecisionPlan, error) {
	o, err := o.filled(&a.Snapshot.Rules)
	if err != nil {
		return nil, err
	}
	roads, err := a.SupposedRoads(o)
	if err != nil {
		return nil, err
	}
	left := o
	var short int64
	if left.Budget, short = paid(o.Budget, roads.Yuan); short > 0 {
		reason := fmt.Sprintf("the roads that the scenario supposes cost %d yuan, %d more than the whole budget; raise the budget, or take some of them back", roads.Yuan, short)
		return &DecisionPlan{Options: o, Outcome: solve.Outcome{Status: solve.Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}, Supposed: roads.Yuan}, nil
	}
	p, err := a.Decide(ctx, left)
	if err != nil {
		return nil, err
	}
	p.Supposed = roads.Yuan
	if p.Options.Budget = o.Budget; o.Objective == solve.LeastCost {
		p.Objective, p.Bound = p.Objective+float64(roads.Yuan), p.Bound+float64(roads.Yuan)
	}
	return p, nil
}

// paid takes yuan off the first years of a budget, and gives what it does not
// pay for. No budget pays for all.
func paid(budget []int64, yuan int64) (left []int64, short int64) {
	if len(budget) == 0 {
		return nil, 0
	}
	left = slices.Clone(budget)
	for i := range left {
		part := min(left[i], yuan)
		left[i], yuan = left[i]-part, yuan-part
	}
	return left, yuan
}
