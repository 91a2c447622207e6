package planner

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// What an assessment may take over from an earlier one. Everything here is a
// function of what is compared before it is taken, bit by bit, so that taking
// it over and making it anew give the same.

// takeMeasures takes over the measured lines of sources that are as they were.
func (a *Assessment) takeMeasures(old *Assessment) {
	if old == nil {
		return
	}
	for key, sources := range a.sources {
		was := old.sources[key]
		for i, src := range sources {
			if i < len(was) && was[i].measured != nil && sameLine(was[i].line, src.line) {
				src.measured = was[i].measured
			}
		}
	}
}

// sameLine compares lines bit by bit.
func sameLine(a, b orb.LineString) bool {
	if len(a) != len(b) || len(a) > 0 && &a[0] == &b[0] {
		return len(a) == len(b)
	}
	for i := range a {
		if !samePoint(a[i], b[i]) {
			return false
		}
	}
	return true
}

func samePoint(a, b orb.Point) bool {
	return math.Float64bits(a[0]) == math.Float64bits(b[0]) && math.Float64bits(a[1]) == math.Float64bits(b[1])
}

// wiring is the graph of pieces, and what is asked of it often. It is made of
// the lines of the pieces, the directions they are open in, and how their ends
// are joined, nothing else.
type wiring struct {
	*noding
	graph *route.Graph
	first []int32   // piece i has the edges first[i] to first[i+1]
	whole []int64   // drawn length of piece i, mm
	ends  []roadEnd // that nearly meet another piece
	lazy  lazily
}

func wire(pieces []Piece, n *noding, old *route.Graph) *wiring {
	g, ends := buildGraph(pieces, n, old)
	w := &wiring{noding: n, graph: g, ends: ends, first: make([]int32, len(pieces)+1), whole: make([]int64, len(pieces))}
	for e := range int32(g.Edges()) {
		edge := g.Edge(e)
		w.first[edge.Payload+1] = e + 1
		w.whole[edge.Payload] = int64(edge.End)
	}
	for i := range pieces {
		w.first[i+1] = max(w.first[i+1], w.first[i])
	}
	return w
}

// wireAfter is wire, or the wiring of an earlier assessment of the same lines.
func (a *Assessment) wireAfter(old *Assessment) *wiring {
	n := newNoding(a.Pieces, a.roads, &a.Snapshot.Rules)
	if old == nil {
		return wire(a.Pieces, n, nil)
	}
	if n.equal(old.net.noding) && slices.EqualFunc(old.Pieces, a.Pieces, func(x, y Piece) bool { return sameWay(&x, &y) }) {
		return old.net.wiring
	}
	return wire(a.Pieces, n, old.net.graph)
}

// sameWay says whether two pieces make the same way of a graph.
func sameWay(x, y *Piece) bool {
	return x.Routable == y.Routable && x.Direction == y.Direction && sameLine(x.line, y.line)
}

// takeNear takes over which roads are at hand, for the villages that stand
// where they stood and have only unchanged roads around, and says which.
func (n *network) takeNear(old *Assessment) []bool {
	taken := make([]bool, len(n.near))
	if old == nil || old.Snapshot.Rules.ConnectMM != n.a.Snapshot.Rules.ConnectMM {
		return taken
	}
	c, ok := n.compare(old)
	for i := 0; ok && i < len(taken); i++ {
		v := &n.a.Snapshot.Villages[i]
		was, known := old.village[v.ID]
		if known && samePoint(old.Snapshot.Villages[was].Point, v.Point) && !c.touches(v.Point) {
			n.near[i], taken[i] = c.renumber(old.net.near[was])
		}
	}
	return taken
}

// comparison tells which edges of two graphs are the same, and where the rest lies.
type comparison struct {
	edges   []int32     // new number of an old edge; -1: it is gone
	changed []orb.Bound // around all that is not the same, widened by the limit
	all     bool        // something changed whose surroundings are not known
}

// Where more has changed, or lines lie otherwise, everything is measured anew.
const (
	changedAtMost   = 200
	spreadAtMost    = 0.5 // degrees
	latitudeAtMost  = 80
	longitudeAtMost = 179
	limitAtMost     = 50_000_000 // mm
	degreeAtLeast   = 110_000    // metres of a degree of latitude, and of longitude at the equator
)

