package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Facility asks which sites to open, each at its fixed cost, so that all demand
// is met within the capacities of the open sites and all together costs least.
// Demand may be split between sites. Costs[i][j] is what serving ALL the demand
// of customer i from site j costs, a share of it the same share of that. Who
// asks for nothing is not served and costs nothing.
type Facility struct {
	Costs
	Demand   []int64   // by customer
	Capacity []int64   // by site
	Fixed    []float64 // by site
}

// Location is which sites are open and who draws how much from where.
type Location struct {
	Outcome
	Open []int32 // rising; empty without an answer

	// Customer From[k] draws Amount[k] from site To[k]; by customer, then site.
	From, To []int32
	Amount   []int64

	Cut *Shortage // of an infeasible one
}

// Locate solves capacitated facility location with split demand.
//
// The bound relaxes that all demand is met: each site picks whom it serves at
// the customers' prices, a knapsack that may be split, and sites are chosen so
// that their capacity covers all demand (Cornuejols, Sridharan and Thizy 1991).
// It is as strong as the linear program with all links between serving and being
// open, and stronger where capacities are lumpy. Answers are exact shipments
// between open sites, bettered by closing, opening and swapping sites; only those
// openings are tried that the prices of the shipment allow to save anything.
// What is left open is branched on, best bound first.
func Locate(ctx context.Context, f *Facility, limits Limits) (*Location, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	s, err := newLocation(f, limits)
	if err != nil {
		return nil, err
	}
	return s.run(ctx)
}

func (f *Facility) check() error {
	if err := f.Costs.check(); err != nil {
		return err
	}
	if len(f.Demand) != f.Customers() || len(f.Capacity) != f.Sites || len(f.Fixed) != f.Sites {
		return fmt.Errorf("there are %d demands and %d rows of costs, %d capacities and %d fixed costs; there are %d sites", len(f.Demand), f.Customers(), len(f.Capacity), len(f.Fixed), f.Sites)
	}
	if err := within("demand", f.Demand); err != nil {
		return err
	}
	if err := within("capacity", f.Capacity); err != nil {
		return err
	}
	total := 0.0
	for j, x := range f.Fixed {
		if !(x >= 0 && x <= maxSum) {
			return fmt.Errorf("site %d has the fixed cost %v; a cost is a number from 0 to 2^53", j, x)
		}
		total += x
	}
	for i := range f.Demand {
		most := 0.0
		f.row(i, func(_ int32, cost float64) { most = max(most, cost) })
		total += most
	}
	if !(total <= maxSum) {
		return fmt.Errorf("the dearest costs come to %.3g; beyond 2^53 sums are not exact: take a larger unit", total)
	}
	return nil
}

// locationSearch is a facility location while it is solved. Customers are those
// who ask for something.
type locationSearch struct {
	proof
	f       *Facility
	who     []int32   // customers
	demand  []float64 // by place in who
	weight  float64   // all demand
	size    []float64 // by site: its capacity, as far as it is of use
	column  []served
	begin   []int // by site: where its customers begin in column; one more at the end
	shipper *Shipper
	fine    float64            // the shipper's costs are those of a unit times this
	seen    map[string]float64 // sets of sites that were shipped, by their bits: what they cost
	whole   *Shipment          // with all sites open
}

func newLocation(f *Facility, limits Limits) (*locationSearch, error) {
	s := &locationSearch{proof: newProof(limits), f: f, seen: map[string]float64{}}
	total := int64(0)
	for i, d := range f.Demand {
		if d > 0 {
			s.who, s.demand = append(s.who, int32(i)), append(s.demand, float64(d))
			total += d
		}
	}
	s.weight = float64(total)
	for _, c := range f.Capacity {
		s.size = append(s.size, float64(min(c, total)))
	}
	s.turn()
	s.step = 1
	s.each(func(_ int32, unit float64) { s.notWhole(unit) })
	for _, x := range f.Fixed {
		s.notWhole(x)
	}
	return s, s.lay()
}

// notWhole notes that objectives need not be whole where a cost of a unit or of a
// site is not: shipments are whole.
func (s *locationSearch) notWhole(x float64) {
	if x != math.Trunc(x) {
		s.step = 0
	}
}

// turn lists customers by site.
func (s *locationSearch) turn() {
	s.begin = make([]int, s.f.Sites+1)
	for _, i := range s.who {
		s.f.row(int(i), func(j int32, _ float64) { s.begin[j+1]++ })
	}
	for j := range s.f.Sites {
		s.begin[j+1] += s.begin[j]
	}
	next := slices.Clone(s.begin)
	s.column = make([]served, s.begin[s.f.Sites])
	for k, i := range s.who {
		s.f.row(int(i), func(j int32, cost float64) {
			s.column[next[j]] = served{int32(k), cost}
			next[j]++
		})
	}
}

func (s *locationSearch) columnOf(j int32) []served { return s.column[s.begin[j]:s.begin[j+1]] }

