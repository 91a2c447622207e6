package solve

import (
	"cmp"
	"math"
	"slices"
)

// simplex keeps a linear programme solved while rows are added and columns are closed
// and opened: min cost x, rows x >= rhs (or = rhs), 0 <= x <= up. It is a
// dual simplex on boxed columns with bound flipping (Maros 2003) and an explicit inverse. What it says is taken for a
// hint only: bounds are proven from its row prices elsewhere, so rounding here cannot make them wrong.
type simplex struct {
	cost, up []float64 // by column
	cols     [][]entry // by column: its rows
	rows     [][]entry // by row: its columns
	rhs      []float64
	equal    []bool
	idle     []int // by row: for how long it has had no price

	basis  []int32     // by position: a column, or ^i for the slack of row i
	at     []int32     // by column: its position; -1: none
	slack  []int32     // by row: the position of its slack; -1: none
	top    []bool      // by column: not in the basis and at its upper bound
	inv    [][]float64 // by row, then by position
	x      []float64   // by position
	d      []float64   // by column: its reduced cost
	y      []float64   // by row: its price
	weight []float64   // by position: how much less its violation counts

	yFirm, dFirm []float64 // before prices went along a ray

	alpha         []float64 // by column
	touched       []int32
	met           []bool // by column: it is in touched
	pattern, some []entry
	col           []float64 // by position
	cand          []candidate
	pivots        int
}

type entry struct {
	of  int32
	val float64
}

// candidate is a column, or ^i for a slack, that may enter.
type candidate struct {
	of    int32
	ratio float64
	alpha float64
}

const (
	lpTol   = 1e-7
	lpPivot = 1e-7
)

func (s *simplex) addColumn(cost float64) int32 {
	j := int32(len(s.cost))
	s.cost, s.up = append(s.cost, cost), append(s.up, 1)
	s.cols, s.at, s.top = append(s.cols, nil), append(s.at, -1), append(s.top, false)
	s.d, s.alpha, s.met = append(s.d, cost), append(s.alpha, 0), append(s.met, false)
	return j
}

// value is what a column is now.
func (s *simplex) value(j int32) float64 {
	if p := s.at[j]; p >= 0 {
		return s.x[p]
	}
	if s.top[j] {
		return s.up[j]
	}
	return 0
}

// addRow adds a row with its slack in the basis.
func (s *simplex) addRow(row []entry, rhs float64, equal bool) int32 {
	i := int32(len(s.rows))
	s.rows, s.rhs, s.equal = append(s.rows, row), append(s.rhs, rhs), append(s.equal, equal)
	s.idle, s.y = append(s.idle, 0), append(s.y, 0)
	x := -rhs
	var in []entry // by position
	for _, t := range row {
		s.cols[t.of] = append(s.cols[t.of], entry{i, t.val})
		x += t.val * s.value(t.of)
		if p := s.at[t.of]; p >= 0 {
			in = append(in, entry{p, t.val})
		}
	}
	for k, line := range s.inv {
		sum := 0.0
		for _, t := range in {
			sum += t.val * line[t.of]
		}
		s.inv[k] = append(line, sum)
	}
	line := make([]float64, i+1, i+128)
	line[i] = -1
	s.inv, s.x, s.weight = append(s.inv, line), append(s.x, x), append(s.weight, 1)
	s.basis, s.slack, s.col = append(s.basis, ^i), append(s.slack, int32(len(s.basis))), append(s.col, 0)
	return i
}

// open sets whether a column may be more than nothing.
func (s *simplex) open(j int32, is bool) {
	s.up[j] = 0
	if is {
		s.up[j] = 1
	}
}

// recover takes back a way along a ray.
func (s *simplex) recover() {
	if len(s.yFirm) > 0 {
		copy(s.y, s.yFirm)
		copy(s.d, s.dFirm)
		s.yFirm = s.yFirm[:0]
	}
}

