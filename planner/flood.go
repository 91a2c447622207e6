package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/route"
)

// reachable is what can be driven to from some places over allowed edges. It
// knows whether, not how far: a flood is several times as fast as a search.
type reachable struct {
	j     *junctions
	f     *route.Filter
	from  []route.Snap // on allowed edges
	nodes []bool
}

// flood drives everywhere.
func (j *junctions) flood(f *route.Filter, from []route.Snap) *reachable {
	r := &reachable{j: j, f: f, nodes: make([]bool, len(j.start)-1)}
	var queue []int32
	reach := func(node int32) {
		if !r.nodes[node] {
			r.nodes[node] = true
			queue = append(queue, node)
		}
	}
	for _, s := range from {
		if !f.Allows(s.Edge) {
			continue
		}
		r.from = append(r.from, s)
		e := &j.edges[s.Edge]
		if j.leaves(s.Edge, s.At, 0) {
			reach(e.Tail)
		}
		if j.leaves(s.Edge, s.At, e.Length()) {
			reach(e.Head)
		}
	}
	for len(queue) > 0 {
		node := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, road := range j.at(node) {
			if road.open && f.Allows(road.edge) {
				reach(road.far)
			}
		}
	}
	return r
}

// has says whether a place of an allowed edge is driven to.
func (r *reachable) has(at route.Snap) bool {
	if !r.f.Allows(at.Edge) {
		return false
	}
	e := &r.j.edges[at.Edge]
	if r.nodes[e.Tail] && r.j.leaves(at.Edge, 0, at.At) || r.nodes[e.Head] && r.j.leaves(at.Edge, e.Length(), at.At) {
		return true
	}
	return slices.ContainsFunc(r.from, func(s route.Snap) bool { return s.Edge == at.Edge && r.j.leaves(at.Edge, s.At, at.At) })
}