// lay makes the transportation problem between customers and sites. Its costs a
// unit are whole numbers so fine that rounding them moves no objective by more
// than some 10^-12 of the dearest one; what an answer costs is counted from the
// costs given.
func (s *locationSearch) lay() error {
	dearest := 0.0
	s.each(func(_ int32, unit float64) { dearest = max(dearest, unit) })
	fine := math.Ldexp(1, 44)
	if dearest > 0 {
		fine /= dearest
	}
	t := &Transport{Capacity: slices.Clone(s.f.Capacity)}
	complete := len(s.column) == len(s.who)*s.f.Sites && s.f.First == nil
	if !complete {
		t.First = make([]int32, 1, len(s.who)+1)
	}
	for k, i := range s.who {
		t.Demand = append(t.Demand, s.f.Demand[i])
		s.f.row(int(i), func(j int32, cost float64) {
			t.Cost = append(t.Cost, int64(math.Round(cost/s.demand[k]*fine)))
			if !complete {
				t.To = append(t.To, j)
			}
		})
		if !complete {
			t.First = append(t.First, int32(len(t.To)))
		}
	}
	s.fine = fine
	var err error
	s.shipper, err = NewShipper(t)
	return err
}

// each hands all costs of a unit to do.
func (s *locationSearch) each(do func(site int32, unit float64)) {
	for k, i := range s.who {
		s.f.row(int(i), func(j int32, cost float64) { do(j, cost/s.demand[k]) })
	}
}

// ship sends the demand through the open sites; value is +Inf where it does not fit.
func (s *locationSearch) ship(ctx context.Context, open []bool) (shipment *Shipment, value float64, err error) {
	for j, is := range open {
		c := int64(0)
		if is {
			c = s.f.Capacity[j]
		}
		if err := s.shipper.SetCapacity(j, c); err != nil {
			return nil, 0, err
		}
	}
	shipment, err = s.shipper.Solve(ctx)
	if err != nil || shipment.Status != Optimal {
		return shipment, math.Inf(1), err
	}
	return shipment, s.cost(shipment, open), nil
}

// cost is what a shipment and its sites cost by the costs given.
func (s *locationSearch) cost(x *Shipment, open []bool) (sum float64) {
	for j, is := range open {
		if is {
			sum += s.f.Fixed[j]
		}
	}
	for k := range x.From {
		sum += s.unit(x.From[k], x.To[k]) * float64(x.Amount[k])
	}
	return sum
}

// unit is what a unit of a customer's demand costs from a site.
func (s *locationSearch) unit(k, site int32) float64 {
	column := s.columnOf(site)
	at, _ := slices.BinarySearchFunc(column, k, func(c served, k int32) int { return int(c.customer - k) })
	return column[at].cost / s.demand[k]
}

// run solves it: all sites first, which also tells whether there is an answer at all.
func (s *locationSearch) run(ctx context.Context) (*Location, error) {
	open := make([]bool, s.f.Sites)
	for j, c := range s.size {
		open[j] = c > 0
	}
	all, value, err := s.ship(ctx, open)
	if err != nil {
		return nil, err
	}
	if all.Status == Infeasible {
		return s.short(all.Cut), nil
	}
	if all.Status == Optimal {
		s.whole = all
		s.offer(open, value)
		if err := s.branch(ctx); err != nil {
			return nil, err
		}
	}
	return s.answer(ctx)
}

// offer keeps a set of sites that is given by site.
func (s *locationSearch) offer(open []bool, value float64) {
	if value >= s.value {
		return
	}
	var list []int32
	for j, is := range open {
		if is {
			list = append(list, int32(j))
		}
	}
	s.keep(list, value)
}

// short says why no answer exists, in the customers' own numbers.
func (s *locationSearch) short(cut *Shortage) *Location {
	for k, i := range cut.Demanders {
		cut.Demanders[k] = s.who[i]
	}
	reason := fmt.Sprintf("with all sites open: %d customers ask for %d and only %d sites can serve them, which hold %d: %d are missing",
		len(cut.Demanders), cut.Demand, len(cut.Suppliers), cut.Capacity, cut.Missing())
	return &Location{Outcome: Outcome{Status: Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}, Cut: cut}
}

// answer ships once more through the best sites. Those that cost and take nothing
// are left out.
func (s *locationSearch) answer(ctx context.Context) (*Location, error) {
	out := &Location{Outcome: s.end(ctx)}
	if math.IsInf(s.value, 1) {
		return out, nil
	}
	open := make([]bool, s.f.Sites)
	for _, j := range s.best {
		open[j] = true
	}
	x, _, err := s.ship(context.WithoutCancel(ctx), open)
	if err != nil {
		return nil, err
	}
	used := make([]bool, s.f.Sites)
	for k := range x.From {
		used[x.To[k]] = true
		out.From, out.To, out.Amount = append(out.From, s.who[x.From[k]]), append(out.To, x.To[k]), append(out.Amount, x.Amount[k])
	}
	for _, j := range s.best {
		if used[j] || s.f.Fixed[j] > 0 {
			out.Open = append(out.Open, j)
		}
	}
	return out, nil
}
