package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The inverse problem: two points given, the shortest way between them. After
// Karney (2013), sections 4 and 5. The figure is first turned so that the
// first point is the one nearer to a pole, in the south, and the second lies
// to the east; then the azimuth α1 at the first point is found by Newton's
// method inside a bracket that only shrinks, so it cannot fail to converge.

const (
	epsilon    = 0x1p-52
	newtonMax  = 20 // beyond this only bisection
	bisectMax  = newtonMax + 53 + 10
	tolAstroid = 200 * epsilon
	// tolCut is the width of the strip at the cut locus that gets a guess of
	// its own.
	tolCut = 1000 * 0x1p-26
)

// inverse is one problem in turned position, and its solution.
type inverse struct {
	e            *Ellipsoid
	beta1, beta2 angle // reduced latitudes
	dn1, dn2     float64
	lam12        float64 // longitude difference, 0 to π
	lam          angle   // the same
	sign         float64 // of the area, for the turning

	alp1, alp2 angle // azimuths
	sig1, sig2 angle // arcs from the node on the auxiliary sphere
	sig12      float64
	omg12      float64 // longitude difference on the auxiliary sphere
	meridional bool
	metres     float64

	swapped, mirrored, west bool
}

// Inverse gives the length in metres of the shortest way from p to q and its
// azimuths at both ends in degrees clockwise from north. Same point: 0, with
// azimuths of no meaning.
func (e *Ellipsoid) Inverse(p, q orb.Point) (metres, azimuth1, azimuth2 float64) {
	if !measurable(p) || !measurable(q) {
		return math.NaN(), math.NaN(), math.NaN()
	}
	v := e.solve(p, q)
	a1, a2 := v.azimuths()
	return v.metres, a1.degrees(), a2.degrees()
}

func measurable(p orb.Point) bool {
	return math.Abs(p[1]) <= 90 && !math.IsInf(p[0], 0) && !math.IsNaN(p[0])
}

// turn brings the problem into standard position.
func (e *Ellipsoid) turn(p, q orb.Point) (v inverse, lon12 float64) {
	v = inverse{e: e, sign: 1}
	lon12 = roundSmall(eastward(p[0], q[0]))
	if lon12 < 0 {
		lon12, v.west, v.sign = -lon12, true, -v.sign
	}
	lat1, lat2 := roundSmall(p[1]), roundSmall(q[1])
	if math.Abs(lat1) < math.Abs(lat2) {
		// The swap alone mirrors the figure east to west as well.
		lat1, lat2, v.swapped, v.west = lat2, lat1, true, !v.west
	}
	if lat1 >= 0 {
		lat1, lat2, v.mirrored, v.sign = -lat1, -lat2, true, -v.sign
	}
	v.beta1, v.beta2 = e.reduced(lat1), e.reduced(lat2)
	v.symmetric()
	v.dn1, v.dn2 = e.stretch(v.beta1), e.stretch(v.beta2)
	v.lam12 = lon12 * math.Pi / 180
	v.lam = degrees(lon12)
	v.meridional = lat1 == -90 || v.lam.s == 0
	return v, lon12
}

// eastward is the longitude difference within ±180°. Across the antimeridian
// it is taken from there on both sides, which loses no digit.
func eastward(lon1, lon2 float64) float64 {
	d := lon2 - lon1
	switch {
	case d > 180:
		d = (lon2 - 180) - (lon1 + 180)
	case d < -180:
		d = (lon2 + 180) - (lon1 - 180)
	}
	return math.Remainder(d, 360)
}

// symmetric makes latitudes that differ only by sign do so exactly, for the
// Newton iteration is singular there.
func (v *inverse) symmetric() {
	if v.beta1.c < -v.beta1.s {
		if v.beta2.c == v.beta1.c {
			v.beta2.s = math.Copysign(v.beta1.s, v.beta2.s)
		}
	} else if math.Abs(v.beta2.s) == -v.beta1.s {
		v.beta2.c = v.beta1.c
	}
}

func (e *Ellipsoid) solve(p, q orb.Point) inverse {
	v, lon12 := e.turn(p, q)
	switch {
	case v.meridional:
		v.alongMeridian()
	case v.beta1.s == 0 && 180-lon12 >= e.f*180:
		v.alongEquator()
	default:
		v.general()
	}
	return v
}

// azimuths turns the solution back.
func (v *inverse) azimuths() (angle, angle) {
	a1, a2 := v.alp1, v.alp2
	if v.swapped {
		a1, a2 = a2, a1
	}
	if v.swapped != v.west {
		a1.s, a2.s = -a1.s, -a2.s
	}
	if v.swapped != v.mirrored {
		a1.c, a2.c = -a1.c, -a2.c
	}
	return a1, a2
}

func (v *inverse) alongMeridian() {
	v.alp1, v.alp2 = v.lam, angle{0, 1}
	v.sig1 = angle{v.beta1.s, v.alp1.c * v.beta1.c}
	v.sig2 = angle{v.beta2.s, v.alp2.c * v.beta2.c}
	v.sig12 = v.sig2.minus(v.sig1).clampUp().radians()
	if v.sig12 < 3*tiny {
		v.metres = 0
		return
	}
	v.metres = v.e.b * v.e.arcLength(v.e.n, v.sig12, v.sig1, v.sig2)
}

func (v *inverse) alongEquator() {
	v.alp1, v.alp2 = angle{1, 0}, angle{1, 0}
	v.metres = v.e.a * v.lam12
	v.sig12 = v.lam12 / v.e.f1
	v.omg12 = v.sig12
}

