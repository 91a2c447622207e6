package planner

// bound is how many persons no plan within a budget can connect more than.
//
// Whoever spends at most the budget B and connects persons worth g of all those
// P that are not connected pays, at a price μ a person left out, no more than
// B + μ(P - g) in all; moats say that everybody pays at least D. So
// g <= P - (D - B)/μ, for every price; the best of some prices is taken. Only
// parts of segments are charged and villages of unknown persons are left out,
// which can only make it more.
func (r *ranker) bound(budget int64) int64 {
	all := r.notConnected()
	switch {
	case r.a.seat() == nil:
		return min(all, r.boundOfParts(budget))
	case r.t.slow:
		return all
	}
	of := map[int32]*work{}
	for _, w := range r.works {
		for _, e := range w.edges {
			of[e] = w
		}
	}
	g := r.a.newGapGraph(func(e int32) bool { return of[e] != nil })
	m, persons := r.peopled(g)
	costs, sum := r.charges(g)
	best := all
	for price := max(1, budget/max(1, all)/64); price <= max(1, sum) && price < 1<<40 && r.ctx.Err() == nil; price += price/2 + 1 {
		purse := make([]int64, len(persons))
		for i, n := range persons {
			purse[i] = n * price
		}
		if least := newMoats(g.nodes, m.root, m.ends, costs, purse).bound(m.root); least > budget {
			best = min(best, all-(least-budget+price-1)/price)
		}
	}
	return max(best, 0)
}

// boundOfParts is the bound of a county without a seat, where the largest part
// counts, which may be another one afterwards. Whatever is built of what the
// budget can pay for one by one, every part lies within a part of all of it
// together; no part has more persons than the best of those.
func (r *ranker) boundOfParts(budget int64) int64 {
	n := r.a.net
	proven, supposed := n.strict[AccessConnected], map[int32]bool{}
	for _, w := range r.works {
		for _, e := range w.edges {
			supposed[e] = w.CostFen <= budget
		}
	}
	f := n.graph.Filter(func(e int32) bool { return proven.Allows(e) || supposed[e] })
	parts := n.graph.Components(f)
	persons, now := make([]int64, parts.Count()), int64(0)
	for i, near := range n.near {
		count, _ := r.a.Villages[i].Village.Persons()
		if r.a.Villages[i].Connected == Yes {
			now += count
		}
		in := map[int]bool{}
		for _, s := range near {
			if part := parts.OfEdge(s.Edge); f.Allows(s.Edge) && !in[part] {
				in[part] = true
				persons[part] += count
			}
		}
	}
	best := now
	for _, n := range persons {
		best = max(best, n)
	}
	return best - now
}

// notConnected are the known persons of villages that are not proven to be
// connected.
func (r *ranker) notConnected() (all int64) {
	for i := range r.a.Villages {
		if d := &r.a.Villages[i]; d.Connected != Yes {
			n, _ := d.Village.Persons()
			all += max(n, 0)
		}
	}
	return all
}

// peopled are the persons of villages that are not connected, at the node where
// all places of a village are put together.
func (r *ranker) peopled(g *gapGraph) (merged, []int64) {
	var villages []int
	for i := range r.a.Villages {
		if len(g.at[i]) > 0 {
			villages = append(villages, i)
		}
	}
	m, persons := g.together(villages), make([]int64, g.nodes)
	for _, i := range villages {
		n, _ := r.a.Villages[i].Village.Persons()
		persons[m.parts.of(g.at[i][0])] += max(n, 0)
	}
	return m, persons
}

// charges is what every edge costs: its share of its segment where that has a
// cost of its own.
func (r *ranker) charges(g *gapGraph) (costs []int64, sum int64) {
	by := map[workKey]*work{}
	for _, w := range r.works {
		by[workKey{road: w.Road, segment: w.Segment}] = w
	}
	costs = make([]int64, len(g.edges))
	for i := range g.edges {
		e := &g.edges[i]
		costs[i] = e.fen
		if _, own := r.o.CostFen[e.Piece.Road]; own {
			w := by[workKey{road: e.Piece.Road, segment: e.Piece.Segment}]
			if w == nil {
				w = by[workKey{road: e.Piece.Road}]
			}
			costs[i] = scale(e.missing(), w.CostFen, max(1, w.LengthMM))
		}
		sum += costs[i]
	}
	return costs, sum
}