// compare matches the pieces of two assessments in order, so that equally near
// edges keep their order; false when too much has changed.
func (n *network) compare(old *Assessment) (*comparison, bool) {
	c := &comparison{edges: make([]int32, old.net.graph.Edges())}
	if old.net.wiring == n.wiring {
		for e := range c.edges {
			c.edges[e] = int32(e)
		}
		return c, true
	}
	was, is, limit := old.Pieces, n.a.Pieces, n.a.Snapshot.Rules.ConnectMM+max(n.joinMM, old.net.joinMM)
	for i, j := 0, 0; i < len(was) || j < len(is); {
		switch order := comparePlaces(was, i, is, j); {
		case order == 0 && n.sameEdges(old.net.wiring, i, j):
			for k := range old.net.first[i+1] - old.net.first[i] {
				c.edges[old.net.first[i]+k] = n.first[j] + k
			}
			i, j = i+1, j+1
		case order <= 0:
			c.drop(old.net.wiring, i, was[i].line, limit)
			i++
		default:
			c.drop(nil, j, is[j].line, limit)
			j++
		}
		if c.all || len(c.changed) > changedAtMost {
			return nil, false
		}
	}
	return c, true
}

// comparePlaces orders pieces as Assessment.Pieces does; one that is not there
// comes last.
func comparePlaces(was []Piece, i int, is []Piece, j int) int {
	switch {
	case i == len(was):
		return 1
	case j == len(is):
		return -1
	}
	x, y := &was[i], &is[j]
	switch {
	case x.Halo && !y.Halo:
		return 1
	case y.Halo && !x.Halo:
		return -1
	case x.Halo:
		return cmp.Or(cmp.Compare(x.Segment, y.Segment), cmp.Compare(x.Road, y.Road), cmp.Compare(x.Span.From, y.Span.From))
	}
	return cmp.Or(cmp.Compare(x.Road, y.Road), cmp.Compare(x.Version, y.Version), cmp.Compare(x.Span.From, y.Span.From))
}

// sameEdges says whether a piece is the same line, split in the same places.
// Where its ends were moved to, and where others were joined to it, counts.
func (w *wiring) sameEdges(old *wiring, i, j int) bool {
	n := old.first[i+1] - old.first[i]
	if n != w.first[j+1]-w.first[j] {
		return false
	}
	for k := range n {
		e, f := old.first[i]+k, w.first[j]+k
		x, y := old.graph.Edge(e), w.graph.Edge(f)
		if x.Start != y.Start || x.End != y.End || !sameLine(old.graph.Line(e), w.graph.Line(f)) {
			return false
		}
	}
	return true
}

// drop notes that a piece of the old graph is gone, or one of the new graph new.
func (c *comparison) drop(old *wiring, i int, line orb.LineString, limitMM int64) {
	if old != nil {
		for e := old.first[i]; e < old.first[i+1]; e++ {
			c.edges[e] = -1
		}
	}
	if len(line) < 2 || geo.Check(line) != nil { // no part of a graph
		return
	}
	c.changed = append(c.changed, reachOf(line.Bound(), limitMM))
	c.all = c.all || c.changed[len(c.changed)-1].IsEmpty()
}

// reachOf widens the bound of a line so that every place within the limit of
// the line lies inside, the way a geodesic leaves its bound included: up to
// s² tan(latitude) / 8R for a line that spreads over s, less than a fiftieth of
// s as long as s and the latitude are in these limits. Empty: out of them.
func reachOf(b orb.Bound, limitMM int64) orb.Bound {
	spread := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	north := max(math.Abs(b.Min[1]), math.Abs(b.Max[1]))
	if spread > spreadAtMost || north > latitudeAtMost || max(math.Abs(b.Min[0]), math.Abs(b.Max[0])) > longitudeAtMost || limitMM > limitAtMost {
		return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	}
	degrees := metres(limitMM)/degreeAtLeast + spread/50
	wide := degrees / math.Cos((north+degrees)*math.Pi/180)
	return orb.Bound{
		Min: orb.Point{b.Min[0] - wide, b.Min[1] - degrees},
		Max: orb.Point{b.Max[0] + wide, b.Max[1] + degrees},
	}
}

// touches says whether something changed within the limit of a place.
func (c *comparison) touches(p orb.Point) bool {
	return slices.ContainsFunc(c.changed, func(b orb.Bound) bool { return b.Contains(p) })
}

// renumber gives places of the old graph on the new one.
func (c *comparison) renumber(near []route.Snap) ([]route.Snap, bool) {
	out := slices.Clone(near)
	for i := range out {
		out[i].Edge = c.edges[out[i].Edge]
		if out[i].Edge < 0 {
			return nil, false
		}
	}
	return out, true
}

// inParallel does n things that have nothing to do with each other on all
// processors.
func inParallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var next atomic.Int64
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	done.Wait()
}
