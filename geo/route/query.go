package route

import (
	"context"
	"math"
)

// noLimit is the limit of a search that has none.
const noLimit = math.MaxUint64

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

// of is the measure of a cost that is minimised.
func (m Metric) of(c Cost) int64 {
	if m == ByTime {
		return c.MS
	}
	return c.MM
}

// Query is a search with its scratch memory. Set Metric, Filter and Overlay
// before a search; results stand until the next one begins.
type Query struct {
	Metric  Metric
	Filter  *Filter
	Overlay *Overlay // what it names goes before Filter and graph

	g      *Graph
	now    setting // of the search whose results stand
	roots  []Snap
	onEdge []rootOn // roots by edge
	sweep  searcher
	wide   bool // sweep calculates with eight bytes
	done   bool // there are results
	whole  bool // for all nodes
	plain  bitset
}

// rootOn is a root by the edge it is on.
type rootOn struct{ edge, root int32 }

// searcher is a sweep of either width.
type searcher interface {
	begin(all bool)
	plant(n int32, cost Cost, root int32, end int)
	await(n int32)
	run(limit uint64) bool
	find(n int32) (label[uint64], bool)
	reached() []int32

	forget(n, edge int32)
	surround()
	again(n int32)
}

// NewQuery makes the scratch memory for a graph: 16 bytes for each node.
func (g *Graph) NewQuery() *Query {
	q := &Query{g: g}
	q.now.g = g
	q.sweep = newWave[uint32](&q.now)
	return q
}

// Reach is a cost and the root (its place in the list that From or Toward was
// given) that the path comes from or leads to.
type Reach struct {
	Cost
	Root int
}

// From searches the whole network from one or more sources; each node gets the
// cost from its nearest.
func (q *Query) From(sources ...Snap) { q.search(false, sources, nil, noLimit) }

// Toward searches the whole network towards one or more targets, against the
// direction of travel: one sweep finds the nearest target of every place.
func (q *Query) Toward(targets ...Snap) { q.search(true, targets, nil, noLimit) }

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
	l, ok := q.sweep.find(q.g.inside(n))
	if !ok {
		return Reach{Unreachable, -1}, false
	}
	return Reach{q.now.cost(l), int(l.root)}, true
}

// ToTargets gives the costs from one source to each target, Unreachable where
// there is no path. It stops as soon as all are known. The result is written
// over out where that is long enough.
func (q *Query) ToTargets(source Snap, targets []Snap, out []Cost) []Cost {
	out = out[:0]
	if len(targets) == 0 {
		return out
	}
	q.search(false, []Snap{source}, targets, noLimit)
	for _, t := range targets {
		r, _ := q.Reach(t)
		out = append(out, r.Cost)
	}
	return out
}

// Between finds the best path from one place to another.
func (q *Query) Between(from, to Snap) (Path, bool) {
	q.search(false, []Snap{from}, []Snap{to}, noLimit)
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
