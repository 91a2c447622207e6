package main

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/planner"
	"github.com/qiantu/qiantu/planner/solve"
)

// maxCurveSteps is how many budgets a curve has at most, as over HTTP.
const maxCurveSteps = 20

var curveColumns = []string{
	"budget", "spent", "objective", "bound", "gap", "status", "unserved", "road_villages", "road_persons", "relocate_villages", "relocate_persons", "interim_persons", "review_persons",
}

// curve makes the joint plans between no money and the need, each in an equal
// share of the time, and writes a row for each: what more budget buys.
func (t *planTask) curve(ctx context.Context, env environment, a *planner.Assessment) error {
	var rows [][]string
	each := t.timeLimit / time.Duration(t.steps+1)
	add := func(budget []int64, row int64) (*planner.DecisionPlan, error) {
		p, err := t.curvePlan(ctx, env, a, budget, each)
		if err != nil {
			return nil, err
		}
		if row < 0 {
			row = p.Costs.Money + p.Supposed
		}
		rows = append(rows, curveRow(row, p))
		return p, nil
	}
	whole, err := add(nil, -1)
	if err != nil {
		return err
	}
	if whole.Status == solve.Infeasible {
		return planner.Errorf(planner.Invalid, "there is no plan even without a budget: %s", whole.Reason)
	}
	for _, budget := range planner.CurveBudgets(whole.Costs.Money+whole.Supposed, t.steps) {
		if _, err := add([]int64{budget}, budget); err != nil {
			return err
		}
	}
	rows = append(rows[1:], rows[0]) // by budget
	write := func(w io.Writer) error { return csv.NewWriter(w).WriteAll(append([][]string{curveColumns}, rows...)) }
	return writeTo(env, t.out, write)
}

func (t *planTask) curvePlan(ctx context.Context, env environment, a *planner.Assessment, budget []int64, each time.Duration) (p *planner.DecisionPlan, err error) {
	o, limits := t.decide, t.limits
	o.Budget = budget
	_, err = solving(ctx, env, &limits, each, func(ctx context.Context) error {
		o.Limits = limits
		p, err = t.decider(a)(ctx, o)
		return err
	})
	if planner.CodeOf(err) == planner.Invalid {
		err = usagef("%v", err)
	}
	return p, err
}

// curveRow is a plan in one row; what it has no figure for is empty.
func curveRow(budget int64, p *planner.DecisionPlan) []string {
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	row := []string{count(budget), count(p.Costs.Money + p.Supposed), plain(p.Objective), plain(p.Bound), plain(p.Gap()), string(p.Status)}
	if p.Status == solve.Infeasible {
		return append(row, make([]string, len(curveColumns)-len(row))...)
	}
	v, n := p.County.Villages, p.County.Persons
	return append(row, count(p.Costs.Unserved), count(v[planner.DecideRoad]), count(n[planner.DecideRoad]), count(v[planner.DecideRelocate]), count(n[planner.DecideRelocate]),
		count(n[planner.DecideInterim]), count(n[planner.DecideReview]))
}

// checkCurve refuses what a curve does not take.
func (t *planTask) checkCurve() error {
	switch {
	case t.kind != "curve" && t.steps != 0:
		return usagef("--steps belongs to plan curve")
	case t.kind != "curve":
		return nil
	case t.steps < 1 || t.steps > maxCurveSteps:
		return usagef("--steps %d: write a number from 1 to %d", t.steps, maxCurveSteps)
	case len(t.decide.Budget) > 0:
		return usagef("a curve has budgets of its own; leave --budget out, or ask for plan decide")
	case strings.HasSuffix(t.out, ".xlsx"):
		return usagef("plan curve writes CSV; name a file that ends in .csv")
	case t.json:
		return usagef("plan curve writes CSV; leave --json out")
	}
	return nil
}
