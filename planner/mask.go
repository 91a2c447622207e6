package planner

// Household counts under Rules.MaskBelow are masked, and so is every count
// whose complement is that small. A masked count must not be computable from
// what is still shown: totals over townships, over sites, and the moves they
// are made of. So further counts are masked until no masked one is a
// combination of those shown (maskspan.go). The choice is made once for all
// reports, evidence and layers. A count of 0 is no household and is shown.

// household is one of the counts of households that are masked.
type household int

const (
	plannedHouseholds household = iota
	movedHouseholds
	registeredHouseholds
	demolishedHouseholds
	demolishedRegistered
	reclaimedHouseholds
	eligibleHouseholds // whose old house has to be demolished, as far as moves say
	householdCounts
)

// whole is the count that a count is a part of, if it is part of one.
func (v household) whole() (household, bool) {
	switch v {
	case movedHouseholds, eligibleHouseholds:
		return plannedHouseholds, true
	case reclaimedHouseholds:
		return demolishedHouseholds, true
	case registeredHouseholds, demolishedHouseholds:
		return movedHouseholds, true
	case demolishedRegistered:
		return registeredHouseholds, true
	}
	return v, false
}

// cellKind says what the counts of a cell are summed over.
type cellKind int

const (
	moveKind cellKind = iota
	siteKind
	townKind
	countyKind
)

// published says of which cells a count is shown anywhere: planned households
// on the map and on cards, registered and demolished ones in the report and its
// evidence, those moved in on both.
func (v household) published(k cellKind) bool {
	switch v {
	case plannedHouseholds:
		return k == moveKind || k == siteKind
	case movedHouseholds:
		return true
	}
	return k != siteKind
}

// masks says which household counts are hidden. Cell 0 is the county; then
// come the townships, the sites and the moves.
type masks struct {
	below     int64
	cells     map[string]int // scope, or layer:ID
	kind      []cellKind
	members   [][]int // the moves of a cell, by index
	relations []relation
	value     [householdCounts][]int64
	rest      [householdCounts][]int64 // what is left of the count it is a part of
	hidden    [householdCounts][]bool
	away      map[ID][]int64 // by village: what may be taken from its households
}

// relation says that a cell is the sum of others.
type relation struct {
	parent   int
	children []int
}

func (a *Assessment) findMasks() *masks {
	m := &masks{below: a.Snapshot.Rules.MaskBelow, cells: map[string]int{}, away: map[ID][]int64{}}
	m.cell(a.Snapshot.Region.Code, countyKind)
	m.relate(a)
	for v := range householdCounts {
		m.value[v], m.rest[v] = make([]int64, len(m.kind)), make([]int64, len(m.kind))
	}
	for i := range a.Snapshot.Moves {
		m.count(a, &a.Snapshot.Moves[i])
	}
	for v := range householdCounts {
		m.hidden[v] = make([]bool, len(m.kind))
		for i := range m.hidden[v] {
			m.hidden[v][i] = m.small(m.value[v][i]) || m.small(m.rest[v][i])
		}
	}
	for i := range m.kind { // how many still have to demolish, beside how many have
		if m.small(m.value[eligibleHouseholds][i] - m.value[demolishedHouseholds][i]) {
			m.hidden[eligibleHouseholds][i] = true
		}
	}
	if t := a.Snapshot.Target; t != nil && m.small(t.Households-m.value[movedHouseholds][0]) {
		m.hidden[movedHouseholds][0] = true
	}
	m.close()
	return m
}

// cell gives the number of a cell, a new one where there is none.
func (m *masks) cell(name string, kind cellKind) int {
	i, ok := m.cells[name]
	if !ok {
		i = len(m.cells)
		m.cells[name] = i
		m.kind, m.members = append(m.kind, kind), append(m.members, nil)
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
	join := func(list *[]int, g, cell, move int) {
		if groups[g] == nil {
			*list = append(*list, g)
		}
		groups[g], m.members[g] = append(groups[g], cell), append(m.members[g], move)
	}
	for i := range a.Snapshot.Moves {
		move := &a.Snapshot.Moves[i]
		at := m.cell(moveCell(move.ID), moveKind)
		m.members[at] = append(m.members[at], i)
		m.members[0] = append(m.members[0], i)
		join(&towns, m.cell(a.originOf(move), townKind), at, i)
		join(&sites, m.cell(siteCell(move.Site), siteKind), at, i)
	}
	m.relations = append(m.relations, relation{0, towns}, relation{0, sites})
	for _, g := range append(towns[:len(towns):len(towns)], sites...) {
		m.relations = append(m.relations, relation{g, groups[g]})
	}
}

// count adds a move to the cells it belongs to.
func (m *masks) count(a *Assessment, move *Move) {
	c := countMove(move)
	cells := []int{0, m.cells[a.originOf(move)], m.cells[siteCell(move.Site)], m.cells[moveCell(move.ID)]}
	away := make([]int64, 0, householdCounts)
	add := func(v household, part, whole int64) {
		for _, at := range cells {
			m.value[v][at] += part
			m.rest[v][at] += whole - part
		}
		away = append(away, part)
	}
	add(plannedHouseholds, c.Planned, c.Planned)
	add(movedHouseholds, c.Households, c.Planned)
	add(registeredHouseholds, c.Registered, c.Households)
	add(demolishedHouseholds, c.Demolished, c.Households)
	add(demolishedRegistered, c.DemolishedPoor, c.Registered)
	m.leave(move.Village, away)
	add(reclaimedHouseholds, c.Reclaimed, c.Demolished)
	add(eligibleHouseholds, c.Eligible, c.Planned)
}

// leave notes what may be taken from the households of a village: the counts of
// each of its moves, and of all of them (which stand first).
func (m *masks) leave(village ID, counts []int64) {
	list := m.away[village]
	if list == nil {
		list = make([]int64, len(counts))
	}
	for v, n := range counts {
		list[v] += n
	}
	m.away[village] = append(list, counts...)
}

// small reports a count that must not be shown.
func (m *masks) small(n int64) bool { return n > 0 && n < m.below }

// villageHouseholds gives the households of a village where they may be shown: neither
// few, nor few more than are counted of those who move away, or the ones who
// stay could be had by subtraction. Nothing else is made of this count, so that
// hiding it is enough.
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

// shows reports whether a count of a cell may be shown; a cell without any
// move has nothing to hide.
func (m *masks) shows(v household, cell string) bool {
	i, ok := m.cells[cell]
	return !ok || !m.hidden[v][i]
}

// maskedMetrics names the counts that a figure in households shows: those of
// its numerator and, beside it, of its denominator.
var maskedMetrics = map[string][]household{
	"M18 moved_in_households":         {movedHouseholds},
	"M18 move_in_household_rate":      {movedHouseholds},
	"M19 registered_household_share":  {registeredHouseholds, movedHouseholds},
	"M19 registered_households":       {registeredHouseholds},
	"M21 demolition_rate":             {demolishedHouseholds, movedHouseholds},
	"M21 demolition_rate_registered":  {demolishedRegistered, registeredHouseholds},
	"M21 demolition_rate_eligible":    {demolishedHouseholds, eligibleHouseholds},
	"M22 reclamation_rate":            {reclaimedHouseholds, movedHouseholds},
	"M22 reclamation_rate_demolished": {reclaimedHouseholds, demolishedHouseholds},
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
		if p.Side == SideUnknown || m.showsAll(need, moveCell(p.ID)) {
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
