package planner

import (
	"cmp"
	"slices"
)

// What is shown are sums over moves, linear in the counts of the single moves.
// A masked count can be computed from them if and only if it lies in their
// span. So every masked count is tried against the span; where it lies inside,
// one of the sums it is a combination of is masked as well, and all is tried
// again. Each round masks at least one count, so that this ends, and it ends
// only when no masked count lies in the span.
//
// Counts are not negative: where a sum is 0 or all of its whole, so is each of
// its moves. The map says besides of which moves all have moved in. So
// whoever computes is taken to know all zeros, and all parts that are equal to
// their whole.

// field is the prime that elimination counts in. Every coefficient is 0 or ±1;
// the determinants of such sums stay far below it, so that the span is that over
// the rational numbers.
const field = 2_147_483_647

// spanCell is a cell of one of the counts.
type spanCell struct {
	count household
	cell  int
}

// linear is a difference of two sums of unknowns.
type linear struct{ plus, minus []int }

// span is all that can be computed from what is shown. Its unknowns are the
// counts of the single moves; a part that is equal to its whole is the same
// unknown, and a zero is none.
type span struct {
	*masks
	unknown [householdCounts][]int // by move; -1: zero
	size    int
	column  []int // by unknown: its column, -1 where it is shown
	columns int
	shown   []spanCell // sums over several moves, the cheapest first
	moves   []spanCell // those shown of single moves, but zeros
	rows    [][]int64  // reduced; behind the columns stands the combination of shown
	pivots  []int      // by row
	isPivot []bool     // by column
	fresh   map[spanCell]bool
}

// close masks counts until those masked cannot be computed.
func (m *masks) close() {
	s := &span{masks: m}
	for v := range householdCounts {
		s.unknown[v] = make([]int, len(m.members[0]))
	}
	for cell, kind := range m.kind {
		if kind == moveKind {
			s.name(cell, m.members[cell][0])
		}
	}
	for s.round() {
	}
}

// name gives the counts of a move their unknowns.
func (s *span) name(cell, move int) {
	for v := range householdCounts {
		n := s.value[v][cell]
		whole, isPart := v.whole()
		switch {
		case n == 0:
			s.unknown[v][move] = -1
		case isPart && n == s.value[whole][cell]:
			s.unknown[v][move] = s.unknown[whole][move]
		default:
			s.unknown[v][move] = s.size
			s.size++
		}
	}
}

// round tries everything masked once and reports whether it masked more.
func (s *span) round() bool {
	s.fresh = map[spanCell]bool{}
	s.arrange()
	s.reduce()
	for v := range householdCounts {
		whole, _ := v.whole()
		for c := range s.kind {
			if s.hidden[v][c] && !s.fresh[spanCell{v, c}] {
				s.guard(linear{plus: s.sum(v, c)})
			}
			if s.small(s.rest[v][c]) {
				s.guard(linear{s.sum(whole, c), s.sum(v, c)})
			}
		}
		for _, r := range s.relations {
			s.guardTogether(v, r)
		}
	}
	return len(s.fresh) > 0
}

// sum lists the unknowns of a count over the moves of a cell.
func (s *span) sum(v household, cell int) []int {
	out := make([]int, 0, len(s.members[cell]))
	for _, move := range s.members[cell] {
		if u := s.unknown[v][move]; u >= 0 {
			out = append(out, u)
		}
	}
	return out
}

// ofMove is the unknown of a cell that is a move.
func (s *span) ofMove(c spanCell) int { return s.unknown[c.count][s.members[c.cell][0]] }

// guardTogether keeps the masked parts of a sum from being known together
// where they, or what they leave of their whole, are few together.
func (s *span) guardTogether(v household, r relation) {
	var value, rest int64
	var part, all []int
	whole, _ := v.whole()
	for _, c := range r.children {
		if s.hidden[v][c] {
			value += s.value[v][c]
			rest += s.rest[v][c]
			part, all = append(part, s.sum(v, c)...), append(all, s.sum(whole, c)...)
		}
	}
	if s.small(value) || s.small(rest) {
		s.guard(linear{plus: part})
	}
	if s.small(rest) {
		s.guard(linear{all, part})
	}
}

// arrange finds the unknowns that are not shown by themselves, and the sums
// that are shown.
func (s *span) arrange() {
	s.column, s.columns = make([]int, s.size), 0
	s.shown, s.moves = nil, nil
	for v := range householdCounts {
		for cell, kind := range s.kind {
			c := spanCell{v, cell}
			switch {
			case !v.published(kind) || s.hidden[v][cell]:
			case kind != moveKind:
				s.shown = append(s.shown, c)
			case s.ofMove(c) >= 0:
				s.moves = append(s.moves, c)
				s.column[s.ofMove(c)] = -1
			}
		}
	}
	slices.SortFunc(s.shown, s.compare)
	for i := range s.column {
		if s.column[i] == 0 {
			s.column[i] = s.columns
			s.columns++
		}
	}
}

