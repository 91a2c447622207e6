package geo

import "math"

// angle is kept as its sine and cosine, so that small differences survive.
type angle struct{ s, c float64 }

// tiny stands for zero where a division by it must not fail.
const tiny = 1.4916681462400413e-154 // square root of the smallest normal number

// degrees takes the sine and cosine after an exact reduction to ±45°, so
// that multiples of 90° are exact.
func degrees(x float64) angle {
	r := math.Remainder(x, 90)
	quarter := int(math.Round((math.Remainder(x, 360)-r)/90)) & 3
	s, c := math.Sincos(r * math.Pi / 180)
	switch quarter {
	case 1:
		return angle{c, -s}
	case 2:
		return angle{-s, -c}
	case 3:
		return angle{-c, s}
	}
	return angle{s, c}
}

// roundSmall drops what is far below a nanometre in an angle near zero, so
// that what is meant to lie on the equator does.
func roundSmall(x float64) float64 {
	const z = 1.0 / 16
	if y := math.Abs(x); y < z {
		return math.Copysign(z-(z-y), x)
	}
	return x
}

func radians(x float64) angle {
	s, c := math.Sincos(x)
	return angle{s, c}
}

func (a angle) unit() angle {
	r := math.Hypot(a.s, a.c)
	return angle{a.s / r, a.c / r}
}

func (a angle) plus(b angle) angle  { return angle{a.s*b.c + a.c*b.s, a.c*b.c - a.s*b.s} }
func (a angle) minus(b angle) angle { return angle{a.s*b.c - a.c*b.s, a.c*b.c + a.s*b.s} }
func (a angle) radians() float64    { return math.Atan2(a.s, a.c) }

// degrees is exact at multiples of 90°.
func (a angle) degrees() float64 {
	if math.Abs(a.s) > math.Abs(a.c) {
		return math.Copysign(90, a.s) - math.Atan2(a.c, math.Abs(a.s))*math.Copysign(180/math.Pi, a.s)
	}
	return math.Atan2(a.s, a.c) * 180 / math.Pi
}

// clampUp makes an angle between 0 and 180° of one that rounding has pushed
// below 0.
func (a angle) clampUp() angle { return angle{math.Max(0, a.s), a.c} }

func sq(x float64) float64 { return x * x }
