package planner

import (
	"slices"
)

// Household counts under Rules.MaskBelow are masked, and so is every count
// whose complement is that small. A masked count must not be computable from
// what is still shown: totals over townships, over sites, and the moves they
// are made of. So further counts are masked until none is determined by the
// sums that hold between them. The choice is made once for all reports,
// evidence and layers. A count of 0 is no household and is shown.

// household is one of the counts of households that are masked.
type household int

const (
	plannedHouseholds household = iota
	movedHouseholds
	registeredHouseholds
	demolishedHouseholds
	demolishedRegistered
	householdCounts
)

// masks says which household counts are hidden. Cell 0 is the county; then
// come the townships, the sites and the moves.
type masks struct {
	below     int64
	cells     map[string]int // scope, or layer:ID
	relations []relation
	value     [householdCounts][]int64
	rest      [householdCounts][]int64 // what is left of the count it is a part of
	hidden    [householdCounts][]bool
	away      map[ID][householdCounts]int64 // by village: the counts of its moves
}

// relation says that a cell is the sum of others.
type relation struct {
	parent   int
	children []int
}

func (a *Assessment) findMasks() *masks {
	m := &masks{below: a.Snapshot.Rules.MaskBelow, cells: map[string]int{}, away: map[ID][householdCounts]int64{}}
	m.cell(a.Snapshot.Region.Code)
	m.relate(a)
	for v := range householdCounts {
		m.value[v], m.rest[v] = make([]int64, len(m.cells)), make([]int64, len(m.cells))
		m.hidden[v] = make([]bool, len(m.cells))
	}
	for i := range a.Snapshot.Moves {
		m.count(a, &a.Snapshot.Moves[i])
	}
	if t := a.Snapshot.Target; t != nil {
		m.rest[movedHouseholds][0] = t.Households - m.value[movedHouseholds][0]
	}
	for v := range householdCounts {
		m.hide(v)
	}
	return m
}

// cell gives the number of a cell, a new one where there is none.
func (m *masks) cell(name string) int {
	i, ok := m.cells[name]
	if !ok {
		i = len(m.cells)
		m.cells[name] = i
	}
	return i
}

func siteCell(id ID) string { return "relocation_site:" + idString(id) }
func moveCell(id ID) string { return "move:" + idString(id) }

// relate builds the sums: county over townships and over sites, each of those
// over its moves.
func (m *masks) relate(a *Assessment) {
	groups := map[int][]int{}
	var towns, sites []int
	join := func(list *[]int, name string, move int) {
		g := m.cell(name)
		if groups[g] == nil {
			*list = append(*list, g)
		}
		groups[g] = append(groups[g], move)
	}
	for i := range a.Snapshot.Moves {
		move := &a.Snapshot.Moves[i]
		at := m.cell(moveCell(move.ID))
		join(&towns, a.originOf(move), at)
		join(&sites, siteCell(move.Site), at)
	}
	m.relations = append(m.relations, relation{0, towns}, relation{0, sites})
	for _, g := range append(slices.Clone(towns), sites...) {
		m.relations = append(m.relations, relation{g, groups[g]})
	}
}

// count adds a move to the cells it belongs to.
func (m *masks) count(a *Assessment, move *Move) {
	c := countMove(move)
	away := m.away[move.Village]
	for _, at := range []int{0, m.cells[a.originOf(move)], m.cells[siteCell(move.Site)], m.cells[moveCell(move.ID)]} {
		add := func(v household, part, whole int64) {
			m.value[v][at] += part
			m.rest[v][at] += whole - part
			if at == 0 {
				away[v] += part
			}
		}
		add(plannedHouseholds, c.Planned, c.Planned)
		add(movedHouseholds, c.Households, c.Planned)
		add(registeredHouseholds, c.Registered, c.Households)
		add(demolishedHouseholds, c.Demolished, c.Households)
		add(demolishedRegistered, c.DemolishedPoor, c.Registered)
	}
	m.away[move.Village] = away
}

// small reports a count that must not be shown.
func (m *masks) small(n int64) bool { return n > 0 && n < m.below }

// villageHouseholds gives the households of a village where they may be shown: neither
// few, nor few more than are counted of those who move away, or the ones who
// stay could be had by subtraction.
func (a *Assessment) villageHouseholds(v *Village) (n int64, known, masked bool) {
	n, known = v.Households()
	if !known || a.masks.small(n) {
		return 0, known, known
	}
	for _, gone := range a.masks.away[v.ID] {
		if a.masks.small(n - gone) {
			return 0, true, true
		}
	}
	return n, true, false
}

// hide masks the cells of one count: the small ones, then as many more as keep
// them from being computed.
func (m *masks) hide(v household) {
	for i := range m.hidden[v] {
		m.hidden[v][i] = m.small(m.value[v][i]) || m.small(m.rest[v][i])
	}
	for m.protect(v) || m.blur(v) {
	}
}

// protect repairs the relations in which a single masked cell, or masked cells
// that are small together, stand out. It reports whether it masked any.
func (m *masks) protect(v household) bool {
	changed := false
	for _, r := range m.relations {
		for m.exposed(v, r) {
			if !m.widen(v, r) {
				break
			}
			changed = true
		}
	}
	return changed
}

func (m *masks) exposed(v household, r relation) bool {
	var count, value, rest int64
	for _, c := range r.children {
		if m.hidden[v][c] {
			count++
			value += m.value[v][c]
			rest += m.rest[v][c]
		}
	}
	if m.hidden[v][r.parent] {
		return count == 0 && len(r.children) > 0
	}
	return count == 1 || count > 0 && (m.small(value) || m.small(rest))
}

