package route

import (
	"cmp"
	"fmt"
	"slices"
)

// Nearest holds the k nearest roots of every node, found in one sweep. It is
// frozen, and safe for use by many goroutines at once.
type Nearest struct {
	k     int
	now   setting
	query *Query // for its roots only
	of    func(n int32, visit func(label[uint64]))
}

// NearestK finds from or toward each of the roots at once, as From and Toward
// do for the nearest, and keeps for every node the k nearest: 16 bytes for each
// of them. With k 1 the roots are the centres of catchments.
func (q *Query) NearestK(k int, toward bool, roots ...Snap) (*Nearest, error) {
	if k < 1 || k > maxNearest {
		return nil, fmt.Errorf("route: the nearest %d are asked for; ask for 1 to %d", k, maxNearest)
	}
	k = max(1, min(k, len(roots)))
	own := &Query{Metric: q.Metric, Filter: q.Filter, Overlay: q.Overlay, g: q.g, roots: slices.Clone(roots)} // what q has found stands
	own.set(toward)
	own.sortRoots()
	n := &Nearest{k: k, now: own.now, query: own}
	if near := newRanks[uint32](&n.now, k); near.sweep(own) {
		n.of = near.each
		return n, nil
	}
	wide := newRanks[uint64](&n.now, k)
	wide.sweep(own)
	n.of = wide.each
	return n, nil
}

// maxNearest bounds the memory that a question can ask for.
const maxNearest = 1000

// Of gives the nearest roots of a place, nearest first: at most k, fewer where
// fewer can be reached. The result is written over out where that is long
// enough.
func (n *Nearest) Of(s Snap, out []Reach) []Reach {
	out = out[:0]
	for _, on := range n.query.rootsOn(s.Edge) {
		if c, ok := n.query.straightTo(n.query.roots[on.root], s); ok {
			out = n.take(out, Reach{c.plus(s.access()), int(on.root)})
		}
	}
	for _, leg := range n.now.legs(s, !n.now.toward) {
		if leg.ok {
			n.of(leg.node, func(l label[uint64]) {
				out = n.take(out, Reach{n.now.cost(l).plus(leg.cost).plus(s.access()), int(l.root)})
			})
		}
	}
	return out
}

// Node gives the nearest roots of a node, as Of does.
func (n *Nearest) Node(node int32, out []Reach) []Reach {
	out = out[:0]
	n.of(n.now.g.inside(node), func(l label[uint64]) { out = append(out, Reach{n.now.cost(l), int(l.root)}) })
	return out
}

// take puts a root where it belongs among the nearest, each once.
func (n *Nearest) take(out []Reach, r Reach) []Reach {
	before := func(a, b Reach) int {
		x, y := n.now.metric.of(a.Cost), n.now.metric.of(b.Cost)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.MM+a.MS, b.MM+b.MS), cmp.Compare(a.Root, b.Root))
	}
	if i := slices.IndexFunc(out, func(o Reach) bool { return o.Root == r.Root }); i >= 0 {
		if before(out[i], r) <= 0 {
			return out
		}
		out = slices.Delete(out, i, i+1)
	}
	at, _ := slices.BinarySearchFunc(out, r, before)
	if at == n.k {
		return out
	}
	if len(out) == n.k {
		out = out[:n.k-1]
	}
	return slices.Insert(out, at, r)
}

// ranks is a search for the k nearest roots of every node: a wave in which a
// node has a list of labels, best first, each of another root. What is true of
// a path's end is true of its middle: a root that is not among the k nearest of
// a node is not among those of any node by way of it.
type ranks[T width] struct {
	*setting
	k     int
	list  []rank[T] // k for each node
	queue buckets
	inner heap[T]
	shift uint
	over  bool // a cost was too large for T

	fetched T // means nothing
}

type rank[T width] struct {
	key, other T
	root       int32 // -1: there is none
	spread     bool  // its neighbours have been told
}

func (r *rank[T]) label() label[T] { return label[T]{key: r.key, other: r.other, root: r.root} }

func newRanks[T width](s *setting, k int) *ranks[T] {
	r := &ranks[T]{setting: s, k: k, list: make([]rank[T], k*s.g.Nodes()), shift: s.g.shift[s.metric]}
	for i := range r.list {
		r.list[i].root = -1
	}
	return r
}

func (r *ranks[T]) at(n int32) []rank[T] { return r.list[int(n)*r.k : (int(n)+1)*r.k] }

