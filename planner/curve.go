package planner

import (
	"cmp"
	"slices"
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Curve is how a programme's task was to be done and was done, day by day.
type Curve struct {
	Programme *Programme
	Township  string // empty: the whole programme
	Task      int64  // mm
	Starts    Date
	Deadline  Date
	Points    []CurvePoint // by day; the last is the snapshot's day
	Plan      []PlanMM     // the whole plan, to the deadline
}

// CurvePoint is the state at the end of a day. Started and Completed are the
// metres that count on the snapshot's day and had been reported by then.
type CurvePoint struct {
	On        Date
	Planned   int64 // mm
	Started   int64
	Completed int64
}

// PlanMM is what the plan wants by a day, in mm; between two it is linear.
type PlanMM struct {
	On      Date
	Planned int64
}

// curvePoints is how many points a curve has at most.
const curvePoints = 400

// Curve draws the S-curve of a programme, or of a township's part of it. A zero
// programme is the current one. There is a point on every day on which
// something changes and on every last day of a month; of more than 400 some are
// left out, none of the last ones of months as long as those are no more.
func (a *Assessment) Curve(programme ID, township string) (*Curve, error) {
	i, err := a.programmeAt(programme)
	if err != nil {
		return nil, err
	}
	if township == a.Snapshot.Region.Code {
		township = ""
	}
	if township != "" && township != a.unassigned() && a.scopeOf(township) != township {
		return nil, Errorf(NotFound, "there is no township with code %q in %s", township, a.Snapshot.Region.Code)
	}
	p := a.Programmes[i].Programme
	c := &Curve{Programme: p, Township: township, Starts: p.Starts, Deadline: p.Deadline}
	started, done := map[Date]int64{}, map[Date]int64{}
	for j, list := range a.buildings(i) {
		w := &a.Programmes[i].Works[j]
		for _, b := range list {
			mm := a.amountIn(routeKey{w.Road, w.Version}, b.span, township)
			c.Task += mm
			started[b.started] += mm
			done[b.done] += mm
		}
	}
	c.draw(a.Snapshot.AsOf, started, done)
	return c, nil
}

// amountIn is what of a span belongs to a township; all of it with an empty one.
func (a *Assessment) amountIn(key routeKey, span chainage.Span, township string) int64 {
	if township == "" {
		return span.Length()
	}
	var sum int64
	for _, st := range a.stretches(key, chainage.Set{span}) {
		for _, o := range st.owners(hundred) {
			if a.scopeOf(o.township) == township {
				sum += o.amount
			}
		}
	}
	return sum
}

// draw sums the days up. What has no day is neither begun nor done.
func (c *Curve) draw(asOf Date, started, done map[Date]int64) {
	delete(started, 0)
	delete(done, 0)
	days := c.days(asOf, started, done)
	plan := planPoints(c.Programme, c.Township)
	if len(plan) == 0 {
		plan = planPoints(c.Programme, "")
	}
	for _, on := range append(datesOf(plan), c.Starts, c.Deadline) {
		c.Plan = append(c.Plan, PlanMM{on, c.planned(on)})
		if days[0] <= on && on <= asOf {
			days = append(days, on)
		}
	}
	slices.SortFunc(c.Plan, func(a, b PlanMM) int { return cmp.Compare(a.On, b.On) })
	c.Plan = slices.Compact(c.Plan)
	slices.Sort(days)
	point := CurvePoint{}
	for _, on := range slices.Compact(days) {
		point.On, point.Planned = on, c.planned(on)
		point.Started += started[on]
		point.Completed += done[on]
		c.Points = append(c.Points, point)
	}
	c.Points = thin(c.Points)
}

func (c *Curve) planned(on Date) int64 {
	return scale(c.Task, PlannedShare(c.Programme, c.Township, on), ppm)
}

func datesOf(points []PlanPoint) []Date {
	out := make([]Date, 0, len(points)+2)
	for _, p := range points {
		out = append(out, p.On)
	}
	return out
}

// days are those on which something was reported, the first and the last one,
// and the last ones of the months between.
func (c *Curve) days(asOf Date, started, done map[Date]int64) []Date {
	days := []Date{asOf}
	if c.Starts != 0 && c.Starts < asOf {
		days = append(days, c.Starts)
	}
	for _, reported := range []map[Date]int64{started, done} {
		for on := range reported {
			days = append(days, on)
		}
	}
	first := slices.Min(days)
	for on := first; on < asOf; {
		end := monthEnd(on)
		if end < asOf {
			days = append(days, end)
		}
		on = end + 1
	}
	slices.Sort(days)
	return days
}

// monthEnd is the last day of a day's month.
func monthEnd(on Date) Date {
	t := on.Time()
	return DateOf(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC))
}

// thin leaves points out where there are too many: evenly, of those that are
// neither an end nor the end of a month; then evenly of those as well.
func thin(points []CurvePoint) []CurvePoint {
	if len(points) <= curvePoints {
		return points
	}
	var must, may []int
	for i := range points {
		if i == 0 || i == len(points)-1 || monthEnd(points[i].On) == points[i].On {
			must = append(must, i)
		} else {
			may = append(may, i)
		}
	}
	keep := append(evenly(must, curvePoints), evenly(may, curvePoints-len(must))...)
	slices.Sort(keep)
	out := make([]CurvePoint, len(keep))
	for i, at := range keep {
		out[i] = points[at]
	}
	return out
}

// evenly takes at most n of a list, with its ends.
func evenly(list []int, n int) []int {
	if len(list) <= n {
		return list
	}
	if n < 2 {
		return nil
	}
	out := make([]int, n)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(n-1)]
	}
	return out
}
