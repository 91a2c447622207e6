package route

import "github.com/qiantu/qiantu/geo"

// Components are the connected parts of a network, whatever the direction of
// its roads.
type Components struct {
	of     []int32 // by node
	length []geo.Millimetre
	g      *Graph
}

// Components finds the parts that hang together over edges that the filter
// allows and that can be driven some way. They are numbered by the first
// of their nodes in the graph's own order.
func (g *Graph) Components(f *Filter) Components {
	c := Components{make([]int32, g.Nodes()), nil, g}
	for n := range c.of {
		c.of[n] = -1
	}
	for n := range g.Nodes() {
		if c.of[n] < 0 {
			c.flood(int32(n), f)
		}
	}
	for e := range g.tail {
		if f.Allows(int32(e)) && g.open(int32(e)) {
			c.length[c.of[g.tail[e]]] += geo.Millimetre(g.length[e])
		}
	}
	return c
}

func (c *Components) flood(n int32, f *Filter) {
	id := int32(len(c.length))
	c.length = append(c.length, 0)
	c.of[n] = id
	for todo := []int32{n}; len(todo) > 0; {
		n, todo = todo[len(todo)-1], todo[:len(todo)-1]
		for i := c.g.start[n]; i < c.g.start[n+1]; i++ {
			edge, head := int32(c.g.codes[i]>>1), c.g.arcs[i].head
			if c.of[head] < 0 && f.Allows(edge) && c.g.open(edge) {
				c.of[head] = id
				todo = append(todo, head)
			}
		}
	}
}

// Count is the number of parts; a node without any road is one.
func (c Components) Count() int { return len(c.length) }

// OfNode is the part a node belongs to.
func (c Components) OfNode(n int32) int { return int(c.of[c.g.inside(n)]) }

// OfEdge is the part an edge belongs to.
func (c Components) OfEdge(edge int32) int { return int(c.of[c.g.tail[edge]]) }

// Length is the length of all roads of a part.
func (c Components) Length(part int) geo.Millimetre { return c.length[part] }

// Largest is the part with the longest roads, the first of equals; -1 for an
// empty network.
func (c Components) Largest() int {
	best := -1
	for i := range c.length {
		if best < 0 || c.length[i] > c.length[best] {
			best = i
		}
	}
	return best
}

// Filter allows the edges of one part that f allows: to snap to the network
// that the seat is on, and not to an island of it.
func (c Components) Filter(part int, f *Filter) *Filter {
	return c.g.Filter(func(edge int32) bool {
		return f.Allows(edge) && c.g.open(edge) && c.OfEdge(edge) == part
	})
}
