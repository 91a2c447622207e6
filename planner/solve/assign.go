package solve

import (
	"context"
	"fmt"
	"math"
)

// Assignment sends customers to sites within the capacities, at least cost or
// for most worth. Every customer is kept whole, the generalised assignment
// problem, unless Split allows it to be divided among sites, a transportation
// problem. With as many sites of capacity 1 as customers of demand 1 it is the
// linear assignment problem.
type Assignment struct {
	Costs              // of all of a customer at a site, a share of it the same share of that; worth when Maximise
	Demand   []int64   // by customer: what it takes of the capacity of whichever site
	Load     [][]int64 // by customer and site, instead of Demand, where that differs from site to site
	Capacity []int64   // by site
	Maximise bool
	Split    bool // needs Demand
}

// Assigned is who goes where, and which of the two problems that answers.
type Assigned struct {
	Outcome
	Split bool // customers may be divided; false: each is whole

	// Customer From[k] takes Amount[k] of site To[k]; by customer, then site. Who
	// asks for nothing is nowhere when customers may be divided.
	From, To []int32
	Amount   []int64

	Cut *Shortage // of an infeasible one, if demand does not fit even when divided
}

// Assign solves an assignment. Whole numbers give an exact answer. Divided
// customers cost by the unit: where a cost is no whole multiple of the demand,
// the bound is true and within 1e-9 of the answer, if the numbers allow it.
func Assign(ctx context.Context, a *Assignment, limits Limits) (*Assigned, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if a.Split {
		return a.divide(ctx)
	}
	if a.Load == nil {
		short, err := a.short(ctx)
		if short != nil || err != nil {
			return short, err
		}
	}
	w := a.whole()
	if reason := w.lean(); reason != "" {
		return &Assigned{Outcome: a.turned(Outcome{Status: Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason})}, nil
	}
	if tell := limits.Progress; tell != nil {
		limits.Progress = func(o Outcome) { tell(a.turned(o)) }
	}
	x, err := w.solve(ctx, limits)
	if err != nil {
		return nil, err
	}
	out := &Assigned{Outcome: a.turned(x.Outcome)}
	for i, j := range x.Site {
		out.From, out.To, out.Amount = append(out.From, int32(i)), append(out.To, j), append(out.Amount, w.load[j][i])
	}
	return out, nil
}

// turned is what is said of the least cost, said of the most worth.
func (a *Assignment) turned(o Outcome) Outcome {
	if a.Maximise {
		o.Objective, o.Bound = 0-o.Objective, 0-o.Bound
	}
	return o
}

func (a *Assignment) check() error {
	if err := a.Costs.check(); err != nil {
		return err
	}
	if len(a.Capacity) != a.Sites {
		return fmt.Errorf("there are %d capacities of %d sites", len(a.Capacity), a.Sites)
	}
	if err := within("capacity", a.Capacity); err != nil {
		return err
	}
	switch {
	case a.Load != nil && a.Split:
		return fmt.Errorf("customers that may be divided need a demand that is the same at all sites; Load is for whole ones")
	case a.Load != nil && a.Demand != nil:
		return fmt.Errorf("both Demand and Load are given; give one")
	case a.Load == nil && len(a.Demand) != a.Customers():
		return fmt.Errorf("there are %d demands and %d rows of costs", len(a.Demand), a.Customers())
	case a.Load == nil:
		return within("demand", a.Demand)
	case len(a.Load) != a.Customers():
		return fmt.Errorf("there are %d rows of loads and %d of costs", len(a.Load), a.Customers())
	}
	for i, row := range a.Load {
		if len(row) != a.Sites {
			return fmt.Errorf("customer %d has %d loads; there are %d sites", i, len(row), a.Sites)
		}
		if err := within(fmt.Sprintf("load of customer %d at site", i), row); err != nil {
			return err
		}
	}
	return nil
}

// whole turns costs and loads round.
func (a *Assignment) whole() *whole {
	f := &Facility{Costs: a.Costs, Demand: a.Demand, Capacity: a.Capacity, Fixed: make([]float64, a.Sites)}
	w := f.whole()
	w.facility = nil
	for j := range w.m {
		if a.Load != nil {
			w.load[j] = make([]int64, w.n)
			for i := range w.n {
				w.load[j][i] = a.Load[i][j]
			}
		}
		for i, c := range w.cost[j] {
			if a.Maximise && !math.IsInf(c, 1) {
				w.cost[j][i] = -c
			}
		}
	}
	return w
}

