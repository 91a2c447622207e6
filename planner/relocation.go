package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/route"
)

// moveCount is what is reported of moves: households and persons, of them
// registered poor.
type moveCount struct {
	Planned           int64 // households
	Households        int64 // moved in
	Persons           int64
	Registered        int64
	RegisteredPersons int64
	Demolished        int64 // households whose old house is gone
	DemolishedPoor    int64 // of them registered
	Reclaimed         int64 // households whose land is restored
	Eligible          int64 // planned households whose old house has to go; 0 where that is not known
}

func countMove(m *Move) moveCount {
	c := moveCount{Planned: m.Households, Eligible: valueOf(m.Eligible)}
	for _, e := range m.Events {
		switch e.Stage {
		case "moved_in":
			c.Households += e.Households
			c.Persons += e.Persons
			c.Registered += e.Registered
			c.RegisteredPersons += e.RegisteredPersons
		case "demolished":
			c.Demolished += e.Households
			c.DemolishedPoor += e.Registered
		case "reclaimed":
			c.Reclaimed += e.Households
		}
	}
	return c
}

// relocation writes the relocation report.
type relocation struct {
	sheet
	a     *Assessment
	ways  []moveWay // by move
	lists map[string]*unitLists
}

// unitLists are the moves and sites of a scope, by index.
type unitLists struct{ moves, sites []int }

// moveWay is the distance of one move.
type moveWay struct {
	straight int64 // mm
	mm, ms   int64 // shortest and fastest; -1: unreachable
	known    bool  // village and site are in the snapshot

	wetMM, wetMS   int64   // the same when it rains
	walkMS         int64   // all the way on foot
	townMM, townMS int64   // from the village left to the county town, dry
	near           []int64 // ms from the site to the nearest of each of nearKinds, dry; nil: no site
}

func (a *Assessment) reportRelocation(o ReportOptions) []Figure {
	r := &relocation{sheet: sheet{asOf: a.Snapshot.AsOf, rule: "relocation/1"}, a: a, lists: map[string]*unitLists{}}
	r.ways = a.moveWays()
	r.sort()
	county := a.Snapshot.Region.Code
	r.unit(county, a.Snapshot.Region.Name, a.Snapshot.Target)
	if o.By == "" || o.By == "township" {
		for _, t := range r.townshipScopes(a) {
			if t.Code != a.unassigned() || r.lists[t.Code] != nil {
				r.unit(t.Code, t.Name, nil)
			}
		}
	}
	return a.masks.figures(r.figures)
}

// sort lists moves by the township they leave and sites by the one they are in.
func (r *relocation) sort() {
	list := func(scope string) *unitLists {
		if r.lists[scope] == nil {
			r.lists[scope] = &unitLists{}
		}
		return r.lists[scope]
	}
	county := r.a.Snapshot.Region.Code
	for i := range r.a.Snapshot.Moves {
		for _, scope := range []string{county, r.a.originOf(&r.a.Snapshot.Moves[i])} {
			list(scope).moves = append(list(scope).moves, i)
		}
	}
	for i := range r.a.Snapshot.Sites {
		for _, scope := range []string{county, r.a.scopeOf(r.a.Snapshot.Sites[i].Township)} {
			list(scope).sites = append(list(scope).sites, i)
		}
	}
}

// originOf is the scope of the township that a move leaves.
func (a *Assessment) originOf(m *Move) string {
	i, ok := a.village[m.Village]
	if !ok {
		return a.unassigned()
	}
	return a.scopeOf(a.Snapshot.Villages[i].Township)
}

// unit writes the rows of one scope.
func (r *relocation) unit(scope, name string, target *RelocationTarget) {
	r.at(scope, name)
	l := r.lists[scope]
	if l == nil {
		l = &unitLists{}
	}
	r.sites(l.sites)
	r.movedIn(l.moves, target)
	r.stages(l.sites)
	r.demolition(l.moves)
	r.reclamation(l.moves)
	r.living(l.sites)
	r.distances(l.moves)
	r.suitability(l.sites)
	r.capacity(l.sites)
}

func (r *relocation) sites(sites []int) {
	var siteParts, buildings, dwellings []Part
	for _, i := range sites {
		s := &r.a.Snapshot.Sites[i]
		siteParts = append(siteParts, Part{Side: SideNumerator, Layer: "relocation_site", ID: s.ID, Amount: 1})
		for _, b := range s.Buildings {
			buildings = append(buildings, Part{Side: SideNumerator, Layer: "building", ID: b.ID, Amount: 1})
			dwellings = append(dwellings, Part{Side: SideNumerator, Layer: "building", ID: b.ID, Amount: b.Dwellings})
		}
	}
	r.amount("C30 sites", UnitCount, siteParts)
	r.amount("C31 buildings", UnitCount, buildings)
	r.amount("C32 dwellings_planned", UnitCount, dwellings)
}

