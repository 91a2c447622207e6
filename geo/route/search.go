package route

import "github.com/qiantu/qiantu/geo"

// begin forgets the last search and plants the roots.
func (q *Query) begin(toward bool, roots []Snap) {
	q.round++
	if q.round == 0 { // after four thousand million searches
		clear(q.labels)
		q.round = 1
	}
	q.toward, q.roots, q.waiting = toward, append(q.roots[:0], roots...), 0
	q.heap = q.heap[:0]
	clear(q.onEdge)
	for i, r := range q.roots {
		q.onEdge[r.Edge] = append(q.onEdge[r.Edge], int32(i))
		tail, head := q.ends(r)
		for end, leg := range [2]leg{tail, head} {
			if leg.ok {
				q.improve(leg.node, label{cost: r.access().plus(leg.cost), root: int32(i), parent: uint32(seed + end)})
			}
		}
	}
}

// leg is the way between a place on an edge and one of the edge's ends.
type leg struct {
	node int32
	cost Cost
	ok   bool
}

// ends gives the legs from a root to the ends of its edge, or the other way
// round when the search is towards roots.
func (q *Query) ends(s Snap) (tail, head leg) {
	g, length := q.g, q.g.length[s.Edge]
	tail, head = leg{node: g.tail[s.Edge]}, leg{node: g.head[s.Edge]}
	tail.cost, tail.ok = q.along(s.Edge, s.At, 0, q.toward)
	head.cost, head.ok = q.along(s.Edge, s.At, length, q.toward)
	return tail, head
}

// along is the cost on one edge, turned round if asked. A closed edge is still
// at hand where it ends.
func (q *Query) along(edge int32, from, to geo.Millimetre, turned bool) (Cost, bool) {
	if from != to && !q.Filter.Allows(edge) {
		return Cost{}, false
	}
	if turned {
		from, to = to, from
	}
	return q.g.travel(edge, from, to)
}

// want makes the search go on until a node is settled.
func (q *Query) want(n int32) {
	if q.labels[n].wanted != q.round {
		q.labels[n].wanted = q.round
		q.waiting++
	}
}

// key is the metric that is minimised.
func (q *Query) key(c Cost) int64 {
	if q.Metric == ByTime {
		return c.MS
	}
	return c.MM
}

// better orders labels: by the metric, then the other measure, then the root.
func (q *Query) better(a, b label) bool {
	if x, y := q.key(a.cost), q.key(b.cost); x != y {
		return x < y
	}
	if x, y := a.cost.MM+a.cost.MS, b.cost.MM+b.cost.MS; x != y {
		return x < y
	}
	return a.root < b.root
}

// improve takes a label if it is better than what the node has.
func (q *Query) improve(n int32, l label) {
	have := &q.labels[n]
	if have.round == q.round && !q.better(l, *have) {
		return
	}
	l.round, l.wanted = q.round, have.wanted
	*have = l
	q.heap.push(q.key(l.cost), n)
}

// run settles nodes in order of the metric (Dijkstra), all of them when
// waiting is negative, else until the wanted ones are settled. Those at the
// same cost as the last wanted one are settled too, since an edge that costs
// nothing may still make its second measure or its root better.
func (q *Query) run() {
	all := q.waiting < 0
	last := int64(-1)
	for len(q.heap) > 0 {
		if !all && q.waiting == 0 && q.heap[0].key > last {
			return
		}
		top := q.heap.pop()
		l := &q.labels[top.node]
		if q.key(l.cost) < top.key {
			continue
		}
		if l.wanted == q.round {
			l.wanted = 0
			q.waiting--
			last = top.key
		}
		q.relax(top.node, *l)
	}
}

func (q *Query) relax(n int32, l label) {
	g := q.g
	for _, a := range g.arcs[g.start[n]:g.start[n+1]] {
		ms, code := a.out, a.code
		if q.toward {
			ms, code = a.in, a.code^1
		}
		if ms == closed || !q.Filter.Allows(int32(a.code>>1)) {
			continue
		}
		cost := Cost{l.cost.MM + int64(a.mm), l.cost.MS + int64(ms)}
		q.improve(a.head, label{cost: cost, root: l.root, parent: code})
	}
}

// final is how a place is best reached: through an end of its edge (0 tail,
// 1 head), or straight along it from a root.
type final struct {
	label
	end int
}

const straight = 2

// finish completes a search to a place on an edge.
func (q *Query) finish(s Snap) (final, bool) {
	if q.round == 0 {
		return final{}, false
	}
	var best final
	found := false
	try := func(cost Cost, root int32, end int) {
		f := final{label{cost: cost.plus(s.access()), root: root}, end}
		if !found || q.better(f.label, best.label) {
			best, found = f, true
		}
	}
	for _, r := range q.onEdge[s.Edge] {
		root := q.roots[r]
		if c, ok := q.along(s.Edge, root.At, s.At, q.toward); ok {
			try(c.plus(root.access()), r, straight)
		}
	}
	q.toward = !q.toward // from the end of the edge to the place
	tail, head := q.ends(s)
	q.toward = !q.toward
	for end, leg := range [2]leg{tail, head} {
		if l := q.labels[leg.node]; leg.ok && l.round == q.round {
			try(l.cost.plus(leg.cost), l.root, end)
		}
	}
	return best, found
}
