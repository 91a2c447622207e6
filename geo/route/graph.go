package route

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Graph is a road network, frozen. Its edges are the pieces of ways between
// junctions and its nodes the junctions and ends; both are numbered from 0.
type Graph struct {
	nodes []orb.Point

	// By edge.
	tail, head  []int32
	way         []int32
	first, last []int32          // vertices of its way
	length      []geo.Millimetre // End - Start
	times       [2][]uint32      // milliseconds forward and backward, or closed

	// By node: arcs[start[n]:start[n+1]] lead away from n.
	start []int32
	arcs  []arc

	ways  []built
	index *geo.Index // of the edges' lines
}

// arc is an edge seen from one of its ends. The two directions stand side by
// side, so that one array serves searches from sources and towards targets.
type arc struct {
	head    int32
	code    uint32 // see step
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
func (g *Graph) Nodes() int { return len(g.nodes) }

// Edges is the number of edges.
func (g *Graph) Edges() int { return len(g.tail) }

// Ways is the number of ways that were added.
func (g *Graph) Ways() int { return len(g.ways) }

// Node is the place of a node.
func (g *Graph) Node(n int32) orb.Point { return g.nodes[n] }

// Payload is the number that the caller gave the way of an edge.
func (g *Graph) Payload(edge int32) int32 { return g.ways[g.way[edge]].payload }

// Edge describes an edge.
func (g *Graph) Edge(edge int32) Edge {
	at := g.ways[g.way[edge]].line.Measure()
	return Edge{
		Tail: g.tail[edge], Head: g.head[edge], Way: int(g.way[edge]), Payload: g.Payload(edge),
		Start: at[g.first[edge]], End: at[g.last[edge]],
		Forward: milliseconds(g.times[0][edge]), Backward: milliseconds(g.times[1][edge]),
	}
}

func milliseconds(t uint32) int64 {
	if t == closed {
		return -1
	}
	return int64(t)
}

// Line is the shape of an edge from tail to head. It must not be changed.
func (g *Graph) Line(edge int32) orb.LineString {
	line := g.ways[g.way[edge]].line.Line()
	return line[g.first[edge] : g.last[edge]+1 : g.last[edge]+1]
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
	for edge := range g.tail {
		w := int(g.way[edge])
		f, b := speed(w, g.ways[w].payload)
		if err := out.setTimes(int32(edge), f, b); err != nil {
			return nil, err
		}
	}
	out.arcs = make([]arc, len(g.arcs))
	for i, a := range g.arcs {
		edge, backward := a.code>>1, a.code&1
		a.out, a.in = out.times[backward][edge], out.times[backward^1][edge]
		out.arcs[i] = a
	}
	return &out, nil
}

// travel is the cost of driving along an edge from one measure of it to
// another, both counted from its tail. The times of the parts of an edge sum
// to that of the whole.
func (g *Graph) travel(edge int32, from, to geo.Millimetre) (Cost, bool) {
	if from == to {
		return Cost{}, true
	}
	backward := 0
	if to < from {
		backward = 1
		from, to = to, from
	}
	total := g.times[backward][edge]
	if total == closed {
		return Cost{}, false
	}
	ms := share(to, total, g.length[edge]) - share(from, total, g.length[edge])
	return Cost{int64(to - from), ms}, true
}

// share is the time at a measure.
func share(at geo.Millimetre, total uint32, length geo.Millimetre) int64 {
	return int64(math.Round(float64(at) * float64(total) / float64(length)))
}
