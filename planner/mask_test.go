package planner

import (
	"fmt"
	"math/big"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawnMove is a move of a small county: from one of three townships to one of
// its sites, with its households: planned, of them moved in, of these
// registered and demolished, of both those that are either.
type drawnMove struct {
	town                                         int
	site                                         ID
	planned, moved, registered, demolished, poor int64
	reclaimed, eligible                          int64
}

// movesCounty is a county of such moves, each from a village of its own. A
// target of 0 is none.
func movesCounty(target int64, moves []drawnMove) *Snapshot {
	s := &Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard}
	for i := range 3 {
		s.Townships = append(s.Townships, Region{Code: fmt.Sprint("T", i)})
		s.Sites = append(s.Sites, Site{ID: ID(i + 1), Gate: orb.Point{105, 27}})
	}
	for i, m := range moves {
		id := ID(i + 1)
		s.Villages = append(s.Villages, Village{ID: id, Township: fmt.Sprint("T", m.town), Point: orb.Point{105, 27}})
		s.Moves = append(s.Moves, Move{ID: id, Village: id, Site: m.site, Households: m.planned, Persons: m.planned, Events: []MoveEvent{
			{ID: "m", Stage: "moved_in", Households: m.moved, Registered: m.registered},
			{ID: "d", Stage: "demolished", Households: m.demolished, Registered: m.poor},
			{ID: "r", Stage: "reclaimed", Households: m.reclaimed}}})
		if m.eligible > 0 {
			s.Moves[i].Eligible = &m.eligible
		}
	}
	if target > 0 {
		s.Target = &RelocationTarget{Households: target, Persons: 1}
	}
	return s
}

// drawMoves is a county of a few moves with small and large counts.
func drawMoves(t *rapid.T) *Snapshot {
	sites := rapid.IntRange(1, 3).Draw(t, "sites")
	counted := rapid.Bool().Draw(t, "eligible known")
	moves := make([]drawnMove, rapid.IntRange(1, 8).Draw(t, "moves"))
	for i := range moves {
		m := &moves[i]
		upTo := func(n int64, label string) int64 {
			return rapid.OneOf(rapid.Int64Range(0, n), rapid.Just(n), rapid.Int64Range(0, min(n, 6))).Draw(t, label)
		}
		m.town = rapid.IntRange(0, 2).Draw(t, "town")
		m.planned = rapid.Int64Range(1, 40).Draw(t, "planned")
		m.moved = upTo(m.planned, "moved")
		m.registered = upTo(m.moved, "registered")
		m.demolished = upTo(m.moved, "demolished")
		m.poor = upTo(min(m.registered, m.demolished), "poor")
		m.reclaimed = upTo(m.demolished, "reclaimed")
		if counted {
			m.eligible = max(upTo(m.planned, "eligible"), 1)
		}
		m.site = ID(rapid.IntRange(1, sites).Draw(t, "site"))
	}
	target := int64(0)
	if rapid.Bool().Draw(t, "has target") {
		target = rapid.Int64Range(1, 200).Draw(t, "target")
	}
	return movesCounty(target, moves)
}

// attacker writes down every equation between the counts of single moves that
// the outputs give away: its unknowns are the five counts of each move.
type attacker struct {
	a    *Assessment
	rows [][]*big.Rat
}

func (k *attacker) unknowns() int { return int(householdCounts) * len(k.a.Snapshot.Moves) }

// sumOf is the equation of a count summed over some moves.
func (k *attacker) sumOf(counts map[household]int64, member func(i int) bool) []*big.Rat {
	row := make([]*big.Rat, k.unknowns())
	for i := range row {
		row[i] = new(big.Rat)
	}
	for v, sign := range counts {
		for i := range k.a.Snapshot.Moves {
			if member(i) {
				row[int(v)*len(k.a.Snapshot.Moves)+i].SetInt64(sign)
			}
		}
	}
	return row
}

func (k *attacker) learn(counts map[household]int64, member func(i int) bool) {
	k.rows = append(k.rows, k.sumOf(counts, member))
}

func (k *attacker) inScope(scope string) func(int) bool {
	return func(i int) bool { return scope == "county" || k.a.originOf(&k.a.Snapshot.Moves[i]) == scope }
}

