package solve

import (
	"context"
	"fmt"
	"math"
)

// CapMedian is the capacitated p-median: at most P sites are opened, each
// customer goes wholly to one of them, none takes more than its capacity, and
// all together costs least.
type CapMedian struct {
	Costs            // of serving all of a customer's demand
	Demand   []int64 // by customer
	Capacity []int64 // by site
	P        int
}

// Solve solves the capacitated p-median.
func (c *CapMedian) Solve(ctx context.Context, limits Limits) (*Placement, error) {
	f := &Facility{Costs: c.Costs, Demand: c.Demand, Capacity: c.Capacity, Fixed: make([]float64, c.Sites)}
	if err := f.check(); err != nil {
		return nil, err
	}
	if c.P <= 0 {
		return nil, fmt.Errorf("%d sites are to be opened; it must be one at least", c.P)
	}
	w := f.whole()
	w.most = min(c.P, w.m)
	return w.solve(ctx, limits)
}

// LocateWhole solves capacitated facility location with every customer kept
// whole at one site (single source).
func LocateWhole(ctx context.Context, f *Facility, limits Limits) (*Placement, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	return f.whole().solve(ctx, limits)
}

// whole turns costs round.
func (f *Facility) whole() *whole {
	w := &whole{n: f.Customers(), m: f.Sites, size: f.Capacity, fixed: f.Fixed, most: f.Sites, facility: f}
	for range w.m {
		row := make([]float64, w.n)
		for i := range row {
			row[i] = math.Inf(1)
		}
		w.cost, w.load = append(w.cost, row), append(w.load, f.Demand)
	}
	for i := range w.n {
		f.row(i, func(j int32, cost float64) { w.cost[j][i] = cost })
	}
	return w
}
