package planner

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// What the question builds and what the plan spends are within the budget
// together, year by year, and both are in the objective.
func TestSupposedRoadsAreWithinTheBudget(t *testing.T) {
	var over, within int
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		o.Budget, o.Objective = nil, solve.LeastCost
		var edits []Edit
		for _, c := range decided(t, a, o).Candidates {
			for _, s := range c.Segments {
				if len(edits) < 3 {
					edits = append(edits, Edit{Do: EditBuild, Segment: s})
				}
			}
		}
		asked, err := a.Ask(context.Background(), Question{Edits: edits})
		if err != nil {
			t.Fatal(err)
		}
		roads, err := asked.SupposedRoads(o)
		if err != nil {
			t.Fatal(err)
		}
		all := roads.Yuan + decided(t, asked, o).Costs.Money
		o.Budget = rapid.SliceOfN(rapid.Int64Range(0, all), 1, 3).Draw(t, "budget")
		p, err := asked.DecideSupposed(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		var budget int64
		for _, b := range o.Budget {
			budget += b
		}
		if roads.Yuan > budget {
			over++
			if p.Status != solve.Infeasible || len(p.Villages) > 0 {
				t.Fatalf("roads of %d yuan in a budget of %d: %s", roads.Yuan, budget, p.Status)
			}
			return
		}
		if p.Status == solve.Infeasible {
			return
		}
		within++
		spent, have := roads.Yuan, int64(0)
		for i := range p.Years {
			spent, have = spent+p.Years[i].Spent, have+o.Budget[i]
			if p.Years[i].Spent > 0 && spent > have {
				t.Fatalf("up to year %d %d yuan are spent of %d", i+1, spent, have)
			}
		}
		o.Budget, _ = paid(o.Budget, roads.Yuan)
		if plain := decided(t, asked, o); math.Abs(p.Objective-plain.Objective-float64(roads.Yuan)) > 0.5 || p.Bound > p.Objective+0.5 {
			t.Fatalf("objective %v (bound %v) is not %v and roads of %d", p.Objective, p.Bound, plain.Objective, roads.Yuan)
		}
	})
	if over == 0 || within == 0 {
		t.Errorf("%d budgets were too small, %d were not", over, within)
	}
}
