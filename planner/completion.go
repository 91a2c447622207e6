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
		c.spread(a.Programmes[a.Current].Works, c.current, c.scopesOf)
	}
	c.spreadNetwork()
	c.county()
	if o.By == "" || o.By == "township" {
		c.townships()
	}
	if o.By == "" || o.By == "township" || o.By == "programme" {
		c.programmes()
	}
	if o.By != "none" && o.By != "programme" {
		c.byClass(o.By == "class")
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
func (c *completion) spread(works []Work, b book, split func(stretch, int64) []scoped) {
	for i := range works {
		w := &works[i]
		put := func(kind string, set chainage.Set, weight int64) {
			for _, st := range c.a.stretches(routeKey{w.Road, w.Version}, set) {
				for _, to := range split(st, weight) {
					if to.amount != 0 {
						b.add(to.scope, kind, st.part(SideNumerator, to.amount))
					}
				}
				if kind == "task" && !st.src.drawnRoute() {
					for _, to := range split(st, weight) {
						b.add(to.scope, "undrawn", st.part(SideNumerator, to.amount))
					}
				}
			}
		}
		rest := w.Scope.Subtract(w.Completed).Subtract(w.CarryOver).Subtract(w.Disputed)
		put("task", w.Scope, hundred)
		put("started", w.Started, hundred)
		put("idle", w.Scope.Subtract(w.Started), hundred)
		put("completed", w.Completed, hundred)
		put("carry", w.CarryOver, hundred)
		put("disputed", w.Disputed, hundred)
		put("rest", rest, hundred)
		c.weigh(w, rest, put)
	}
}

// weigh puts the stage-weighted length of what is not completed, stage by
// stage from the last, and what is still to do of it.
func (c *completion) weigh(w *Work, left chainage.Set, put func(string, chainage.Set, int64)) {
	for stage := len(Stages) - 1; stage >= 0; stage-- {
		here := left.Intersect(w.Stages[stage])
		put("weighed", here, progressWeights[stage])
		put("unweighed", here, -progressWeights[stage])
		left = left.Subtract(here)
	}
	put("unweighed", left, hundred)
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
}

func (c *completion) roadLength() {
	c.amount("C08 road_length", UnitKM, c.network.take(c.scope, counted("length"), onSide(SideUnknown, "length unknown")))
}

func (c *completion) county() {
	c.at(c.a.County.Code, c.a.County.Name)
	c.lengths(c.current)
	if c.a.Current >= 0 {
		c.money(c.a.Programmes[c.a.Current].Programme)
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
	for _, p := range c.a.Programmes {
		scope := fmt.Sprintf("programme:%d", p.Programme.ID)
		b := book{}
		c.spread(p.Works, b, func(st stretch, weight int64) []scoped {
			return []scoped{{scope, weighed(st.span, weight)}}
		})
		c.at(scope, p.Programme.Name)
		c.lengths(b)
		c.money(p.Programme)
		c.progress(p.Programme, PlannedShare(p.Programme, "", c.asOf), b)
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

func (c *completion) money(p *Programme) {
	if p.PlannedFen == nil || p.PaidFen == nil {
		return
	}
	part := Part{Side: SideNumerator, Layer: "programme", ID: p.ID, Amount: *p.PaidFen}
	c.row("M04 investment_rate", UnitPercent, UnitYuan, []Part{part}).over(*p.PlannedFen)
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
	c.row("M31 deviation", UnitPercent, UnitKM, append(completed, plan)).over(task)
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