// read takes what one figure shows, with its evidence.
func (k *attacker) read(t rapid.TB, f Figure) {
	counts, ok := maskedMetrics[f.Metric]
	if !ok || f.Masked {
		return
	}
	in := k.inScope(f.Scope)
	k.learn(map[household]int64{counts[0]: 1}, in)
	if len(counts) > 1 {
		k.learn(map[household]int64{counts[1]: 1}, in)
	}
	_, items, err := k.a.Evidence(f.Metric, f.Scope)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[Side]map[ID]bool{SideNumerator: {}, SideRest: {}}
	for _, item := range items {
		if item.ID != 0 && item.Side != SideUnknown {
			listed[item.Side][item.ID] = true
			k.learn(sideCounts(item.Side, counts), func(i int) bool { return k.a.Snapshot.Moves[i].ID == item.ID })
		}
	}
	together := map[Side]bool{}
	for _, item := range items {
		if item.ID == 0 { // several moves together: those that are not listed
			together[item.Side] = true
			k.learn(sideCounts(item.Side, counts), func(i int) bool { return in(i) && !listed[item.Side][k.a.Snapshot.Moves[i].ID] })
		}
	}
	for _, side := range []Side{SideNumerator, SideRest}[:len(counts)] {
		for i, m := range k.a.Snapshot.Moves { // else those not listed are zeros
			if in(i) && !together[side] && !listed[side][m.ID] {
				k.learn(sideCounts(side, counts), k.onMap("move", uint64(m.ID)))
			}
		}
	}
}

func sideCounts(side Side, counts []household) map[household]int64 {
	if side == SideRest {
		return map[household]int64{counts[1]: 1, counts[0]: -1}
	}
	return map[household]int64{counts[0]: 1}
}

// see takes what the map and its cards show.
func (k *attacker) see(t rapid.TB) {
	for _, l := range k.a.Layers() {
		for _, f := range l.Features {
			if _, shown := f.Properties["households"]; shown && (l.Name == "move" || l.Name == "relocation_site") {
				k.learn(map[household]int64{plannedHouseholds: 1}, k.onMap(l.Name, f.ID))
			}
			if f.Properties["state"] == "moved" { // all of them
				k.learn(map[household]int64{plannedHouseholds: 1, movedHouseholds: -1}, k.onMap("move", f.ID))
			}
			k.card(t, l.Name, &f)
		}
	}
}

// card takes what a card shows of households, of the thing and of its parts.
func (k *attacker) card(t rapid.TB, layer string, f *Feature) {
	c, err := opened(k.a, layer, f)
	if err != nil {
		t.Fatal(err)
	}
	k.facts(layer, f.ID, c.Facts)
	for _, part := range c.Parts {
		if n, err := strconv.ParseUint(part.ID, 10, 64); err == nil {
			k.facts(part.Layer, n, part.Facts)
		}
	}
}

func (k *attacker) facts(layer string, id uint64, facts []Fact) {
	for _, fact := range facts {
		v, ok := map[string]household{
			"households_planned": plannedHouseholds, "households_moved_in": movedHouseholds, "households_demolished": demolishedHouseholds,
		}[fact.Name]
		if ok && fact.Value != nil {
			k.learn(map[household]int64{v: 1}, k.onMap(layer, id))
		}
	}
}

func (k *attacker) onMap(layer string, id uint64) func(int) bool {
	return func(i int) bool {
		m := &k.a.Snapshot.Moves[i]
		return layer == "move" && uint64(m.ID) == id || layer == "relocation_site" && uint64(m.Site) == id
	}
}

// solve brings the equations to echelon form, once.
func (k *attacker) solve() {
	var basis [][]*big.Rat
	for _, row := range k.rows {
		if left := remainder(basis, row); pivotOf(left) >= 0 {
			basis = append(basis, left)
		}
	}
	k.rows = basis
}

// knows reports whether an equation follows from those learnt.
func (k *attacker) knows(row []*big.Rat) bool { return pivotOf(remainder(k.rows, row)) < 0 }

func remainder(basis [][]*big.Rat, row []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(row))
	for i := range row {
		out[i] = new(big.Rat).Set(row[i])
	}
	for _, b := range basis {
		p := pivotOf(b)
		if out[p].Sign() == 0 {
			continue
		}
		times := new(big.Rat).Quo(out[p], b[p])
		for i := range out {
			out[i].Sub(out[i], new(big.Rat).Mul(times, b[i]))
		}
	}
	return out
}

