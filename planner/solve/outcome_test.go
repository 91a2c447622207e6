package solve

import (
	"math"
	"testing"
)

func TestGap(t *testing.T) {
	for _, c := range []struct{ objective, bound, want float64 }{
		{100, 99, 0.01}, {100, 101, 0.01}, {0, 0, 0}, {0.5, 0, 0.5}, {-200, -202, 0.01},
		{math.Inf(1), 5, math.Inf(1)}, {5, math.Inf(-1), math.Inf(1)},
	} {
		o := Outcome{Objective: c.objective, Bound: c.bound}
		if got := o.Gap(); math.Abs(got-c.want) > 1e-12 && got != c.want {
			t.Errorf("objective %v, bound %v: gap %v, want %v", c.objective, c.bound, got, c.want)
		}
	}
}
