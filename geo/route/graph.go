package route

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Graph is a road network, frozen. Its edges are the pieces of ways between
// junctions and its nodes the junctions and ends; both are numbered from 0. An
// edge takes 60 bytes, a node 4 and its place 16; lines and the index for snapping
// come on top.
type Graph struct {
	nodes []orb.Point // empty where a graph from arrays has no places

	// A graph from arrays has the numbers that its nodes were given, and where
	// each of those stands now; nil else.
	given, slot []int32

	// By edge.
	tail, head []int32
	length     []uint32    // millimetres
	times      [2][]uint32 // milliseconds forward and backward, or closed
	drawn      []part      // nil for a graph from arrays

	// By node: arcs[start[n]:start[n+1]] lead away from n.
	start []int32
	arcs  []arc
	codes []uint32 // of the arcs: the edge as it is driven away from n
	shift [2]uint  // how wide a search's buckets are, by metric: 1<<shift

	ways  []built
	index func() *geo.Index // of the edges' lines
}

// part is the part of a way that an edge is.
type part struct{ way, first, last int32 } // vertices

// arc is an edge seen from one of its ends. The two directions stand side by
// side, so that one array serves searches from sources and towards targets.
type arc struct {
	head    int32
	mm      uint32
	out, in uint32 // milliseconds away from this node, and to it
}

// built is a way as it was given, with its measure.
type built struct {
	line    geo.Measured
	payload int32
}

// closed is the time of a direction that cannot be driven.
const closed = math.MaxUint32

// A code is an edge in the direction of travel: twice its number, plus one
// when driven from head to tail.
func codeOf(edge int32, backward uint32) uint32 { return uint32(edge)<<1 | backward }

// Edge describes one edge: the part of a way between two measures. Forward and
// Backward are the milliseconds it takes each way, or -1 where it is closed.
// In a graph from arrays each edge is a way with its own number for payload.
type Edge struct {
	Tail, Head        int32 // nodes
	Way               int   // as numbered by Builder.Add
	Payload           int32 // the way's
	Start, End        geo.Millimetre
	Forward, Backward int64
}

// Length is that of the edge.
func (e Edge) Length() geo.Millimetre { return e.End - e.Start }

// Nodes is the number of nodes.
func (g *Graph) Nodes() int { return len(g.start) - 1 }

// Edges is the number of edges.
func (g *Graph) Edges() int { return len(g.tail) }

// Ways is the number of ways that were added.
func (g *Graph) Ways() int {
	if g.drawn == nil {
		return g.Edges()
	}
	return len(g.ways)
}

// Node is the place of a node; the zero point where a graph from arrays has
// no places.
func (g *Graph) Node(n int32) orb.Point {
	if len(g.nodes) == 0 {
		return orb.Point{}
	}
	return g.nodes[g.inside(n)]
}

// inside is the number by which the graph knows a node.
func (g *Graph) inside(n int32) int32 {
	if g.slot == nil {
		return n
	}
	return g.slot[n]
}

// outside is the number by which its users know a node.
func (g *Graph) outside(n int32) int32 {
	if g.given == nil {
		return n
	}
	return g.given[n]
}

// Payload is the number that the caller gave the way of an edge.
func (g *Graph) Payload(edge int32) int32 {
	if g.drawn == nil {
		return edge
	}
	return g.ways[g.drawn[edge].way].payload
}

// Edge describes an edge.
func (g *Graph) Edge(edge int32) Edge {
	e := Edge{
		Tail: g.outside(g.tail[edge]), Head: g.outside(g.head[edge]),
		Way: int(edge), Payload: g.Payload(edge), End: geo.Millimetre(g.length[edge]),
		Forward: milliseconds(g.times[0][edge]), Backward: milliseconds(g.times[1][edge]),
	}
	if g.drawn != nil {
		d := g.drawn[edge]
		at := g.ways[d.way].line.Measure()
		e.Way, e.Start, e.End = int(d.way), at[d.first], at[d.last]
	}
	return e
}

func milliseconds(t uint32) int64 {
	if t == closed {
		return -1
	}
	return int64(t)
}

// Line is the shape of an edge from tail to head: straight in a graph from
// arrays, nil in one without places. It must not be changed.
func (g *Graph) Line(edge int32) orb.LineString {
	switch {
	case g.drawn != nil:
		d := g.drawn[edge]
		line := g.ways[d.way].line.Line()
		return line[d.first : d.last+1 : d.last+1]
	case len(g.nodes) > 0:
		return orb.LineString{g.nodes[g.tail[edge]], g.nodes[g.head[edge]]}
	}
	return nil
}

// open says whether an edge can be driven some way.
func (g *Graph) open(edge int32) bool {
	return g.times[0][edge] != closed || g.times[1][edge] != closed
}

// WithSpeeds gives the same network with other speeds, as for another season.
// It shares all but the times with g. The function gets each way with its
// payload and returns km/h forward and backward; 0 closes a direction.
func (g *Graph) WithSpeeds(speed func(way int, payload int32) (forward, backward float64)) (*Graph, error) {
	out := *g
	out.times = [2][]uint32{make([]uint32, len(g.tail)), make([]uint32, len(g.tail))}
	for edge := range int32(g.Edges()) {
		way := g.wayOf(edge)
		f, b := speed(way, g.Payload(edge))
		if err := out.setTimes(edge, f, b); err != nil {
			return nil, err
		}
	}
	out.arcs = make([]arc, len(g.arcs))
	for i, a := range g.arcs {
		edge, backward := g.codes[i]>>1, g.codes[i]&1
		a.out, a.in = out.times[backward][edge], out.times[backward^1][edge]
		out.arcs[i] = a
	}
	out.setShift()
	return &out, nil
}

// wayOf is the number of an edge's way.
func (g *Graph) wayOf(edge int32) int {
	if g.drawn == nil {
		return int(edge)
	}
	return int(g.drawn[edge].way)
}

// share is the time at a measure.
func share(at geo.Millimetre, total, length uint32) int64 {
	return int64(math.Round(float64(at) * float64(total) / float64(length)))
}

// eachArc visits every arc that can be driven under a filter, by the node it
// leaves: its code, length and time.
func (g *Graph) eachArc(f *Filter, visit func(tail, head int32, code, mm, ms uint32)) {
	for n := range int32(g.Nodes()) {
		for i := g.start[n]; i < g.start[n+1]; i++ {
			if a := g.arcs[i]; a.out != closed && f.Allows(int32(g.codes[i]>>1)) {
				visit(n, a.head, g.codes[i], a.mm, a.out)
			}
		}
	}
}
