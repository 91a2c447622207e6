package geo

import "math"

// guess sets the first α1 from the sphere, or near the antipodal point from
// the astroid (Karney 2013, section 5). For very short lines the sphere is
// exact; these it solves and returns true.
func (v *inverse) guess() bool {
	b1, b2 := v.beta1, v.beta2
	apart := b2.minus(b1)        // β2 - β1, as sine and cosine
	sum := b2.s*b1.c + b2.c*b1.s // sin(β2 + β1)
	short := apart.c >= 0 && apart.s < 0.5 && b2.c*v.lam12 < 0.5
	omg, dnm := v.lam, 1.0
	if short {
		mean := sq(b1.s + b2.s)
		mean /= mean + sq(b1.c+b2.c)
		dnm = math.Sqrt(1 + v.e.ep2*mean)
		omg = radians(v.lam12 / (v.e.f1 * dnm))
	}
	v.alp1 = aim(b1, b2, omg, apart.s, sum)
	sig := angle{math.Hypot(v.alp1.s, v.alp1.c), b1.s*b2.s + b1.c*b2.c*omg.c}
	if short && sig.s < v.e.etol2 {
		v.tiny(apart.s, omg, sig, dnm)
		return true
	}
	if sig.c < 0 && sig.s < 6*v.e.n*math.Pi*sq(b1.c) {
		v.antipodal(sum)
	}
	if v.alp1.s <= 0 { // no sensible guess; NaN passes and ends the iteration
		v.alp1 = angle{1, 0}
	}
	v.alp1 = v.alp1.unit()
	return false
}

// aim is the azimuth on the auxiliary sphere, not normalised. Its two forms
// avoid cancellation near and far.
func aim(b1, b2, omg angle, diff, sum float64) angle {
	if omg.c >= 0 {
		return angle{b2.c * omg.s, diff + b2.c*b1.s*sq(omg.s)/(1+omg.c)}
	}
	return angle{b2.c * omg.s, sum - b2.c*b1.s*sq(omg.s)/(1-omg.c)}
}

func (v *inverse) tiny(diff float64, omg, sig angle, dnm float64) {
	b1, b2 := v.beta1, v.beta2
	turn := 1 - omg.c
	if omg.c >= 0 {
		turn = sq(omg.s) / (1 + omg.c)
	}
	v.alp1 = v.alp1.unit()
	v.alp2 = angle{b1.c * omg.s, diff - b1.c*b2.s*turn}.unit()
	v.sig12 = sig.radians()
	v.metres = v.sig12 * v.e.b * dnm
	v.omg12 = v.lam12 / (v.e.f1 * dnm)
}

// antipodal solves the problem near the antipodal point, scaled so that the
// envelope of the geodesics is an astroid.
func (v *inverse) antipodal(sum float64) {
	e, b1 := v.e, v.beta1
	beyond := math.Atan2(-v.lam.s, -v.lam.c) // λ12 - π
	scale := e.f * b1.c * e.a3(e.expansion(b1.s)) * math.Pi
	x, y := beyond/scale, sum/(scale*b1.c)
	if y > -tolAstroid && x > -1-tolCut {
		s := math.Min(1, -x)
		v.alp1 = angle{s, -math.Sqrt(1 - sq(s))}
		return
	}
	k := astroid(x, y)
	omg := radians(scale * -x * k / (1 + k)) // π - ω12
	omg.c = -omg.c
	v.alp1 = angle{v.beta2.c * omg.s, sum - v.beta2.c*b1.s*sq(omg.s)/(1-omg.c)}
}

// astroid is the positive root k of k⁴ + 2k³ - (x²+y²-1)k² - 2y²k - y² = 0
// (equation 55), in the form that loses no digits (equations 65 to 67 of the
// same paper's appendix B).
func astroid(x, y float64) float64 {
	p, q := sq(x), sq(y)
	r := (p + q - 1) / 6
	if q == 0 && r <= 0 {
		return 0
	}
	s := p * q / 4
	r2 := sq(r)
	r3 := r * r2
	disc := s * (s + 2*r3)
	u := r
	if disc >= 0 {
		t3 := s + r3
		t3 += math.Copysign(math.Sqrt(disc), t3)
		t := math.Cbrt(t3)
		u += t
		if t != 0 {
			u += r2 / t
		}
	} else {
		ang := math.Atan2(math.Sqrt(-disc), -(s + r3))
		u += 2 * r * math.Cos(ang/3)
	}
	w := math.Sqrt(sq(u) + q)
	uv := u + w
	if u < 0 {
		uv = q / (w - u)
	}
	half := (uv - q) / (2 * w)
	return uv / (math.Sqrt(uv+sq(half)) + half)
}
