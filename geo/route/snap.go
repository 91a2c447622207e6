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
	var found Snap
	ok := false
	g.each(p, maxMetres, f, func(s Snap) bool {
		found, ok = s, true
		return false
	})
	return found, ok
}

// Snaps finds the nearest place on each edge within so many metres, nearest
// first: what a village can reach on foot.
func (g *Graph) Snaps(p orb.Point, maxMetres float64, f *Filter) []Snap {
	var out []Snap
	g.each(p, maxMetres, f, func(s Snap) bool {
		out = append(out, s)
		return true
	})
	return out
}

func (g *Graph) each(p orb.Point, maxMetres float64, f *Filter, visit func(Snap) bool) {
	keep := func(id int) bool { return f.Allows(int32(id)) && g.open(int32(id)) }
	g.index.Search(p, maxMetres, keep, func(h geo.Hit) bool {
		at := min(h.Foot.At, g.length[h.ID])
		return visit(Snap{int32(h.ID), at, h.Foot.Point, geo.Round(h.Metres)})
	})
}

// Place is a place on an edge by its measure from the tail, with no access
// leg. Measures outside the edge count as its ends.
func (g *Graph) Place(edge int32, at geo.Millimetre) Snap {
	at = max(0, min(at, g.length[edge]))
	e := g.Edge(edge)
	return Snap{Edge: edge, At: at, Point: g.ways[e.Way].line.Interpolate(e.Start + at)}
}