// moves makes a part of every move that has any.
func (r *relocation) moves(list []int, side Side, amount func(*moveCount) int64) []Part {
	var out []Part
	for _, i := range list {
		m := &r.a.Snapshot.Moves[i]
		count := countMove(m)
		if n := amount(&count); n != 0 {
			out = append(out, Part{Side: side, Layer: "move", ID: m.ID, Amount: n})
		}
	}
	return out
}

func (r *relocation) movedIn(list []int, target *RelocationTarget) {
	households := r.moves(list, SideNumerator, func(c *moveCount) int64 { return c.Households })
	persons := r.moves(list, SideNumerator, func(c *moveCount) int64 { return c.Persons })
	h := r.amount("M18 moved_in_households", UnitHousehold, households)
	if target != nil {
		h.Denominator = &target.Households
	}
	p := r.amount("M18 moved_in_persons", UnitPerson, persons)
	if target != nil {
		p.Denominator = &target.Persons
		r.row("M18 move_in_household_rate", UnitPercent, UnitHousehold, households).over(target.Households)
		r.row("M18 move_in_rate", UnitPercent, UnitPerson, persons).over(target.Persons)
	}
	r.share("M19 registered_household_share", UnitHousehold, list,
		func(c *moveCount) int64 { return c.Registered }, func(c *moveCount) int64 { return c.Households })
	r.share("M19 registered_person_share", UnitPerson, list,
		func(c *moveCount) int64 { return c.RegisteredPersons }, func(c *moveCount) int64 { return c.Persons })
	r.amount("M19 registered_households", UnitHousehold, r.moves(list, SideNumerator, func(c *moveCount) int64 { return c.Registered }))
	r.amount("M19 registered_persons", UnitPerson, r.moves(list, SideNumerator, func(c *moveCount) int64 { return c.RegisteredPersons }))
}

// share writes part over whole, both counted of moves.
func (r *relocation) share(metric string, basis Unit, list []int, part, whole func(*moveCount) int64) {
	r.rate(metric, basis, knownSides,
		r.moves(list, SideNumerator, part),
		r.moves(list, SideRest, func(c *moveCount) int64 { return whole(c) - part(c) }))
}

func (r *relocation) demolition(list []int) {
	r.share("M21 demolition_rate", UnitHousehold, list,
		func(c *moveCount) int64 { return c.Demolished }, func(c *moveCount) int64 { return c.Households })
	r.share("M21 demolition_rate_registered", UnitHousehold, list,
		func(c *moveCount) int64 { return c.DemolishedPoor }, func(c *moveCount) int64 { return c.Registered })
	r.eligible(list)
}

// stages writes the funnel of dwellings: a stage that is reached implies those
// before it.
func (r *relocation) stages(sites []int) {
	for _, m := range []struct {
		metric string
		stage  DwellingStage
	}{
		{"M20 started_rate", DwellingStarted}, {"M20 foundation_rate", DwellingFoundationDone},
		{"M20 structure_rate", DwellingStructureDone}, {"M20 completed_rate", DwellingCompleted},
	} {
		var parts []Part
		for _, i := range sites {
			for j := range r.a.Snapshot.Sites[i].Buildings {
				b := &r.a.Snapshot.Sites[i].Buildings[j]
				side := SideRest
				if b.Reached() >= slices.Index(DwellingStages, m.stage) {
					side = SideNumerator
				}
				parts = append(parts, Part{Side: side, Layer: "building", ID: b.ID, Amount: b.Dwellings})
			}
		}
		r.rate(m.metric, UnitCount, knownSides, parts)
	}
}

// Reached is the place in DwellingStages of the highest stage reported for a
// building, -1 for none.
func (b *Building) Reached() int {
	top := -1
	for _, e := range b.Events {
		top = max(top, slices.Index(DwellingStages, e.Stage))
	}
	return top
}

