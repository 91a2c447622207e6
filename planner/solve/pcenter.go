package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Center asks which P sites to open so that the customer who is worst off, each
// going to its nearest open site, costs least: the p-center.
type Center struct {
	Costs
	P      int
	Weight []float64 // by customer, what its cost counts; nil: 1 each. Who has the weight 0 asks for no site
}

// PCenter opens P sites, or fewer where more would not help the worst off.
//
// It halves the sorted list of all costs (Minieka 1970): whether P sites cover
// everybody within a cost is a set covering that ends as soon as P sites are found
// or proven too few.
func PCenter(ctx context.Context, m *Center, limits Limits) (*Siting, error) {
	like := &Median{Costs: m.Costs, P: m.P, Weight: m.Weight}
	if err := like.check(); err != nil {
		return nil, err
	}
	switch asking := like.asking(); {
	case asking == 0:
		return &Siting{Outcome: Outcome{Status: Optimal}, Site: slices.Repeat([]int32{-1}, m.Customers())}, nil
	case m.P == 0:
		return like.nothing(fmt.Sprintf("no site may be opened, and %d customers ask for one", asking)), nil
	}
	if reason := like.lonely(); reason != "" {
		return like.nothing(reason), nil
	}
	s := &centerSearch{proof: newProof(limits), like: like}
	return s.run(ctx), nil
}

// centerSearch is a p-center while it is solved.
type centerSearch struct {
	proof
	like   *Median
	reason string // why there is no answer
}

func (s *centerSearch) run(ctx context.Context) *Siting {
	for i := range s.like.Customers() {
		least := math.Inf(1)
		s.like.row(i, func(_ int32, cost float64) { least = min(least, cost*s.weightOf(i)) })
		if s.weightOf(i) > 0 {
			s.bound = max(s.bound, least)
		}
	}
	s.worstFirst()
	s.halve(ctx)
	if s.reason != "" {
		return s.like.nothing(s.reason)
	}
	out := &Siting{Outcome: s.end(ctx), Site: slices.Repeat([]int32{-1}, s.like.Customers())}
	if !math.IsInf(s.value, 1) {
		out.Open = s.best
		s.like.Costs.nearestOpen(out.Open, nil, out.Site)
	}
	return out
}

func (s *centerSearch) weightOf(i int) float64 {
	if s.like.Weight == nil {
		return 1
	}
	return s.like.Weight[i]
}

// worst is the customer who is worst off with a set of sites, and its cost.
func (s *centerSearch) worst(open []bool) (customer int, cost float64) {
	for i := range s.like.Customers() {
		if s.weightOf(i) == 0 {
			continue
		}
		least := math.Inf(1)
		s.like.row(i, func(j int32, cost float64) {
			if open[j] {
				least = min(least, cost*s.weightOf(i))
			}
		})
		if least > cost || cost == 0 {
			customer, cost = i, max(cost, least)
		}
	}
	return customer, cost
}

// worstFirst finds a first answer: whoever is worst off gets its nearest site.
func (s *centerSearch) worstFirst() {
	open := make([]bool, s.like.Sites)
	var list []int32
	for range min(s.like.P, s.like.Sites) {
		worst, _ := s.worst(open)
		at, least := int32(-1), math.Inf(1)
		s.like.row(worst, func(j int32, cost float64) {
			if cost < least {
				at, least = j, cost
			}
		})
		if open[at] {
			break
		}
		open[at] = true
		list = append(list, at)
	}
	if _, value := s.worst(open); !math.IsInf(value, 1) {
		s.keep(list, value)
	}
}

// halve asks for the cost in the middle of those that may be the least.
func (s *centerSearch) halve(ctx context.Context) {
	all := s.costs()
	for len(all) > 0 && ctx.Err() == nil && !s.done() {
		mid := len(all) / 2
		if math.IsInf(s.value, 1) {
			mid = len(all) - 1 // whether there is an answer at all
		}
		open, missed := s.cover(ctx, all[mid])
		switch {
		case open != nil:
			s.take(open)
			all = all[:mid]
			for len(all) > 0 && all[len(all)-1] >= s.value {
				all = all[:len(all)-1]
			}
		case !missed:
			return // stopped
		case mid == len(all)-1 && math.IsInf(s.value, 1):
			s.reason = fmt.Sprintf("no %d sites together can serve all customers", s.like.P)
			return
		default:
			if all = all[mid+1:]; len(all) > 0 {
				s.bound = all[0] // exactly: it is one of the costs
				s.tell()
			}
		}
	}
	if len(all) == 0 {
		s.close()
	}
}

func (s *centerSearch) take(open []int32) {
	is := make([]bool, s.like.Sites)
	for _, j := range open {
		is[j] = true
	}
	_, value := s.worst(is)
	s.keep(open, value)
}

// costs lists, rising, each cost that may be the least worst one and is below the best.
func (s *centerSearch) costs() []float64 {
	var all []float64
	for i := range s.like.Customers() {
		w := s.weightOf(i)
		if w == 0 {
			continue
		}
		s.like.row(i, func(_ int32, cost float64) {
			if x := cost * w; x >= s.bound && x < s.value {
				all = append(all, x)
			}
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// cover finds sites, P at the most, that leave nobody beyond a cost; missed: it is
// proven that there are none. Neither: it was stopped.
func (s *centerSearch) cover(ctx context.Context, most float64) (open []int32, missed bool) {
	p := &coverProblem{cost: slices.Repeat([]float64{1}, s.like.Sites)}
	lists := s.like.Costs.below(func(i int, cost float64) bool { return cost*s.weightOf(i) <= most })
	for i := range s.like.Customers() {
		if s.weightOf(i) == 0 {
			continue
		}
		row := lists.At[lists.First[i]:lists.First[i+1]]
		if len(row) == 0 {
			return nil, true
		}
		p.rows = append(p.rows, row)
	}
	search := p.search(Limits{}, float64(s.like.P))
	search.run(ctx)
	s.nodes += search.nodes
	if search.value <= float64(s.like.P) {
		return search.best, false
	}
	return nil, search.bound > float64(s.like.P)
}
