package route

import (
	"context"
	"math"
)

// Cost is a length in millimetres and a time in milliseconds of one path, with
// its access legs.
type Cost struct{ MM, MS int64 }

// Unreachable is the cost where there is no path.
var Unreachable = Cost{-1, -1}

// Reachable says whether there is a path.
func (c Cost) Reachable() bool { return c.MM >= 0 }

// Metres is the length in metres.
func (c Cost) Metres() float64 { return float64(c.MM) / 1000 }

// Seconds is the time in seconds.
func (c Cost) Seconds() float64 { return float64(c.MS) / 1000 }

func (c Cost) plus(o Cost) Cost { return Cost{c.MM + o.MM, c.MS + o.MS} }

// Metric says what a search minimises.
type Metric uint8

// The metrics. Of paths that are equal by one the better by the other is taken.
const (
	ByLength Metric = iota
	ByTime
)

// Query is a search with its scratch memory. Set Metric and Filter before a
// search; results stand until the next one begins.
type Query struct {
	Metric Metric
	Filter *Filter

	g       *Graph
	toward  bool // labels are costs to the roots, not from them
	roots   []Snap
	onEdge  map[int32][]int32 // roots by edge
	labels  []label
	round   uint32
	heap    heap
	waiting int // nodes that must be settled
}

// label is what is known of a node.
type label struct {
	cost   Cost
	root   int32
	parent uint32 // code of the edge by which it was reached, or seed + end
	round  uint32 // the search this belongs to
	wanted uint32 // the search that must settle it
}

// A label reached straight from a root has no edge as parent but one of these:
// the root's edge was left by its tail, or by its head.
const seed = math.MaxUint32 - 1

// NewQuery makes the scratch memory for a graph: 40 bytes for each node.
func (g *Graph) NewQuery() *Query {
	return &Query{g: g, labels: make([]label, len(g.nodes)), onEdge: map[int32][]int32{}}
}

// Reach is a cost and the root (its place in the list that From or Toward was
// given) that the path comes from or leads to.
type Reach struct {
	Cost
	Root int
}

// From searches the whole network from one or more sources; each node gets the
// cost from its nearest.
func (q *Query) From(sources ...Snap) { q.sweep(false, sources) }

// Toward searches the whole network towards one or more targets, against the
// direction of travel: one sweep finds the nearest target of every place.
func (q *Query) Toward(targets ...Snap) { q.sweep(true, targets) }

func (q *Query) sweep(toward bool, roots []Snap) {
	q.begin(toward, roots)
	q.waiting = -1
	q.run()
}

// Reach gives the cost between a place and its nearest root after From or
// Toward, access legs included; false when there is no path.
func (q *Query) Reach(s Snap) (Reach, bool) {
	best, ok := q.finish(s)
	if !ok {
		return Reach{Unreachable, -1}, false
	}
	return Reach{best.cost, int(best.root)}, true
}

// Node gives the cost between a node and its nearest root after From or
// Toward, with the root's access leg.
func (q *Query) Node(n int32) (Reach, bool) {
	l := &q.labels[n]
	if l.round != q.round || q.round == 0 {
		return Reach{Unreachable, -1}, false
	}
	return Reach{l.cost, int(l.root)}, true
}

// ToTargets gives the costs from one source to each target, Unreachable where
// there is no path. It stops as soon as all are known. The result is written
// over out where that is long enough.
func (q *Query) ToTargets(source Snap, targets []Snap, out []Cost) []Cost {
	q.begin(false, []Snap{source})
	for _, t := range targets {
		q.want(q.g.tail[t.Edge])
		q.want(q.g.head[t.Edge])
	}
	q.run()
	out = out[:0]
	for _, t := range targets {
		r, _ := q.Reach(t)
		out = append(out, r.Cost)
	}
	return out
}

// Between finds the best path from one place to another.
func (q *Query) Between(from, to Snap) (Path, bool) {
	q.ToTargets(from, []Snap{to}, nil)
	return q.Path(to)
}

// Matrix gives the costs from every source to every target, row by row in the
// order of the sources; the slice is used again for the next row. It stops at
// the first error of row, or of the context.
func (q *Query) Matrix(ctx context.Context, sources, targets []Snap, row func(source int, costs []Cost) error) error {
	var costs []Cost
	for i, s := range sources {
		if err := ctx.Err(); err != nil {
			return err
		}
		costs = q.ToTargets(s, targets, costs)
		if err := row(i, costs); err != nil {
			return err
		}
	}
	return nil
}
