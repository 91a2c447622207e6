package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Distance is the length in metres of the shortest way from p to q on the
// ellipsoid of CGCS2000, correct to about 10 nm. It is the same both ways,
// to the last bit. A point that is not finite or lies beyond a pole gives NaN.
func Distance(p, q orb.Point) float64 {
	if !measurable(p) || !measurable(q) {
		return math.NaN()
	}
	if q[0] < p[0] || q[0] == p[0] && q[1] < p[1] {
		p, q = q, p
	}
	v := CGCS2000.solve(p, q)
	return v.metres
}

// Length is the length of a line: the sum over its pieces between vertices,
// each rounded to the millimetre. It is the last value of [Measure].
func Length(ls orb.LineString) Millimetre {
	var sum Millimetre
	for i := 1; i < len(ls); i++ {
		sum += Round(Distance(ls[i-1], ls[i]))
	}
	return sum
}

// Measure gives for each vertex its place on the line in millimetres from the
// start: 0 for the first, the length of the line for the last. It never falls.
func Measure(ls orb.LineString) []Millimetre {
	if len(ls) == 0 {
		return nil
	}
	out := make([]Millimetre, len(ls))
	for i := 1; i < len(ls); i++ {
		out[i] = out[i-1] + Round(Distance(ls[i-1], ls[i]))
	}
	return out
}

// Azimuth is the direction from p to q in degrees clockwise from north, at p.
func Azimuth(p, q orb.Point) float64 {
	_, azimuth, _ := CGCS2000.Inverse(p, q)
	return azimuth
}

// Destination is the point so many metres from p in a direction given in
// degrees clockwise from north.
func Destination(p orb.Point, azimuth, metres float64) orb.Point {
	return CGCS2000.Direct(p, azimuth, metres)
}
