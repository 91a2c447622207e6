package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Median asks which P sites to open so that the customers, each served by its
// nearest open site, cost least: the p-median.
type Median struct {
	Costs
	P      int
	Weight []float64 // by customer, what its cost counts; nil: 1 each. Who has the weight 0 asks for no site
	Miss   []float64 // by customer, what it costs, before the weight, to serve it from nowhere; nil: all must be served
}

// Siting is which sites are open and who goes where.
type Siting struct {
	Outcome
	Open []int32 // rising; empty without an answer
	Site []int32 // by customer; -1: no open site can serve it
}

// PMedian opens P sites, or all when there are fewer.
//
// The bound is Lagrangian: whoever is served pays its multiplier, and the P
// sites that earn most by it are taken (Cornuejols, Fisher and Nemhauser 1977).
// Multipliers move along deflected subgradients (Camerini, Fratta and Maffioli
// 1975). Sites whose reduced cost shows that they are in every better answer, or
// in none, are fixed. Answers come from a lazy greedy choice and fast
// interchange (Whitaker 1983; Resende and Werneck 2007), begun anew from what
// the multipliers choose. What is left open is branched on, best bound first.
func PMedian(ctx context.Context, m *Median, limits Limits) (*Siting, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	switch asking := m.asking(); {
	case asking == 0:
		return &Siting{Outcome: Outcome{Status: Optimal}, Site: slices.Repeat([]int32{-1}, m.Customers())}, nil
	case m.P == 0 && m.Miss == nil:
		return m.nothing(fmt.Sprintf("no site may be opened, and %d customers ask for one", asking)), nil
	}
	if reason := m.lonely(); reason != "" {
		return m.nothing(reason), nil
	}
	return newMedianSearch(m, limits).run(ctx), nil
}

// asking counts the customers who have a weight.
func (m *Median) asking() (count int) {
	for i := range m.Customers() {
		if m.Weight == nil || m.Weight[i] > 0 {
			count++
		}
	}
	return count
}

// nothing is the answer when none exists.
func (m *Median) nothing(reason string) *Siting {
	return &Siting{Outcome: Outcome{Status: Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}, Site: slices.Repeat([]int32{-1}, m.Customers())}
}

func (m *Median) check() error {
	if err := m.Costs.check(); err != nil {
		return err
	}
	if m.P < 0 {
		return fmt.Errorf("%d sites are to be opened; that cannot be less than none", m.P)
	}
	if err := checkWeights("weight", m.Weight, m.Customers()); err != nil {
		return err
	}
	if err := checkWeights("cost of being missed", m.Miss, m.Customers()); err != nil {
		return err
	}
	total := 0.0
	for i := range m.Customers() {
		most, w := 0.0, 1.0
		if m.Miss != nil {
			most = m.Miss[i]
		}
		m.row(i, func(_ int32, cost float64) { most = max(most, cost) })
		if m.Weight != nil {
			w = m.Weight[i]
		}
		total += most * w
	}
	if !(total <= maxSum) {
		return fmt.Errorf("the dearest costs of all customers come to %.3g; beyond 2^53 sums are not exact: take a larger unit", total)
	}
	return nil
}

func checkWeights(what string, list []float64, count int) error {
	if list != nil && len(list) != count {
		return fmt.Errorf("%d have a %s; there are %d", len(list), what, count)
	}
	for i, w := range list {
		if !(w >= 0 && w <= maxSum) {
			return fmt.Errorf("%s %d is %v; it must be a number from 0 to 2^53", what, i, w)
		}
	}
	return nil
}

// lonely names a customer whom no site can serve.
func (m *Median) lonely() string {
	if m.Miss != nil {
		return ""
	}
	for i := range m.Customers() {
		if m.Weight != nil && m.Weight[i] == 0 {
			continue
		}
		some := false
		m.row(i, func(int32, float64) { some = true })
		if !some {
			return fmt.Sprintf("no site can serve customer %d", i)
		}
	}
	return ""
}

// medianSearch is a p-median while it is solved. Costs are times the weight.
type medianSearch struct {
	*nearLists
	proof
	m      *Median
	p      int
	none   []float64 // by customer: of not being served
	column []served
	begin  []int // by site: where its customers begin in column; one more at the end
	draw   random
	swaps  *interchange
	order  []int32 // all sites, in the order that was drawn last
}

// served is a customer as seen from a site.
type served struct {
	customer int32
	cost     float64
}

