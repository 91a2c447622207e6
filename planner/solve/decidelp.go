package solve

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// decideLP is the relaxed question as a linear programme whose directed cuts are found as they
// are violated. Its columns are the arcs, then the alternatives. It belongs to one goroutine.
type decideLP struct {
	m     *decideModel
	lp    simplex
	scale float64 // of costs
	price []int32 // by price: its row; -1: none
	fixed int     // rows that are no cuts

	now      []decideCut
	patience int // solutions that a row may be idle for

	left  []float64 // by arc: capacity left in a flow
	seen  []int32   // by node: the arc it was met by; -1: not met
	queue []int32
	hull  hull
}

func newDecideLP(b *decideBounder, scale float64, seed uint64) *decideLP {
	m := b.m
	l := &decideLP{m: m, scale: scale, left: make([]float64, 2*len(m.cost)), seen: make([]int32, m.q.Nodes), patience: 2}
	draw := rand.New(rand.NewPCG(seed, 77))
	little := func() float64 { return 1e-9 * draw.Float64() } // so that nothing ties
	for _, c := range m.cost {
		l.lp.addColumn(m.tie*float64(c)/scale + little())
		l.lp.addColumn(m.tie*float64(c)/scale + little())
	}
	for k := range m.alt {
		l.lp.addColumn(m.weigh(m.alt[k].decideValue)/scale + little())
	}
	for i := range m.village {
		var row []entry
		for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
			row = append(row, entry{l.alt(k), 1})
		}
		l.lp.addRow(row, 1, true)
	}
	for j := range m.places {
		l.price = append(l.price, l.addPlaces(b, j))
	}
	l.price = append(l.price, l.addBudget(b))
	l.fixed = len(l.lp.rows)
	return l
}

// clone is a copy for another goroutine.
func (l *decideLP) clone() *decideLP {
	c := *l
	c.lp.recover()
	c.lp = l.lp.clone()
	c.left, c.seen, c.queue, c.now, c.hull = make([]float64, len(l.left)), make([]int32, len(l.seen)), nil, nil, hull{}
	return &c
}

func (l *decideLP) alt(k int32) int32 { return int32(2*len(l.m.cost)) + k }

func (l *decideLP) addPlaces(b *decideBounder, j int) int32 {
	if b.vain[j] {
		return -1
	}
	var row []entry
	for k := range l.m.alt {
		if a := &l.m.alt[k]; int(a.site) == j {
			row = append(row, entry{l.alt(int32(k)), -float64(a.use) / b.size[j]})
		}
	}
	return l.lp.addRow(row, -float64(l.m.places[j])/b.size[j], false)
}

func (l *decideLP) addBudget(b *decideBounder) int32 {
	last := len(l.m.places)
	if b.vain[last] {
		return -1
	}
	var row []entry
	for e, c := range l.m.cost {
		if c > 0 {
			row = append(row, entry{int32(2 * e), -float64(c) / b.size[last]}, entry{int32(2*e + 1), -float64(c) / b.size[last]})
		}
	}
	for k := range l.m.alt {
		if money := l.m.alt[k].money; money > 0 {
			row = append(row, entry{l.alt(int32(k)), -float64(money) / b.size[last]})
		}
	}
	return l.lp.addRow(row, -float64(l.m.budget-l.m.fixed.money)/b.size[last], false)
}

// enter closes and opens columns as a node says.
func (l *decideLP) enter(n *decideNode) {
	l.lp.recover()
	for e, s := range n.edge {
		for side := range int32(2) {
			l.lp.open(int32(2*e)+side, s >= 0 && l.m.end[1-side][e] != 0)
		}
	}
	for k, is := range n.open {
		l.lp.open(l.alt(int32(k)), is)
	}
	l.lp.settle()
}

// cuts lists the cuts that are priced, and prices those of places and budget.
func (l *decideLP) cuts(b *decideBounder, prices []float64) (cuts []decideCut) {
	for j, i := range l.price {
		prices[j] = 0
		if i >= 0 {
			prices[j] = max(0, l.lp.y[i]) * l.scale / b.size[j]
		}
	}
	for i := l.fixed; i < len(l.lp.rows); i++ {
		if y := l.lp.y[i]; y > 1e-12 {
			row := l.lp.rows[i]
			cuts = append(cuts, decideCut{l.rowOf(row), row, l.lp.rhs[i], y * l.scale})
		}
	}
	return cuts
}

// rowOf is whose cut it is: the road of a row is the last column. A cover has no arcs.
func (l *decideLP) rowOf(row []entry) int32 {
	if int(row[0].of) >= 2*len(l.m.cost) {
		return -1
	}
	return int32(l.m.rowOf(row[len(row)-1].of - int32(2*len(l.m.cost))))
}

