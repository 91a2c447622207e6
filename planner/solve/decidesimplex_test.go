package solve

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSimplexProvesItself checks by duality: a solution within all bounds and prices of the right sign whose
// values are the same are both optimal.
func TestSimplexProvesItself(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	solved, none := 0, 0
	for range 400 {
		s := &simplex{}
		n := 3 + r.IntN(25)
		for range n {
			s.addColumn(10 * r.Float64())
		}
		for i := range 2 + r.IntN(25) {
			s.addRow(drawRow(r, n), 4*r.Float64()-1, r.IntN(6) == 0)
			if i%4 == 3 {
				s.recover()
				s.run(1000, func() bool { return false })
			}
		}
		for range r.IntN(4) {
			s.open(int32(r.IntN(n)), false)
		}
		s.recover()
		s.settle()
		ok := s.run(1000, func() bool { return false })
		if ok && r.IntN(2) == 0 {
			s.drop(0, 1)
			s.refactor()
			ok = s.run(1000, func() bool { return false })
		}
		bound := simplexBound(s)
		if !ok {
			// The way along the ray lifts the bound over all that the columns can cost.
			if none++; bound < 10*float64(n) {
				t.Fatalf("said to have no solution, with a bound of %v", bound)
			}
			continue
		}
		solved++
		checkWithin(t, s)
		if at := s.total(); math.Abs(at-bound) > 1e-6 {
			t.Fatalf("a solution of %v, and a bound of %v", at, bound)
		}
	}
	if solved < 100 || none < 50 {
		t.Errorf("one-sided: %d solved, %d without solution", solved, none)
	}
}

func drawRow(r *rand.Rand, n int) (row []entry) {
	for j := range n {
		if v := r.IntN(9) - 3; v != 0 && r.IntN(3) == 0 {
			row = append(row, entry{int32(j), float64(v)})
		}
	}
	return row
}

// simplexBound is what the prices alone prove.
func simplexBound(s *simplex) (bound float64) {
	for i, y := range s.y {
		if !s.equal[i] {
			y = max(0, y)
		}
		bound += y * s.rhs[i]
	}
	for j, c := range s.cost {
		for _, t := range s.cols[j] {
			y := s.y[t.of]
			if !s.equal[t.of] {
				y = max(0, y)
			}
			c -= y * t.val
		}
		bound += min(0, c) * s.up[j]
	}
	return bound
}

func checkWithin(t *testing.T, s *simplex) {
	t.Helper()
	for j := range s.cost {
		if x := s.value(int32(j)); x < -1e-6 || x > s.up[j]+1e-6 {
			t.Fatalf("column %d is %v of %v", j, x, s.up[j])
		}
	}
	for i, row := range s.rows {
		sum := -s.rhs[i]
		for _, e := range row {
			sum += e.val * s.value(e.of)
		}
		if sum < -1e-6 || (s.equal[i] && sum > 1e-6) {
			t.Fatalf("row %d is off by %v", i, sum)
		}
	}
}
