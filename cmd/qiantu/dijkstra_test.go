package main

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// plainNet is a network as lists of arcs, and the textbook's Dijkstra on it; it knows the edges of the graph and nothing else
// of the code that it is held against.
type plainNet struct {
	edges []route.Edge
	out   [][]plainArc
}

type plainArc struct {
	head   int32
	edge   int32
	mm, ms int64
}

// plainOf copies the edges that a filter allows, with some of them changed.
func plainOf(g *route.Graph, allowed *route.Filter, changes map[int32]route.Change) *plainNet {
	n := &plainNet{edges: make([]route.Edge, g.Edges()), out: make([][]plainArc, g.Nodes())}
	for i := range n.edges {
		e := g.Edge(int32(i))
		if c, changed := changes[int32(i)]; changed {
			e.Forward, e.Backward = c.Forward, c.Backward
		} else if !allowed.Allows(int32(i)) {
			e.Forward, e.Backward = -1, -1
		}
		n.edges[i] = e
		if e.Forward >= 0 {
			n.out[e.Tail] = append(n.out[e.Tail], plainArc{e.Head, int32(i), int64(e.Length()), e.Forward})
		}
		if e.Backward >= 0 {
			n.out[e.Head] = append(n.out[e.Head], plainArc{e.Tail, int32(i), int64(e.Length()), e.Backward})
		}
	}
	return n
}

// part is the cost along one edge between two measures: the times of the parts of an edge sum to that of the whole.
func (n *plainNet) part(edge int32, from, to geo.Millimetre) (route.Cost, bool) {
	if from == to {
		return route.Cost{}, true
	}
	e := n.edges[edge]
	total := e.Forward
	if to < from {
		total, from, to = e.Backward, to, from
	}
	if total < 0 {
		return route.Cost{}, false
	}
	at := func(mm geo.Millimetre) int64 {
		return int64(math.Round(float64(mm) * float64(total) / float64(e.Length())))
	}
	return route.Cost{MM: int64(to - from), MS: at(to) - at(from)}, true
}

type plainLabel struct {
	cost route.Cost
	node int32
}

// plainHeap orders labels by the metric, then the other measure.
type plainHeap struct {
	labels []plainLabel
	less   func(a, b route.Cost) bool
}

func (h *plainHeap) Len() int           { return len(h.labels) }
func (h *plainHeap) Less(i, j int) bool { return h.less(h.labels[i].cost, h.labels[j].cost) }
func (h *plainHeap) Swap(i, j int)      { h.labels[i], h.labels[j] = h.labels[j], h.labels[i] }
func (h *plainHeap) Push(x any)         { h.labels = append(h.labels, x.(plainLabel)) }
func (h *plainHeap) Pop() any {
	last := h.labels[len(h.labels)-1]
	h.labels = h.labels[:len(h.labels)-1]
	return last
}

func byMetric(m route.Metric) func(a, b route.Cost) bool {
	return func(a, b route.Cost) bool {
		if m == route.ByTime {
			return a.MS < b.MS || a.MS == b.MS && a.MM < b.MM
		}
		return a.MM < b.MM || a.MM == b.MM && a.MS < b.MS
	}
}

func sum(a, b route.Cost) route.Cost { return route.Cost{MM: a.MM + b.MM, MS: a.MS + b.MS} }

// from gives the cost of every node from a place, Unreachable where there is no way.
func (n *plainNet) from(s route.Snap, m route.Metric) []route.Cost {
	best := make([]route.Cost, len(n.out))
	for i := range best {
		best[i] = route.Unreachable
	}
	h := &plainHeap{less: byMetric(m)}
	offer := func(node int32, c route.Cost) {
		if !best[node].Reachable() || h.less(c, best[node]) {
			best[node] = c
			heap.Push(h, plainLabel{c, node})
		}
	}
	e := n.edges[s.Edge]
	if c, ok := n.part(s.Edge, s.At, 0); ok {
		offer(e.Tail, c)
	}
	if c, ok := n.part(s.Edge, s.At, e.Length()); ok {
		offer(e.Head, c)
	}
	for h.Len() > 0 {
		top := heap.Pop(h).(plainLabel)
		if best[top.node] != top.cost {
			continue
		}
		for _, a := range n.out[top.node] {
			offer(a.head, sum(top.cost, route.Cost{MM: a.mm, MS: a.ms}))
		}
	}
	return best
}

// to completes a search to a place.
func (n *plainNet) to(best []route.Cost, from, to route.Snap, m route.Metric) route.Cost {
	found := route.Unreachable
	offer := func(c route.Cost, ok bool) {
		if ok && (!found.Reachable() || byMetric(m)(c, found)) {
			found = c
		}
	}
	e := n.edges[to.Edge]
	for node, at := range map[int32]geo.Millimetre{e.Tail: 0, e.Head: e.Length()} {
		if c, ok := n.part(to.Edge, at, to.At); ok && best[node].Reachable() {
			offer(sum(best[node], c), true)
		}
	}
	if e.Tail == e.Head { // a loop has two ends at one node
		if c, ok := n.part(to.Edge, 0, to.At); ok && best[e.Tail].Reachable() {
			offer(sum(best[e.Tail], c), true)
		}
	}
	if from.Edge == to.Edge {
		offer(n.part(from.Edge, from.At, to.At))
	}
	return found
}

