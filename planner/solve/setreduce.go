package solve

import (
	"math/bits"
	"slices"
)

// reduced is a set covering without what is superfluous.
type reduced struct {
	rows   [][]int32
	column []bitset // by column: its rows that are left
	row    []bitset // by row: its columns that are left
	must   []int32  // columns that are in an answer for certain
	alive  []bool   // by row
	left   []bool   // by column
	cost   []float64
}

// bitset is a set of small numbers.
type bitset []uint64

func (b bitset) set(i int32)   { b[i>>6] |= 1 << (i & 63) }
func (b bitset) unset(i int32) { b[i>>6] &^= 1 << (i & 63) }

// in tells whether all of b is in other.
func (b bitset) in(other bitset) bool {
	for k, w := range b {
		if w&^other[k] != 0 {
			return false
		}
	}
	return true
}

func (b bitset) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) list() (out []int32) {
	for k, w := range b {
		for ; w != 0; w &= w - 1 {
			out = append(out, int32(k*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}

func bitsets(count, size int) []bitset {
	words := (size + 63) / 64
	all := make([]uint64, count*words)
	out := make([]bitset, count)
	for i := range out {
		out[i] = all[i*words : (i+1)*words]
	}
	return out
}

// reduce leaves out columns of which another one has all rows and costs no more,
// and rows of which another one has only columns of theirs, and takes columns
// that are the only one of a row, until nothing changes.
func (p *coverProblem) reduce() *reduced {
	n, m := len(p.rows), len(p.cost)
	r := &reduced{column: bitsets(m, n), row: bitsets(n, m), alive: slices.Repeat([]bool{true}, n), left: make([]bool, m), cost: p.cost}
	for i, row := range p.rows {
		for _, j := range row {
			r.row[i].set(j)
			r.column[j].set(int32(i))
			r.left[j] = true
		}
	}
	for changed := true; changed; {
		changed = r.takeOnly()
		changed = r.dropRows() || changed
		changed = r.dropColumns() || changed
	}
	for i := range n {
		if r.alive[i] {
			r.rows = append(r.rows, r.row[i].list())
		}
	}
	return r
}

// columns lists by column its rows, as the rows are numbered now.
func (r *reduced) columns() [][]int32 {
	out := make([][]int32, len(r.cost))
	for i, row := range r.rows {
		for _, j := range row {
			out[j] = append(out[j], int32(i))
		}
	}
	return out
}

// takeOnly takes columns that are the only one of a row.
func (r *reduced) takeOnly() (changed bool) {
	for i, row := range r.row {
		if !r.alive[i] || row.count() != 1 {
			continue
		}
		j := row.list()[0]
		r.must = append(r.must, j)
		for _, k := range r.column[j].list() {
			r.dropRow(k)
		}
		r.dropColumn(j)
		changed = true
	}
	return changed
}

func (r *reduced) dropRow(i int32) {
	r.alive[i] = false
	for _, j := range r.row[i].list() {
		r.column[j].unset(i)
	}
}

func (r *reduced) dropColumn(j int32) {
	r.left[j] = false
	for _, i := range r.column[j].list() {
		r.row[i].unset(j)
	}
}

// dropRows leaves out rows that are paid whenever another one is.
func (r *reduced) dropRows() (changed bool) {
	for i, row := range r.row {
		if !r.alive[i] {
			continue
		}
		for k, other := range r.row {
			if k != i && r.alive[k] && other.in(row) && (k < i || !row.in(other)) {
				r.dropRow(int32(i))
				changed = true
				break
			}
		}
	}
	return changed
}

// dropColumns leaves out columns that another one can stand for.
func (r *reduced) dropColumns() (changed bool) {
	for j, column := range r.column {
		if !r.left[j] {
			continue
		}
		for k, other := range r.column {
			if k == j || !r.left[k] || r.cost[k] > r.cost[j] || !column.in(other) {
				continue
			}
			if k < j || r.cost[k] < r.cost[j] || !other.in(column) {
				r.dropColumn(int32(j))
				changed = true
				break
			}
		}
	}
	return changed
}
