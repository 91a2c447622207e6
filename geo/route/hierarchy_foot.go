package route

import "github.com/qiantu/qiantu/geo"

// foot is how a place hangs on the nodes of its edge: the ends that can be
// driven to (or from), with the cost of that and of the access leg.
type foot struct {
	node [2]int32
	cost [2]Cost
	ends int
}

// foot finds the ends of a place's edge. It is left for them or, toward, come
// to from them. An end that the place is at is at hand on a closed edge too.
func (g *Graph) foot(s Snap, f *Filter, toward bool) foot {
	var out foot
	node := [2]int32{g.tail[s.Edge], g.head[s.Edge]}
	for end, at := range [2]geo.Millimetre{0, geo.Millimetre(g.length[s.Edge])} {
		c, ok := g.onEdge(s.Edge, s.At, at, f, toward)
		if ok {
			out.node[out.ends], out.cost[out.ends] = node[end], c.plus(s.access())
			out.ends++
		}
	}
	return out
}

// direct is the cost from one place to another on the same edge, straight along it.
func (g *Graph) direct(from, to Snap, f *Filter) (Cost, bool) {
	c, ok := g.onEdge(from.Edge, from.At, to.At, f, false)
	return c.plus(from.access()).plus(to.access()), ok
}

// onEdge is the cost along one edge between two measures of it, turned round if
// asked.
func (g *Graph) onEdge(edge int32, from, to geo.Millimetre, f *Filter, turned bool) (Cost, bool) {
	if turned {
		from, to = to, from
	}
	return (&setting{g: g, filter: f}).along(edge, from, to)
}

// feet finds the feet of places, and raises legs to the longest. The access
// legs count by themselves: a place may be reached on its edge alone.
func (g *Graph) feet(places []Snap, o MatrixOptions, toward bool, legs *measures) []foot {
	out := make([]foot, len(places))
	for i, s := range places {
		out[i] = g.foot(s, o.Filter, toward)
		for _, c := range append(out[i].cost[:out[i].ends:out[i].ends], s.access()) {
			m := measuresOf(c, o.Metric)
			legs.first, legs.second = max(legs.first, m.first), max(legs.second, m.second)
		}
	}
	return out
}
