package api

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// cellBuffer is how far, in cells of zoom 12, a thing is drawn beyond its own
// geometry: the buffer of a tile ([tileBuffer] of [tileExtent]).
const cellBuffer = float64(tileBuffer) / tileExtent

// cells is a set of zoom 12 tiles.
type cells map[planner.Cell]struct{}

// cover adds the cells whose pixels show g, the drawing buffer included.
func (c cells) cover(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		c.piece(fraction(g), fraction(g))
	case orb.MultiPoint:
		for _, p := range g {
			c.piece(fraction(p), fraction(p))
		}
	case orb.LineString:
		c.line(g)
	case orb.MultiLineString:
		for _, line := range g {
			c.line(line)
		}
	case orb.Polygon:
		c.polygon(g)
	case orb.MultiPolygon:
		for _, p := range g {
			c.polygon(p)
		}
	case orb.Collection:
		for _, part := range g {
			c.cover(part)
		}
	}
}

func fraction(p orb.Point) orb.Point { return onMap(p, geo.CellZoom) }

func (c cells) line(points []orb.Point) {
	for i := 1; i < len(points); i++ {
		c.piece(fraction(points[i-1]), fraction(points[i]))
	}
	if len(points) == 1 {
		c.piece(fraction(points[0]), fraction(points[0]))
	}
}

// piece adds the cells of a straight piece, in cell coordinates. A piece that
// runs diagonally over a cell border is halved until its box is small, so that
// no cell far from the line is named.
func (c cells) piece(a, b orb.Point) {
	box := orb.Bound{Min: a, Max: a}.Extend(b).Pad(cellBuffer)
	if !finite(box) {
		return
	}
	wide := int64(box.Max[0]) > int64(box.Min[0]) && int64(box.Max[1]) > int64(box.Min[1])
	if wide && math.Hypot(b[0]-a[0], b[1]-a[1]) > cellBuffer {
		middle := orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
		c.piece(a, middle)
		c.piece(middle, b)
		return
	}
	c.box(box, nil)
}

func finite(b orb.Bound) bool {
	sum := b.Min[0] + b.Min[1] + b.Max[0] + b.Max[1]
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// box adds the cells of a box in cell coordinates that keep accepts; a nil
// keep accepts all.
func (c cells) box(b orb.Bound, keep func(planner.Cell) bool) {
	const last = 1<<geo.CellZoom - 1
	low := func(v float64) uint32 { return uint32(min(max(v, 0), last)) }
	for x := low(b.Min[0]); x <= low(b.Max[0]); x++ {
		for y := low(b.Min[1]); y <= low(b.Max[1]); y++ {
			cell := planner.Cell{X: x, Y: y}
			if keep == nil || keep(cell) {
				c[cell] = struct{}{}
			}
		}
	}
}

// polygon adds the cells of the rings and, between them, those whose middle
// lies inside: a cell that no ring passes is inside or outside as a whole.
func (c cells) polygon(p orb.Polygon) {
	if len(p) == 0 || len(p[0]) == 0 {
		return
	}
	flat := make(orb.Polygon, len(p))
	for i, ring := range p {
		flat[i] = make(orb.Ring, len(ring))
		for j, point := range ring {
			flat[i][j] = fraction(point)
		}
		c.line(ring)
	}
	if box := flat.Bound(); finite(box) {
		c.box(box, func(cell planner.Cell) bool {
			return planar.PolygonContains(flat, orb.Point{float64(cell.X) + 0.5, float64(cell.Y) + 0.5})
		})
	}
}

// sorted lists the cells row by row, so that the same change gives the same
// message.
func (c cells) sorted() []planner.Cell {
	out := make([]planner.Cell, 0, len(c))
	for cell := range c {
		out = append(out, cell)
	}
	sortCells(out)
	return out
}
