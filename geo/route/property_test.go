package route_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// The searches against the dullest one there is: the nearest node that is not
// settled is looked for among all, and settled.

// dull is a random network and a question to it.
type dull struct {
	arrays  route.Arrays
	g       *route.Graph
	metric  route.Metric
	filter  *route.Filter
	changes []route.Change
	overlay *route.Overlay
	roots   []route.Snap
}

// best is what is known of a node.
type best struct {
	route.Cost
	root int
}

// drawDull makes a network of nodes with any edges between them: one-way,
// closed, of no length, of no time, parallel, loops; now and then so long that
// four bytes do not hold the way.
func drawDull(t *testing.T, r *rand.Rand) *dull {
	d := &dull{metric: route.Metric(r.IntN(2))}
	d.arrays.Nodes = 1 + r.IntN(24)
	size := []uint32{2, 20, 3000, 100_000, 1 << 31}[r.IntN(5)]
	for range 1 + r.IntN(3*d.arrays.Nodes) {
		a := &d.arrays
		a.Tail, a.Head = append(a.Tail, int32(r.IntN(a.Nodes))), append(a.Head, int32(r.IntN(a.Nodes)))
		a.MM = append(a.MM, r.Uint32N(size))
		time := [3]uint32{r.Uint32N(size), r.Uint32N(size), route.Closed}
		a.Forward, a.Backward = append(a.Forward, time[r.IntN(3)]), append(a.Backward, time[r.IntN(3)])
	}
	var err error
	if d.g, err = route.FromArrays(d.arrays); err != nil {
		t.Fatal(err)
	}
	if r.IntN(2) == 0 {
		bits := r.Uint64()
		d.filter = d.g.Filter(func(e int32) bool { return bits>>(e%61)&3 != 0 })
	}
	for range r.IntN(4) {
		d.roots = append(d.roots, drawRoot(d, r))
	}
	return d
}

// drawRoot is a place on any edge, often at its end.
func drawRoot(d *dull, r *rand.Rand) route.Snap {
	e := int32(r.IntN(d.g.Edges()))
	length := int64(d.g.Edge(e).Length())
	at := []int64{0, length, r.Int64N(length + 1)}[r.IntN(3)]
	s := d.g.Place(e, geo.Millimetre(at))
	s.Access = geo.Millimetre(r.IntN(2) * r.IntN(5000))
	return s
}

// change draws a what-if.
func (d *dull) change(t *testing.T, r *rand.Rand) {
	if r.IntN(4) == 0 {
		d.changes = nil // undone
	}
	for range r.IntN(3) {
		time := [4]int64{-1, r.Int64N(3000), 0, -1}
		d.changes = append(d.changes, route.Change{Edge: int32(r.IntN(d.g.Edges())), Forward: time[r.IntN(4)], Backward: time[r.IntN(4)]})
	}
	var err error
	if d.overlay, err = d.g.Overlay(d.changes...); err != nil {
		t.Fatal(err)
	}
}

// times of an edge, -1 where it is closed.
func (d *dull) times(e int) [2]int64 {
	for i := len(d.changes) - 1; i >= 0; i-- {
		if c := d.changes[i]; int(c.Edge) == e {
			return [2]int64{c.Forward, c.Backward}
		}
	}
	if !d.filter.Allows(int32(e)) {
		return [2]int64{-1, -1}
	}
	edge := d.g.Edge(int32(e))
	return [2]int64{edge.Forward, edge.Backward}
}

func (d *dull) less(a, b best) bool {
	x, y := [2]int64{a.MM, a.MS}, [2]int64{b.MM, b.MS}
	if d.metric == route.ByTime {
		x, y = [2]int64{a.MS, a.MM}, [2]int64{b.MS, b.MM}
	}
	return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(a.root, b.root)) < 0
}

// search gives what is best for every node.
func (d *dull) search(toward bool) []best {
	out := make([]best, d.arrays.Nodes)
	for i := range out {
		out[i] = best{route.Cost{MM: math.MaxInt64, MS: math.MaxInt64}, -1}
	}
	for i, root := range d.roots {
		e := d.g.Edge(root.Edge)
		access := (int64(root.Access)*5 + 3) / 7
		for end, at := range [2]geo.Millimetre{0, e.Length()} {
			cost, ok := d.along(root.Edge, root.At, at, toward)
			n := [2]int32{e.Tail, e.Head}[end]
			l := best{route.Cost{MM: cost.MM + int64(root.Access), MS: cost.MS + access}, i}
			if ok && d.less(l, out[n]) {
				out[n] = l
			}
		}
	}
	done := make([]bool, len(out))
	for range out {
		n := -1
		for i := range out {
			if !done[i] && out[i].root >= 0 && (n < 0 || d.less(out[i], out[n])) {
				n = i
			}
		}
		if n < 0 {
			break
		}
		done[n] = true
		d.relax(out, n, toward)
	}
	return out
}

func (d *dull) relax(out []best, n int, toward bool) {
	for e := range d.arrays.Tail {
		ways := [2][2]int32{{d.arrays.Tail[e], d.arrays.Head[e]}, {d.arrays.Head[e], d.arrays.Tail[e]}}
		for dir, ms := range d.times(e) {
			from, to := ways[dir][0], ways[dir][1]
			if toward {
				from, to = to, from
			}
			if ms < 0 || int(from) != n {
				continue
			}
			l := best{route.Cost{MM: out[n].MM + int64(d.arrays.MM[e]), MS: out[n].MS + ms}, out[n].root}
			if d.less(l, out[to]) {
				out[to] = l
			}
		}
	}
}

// along drives from a place to another on an edge, or back.
func (d *dull) along(edge int32, from, to geo.Millimetre, turned bool) (route.Cost, bool) {
	if turned {
		from, to = to, from
	}
	if from == to {
		return route.Cost{}, true
	}
	total := d.times(int(edge))[0]
	if from > to {
		total = d.times(int(edge))[1]
		from, to = to, from
	}
	share := func(at geo.Millimetre) int64 {
		return int64(math.Round(float64(at) * float64(total) / float64(d.arrays.MM[edge])))
	}
	return route.Cost{MM: int64(to - from), MS: share(to) - share(from)}, total >= 0
}

// Ten thousand questions: searches made anew, and repaired after changes.
func TestAgainstDullSearch(t *testing.T) {
	for i := range uint64(1000) {
		r := rand.New(rand.NewPCG(i, 16))
		d := drawDull(t, r)
		q := d.g.NewQuery()
		q.Metric, q.Filter = d.metric, d.filter
		toward := r.IntN(2) == 0
		for step := range 10 {
			if step%5 == 0 { // anew
				q.Overlay = d.overlay
				if toward = r.IntN(2) == 0; toward {
					q.Toward(d.roots...)
				} else {
					q.From(d.roots...)
				}
			} else {
				d.change(t, r)
				q.Update(d.overlay)
			}
			checkDull(t, d, q, toward, i, step)
		}
	}
}

func checkDull(t *testing.T, d *dull, q *route.Query, toward bool, network uint64, step int) {
	t.Helper()
	for n, want := range d.search(toward) {
		got, ok := q.Node(int32(n))
		if ok != (want.root >= 0) || ok && (got.Cost != want.Cost || got.Root != want.root) {
			t.Fatalf("network %d, step %d, node %d: %v, want %v", network, step, n, got, want)
		}
	}
}
