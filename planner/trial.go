package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/route"
)

// A trial asks, over and over, whom the network would connect if some more of
// it were proven. It looks only where the new edges lead, on from what the seat
// reaches already. It is used by one goroutine.
type trial struct {
	n         *network
	j         *junctions
	seat      []route.Snap         // every road that the seat has at hand
	on        map[int32][]standing // villages by the edge they stand at
	allowed   []bool               // edges that are proven, or taken to be
	reached   []bool               // nodes
	connected []bool               // villages
	slow      bool                 // where one starts depends on what is proven: all is judged anew

	round        int32
	edge, node   []int32 // the round in which it was supposed or reached
	village      []int32
	found, lost  []int // villages, by the last gain
	queue, fresh []int32
}

// standing is a village at a place of an edge.
type standing struct {
	village int
	place   route.Snap
}

func (n *network) newTrial() *trial {
	t := &trial{n: n, j: n.junctions(), on: map[int32][]standing{}, slow: true}
	t.allowed, t.edge = make([]bool, n.graph.Edges()), make([]int32, n.graph.Edges())
	t.reached, t.node = make([]bool, n.graph.Nodes()), make([]int32, n.graph.Nodes())
	t.connected, t.village = make([]bool, len(n.near)), make([]int32, len(n.near))
	proven := n.strict[AccessConnected]
	for e := range t.allowed {
		t.allowed[e] = proven.Allows(int32(e))
	}
	for i, near := range n.near {
		for _, s := range near {
			t.on[s.Edge] = append(t.on[s.Edge], standing{i, s})
		}
		t.connected[i] = n.a.Villages[i].Connected == Yes
	}
	if seat := n.a.seat(); seat != nil {
		t.seat = n.graph.Snaps(*seat, metres(n.a.Snapshot.Rules.ConnectMM), nil)
		t.slow = !slices.ContainsFunc(t.seat, func(s route.Snap) bool { return proven.Allows(s.Edge) })
	}
	if r := n.reach[AccessConnected][0]; r.flood != nil {
		copy(t.reached, r.flood.nodes)
	}
	return t
}

// gain lists the villages that are connected once these edges are proven and
// are not yet, in order.
func (t *trial) gain(edges []int32) []int {
	if t.slow {
		return t.judge(edges)
	}
	t.round++
	t.found, t.queue, t.fresh = t.found[:0], t.queue[:0], t.fresh[:0]
	for _, e := range edges {
		if !t.allowed[e] && t.edge[e] != t.round {
			t.edge[e] = t.round
			t.fresh = append(t.fresh, e)
		}
	}
	for _, e := range t.fresh {
		t.start(e)
	}
	for len(t.queue) > 0 {
		n := t.queue[len(t.queue)-1]
		t.queue = t.queue[:len(t.queue)-1]
		for _, r := range t.j.at(n) {
			t.pass(r)
		}
	}
	slices.Sort(t.found)
	return t.found
}

// start enters a new edge from the seat and from its ends.
func (t *trial) start(e int32) {
	edge := &t.j.edges[e]
	for _, s := range t.seat {
		if s.Edge != e {
			continue
		}
		if t.j.leaves(e, s.At, 0) {
			t.reach(edge.Tail)
		}
		if t.j.leaves(e, s.At, edge.Length()) {
			t.reach(edge.Head)
		}
	}
	if t.isReached(edge.Tail) {
		t.pass(roadAt{e, edge.Head, edge.Forward >= 0})
	}
	if t.isReached(edge.Head) {
		t.pass(roadAt{e, edge.Tail, edge.Backward >= 0})
	}
	t.visit(e)
}

// pass drives an edge from a node that is reached, and calls on who stands at it.
func (t *trial) pass(r roadAt) {
	if !t.allowed[r.edge] && t.edge[r.edge] != t.round {
		return
	}
	if r.open {
		t.reach(r.far)
	}
	t.visit(r.edge)
}

func (t *trial) reach(node int32) {
	if !t.isReached(node) {
		t.node[node] = t.round
		t.queue = append(t.queue, node)
	}
}

func (t *trial) isReached(node int32) bool { return t.reached[node] || t.node[node] == t.round }

// visit finds who stands at an edge and is reached over it.
func (t *trial) visit(e int32) {
	for _, s := range t.on[e] {
		if !t.connected[s.village] && t.village[s.village] != t.round && t.meets(s.place) {
			t.village[s.village] = t.round
			t.found = append(t.found, s.village)
		}
	}
}

// meets says whether a place of an allowed edge is reached.
func (t *trial) meets(at route.Snap) bool {
	e := &t.j.edges[at.Edge]
	if t.isReached(e.Tail) && t.j.leaves(at.Edge, 0, at.At) || t.isReached(e.Head) && t.j.leaves(at.Edge, e.Length(), at.At) {
		return true
	}
	return slices.ContainsFunc(t.seat, func(s route.Snap) bool {
		return s.Edge == at.Edge && t.j.leaves(at.Edge, s.At, at.At)
	})
}

// accept lists the same as gain, and takes the edges to be proven from now on.
func (t *trial) accept(edges []int32) []int {
	found := slices.Clone(t.gain(edges))
	for _, e := range edges {
		t.allowed[e] = true
	}
	for n := range t.reached {
		t.reached[n] = t.reached[n] || t.node[n] == t.round && t.round > 0
	}
	for _, v := range found {
		t.connected[v] = true
	}
	for _, v := range t.lost {
		t.connected[v] = false
	}
	return found
}

// judge is gain by judging everything anew. Only here may a village lose its
// connection: where the seat has no all-season road at hand, one that is built
// nearer becomes its way out, wherever that leads.
func (t *trial) judge(edges []int32) []int {
	supposed := t.n.graph.Filter(func(e int32) bool { return t.allowed[e] || slices.Contains(edges, e) })
	r := t.n.reachOver(supposed, supposed)[0]
	t.found, t.lost = t.found[:0], t.lost[:0]
	for i, near := range t.n.near {
		switch is := r.touches(near); {
		case is && !t.connected[i]:
			t.found = append(t.found, i)
		case !is && t.connected[i]:
			t.lost = append(t.lost, i)
		}
	}
	return t.found
}

// persons adds up the persons of what gain found, less those who lost their
// connection, and counts the villages whose persons are not known.
func (t *trial) persons() (persons, unknown int64) {
	for _, v := range t.found {
		if n, ok := t.n.a.Snapshot.Villages[v].Persons(); ok {
			persons += n
		} else {
			unknown++
		}
	}
	for _, v := range t.lost {
		if n, ok := t.n.a.Snapshot.Villages[v].Persons(); ok {
			persons -= n
		} else {
			unknown--
		}
	}
	return persons, unknown
}