func pivotOf(row []*big.Rat) int {
	for i := range row {
		if row[i].Sign() != 0 {
			return i
		}
	}
	return -1
}

// No household count under five, and none whose complement is, of a move, a
// site, a township or the county, follows from all that is shown: reports,
// evidence, map and cards together.
func TestMaskedCountsCannotBeRecovered(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { attackAll(rt, drawMoves(rt)) })
}

// Counties whose counts could be computed once.
func TestCountsThatLeaked(t *testing.T) {
	for name, c := range leaked {
		t.Run(name, func(t *testing.T) { attackAll(t, movesCounty(c.target, c.moves)) })
	}
}

var leaked = map[string]struct {
	target int64
	moves  []drawnMove
}{
	// County less township 2 less site 2 is move 3: none of them is a sum of
	// which move 3 is a direct part, and in each of those all is masked.
	"across sums": {0, []drawnMove{
		{0, 2, 9, 5, 0, 0, 0, 0, 0}, {2, 1, 1, 1, 0, 0, 0, 0, 0}, {0, 1, 1, 1, 0, 0, 0, 0, 0},
		{1, 2, 1, 0, 0, 0, 0, 0, 0}, {2, 1, 5, 1, 0, 1, 0, 0, 0}, {2, 3, 4, 3, 3, 3, 3, 0, 0},
	}},
	"one sum": {0, []drawnMove{{0, 1, 4, 4, 0, 0, 0, 0, 0}, {0, 1, 1, 1, 0, 1, 0, 0, 0}, {0, 1, 6, 1, 1, 1, 1, 0, 0}}},
	// That move 4 has moved in tells its planned households, and by them those
	// of the others.
	"state on the map": {0, []drawnMove{
		{0, 2, 1, 0, 0, 0, 0, 0, 0}, {0, 1, 1, 1, 0, 0, 0, 0, 0}, {0, 2, 3, 0, 0, 0, 0, 0, 0}, {0, 1, 5, 5, 5, 5, 5, 0, 0},
	}},
	"state beside one other": {0, []drawnMove{{0, 1, 1, 0, 0, 0, 0, 0, 0}, {0, 1, 5, 5, 5, 5, 5, 0, 0}}},
	"complement of a township": {0, []drawnMove{
		{1, 1, 5, 0, 0, 0, 0, 0, 0}, {0, 1, 1, 0, 0, 0, 0, 0, 0}, {0, 1, 1, 0, 0, 0, 0, 0, 0}, {0, 1, 5, 5, 5, 5, 5, 0, 0},
	}},
	// All who moved in are registered, of the county and so of each move.
	"a part that is its whole": {0, []drawnMove{{0, 1, 7, 5, 5, 0, 0, 0, 0}, {0, 1, 4, 1, 1, 0, 0, 0, 0}, {0, 1, 4, 4, 4, 4, 4, 0, 0}}},
}

func attackAll(t rapid.TB, s *Snapshot) {
	a := Assess(s)
	k := &attacker{a: a}
	for _, by := range []string{"township", "none"} {
		r, err := a.Report(ReportRelocation, ReportOptions{By: by})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Figures {
			k.read(t, f)
		}
	}
	k.see(t)
	k.solve()
	for _, cell := range k.cells() {
		k.try(t, cell.name, cell.member)
	}
}

type secret struct {
	name   string
	member func(int) bool
}

func (k *attacker) cells() []secret {
	out := []secret{{"county", k.inScope("county")}}
	for _, t := range k.a.Snapshot.Townships {
		out = append(out, secret{t.Code, k.inScope(t.Code)})
	}
	for _, s := range k.a.Snapshot.Sites {
		out = append(out, secret{siteCell(s.ID), k.onMap("relocation_site", uint64(s.ID))})
	}
	for _, m := range k.a.Snapshot.Moves {
		out = append(out, secret{moveCell(m.ID), k.onMap("move", uint64(m.ID))})
	}
	return out
}

