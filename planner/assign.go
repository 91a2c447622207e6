package planner

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner/solve"
)

// AssignOptions say who is to be sent where.
type AssignOptions struct {
	Sites  []ID   // among these; nil: all that have places left
	Open   int    // at most so many of them; 0: as many as need be
	Split  bool   // a village may be divided among sites; not together with Open
	Metric string // "m" (default): least person-metres; "s": least person-seconds; both by road when dry
	Limits solve.Limits
}

// AssignPlan sends villages to sites. The objective is person-metres or
// person-seconds, each way rounded to whole ones.
type AssignPlan struct {
	solve.Outcome
	Split  bool
	Metric string
	Rows   []AssignRow // by village, then site
	Left   []AssignLeft
	Sites  []SiteDecision
	Ways   []WaySummary // straight, dry, wet, minutes dry, walk
}

// AssignRow is who of a village goes to a site.
type AssignRow struct {
	Way        DistanceRow // dry
	WetMM      *int64      // nil: unreachable when wet
	WetMS      *int64
	Households int64
	Persons    int64
	Masked     bool // its households, or others of the same village, are too few to be shown
}

// AssignLeft is a village that no site can be found for.
type AssignLeft struct {
	Village ID
	Name    string
	Persons *int64 // nil: not known
	Why     DecisionWhy
}

// WhyUnreachable is of a village from which no road leads to any of the sites.
const WhyUnreachable DecisionWhy = "unreachable"

// WaySummary is over persons: nil where nobody has such a way.
type WaySummary struct {
	Name                 string // straight_m, dry_m, wet_m, dry_of_wet_m, dry_min, access_walk_min
	Mean, Median, Max    *float64
	Over20km             *float64 // share in percent; of lengths only
	Persons, Unreachable int64
}

// mover is a village that has to move.
type mover struct {
	at   int
	rest people
}

// Assign sends those who have to move and have not signed (planned moves, and
// all of a village of high or extreme hazard) to sites, within the capacities
// of [Assessment.SiteCapacity], so that the ways are shortest in all. Villages
// are kept whole unless Split. With Open it also chooses the sites: a
// capacitated p-median. It says who cannot be sent anywhere and why; what does
// not fit is [solve.Infeasible] with the reason.
func (a *Assessment) Assign(ctx context.Context, o AssignOptions) (*AssignPlan, error) {
	c := newAssignCase(a, o)
	if err := c.ready(); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, noPlan(ctx)
	}
	if len(c.who) == 0 {
		c.p.Status = solve.Optimal
		return c.p, nil
	}
	if c.p.Reason = c.tooLarge(); c.p.Reason != "" {
		c.p.Status, c.p.Objective, c.p.Bound = solve.Infeasible, math.Inf(1), math.Inf(1)
		return c.p, nil
	}
	return c.p, c.solve(ctx)
}

// assignCase is an assignment while it is made.
type assignCase struct {
	a        *Assessment
	o        AssignOptions
	p        *AssignPlan
	capacity []SiteCapacity
	sites    []int // those that may be used
	who      []mover
	ways     [][]DistanceRow // by site, then mover
}

func newAssignCase(a *Assessment, o AssignOptions) *assignCase {
	return &assignCase{a: a, o: o, p: &AssignPlan{Split: o.Split, Metric: cmp.Or(o.Metric, "m")}}
}