// settle makes every column outside the basis sit where its reduced cost wants it, and
// finds what the basis is then.
func (s *simplex) settle() {
	for j := range s.cost {
		if s.at[j] < 0 {
			s.top[j] = s.d[j] < 0 && s.up[j] > 0
		}
	}
	load := slices.Clone(s.rhs)
	for j := range s.cost {
		if s.at[j] < 0 && s.top[j] {
			for _, t := range s.cols[j] {
				load[t.of] -= t.val * s.up[j]
			}
		}
	}
	clear(s.x)
	for i, v := range load {
		if v != 0 {
			addTo(s.x, s.inv[i], v)
		}
	}
}

// addTo adds a multiple.
func addTo(to, line []float64, by float64) {
	to = to[:len(line)]
	for p, v := range line {
		to[p] += by * v
	}
}

// upper is the upper bound of what is at a position.
func (s *simplex) upper(p int) float64 {
	if j := s.basis[p]; j >= 0 {
		return s.up[j]
	} else if s.equal[^j] {
		return 0
	}
	return inf
}

// leaving picks the position most out of its bounds; -1: none is.
func (s *simplex) leaving() (p int, over float64) {
	p = -1
	most := 0.0
	for q, x := range s.x {
		v := 0.0
		if x < -lpTol {
			v = x
		} else if up := s.upper(q); x > up+lpTol {
			v = x - up
		} else {
			continue
		}
		if score := v * v / s.weight[q]; score > most {
			most, p, over = score, q, v
		}
	}
	return p, over
}

// run pivots until nothing is out of bounds. False: nothing can mend it (prices then go up without
// end along a ray, of which a long way is gone), or the pivots allowed ran out.
func (s *simplex) run(most int, stop func() bool) bool {
	for n := 0; n < most; n++ {
		if n%64 == 63 && stop() {
			return false
		}
		if s.pivots >= 1500 {
			s.refactor()
		}
		p, over := s.leaving()
		if p < 0 {
			return true
		}
		if !s.pivot(p, over) {
			return false
		}
	}
	return false
}

func (s *simplex) pivot(p int, over float64) bool {
	sign := math.Copysign(1, over)
	s.priceOut(p)
	s.collect(sign)
	in, ok := s.choose(math.Abs(over))
	if !ok {
		s.yFirm, s.dFirm = append(s.yFirm[:0], s.y...), append(s.dFirm[:0], s.d...)
		s.walk(sign * 1e6)
		s.clear()
		return false
	}
	t := sign * in.ratio
	s.column(in.of)
	if math.Abs(s.col[p]) < lpPivot {
		s.clear()
		if s.pivots == 0 {
			return false
		}
		s.refactor()
		return true
	}
	s.walk(t)
	s.clear()
	s.exchange(p, in.of, over > 0, t)
	return true
}

// priceOut finds the row of the tableau of a position.
func (s *simplex) priceOut(p int) {
	s.pattern, s.touched = s.pattern[:0], s.touched[:0]
	for i, line := range s.inv {
		if v := line[p]; v > 1e-12 || v < -1e-12 {
			s.pattern = append(s.pattern, entry{int32(i), v})
			for _, t := range s.rows[i] {
				if !s.met[t.of] {
					s.met[t.of] = true
					s.touched = append(s.touched, t.of)
				}
				s.alpha[t.of] += v * t.val
			}
		}
	}
}

func (s *simplex) clear() {
	for _, j := range s.touched {
		s.alpha[j], s.met[j] = 0, false
	}
}

// collect lists what would leave its sign first when prices go.
func (s *simplex) collect(sign float64) {
	s.cand = s.cand[:0]
	for _, j := range s.touched {
		a := sign * s.alpha[j]
		if s.at[j] >= 0 || s.up[j] == 0 {
			continue
		}
		if (!s.top[j] && a > lpPivot) || (s.top[j] && a < -lpPivot) {
			s.cand = append(s.cand, candidate{j, max(0, s.d[j]/a), math.Abs(a)})
		}
	}
	for _, t := range s.pattern {
		if s.slack[t.of] >= 0 || s.equal[t.of] {
			continue
		}
		if a := -sign * t.val; a > lpPivot {
			s.cand = append(s.cand, candidate{^t.of, max(0, s.y[t.of]/a), a})
		}
	}
}

