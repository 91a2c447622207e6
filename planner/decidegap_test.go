package planner

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// The gap as an amount reaches from the bound to the plan, and no further than
// one yuan or person beyond: found by trial.
func TestGapWorth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := DecisionPlan{Options: DecideOptions{Objective: solve.LeastCost, YuanPerPerson: rapid.Int64Range(1, 200).Draw(rt, "each")}}
		p.Bound = float64(rapid.Int64Range(-2, 40_000).Draw(rt, "bound"))
		p.Objective = p.Bound + float64(rapid.Int64Range(0, 90_000).Draw(rt, "apart"))/8
		worth := p.GapWorth()
		least := int64(0)
		for p.Bound+float64(least) < p.Objective {
			least++
		}
		heads := int64(0)
		for heads*10*p.Options.YuanPerPerson < least {
			heads++
		}
		if *worth.Yuan != least || *worth.Persons != heads {
			rt.Fatalf("%d yuan, %d persons between %v and %v at %d each; want %d, %d", *worth.Yuan, *worth.Persons, p.Bound, p.Objective, p.Options.ReviewPerPerson(), least, heads)
		}
		p.Options.Objective = solve.LeastUnserved
		if worth := p.GapWorth(); worth.Yuan != nil || *worth.Persons != least {
			rt.Fatalf("persons minimised: %+v, want %d persons", worth, least)
		}
	})
	for _, p := range []DecisionPlan{
		{Outcome: solve.Outcome{Objective: math.Inf(1), Bound: 3}}, {Outcome: solve.Outcome{Objective: 3, Bound: math.Inf(-1)}}, {Outcome: solve.Outcome{Objective: math.NaN()}}} {
		if worth := p.GapWorth(); worth != (GapWorth{}) {
			t.Errorf("%v, %v: %+v", p.Objective, p.Bound, worth)
		}
	}
}
