package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestFootBehindAnEnd takes the short cut of a place behind an end beside the
// walk along the piece, everywhere on the earth, from a metre to 99 km away.
func TestFootBehindAnEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 8))
	cut := 0
	for range 100_000 {
		a := orb.Point{r.Float64()*360 - 180, math.Asin(2*r.Float64()-1) * 180 / math.Pi}
		b := Destination(a, r.Float64()*360, math.Pow(10, r.Float64()*5)*0.99)
		p := Destination(a, r.Float64()*360, math.Pow(10, r.Float64()*5)*0.99)
		c, from, to := CGCS2000.Cartesian(p), CGCS2000.Cartesian(a), CGCS2000.Cartesian(b)
		if !surelyBehind(&c, &from, &to) && !surelyBehind(&c, &to, &from) {
			continue
		}
		cut++
		got, want := footOf(p, a, b), walkedFoot(p, a, b, &c, &from, &to)
		// The walk may end a rounding error short of the end.
		if through(cartesian(got.point), cartesian(want.point)) > 1e-7 || math.Abs(got.metres-want.metres) > 1e-7 || math.Abs(got.along-want.along) > 1e-7 {
			t.Fatalf("from %v to %v beside %v: %+v by the short cut, %+v by walking", a, b, p, got, want)
		}
	}
	if cut < 20_000 {
		t.Fatalf("only %d places were behind an end", cut)
	}
}

func cartesian(p orb.Point) *[3]float64 {
	c := CGCS2000.Cartesian(p)
	return &c
}
