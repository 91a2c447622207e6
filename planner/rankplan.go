package planner

// RankPlan is what a budget buys: greedy by the measure of the ranking, each
// choice measured again after those before it (lazily, since most of them
// change nothing for most others), or the best single chain where that connects
// more. It is no optimum; BoundPersons says how much better any plan could be.
type RankPlan struct {
	BudgetFen    int64
	CostFen      int64
	LengthMM     int64
	Persons      int64 // newly connected by all that is chosen: the sum over Chosen
	BoundPersons int64 // no plan within the budget connects more
	Chosen       []RankRow
}

// offer is a candidate as it was measured last.
type offer struct {
	chain []int
	row   RankRow
	round int
	open  bool // affordable, and connects somebody
}

// buyer spends a budget.
type buyer struct {
	*ranker
	left   int64
	done   []bool // by work
	offers []offer
	round  int
}

func (r *ranker) plan() *RankPlan {
	b := &buyer{ranker: r, left: r.o.BudgetFen, done: make([]bool, len(r.works))}
	for _, chain := range r.chain {
		b.offers = append(b.offers, offer{chain: chain})
	}
	for i := range b.offers {
		if r.ctx.Err() != nil {
			return nil
		}
		b.measure(&b.offers[i])
	}
	single := b.single()
	p := &RankPlan{BudgetFen: r.o.BudgetFen}
	for o := b.next(); o != nil && r.ctx.Err() == nil; o = b.next() {
		b.buy(o, p)
	}
	if single != nil && single.Persons > p.Persons {
		p.Chosen, p.CostFen, p.LengthMM, p.Persons = []RankRow{*single}, single.CostFen, single.LengthMM, single.Persons
	}
	for i := range p.Chosen {
		p.Chosen[i].Rank = i + 1
	}
	p.BoundPersons = r.bound(r.o.BudgetFen)
	return p
}

// measure says what is left of an offer, and what that does now.
func (b *buyer) measure(o *offer) {
	var left []int
	for _, i := range o.chain {
		if !b.done[i] {
			left = append(left, i)
		}
	}
	o.round, o.open = b.round, false
	if len(left) == 0 {
		return
	}
	o.row = b.row(left)
	o.open = o.row.Persons > 0 && o.row.CostFen <= b.left
}

// single is the affordable offer that connects most persons, by itself.
func (b *buyer) single() *RankRow {
	var best *RankRow
	for i := range b.offers {
		if o := &b.offers[i]; o.open && (best == nil || o.row.Persons > best.Persons) {
			best = &o.row
		}
	}
	if best == nil {
		return nil
	}
	row := *best
	return &row
}

// next is the best offer, measured as things stand; nil: none is left.
func (b *buyer) next() *offer {
	for {
		var best *offer
		for i := range b.offers {
			if o := &b.offers[i]; o.open && (best == nil || b.worse(&o.row, &best.row) < 0) {
				best = o
			}
		}
		if best == nil || best.round == b.round {
			return best
		}
		b.measure(best)
	}
}

// buy takes an offer. What shares a segment with it has become cheaper.
func (b *buyer) buy(o *offer, p *RankPlan) {
	p.Chosen = append(p.Chosen, o.row)
	p.CostFen, p.LengthMM, p.Persons = p.CostFen+o.row.CostFen, p.LengthMM+o.row.LengthMM, p.Persons+o.row.Persons
	b.left -= o.row.CostFen
	b.round++
	bought := map[int]bool{}
	for _, i := range o.chain {
		if !b.done[i] {
			b.done[i], bought[i] = true, true
			b.t.accept(b.works[i].edges)
		}
	}
	for i := range b.offers {
		for _, w := range b.offers[i].chain {
			if bought[w] {
				b.measure(&b.offers[i])
				break
			}
		}
	}
}
