package planner

import (
	"cmp"
	"context"
	"errors"
	"math"

	"github.com/qiantu/qiantu/planner/solve"
)

// DecideInterim is a decision of the joint plan only: the village stays, is
// served otherwise for the time being, and looked at again.
const DecideInterim Decision = "interim"

// Decisions lists them in the order in which they are counted.
var Decisions = []Decision{DecideConnected, DecideRoad, DecideRelocate, DecideInterim, DecideReview}

// DecideOptions are the prices and limits of a joint plan. The zero value asks
// for the least total cost at default prices without a budget, proven.
type DecideOptions struct {
	YuanPerKM      int64        // of a hamlet road (classes of [RoadCostLow]); dearer classes in proportion; 0: the rules'
	YuanPerPerson  int64        // who moves; 0: that of Prices
	Prices         *LocalPrices // of moves, and the ratios of the local rule; nil: the defaults. Its RoadFenPerKM is not used
	UpkeepPerKM    *int64       // yuan a year; nil: 3,000. Counted as its present value over 20 years at 4 %
	HaulPerKM      *int64       // yuan to bring a person a kilometre of the way to the site; nil: 10
	LeavePerPerson *int64       // price in yuan on leaving the published plan; nil: 6,000
	InterimPerHead int64        // yuan to serve a person in the interim; 0: none is offered
	Budget         []int64      // yuan by year, what is left carried over; one: in total; none: no limit
	Objective      solve.DecideObjective
	Limits         solve.Limits
}

// The defaults of a joint plan that the domain page does not give; assumptions
// of this project.
const (
	DefaultUpkeepPerKM    = 3_000
	DefaultHaulPerKM      = 10
	DefaultLeavePerPerson = 6_000
	upkeepYearsPPM        = 13_590_326 // a yuan a year for 20 years at 4 % is worth so much now, in ppm
	reviewTimes           = 10         // handing a person up is priced at so many times moving one
)

// Bounds on what may be asked: far above anything real, low enough that no sum
// overflows.
const (
	mostYuan           = 1_000_000_000
	mostVillagePersons = 1_000_000
	mostYears          = 50
	mostBudget         = 1_000_000_000_000_000
)

// filled checks the options and fills in what is not given.
func (o DecideOptions) filled(r *Rules) (DecideOptions, error) {
	fill := func(p **int64, value int64) {
		if *p == nil {
			*p = &value
		}
	}
	fill(&o.UpkeepPerKM, DefaultUpkeepPerKM)
	fill(&o.HaulPerKM, DefaultHaulPerKM)
	fill(&o.LeavePerPerson, DefaultLeavePerPerson)
	prices := DefaultLocalPrices()
	if o.Prices != nil {
		prices = *o.Prices
	}
	if o.YuanPerKM == 0 {
		o.YuanPerKM = yuanUp(r.perKM(""))
	}
	if o.YuanPerPerson == 0 {
		o.YuanPerPerson = prices.MovePerPerson / 100
	}
	if o.Objective == "" {
		o.Objective = solve.LeastCost
	}
	for _, v := range []struct {
		name string
		yuan int64
	}{
		{"yuan per km", o.YuanPerKM}, {"yuan per person", o.YuanPerPerson}, {"upkeep per km", *o.UpkeepPerKM}, {"haul per km", *o.HaulPerKM},
		{"price of leaving the plan", *o.LeavePerPerson}, {"interim per person", o.InterimPerHead},
		{"award per household", prices.MovePerHouse / 100}, {"follow-up per person", prices.FollowUp / 100}, {"reclaimed land per household", prices.ReclaimedPer / 100},
	} {
		if v.yuan < 0 || v.yuan > mostYuan {
			return o, Errorf(Invalid, "%s is %d yuan; write a number from 0 to %d", v.name, v.yuan, mostYuan)
		}
	}
	prices.MovePerPerson, prices.RoadFenPerKM = o.YuanPerPerson*100, o.YuanPerKM*100
	o.Prices = &prices
	return o, o.check()
}

