package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Check says what is wrong with a geometry as coordinates: which vertex, which
// value, and what to do. A nil error means every coordinate is finite, with
// longitude within ±180° and latitude within ±90°.
func Check(g orb.Geometry) error {
	n := 0
	return eachPoint(g, func(p orb.Point) error {
		n++
		return checkPoint(n, p)
	})
}

func checkPoint(n int, p orb.Point) error {
	for axis, name := range [2]string{"longitude", "latitude"} {
		v, limit := p[axis], [2]float64{180, 90}[axis]
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("geo: vertex %d: %s %v is not a number; remove or correct the vertex", n, name, v)
		}
		if math.Abs(v) > limit {
			return fmt.Errorf("geo: vertex %d: %s %v is beyond ±%v°; are these metres, or latitude before longitude? State the coordinate system", n, name, v, limit)
		}
	}
	return nil
}

// eachPoint visits the vertices of any geometry in order.
func eachPoint(g orb.Geometry, visit func(orb.Point) error) error {
	switch g := g.(type) {
	case nil:
		return nil
	case orb.Point:
		return visit(g)
	case orb.MultiPoint:
		return eachOf(g, visit)
	case orb.LineString:
		return eachOf(g, visit)
	case orb.Ring:
		return eachOf(g, visit)
	case orb.Bound:
		return eachOf([]orb.Point{g.Min, g.Max}, visit)
	case orb.MultiLineString:
		return eachPart(g, visit)
	case orb.Polygon:
		return eachPart(g, visit)
	case orb.MultiPolygon:
		return eachPart(g, visit)
	case orb.Collection:
		return eachPart(g, visit)
	}
	return fmt.Errorf("geo: unknown geometry %T", g)
}

func eachOf[S ~[]orb.Point](points S, visit func(orb.Point) error) error {
	for _, p := range points {
		if err := visit(p); err != nil {
			return err
		}
	}
	return nil
}

func eachPart[S ~[]G, G orb.Geometry](parts S, visit func(orb.Point) error) error {
	for _, part := range parts {
		if err := eachPoint(part, visit); err != nil {
			return err
		}
	}
	return nil
}