func (c *assignCase) ready() error {
	metric, err := metricOf(c.o.Metric)
	switch {
	case err != nil:
		return err
	case c.o.Open < 0:
		return Errorf(Invalid, "%d sites cannot be opened; write 1 or more, or 0 for as many as need be", c.o.Open)
	case c.o.Open > 0 && c.o.Split:
		return Errorf(Invalid, "which sites to open is decided for whole villages; leave the split out, or divide villages among given sites")
	case !(c.o.Limits.Gap >= 0) || math.IsInf(c.o.Limits.Gap, 0) || c.o.Limits.Threads < 0:
		return Errorf(Invalid, "the gap %v with %d threads is no limit; write a gap such as 0.01, and 0 threads or more", c.o.Limits.Gap, c.o.Limits.Threads)
	}
	c.capacity = c.a.SiteCapacity()
	for _, id := range c.o.Sites {
		if _, ok := c.a.site[id]; !ok {
			return Errorf(Invalid, "there is no site %d in %s", id, c.a.Snapshot.Region.Code)
		}
	}
	for _, i := range sitesByFree(c.capacity) {
		if c.o.Sites == nil || slices.Contains(c.o.Sites, c.a.Snapshot.Sites[i].ID) {
			c.sites = append(c.sites, i)
		}
	}
	if err := c.gather(); err != nil {
		return err
	}
	if len(c.who) > 0 && len(c.sites) > 0 {
		c.measure(metric)
	}
	return nil
}

// gather finds who has to move.
func (c *assignCase) gather() error {
	d := &decideCase{a: c.a}
	d.prices.DecideOptions, _ = DecideOptions{}.filled(&c.a.Snapshot.Rules)
	if err := d.gather(); err != nil {
		return err
	}
	for i := range d.cases {
		v := &d.cases[i]
		village := c.a.Villages[v.at].Village
		switch must := v.planned[1] || hazardous(village); {
		case !must || v.why == WhyMoved:
		case !v.known:
			c.p.Left = append(c.p.Left, AssignLeft{village.ID, village.Name, nil, WhyPersonsUnknown})
		case hazardous(village):
			c.who = append(c.who, mover{v.at, v.rest})
		default:
			c.who = append(c.who, mover{v.at, people{min(v.left.households, v.rest.households), min(v.left.persons, v.rest.persons)}})
		}
	}
	return nil
}

// measure finds the ways and leaves out whom no road leads to a site.
func (c *assignCase) measure(metric route.Metric) {
	villages := make([]int, len(c.who))
	for i := range c.who {
		villages[i] = c.who[i].at
	}
	c.ways = make([][]DistanceRow, len(c.sites))
	inParallel(len(c.sites), func(k int) { c.ways[k] = c.a.dryTo(metric, &c.a.Snapshot.Sites[c.sites[k]], villages) })
	kept := 0
	for i, m := range c.who {
		reach := false
		for k := range c.ways {
			reach = reach || c.ways[k][i].MM != nil
			c.ways[k][kept] = c.ways[k][i]
		}
		if reach {
			c.who[kept] = m
			kept++
			continue
		}
		v := c.a.Villages[m.at].Village
		c.p.Left = append(c.p.Left, AssignLeft{v.ID, v.Name, &m.rest.persons, WhyUnreachable})
	}
	c.who = c.who[:kept]
}

// tooLarge says in words what plainly does not fit.
func (c *assignCase) tooLarge() string {
	var need, room, most int64
	for _, s := range c.sites {
		room, most = room+c.capacity[s].Free, max(most, c.capacity[s].Free)
	}
	for _, m := range c.who {
		need += m.rest.persons
		if v := c.a.Villages[m.at].Village; !c.o.Split && m.rest.persons > most {
			return fmt.Sprintf("village %d %s has %d persons to move and is kept whole; the most places left at a site are %d", v.ID, v.Name, m.rest.persons, most)
		}
	}
	if need > room {
		return fmt.Sprintf("%d persons have to move, and the sites have %d places left: %d are missing", need, room, need-room)
	}
	return ""
}

// cost is the person-metres or person-seconds of a mover to a site.
func (c *assignCase) cost(k, i int) float64 {
	way := &c.ways[k][i]
	switch {
	case way.MM == nil:
		return math.Inf(1)
	case c.p.Metric == "s":
		return float64(c.who[i].rest.persons * ((*way.MS + 500) / 1000))
	}
	return float64(c.who[i].rest.persons * ((*way.MM + 500) / 1000))
}