// compare orders cells by what is lost when they are masked: the county last,
// else the larger count.
func (s *span) compare(x, y spanCell) int {
	county := func(c spanCell) int {
		if s.kind[c.cell] == countyKind {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(county(x), county(y)),
		cmp.Compare(s.value[x.count][x.cell], s.value[y.count][y.cell]),
		cmp.Compare(s.kind[x.cell], s.kind[y.cell]),
		cmp.Compare(x.cell, y.cell), cmp.Compare(x.count, y.count))
}

// row has the coefficients of the columns, and room for a combination of what
// is shown.
func (s *span) row(f linear) []int64 {
	out := make([]int64, s.columns+len(s.shown))
	put := func(list []int, by int64) {
		for _, u := range list {
			if c := s.column[u]; c >= 0 {
				out[c] = (out[c] + by) % field
			}
		}
	}
	put(f.plus, 1)
	put(f.minus, field-1)
	return out
}

// reduce brings the sums that are shown to reduced echelon form. Those that
// follow from cheaper ones are left out.
func (s *span) reduce() {
	s.rows, s.pivots, s.isPivot = nil, nil, make([]bool, s.columns)
	for i, c := range s.shown {
		row := s.row(linear{plus: s.sum(c.count, c.cell)})
		row[s.columns+i] = 1
		s.eliminate(row)
		pivot := slices.IndexFunc(row[:s.columns], func(x int64) bool { return x != 0 })
		if pivot < 0 {
			continue
		}
		scaleRow(row, inverse(row[pivot]))
		for _, other := range s.rows {
			if other[pivot] != 0 {
				subtractRow(other, row, other[pivot])
			}
		}
		s.rows, s.pivots = append(s.rows, row), append(s.pivots, pivot)
		s.isPivot[pivot] = true
	}
}

func (s *span) eliminate(row []int64) {
	for i, p := range s.pivots {
		if row[p] != 0 {
			subtractRow(row, s.rows[i], row[p])
		}
	}
}

// isFree tells quickly of a secret of a single move whether no sum says anything
// about it. False: it may be computed or not.
func (s *span) isFree(secret linear) bool {
	if len(secret.plus)+len(secret.minus) > 2 {
		return false
	}
	free := false
	for _, list := range [][]int{secret.plus, secret.minus} {
		for _, u := range list {
			c := s.column[u]
			if c >= 0 && s.isPivot[c] {
				return false
			}
			free = free || c >= 0
		}
	}
	return free && !slices.Equal(secret.plus, secret.minus)
}

// guard masks the cheapest of the counts that a secret is computed from, if it
// can be.
func (s *span) guard(secret linear) {
	if s.isFree(secret) {
		return
	}
	row := s.row(secret)
	s.eliminate(row)
	if slices.ContainsFunc(row[:s.columns], func(x int64) bool { return x != 0 }) {
		return
	}
	used := s.used(secret, row[s.columns:])
	if len(used) == 0 || slices.ContainsFunc(used, func(c spanCell) bool { return s.fresh[c] }) {
		return // of no move at all; or masked in this round, and tried again in the next
	}
	best := slices.MinFunc(used, s.compare)
	s.hidden[best.count][best.cell], s.fresh[best] = true, true
}

// used lists the cells that a secret is computed from: the sums, which are
// taken from it as often as their factor says, and the moves that then remain.
func (s *span) used(secret linear, factors []int64) []spanCell {
	left := make([]int64, s.size)
	add := func(list []int, by int64) {
		for _, u := range list {
			left[u] = (left[u] + by) % field
		}
	}
	add(secret.plus, 1)
	add(secret.minus, field-1)
	var out []spanCell
	for i, f := range factors {
		if f != 0 {
			out = append(out, s.shown[i])
			add(s.sum(s.shown[i].count, s.shown[i].cell), f)
		}
	}
	for _, c := range s.moves {
		if left[s.ofMove(c)] != 0 {
			out = append(out, c)
		}
	}
	return out
}

func scaleRow(row []int64, by int64) {
	for i := range row {
		row[i] = row[i] * by % field
	}
}

func subtractRow(row, other []int64, times int64) {
	for i, x := range other {
		if x != 0 {
			row[i] = (row[i] + (field-times)*x) % field
		}
	}
}

// inverse is x^(p-2), by Fermat.
func inverse(x int64) int64 {
	out := int64(1)
	for e := int64(field - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			out = out * x % field
		}
		x = x * x % field
	}
	return out
}
