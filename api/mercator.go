package api

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// onMap puts a point into the square of the web map at a zoom, in tiles from
// the north-western corner. Only drawing and cells need it; nothing is measured
// there.
func onMap(p orb.Point, zoom uint32) orb.Point {
	x, y := geo.UnitMercator(p)
	n := math.Exp2(float64(zoom))
	return orb.Point{x * n, y * n}
}
