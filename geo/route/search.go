package route

import (
	"cmp"
	"math"
	"slices"

	"github.com/qiantu/qiantu/geo"
)

// setting is what a search asks of the network.
type setting struct {
	g       *Graph
	metric  Metric
	toward  bool // labels are costs to the roots, not from them
	filter  *Filter
	overlay *Overlay
	plain   bitset // edges that neither touches; nil: all of them
}

// driven is the time of an edge in the direction of a code, or closed.
func (s *setting) driven(code uint32) uint32 {
	edge := int32(code >> 1)
	if c := s.overlay.find(edge); c != nil {
		return c.times[code&1]
	}
	if !s.filter.Allows(edge) {
		return closed
	}
	return s.g.times[code&1][edge]
}

// drivenAt is the time of an arc away from its node or, in a search towards
// roots, to it.
func (s *setting) drivenAt(arc int32) uint32 {
	code := s.g.codes[arc]
	if s.toward {
		code ^= 1
	}
	return s.driven(code)
}

// cost is that of a label.
func (s *setting) cost(l label[uint64]) Cost {
	if s.metric == ByTime {
		return Cost{int64(l.other), int64(l.key)}
	}
	return Cost{int64(l.key), int64(l.other)}
}

// along is the cost of a drive on one edge. A closed edge is still at hand
// where it ends.
func (s *setting) along(edge int32, from, to geo.Millimetre) (Cost, bool) {
	if from == to {
		return Cost{}, true
	}
	var backward uint32
	if to < from {
		backward = 1
		from, to = to, from
	}
	total := s.driven(codeOf(edge, backward))
	if total == closed {
		return Cost{}, false
	}
	length := s.g.length[edge]
	return Cost{int64(to - from), share(to, total, length) - share(from, total, length)}, true
}

// leg is the way between a place on an edge and one of the edge's ends.
type leg struct {
	node int32
	cost Cost
	ok   bool
}

// legs gives the legs from a place to the ends of its edge, tail and head, or
// the other way round if asked.
func (s *setting) legs(p Snap, turned bool) [2]leg {
	ends := [2]geo.Millimetre{0, geo.Millimetre(s.g.length[p.Edge])}
	out := [2]leg{{node: s.g.tail[p.Edge]}, {node: s.g.head[p.Edge]}}
	for i := range out {
		from, to := p.At, ends[i]
		if turned {
			from, to = to, from
		}
		out[i].cost, out[i].ok = s.along(p.Edge, from, to)
	}
	return out
}

// search begins anew from these roots. With targets it stops when they are
// settled, else when all is that costs no more than the limit.
func (q *Query) search(toward bool, roots, targets []Snap, limit uint64) {
	q.set(toward)
	q.roots, q.done, q.whole = append(q.roots[:0], roots...), true, targets == nil && limit == noLimit
	q.sortRoots()
	if q.try(targets, limit) || q.wide {
		return
	}
	q.sweep, q.wide = newWave[uint64](&q.now), true
	q.try(targets, limit)
}

// set takes over what the caller has set.
func (q *Query) set(toward bool) {
	q.now = setting{q.g, q.Metric, toward, q.Filter, q.Overlay, nil}
	if q.Filter == nil && q.Overlay == nil {
		return
	}
	q.plain = q.plain[:0]
	if q.Filter != nil {
		q.plain = append(q.plain, q.Filter.bits...)
	} else {
		for range (q.g.Edges() + 63) / 64 {
			q.plain = append(q.plain, math.MaxUint64)
		}
	}
	q.Overlay.each(func(c *change) { q.plain.unset(c.edge) })
	q.now.plain = q.plain
}

// sortRoots makes roots known by their edge.
func (q *Query) sortRoots() {
	q.onEdge = q.onEdge[:0]
	for i, r := range q.roots {
		q.onEdge = append(q.onEdge, rootOn{r.Edge, int32(i)})
	}
	slices.SortFunc(q.onEdge, func(a, b rootOn) int { return cmp.Or(cmp.Compare(a.edge, b.edge), cmp.Compare(a.root, b.root)) })
}

// rootsOn are the roots on an edge.
func (q *Query) rootsOn(edge int32) []rootOn {
	i, found := slices.BinarySearchFunc(q.onEdge, edge, func(r rootOn, e int32) int { return cmp.Compare(r.edge, e) })
	if !found {
		return nil
	}
	n := i
	for n < len(q.onEdge) && q.onEdge[n].edge == edge {
		n++
	}
	return q.onEdge[i:n]
}

func (q *Query) try(targets []Snap, limit uint64) bool {
	q.sweep.begin(q.whole)
	for i := range q.roots {
		q.plant(int32(i))
	}
	for _, t := range targets {
		q.sweep.await(q.g.tail[t.Edge])
		q.sweep.await(q.g.head[t.Edge])
	}
	return q.sweep.run(limit)
}

// plant labels the ends of a root's edge.
func (q *Query) plant(root int32) {
	r := q.roots[root]
	for end, leg := range q.now.legs(r, q.now.toward) {
		if leg.ok {
			q.sweep.plant(leg.node, r.access().plus(leg.cost), root, end)
		}
	}
}

// final is how a place is best reached: through an end of its edge (0 tail,
// 1 head), or straight along it from a root.
type final struct {
	cost Cost
	root int32
	end  int
}

const straight = 2

// before orders finals as labels are.
func (q *Query) before(a, b final) bool {
	x, y := q.now.metric.of(a.cost), q.now.metric.of(b.cost)
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.cost.MM+a.cost.MS, b.cost.MM+b.cost.MS), cmp.Compare(a.root, b.root)) < 0
}

// finish completes a search to a place on an edge.
func (q *Query) finish(s Snap) (best final, found bool) {
	if !q.done {
		return final{}, false
	}
	try := func(f final) {
		f.cost = f.cost.plus(s.access())
		if !found || q.before(f, best) {
			best, found = f, true
		}
	}
	for _, on := range q.rootsOn(s.Edge) {
		if c, ok := q.straightTo(q.roots[on.root], s); ok {
			try(final{c, on.root, straight})
		}
	}
	for end, leg := range q.now.legs(s, !q.now.toward) {
		if l, ok := q.sweep.find(leg.node); ok && leg.ok {
			try(final{q.now.cost(l).plus(leg.cost), l.root, end})
		}
	}
	return best, found
}

// straightTo is the cost between a root and a place on its edge.
func (q *Query) straightTo(root, s Snap) (Cost, bool) {
	from, to := root.At, s.At
	if q.now.toward {
		from, to = to, from
	}
	c, ok := q.now.along(s.Edge, from, to)
	return c.plus(root.access()), ok
}