func (c *assignCase) solve(ctx context.Context) error {
	costs, demand, room := c.model()
	if c.o.Open > 0 {
		found, err := (&solve.CapMedian{Costs: costs, Demand: demand, Capacity: room, P: c.o.Open}).Solve(ctx, c.o.Limits)
		if err != nil {
			return Errorf(Invalid, "the sites cannot be chosen: %v", err)
		}
		c.p.Outcome = found.Outcome
		c.explain(found.Cut)
		for i, k := range found.Site {
			c.row(i, int(k), demand[i])
		}
	} else {
		found, err := solve.Assign(ctx, &solve.Assignment{Costs: costs, Demand: demand, Capacity: room, Split: c.o.Split}, c.o.Limits)
		if err != nil {
			return Errorf(Invalid, "the villages cannot be assigned: %v", err)
		}
		c.p.Outcome = found.Outcome
		c.explain(found.Cut)
		c.rows(found)
	}
	if c.p.Status == solve.Stopped && len(c.p.Rows) == 0 {
		return noPlan(ctx)
	}
	c.finish()
	c.wet()
	c.p.Ways = c.summary()
	return nil
}

// model puts who has to move and the sites as the solver reads them.
func (c *assignCase) model() (costs solve.Costs, demand, room []int64) {
	costs.Sites = len(c.sites)
	demand, room = make([]int64, len(c.who)), make([]int64, len(c.sites))
	for i := range c.who {
		row := make([]float64, len(c.sites))
		for k := range c.sites {
			row[k] = c.cost(k, i)
		}
		costs.Rows, demand[i] = append(costs.Rows, row), c.who[i].rest.persons
	}
	for k, s := range c.sites {
		room[k] = c.capacity[s].Free
	}
	return costs, demand, room
}

func (c *assignCase) rows(found *solve.Assigned) {
	for x := range found.From {
		c.row(int(found.From[x]), int(found.To[x]), found.Amount[x])
	}
}

// explain puts the reason into words that name villages and sites.
func (c *assignCase) explain(cut *solve.Shortage) {
	switch {
	case c.p.Status != solve.Infeasible:
	case cut != nil:
		names := make([]string, len(cut.Suppliers))
		for i, k := range cut.Suppliers {
			names[i] = c.a.Snapshot.Sites[c.sites[k]].Name
		}
		c.p.Reason = fmt.Sprintf("%d persons of %d villages can reach these sites only: %s, which have %d places left: %d are missing",
			cut.Demand, len(cut.Demanders), strings.Join(names, ", "), cut.Capacity, cut.Missing())
	case c.o.Open > 0:
		c.p.Reason = fmt.Sprintf("no %d of the sites take all villages, each kept whole; allow more sites", c.o.Open)
	default:
		c.p.Reason = "the villages fit only when some are divided; allow that"
	}
}

func (c *assignCase) row(i, k int, persons int64) {
	rest := c.who[i].rest
	switch {
	case persons <= 0:
	case k == len(c.sites): // left behind, as [Assessment.Flow] may
		v := c.a.Villages[c.who[i].at].Village
		c.p.Left = append(c.p.Left, AssignLeft{v.ID, v.Name, &persons, WhyFull})
	default:
		c.p.Rows = append(c.p.Rows, AssignRow{Way: c.ways[k][i], Persons: persons, Households: scale(rest.households, persons, rest.persons)})
	}
}

// finish gives divided villages whole households, and counts what sites have.
func (c *assignCase) finish() {
	slices.SortFunc(c.p.Rows, func(x, y AssignRow) int {
		return cmp.Or(cmp.Compare(x.Way.From, y.Way.From), cmp.Compare(x.Way.To, y.Way.To))
	})
	last := map[ID]int{}
	given, placed, used := map[ID]int64{}, map[ID]int64{}, map[ID]int64{}
	for i := range c.p.Rows {
		r := &c.p.Rows[i]
		last[r.Way.From] = i
		given[r.Way.From] += r.Households
		placed[r.Way.From] += r.Persons
		used[r.Way.To] += r.Persons
	}
	for i := range c.who {
		id := c.a.Villages[c.who[i].at].Village.ID
		if at, ok := last[id]; ok && placed[id] == c.who[i].rest.persons {
			c.p.Rows[at].Households += c.who[i].rest.households - given[id]
		}
	}
	for i := range c.a.Snapshot.Sites {
		s := &c.a.Snapshot.Sites[i]
		c.p.Sites = append(c.p.Sites, SiteDecision{Site: s.ID, Name: s.Name, Capacity: c.capacity[i], Used: used[s.ID]})
	}
	c.mask()
}

