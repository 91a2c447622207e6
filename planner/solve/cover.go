package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Cover is about who has an open site that costs Radius at the most.
type Cover struct {
	Costs
	Radius float64
	Weight []float64 // by customer; nil: 1 each. Who has the weight 0 need not be covered
	P      int       // of [MaxCover]: so many sites at the most
	Fixed  []float64 // of [CoverAll], by site: what opening it costs; nil: 1 each
}

// MaxCover opens P sites so that the customers who are covered weigh most: the
// maximal covering location problem (Church and ReVelle 1974). Objective and
// Bound are weights: no answer covers more than Bound. It is solved as a
// p-median whose customers cost nothing when covered, and their weight when not.
func MaxCover(ctx context.Context, c *Cover, limits Limits) (*Siting, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	total := 0.0
	for i := range c.Customers() {
		total += c.weightOf(i)
	}
	covered := func(missed Outcome) Outcome {
		missed.Objective, missed.Bound = total-missed.Objective, total-missed.Bound
		return missed
	}
	m := &Median{Costs: c.within(), P: c.P, Weight: c.Weight, Miss: slices.Repeat([]float64{1}, c.Customers())}
	// The gap is one of what is covered, so it is not looked at before each answer is turned round.
	inner := Limits{Seed: limits.Seed, Threads: limits.Threads}
	ctx2, stop := context.WithCancel(ctx)
	defer stop()
	content := false
	inner.Progress = func(missed Outcome) {
		o := covered(missed)
		if limits.Progress != nil {
			limits.Progress(o)
		}
		if o.Gap() <= limits.Gap && !content {
			content = true
			stop()
		}
	}
	s, err := PMedian(ctx2, m, inner)
	if err != nil {
		return nil, err
	}
	s.Outcome = covered(s.Outcome)
	if s.Status == Stopped && content {
		s.Status = Feasible
	}
	c.nearestOpen(s.Open, c.reach(), s.Site)
	return s, nil
}

// CoverAll opens the cheapest sites that cover every customer: the set covering
// location problem.
func CoverAll(ctx context.Context, c *Cover, limits Limits) (*Siting, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := checkWeights("fixed cost", c.Fixed, c.Sites); err != nil {
		return nil, err
	}
	out := &Siting{Site: slices.Repeat([]int32{-1}, c.Customers())}
	p := &coverProblem{cost: c.Fixed}
	if c.Fixed == nil {
		p.cost = slices.Repeat([]float64{1}, c.Sites)
	}
	lists := c.within()
	for i := range c.Customers() {
		if c.weightOf(i) == 0 {
			continue
		}
		row := lists.At[lists.First[i]:lists.First[i+1]]
		if len(row) == 0 {
			reason := fmt.Sprintf("customer %d has no site that costs %v or less", i, c.Radius)
			out.Outcome = Outcome{Status: Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}
			return out, nil
		}
		p.rows = append(p.rows, row)
	}
	s := p.search(limits, math.NaN())
	s.run(ctx)
	out.Outcome, out.Open = s.end(ctx), s.best
	c.nearestOpen(out.Open, c.reach(), out.Site)
	return out, nil
}

func (c *Cover) check() error {
	if err := c.Costs.check(); err != nil {
		return err
	}
	if !(c.Radius >= 0) {
		return fmt.Errorf("the radius is %v; it must be a number from 0", c.Radius)
	}
	if c.P < 0 {
		return fmt.Errorf("%d sites are to be opened; that cannot be less than none", c.P)
	}
	return checkWeights("weight", c.Weight, c.Customers())
}

func (c *Cover) weightOf(i int) float64 {
	if c.Weight == nil {
		return 1
	}
	return c.Weight[i]
}

// reach is the cost, for each customer, from which on a site is too far.
func (c *Cover) reach() []float64 {
	return slices.Repeat([]float64{math.Nextafter(c.Radius, math.Inf(1))}, c.Customers())
}

// within lists the sites in the radius, at no cost.
func (c *Cover) within() Costs {
	return c.Costs.below(func(_ int, cost float64) bool { return cost <= c.Radius })
}

// below lists for each customer the sites whose cost is near, at no cost.
func (c *Costs) below(near func(customer int, cost float64) bool) Costs {
	out := Costs{Sites: c.Sites, First: make([]int, 1, c.Customers()+1), At: []int32{}}
	for i := range c.Customers() {
		c.row(i, func(j int32, cost float64) {
			if near(i, cost) {
				out.At = append(out.At, j)
			}
		})
		out.First = append(out.First, len(out.At))
	}
	out.Cost = make([]float64, len(out.At))
	return out
}
