package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Area is the area in square metres, on the ellipsoid, of a polygon, a
// multipolygon, a ring, a bound or a collection of them; the sides are
// geodesics, as in PostGIS geography. Holes are taken off, whatever way round
// the rings run. A ring bounds two areas of the earth; the smaller is meant,
// so a ring round a pole is measured with the pole inside. Everything else
// has no area.
func Area(g orb.Geometry) float64 {
	switch g := g.(type) {
	case orb.Ring:
		return math.Abs(ringArea(g))
	case orb.Polygon:
		return polygonArea(g)
	case orb.Bound:
		if g.IsEmpty() {
			return 0
		}
		return polygonArea(g.ToPolygon())
	case orb.MultiPolygon:
		sum := 0.0
		for _, p := range g {
			sum += polygonArea(p)
		}
		return sum
	case orb.Collection:
		sum := 0.0
		for _, part := range g {
			sum += Area(part)
		}
		return sum
	}
	return 0
}

func polygonArea(p orb.Polygon) float64 {
	area := 0.0
	for i, ring := range p {
		a := math.Abs(ringArea(ring))
		if i > 0 {
			a = -a
		}
		area += a
	}
	return math.Max(0, area)
}

// ringArea is positive when the ring runs counter-clockwise. The areas between
// its sides and the equator are summed; a ring that passes the prime meridian
// an odd number of times goes round a pole.
func ringArea(r orb.Ring) float64 {
	sum, crossings := 0.0, 0
	for i := range r {
		p, q := r[i], r[(i+1)%len(r)]
		if p == q || !measurable(p) || !measurable(q) {
			continue
		}
		sum += CGCS2000.areaUnder(p, q)
		crossings += crossing(p[0], q[0])
	}
	whole := CGCS2000.Surface()
	area := math.Remainder(sum, whole)
	if crossings&1 != 0 {
		area -= math.Copysign(whole/2, area)
	}
	area = -area
	if area > whole/2 {
		area -= whole
	} else if area <= -whole/2 {
		area += whole
	}
	return area
}

// crossing counts a passage of the prime meridian, eastwards 1, westwards -1.
func crossing(lon1, lon2 float64) int {
	way := math.Remainder(lon2-lon1, 360)
	lon1, lon2 = math.Remainder(lon1, 360), math.Remainder(lon2, 360)
	switch {
	case way > 0 && (lon1 < 0 && lon2 >= 0 || lon1 > 0 && lon2 == 0):
		return 1
	case way < 0 && lon1 >= 0 && lon2 < 0:
		return -1
	}
	return 0
}

// areaUnder is the area between the geodesic and the equator, S12 of Karney
// (2013), section 6.
func (e *Ellipsoid) areaUnder(p, q orb.Point) float64 {
	v := e.solve(p, q)
	salp0 := v.alp1.s * v.beta1.c
	calp0 := math.Hypot(v.alp1.c, v.alp1.s*v.beta1.s)
	area := 0.0
	if calp0 != 0 && salp0 != 0 {
		c4 := e.c4(e.expansion(calp0))
		sig1 := angle{v.beta1.s, v.alp1.c * v.beta1.c}.unit()
		sig2 := angle{v.beta2.s, v.alp2.c * v.beta2.c}.unit()
		area = sq(e.a) * calp0 * salp0 * e.e2 * (c4.cosines(sig2) - c4.cosines(sig1))
	}
	return v.sign * (area + e.c2*v.excess())
}

// excess is the spherical excess α2 - α1, by the formula that loses fewest
// digits for the case.
func (v *inverse) excess() float64 {
	b1, b2 := v.beta1, v.beta2
	omg := radians(v.omg12)
	if !v.meridional && omg.c > -0.7071 && b2.s-b1.s < 1.75 {
		d1, d2 := 1+b1.c, 1+b2.c
		return 2 * math.Atan2(omg.s*(b1.s*d2+b2.s*d1), (1+omg.c)*(b1.s*b2.s+d1*d2))
	}
	alp := v.alp2.minus(v.alp1)
	if alp.s == 0 && alp.c < 0 {
		alp = angle{tiny * v.alp1.c, -1}
	}
	return alp.radians()
}