// choose goes past columns that may flip to their other bound as long as that leaves something
// to mend, and takes the largest pivot among about equals.
func (s *simplex) choose(slope float64) (candidate, bool) {
	if len(s.cand) == 0 {
		return candidate{}, false
	}
	slices.SortFunc(s.cand, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.ratio, b.ratio), cmp.Compare(a.of, b.of))
	})
	at := 0
	for ; at < len(s.cand)-1; at++ {
		c := s.cand[at]
		if c.of < 0 {
			break
		}
		if slope -= c.alpha * s.up[c.of]; slope <= 0 {
			break
		}
	}
	best := at
	for k := at - 1; k >= 0 && s.cand[k].ratio >= s.cand[at].ratio-1e-9; k-- {
		if s.cand[k].alpha > s.cand[best].alpha {
			best = k
		}
	}
	return s.cand[best], true
}

// walk moves prices by t along the row that was priced out.
func (s *simplex) walk(t float64) {
	for _, j := range s.touched {
		if s.at[j] < 0 {
			s.d[j] -= t * s.alpha[j]
		}
	}
	for _, r := range s.pattern {
		s.y[r.of] += t * r.val
	}
}

// column finds the column of the tableau of what enters.
func (s *simplex) column(of int32) {
	clear(s.col)
	if of < 0 {
		addTo(s.col, s.inv[^of], -1)
		return
	}
	for _, t := range s.cols[of] {
		addTo(s.col, s.inv[t.of], t.val)
	}
}

// exchange puts what enters in the place of what leaves.
func (s *simplex) exchange(p int, in int32, toTop bool, t float64) {
	s.flipPassed(in)
	bound := 0.0
	if toTop {
		bound = s.upper(p)
	}
	step := (s.x[p] - bound) / s.col[p]
	for q, a := range s.col {
		if a != 0 {
			s.x[q] -= step * a
		}
	}
	out := s.basis[p]
	if out >= 0 {
		s.at[out], s.top[out], s.d[out] = -1, toTop && s.up[out] > 0, -t
	} else {
		s.slack[^out], s.y[^out] = -1, max(0, -t)
		if s.equal[^out] {
			s.y[^out] = -t
		}
	}
	from := 0.0
	if in >= 0 {
		if s.top[in] {
			from = s.up[in]
		}
		s.at[in], s.top[in], s.d[in] = int32(p), false, 0
	} else {
		s.slack[^in], s.y[^in] = int32(p), 0
	}
	s.basis[p], s.x[p] = in, from+step
	s.reweigh(p)
	s.invert(p)
	s.pivots++
}

// flipPassed moves columns whose reduced cost has changed its sign to their other bound.
func (s *simplex) flipPassed(in int32) {
	for _, c := range s.cand {
		if c.of < 0 || c.of == in || s.top[c.of] == (s.d[c.of] < -1e-12) {
			continue
		}
		step := s.up[c.of]
		if s.top[c.of] {
			step = -step
		}
		s.top[c.of] = !s.top[c.of]
		for _, t := range s.cols[c.of] {
			addTo(s.x, s.inv[t.of], -step*t.val)
		}
	}
}

func (s *simplex) reweigh(p int) {
	w := s.weight[p] / (s.col[p] * s.col[p])
	for q, a := range s.col {
		if a != 0 && q != p {
			s.weight[q] = max(s.weight[q], a*a*w)
		}
	}
	s.weight[p] = max(w, 1)
}

// invert does the pivot in the inverse; pattern lists where the row is not zero.
func (s *simplex) invert(p int) {
	s.some = s.some[:0]
	for q, a := range s.col {
		if q != p && (a > 1e-13 || a < -1e-13) {
			s.some = append(s.some, entry{int32(q), a})
		}
	}
	by := 1 / s.col[p]
	for _, t := range s.pattern {
		line, v := s.inv[t.of], t.val*by
		for _, q := range s.some {
			line[q.of] -= q.val * v
		}
		line[p] = v
	}
}