// arcLength is s12/b (equation 7).
func (e *Ellipsoid) arcLength(eps, sig12 float64, sig1, sig2 angle) float64 {
	c1 := inEps(&seriesC1, eps)
	return (1 + a1m1(eps)) * (sig12 + c1.sines(sig2) - c1.sines(sig1))
}

// reducedLength is m12/b (equation 38).
func (v *inverse) reducedLength(eps, sig12 float64, sig1, sig2 angle) float64 {
	c1, c2 := inEps(&seriesC1, eps), inEps(&seriesC2, eps)
	m1, m2 := a1m1(eps), a2m1(eps)
	j12 := (m1-m2)*sig12 + (1+m1)*(c1.sines(sig2)-c1.sines(sig1)) - (1+m2)*(c2.sines(sig2)-c2.sines(sig1))
	return v.dn2*(sig1.c*sig2.s) - v.dn1*(sig1.s*sig2.c) - sig1.c*sig2.c*j12
}

func (v *inverse) general() {
	if v.guess() {
		return
	}
	eps, domg12 := v.newton()
	v.metres = v.e.b * v.e.arcLength(eps, v.sig12, v.sig1, v.sig2)
	v.omg12 = v.lam12 - domg12
}

// newton finds the azimuth at the first point whose geodesic meets the second.
func (v *inverse) newton() (eps, domg12 float64) {
	low, high := angle{tiny, 1}, angle{tiny, -1}
	nearly, settled := false, false
	for i := 0; ; i++ {
		var miss, slope float64
		miss, slope, eps, domg12 = v.shoot(i < newtonMax)
		limit := epsilon
		if nearly {
			limit = 8 * epsilon
		}
		if settled || !(math.Abs(miss) >= limit) || i == bisectMax {
			return eps, domg12
		}
		cot := v.alp1.c / v.alp1.s
		if miss > 0 && (i > newtonMax || cot > high.c/high.s) {
			high = v.alp1
		} else if miss < 0 && (i > newtonMax || cot < low.c/low.s) {
			low = v.alp1
		}
		if i < newtonMax && slope > 0 && v.step(-miss/slope) {
			nearly = math.Abs(miss) <= 16*epsilon
			continue
		}
		v.alp1 = angle{(low.s + high.s) / 2, (low.c + high.c) / 2}.unit()
		nearly = false
		settled = closeTo(low, v.alp1) || closeTo(v.alp1, high)
	}
}

func closeTo(a, b angle) bool { return math.Abs(a.s-b.s)+(a.c-b.c) < epsilon }

// step turns α1 by a Newton step, unless that leaves 0 to 180°.
func (v *inverse) step(by float64) bool {
	if math.Abs(by) >= math.Pi {
		return false
	}
	next := v.alp1.plus(radians(by))
	if next.s <= 0 {
		return false
	}
	v.alp1 = next.unit()
	return true
}

// shoot sends a geodesic from the first point in direction α1 to the latitude
// of the second and says by how much longitude it misses (positive: too far
// east), and with which slope against α1.
func (v *inverse) shoot(withSlope bool) (miss, slope, eps, domg12 float64) {
	e := v.e
	if v.beta1.s == 0 && v.alp1.c == 0 {
		v.alp1.c = -tiny // an equatorial line has no node
	}
	salp0 := v.alp1.s * v.beta1.c
	calp0 := math.Hypot(v.alp1.c, v.alp1.s*v.beta1.s)
	v.alp2 = v.arrive(salp0)
	omg1 := angle{salp0 * v.beta1.s, v.alp1.c * v.beta1.c}
	omg2 := angle{salp0 * v.beta2.s, v.alp2.c * v.beta2.c}
	v.sig1 = angle{v.beta1.s, omg1.c}.unit()
	v.sig2 = angle{v.beta2.s, omg2.c}.unit()
	v.sig12 = v.sig2.minus(v.sig1).clampUp().radians()
	omg := omg2.minus(omg1).clampUp()
	eps = e.expansion(calp0)
	c3 := e.c3(eps)
	domg12 = -e.f * e.a3(eps) * salp0 * (v.sig12 + c3.sines(v.sig2) - c3.sines(v.sig1))
	miss = omg.minus(v.lam).radians() + domg12
	if withSlope {
		slope = v.slope(eps)
	}
	return miss, slope, eps, domg12
}

// arrive is the azimuth at the second point.
func (v *inverse) arrive(salp0 float64) angle {
	b1, b2 := v.beta1, v.beta2
	a2 := angle{v.alp1.s, math.Abs(v.alp1.c)}
	if b2.c == b1.c && math.Abs(b2.s) == -b1.s {
		return a2
	}
	if b2.c != b1.c {
		a2.s = salp0 / b2.c
	}
	diff := (b1.s - b2.s) * (b1.s + b2.s)
	if b1.c < -b1.s {
		diff = (b2.c - b1.c) * (b1.c + b2.c)
	}
	a2.c = math.Sqrt(sq(v.alp1.c*b1.c)+diff) / b2.c
	return a2
}

// slope is dλ12/dα1 (equation 46).
func (v *inverse) slope(eps float64) float64 {
	if v.alp2.c == 0 {
		return -2 * v.e.f1 * v.dn1 / v.beta1.s
	}
	return v.reducedLength(eps, v.sig12, v.sig1, v.sig2) * v.e.f1 / (v.alp2.c * v.beta2.c)
}
