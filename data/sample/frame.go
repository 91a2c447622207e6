package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// plane is a position in metres east and north of a frame's corner. It is good
// enough to invent with; every length in a load is measured on the ellipsoid.
type plane struct{ x, y float64 }

func (p plane) add(q plane) plane        { return plane{p.x + q.x, p.y + q.y} }
func (p plane) times(k float64) plane    { return plane{p.x * k, p.y * k} }
func (p plane) distance(q plane) float64 { return math.Hypot(p.x-q.x, p.y-q.y) }
func toward(angle, metres float64) plane {
	return plane{metres * math.Cos(angle), metres * math.Sin(angle)}
}
func between(p, q plane, t float64) plane { return plane{lerp(p.x, q.x, t), lerp(p.y, q.y, t)} }
func (p plane) angleTo(q plane) float64   { return math.Atan2(q.y-p.y, q.x-p.x) }
func squared(a float64) float64           { return a * a }
func clamp(v, low, high float64) float64  { return math.Min(math.Max(v, low), high) }
func step(v, from, to float64) float64    { return fade(clamp((v-from)/(to-from), 0, 1)) }

// frame is the rectangle of the earth that a county is invented in.
type frame struct {
	west, south, lonMetres, latMetres, width, height float64
	bend                                             [2]noise
}

// newFrame spans degrees of longitude and latitude from a south-west corner.
func newFrame(west, south, lonSpan, latSpan float64, seed uint64) frame {
	const metresPerDegree = 111_200
	lat := metresPerDegree - 400.0
	lon := metresPerDegree * math.Cos((south+latSpan/2)*math.Pi/180)
	bend := [2]noise{newNoise(seed, "bend east"), newNoise(seed, "bend north")}
	return frame{west, south, lon, lat, lonSpan * lon, latSpan * lat, bend}
}

// bent moves a position smoothly by up to some hundred metres, everything near
// it alike. It takes the eight directions of the grid out of the land.
func (f frame) bent(p plane) plane {
	return p.add(plane{
		700*f.bend[0].at(p.x/5200, p.y/5200) + 260*f.bend[0].at(p.x/1700, p.y/1700),
		700*f.bend[1].at(p.x/5200, p.y/5200) + 260*f.bend[1].at(p.x/1700, p.y/1700),
	})
}

// point is the position in degrees, on the lattice of 1e-7 degrees, so that
// equal positions are equal coordinates.
func (f frame) point(p plane) orb.Point {
	p = f.bent(p)
	return orb.Point{
		math.Round((f.west+p.x/f.lonMetres)*1e7) / 1e7,
		math.Round((f.south+p.y/f.latMetres)*1e7) / 1e7,
	}
}

// line is the positions in degrees, vertex by vertex.
func (f frame) line(ps []plane) orb.LineString {
	line := make(orb.LineString, len(ps))
	for i, p := range ps {
		line[i] = f.point(p)
	}
	return line
}

// grid numbers the square cells of a frame row by row from the south-west.
type grid struct {
	cols, rows int
	size       float64 // metres of a cell's side
}

func (g grid) cells() int            { return g.cols * g.rows }
func (g grid) cell(col, row int) int { return row*g.cols + col }
func (g grid) centre(c int) plane {
	return plane{(float64(c%g.cols) + 0.5) * g.size, (float64(c/g.cols) + 0.5) * g.size}
}

// at is the cell that holds a position; positions outside give the nearest.
func (g grid) at(p plane) int {
	col := min(max(int(p.x/g.size), 0), g.cols-1)
	row := min(max(int(p.y/g.size), 0), g.rows-1)
	return g.cell(col, row)
}

// move is a step to one of the eight neighbours; the first four are the sides.
type move struct{ col, row int }

var moves = [8]move{{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}}

// step is the cell after a move, or -1 outside the grid.
func (g grid) step(c int, m move) int {
	col, row := c%g.cols+m.col, c/g.cols+m.row
	if col < 0 || row < 0 || col >= g.cols || row >= g.rows {
		return -1
	}
	return g.cell(col, row)
}

// edge reports whether a cell lies on the rim of the grid.
func (g grid) edge(c int) bool {
	col, row := c%g.cols, c/g.cols
	return col == 0 || row == 0 || col == g.cols-1 || row == g.rows-1
}

// near calls visit for every cell within a number of cells of c.
func (g grid) near(c, cells int, visit func(int)) {
	col, row := c%g.cols, c/g.cols
	for y := max(row-cells, 0); y <= min(row+cells, g.rows-1); y++ {
		for x := max(col-cells, 0); x <= min(col+cells, g.cols-1); x++ {
			visit(g.cell(x, y))
		}
	}
}
