package planner

import (
	"fmt"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// progressWeights are the cumulative weights of Stages in per cent (domain 2.1:
// clearing 5, roadbed 35, subbase 5, base 15, surface 30, the rest 10): a stage
// that is reached implies those before it.
var progressWeights = []int64{5, 40, 45, 60, 90, 100, 100}

// completion writes the completion report.
type completion struct {
	sheet
	a       *Assessment
	by      string
	current book            // of the current programme, by county, township and class
	network book            // of all roads, by the same
	classes map[string]bool // met in either
}

func (a *Assessment) reportCompletion(o ReportOptions) []Figure {
	c := &completion{
		sheet: sheet{asOf: a.Snapshot.AsOf, rule: "completion/1"}, a: a, by: o.By,
		current: book{}, network: book{}, classes: map[string]bool{},
	}
	if a.Current >= 0 {
		c.spread(&a.Programmes[a.Current], c.current, c.scopesOf)
	}
	c.spreadNetwork()
	c.county()
	switch o.By {
	case "", "township":
		c.townships()
		c.programmes()
		c.byClass(false)
	case "programme":
		c.programmes()
	case "class":
		c.byClass(true)
	case "village":
		c.byVillage()
	case "contract":
		c.byContract()
	}
	return c.figures
}

// scoped is a scope's part of an amount.
type scoped struct {
	scope  string
	amount int64
}

// scopesOf splits a stretch among the county, its townships and its class.
func (c *completion) scopesOf(st stretch, weight int64) []scoped {
	whole := weighed(st.span, weight)
	c.classes[st.class()] = true
	out := []scoped{{c.a.Snapshot.Region.Code, whole}, {"class:" + st.class(), whole}}
	for _, o := range st.owners(weight) {
		out = append(out, scoped{c.a.scopeOf(o.township), o.amount})
	}
	return out
}

// spread puts the works of a programme into a book.
func (c *completion) spread(p *ProgrammeWork, b book, split func(stretch, int64) []scoped) {
	c.spreadOwned(p, b, nil, func(_ ID, st stretch, weight int64) []scoped { return split(st, weight) })
}

// spreadOwned does so part by part of what each owner has; no owners: whole.
func (c *completion) spreadOwned(p *ProgrammeWork, b book, owners func(*Work) []ownedSet, split func(ID, stretch, int64) []scoped) {
	for _, works := range [][]Work{p.Works, p.Gone} {
		for i := range works {
			w := &works[i]
			key := routeKey{w.Road, w.Version}
			put := func(owner ID, kind string, set chainage.Set, weight int64) {
				for _, st := range c.a.stretches(key, set) {
					b.addStretch(kind, st, split(owner, st, weight))
				}
			}
			if owners == nil {
				amounts(w, func(kind string, set chainage.Set, weight int64) { put(ownerNone, kind, set, weight) })
				continue
			}
			for _, o := range owners(w) {
				amounts(w, func(kind string, set chainage.Set, weight int64) { put(o.owner, kind, set.Intersect(o.set), weight) })
			}
		}
	}
}

// addStretch puts a stretch into each scope that has a part of it.
func (b book) addStretch(kind string, st stretch, to []scoped) {
	for _, s := range to {
		if s.amount != 0 {
			b.add(s.scope, kind, st.part(SideNumerator, s.amount))
		}
		if kind == "task" && !st.src.drawnRoute() {
			b.add(s.scope, "undrawn", st.part(SideNumerator, s.amount))
		}
	}
}

// amounts visits every kind of amount that a work has.
func amounts(w *Work, visit func(kind string, set chainage.Set, weight int64)) {
	put := func(kind string, set chainage.Set) {
		if len(set) > 0 {
			visit(kind, set, hundred)
		}
	}
	rest := w.Scope.Subtract(w.Completed).Subtract(w.CarryOver).Subtract(w.Disputed)
	put("task", w.Scope)
	put("started", w.Started)
	put("idle", w.Scope.Subtract(w.Started))
	put("completed", w.Completed)
	put("carry", w.CarryOver)
	put("disputed", w.Disputed)
	put("rest", rest)
	put("accepted", w.Accepted)
	put("failed", w.Failed)
	put("repeated", w.Repeated)
	put("overridden", w.Overridden)
	put("retired", w.Retired)
	for _, o := range w.contracts {
		if o.owner == ownerSeveral {
			put("several", o.set.Intersect(w.Scope))
		}
	}
	weigh(w, rest, visit)
}

// weigh visits the stage-weighted length of what is not completed, stage by
// stage from the last, and what is still to do of it.
func weigh(w *Work, left chainage.Set, visit func(string, chainage.Set, int64)) {
	for stage := len(w.Stages) - 1; stage >= 0; stage-- {
		here := left.Intersect(w.Stages[stage])
		if len(here) == 0 {
			continue
		}
		visit("weighed", here, progressWeights[stage])
		visit("unweighed", here, -progressWeights[stage])
		left = left.Subtract(here)
	}
	if len(left) > 0 {
		visit("unweighed", left, hundred)
	}
}

// drawnRoute reports whether the metres of a source have a line.
func (s *stretchSource) drawnRoute() bool { return len(s.line) >= 2 }

// spreadNetwork puts every counted piece of road into the network book.
func (c *completion) spreadNetwork() {
	for i := range c.a.Pieces {
		p := &c.a.Pieces[i]
		if !p.Counted || p.Halo || p.Built == BuiltNone {
			continue
		}
		st := stretch{routeKey{p.Road, p.Version}, p.source, p.Span}
		for _, to := range c.scopesOf(st, hundred) {
			part := st.part(SideNumerator, to.amount)
			if part.Amount != 0 {
				c.addLength(to.scope, p, part)
			}
		}
	}
	c.spreadCondition()
}

// spreadCondition puts the evaluated metres of every road into the network
// book, and what is built and was not evaluated.
func (c *completion) spreadCondition() {
	var key routeKey
	var state condition
	for i := range c.a.Pieces {
		p := &c.a.Pieces[i]
		if !p.Counted || p.Halo {
			continue
		}
		if at := (routeKey{p.Road, p.Version}); at != key {
			key, state = at, c.a.ledger.condition(at)
		}
		left := chainage.Set{p.Span}
		put := func(kind string, set chainage.Set) {
			for _, span := range set {
				st := stretch{key, p.source, span}
				c.network.addStretch(kind, st, c.scopesOf(st, hundred))
			}
			left = left.Subtract(set)
		}
		put("condition good", state.good.Intersect(left))
		put("condition fair", state.fair.Intersect(left))
		put("condition poor", state.poor.Intersect(left))
		if p.Built == BuiltYes && isMotorRoad(p.Class) {
			put("condition unknown", left)
		}
	}
}

// addLength puts a part of a piece where it counts: footpaths have a length, and
// no surface or season that is asked for.
func (c *completion) addLength(scope string, p *Piece, part Part) {
	if p.Built == BuiltUnknown {
		c.network.add(scope, "length unknown", part)
	} else {
		c.network.add(scope, "length", part)
	}
	switch {
	case !isMotorRoad(p.Class):
	case p.Built == BuiltUnknown:
		c.network.add(scope, "unknown", part)
	default:
		c.network.add(scope, "hardened "+string(Hardened(p.Surface)), part)
		c.network.add(scope, "season "+string(p.AllSeason), part)
	}
}

// lengths writes the rows that every scope of a programme has.
func (c *completion) lengths(b book) {
	apart := []pick{onSide(SideCarryOver, "carry"), onSide(SideDisputed, "disputed")}
	take := func(picks ...pick) []Part { return b.take(c.scope, picks...) }
	c.amount("C01 planned_length", UnitKM, take(counted("task")))
	c.amount("C02 started_length", UnitKM, take(counted("started")))
	c.amount("C03 completed_length", UnitKM, take(counted("completed"), apart[0], apart[1]))
	c.amount("C04 remaining_length", UnitKM, take(counted("rest", "carry", "disputed")))
	c.amount("C05 carry_over_length", UnitKM, take(counted("carry")))
	c.amount("C06 disputed_length", UnitKM, take(counted("disputed")))
	c.amount("C07 not_drawn_length", UnitKM, take(counted("undrawn")))
	c.amount("C09 retired_length", UnitKM, take(counted("retired")))
	c.amount("C40 accepted_length", UnitKM, take(counted("accepted")))
	c.amount("C41 failed_length", UnitKM, take(counted("failed")))
	c.amount("C42 two_contracts_length", UnitKM, take(counted("several")))
	c.amount("C43 repeated_length", UnitKM, take(counted("repeated")))
	c.amount("C44 overridden_length", UnitKM, take(counted("overridden")))
	c.rate("M01 start_rate", UnitKM, taskSides, take(counted("started"), onSide(SideRest, "idle")))
	c.rate("M02 completion_rate", UnitKM, taskSides, take(counted("completed"), onSide(SideRest, "rest"), apart[0], apart[1]))
	c.rate("M03 physical_progress", UnitKM, taskSides,
		take(counted("completed", "weighed"), onSide(SideRest, "unweighed"), apart[0], apart[1]))
}

// roads writes the rows on all roads of a scope.
func (c *completion) roads() {
	c.roadLength()
	for _, m := range []struct{ metric, kind string }{
		{"M06 hardened_rate", "hardened "}, {"M08 all_season_rate", "season "},
	} {
		c.rate(m.metric, UnitKM, knownSides,
			c.network.take(c.scope, counted(m.kind+"yes"), onSide(SideRest, m.kind+"no"),
				onSide(SideUnknown, m.kind+"unknown", m.kind, "unknown")))
	}
	unknown := onSide(SideUnknown, "condition unknown")
	c.rate("M11 good_fair_rate", UnitKM, knownSides,
		c.network.take(c.scope, counted("condition good", "condition fair"), onSide(SideRest, "condition poor"), unknown))
	c.rate("M11 good_rate", UnitKM, knownSides,
		c.network.take(c.scope, counted("condition good"), onSide(SideRest, "condition fair", "condition poor"), unknown))
}

func (c *completion) roadLength() {
	c.amount("C08 road_length", UnitKM, c.network.take(c.scope, counted("length"), onSide(SideUnknown, "length unknown")))
}

func (c *completion) county() {
	c.at(c.a.County.Code, c.a.County.Name)
	c.lengths(c.current)
	if c.a.Current >= 0 {
		c.money(c.a.Programmes[c.a.Current].Programme, c.current)
	}
	c.roads()
	c.standing(&c.a.County)
	c.levels()
}

func (c *completion) townships() {
	for _, t := range c.townshipScopes(c.a) {
		if t.Code == c.a.unassigned() && c.current[t.Code] == nil && c.network[t.Code] == nil {
			continue
		}
		c.at(t.Code, t.Name)
		c.lengths(c.current)
		c.roads()
		for i := range c.a.Townships {
			if c.a.Townships[i].Code == t.Code {
				c.standing(&c.a.Townships[i])
			}
		}
	}
}

// townshipScopes are the children a report has rows for: the townships by code
// and what belongs to none of them.
func (*sheet) townshipScopes(a *Assessment) []Region {
	return append(slices.Clone(a.Snapshot.Townships), Region{Code: a.unassigned(), Name: "unassigned"})
}

func (c *completion) programmes() {
	for i := range c.a.Programmes {
		p := &c.a.Programmes[i]
		scope := fmt.Sprintf("programme:%d", p.Programme.ID)
		b := book{}
		c.spread(p, b, func(st stretch, weight int64) []scoped {
			return []scoped{{scope, weighed(st.span, weight)}}
		})
		c.at(scope, p.Programme.Name)
		c.lengths(b)
		c.money(p.Programme, b)
		c.progress(p.Programme, PlannedShare(p.Programme, "", c.asOf), b)
	}
	if c.a.Current >= 0 {
		c.sources(c.a.Programmes[c.a.Current].Programme)
	}
}

// byVillage writes the rows of the villages that a piece of the task is for,
// and of what is for none.
func (c *completion) byVillage() {
	if c.a.Current < 0 {
		return
	}
	b, p := book{}, &c.a.Programmes[c.a.Current]
	c.spreadOwned(p, b, func(w *Work) []ownedSet { return w.villages }, ownerScopes("village:"))
	for _, id := range villagesOf(p) {
		name, township := "", ""
		if i, ok := c.a.village[id]; ok {
			name, township = c.a.Snapshot.Villages[i].Name, c.a.Snapshot.Villages[i].Township
		}
		c.owner(b, p.Programme, ownerScope("village:", id), name, PlannedShare(p.Programme, township, c.asOf))
	}
	c.owner(b, p.Programme, "village:none", "none", PlannedShare(p.Programme, "", c.asOf))
}

// villagesOf lists the villages that a task is or was for.
func villagesOf(p *ProgrammeWork) []ID {
	var out []ID
	for _, works := range [][]Work{p.Works, p.Gone} {
		for i := range works {
			for _, o := range works[i].villages {
				if o.owner != ownerNone {
					out = append(out, o.owner)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// byContract writes the rows of the contracts of the current programme, of what
// two of them have, and of what none has.
func (c *completion) byContract() {
	if c.a.Current < 0 {
		return
	}
	b, p := book{}, &c.a.Programmes[c.a.Current]
	c.spreadOwned(p, b, func(w *Work) []ownedSet { return w.contracts }, ownerScopes("contract:"))
	for i := range c.a.Snapshot.Contracts {
		k := &c.a.Snapshot.Contracts[i]
		if k.Programme != p.Programme.ID {
			continue
		}
		c.at(ownerScope("contract:", k.ID), k.title())
		c.lengths(b)
		c.unitCost(Part{Side: SideNumerator, Layer: "contract", ID: k.ID}, k.PriceFen, b)
		c.progress(p.Programme, k.plannedShare(p.Programme, c.asOf), b)
	}
	for _, none := range []string{"several", "none"} {
		c.owner(b, p.Programme, "contract:"+none, none, PlannedShare(p.Programme, "", c.asOf))
	}
}

// owner writes the rows of an owner that has something.
func (c *completion) owner(b book, p *Programme, scope, name string, share int64) {
	if b[scope] == nil {
		return
	}
	c.at(scope, name)
	c.lengths(b)
	c.progress(p, share, b)
}

func ownerScope(prefix string, id ID) string {
	switch id {
	case ownerNone:
		return prefix + "none"
	case ownerSeveral:
		return prefix + "several"
	}
	return prefix + idString(id)
}

func ownerScopes(prefix string) func(ID, stretch, int64) []scoped {
	names := map[ID]string{}
	return func(owner ID, st stretch, weight int64) []scoped {
		name, ok := names[owner]
		if !ok {
			name = ownerScope(prefix, owner)
			names[owner] = name
		}
		return []scoped{{name, weighed(st.span, weight)}}
	}
}

func (c *completion) byClass(full bool) {
	for _, class := range classScopes(c.classes) {
		name := class
		if name == "" {
			name = "unknown"
		}
		c.at("class:"+class, name)
		if full {
			c.lengths(c.current)
			c.roads()
		} else if c.network[c.scope] != nil {
			c.roadLength()
		}
	}
}

// standing writes the rows of a unit with a task.
func (c *completion) standing(s *Standing) {
	if !s.HasTask() {
		return
	}
	p := c.a.Programmes[c.a.Current].Programme
	c.progress(p, s.PlanPPM, c.current)
	level := Part{Side: SideNumerator, Layer: "programme", ID: p.ID, Amount: int64(s.Level)}
	for _, w := range s.warnings {
		if w.Level == s.Level {
			level.Layer, level.ID = "warning", w.ID
		}
	}
	c.amount("M32 warning_level", UnitCount, []Part{level})
	if s.Rank > 0 {
		c.amount("M33 rank", UnitCount, []Part{{Side: SideNumerator, Layer: "programme", ID: p.ID, Amount: int64(s.Rank)}})
	}
}

// progress writes what the plan wants by now, in metres of the task, and the
// deviation from it. The plan's metres stand in the numerator of the deviation
// as a negative part.
func (c *completion) progress(p *Programme, share int64, b book) {
	completed := b.take(c.scope, counted("completed"))
	task := sumSide(b.take(c.scope, counted("task")), SideNumerator)
	plan := Part{Side: SideNumerator, Layer: "programme", ID: p.ID, Amount: scale(task, share, ppm)}
	c.row("M31 time_progress", UnitPercent, UnitKM, []Part{plan}).over(task)
	plan.Amount = -plan.Amount
	c.row("M31 deviation", UnitPercent, UnitKM, append(slices.Clone(completed), plan)).over(task)
	c.row("M31 spi", UnitRatio, UnitKM, completed).ratio(-plan.Amount, 1)
}

// levels counts the townships at each warning level.
func (c *completion) levels() {
	for i, metric := range []string{"W01 townships_blue", "W02 townships_yellow", "W03 townships_orange", "W04 townships_red"} {
		var parts []Part
		for _, t := range c.a.Townships {
			if t.HasTask() && t.Level == WarningLevel(i+1) {
				parts = append(parts, Part{Side: SideNumerator, Layer: "region", Code: t.Code, Amount: 1})
			}
		}
		c.amount(metric, UnitCount, parts)
	}
}