func newMedianSearch(m *Median, limits Limits) *medianSearch {
	p := min(m.P, m.Sites)
	s := &medianSearch{proof: newProof(limits), m: m, p: p, draw: random(limits.Seed)}
	s.nearLists = m.Costs.sort(m.Weight, m.Miss, listLength(m.Customers(), m.Sites, p), limits.Threads)
	s.measure()
	s.turn()
	return s
}

// measure finds what is far, and whether all objectives are whole.
func (s *medianSearch) measure() {
	s.step, s.far = 1, 1
	for i, customer := range s.who {
		most, w := 0.0, s.weightOf(i)
		if s.m.Miss != nil {
			most = s.m.Miss[customer] * w
		}
		whole := most == math.Trunc(most)
		s.m.row(int(customer), func(_ int32, cost float64) {
			most = max(most, cost*w)
			whole = whole && cost*w == math.Trunc(cost*w)
		})
		if s.far += most; !whole {
			s.step = 0
		}
	}
	s.far = math.Floor(s.far) + 1
	s.none = make([]float64, len(s.who))
	for i, customer := range s.who {
		if s.none[i] = s.far; s.m.Miss != nil {
			s.none[i] = s.m.Miss[customer] * s.weightOf(i)
		}
		if !s.cut[i] {
			s.edge[i] = s.none[i]
		}
	}
}

// listLength is how many sites of each customer are looked at: all in small
// instances, else several times as many as share an open site, within 200 MB.
func listLength(customers, sites, p int) int {
	const small, most = 4 << 20, 12 << 20
	n := max(customers, 1)
	if n*sites <= small {
		return sites
	}
	return min(sites, max(4*sites/max(p, 1)+32, small/n), max(most/n, 32))
}

// turn lists customers by site.
func (s *medianSearch) turn() {
	s.begin = make([]int, s.m.Sites+1)
	for _, x := range s.list {
		s.begin[x.site+1]++
	}
	for j := range s.m.Sites {
		s.begin[j+1] += s.begin[j]
	}
	next := slices.Clone(s.begin)
	s.column = make([]served, len(s.list))
	for i := range s.who {
		for _, x := range s.of(i) {
			s.column[next[x.site]] = served{int32(i), x.cost}
			next[x.site]++
		}
	}
}

func (s *medianSearch) columnOf(j int32) []served { return s.column[s.begin[j]:s.begin[j+1]] }

func (s *medianSearch) run(ctx context.Context) *Siting {
	for i := range s.who {
		s.bound += s.least(i)
	}
	s.start(ctx)
	s.branch(ctx)
	return s.answer(ctx)
}

func (s *medianSearch) answer(ctx context.Context) *Siting {
	if s.bound >= s.value && s.value >= s.far {
		return s.m.nothing(fmt.Sprintf("no %d sites together can serve all customers; %s", s.p, s.unserved()))
	}
	out := &Siting{Outcome: s.end(ctx)}
	out.Site = slices.Repeat([]int32{-1}, s.m.Customers())
	if !math.IsInf(out.Objective, 1) {
		out.Open = s.best
		s.m.Costs.nearestOpen(out.Open, s.m.Miss, out.Site)
	}
	return out
}

// least is the least a customer can cost.
func (s *medianSearch) least(i int) float64 {
	if list := s.of(i); len(list) > 0 {
		return list[0].cost
	}
	return s.none[i]
}

// unserved names the first customer that the best choice leaves out.
func (s *medianSearch) unserved() string {
	site := slices.Repeat([]int32{-1}, s.m.Customers())
	s.m.Costs.nearestOpen(s.best, nil, site)
	for _, i := range s.who {
		if site[i] < 0 {
			return fmt.Sprintf("the best choice leaves out customer %d", i)
		}
	}
	return "customers are too many for them"
}

// nearestOpen gives each customer the cheapest of the open sites, the first of
// those that cost the same; none to those who cost as much as to be missed.
func (c *Costs) nearestOpen(open []int32, miss []float64, site []int32) {
	is := make([]bool, c.Sites)
	for _, j := range open {
		is[j] = true
	}
	for i := range site {
		least := math.Inf(1)
		if miss != nil {
			least = miss[i]
		}
		c.row(i, func(j int32, cost float64) {
			if is[j] && (cost < least || cost == least && j < site[i]) {
				least, site[i] = cost, j
			}
		})
	}
}