// mask hides small counts of households, and all of a village of which one is
// hidden, so that none is the rest of another.
func (c *assignCase) mask() {
	small := map[ID]bool{}
	for _, r := range c.p.Rows {
		if r.Households > 0 && r.Households < c.a.Snapshot.Rules.MaskBelow {
			small[r.Way.From] = true
		}
	}
	for i := range c.p.Rows {
		c.p.Rows[i].Masked = small[c.p.Rows[i].Way.From]
	}
}

// wet measures the chosen ways in the wet season, the shortest ones.
func (c *assignCase) wet() {
	villages := make([]int, len(c.who))
	for i := range c.who {
		villages[i] = c.who[i].at
	}
	t := c.a.travel(route.Wet, villages)
	for k := range c.sites {
		site := &c.a.Snapshot.Sites[c.sites[k]]
		var rows []*AssignRow
		var from []int
		for i := range c.p.Rows {
			if r := &c.p.Rows[i]; r.Way.To == site.ID {
				rows, from = append(rows, r), append(from, c.a.village[r.Way.From])
			}
		}
		for i, way := range t.toSite(route.ByLength, site, from) {
			rows[i].WetMM, rows[i].WetMS = way.MM, way.MS
		}
	}
}

// summary is the distances of all who move, over persons. Where fewer have a way
// when wet, dry_of_wet_m is the dry one of those same persons. access_walk_min is
// the walk to the road and from it, not all the way.
func (c *assignCase) summary() []WaySummary {
	dry, wet := c.dryMetres(), c.summed("wet_m", aMetre, true, func(r *AssignRow) *int64 { return r.WetMM })
	out := []WaySummary{
		c.summed("straight_m", aMetre, true, func(r *AssignRow) *int64 { return &r.Way.StraightMM }),
		dry, wet,
		c.dryMinutes(),
		c.summed("access_walk_min", aMinute, false, func(r *AssignRow) *int64 { return r.Way.WalkOutMS }),
	}
	if wet.Persons != dry.Persons {
		out = append(out, c.summed("dry_of_wet_m", aMetre, true, func(r *AssignRow) *int64 {
			if r.WetMM == nil {
				return nil
			}
			return r.Way.MM
		}))
	}
	return out
}

// Base units in one of the unit shown.
const (
	aMetre  = 1000
	aMinute = 60_000
)

func (c *assignCase) dryMetres() WaySummary {
	return c.summed("dry_m", aMetre, true, func(r *AssignRow) *int64 { return r.Way.MM })
}

func (c *assignCase) dryMinutes() WaySummary {
	return c.summed("dry_min", aMinute, false, func(r *AssignRow) *int64 { return r.Way.MS })
}

func (c *assignCase) summed(name string, per float64, isLength bool, of func(*AssignRow) *int64) WaySummary {
	s := WaySummary{Name: name}
	var legs []leg
	var sum float64
	var far int64
	for i := range c.p.Rows {
		r := &c.p.Rows[i]
		at := of(r)
		if at == nil {
			s.Unreachable += r.Persons
			continue
		}
		legs = append(legs, leg{move: r.Way.From, far: *at, persons: r.Persons})
		s.Persons += r.Persons
		sum += float64(*at) * float64(r.Persons)
		if *at > farMM {
			far += r.Persons
		}
	}
	if s.Persons == 0 {
		return s
	}
	slices.SortFunc(legs, func(x, y leg) int { return cmp.Compare(x.far, y.far) })
	shown := func(v float64) *float64 { return &v }
	s.Mean, s.Median, s.Max = shown(sum/float64(s.Persons)/per), shown(float64(legs[median(legs)].far)/per), shown(float64(legs[len(legs)-1].far)/per)
	if isLength {
		s.Over20km = shown(100 * float64(far) / float64(s.Persons))
	}
	return s
}
