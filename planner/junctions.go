package planner

import (
	"sync"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// junctions is the network by its nodes: what a search that only asks whether,
// and not how far, needs of it.
type junctions struct {
	start []int32 // the roads of node n are roads[start[n]:start[n+1]]
	roads []roadAt
	edges []route.Edge
}

// roadAt is an edge seen from one of its ends.
type roadAt struct {
	edge, far int32 // far: the node at its other end
	open      bool  // it may be driven from here to there
}

// lazily makes the junctions of a wiring once, for all who share it.
type lazily struct {
	once sync.Once
	made *junctions
}

func (w *wiring) junctions() *junctions {
	w.lazy.once.Do(func() { w.lazy.made = newJunctions(w.graph) })
	return w.lazy.made
}

func newJunctions(g *route.Graph) *junctions {
	j := &junctions{start: make([]int32, g.Nodes()+1), edges: make([]route.Edge, g.Edges()), roads: make([]roadAt, 2*g.Edges())}
	for e := range j.edges {
		j.edges[e] = g.Edge(int32(e))
		j.start[j.edges[e].Tail+1]++
		j.start[j.edges[e].Head+1]++
	}
	for n := range g.Nodes() {
		j.start[n+1] += j.start[n]
	}
	next := append([]int32(nil), j.start...)
	for e := range int32(len(j.edges)) {
		edge := &j.edges[e]
		j.roads[next[edge.Tail]] = roadAt{e, edge.Head, edge.Forward >= 0}
		next[edge.Tail]++
		j.roads[next[edge.Head]] = roadAt{e, edge.Tail, edge.Backward >= 0}
		next[edge.Head]++
	}
	return j
}

// at lists the roads of a node.
func (j *junctions) at(node int32) []roadAt { return j.roads[j.start[node]:j.start[node+1]] }

// leaves says whether one can drive from a measure of an edge to another. Who
// stays where he is need not drive.
func (j *junctions) leaves(edge int32, from, to geo.Millimetre) bool {
	e := &j.edges[edge]
	switch {
	case from < to:
		return e.Forward >= 0
	case from > to:
		return e.Backward >= 0
	}
	return true
}
