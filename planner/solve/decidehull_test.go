package solve

import (
	"math/rand/v2"
	"testing"
)

// TestHullSeparatesExactly draws points and small knapsacks, and looks at every set that fits: weights that are found
// are at most one on each and more on the point; where none are found, the point is a mixture of such sets.
func TestHullSeparatesExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	found := 0
	for range 3000 {
		h := &hull{}
		room := int64(5 + r.IntN(40))
		var alts []int32
		for i := range 2 + r.IntN(7) {
			h.use, h.x, alts = append(h.use, 1+r.Int64N(room)), append(h.x, float64(1+r.IntN(20))/20), append(alts, int32(i))
		}
		h.remember(0, alts)
		fitting := setsThatFit(h.use, room)
		weights := h.separate(room)
		if weights == nil {
			if least := mixture(h.x, fitting); least > 1.002+1e-6 {
				t.Fatalf("%v of %v in %d: nothing found, and it takes %v of sets", h.x, h.use, room, least)
			}
			continue
		}
		found++
		if at := weigh(weights, h.x); at < 1.002 {
			t.Fatalf("the point weighs %v", at)
		}
		for _, set := range fitting {
			if at := weigh(weights, set); at > 1+1e-5 {
				t.Fatalf("%v of %v in %d: %v fits and weighs %v by %v", h.x, h.use, room, set, at, weights)
			}
		}
	}
	if found < 500 {
		t.Fatalf("only %d points lay outside", found)
	}
}

func weigh(weights, x []float64) (sum float64) {
	for i, w := range weights {
		sum += w * x[i]
	}
	return sum
}

func setsThatFit(use []int64, room int64) (sets [][]float64) {
	for bits := range 1 << len(use) {
		set, sum := make([]float64, len(use)), int64(0)
		for i := range use {
			if bits>>i&1 == 1 {
				set[i], sum = 1, sum+use[i]
			}
		}
		if sum <= room {
			sets = append(sets, set)
		}
	}
	return sets
}

// mixture is how much of sets it takes at least to cover a point.
func mixture(x []float64, sets [][]float64) float64 {
	var lp simplex
	rows := make([][]entry, len(x))
	for _, set := range sets {
		c := lp.addColumn(1)
		for i, in := range set {
			if in > 0 {
				rows[i] = append(rows[i], entry{c, 1})
			}
		}
	}
	for i, row := range rows {
		lp.addRow(row, x[i], false)
	}
	lp.run(10_000, func() bool { return false })
	return lp.total()
}
