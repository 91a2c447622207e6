package planner

import "math"

// flip finds where the advice for a village turns, all else as planned. It is
// given only where the plan follows the costs: a road that costs less than the
// move, or the reverse.
func (r *decideReading) flip(v *villageCase, row int, d *VillageDecision) DecisionFlip {
	w := &r.model.Villages[row]
	if d.Costs.Move == nil || d.Costs.RoadExtra == nil || w.NoRoad || w.Fixed.Verdict != "" || d.Persons == 0 {
		return DecisionFlip{}
	}
	f := flipper{now: r.lone[row], stay: v.stay, move: *d.Costs.Move, prices: &r.prices, who: v.rest}
	if d.Decision == DecideRelocate {
		f.now = r.missing(v)
	}
	switch d.Published {
	case DecideRelocate:
		f.leaveRoad = w.Leave
		if d.Decision == DecideRoad && r.a.Snapshot.Sites[v.site].ID != d.Costs.MoveSite || d.Decision == DecideRelocate && r.a.Snapshot.Sites[v.site].ID != d.Site {
			f.leaveMove = w.Leave
		}
	case DecideRoad:
		f.leaveMove = w.Leave
	}
	road, move := f.road(), f.move+f.leaveMove
	switch {
	case d.Decision == DecideRoad && road <= move:
		return f.flip(DecideRelocate)
	case d.Decision == DecideRelocate && move <= road:
		return f.flip(DecideRoad)
	}
	return DecisionFlip{}
}

// missing is what connecting a village would add to the plan.
func (r *decideReading) missing(v *villageCase) (l lone) {
	for _, s := range r.graph.way(r.graph.node[v.at], r.addBy) {
		if !r.answer.Built[s] {
			l.build += r.graph.strands[s].build
			l.upkeep += r.graph.strands[s].upkeep
		}
	}
	return l
}

// flipper compares a road with a move.
type flipper struct {
	now                  lone
	stay, move           int64
	leaveRoad, leaveMove int64
	prices               *decidePrices
	who                  people
}

func (f *flipper) road() int64 { return f.now.build + f.now.upkeep + f.stay + f.leaveRoad }

func (f *flipper) flip(to Decision) DecisionFlip {
	out := DecisionFlip{To: to}
	if left := f.move + f.leaveMove - f.now.upkeep - f.stay - f.leaveRoad; f.now.build > 0 && left > 0 {
		out.YuanPerKM = rounded(float64(f.prices.YuanPerKM) * float64(left) / float64(f.now.build))
	}
	persons := float64(f.who.persons)
	other := f.move - f.who.persons*f.prices.YuanPerPerson + f.leaveMove
	if left := f.road() - other; left > 0 {
		out.YuanPerPerson = rounded(float64(left) / persons)
	}
	// A road that costs nothing more is right for however few.
	stays := f.now.build + f.now.upkeep + f.stay
	if each := float64(f.move+f.leaveMove-f.leaveRoad) / persons; each > 0 && stays > 0 {
		out.Persons = rounded(float64(stays) / each)
	}
	if out == (DecisionFlip{To: to}) {
		return DecisionFlip{}
	}
	return out
}

func rounded(x float64) *int64 {
	if !(x < 1<<53) {
		return nil
	}
	n := int64(math.Round(x))
	return &n
}
