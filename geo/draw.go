package geo

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"
)

// drawing turns degrees into the commands of one tile.
type drawing struct {
	tile      Tile
	box       orb.Bound // of the tile and its buffer, in units
	tolerance float64
	smallest  float64
}

// The kinds of features, as the specification numbers them.
const (
	kindPoint   = 1
	kindLine    = 2
	kindPolygon = 3
)

// draw gives the commands of a geometry by kind.
func (d drawing) draw(g orb.Geometry) (out [4][]uint32) {
	if g == nil || Check(g) != nil || !d.touches(g.Bound()) {
		return out
	}
	var pens [4]pen
	d.add(&pens, g)
	if n := len(pens[kindPoint].points); n > 0 {
		pens[kindPoint].command(moveTo, n)
		for _, p := range pens[kindPoint].points {
			pens[kindPoint].to(p)
		}
	}
	for kind := range out {
		out[kind] = pens[kind].data
	}
	return out
}

// touches says whether a bound in degrees meets the tile and its buffer.
func (d drawing) touches(b orb.Bound) bool {
	if b.IsEmpty() {
		return false
	}
	nw, se := d.project(orb.Point{b.Min[0], b.Max[1]}), d.project(orb.Point{b.Max[0], b.Min[1]})
	return orb.Bound{Min: nw, Max: se}.Intersects(d.box)
}

func (d drawing) project(p orb.Point) orb.Point {
	x, y := unitMercator(p)
	n := math.Exp2(float64(d.tile.Z))
	return orb.Point{(x*n - float64(d.tile.X)) * Extent, (y*n - float64(d.tile.Y)) * Extent}
}

func (d drawing) add(pens *[4]pen, g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		d.addPoint(&pens[kindPoint], g)
	case orb.MultiPoint:
		for _, p := range g {
			d.addPoint(&pens[kindPoint], p)
		}
	case orb.LineString:
		d.addLine(&pens[kindLine], g)
	case orb.MultiLineString:
		for _, ls := range g {
			d.addLine(&pens[kindLine], ls)
		}
	case orb.Ring:
		d.addPolygon(&pens[kindPolygon], orb.Polygon{g})
	case orb.Polygon:
		d.addPolygon(&pens[kindPolygon], g)
	case orb.MultiPolygon:
		for _, p := range g {
			d.addPolygon(&pens[kindPolygon], p)
		}
	case orb.Bound:
		d.addPolygon(&pens[kindPolygon], g.ToPolygon())
	case orb.Collection:
		for _, part := range g {
			d.add(pens, part)
		}
	}
}

func (d drawing) addPoint(w *pen, p orb.Point) {
	if at := d.project(p); d.box.Contains(at) {
		w.points = append(w.points, whole(at))
	}
}

func (d drawing) addLine(w *pen, ls orb.LineString) {
	for _, part := range clip.LineString(d.box, d.projectAll(ls)) {
		if d.tolerance > 0 {
			part = simplify.DouglasPeucker(d.tolerance).LineString(part)
		}
		cells := distinct(part)
		if len(cells) > 1 && planarLength(part) >= d.smallest {
			w.command(moveTo, 1)
			w.to(cells[0])
			w.command(lineTo, len(cells)-1)
			for _, c := range cells[1:] {
				w.to(c)
			}
		}
	}
}

// addPolygon draws the outer ring and then, if that is there, the holes.
func (d drawing) addPolygon(w *pen, p orb.Polygon) {
	for i, ring := range p {
		cells, area := d.ring(ring)
		if math.Abs(area) < math.Max(d.smallest, 0.5) {
			if i == 0 {
				return
			}
			continue
		}
		// Seen with y downwards an outer ring has a positive area, a hole a
		// negative one.
		reversed := (area > 0) != (i == 0)
		w.command(moveTo, 1)
		w.to(cells[0])
		w.command(lineTo, len(cells)-1)
		for j := 1; j < len(cells); j++ {
			if reversed {
				w.to(cells[len(cells)-j])
			} else {
				w.to(cells[j])
			}
		}
		w.command(closePath, 1)
	}
}

// ring clips, straightens and rounds a ring; it comes back without its last
// vertex, and with its area in square units.
func (d drawing) ring(r orb.Ring) ([]cell, float64) {
	line := d.projectAll(orb.LineString(r))
	if len(line) > 0 && line[0] != line[len(line)-1] {
		line = append(line, line[0])
	}
	clipped := orb.LineString(clip.Ring(d.box, orb.Ring(line)))
	if d.tolerance > 0 && len(clipped) > 4 {
		clipped = simplify.DouglasPeucker(d.tolerance).LineString(clipped)
	}
	cells := distinct(clipped)
	if len(cells) > 1 && cells[0] == cells[len(cells)-1] {
		cells = cells[:len(cells)-1]
	}
	if len(cells) < 3 {
		return nil, 0
	}
	return cells, shoelace(cells)
}

func shoelace(cells []cell) float64 {
	twice := int64(0)
	for i, a := range cells {
		b := cells[(i+1)%len(cells)]
		twice += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return float64(twice) / 2
}

func planarLength(ls orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(ls); i++ {
		sum += math.Hypot(ls[i][0]-ls[i-1][0], ls[i][1]-ls[i-1][1])
	}
	return sum
}

func (d drawing) projectAll(ls orb.LineString) orb.LineString {
	out := make(orb.LineString, len(ls))
	for i, p := range ls {
		out[i] = d.project(p)
	}
	return out
}

// cell is a vertex in whole units.
type cell struct{ x, y int32 }

func whole(p orb.Point) cell { return cell{int32(math.Round(p[0])), int32(math.Round(p[1]))} }

// distinct rounds vertices and drops those equal to the one before.
func distinct(ls orb.LineString) []cell {
	out := make([]cell, 0, len(ls))
	for _, p := range ls {
		if c := whole(p); len(out) == 0 || out[len(out)-1] != c {
			out = append(out, c)
		}
	}
	return out
}

// pen writes commands; coordinates are relative to where it stands.
type pen struct {
	at     cell
	data   []uint32
	points []cell // of a point feature, whose command needs their number first
}

const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func (p *pen) command(id, count int) { p.data = append(p.data, uint32(count)<<3|uint32(id)) }

func (p *pen) to(c cell) {
	p.data = append(p.data, uint32(zigzag(int64(c.x-p.at.x))), uint32(zigzag(int64(c.y-p.at.y))))
	p.at = c
}