// widen masks one more cell of a relation: the smallest count that is shown,
// zeros last, and the sum itself when no part is left.
func (m *masks) widen(v household, r relation) bool {
	best := -1
	for _, c := range r.children {
		if !m.hidden[v][c] && (best < 0 || m.cheaper(v, c, best)) {
			best = c
		}
	}
	if best < 0 {
		if m.hidden[v][r.parent] {
			return false
		}
		best = r.parent
	}
	m.hidden[v][best] = true
	return true
}

func (m *masks) cheaper(v household, a, b int) bool {
	x, y := m.value[v][a], m.value[v][b]
	if (x == 0) != (y == 0) {
		return y == 0
	}
	return x < y
}

// blur masks a cell beside one that the relations together still determine.
func (m *masks) blur(v household) bool {
	at := m.determined(v)
	if at < 0 {
		return false
	}
	for _, r := range m.relations {
		if (r.parent == at || slices.Contains(r.children, at)) && m.widen(v, r) {
			return true
		}
	}
	return false
}

// field is the prime that elimination counts in.
const field = 2_147_483_647

// determined finds a masked cell whose value follows from those shown, -1 for
// none: one that stands alone in a row of the reduced relations.
func (m *masks) determined(v household) int {
	rows := m.system(v)
	for _, row := range reduce(rows) {
		alone := -1
		for i, c := range row {
			if c != 0 {
				if alone >= 0 {
					alone = -2
					break
				}
				alone = i
			}
		}
		if alone >= 0 {
			return m.hiddenCells(v)[alone]
		}
	}
	return -1
}

func (m *masks) hiddenCells(v household) []int {
	var out []int
	for i, h := range m.hidden[v] {
		if h {
			out = append(out, i)
		}
	}
	return out
}

// system has a row for each relation and a column for each masked cell.
func (m *masks) system(v household) [][]int64 {
	column := map[int]int{}
	for i, c := range m.hiddenCells(v) {
		column[c] = i
	}
	var out [][]int64
	for _, r := range m.relations {
		row := make([]int64, len(column))
		for _, c := range r.children {
			if i, ok := column[c]; ok {
				row[i] = 1
			}
		}
		if i, ok := column[r.parent]; ok {
			row[i] = field - 1
		}
		out = append(out, row)
	}
	return out
}

// reduce brings rows to reduced echelon form over the prime field.
func reduce(rows [][]int64) [][]int64 {
	top := 0
	for col := 0; len(rows) > 0 && col < len(rows[0]) && top < len(rows); col++ {
		pivot := top
		for pivot < len(rows) && rows[pivot][col] == 0 {
			pivot++
		}
		if pivot == len(rows) {
			continue
		}
		rows[top], rows[pivot] = rows[pivot], rows[top]
		scaleRow(rows[top], inverse(rows[top][col]))
		for i := range rows {
			if i != top && rows[i][col] != 0 {
				subtractRow(rows[i], rows[top], rows[i][col])
			}
		}
		top++
	}
	return rows
}

func scaleRow(row []int64, by int64) {
	for i := range row {
		row[i] = row[i] * by % field
	}
}

func subtractRow(row, other []int64, times int64) {
	for i := range row {
		row[i] = (row[i] + (field-times)*other[i]) % field
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

// shows reports whether a count of a cell may be shown; a cell without any
// move has nothing to hide.
func (m *masks) shows(v household, cell string) bool {
	i, ok := m.cells[cell]
	return !ok || !m.hidden[v][i]
}

// maskedMetrics names the counts that a figure in households shows: those of
// its numerator and, beside it, of its denominator.
var maskedMetrics = map[string][]household{
	"M18 moved_in_households":        {movedHouseholds},
	"M18 move_in_household_rate":     {movedHouseholds},
	"M19 registered_household_share": {registeredHouseholds, movedHouseholds},
	"M19 registered_households":      {registeredHouseholds},
	"M21 demolition_rate":            {demolishedHouseholds, movedHouseholds},
	"M21 demolition_rate_registered": {demolishedRegistered, registeredHouseholds},
}

// figures masks the figures of a report.
func (m *masks) figures(list []Figure) []Figure {
	for i := range list {
		counts, ok := maskedMetrics[list[i].Metric]
		if !ok {
			continue
		}
		if m.showsAll(counts, list[i].Scope) {
			list[i].Parts = m.parts(counts, list[i].Parts)
		} else {
			list[i].mask()
		}
	}
	return list
}

func (m *masks) showsAll(counts []household, cell string) bool {
	for _, v := range counts {
		if !m.shows(v, cell) {
			return false
		}
	}
	return true
}

// mask takes everything out of a figure that could give it away.
func (f *Figure) mask() {
	f.Value, f.Denominator, f.Numerator, f.Unknown, f.Parts, f.Masked = nil, nil, 0, 0, nil, true
}

// parts joins the moves whose counts are masked into one part without an id on
// each side, so that the sum still holds.
func (m *masks) parts(counts []household, parts []Part) []Part {
	var out []Part
	together := map[Side]int64{}
	for _, p := range parts {
		need := counts
		if p.Side == SideNumerator {
			need = counts[:1]
		}
		if m.showsAll(need, moveCell(p.ID)) {
			out = append(out, p)
		} else {
			together[p.Side] += p.Amount
		}
	}
	for _, side := range []Side{SideNumerator, SideRest} {
		if together[side] != 0 {
			out = append(out, Part{Side: side, Layer: "move", Amount: together[side]})
		}
	}
	return out
}
