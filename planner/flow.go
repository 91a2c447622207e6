package planner

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/qiantu/qiantu/planner/solve"
)

// WhyFull is of a village for which no site has room, or of what is left of one.
const WhyFull DecisionWhy = "full"

// Flow is [Assessment.Assign] for a mouse that drags a site: without wet ways and
// walks, the ways to a gate that was asked for before being kept. Where not all
// fit, it is [solve.Infeasible] with the reason, and yet sends as many persons
// as it can; the others are left, [WhyFull]. Open is no option of it.
//
// Whole villages may be [solve.Stopped] when ctx is done; where nothing was found
// until then, each goes to the nearest site with room, the largest village first.
func (a *Assessment) Flow(ctx context.Context, o AssignOptions) (*AssignPlan, error) {
	if o.Open != 0 {
		return nil, Errorf(Invalid, "which sites to open is no flow; ask for a plan")
	}
	c := newAssignCase(a, o)
	if err := c.ready(); err != nil {
		return nil, err
	}
	if len(c.who) == 0 {
		c.p.Status = solve.Optimal
		c.finish()
		return c.p, nil
	}
	if c.p.Reason = c.tooLarge(); c.p.Reason == "" {
		if err := c.pour(ctx, 0); err != nil {
			return nil, err
		}
	} else {
		c.p.Status = solve.Infeasible
	}
	if c.p.Status == solve.Infeasible {
		if err := c.overflow(ctx); err != nil {
			return nil, err
		}
	}
	c.finish()
	c.p.Ways = []WaySummary{c.dryMetres(), c.dryMinutes()}
	return c.p, nil
}

// overflow sends as many as fit. The reason why not all do stands.
func (c *assignCase) overflow(ctx context.Context) error {
	reason, far := c.p.Reason, 0.0
	for i := range c.who {
		for k := range c.sites {
			if at := c.cost(k, i) / float64(c.who[i].rest.persons); !math.IsInf(at, 1) {
				far = max(far, at)
			}
		}
	}
	// To move along a chain of sites is never dearer than to leave somebody behind.
	err := c.pour(ctx, float64(len(c.sites)+1)*far+1)
	c.p.Outcome = solve.Outcome{Status: solve.Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}
	return err
}

// pour solves the assignment. With a price above 0 on leaving a person behind,
// that may be done.
func (c *assignCase) pour(ctx context.Context, leave float64) error {
	costs, demand, room := c.model()
	if leave > 0 {
		var all int64
		for i := range costs.Rows {
			costs.Rows[i] = append(costs.Rows[i], leave*float64(demand[i]))
			all += demand[i]
		}
		costs.Sites, room = costs.Sites+1, append(room, all)
	}
	found, err := solve.Assign(ctx, &solve.Assignment{Costs: costs, Demand: demand, Capacity: room, Split: c.o.Split}, c.o.Limits)
	if err != nil {
		return Errorf(Invalid, "the villages cannot be assigned: %v", err)
	}
	c.p.Outcome = found.Outcome
	c.explain(found.Cut)
	c.rows(found)
	if c.p.Status == solve.Stopped && len(found.From) == 0 {
		c.nearest(leave > 0)
	}
	return nil
}

// nearest sends each village, the one with most persons first, to the nearest
// site that has room for it. The bound stays what was proven.
func (c *assignCase) nearest(mayLeave bool) {
	free := make([]int64, len(c.sites))
	for k, s := range c.sites {
		free[k] = c.capacity[s].Free
	}
	order := make([]int, len(c.who))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(c.who[y].rest.persons, c.who[x].rest.persons) })
	c.p.Objective = 0
	for _, i := range order {
		persons, best := c.who[i].rest.persons, len(c.sites)
		for k := range c.sites {
			if free[k] >= persons && !math.IsInf(c.cost(k, i), 1) && (best == len(c.sites) || c.cost(k, i) < c.cost(best, i)) {
				best = k
			}
		}
		c.row(i, best, persons)
		if best < len(c.sites) {
			free[best] -= persons
			c.p.Objective += c.cost(best, i)
		} else if !mayLeave {
			c.p.Objective = math.Inf(1)
		}
	}
}