// tighten solves and adds violated cuts in turn, at most so often. met is told after each turn, when b.r has
// the state. False: no plan of less than the cutoff is in the node.
func (l *decideLP) tighten(ctx context.Context, b *decideBounder, n *decideNode, cutoff func() float64, turns int, met func(turn int)) bool {
	prices := make([]float64, len(n.prices))
	stale, reached := 0, -inf
	for turn := range turns {
		if ctx.Err() != nil {
			return true
		}
		l.enter(n)
		l.lp.run(20000, func() bool { return ctx.Err() != nil })
		l.now = l.cuts(b, prices)
		if !b.settle(n, prices, l.now, cutoff()) {
			return false
		}
		if met != nil {
			met(turn)
		}
		if at := l.lp.total(); at <= reached+1e-6*math.Abs(at) {
			stale++
		} else {
			stale, reached = 0, at
		}
		if stale >= 6 {
			return true
		}
		l.lp.recover()
		l.lp.drop(l.fixed, l.patience)
		added := l.separate(n) + l.separateCovers()
		if turns > 1 && (added == 0 || turn%4 == 3) {
			added += l.separateHulls()
		}
		if added == 0 {
			return true
		}
	}
	return true
}

// separate adds cuts that the solution violates, and tells how many.
func (l *decideLP) separate(n *decideNode) (added int) {
	for i := range l.m.village {
		road := l.m.firstAlt[i]
		if !n.open[road] {
			continue
		}
		y := l.lp.value(l.alt(road))
		if y < 0.02 {
			continue
		}
		added += l.separateRow(n, i, y)
	}
	return added
}

// separateRow sends a flow from the network to a village. Where it is too little, what it cannot get past is a
// cut; a few more behind it are looked for with that one opened.
func (l *decideLP) separateRow(n *decideNode, i int, y float64) (added int) {
	const creep = 1e-6 // prefers cuts of few arcs
	for a := range l.left {
		l.left[a] = 0
		if n.edge[a/2] >= 0 {
			l.left[a] = l.lp.value(int32(a)) + creep
		}
	}
	sink := l.m.node[i]
	flow := 0.0
	for range 2 {
		flow += l.flow(sink, y-flow)
		if flow > y-1e-3 {
			break
		}
		far := l.addCut(i, l.behind(sink))
		near := l.reachable()
		added++
		if !slices.Equal(far, near) {
			l.addCut(i, near)
			added++
		}
		for _, a := range far {
			l.left[a] = 1
		}
	}
	return added
}

func (l *decideLP) addCut(i int, arcs []int32) []int32 {
	row := make([]entry, 0, len(arcs)+1)
	for _, a := range arcs {
		row = append(row, entry{a, 1})
	}
	l.lp.addRow(append(row, entry{l.alt(l.m.firstAlt[i]), -1}), 0, false)
	return arcs
}

// flow augments along fewest arcs, up to most.
func (l *decideLP) flow(sink int32, most float64) (sent float64) {
	for sent < most {
		if !l.search(sink) {
			return sent
		}
		by := most - sent
		for n := sink; n != 0; n = l.m.end[l.seen[n]&1][l.seen[n]/2] {
			by = min(by, l.left[l.seen[n]])
		}
		for n := sink; n != 0; {
			a := l.seen[n]
			l.left[a] -= by
			l.left[a^1] += by
			n = l.m.end[a&1][a/2]
		}
		sent += by
	}
	return sent
}

// search goes from the network along what has capacity left; a nil sink (-1) is never met.
func (l *decideLP) search(sink int32) bool {
	for n := range l.seen {
		l.seen[n] = -1
	}
	l.queue = append(l.queue[:0], 0)
	for at := 0; at < len(l.queue); at++ {
		n := l.queue[at]
		for _, e := range l.m.edges(n) {
			to := l.m.across(e, n)
			if a := l.m.into(e, to); to != 0 && l.seen[to] < 0 && l.left[a] > 1e-9 {
				l.seen[to] = a
				if to == sink {
					return true
				}
				l.queue = append(l.queue, to)
			}
		}
	}
	return false
}

// reachable lists the arcs that leave what the network still reaches.
func (l *decideLP) reachable() (arcs []int32) {
	l.search(-1)
	for e := range l.m.cost {
		a, b := l.m.end[0][e], l.m.end[1][e]
		in, out := a == 0 || l.seen[a] >= 0, b == 0 || l.seen[b] >= 0
		if in && !out {
			arcs = append(arcs, int32(2*e))
		} else if out && !in {
			arcs = append(arcs, int32(2*e+1))
		}
	}
	return arcs
}

// behind lists the arcs that enter what still reaches the sink.
func (l *decideLP) behind(sink int32) (arcs []int32) {
	inside := make([]bool, l.m.q.Nodes)
	inside[sink] = true
	for queue := []int32{sink}; len(queue) > 0; queue = queue[1:] {
		for _, e := range l.m.edges(queue[0]) {
			from := l.m.across(e, queue[0])
			if !inside[from] && l.left[l.m.into(e, queue[0])] > 1e-9 {
				inside[from] = true
				queue = append(queue, from)
			}
		}
	}
	for e := range l.m.cost {
		a, b := l.m.end[0][e], l.m.end[1][e]
		if inside[b] && !inside[a] {
			arcs = append(arcs, int32(2*e))
		} else if inside[a] && !inside[b] {
			arcs = append(arcs, int32(2*e+1))
		}
	}
	return arcs
}
