package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Ellipsoid is an ellipsoid of revolution flattened at the poles, with what
// the geodesic series need. It is made by [NewEllipsoid] and never changes.
type Ellipsoid struct {
	a, b, f  float64
	f1       float64 // 1 - f = b/a
	e2, ep2  float64 // first and second eccentricity squared
	n        float64 // third flattening
	c2       float64 // square of the authalic radius
	etol2    float64 // arcs below this are solved on the sphere
	a3x      []float64
	c3x, c4x [][]float64
}

// The two ellipsoids that matter here. Everything in this package that does
// not name one is measured on CGCS2000.
var (
	CGCS2000 = NewEllipsoid(6378137, 1/298.257222101)
	WGS84    = NewEllipsoid(6378137, 1/298.257223563)
)

// NewEllipsoid takes the equatorial radius in metres and the flattening,
// which must be above 0 and below 1/50, the range the series are good for.
func NewEllipsoid(a, f float64) *Ellipsoid {
	e := &Ellipsoid{a: a, f: f, f1: 1 - f, e2: f * (2 - f), n: f / (2 - f)}
	e.b = a * e.f1
	e.ep2 = e.e2 / sq(e.f1)
	ecc := math.Sqrt(e.e2)
	e.c2 = (sq(a) + sq(e.b)*math.Atanh(ecc)/ecc) / 2
	e.etol2 = 0.1 * math.Sqrt(epsilon) / math.Sqrt(math.Max(0.001, f)*(1-f/2)/2)
	e.a3x = evaluate(seriesA3, e.n)
	e.c3x = evaluateAll(seriesC3, e.n)
	e.c4x = evaluateAll(seriesC4, e.n)
	return e
}

// Surface is the area of the whole ellipsoid in square metres.
func (e *Ellipsoid) Surface() float64 { return 4 * math.Pi * e.c2 }

// Cartesian gives the point in metres from the centre of the earth, x towards
// longitude 0, z towards the north pole.
func (e *Ellipsoid) Cartesian(p orb.Point) [3]float64 {
	lat, lon := degrees(p[1]), degrees(p[0])
	nu := e.a / math.Sqrt(1-e.e2*sq(lat.s))
	return [3]float64{nu * lat.c * lon.c, nu * lat.c * lon.s, nu * (1 - e.e2) * lat.s}
}

// reduced is the reduced latitude β of a latitude in degrees, never quite at
// a pole.
func (e *Ellipsoid) reduced(lat float64) angle {
	phi := degrees(roundSmall(lat))
	beta := angle{phi.s * e.f1, phi.c}.unit()
	beta.c = math.Max(tiny, beta.c)
	return beta
}

// stretch is the square root of 1 + e'² sin²β.
func (e *Ellipsoid) stretch(beta angle) float64 { return math.Sqrt(1 + e.ep2*sq(beta.s)) }
