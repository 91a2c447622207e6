package geo

import "math"

// The series of C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87
// (2013) 43-55, cut after the sixth order. Their error on the earth is below
// 10 nm. Each row below is one coefficient of a series: the numerators of a
// polynomial, lowest power first, over one denominator.

const order = 6

// fraction is a polynomial with rational coefficients.
type fraction struct {
	num []float64
	den float64
}

func (f fraction) at(x float64) float64 {
	y := 0.0
	for i := len(f.num) - 1; i >= 0; i-- {
		y = y*x + f.num[i]
	}
	return y / f.den
}

func over(den float64, num ...float64) fraction { return fraction{num, den} }

// Polynomials in ε², to be multiplied by ε^l for the l-th row.
var (
	seriesC1 = [order]fraction{ // equation 18
		over(32, -16, 6, -1), over(2048, -128, 64, -9), over(768, -16, 9),
		over(512, -5, 3), over(1280, -7), over(2048, -7),
	}
	seriesC1p = [order]fraction{ // equation 21
		over(1536, 768, -432, 205), over(12288, 3840, -4736, 4005), over(384, 116, -225),
		over(7680, 2695, -7173), over(7680, 3467), over(61440, 38081),
	}
	seriesC2 = [order]fraction{ // equation 43
		over(32, 16, 2, 1), over(2048, 384, 64, 35), over(768, 80, 15),
		over(512, 35, 7), over(1280, 63), over(2048, 77),
	}
)

// Polynomials in the third flattening n; the row is the power of ε.
var (
	seriesA3 = []fraction{ // equation 24
		over(1, 1), over(2, -1, 1), over(8, -2, -1, 3),
		over(16, -1, -3, -1), over(64, -3, -2), over(128, -3),
	}
	seriesC3 = [][]fraction{ // equation 25; C3[l] starts at ε^l
		{over(4, 1, -1), over(8, 1, 0, -1), over(64, 3, 3, -1), over(128, 5, 2), over(128, 3)},
		{over(32, 2, -3, 1), over(64, 3, -2, -3), over(128, 3, 1), over(256, 5)},
		{over(192, 5, -9, 5), over(384, 9, -10), over(512, 7)},
		{over(512, 7, -14), over(512, 7)},
		{over(2560, 21)},
	}
	seriesC4 = [][]fraction{ // equation 63; C4[l] starts at ε^l, l from 0
		{
			over(45045, 30030, -12012, 3432, 572, 208, 100),
			over(15015, -3003, 6864, -4576, 624, 64),
			over(45045, -858, -4576, 14144, -10656),
			over(45045, 1573, -4784, -224), over(45045, 156, 1088), over(15015, 97),
		},
		{
			over(135135, 3003, -6864, 4576, -624, -64), over(135135, -2574, 9152, -11648, 5952),
			over(135135, -1287, 1040, 5792), over(135135, 468, -2944), over(9009, 1),
		},
		{
			over(225225, 1716, -4576, 4160, -1440), over(225225, -1144, 4992, -8448),
			over(225225, -936, 1856), over(10725, 8),
		},
		{over(315315, 1144, -3328, 3584), over(105105, -208, 1024), over(63063, -136)},
		{over(405405, 832, -2560), over(135135, -128)},
		{over(99099, 128)},
	}
)

// evaluate gives the coefficients of a series in ε for one ellipsoid.
func evaluate(rows []fraction, n float64) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		out[i] = row.at(n)
	}
	return out
}

func evaluateAll(table [][]fraction, n float64) [][]float64 {
	out := make([][]float64, len(table))
	for i, rows := range table {
		out[i] = evaluate(rows, n)
	}
	return out
}

func horner(c []float64, x float64) float64 {
	y := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		y = y*x + c[i]
	}
	return y
}

// coefficients are those of one Fourier series.
type coefficients [order]float64

func inEps(rows *[order]fraction, eps float64) coefficients {
	var c coefficients
	power := eps
	for l := range rows {
		c[l] = power * rows[l].at(eps*eps)
		power *= eps
	}
	return c
}

// c3 gives C31..C35 (equation 25).
func (e *Ellipsoid) c3(eps float64) coefficients {
	var c coefficients
	power := eps
	for l, row := range e.c3x {
		c[l] = power * horner(row, eps)
		power *= eps
	}
	return c
}

// c4 gives C40..C45 (equation 63).
func (e *Ellipsoid) c4(eps float64) coefficients {
	var c coefficients
	power := 1.0
	for l, row := range e.c4x {
		c[l] = power * horner(row, eps)
		power *= eps
	}
	return c
}

// a1m1 is A1 - 1 (equation 17).
func a1m1(eps float64) float64 {
	x := eps * eps
	t := x * (64 + x*(4+x)) / 256
	return (t + eps) / (1 - eps)
}

// a2m1 is A2 - 1 (equation 42).
func a2m1(eps float64) float64 {
	x := eps * eps
	t := x * (-192 + x*(-28-11*x)) / 256
	return (t - eps) / (1 + eps)
}

func (e *Ellipsoid) a3(eps float64) float64 { return horner(e.a3x, eps) }

// sines sums c[l-1] sin 2lσ by Clenshaw's rule.
func (c *coefficients) sines(sigma angle) float64 {
	y0, _ := c.clenshaw(sigma)
	return 2 * sigma.s * sigma.c * y0
}

// cosines sums c[l] cos (2l+1)σ by Clenshaw's rule.
func (c *coefficients) cosines(sigma angle) float64 {
	y0, y1 := c.clenshaw(sigma)
	return sigma.c * (y0 - y1)
}

func (c *coefficients) clenshaw(sigma angle) (y0, y1 float64) {
	twice := 2 * (sigma.c - sigma.s) * (sigma.c + sigma.s) // 2 cos 2σ
	for l := order - 1; l >= 0; l-- {
		y0, y1 = twice*y0-y1+c[l], y0
	}
	return y0, y1
}

// expansion is ε of equation 16 for an equatorial azimuth α0.
func (e *Ellipsoid) expansion(calp0 float64) float64 {
	k2 := calp0 * calp0 * e.ep2
	return k2 / (2*(1+math.Sqrt(1+k2)) + k2)
}