// try attacks every count of a cell, and every complement.
func (k *attacker) try(t rapid.TB, name string, member func(int) bool) {
	var sum moveCount
	for i := range k.a.Snapshot.Moves {
		if member(i) {
			c := countMove(&k.a.Snapshot.Moves[i])
			sum.Planned += c.Planned
			sum.Households += c.Households
			sum.Registered += c.Registered
			sum.Demolished += c.Demolished
			sum.DemolishedPoor += c.DemolishedPoor
			sum.Reclaimed += c.Reclaimed
			sum.Eligible += c.Eligible
		}
	}
	attack := func(what string, n int64, counts map[household]int64) {
		if n > 0 && n < k.a.Snapshot.Rules.MaskBelow && k.knows(k.sumOf(counts, member)) {
			t.Fatalf("%s: %d %s can be computed", name, n, what)
		}
	}
	attack("planned", sum.Planned, map[household]int64{plannedHouseholds: 1})
	attack("moved in", sum.Households, map[household]int64{movedHouseholds: 1})
	attack("registered", sum.Registered, map[household]int64{registeredHouseholds: 1})
	attack("demolished", sum.Demolished, map[household]int64{demolishedHouseholds: 1})
	attack("demolished registered", sum.DemolishedPoor, map[household]int64{demolishedRegistered: 1})
	attack("reclaimed", sum.Reclaimed, map[household]int64{reclaimedHouseholds: 1})
	attack("eligible", sum.Eligible, map[household]int64{eligibleHouseholds: 1})
	attack("not reclaimed", sum.Demolished-sum.Reclaimed, map[household]int64{demolishedHouseholds: 1, reclaimedHouseholds: -1})
	attack("not reclaimed of all", sum.Households-sum.Reclaimed, map[household]int64{movedHouseholds: 1, reclaimedHouseholds: -1})
	attack("not registered", sum.Households-sum.Registered, map[household]int64{movedHouseholds: 1, registeredHouseholds: -1})
	attack("not demolished", sum.Households-sum.Demolished, map[household]int64{movedHouseholds: 1, demolishedHouseholds: -1})
	attack("registered not demolished", sum.Registered-sum.DemolishedPoor, map[household]int64{registeredHouseholds: 1, demolishedRegistered: -1})
	attack("not moved in", sum.Planned-sum.Households, map[household]int64{plannedHouseholds: 1, movedHouseholds: -1})
	if sum.Eligible == 0 { // nobody says how many; what the equations call zero is not known
		sum.Demolished, sum.Planned = 0, 0
	}
	attack("still to demolish", sum.Eligible-sum.Demolished, map[household]int64{eligibleHouseholds: 1, demolishedHouseholds: -1})
	attack("not eligible", sum.Planned-sum.Eligible, map[household]int64{plannedHouseholds: 1, eligibleHouseholds: -1})
}

// The county is large, one township small: a second one is masked with it, so
// that it cannot be had by subtraction, and the county stays.
func TestComplementarySuppression(t *testing.T) {
	s := &Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Sites: []Site{{ID: 1}}}
	for i, households := range []int64{3, 20, 50} {
		id := ID(i + 1)
		s.Townships = append(s.Townships, Region{Code: fmt.Sprint("T", id)})
		s.Villages = append(s.Villages, Village{ID: id, Township: fmt.Sprint("T", id)})
		s.Moves = append(s.Moves, Move{ID: id, Village: id, Site: 1, Households: households, Events: []MoveEvent{{Stage: "moved_in", Households: households}}})
	}
	a := Assess(s)
	for scope, masked := range map[string]bool{"county": false, "T1": true, "T2": true, "T3": false} {
		f, err := a.figure("M18 moved_in_households", scope)
		if err != nil || f.Masked != masked {
			t.Errorf("%s: masked %v, want %v (%v)", scope, f.Masked, masked, err)
		}
	}
	_, items, _ := a.Evidence("M18 moved_in_households", "county")
	if len(items) != 2 || items[0].ID != 3 || items[1].ID != 0 || items[1].Amount != 23 {
		t.Errorf("evidence %+v", items)
	}
}

// Two moves leave one village: its households less those of one of them are
// those of the other and of the few who stay.
func TestOneMoveOfAVillageIsNoWayToTheOther(t *testing.T) {
	households := int64(48)
	v := Village{ID: 1, Township: "T1", Population: &Population{Households: &households}}
	s := &Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Townships: []Region{{Code: "T1"}}, Villages: []Village{v},
		Sites: []Site{{ID: 1}, {ID: 2}}, Moves: []Move{{ID: 1, Village: 1, Site: 1, Households: 45}, {ID: 2, Village: 1, Site: 2, Households: 3}}}
	if n, known, masked := Assess(s).villageHouseholds(&s.Villages[0]); !known || !masked {
		t.Errorf("%d households shown", n)
	}
}
