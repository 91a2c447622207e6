package route

import "github.com/paulmach/orb"

// renumber gives the nodes of a graph new numbers, in which those that a road
// goes through one after the other stand side by side in memory: a search finds
// most of what it needs next at hand. The order is that of a walk which goes on
// as far as it can before it comes back. It gives the new numbers.
func (g *Graph) renumber(nodes int) []int32 {
	g.freeze(nodes)
	slot := make([]int32, nodes)
	for n := range slot {
		slot[n] = -1
	}
	next := int32(0)
	var todo []int32
	for first := range int32(nodes) {
		todo = append(todo[:0], first)
		for len(todo) > 0 {
			n := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if slot[n] >= 0 {
				continue
			}
			slot[n] = next
			next++
			for _, a := range g.arcs[g.start[n]:g.start[n+1]] {
				if slot[a.head] < 0 {
					todo = append(todo, a.head)
				}
			}
		}
	}
	g.arcs, g.codes = nil, nil
	g.place(slot)
	g.freeze(nodes)
	return slot
}

// place moves the nodes to their new numbers.
func (g *Graph) place(slot []int32) {
	if len(g.nodes) > 0 {
		nodes := make([]orb.Point, len(slot))
		for n, at := range slot {
			nodes[at] = g.nodes[n]
		}
		g.nodes = nodes
	}
	tail, head := make([]int32, len(g.tail)), make([]int32, len(g.head))
	for e := range tail {
		tail[e], head[e] = slot[g.tail[e]], slot[g.head[e]]
	}
	g.tail, g.head = tail, head
}