func (r *ranks[T]) each(n int32, visit func(label[uint64])) {
	for _, l := range r.at(n) {
		if l.root < 0 {
			return
		}
		visit(label[uint64]{key: uint64(l.key), other: uint64(l.other), root: l.root})
	}
}

// sweep runs from all roots; false when a cost is too large for T.
func (r *ranks[T]) sweep(q *Query) bool {
	r.queue.begin(0)
	for i, root := range q.roots {
		for _, leg := range r.legs(root, r.toward) {
			if leg.ok {
				c := root.access().plus(leg.cost)
				r.offer(leg.node, uint64(r.metric.of(c)), uint64(c.MM+c.MS-r.metric.of(c)), int32(i))
			}
		}
	}
	for !r.over {
		nodes, ok := r.queue.next(r.first)
		if !ok {
			break
		}
		for i, n := range nodes {
			if i%ahead == 0 {
				r.fetch(nodes[i:min(i+ahead, len(nodes))])
			}
			r.settle(n)
		}
		r.drain()
	}
	return !r.over
}

// settle spreads the labels of a node that are in this bucket, and queues it for
// the next one that is not: the queue may have forgotten that when it called the
// node back from afar for this one.
func (r *ranks[T]) settle(n int32) {
	some := false
	for i := range r.at(n) {
		l := &r.at(n)[i]
		if l.root >= 0 && !l.spread && uint64(l.key)>>r.shift == r.queue.now {
			r.spread(n, l)
			some = true
		}
	}
	if next := r.first(n); some && next > r.queue.now {
		r.queue.push(next, n)
	}
}

// fetch reads what settling some nodes will need; see wave.
func (r *ranks[T]) fetch(nodes []int32) {
	g, sum := r.g, r.fetched
	for _, n := range nodes {
		sum += T(g.start[n])
	}
	for _, n := range nodes {
		for _, a := range g.arcs[g.start[n]:g.start[n+1]] {
			sum += r.list[int(a.head)*r.k+r.k-1].key
		}
	}
	r.fetched = sum
}

// first is the bucket of the first label of a node that is still to be spread.
func (r *ranks[T]) first(n int32) uint64 {
	for _, l := range r.at(n) {
		if l.root >= 0 && !l.spread {
			return uint64(l.key) >> r.shift
		}
	}
	return 0
}

// drain settles what has come into the bucket meanwhile, best first.
func (r *ranks[T]) drain() {
	for len(r.inner) > 0 {
		e := r.inner.pop()
		for i := range r.at(e.node) {
			l := &r.at(e.node)[i]
			if have := l.label(); have.same(&e.label) && !l.spread {
				r.spread(e.node, l)
				break
			}
		}
	}
}

// spread tells the neighbours of a node about one of its labels.
func (r *ranks[T]) spread(n int32, l *rank[T]) {
	l.spread = true
	from := *l
	for i := r.g.start[n]; i < r.g.start[n+1]; i++ {
		a := &r.g.arcs[i]
		ms := a.out
		if r.toward {
			ms = a.in
		}
		if r.plain != nil && !r.plain.has(r.g.codes[i]>>1) {
			ms = r.drivenAt(i)
		}
		if ms == closed {
			continue
		}
		key, other := a.mm, ms
		if r.metric == ByTime {
			key, other = ms, a.mm
		}
		r.offer(a.head, uint64(from.key)+uint64(key), uint64(from.other)+uint64(other), from.root)
	}
}

// offer puts a label into the list of a node, if it belongs there.
func (r *ranks[T]) offer(n int32, key, other uint64, root int32) {
	list, next := r.at(n), rank[T]{key: T(key), other: T(other), root: root}
	if last := &list[r.k-1]; last.root >= 0 && key > uint64(last.key) {
		return
	}
	if uint64(next.key) != key || uint64(next.other) != other {
		r.over = true
		return
	}
	l := next.label()
	to, at := r.k-1, 0 // the place that becomes free, the place to take
	for i := range list {
		if list[i].root == root || list[i].root < 0 {
			to = i
			break
		}
	}
	if list[to].root >= 0 {
		if have := list[to].label(); !l.less(&have) {
			return
		}
	}
	for at < to {
		if have := list[at].label(); l.less(&have) {
			break
		}
		at++
	}
	copy(list[at+1:to+1], list[at:to])
	list[at] = next
	if bucket := key >> r.shift; bucket == r.queue.now {
		r.inner.push(entry[T]{l, n})
	} else {
		r.queue.push(bucket, n)
	}
}
