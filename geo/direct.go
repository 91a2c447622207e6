package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// track is a geodesic that starts at a point in a direction; points along it
// are found by their distance (the direct problem, Karney 2013, section 3).
type track struct {
	e            *Ellipsoid
	lon          float64
	salp0, calp0 float64
	omg1         angle
	sig1         angle
	tau1         angle
	b11, b31     float64
	a1, a3c      float64
	c1p, c3      coefficients
}

// track starts at p with azimuth alp1.
func (e *Ellipsoid) track(p orb.Point, alp1 angle) track {
	beta := e.reduced(p[1])
	t := track{e: e, lon: p[0], salp0: alp1.s * beta.c, calp0: math.Hypot(alp1.c, alp1.s*beta.s)}
	t.omg1 = angle{t.salp0 * beta.s, alp1.c * beta.c}
	t.sig1 = angle{beta.s, alp1.c * beta.c}
	if beta.s == 0 && alp1.c == 0 {
		t.omg1, t.sig1 = angle{0, 1}, angle{0, 1} // along the equator
	}
	t.sig1 = t.sig1.unit()
	eps := e.expansion(t.calp0)
	c1 := inEps(&seriesC1, eps)
	t.a1, t.b11 = 1+a1m1(eps), c1.sines(t.sig1)
	t.tau1 = t.sig1.plus(radians(t.b11))
	t.c1p, t.c3 = inEps(&seriesC1p, eps), e.c3(eps)
	t.a3c, t.b31 = -e.f*t.salp0*e.a3(eps), t.c3.sines(t.sig1)
	return t
}

// at is the point so many metres along the track, and the azimuth there.
// Longitudes come out within ±180°.
func (t *track) at(metres float64) (orb.Point, angle) {
	tau12 := metres / (t.e.b * t.a1)
	b12 := -t.c1p.sines(t.tau1.plus(radians(tau12)))
	sig12 := tau12 - (b12 - t.b11)
	sig2 := t.sig1.plus(radians(sig12))
	beta := angle{t.calp0 * sig2.s, math.Hypot(t.salp0, t.calp0*sig2.c)}
	if beta.c == 0 { // at a pole
		sig2.c, beta.c = tiny, tiny
	}
	omg2 := angle{t.salp0 * sig2.s, sig2.c}
	lam12 := omg2.minus(t.omg1).radians() + t.a3c*(sig12+t.c3.sines(sig2)-t.b31)
	lat := angle{beta.s, t.e.f1 * beta.c}.degrees()
	lon := math.Remainder(t.lon+lam12*180/math.Pi, 360)
	return orb.Point{lon, lat}, angle{t.salp0, t.calp0 * sig2.c}.unit()
}

// Direct goes from p so many metres in a direction given in degrees clockwise
// from north, and gives the point where that ends.
func (e *Ellipsoid) Direct(p orb.Point, azimuth, metres float64) orb.Point {
	if !measurable(p) {
		return orb.Point{math.NaN(), math.NaN()}
	}
	t := e.track(p, degrees(azimuth))
	q, _ := t.at(metres)
	return q
}

// between is the track from p to q and its length in metres.
func (e *Ellipsoid) between(p, q orb.Point) (track, float64) {
	v := e.solve(p, q)
	a1, _ := v.azimuths()
	return e.track(p, a1), v.metres
}
