package solve

import (
	"cmp"
	"math"
	"slices"
)

// refactor finds the inverse, the prices and what the basis is afresh.
func (s *simplex) refactor() {
	s.pivots = 0
	var in []int32
	for _, j := range s.basis {
		if j >= 0 {
			in = append(in, j)
			s.at[j] = -1
		}
	}
	stays := make([]bool, len(s.rows))
	for _, j := range s.basis {
		if j < 0 {
			stays[^j] = true
		}
	}
	for i := range s.rows {
		clear(s.inv[i])
		s.inv[i][i], s.basis[i], s.slack[i] = -1, ^int32(i), int32(i)
	}
	slices.SortFunc(in, func(a, b int32) int { return cmp.Or(len(s.cols[a])-len(s.cols[b]), int(a-b)) })
	for _, j := range in {
		s.bring(j, stays)
	}
	s.reprice()
	s.settle()
}

// bring pivots a column into the basis in the place of a slack that is to leave. One that
// depends on the others stays out.
func (s *simplex) bring(j int32, stays []bool) {
	s.column(j)
	p, most := -1, 1e-9
	for q, a := range s.col {
		if s.basis[q] < 0 && !stays[^s.basis[q]] && math.Abs(a) > most {
			p, most = q, math.Abs(a)
		}
	}
	if p < 0 {
		return
	}
	s.pattern = s.pattern[:0]
	for i, line := range s.inv {
		if v := line[p]; v != 0 {
			s.pattern = append(s.pattern, entry{int32(i), v})
		}
	}
	s.slack[^s.basis[p]] = -1
	s.basis[p], s.at[j] = j, int32(p)
	s.invert(p)
}

// reprice finds prices and reduced costs from the inverse.
func (s *simplex) reprice() {
	var in []entry // by position
	for p, j := range s.basis {
		if j >= 0 && s.cost[j] != 0 {
			in = append(in, entry{int32(p), s.cost[j]})
		}
	}
	for i, line := range s.inv {
		s.y[i] = 0
		for _, t := range in {
			s.y[i] += t.val * line[t.of]
		}
	}
	for j := range s.cost {
		s.d[j] = 0
		if s.at[j] < 0 {
			s.d[j] = s.cost[j]
			for _, t := range s.cols[j] {
				s.d[j] -= s.y[t.of] * t.val
			}
		}
	}
	for i := range s.y {
		if !s.equal[i] && s.slack[i] < 0 && s.y[i] < 0 {
			s.y[i] = 0
		}
	}
}

// total is what the columns cost now.
func (s *simplex) total() (sum float64) {
	for j, c := range s.cost {
		sum += c * s.value(int32(j))
	}
	return sum
}

// drop removes rows that have had no price for so long. keep: the first rows stay.
func (s *simplex) drop(keep, idle int) int {
	to := make([]int32, len(s.rows))
	left := int32(0)
	for i := range s.rows {
		if s.slack[i] >= 0 {
			s.idle[i]++
		} else {
			s.idle[i] = 0
		}
		to[i] = left
		if i >= keep && s.idle[i] >= idle {
			to[i] = -1
		} else {
			left++
		}
	}
	gone := len(s.rows) - int(left)
	if gone > 0 {
		s.compact(to, int(left))
	}
	return gone
}

// compact renumbers rows; those at -1 go. Their slacks are in the basis, so the inverse just loses a
// row and a column with each.
func (s *simplex) compact(to []int32, left int) {
	var stay []int32 // positions
	for p, j := range s.basis {
		if j >= 0 || to[^j] >= 0 {
			stay = append(stay, int32(p))
		}
	}
	for i, k := range to {
		if k < 0 {
			continue
		}
		line := s.inv[i]
		for n, p := range stay {
			line[n] = line[p]
		}
		s.inv[k] = line[:left]
	}
	for n, p := range stay {
		s.x[n], s.weight[n], s.basis[n] = s.x[p], s.weight[p], s.basis[p]
	}
	s.inv, s.x, s.weight, s.basis, s.col = s.inv[:left], s.x[:left], s.weight[:left], s.basis[:left], s.col[:left]
	for i, k := range to {
		if k >= 0 {
			s.rows[k], s.rhs[k], s.equal[k], s.idle[k], s.y[k], s.slack[k] = s.rows[i], s.rhs[i], s.equal[i], s.idle[i], s.y[i], s.slack[i]
		}
	}
	s.rows, s.rhs, s.equal, s.idle, s.y, s.slack = s.rows[:left], s.rhs[:left], s.equal[:left], s.idle[:left], s.y[:left], s.slack[:left]
	for p, j := range s.basis {
		if j >= 0 {
			s.at[j] = int32(p)
		} else {
			s.basis[p] = ^to[^j]
			s.slack[to[^j]] = int32(p)
		}
	}
	for j := range s.cols {
		kept := s.cols[j][:0]
		for _, t := range s.cols[j] {
			if to[t.of] >= 0 {
				kept = append(kept, entry{to[t.of], t.val})
			}
		}
		s.cols[j] = kept
	}
}

// clone is a copy that goes its own way.
func (s *simplex) clone() simplex {
	c := *s
	c.cost, c.up, c.top, c.at, c.d = slices.Clone(s.cost), slices.Clone(s.up), slices.Clone(s.top), slices.Clone(s.at), slices.Clone(s.d)
	c.rows, c.rhs, c.equal, c.idle, c.slack, c.y = slices.Clone(s.rows), slices.Clone(s.rhs), slices.Clone(s.equal), slices.Clone(s.idle), slices.Clone(s.slack), slices.Clone(s.y)
	c.basis, c.x, c.weight = slices.Clone(s.basis), slices.Clone(s.x), slices.Clone(s.weight)
	c.cols, c.inv = make([][]entry, len(s.cols)), make([][]float64, len(s.inv))
	for j := range s.cols {
		c.cols[j] = slices.Clone(s.cols[j])
	}
	for i := range s.inv {
		c.inv[i] = slices.Clone(s.inv[i])
	}
	c.yFirm, c.dFirm, c.touched, c.pattern, c.some, c.cand = nil, nil, nil, nil, nil, nil
	c.alpha, c.met, c.col = make([]float64, len(s.alpha)), make([]bool, len(s.met)), make([]float64, len(s.col))
	return c
}
