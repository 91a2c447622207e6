package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// Krueger is the Gauss-Krüger projection of CGCS2000 about a central meridian in degrees: true to scale along it, right-angled
// everywhere, eastings from 500 km west of it. Within a 3-degree zone of China a length on it is at most 1.00035 of the true one.
//
// The formulas are Krüger's series in the third flattening to the fourth order (Karney, Transverse Mercator with an accuracy of a few
// nanometers, 2011, equations 7 to 35), exact to a hundredth of a millimetre within 10 degrees of the meridian.
type Krueger float64

// falseEasting keeps eastings positive.
const falseEasting = 500_000

// Ellipsoid of CGCS2000 and what the series need of it.
const (
	equator    = 6378137.0 // metres
	flattening = 1 / 298.257222101
	third      = flattening / (2 - flattening)
	rectifying = equator / (1 + third) * (1 + third*third/4 + third*third*third*third/64)
)

// power is the third flattening and its powers, from the first on.
var power = [4]float64{third, third * third, third * third * third, third * third * third * third}

var (
	forward  = [4]float64{dot(1./2, -2./3, 5./16, 41./180), dot(0, 13./48, -3./5, 557./1440), dot(0, 0, 61./240, -103./140), dot(0, 0, 0, 49561./161280)}
	backward = [4]float64{dot(1./2, -2./3, 37./96, -1./360), dot(0, 1./48, 1./15, -437./1440), dot(0, 0, 17./480, -37./840), dot(0, 0, 0, 4397./161280)}
	latitude = [4]float64{dot(2, -2./3, -2, 116./45), dot(0, 7./3, -8./5, -227./45), dot(0, 0, 56./15, -136./35), dot(0, 0, 0, 4279./630)}
)

func dot(a, b, c, d float64) float64 { return a*power[0] + b*power[1] + c*power[2] + d*power[3] }

// Forward takes degrees to metres east and north. Places 90 degrees and more from the meridian have none: NaN or infinity.
func (k Krueger) Forward(p orb.Point) orb.Point {
	phi, lambda := p[1]*math.Pi/180, (p[0]-float64(k))*math.Pi/180
	sin := math.Sin(phi)
	e := 2 * math.Sqrt(third) / (1 + third)
	t := math.Sinh(math.Atanh(sin) - e*math.Atanh(e*sin))
	xi, eta := math.Atan2(t, math.Cos(lambda)), math.Atanh(math.Sin(lambda)/math.Sqrt(1+t*t))
	north, east := xi, eta
	for j, a := range forward {
		m := float64(2 * (j + 1))
		north += a * math.Sin(m*xi) * math.Cosh(m*eta)
		east += a * math.Cos(m*xi) * math.Sinh(m*eta)
	}
	return orb.Point{falseEasting + rectifying*east, rectifying * north}
}

// Inverse takes metres east and north to degrees.
func (k Krueger) Inverse(p orb.Point) orb.Point {
	xi, eta := p[1]/rectifying, (p[0]-falseEasting)/rectifying
	north, east := xi, eta
	for j, b := range backward {
		m := float64(2 * (j + 1))
		north -= b * math.Sin(m*xi) * math.Cosh(m*eta)
		east -= b * math.Cos(m*xi) * math.Sinh(m*eta)
	}
	chi := math.Asin(math.Sin(north) / math.Cosh(east))
	phi := chi
	for j, d := range latitude {
		phi += d * math.Sin(float64(2*(j+1))*chi)
	}
	return orb.Point{float64(k) + math.Atan2(math.Sinh(east), math.Cos(north))*180/math.Pi, phi * 180 / math.Pi}
}
