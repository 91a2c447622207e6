package planner

import (
	"fmt"
	"math/big"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawMoves is a county of a few moves with small and large counts.
func drawMoves(t *rapid.T) *Snapshot {
	s := &Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard}
	for i := range 3 {
		s.Townships = append(s.Townships, Region{Code: fmt.Sprint("T", i)})
	}
	sites := rapid.IntRange(1, 3).Draw(t, "sites")
	for i := range sites {
		s.Sites = append(s.Sites, Site{ID: ID(i + 1), Gate: orb.Point{105, 27}})
	}
	for i := range rapid.IntRange(1, 8).Draw(t, "moves") {
		id := ID(i + 1)
		s.Villages = append(s.Villages, Village{ID: id, Township: fmt.Sprint("T", rapid.IntRange(0, 2).Draw(t, "town")), Point: orb.Point{105, 27}})
		upTo := func(n int64, label string) int64 {
			return rapid.OneOf(rapid.Int64Range(0, n), rapid.Just(n), rapid.Int64Range(0, min(n, 6))).Draw(t, label)
		}
		planned := rapid.Int64Range(1, 40).Draw(t, "planned")
		moved := upTo(planned, "moved")
		registered := upTo(moved, "registered")
		demolished := upTo(moved, "demolished")
		poor := upTo(min(registered, demolished), "poor")
		s.Moves = append(s.Moves, Move{ID: id, Village: id, Site: ID(rapid.IntRange(1, sites).Draw(t, "site")), Households: planned, Persons: planned,
			Events: []MoveEvent{{ID: "m", Stage: "moved_in", Households: moved, Registered: registered}, {ID: "d", Stage: "demolished", Households: demolished, Registered: poor}}})
	}
	if rapid.Bool().Draw(t, "has target") {
		s.Target = &RelocationTarget{Households: rapid.Int64Range(0, 200).Draw(t, "target"), Persons: 1}
	}
	return s
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
func (k *attacker) read(t testing.TB, f Figure) {
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
		if item.ID != 0 {
			listed[item.Side][item.ID] = true
			k.learn(sideCounts(item.Side, counts), func(i int) bool { return k.a.Snapshot.Moves[i].ID == item.ID })
		}
	}
	for _, item := range items {
		if item.ID == 0 { // several moves together: those that are not listed
			k.learn(sideCounts(item.Side, counts), func(i int) bool { return in(i) && !listed[item.Side][k.a.Snapshot.Moves[i].ID] })
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
func (k *attacker) see(t testing.TB) {
	for _, l := range k.a.Layers() {
		for _, f := range l.Features {
			if _, shown := f.Properties["households"]; shown && (l.Name == "move" || l.Name == "relocation_site") {
				k.learn(map[household]int64{plannedHouseholds: 1}, k.onMap(l.Name, f.ID))
			}
			k.card(t, l.Name, &f)
		}
	}
}

// card takes what a card shows of households, of the thing and of its parts.
func (k *attacker) card(t testing.TB, layer string, f *Feature) {
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
	rapid.Check(t, func(rt *rapid.T) {
		s := drawMoves(rt)
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
			k.try(rt, cell.name, cell.member)
		}
	})
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
func (k *attacker) try(t *rapid.T, name string, member func(int) bool) {
	var sum moveCount
	for i := range k.a.Snapshot.Moves {
		if member(i) {
			c := countMove(&k.a.Snapshot.Moves[i])
			sum.Planned += c.Planned
			sum.Households += c.Households
			sum.Registered += c.Registered
			sum.Demolished += c.Demolished
			sum.DemolishedPoor += c.DemolishedPoor
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
	attack("not registered", sum.Households-sum.Registered, map[household]int64{movedHouseholds: 1, registeredHouseholds: -1})
	attack("not demolished", sum.Households-sum.Demolished, map[household]int64{movedHouseholds: 1, demolishedHouseholds: -1})
	attack("registered not demolished", sum.Registered-sum.DemolishedPoor, map[household]int64{registeredHouseholds: 1, demolishedRegistered: -1})
	attack("not moved in", sum.Planned-sum.Households, map[household]int64{plannedHouseholds: 1, movedHouseholds: -1})
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