// someChanges closes, opens, turns round and improves a few edges.
func someChanges(r *rand.Rand, g *route.Graph, near int32, count int) map[int32]route.Change {
	out := map[int32]route.Change{}
	for i := range count {
		edge := int32(r.IntN(g.Edges()))
		if i < count/4 { // some where it matters to the source
			edge = min(max(near+int32(r.IntN(200)-100), 0), int32(g.Edges()-1))
		}
		e, c := g.Edge(edge), route.Change{Edge: edge, Forward: -1, Backward: -1}
		ms := int64(e.Length()) * 36 / 10 / int64(20+r.IntN(60)) // 20 to 80 km/h
		switch r.IntN(5) {
		case 0, 1:
		case 2:
			c.Forward, c.Backward = ms, ms
		case 3:
			c.Forward = ms
		case 4:
			c.Backward = e.Forward
		}
		out[edge] = c
	}
	return out
}

// Shortest and fastest ways over real roads, with overlays, are those of a plain Dijkstra: 10,000 of them, to the millimetre and
// the millisecond; found anew, and by repairing what was found before.
func TestRealNetworksAgainstPlainDijkstra(t *testing.T) {
	for _, c := range []struct {
		file             string
		sources, targets int
	}{{"andorra-2025-01-19.osm.pbf", 60, 100}, {"porto-2015-06.osm.pbf", 10, 400}} {
		t.Run(c.file, func(t *testing.T) {
			_, x := extract(t, c.file)
			_, segments, _ := planner.RoadsOfOSM(x.Roads)
			rules := planner.DefaultRules()
			g, open := planner.DriveNetwork(segments, &rules, route.Dry)
			r := rand.New(rand.NewPCG(1, uint64(len(c.file))))
			reached, changed := 0, 0
			for i := range c.sources {
				n, different := compareSource(t, r, g, open, route.Metric(i%2), c.targets)
				reached, changed = reached+n, changed+different
			}
			if all := c.sources * c.targets; reached < all/2 || changed < all/100 {
				t.Errorf("of %d ways %d were found and %d changed by the overlay: too few to prove anything", all, reached, changed)
			}
		})
	}
}

// compareSource compares the ways from one place, first as the network is, then under an overlay. It says how many ways there
// are then, and how many of them are others than before.
func compareSource(t *testing.T, r *rand.Rand, g *route.Graph, open *route.Filter, m route.Metric, targets int) (reached, changed int) {
	t.Helper()
	place := func() route.Snap {
		for {
			if e := int32(r.IntN(g.Edges())); open.Allows(e) {
				return g.Place(e, geo.Millimetre(r.Int64N(int64(g.Edge(e).Length())+1)))
			}
		}
	}
	from, to := place(), make([]route.Snap, targets)
	for i := range to {
		to[i] = place()
	}
	changes := someChanges(r, g, from.Edge, g.Edges()/200)
	list := make([]route.Change, 0, len(changes))
	for _, c := range changes {
		list = append(list, c)
	}
	overlay, err := g.Overlay(list...)
	if err != nil {
		t.Fatal(err)
	}
	q, fresh := g.NewQuery(), g.NewQuery()
	q.Metric, q.Filter = m, open
	q.From(from)
	before := make([]route.Cost, targets)
	for i := range to {
		reach, _ := q.Reach(to[i])
		before[i] = reach.Cost
	}
	q.Update(overlay)
	fresh.Metric, fresh.Filter, fresh.Overlay = m, open, overlay
	fresh.From(from)
	asIs := plainOf(g, open, nil)
	with := plainOf(g, open, changes)
	asIsFound, withFound := asIs.from(from, m), with.from(from, m)
	for i := range to {
		if want := asIs.to(asIsFound, from, to[i], m); before[i] != want {
			t.Fatalf("%s: %v, want %v", pair(from, to[i], m), before[i], want)
		}
		want := with.to(withFound, from, to[i], m)
		repaired, _ := q.Reach(to[i])
		anew, _ := fresh.Reach(to[i])
		if repaired.Cost != want || anew.Cost != want {
			t.Fatalf("%s under an overlay: repaired %v, anew %v, want %v", pair(from, to[i], m), repaired.Cost, anew.Cost, want)
		}
		if want.Reachable() {
			reached++
		}
		if want != before[i] {
			changed++
		}
	}
	return reached, changed
}

func pair(from, to route.Snap, m route.Metric) string {
	return fmt.Sprintf("from edge %d at %v to edge %d at %v, metric %d", from.Edge, from.At, to.Edge, to.At, m)
}