// moveWays measures every move: straight, shortest, and fastest, in the season that was
// asked for: dry unless said otherwise.
func (a *Assessment) moveWays() []moveWay {
	out := make([]moveWay, len(a.Snapshot.Moves))
	leaving, moves := map[ID][]int{}, map[ID][]int{} // by site: the villages, and their moves beside them
	var all []int
	for i, m := range a.Snapshot.Moves {
		out[i] = moveWay{mm: -1, ms: -1, wetMM: -1, wetMS: -1, walkMS: -1, townMM: -1, townMS: -1}
		if v, ok := a.village[m.Village]; ok {
			leaving[m.Site], moves[m.Site] = append(leaving[m.Site], v), append(moves[m.Site], i)
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return out
	}
	slices.Sort(all)
	all = slices.Compact(all)
	t := a.travel(a.Question.Season, all)
	inParallel(len(a.Snapshot.Sites), func(i int) {
		site := &a.Snapshot.Sites[i]
		villages := leaving[site.ID]
		if len(villages) == 0 || a.site[site.ID] != i {
			return
		}
		shortest, fastest := t.toSite(route.ByLength, site, villages), t.toSite(route.ByTime, site, villages)
		for k, m := range moves[site.ID] {
			way := wayOf(&shortest[k], &fastest[k])
			out[m].straight, out[m].mm, out[m].ms, out[m].known = way.straight, way.mm, way.ms, way.known
		}
	})
	a.farWays(out, leaving, moves, all)
	return out
}

func wayOf(shortest, fastest *DistanceRow) moveWay {
	w := moveWay{straight: shortest.StraightMM, mm: -1, ms: -1, known: true}
	if shortest.MM != nil {
		w.mm = *shortest.MM
	}
	if fastest.MS != nil {
		w.ms = *fastest.MS
	}
	return w
}

// farMM is the limit of share_over_20km.
const farMM = 20_000_000

func (r *relocation) distances(list []int) {
	measures := []struct {
		name string
		unit Unit
		per  float64 // base units in one of the unit shown
		of   func(*moveWay) int64
	}{
		{"straight", UnitMetre, 1000, func(w *moveWay) int64 { return w.straight }},
		{"network", UnitMetre, 1000, func(w *moveWay) int64 { return w.mm }},
		{"minutes", UnitMinute, 60_000, func(w *moveWay) int64 { return w.ms }},
	}
	for _, m := range measures {
		r.distance(list, m.name, m.unit, m.per, m.of)
	}
	r.farShare(list)
	r.farDistances(list)
	r.unreachable(list, "C33 moves_unreachable", func(w *moveWay) int64 { return w.mm })
	r.unreachable(list, "C33 moves_unreachable_wet", func(w *moveWay) int64 { return w.wetMM })
}

// legs lists the moves with a distance, nearest first, and apart as unknown
// those without one.
func (r *relocation) legs(list []int, of func(*moveWay) int64) (legs []leg, unknown []Part) {
	for _, i := range list {
		move, way := &r.a.Snapshot.Moves[i], &r.ways[i]
		if at := of(way); way.known && at >= 0 {
			legs = append(legs, leg{move.ID, at, move.Persons})
		} else {
			unknown = append(unknown, Part{Side: SideUnknown, Layer: "move", ID: move.ID, Amount: move.Persons})
		}
	}
	slices.SortFunc(legs, func(x, y leg) int { return cmp.Or(cmp.Compare(x.far, y.far), cmp.Compare(x.move, y.move)) })
	return legs, unknown
}

// leg is the distance of a move and the persons who go it.
type leg struct {
	move    ID
	far     int64 // mm or ms
	persons int64
}

func (r *relocation) mean(metric string, unit Unit, per float64, legs []leg, unknown []Part) {
	parts := slices.Clone(unknown)
	var persons int64
	for _, l := range legs {
		parts = append(parts, Part{Side: SideNumerator, Layer: "move", ID: l.move, Amount: l.far * l.persons})
		persons += l.persons
	}
	f := r.row(metric, unit, UnitPerson, parts).over(persons)
	if f.Value != nil {
		value := float64(f.Numerator) / float64(persons) / per
		f.Value = &value
	}
}

// median is the first leg at which half of the persons are reached; -1: none.
func median(legs []leg) int {
	var all, sum int64
	for _, l := range legs {
		all += l.persons
	}
	for i, l := range legs {
		if sum += l.persons; 2*sum >= all {
			return i
		}
	}
	return -1
}

// quantile writes the distance of one leg of the sorted list, with the persons up
// to there as numerator.
func (r *relocation) quantile(metric string, unit Unit, per float64, legs []leg, unknown []Part, at int) {
	parts := slices.Clone(unknown)
	var all int64
	for i, l := range legs {
		side := SideRest
		if i <= at {
			side = SideNumerator
		}
		parts = append(parts, Part{Side: side, Layer: "move", ID: l.move, Amount: l.persons})
		all += l.persons
	}
	f := r.row(metric, unit, UnitPerson, parts).over(all)
	f.Value = nil
	if at >= 0 {
		value := float64(legs[at].far) / per
		f.Value = &value
	}
}

func (r *relocation) farShare(list []int) {
	legs, parts := r.legs(list, func(w *moveWay) int64 { return w.mm })
	for _, l := range legs {
		side := SideRest
		if l.far > farMM {
			side = SideNumerator
		}
		parts = append(parts, Part{Side: side, Layer: "move", ID: l.move, Amount: l.persons})
	}
	r.rate("M27 share_over_20km", UnitPerson, knownSides, parts)
}

func (r *relocation) unreachable(list []int, metric string, of func(*moveWay) int64) {
	var parts []Part
	for _, i := range list {
		if of(&r.ways[i]) < 0 {
			parts = append(parts, Part{Side: SideNumerator, Layer: "move", ID: r.a.Snapshot.Moves[i].ID, Amount: 1})
		}
	}
	r.amount(metric, UnitCount, parts)
}