// lean says whether even the least that each customer may take is more than all sites have.
func (w *whole) lean() string {
	need, room := 0.0, 0.0
	for i := range w.n {
		least := math.Inf(1)
		for j := range w.m {
			if !math.IsInf(w.cost[j][i], 1) {
				least = min(least, float64(w.load[j][i]))
			}
		}
		if !math.IsInf(least, 1) {
			need += least
		}
	}
	for _, c := range w.size {
		room += float64(c)
	}
	if need <= room*(1+1e-12) {
		return ""
	}
	return fmt.Sprintf("each where it takes least, the customers take %.0f; all sites hold %.0f", need, room)
}

// transport is the problem with customers divided; cost is of a unit.
func (a *Assignment) transport(cost func(site int32, c, demand float64) int64) *Transport {
	p := &Transport{Demand: a.Demand, Capacity: a.Capacity, First: make([]int32, a.Customers()+1), To: []int32{}, Cost: []int64{}}
	for i := range a.Customers() {
		demand := float64(max(a.Demand[i], 1))
		a.row(i, func(j int32, c float64) {
			p.To, p.Cost = append(p.To, j), append(p.Cost, cost(j, c, demand))
		})
		p.First[i+1] = int32(len(p.To))
	}
	return p
}

// short tells whether demand does not fit even when divided; nil: it fits.
func (a *Assignment) short(ctx context.Context) (*Assigned, error) {
	x, err := Ship(ctx, a.transport(func(int32, float64, float64) int64 { return 0 }))
	if err != nil || x.Status != Infeasible {
		return nil, err
	}
	x.Reason = x.Cut.crowded()
	return &Assigned{Outcome: a.turned(x.Outcome), Cut: x.Cut}, nil
}

// crowded is a shortage in words of customers and sites.
func (c *Shortage) crowded() string {
	return fmt.Sprintf("%d customers take %d and may go to %d sites only, which hold %d: %d are missing, however they are divided",
		len(c.Demanders), c.Demand, len(c.Suppliers), c.Capacity, c.Missing())
}

// divide solves the problem with customers divided. Costs of a unit are counted
// in parts so fine that nothing overflows; whole ones need no parts.
func (a *Assignment) divide(ctx context.Context) (*Assigned, error) {
	fine, total := a.fineness()
	sign := 1.0
	if a.Maximise {
		sign = -1
	}
	p := a.transport(func(_ int32, c, demand float64) int64 { return int64(math.Round(sign * c / demand * fine)) })
	x, err := Ship(ctx, p)
	if err != nil {
		return nil, err
	}
	out := &Assigned{Outcome: x.Outcome, Split: true, From: x.From, To: x.To, Amount: x.Amount, Cut: x.Cut}
	if x.Status == Infeasible {
		out.Reason = x.Cut.crowded()
	} else {
		out.Bound = x.Bound / fine
		if fine != 1 {
			out.Bound -= total / fine // half a part on either side, and what a float64 loses
		}
	}
	if x.Status == Optimal {
		out.Objective = sign * a.cost(out)
		out.Bound = min(out.Bound, out.Objective)
		if out.Gap() > 1e-9 {
			out.Status = Feasible
		}
	}
	out.Outcome = a.turned(out.Outcome)
	return out, nil
}

// fineness is how many parts a unit of cost is counted in: one if all costs of a
// unit of demand are whole, else a power of two. It also gives all demand.
func (a *Assignment) fineness() (fine, total float64) {
	top, whole := 0.0, true
	for i, d := range a.Demand {
		total += float64(d)
		a.row(i, func(_ int32, c float64) {
			unit := c / float64(max(d, 1))
			top = max(top, unit)
			whole = whole && unit == math.Trunc(unit)
		})
	}
	if whole {
		return 1, total
	}
	room := min(math.Ldexp(1, 59)/float64(a.Sites+2), math.Ldexp(1, 61)/max(total, 1))
	return math.Exp2(math.Floor(math.Log2(room / max(top, 1)))), total
}

// cost is what an answer costs, or is worth, by the costs given.
func (a *Assignment) cost(x *Assigned) (sum float64) {
	at := 0
	for i := range a.Customers() {
		from := at
		for at < len(x.From) && x.From[at] == int32(i) {
			at++
		}
		if from == at {
			continue
		}
		a.row(i, func(j int32, c float64) {
			for k := from; k < at; k++ {
				if x.To[k] == j {
					sum += c * float64(x.Amount[k]) / float64(a.Demand[i])
				}
			}
		})
	}
	return sum
}
