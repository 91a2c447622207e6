package sample

import (
	"github.com/paulmach/orb"
)

// arc is a border between two areas, from a corner where three meet to the
// next one; neighbours share it, so their borders are the same numbers.
type arc struct {
	from, to int // corner numbers; equal for a closed ring without corners
	sides    [2]int16
	points   []plane
}

// borders traces the lines between the labels of a partition.
type borders struct {
	*partition
	warp  [2]noise
	used  map[[2]int]bool
	arcs  []arc
	nodes map[int]bool
}

// traceBorders finds all arcs. Lines run through the middles of the sides
// between cells, which keeps them from crossing; a smooth warp then takes the
// grid out of them.
func traceBorders(p *partition, seed uint64) []arc {
	b := &borders{partition: p, used: map[[2]int]bool{}, nodes: map[int]bool{},
		warp: [2]noise{newNoise(seed, "border x"), newNoise(seed, "border y")}}
	for corner := range (p.cols + 1) * (p.rows + 1) {
		if len(b.exits(corner)) > 2 {
			b.nodes[corner] = true
		}
	}
	corners := (p.cols + 1) * (p.rows + 1)
	for corner := range corners {
		if b.nodes[corner] {
			b.walkAll(corner)
		}
	}
	for corner := range corners {
		b.walkAll(corner) // rings without a node
	}
	return b.arcs
}

func (b *borders) walkAll(corner int) {
	for _, next := range b.exits(corner) {
		if !b.used[pair(corner, next)] {
			b.walk(corner, next)
		}
	}
}

func pair(a, b int) [2]int { return [2]int{min(a, b), max(a, b)} }

// exits are the corners that a border leads to from a corner.
func (b *borders) exits(corner int) []int {
	wide := b.cols + 1
	col, row := corner%wide, corner/wide
	var out []int
	for _, m := range moves[:4] {
		x, y := col+m.col, row+m.row
		if x < 0 || y < 0 || x > b.cols || y > b.rows {
			continue
		}
		if s := b.sides(col, row, m); s[0] != s[1] {
			out = append(out, y*wide+x)
		}
	}
	return out
}

// sides are the labels left and right of the step from a corner.
func (b *borders) sides(col, row int, m move) [2]int16 {
	switch m {
	case moves[0]:
		return [2]int16{b.labelAt(col, row), b.labelAt(col, row-1)}
	case moves[1]:
		return [2]int16{b.labelAt(col-1, row), b.labelAt(col, row)}
	case moves[2]:
		return [2]int16{b.labelAt(col-1, row-1), b.labelAt(col-1, row)}
	}
	return [2]int16{b.labelAt(col, row-1), b.labelAt(col-1, row-1)}
}

func (b *borders) labelAt(col, row int) int16 {
	if col < 0 || row < 0 || col >= b.cols || row >= b.rows {
		return outside
	}
	return b.label[b.cell(col, row)]
}

// walk follows a border from a corner to the next node.
func (b *borders) walk(from, next int) {
	wide := b.cols + 1
	step := move{next%wide - from%wide, next/wide - from/wide}
	a := arc{from: from, sides: b.sides(from%wide, from/wide, step)}
	if b.nodes[from] {
		a.points = append(a.points, b.warped(b.corner(from)))
	}
	at := from
	for {
		b.used[pair(at, next)] = true
		a.points = append(a.points, b.warped(between(b.corner(at), b.corner(next), 0.5)))
		at, next = next, b.onward(at, next)
		if b.nodes[at] || at == from || next < 0 {
			break
		}
	}
	a.to = at
	if b.nodes[at] {
		a.points = append(a.points, b.warped(b.corner(at)))
	} else {
		a.points = append(a.points, a.points[0])
	}
	a.points = eased(a.points)
	b.arcs = append(b.arcs, a)
}

func (b *borders) onward(from, at int) int {
	for _, n := range b.exits(at) {
		if n != from && !b.used[pair(at, n)] {
			return n
		}
	}
	return -1
}

func (b *borders) corner(n int) plane {
	wide := b.cols + 1
	return plane{float64(n%wide) * b.size, float64(n/wide) * b.size}
}

// warped moves a position by less than half a cell, smoothly.
func (b *borders) warped(p plane) plane {
	return p.add(plane{
		110 * b.warp[0].octaves(p.x/750, p.y/750, 2),
		110 * b.warp[1].octaves(p.x/750, p.y/750, 2),
	})
}

// eased evens out steps; the ends stay where they are.
func eased(points []plane) []plane {
	for range 3 {
		before := append([]plane(nil), points...)
		for i := 1; i < len(points)-1; i++ {
			sum := before[i-1].add(before[i].times(2)).add(before[i+1])
			points[i] = sum.times(0.25)
		}
	}
	return points
}

// areas assembles the polygons of all labels, and that of the whole county
// under outside.
func areas(f frame, arcs []arc, labels int) map[int16]orb.MultiPolygon {
	lines := make([]orb.LineString, len(arcs))
	for i, a := range arcs {
		lines[i] = f.line(a.points)
	}
	out := map[int16]orb.MultiPolygon{}
	for label := range int16(labels) {
		out[label] = assemble(arcs, lines, label, false)
	}
	out[outside] = assemble(arcs, lines, outside, true)
	return out
}

// piece is an arc turned so that its area lies to the left.
type piece struct {
	line orb.LineString
	to   int
}

// assemble joins the arcs of a label into rings; flip gives what the label
// surrounds instead.
func assemble(arcs []arc, lines []orb.LineString, label int16, flip bool) orb.MultiPolygon {
	from := map[int][]piece{}
	var rings []orb.Ring
	var starts []int
	for i, a := range arcs {
		if a.sides[0] != label && a.sides[1] != label {
			continue
		}
		p, start := piece{lines[i], a.to}, a.from
		if (a.sides[0] != label) != flip {
			p = piece{p.line.Clone(), a.from}
			p.line.Reverse()
			start = a.to
		}
		if start == p.to {
			rings = append(rings, orb.Ring(p.line))
			continue
		}
		from[start] = append(from[start], p)
		starts = append(starts, start)
	}
	for _, start := range starts {
		if len(from[start]) > 0 {
			rings = append(rings, join(from, start))
		}
	}
	return polygons(rings)
}

// join follows pieces from a corner until it comes back.
func join(from map[int][]piece, start int) orb.Ring {
	var ring orb.Ring
	for at := start; len(from[at]) > 0; {
		p := from[at][0]
		from[at] = from[at][1:]
		ring = append(ring, p.line[min(1, len(ring)):]...)
		at = p.to
		if at == start {
			break
		}
	}
	return ring
}

// polygons puts holes (clockwise rings) into the outer ring around them.
func polygons(rings []orb.Ring) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, r := range rings {
		if r.Orientation() == orb.CCW {
			out = append(out, orb.Polygon{r})
		}
	}
	for _, r := range rings {
		if r.Orientation() != orb.CCW {
			for i := range out {
				if out[i].Bound().Contains(r[0]) {
					out[i] = append(out[i], r)
					break
				}
			}
		}
	}
	return out
}
