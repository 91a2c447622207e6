package planner

import (
	"cmp"
	"fmt"
	"slices"
)

// progressWeights are the cumulative weights of Stages in per cent (domain 2.1:
// clearing 5, roadbed 35, subbase 5, base 15, surface 30, the rest 10): a stage
// that is reached implies those before it.
var progressWeights = []int64{5, 40, 45, 60, 90, 100, 100}

// completion writes the completion report.
type completion struct {
	sheet
	*roadSums
	a    *Assessment // that the report is of; its sums may be those of another
	open *opening    // nil: nothing is opened
}

// opening says which figures of a report are to be opened down to their parts.
type opening struct {
	metric string // as it is asked for; empty: all
	scope  string // everyScope: all
}

func (o *opening) scopeOf() string {
	if o == nil {
		return ""
	}
	return o.scope
}

func (a *Assessment) reportCompletion(o ReportOptions, open *opening) []Figure {
	c := &completion{sheet: sheet{asOf: a.Snapshot.AsOf, rule: "completion/1"}, a: a, open: open}
	if open == nil {
		c.roadSums = a.keptSums()
	} else {
		c.roadSums = a.newSums(open.scope)
	}
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
	case "state":
		c.byState()
	case "village":
		c.byVillage()
	case "contract":
		c.byContract()
	}
	return c.figures
}

// lengths writes the rows that every scope of a programme has.
func (c *completion) lengths(b *book) {
	apart := []pick{onSide(SideCarryOver, kindCarry), onSide(SideDisputed, kindDisputed)}
	for _, m := range []struct {
		metric string
		picks  []pick
	}{
		{"C01 planned_length", []pick{counted(kindTask)}},
		{"C02 started_length", []pick{counted(kindStarted)}},
		{"C03 completed_length", append([]pick{counted(kindCompleted)}, apart...)},
		{"C04 remaining_length", []pick{counted(kindRest, kindCarry, kindDisputed)}},
		{"C05 carry_over_length", []pick{counted(kindCarry)}},
		{"C06 disputed_length", []pick{counted(kindDisputed)}},
		{"C07 not_drawn_length", []pick{counted(kindUndrawn)}},
		{"C09 retired_length", []pick{counted(kindRetired)}},
		{"C40 accepted_length", []pick{counted(kindAccepted)}},
		{"C41 failed_length", []pick{counted(kindFailed)}},
		{"C42 two_contracts_length", []pick{counted(kindSeveral)}},
		{"C43 repeated_length", []pick{counted(kindRepeated)}},
		{"C44 overridden_length", []pick{counted(kindOverridden)}},
	} {
		c.length(m.metric, b, m.picks...)
	}
	c.share("M01 start_rate", taskSides, b, counted(kindStarted), onSide(SideRest, kindIdle))
	c.share("M02 completion_rate", taskSides, b, append([]pick{counted(kindCompleted), onSide(SideRest, kindRest)}, apart...)...)
	c.share("M03 physical_progress", taskSides, b,
		counted(kindCompleted, kindWeighed), onSide(SideRest, kindUnweighed), onSide(SideCarryOver, kindCarry), onSide(SideDisputed, kindHeld))
}

// made writes a row on lengths of roads.
func (c *completion) made(metric string, unit Unit, b *book, picks ...pick) *Figure {
	m := b.take(c.scope, picks...)
	f := c.row(metric, unit, UnitKM, nil)
	f.Numerator, f.Unknown, f.Made = m.sum(SideNumerator), m.sum(SideUnknown), m
	if c.open != nil && (c.open.metric == "" || f.isCalled(c.open.metric)) {
		f.Parts = m.parts()
	}
	return f
}

// length writes a plain length.
func (c *completion) length(metric string, b *book, picks ...pick) {
	f := c.made(metric, UnitKM, b, picks...)
	value := float64(f.Numerator) / perUnit(UnitKM)
	f.Value = &value
}

// count writes a number of stretches.
func (c *completion) count(metric string, b *book, picks ...pick) {
	f := c.made(metric, UnitCount, b, picks...)
	value := float64(f.Numerator)
	f.Basis, f.Value = UnitCount, &value
}

// share writes a percentage of the lengths on the given sides.
func (c *completion) share(metric string, whole []Side, b *book, picks ...pick) {
	f := c.made(metric, UnitPercent, b, picks...)
	f.over(f.Made.sum(whole...))
}

// roads writes the rows on all roads of a scope.
func (c *completion) roads() {
	c.roadLength()
	c.share("M06 hardened_rate", knownSides, c.network,
		counted(kindHardened), onSide(SideRest, kindNotHardened), onSide(SideUnknown, kindHardenedUnknown, kindBuiltUnknown))
	c.share("M08 all_season_rate", knownSides, c.network,
		counted(kindSeason), onSide(SideRest, kindNotSeason), onSide(SideUnknown, kindSeasonUnknown, kindBuiltUnknown))
	unknown := onSide(SideUnknown, kindUnevaluated)
	c.share("M11 good_fair_rate", knownSides, c.network, counted(kindGood, kindFair), onSide(SideRest, kindPoor), unknown)
	c.share("M11 good_rate", knownSides, c.network, counted(kindGood), onSide(SideRest, kindFair, kindPoor), unknown)
}

func (c *completion) roadLength() {
	c.length("C08 road_length", c.network, counted(kindLength), onSide(SideUnknown, kindLengthUnknown))
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
		if t.Code == c.a.unassigned() && !c.current.has(t.Code) && !c.network.has(t.Code) {
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
		c.at(scope, p.Programme.Name)
		b := newBook(c.open.scopeOf())
		c.spreadWhole(p, b, scope)
		c.lengths(b)
		c.money(p.Programme, b)
		c.progress(p.Programme, PlannedShare(p.Programme, "", c.asOf), b)
	}
	if c.a.Current >= 0 {
		c.sources(c.a.Programmes[c.a.Current].Programme)
	}
}

func (c *completion) byClass(full bool) {
	for _, class := range classScopes(c.classes) {
		c.at("class:"+class, className(class))
		if full {
			c.lengths(c.current)
			c.roads()
			if c.a.Current >= 0 && c.current.has(c.scope) {
				p := c.a.Programmes[c.a.Current].Programme
				c.progress(p, PlannedShare(p, "", c.asOf), c.current)
			}
		} else if c.network.has(c.scope) {
			c.roadLength()
		}
	}
}

// className is what a class is called, where one is not known too.
func className(class string) string { return cmp.Or(class, "unknown") }

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

// progress writes what the plan wants by now, in metres of the task, the
// deviation from it, and what is completed of it. The plan's metres stand in
// the numerator of the deviation as a negative part.
func (c *completion) progress(p *Programme, share int64, b *book) {
	task := b.take(c.scope, counted(kindTask)).sum(SideNumerator)
	wanted := scale(task, share, ppm)
	plan := Part{Side: SideNumerator, Layer: "programme", ID: p.ID, Amount: wanted}
	c.row("M31 time_progress", UnitPercent, UnitKM, []Part{plan}).over(task)
	f := c.made("M31 deviation", UnitPercent, b, counted(kindCompleted))
	plan.Amount = -wanted
	f.Parts, f.Numerator = append(f.Parts, plan), f.Numerator-wanted
	f.over(task)
	c.made("M31 spi", UnitRatio, b, counted(kindCompleted)).ratio(wanted, 1)
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
