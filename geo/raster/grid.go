package raster

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// MaxCells bounds a grid: 4 bytes each. A county at 30 m has about 10 million.
const MaxCells = 16 << 20

// Grid is a raster in degrees of EPSG:4326, which EPSG:4490 equals here. Values
// stand for whole cells, row by row from the north-west; NaN is unknown. It is
// never changed and may be read by many goroutines.
type Grid struct {
	west, north float64 // outer corner of the first cell
	dx, dy      float64 // size of a cell, both above zero
	cols, rows  int
	values      []float32
}

// New makes a grid of values, which it keeps. Infinite values become unknown.
func New(west, north, dx, dy float64, cols, rows int, values []float32) (*Grid, error) {
	switch {
	case cols < 1 || rows < 1 || cols > MaxCells/rows:
		return nil, fmt.Errorf("raster: %d by %d cells; a grid has 1 to %d", cols, rows, MaxCells)
	case len(values) != cols*rows:
		return nil, fmt.Errorf("raster: %d values for %d by %d cells", len(values), cols, rows)
	case !(dx > 0 && dy > 0 && dx <= 90 && dy <= 90 && dx*float64(cols-1) < 360 && dy*float64(rows-1) <= 180):
		return nil, fmt.Errorf("raster: cells of %v by %v degrees do not fit the earth", dx, dy)
	case !(west >= -540 && west <= 540 && north-dy/2 <= 90 && north-dy*(float64(rows)-0.5) >= -90):
		return nil, fmt.Errorf("raster: a grid from longitude %v and latitude %v lies beside the earth", west, north)
	}
	for i, v := range values {
		if math.IsInf(float64(v), 0) {
			values[i] = float32(math.NaN())
		}
	}
	return &Grid{west, north, dx, dy, cols, rows, values}, nil
}

// Size is the number of columns and rows.
func (g *Grid) Size() (cols, rows int) { return g.cols, g.rows }

// CellSize is the size of a cell in degrees of longitude and latitude.
func (g *Grid) CellSize() (dx, dy float64) { return g.dx, g.dy }

// Bound is what the cells cover.
func (g *Grid) Bound() orb.Bound {
	return orb.Bound{
		Min: orb.Point{g.west, g.north - float64(g.rows)*g.dy},
		Max: orb.Point{g.west + float64(g.cols)*g.dx, g.north},
	}
}

// Equal says whether two grids have the same cells and values.
func (g *Grid) Equal(o *Grid) bool {
	if g == nil || o == nil {
		return g == o
	}
	same := func(a, b float32) bool { return a == b || a != a && b != b }
	return g.Bound() == o.Bound() && g.cols == o.cols && g.rows == o.rows && slices.EqualFunc(g.values, o.values, same)
}

// Row is one row of values from west to east, the northernmost first. It must
// not be changed.
func (g *Grid) Row(row int) []float32 { return g.values[row*g.cols : (row+1)*g.cols] }

// Known counts the cells with a value and gives the least and the greatest.
func (g *Grid) Known() (cells int, least, greatest float64) {
	least, greatest = math.Inf(1), math.Inf(-1)
	for _, v := range g.values {
		if v == v {
			cells++
			least, greatest = math.Min(least, float64(v)), math.Max(greatest, float64(v))
		}
	}
	if cells == 0 {
		return 0, 0, 0
	}
	return cells, least, greatest
}

// rounding is what part of a cell places are off by as they are computed.
const rounding = 1e-6

// Height is the value at a place, between the centres of the four cells around
// it (in the outer half of a cell on the edge as at the centres nearest to it);
// false outside the grid and where one of those that have a share is unknown.
func (g *Grid) Height(p orb.Point) (float64, bool) {
	x, y := math.Mod(p[0]-g.west, 360), (g.north-p[1])/g.dy
	if x < -rounding*g.dx {
		x += 360
	}
	x /= g.dx
	if !(x >= -rounding && y >= -rounding && x <= float64(g.cols)+rounding && y <= float64(g.rows)+rounding) {
		return 0, false
	}
	col, east := between(x, g.cols)
	row, south := between(y, g.rows)
	sum := 0.0
	for _, c := range [4]struct {
		col, row int
		share    float64
	}{
		{col, row, (1 - east) * (1 - south)}, {col + 1, row, east * (1 - south)},
		{col, row + 1, (1 - east) * south}, {col + 1, row + 1, east * south},
	} {
		if c.share < rounding {
			continue
		}
		v := float64(g.values[c.row*g.cols+c.col])
		if v != v {
			return 0, false
		}
		sum += c.share * v
	}
	return sum, true
}

// between finds the cell whose centre is last before a place, counted in cells
// from the edge, and how far the place is on the way to the next centre.
func between(at float64, n int) (cell int, share float64) {
	at = math.Max(0, math.Min(float64(n-1), at-0.5))
	cell = int(at)
	return cell, at - float64(cell)
}

// Amount is what a block of cells has, at the centre of the block.
type Amount struct {
	At  orb.Point
	Sum float64
}

// Sums adds up blocks of so many cells square (1: every cell), from the
// north-west; those on the other edges may be smaller. Blocks without an amount
// above zero are left out. The second result counts the cells below zero, which
// no amount of persons can be; they add nothing.
func (g *Grid) Sums(square int) (out []Amount, below int) {
	square = max(1, min(square, max(g.cols, g.rows)))
	for row := 0; row < g.rows; row += square {
		high := min(square, g.rows-row)
		for col := 0; col < g.cols; col += square {
			wide := min(square, g.cols-col)
			sum := 0.0
			for i := range high {
				for _, v := range g.Row(row + i)[col : col+wide] {
					switch {
					case v > 0:
						sum += float64(v)
					case v < 0:
						below++
					}
				}
			}
			if sum > 0 {
				out = append(out, Amount{g.middle(col, row, wide, high), sum})
			}
		}
	}
	return out, below
}

// middle is the centre of a block of cells.
func (g *Grid) middle(col, row, wide, high int) orb.Point {
	lon := g.west + (float64(col)+float64(wide)/2)*g.dx
	return orb.Point{math.Remainder(lon, 360), g.north - (float64(row)+float64(high)/2)*g.dy}
}
