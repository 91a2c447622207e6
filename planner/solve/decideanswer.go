package solve

import (
	"fmt"
	"math"
)

// answer makes a plan of what the search has found.
func (s *decideSearch) answer() *DecidePlan {
	p := &DecidePlan{Outcome: s.outcome()}
	closed := len(s.nodes) == 0
	switch {
	case s.best == nil && closed:
		p.Status, p.Bound = Infeasible, inf
		p.Reason = fmt.Sprintf("the budget is %d, and no way was left to keep all decisions taken already within it", s.m.budget)
	case s.best != nil && (closed || p.Bound >= p.Objective):
		p.Status, p.Bound = Optimal, p.Objective
		p.CostProven = closed || s.m.q.Objective == LeastCost
	case s.ctx.Err() != nil:
		p.Status = Stopped
	default:
		p.Status = Feasible
	}
	if s.best == nil {
		return p
	}
	r := &decideReport{m: s.m, d: s.best, p: p}
	r.choices()
	r.segments()
	r.shares()
	r.years()
	s.turns(p)
	s.bands(p)
	s.dualPrices(p)
	return p
}

// dualPrices are those under which the root was bounded.
func (s *decideSearch) dualPrices(p *DecidePlan) {
	last := len(s.m.places)
	p.SitePrice = append([]float64(nil), s.root.prices[:last]...)
	p.BudgetPrice = s.root.prices[last]
	for j, price := range p.SitePrice {
		if math.IsInf(price, 0) || math.IsNaN(price) {
			p.SitePrice[j] = 0
		}
	}
}

// decideReport takes a finished draft apart.
type decideReport struct {
	m *decideModel
	d *decideDraft
	p *DecidePlan
}

func (r *decideReport) choices() {
	q := r.m.q
	r.p.Choices = make([]DecideChoice, len(q.Villages))
	r.p.Used = make([]int64, len(q.Sites))
	for v := range q.Villages {
		r.p.Choices[v] = DecideChoice{Verdict: VerdictConnected}
	}
	for i, v := range r.m.village {
		a := &r.m.alt[r.d.choice[i]]
		r.p.Choices[v] = DecideChoice{Verdict: a.verdict, Site: max(a.site, 0)}
		if a.site >= 0 {
			r.p.Used[a.site] += a.use
		}
		r.count(&q.Villages[v], a)
	}
	c := &r.p.Costs
	c.Roads = r.d.value.money - c.Stay - c.Moves - c.Interim
	c.Money, c.Total = r.d.value.money, r.d.value.money+r.d.value.price
	c.Unserved = r.d.value.unserved
}

func (r *decideReport) count(w *DecideVillage, a *decideAlt) {
	c := &r.p.Costs
	switch a.verdict {
	case VerdictRoad:
		c.Stay += a.money
		c.Leave += a.price
	case VerdictRelocate:
		c.Moves += a.money
		c.Leave += a.price
	case VerdictInterim:
		c.Interim += a.money
		c.Leave += a.price
	case VerdictReview:
		c.Review += w.Review
		c.Leave += a.price - w.Review
	}
}

// segments are those of the tree, and those fixed.
func (r *decideReport) segments() {
	r.p.Built = make([]bool, len(r.m.q.Segments))
	for e, s := range r.m.q.Segments {
		r.p.Built[e] = s.State == SegmentFixed
	}
	for _, e := range r.d.up {
		if e >= 0 {
			r.p.Built[r.m.segment[e]] = true
		}
	}
}

// shares divides each segment among those it leads to.
func (r *decideReport) shares() {
	q := r.m.q
	r.p.Shares = make([]DecideShare, len(q.Villages))
	users := make([][]int32, q.Nodes) // by node: the villages beyond its edge
	for i, v := range r.m.village {
		r.p.Shares[v].Own = r.m.alt[r.d.choice[i]].money
		if r.d.onRoad(i) {
			for n := r.m.node[i]; r.d.up[n] >= 0; n = r.m.across(r.d.up[n], n) {
				users[n] = append(users[n], v)
			}
		}
	}
	for n, all := range users {
		if len(all) > 0 {
			r.divide(&q.Segments[r.m.segment[r.d.up[n]]], all)
		}
	}
}

func (r *decideReport) divide(s *RoadSegment, all []int32) {
	weight := func(v int32) int64 { return r.m.q.Villages[v].Households }
	total := int64(0)
	for _, v := range all {
		total += weight(v)
	}
	if total == 0 {
		weight, total = func(int32) int64 { return 1 }, int64(len(all))
	}
	given, seen := int64(0), int64(0)
	for _, v := range all {
		seen += weight(v)
		upTo := int64(float64(s.Cost) * (float64(seen) / float64(total)))
		if seen == total {
			upTo = s.Cost
		}
		r.p.Shares[v].Shared += upTo - given
		given = upTo
	}
	if len(all) == 1 {
		r.p.Shares[all[0]].Alone += s.Cost
		r.p.Shares[all[0]].Metres += s.Metres
	}
}
