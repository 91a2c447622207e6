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
	lat := math.Max(-geo.MaxLatitude, math.Min(geo.MaxLatitude, p[1]))
	y := 0.5 - math.Atanh(math.Sin(lat*math.Pi/180))/(2*math.Pi)
	n := math.Exp2(float64(zoom))
	return orb.Point{(p[0]/360 + 0.5) * n, y * n}
}
