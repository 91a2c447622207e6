package route

import (
	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Snap is a place on an edge, and how far it is from the point that was asked
// for.
type Snap struct {
	Edge   int32
	At     geo.Millimetre // from the edge's tail
	Point  orb.Point      // on the edge
	Access geo.Millimetre // straight from the point asked for, 0 for one on the road
}

// access is the access leg as a cost: 5.04 km/h is 1.4 m/s.
func (s Snap) access() Cost {
	mm := int64(s.Access)
	return Cost{mm, (mm*5 + 3) / 7}
}

// Snap finds the nearest place on an edge that the filter allows and that can
// be driven at all, no farther than so many metres; false when there is none.
func (g *Graph) Snap(p orb.Point, maxMetres float64, f *Filter) (Snap, bool) {
	return first(g, p, maxMetres, g.usable(f))
}

// Closest is Snap for those who need not know where on the edge that is: At is 0.
func (g *Graph) Closest(p orb.Point, maxMetres float64, f *Filter) (Snap, bool) {
	h, ok := g.index().Closest(p, maxMetres, g.usable(f))
	if !ok {
		return Snap{}, false
	}
	return Snap{Edge: int32(h.ID), Point: h.Foot.Point, Access: geo.Round(h.Metres)}, true
}

// Snaps finds the nearest place on each edge within so many metres, nearest
// first: what a village can reach on foot.
func (g *Graph) Snaps(p orb.Point, maxMetres float64, f *Filter) []Snap {
	return g.all(p, maxMetres, g.usable(f))
}

// Snap is that of the graph for an edge that the query's filter and overlay let
// be driven some way.
func (q *Query) Snap(p orb.Point, maxMetres float64) (Snap, bool) {
	return first(q.g, p, maxMetres, q.usable())
}

// Snaps is that of the graph for edges that the query's filter and overlay let
// be driven some way.
func (q *Query) Snaps(p orb.Point, maxMetres float64) []Snap {
	return q.g.all(p, maxMetres, q.usable())
}

func (g *Graph) usable(f *Filter) func(edge int) bool {
	return func(edge int) bool { return f.Allows(int32(edge)) && g.open(int32(edge)) }
}

func (q *Query) usable() func(edge int) bool {
	s := setting{g: q.g, filter: q.Filter, overlay: q.Overlay}
	return func(edge int) bool {
		return s.driven(codeOf(int32(edge), 0)) != closed || s.driven(codeOf(int32(edge), 1)) != closed
	}
}

func first(g *Graph, p orb.Point, maxMetres float64, keep func(int) bool) (Snap, bool) {
	h, ok := g.index().First(p, maxMetres, keep)
	if !ok {
		return Snap{}, false
	}
	return g.snapTo(h), true
}

// snapTo is the place on an edge that is found.
func (g *Graph) snapTo(h geo.Hit) Snap {
	return Snap{int32(h.ID), g.measureAt(int32(h.ID), h.Foot.At), h.Foot.Point, geo.Round(h.Metres)}
}

func (g *Graph) all(p orb.Point, maxMetres float64, keep func(int) bool) []Snap {
	var out []Snap
	g.index().Search(p, maxMetres, keep, func(h geo.Hit) bool {
		out = append(out, g.snapTo(h))
		return true
	})
	return out
}

// measureAt is the measure on an edge of a measure on its line. In a graph from
// arrays an edge may be longer than the straight line between its ends.
func (g *Graph) measureAt(edge int32, at geo.Millimetre) geo.Millimetre {
	length := geo.Millimetre(g.length[edge])
	if g.drawn == nil {
		if drawn := geo.Length(g.Line(edge)); drawn > 0 {
			at = geo.Millimetre(float64(at) * float64(length) / float64(drawn))
		}
	}
	return min(at, length)
}

// Place is a place on an edge by its measure from the tail, with no access
// leg. Measures outside the edge count as its ends.
func (g *Graph) Place(edge int32, at geo.Millimetre) Snap {
	length := geo.Millimetre(g.length[edge])
	at = max(0, min(at, length))
	s := Snap{Edge: edge, At: at}
	switch e := g.Edge(edge); {
	case g.drawn != nil:
		s.Point = g.ways[e.Way].line.Interpolate(e.Start + at)
	case len(g.nodes) > 0:
		line := g.Line(edge)
		s.Point = geo.Interpolate(line, geo.Millimetre(float64(geo.Length(line))*float64(at)/float64(max(1, length))))
	}
	return s
}
