package solve

import (
	"fmt"
	"math"
)

// decideMost is the most that all costs together, or all persons, may be: doubles count that far exactly.
const decideMost = 1 << 51

var inf = math.Inf(1)

// purse adds up what must be neither negative nor too much in all.
type purse struct {
	what  string
	total int64
}

func (p *purse) add(n int64, where string, a ...any) error {
	if n < 0 {
		return fmt.Errorf("%s is %d; it must not be negative", fmt.Sprintf(where, a...), n)
	}
	if n > decideMost-p.total {
		return fmt.Errorf("%s is %d; all %s together must not be more than 2^51", fmt.Sprintf(where, a...), n, p.what)
	}
	p.total += n
	return nil
}

func (q *BuildOrMove) check(limits Limits) error {
	if q.Nodes < 1 {
		return fmt.Errorf("the road graph has %d nodes; it needs node 0, the connected network", q.Nodes)
	}
	if q.Objective != LeastCost && q.Objective != LeastUnserved {
		return fmt.Errorf("the objective is %q; it must be %q or %q", q.Objective, LeastCost, LeastUnserved)
	}
	if !(limits.Gap >= 0) || limits.Threads < 0 {
		return fmt.Errorf("the gap is %v and there are %d threads; neither may be negative", limits.Gap, limits.Threads)
	}
	costs, persons, places, budget := purse{what: "costs"}, purse{what: "persons"}, purse{what: "places"}, purse{what: "budgets"}
	for y, b := range q.Budget {
		if err := budget.add(b, "the budget of year %d", y); err != nil {
			return err
		}
	}
	for j, n := range q.Sites {
		if err := places.add(n, "the capacity of site %d", j); err != nil {
			return err
		}
	}
	for e := range q.Segments {
		if err := q.checkSegment(e, &costs); err != nil {
			return err
		}
	}
	for v := range q.Villages {
		if err := q.checkVillage(v, &costs, &persons); err != nil {
			return err
		}
	}
	return nil
}

func (q *BuildOrMove) checkSegment(e int, costs *purse) error {
	s := &q.Segments[e]
	if s.A < 0 || int(s.A) >= q.Nodes || s.B < 0 || int(s.B) >= q.Nodes {
		return fmt.Errorf("segment %d joins nodes %d and %d; there are %d, numbered from 0", e, s.A, s.B, q.Nodes)
	}
	if !(s.Metres >= 0) || math.IsInf(s.Metres, 0) {
		return fmt.Errorf("segment %d is %v metres long; it needs a length", e, s.Metres)
	}
	if s.State < SegmentOpen || s.State > SegmentForbidden {
		return fmt.Errorf("segment %d is neither open, fixed nor forbidden", e)
	}
	return costs.add(s.Cost, "the cost of segment %d", e)
}

func (q *BuildOrMove) checkVillage(v int, costs, persons *purse) error {
	w := &q.Villages[v]
	if w.Node < 0 || int(w.Node) >= q.Nodes {
		return fmt.Errorf("village %d is at node %d; there are %d, numbered from 0", v, w.Node, q.Nodes)
	}
	if w.Households < 0 {
		return fmt.Errorf("village %d has %d households; there must not be fewer than none", v, w.Households)
	}
	if err := persons.add(w.Persons, "the number of persons of village %d", v); err != nil {
		return err
	}
	if w.InterimUnserved < 0 || w.InterimUnserved > w.Persons {
		return fmt.Errorf("village %d has %d persons, of whom %d are unserved in the interim; it must be none to all", v, w.Persons, w.InterimUnserved)
	}
	for _, c := range []struct {
		cost int64
		what string
	}{{w.Stay, "the cost of staying"}, {w.Interim, "the interim cost"}, {w.Review, "the price of handing up"}, {w.Leave, "the price of leaving the published plan"}} {
		if err := costs.add(c.cost, "%s of village %d", c.what, v); err != nil {
			return err
		}
	}
	return q.checkChoices(v, costs)
}

func (q *BuildOrMove) checkChoices(v int, costs *purse) error {
	w := &q.Villages[v]
	seen := make(map[int32]bool, len(w.Moves))
	for _, to := range w.Moves {
		if to.Site < 0 || int(to.Site) >= len(q.Sites) {
			return fmt.Errorf("village %d may move to site %d; there are %d, numbered from 0", v, to.Site, len(q.Sites))
		}
		if seen[to.Site] {
			return fmt.Errorf("village %d has two costs of moving to site %d; give the one that holds", v, to.Site)
		}
		seen[to.Site] = true
		if err := costs.add(to.Cost, "the cost of moving village %d to site %d", v, to.Site); err != nil {
			return err
		}
	}
	for _, c := range []DecideChoice{w.Fixed, w.Published} {
		if c.Verdict != VerdictRelocate && c.Site != 0 {
			return fmt.Errorf("village %d is to be %q and has site %d; only who moves has a site", v, c.Verdict, c.Site)
		}
	}
	if w.Published.Verdict != "" && !known(w.Published.Verdict) {
		return fmt.Errorf("the published plan of village %d is %q, which is no verdict", v, w.Published.Verdict)
	}
	return w.checkFixed(v, seen)
}

func known(v Verdict) bool {
	return v == VerdictConnected || v == VerdictRoad || v == VerdictRelocate || v == VerdictInterim || v == VerdictReview
}

// checkFixed has a decision taken be one of those that have a cost.
func (w *DecideVillage) checkFixed(v int, sites map[int32]bool) error {
	switch w.Fixed.Verdict {
	case "", VerdictReview:
	case VerdictConnected:
		if w.Node != 0 {
			return fmt.Errorf("village %d is fixed as connected, but is at node %d, not on the network", v, w.Node)
		}
	case VerdictRoad:
		if w.NoRoad {
			return fmt.Errorf("village %d is fixed to a road and must not stay with one; drop either", v)
		}
	case VerdictRelocate:
		if !sites[w.Fixed.Site] {
			return fmt.Errorf("village %d is fixed to move to site %d and has no cost for that", v, w.Fixed.Site)
		}
	case VerdictInterim:
		if !w.CanInterim {
			return fmt.Errorf("village %d is fixed to an interim and has no cost for that", v)
		}
	default:
		return fmt.Errorf("the decision taken for village %d is %q, which is no verdict", v, w.Fixed.Verdict)
	}
	return nil
}