// Over lays options over others: what is zero or nil of the first is taken from
// the second. The limits are those of the first.
func (o DecideOptions) Over(under DecideOptions) DecideOptions {
	o.YuanPerKM, o.YuanPerPerson = cmp.Or(o.YuanPerKM, under.YuanPerKM), cmp.Or(o.YuanPerPerson, under.YuanPerPerson)
	o.InterimPerHead, o.Prices = cmp.Or(o.InterimPerHead, under.InterimPerHead), cmp.Or(o.Prices, under.Prices)
	o.UpkeepPerKM, o.HaulPerKM = cmp.Or(o.UpkeepPerKM, under.UpkeepPerKM), cmp.Or(o.HaulPerKM, under.HaulPerKM)
	o.LeavePerPerson, o.Objective = cmp.Or(o.LeavePerPerson, under.LeavePerPerson), cmp.Or(o.Objective, under.Objective)
	if o.Budget == nil { // an empty one is no limit
		o.Budget = under.Budget
	}
	return o
}

// Check refuses what no plan can be made with, under a county's rules.
func (o DecideOptions) Check(r *Rules) error {
	_, err := o.filled(r)
	return err
}

func (o *DecideOptions) check() error {
	if o.Objective != solve.LeastCost && o.Objective != solve.LeastUnserved {
		return Errorf(Invalid, "the objective %q is not known; write %s or %s", o.Objective, solve.LeastCost, solve.LeastUnserved)
	}
	if len(o.Budget) > mostYears {
		return Errorf(Invalid, "a budget of %d years is too long; write at most %d", len(o.Budget), mostYears)
	}
	for i, b := range o.Budget {
		if b < 0 || b > mostBudget/int64(len(o.Budget)) {
			return Errorf(Invalid, "the budget of year %d is %d yuan; write a number from 0 to %d", i+1, b, mostBudget/int64(len(o.Budget)))
		}
	}
	if !(o.Limits.Gap >= 0) || math.IsInf(o.Limits.Gap, 0) || o.Limits.Threads < 0 {
		return Errorf(Invalid, "the gap %v with %d threads is no limit; write a gap such as 0.01, and 0 threads or more", o.Limits.Gap, o.Limits.Threads)
	}
	return nil
}

// roadScale are the base prices that the rules' costs are scaled from and to.
type roadScale struct{ from, to int64 }

// buildFen is what building costs that the rules put at so much.
func (p *decidePrices) buildFen(fen int64) int64 {
	if p.road.from == 0 {
		return fen
	}
	return scale(fen, p.road.to, p.road.from)
}

// upkeepFen is the present value of keeping some millimetres up.
func (p *decidePrices) upkeepFen(mm int64) int64 {
	return scale(scale(mm, *p.UpkeepPerKM*100, 1_000_000), upkeepYearsPPM, ppm)
}

// moveYuan is what moving some people over a distance costs.
func (p *decidePrices) moveYuan(who people, mm int64) int64 {
	return yuanUp(max(who.persons*(p.Prices.MovePerPerson+p.Prices.FollowUp)+who.households*(p.Prices.MovePerHouse-p.Prices.ReclaimedPer), 0)) + scale(mm, who.persons**p.HaulPerKM, 1_000_000)
}

// decidePrices are the options with what follows from them and the rules.
type decidePrices struct {
	DecideOptions
	road roadScale
}

// Decide makes the joint plan: for every village with people in it exactly one
// decision, so that the total cost (or the number of persons not served) is
// least, roads being shared, sites having capacity, and the budget holding for all.
// docs/plan.md has the model, its units and its assumptions.
//
// Who has signed or moved in, and roads whose works have begun, are facts. When
// ctx is done the best plan so far is given with its bound and [solve.Stopped];
// else the same facts and options give the same plan. A question without an
// answer is [solve.Infeasible] with the reason, and no villages.
func (a *Assessment) Decide(ctx context.Context, o DecideOptions) (*DecisionPlan, error) {
	o, err := o.filled(&a.Snapshot.Rules)
	if err != nil {
		return nil, err
	}
	c, err := a.newDecideCase(ctx, o)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, noPlan(ctx)
	case err != nil:
		return nil, err
	}
	answer, err := solve.Decide(ctx, &c.model, o.Limits)
	if err != nil {
		return nil, Errorf(Invalid, "the plan cannot be reckoned: %v", err)
	}
	if answer.Status == solve.Stopped && len(answer.Choices) == 0 {
		return nil, noPlan(ctx)
	}
	return c.plan(answer), nil
}

// noPlan is the error of a search that ended before it found anything.
func noPlan(ctx context.Context) error {
	return errors.Join(Errorf(Unavailable, "no plan was found in the time given; give more"), ctx.Err())
}
