package planner

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Standing is how far a township, or the county, has got with the current
// programme. Lengths are millimetres.
type Standing struct {
	Code      string // region code; unassigned:COUNTY for what no township has
	Name      string
	Planned   int64
	Completed int64
	PlanPPM   int64 // planned share of the task on the day
	Level     WarningLevel
	Rank      int // competition rank; 0: not ranked, for it has no task
	warnings  []Warning
}

// HasTask reports whether anything is planned there. A unit without a task has
// no rate, no level and no rank.
func (s *Standing) HasTask() bool { return s.Planned > 0 }

// unassigned is the scope of metres that no township of the county has.
func (a *Assessment) unassigned() string { return "unassigned:" + a.Snapshot.Region.Code }

// scopeOf is the scope of a township code: the township's, or unassigned.
func (a *Assessment) scopeOf(township string) string {
	_, ok := slices.BinarySearchFunc(a.Snapshot.Townships, township, func(r Region, code string) int {
		return cmp.Compare(r.Code, code)
	})
	if !ok {
		return a.unassigned()
	}
	return township
}

// stand computes the standing of the county and each township.
func (a *Assessment) stand() {
	a.County = Standing{Code: a.Snapshot.Region.Code, Name: a.Snapshot.Region.Name}
	place := map[string]int{}
	for _, t := range a.Snapshot.Townships {
		place[t.Code] = len(a.Townships)
		a.Townships = append(a.Townships, Standing{Code: t.Code, Name: t.Name})
	}
	place[a.unassigned()] = len(a.Townships)
	a.Townships = append(a.Townships, Standing{Code: a.unassigned(), Name: "unassigned"})
	if a.Current >= 0 {
		a.sumStandings(place)
	}
	if last := len(a.Townships) - 1; !a.Townships[last].HasTask() {
		a.Townships = a.Townships[:last]
	}
	a.warn()
	rank(a.Townships)
}

func (a *Assessment) sumStandings(place map[string]int) {
	for _, w := range a.Programmes[a.Current].Works {
		add := func(set chainage.Set, field func(*Standing) *int64) {
			for _, st := range a.stretches(routeKey{w.Road, w.Version}, set) {
				*field(&a.County) += st.span.Length()
				for _, o := range st.owners(hundred) {
					*field(&a.Townships[place[a.scopeOf(o.township)]]) += o.amount
				}
			}
		}
		add(w.Scope, func(s *Standing) *int64 { return &s.Planned })
		add(w.Completed, func(s *Standing) *int64 { return &s.Completed })
	}
}

// warn sets the levels: from the lag behind the plan, raised by hand.
func (a *Assessment) warn() {
	if a.Current < 0 {
		return
	}
	p := a.Programmes[a.Current].Programme
	judge := func(s *Standing) {
		if !s.HasTask() {
			return
		}
		s.PlanPPM = PlannedShare(p, s.Code, a.Snapshot.AsOf)
		s.Level = lagLevel(s, p, a.Snapshot.AsOf, a.Snapshot.Rules.WarningStepsPPM)
		for _, w := range a.Snapshot.Warnings {
			if w.Township == s.Code {
				s.Level = max(s.Level, w.Level)
				s.warnings = append(s.warnings, w)
			}
		}
	}
	judge(&a.County)
	for i := range a.Townships {
		judge(&a.Townships[i])
	}
}

// lagLevel is the level of domain rule 2.8 without hysteresis, which needs the
// reports that were published before. A step is reached exactly at its lag.
func lagLevel(s *Standing, p *Programme, asOf Date, steps [4]int64) WarningLevel {
	if asOf > p.Deadline && s.Completed < s.Planned {
		return WarningRed
	}
	level := WarningNone
	for i, step := range steps {
		// (plan - completed/planned) >= step, in whole numbers
		if atLeast(s.PlanPPM-step, s.Planned, ppm, s.Completed) {
			level = WarningLevel(i + 1)
		}
	}
	return level
}

// atLeast reports a*b >= c*d exactly; c and d are not negative.
func atLeast(a, b, c, d int64) bool {
	if a < 0 || b < 0 {
		return false
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	hi2, lo2 := bits.Mul64(uint64(c), uint64(d))
	return hi > hi2 || hi == hi2 && lo >= lo2
}

// PlannedShare is the planned cumulative share of a township's task on a day in
// parts per million: along the township's own plan points, else the
// programme's, else linear from Starts to Deadline. A curve begins with nothing
// on Starts and ends with everything on Deadline.
func PlannedShare(p *Programme, township string, on Date) int64 {
	points := planPoints(p, township)
	if len(points) == 0 {
		points = planPoints(p, "")
	}
	before := PlanPoint{On: p.Starts}
	for _, next := range append(points, PlanPoint{On: p.Deadline, SharePPM: ppm}) {
		if on < next.On {
			return between(before, next, on)
		}
		if next.On >= before.On {
			before = next
		}
	}
	return before.SharePPM
}

func planPoints(p *Programme, township string) []PlanPoint {
	var out []PlanPoint
	for _, point := range p.Plan {
		if point.Township == township && point.On <= p.Deadline {
			out = append(out, point)
		}
	}
	slices.SortStableFunc(out, func(a, b PlanPoint) int { return cmp.Compare(a.On, b.On) })
	return out
}

// between is linear between two points; on is before the second.
func between(before, next PlanPoint, on Date) int64 {
	if on <= before.On {
		return before.SharePPM
	}
	rise := next.SharePPM - before.SharePPM
	return before.SharePPM + rise*int64(on-before.On)/int64(next.On-before.On)
}

// rank gives competition ranks: by rate, then by completed length; equals share
// a rank, and units without a task have none.
func rank(units []Standing) {
	order := make([]int, 0, len(units))
	for i := range units {
		if units[i].HasTask() {
			order = append(order, i)
		}
	}
	better := func(x, y int) int {
		a, b := &units[x], &units[y]
		return cmp.Or(compareRates(b, a), cmp.Compare(b.Completed, a.Completed))
	}
	slices.SortStableFunc(order, better)
	for place, i := range order {
		units[i].Rank = place + 1
		if place > 0 && better(order[place-1], i) == 0 {
			units[i].Rank = units[order[place-1]].Rank
		}
	}
}

// compareRates compares two completion rates exactly.
func compareRates(a, b *Standing) int {
	ahi, alo := bits.Mul64(uint64(a.Completed), uint64(b.Planned))
	bhi, blo := bits.Mul64(uint64(b.Completed), uint64(a.Planned))
	return cmp.Or(cmp.Compare(ahi, bhi), cmp.Compare(alo, blo))
}
