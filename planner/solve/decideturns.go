package solve

import "math"

// DecideTurn is by how much what a village is advised would have to cost more, by itself, until the
// advice turns: at a road what it lacks to stay, at a move the move. Divided by its persons, or by the
// kilometres built for it alone ([DecideShare.Metres]), it is the price of a person or a kilometre at which it does.
type DecideTurn struct {
	AtLeast int64 // proven: up to this much no other verdict is better
	AtMost  int64 // beyond this much another one is; -1: none is known
}

// turns bounds every flip point of a plan without a budget: below by the root, nothing ruled out, above by
// a plan in which only that village, and whom that suits, decides otherwise.
func (s *decideSearch) turns(p *DecidePlan) {
	if s.m.q.Objective != LeastCost || s.m.budget >= 0 {
		return
	}
	p.Turns = make([]DecideTurn, len(s.m.q.Villages))
	for v := range p.Turns {
		p.Turns[v].AtMost = -1
	}
	w := s.workers[0]
	n := &decideNode{bound: -inf, edge: make([]int8, len(s.m.cost)), prices: make([]float64, len(s.m.places)+1)}
	for k := range s.m.alt {
		n.open = append(n.open, s.m.alt[k].open)
	}
	w.settle(n, append([]float64(nil), s.root.prices...), s.cuts, math.MaxFloat64)
	w.craft.price(make([]float64, len(s.m.places)+1), false)
	for i, v := range s.m.village {
		p.Turns[v] = s.turn(w, i)
	}
}

func (s *decideSearch) turn(w *decideWorker, i int) DecideTurn {
	m, chosen := s.m, s.best.choice[i]
	lowest, cheapest, other := inf, inf, int32(-1)
	for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
		if !m.alt[k].open || m.alt[k].verdict == m.alt[chosen].verdict {
			continue
		}
		at := 0.0
		if k == m.firstAlt[i] {
			at = w.rule.atRoad(w.r, i)
		} else {
			at = w.r.atAlt(i, k)
		}
		lowest = min(lowest, at)
		if c := m.weigh(m.alt[k].decideValue); k > m.firstAlt[i] && s.best.fits(i, k) && c < cheapest {
			cheapest, other = c, k
		}
	}
	t := DecideTurn{AtMost: -1}
	if lowest < inf {
		t.AtLeast = int64(max(0, math.Floor(lowest-s.ub)))
	} else {
		t.AtLeast = math.MaxInt64
	}
	if at := s.otherwise(w, i, other); at < inf {
		t.AtMost = int64(math.Ceil(max(0, at-s.lower)))
	}
	return t
}

// otherwise is the cost of a plan in which a row decides otherwise; other: its cheapest way off the road.
func (s *decideSearch) otherwise(w *decideWorker, i int, other int32) float64 {
	d := s.best.clone()
	road := s.m.firstAlt[i]
	cost := inf
	if other >= 0 {
		d.set(i, other)
		cost = s.m.weigh(d.value)
	}
	if !s.best.onRoad(i) && s.m.alt[road].open {
		d.copyFrom(s.best)
		w.craft.spread(d, nil)
		w.craft.lead(d, s.m.node[i], nil)
		d.set(i, road)
		cost = min(cost, s.m.weigh(d.value))
	}
	return cost
}
