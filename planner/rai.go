package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// Rural access, three ways: an all-season road within Rules.RAIBufferMM as the
// crow flies; within so much along roads and paths that are there, those not
// for motors too; within Rules.RAIWalkMS on foot, one way. The road need not
// lead to the seat. Feet know no one-way streets.
type raiWay int

const (
	raiBuffer raiWay = iota
	raiNetwork
	raiWalk
	raiWays
)

// raiNames are the metrics of the ways.
var raiNames = [raiWays]string{"M09 rai_buffer", "M10 rai_network", "M10 rai_walk"}

// ruralAccess is what is known of every village.
type ruralAccess struct {
	urban   []bool
	within  [raiWays][]Ternary
	unknown []bool // the season of the nearest road is not known
}

// rural judges the access of every village, once.
func (a *Assessment) rural() *ruralAccess {
	a.memo.rural.Do(func() { a.memo.ruralMade = a.findRural() })
	return a.memo.ruralMade
}

func (a *Assessment) findRural() *ruralAccess {
	n := len(a.Villages)
	r := &ruralAccess{urban: make([]bool, n), unknown: make([]bool, n)}
	for way := range raiWays {
		r.within[way] = make([]Ternary, n)
	}
	strict, lax := a.newStroll(Yes), a.newStroll(Unknown)
	roads := a.net.graph.Filter(func(e int32) bool { return a.net.piece(e).meets(AccessReached) != No })
	rules := &a.Snapshot.Rules
	inParallel(n, func(i int) {
		r.urban[i] = a.urban(i) != ""
		if s, ok := a.net.closest(i, rules.SnapMaxMM, roads); ok {
			r.unknown[i] = a.net.piece(s.Edge).proven().AllSeason == Unknown
		}
		near, far := a.Villages[i].NearRoad, false
		if !near {
			_, far = a.net.closest(i, rules.RAIBufferMM, a.net.lax[AccessConnected])
		}
		r.within[raiBuffer][i] = a.within(i, near, far)
	})
	for i := range n {
		mm, ms := strict.from(i)
		maybeMM, maybeMS := lax.from(i)
		r.within[raiNetwork][i] = a.within(i, mm <= rules.RAIBufferMM, maybeMM <= rules.RAIBufferMM)
		r.within[raiWalk][i] = a.within(i, ms <= rules.RAIWalkMS, maybeMS <= rules.RAIWalkMS)
	}
	return r
}

// within is what is known of a village: nobody knows of one whose roads nobody
// surveyed that it has none.
func (a *Assessment) within(village int, proven, maybe bool) Ternary {
	switch {
	case proven:
		return Yes
	case maybe || !a.Villages[village].Village.Surveyed:
		return Unknown
	}
	return No
}

// stroll measures how far it is on foot to an all-season road, over what is
// proven or over what may be.
type stroll struct {
	a      *Assessment
	goal   *route.Filter // all-season roads
	ground *route.Filter // everything that can be walked
	byMM   *route.Query
	byMS   *route.Query
}

// unreachableFar is further than any limit.
const unreachableFar = int64(1) << 62

// newStroll: what is at least this sure is taken to be.
func (a *Assessment) newStroll(sure Ternary) *stroll {
	s := &stroll{a: a, goal: a.net.strict[AccessConnected]}
	if sure == Unknown {
		s.goal = a.net.lax[AccessConnected]
	}
	s.ground = a.net.graph.Filter(func(e int32) bool {
		p := a.net.piece(e)
		built := p.proven().Built
		return !p.isClosed() && (built == BuiltYes || sure == Unknown && built == BuiltUnknown)
	})
	g, over := a.onFoot(s.ground)
	goals := s.goals(g)
	s.byMM, s.byMS = g.NewQuery(), g.NewQuery()
	s.byMS.Metric = route.ByTime
	for _, q := range []*route.Query{s.byMM, s.byMS} {
		q.Filter, q.Overlay = s.ground, over
		q.Toward(goals...)
	}
	return s
}

// goals are the nodes where a walk over other ground ends on an all-season road.
func (s *stroll) goals(g *route.Graph) []route.Snap {
	var out []route.Snap
	j := s.a.net.junctions()
	for node := range int32(len(j.start) - 1) {
		here, other := false, roadAt{edge: -1}
		for _, r := range j.at(node) {
			switch {
			case s.goal.Allows(r.edge):
				here = true
			case s.ground.Allows(r.edge) && other.edge < 0:
				other = r
			}
		}
		if here && other.edge >= 0 {
			at := geo.Millimetre(0)
			if e := &j.edges[other.edge]; e.Tail != node {
				at = e.Length()
			}
			out = append(out, g.Place(other.edge, at))
		}
	}
	return out
}

// from is how far and how long it is from a village: over each road and path at
// hand, or over the nearest one. The way to it is walked across country, and so
// may be the whole way to the nearest all-season road, where that is faster.
func (s *stroll) from(village int) (mm, ms int64) {
	mm, ms = unreachableFar, unreachableFar
	take := func(at route.Snap) {
		access := int64(at.Access)
		walk := s.straight(village, at)
		if s.goal.Allows(at.Edge) {
			mm, ms = min(mm, access), min(ms, walk)
		}
		if !s.ground.Allows(at.Edge) {
			return
		}
		at.Access = 0
		if r, ok := s.byMM.Reach(at); ok {
			mm = min(mm, access+r.MM)
		}
		if r, ok := s.byMS.Reach(at); ok {
			ms = min(ms, walk+r.MS)
		}
	}
	for _, at := range s.a.net.near[village] {
		take(at)
	}
	if mm == unreachableFar {
		limit := max(s.a.Snapshot.Rules.SnapMaxMM, s.a.Snapshot.Rules.RAIBufferMM)
		if at, ok := s.a.net.snap(village, limit, s.ground); ok {
			take(at)
		}
		if at, ok := s.a.net.snap(village, limit, s.goal); ok {
			take(at)
		}
	}
	return mm, min(ms, s.across(village))
}

// across is how long it is from a village straight to the nearest all-season
// road, as far as a walk may get in the time of the rule: off the path nobody
// goes faster than a millimetre a millisecond.
func (s *stroll) across(village int) int64 {
	rules := &s.a.Snapshot.Rules
	at, ok := s.a.net.snap(village, max(rules.SnapMaxMM, rules.RAIBufferMM, rules.RAIWalkMS), s.goal)
	if !ok {
		return unreachableFar
	}
	return s.straight(village, at)
}

// straight is the time across country to a place.
func (s *stroll) straight(village int, at route.Snap) int64 {
	return geo.Walk(orb.LineString{s.a.Snapshot.Villages[village].Point, at.Point}, s.a.Snapshot.Heights, geo.OffPath).Out
}

// walkKMH is the speed of a walk on a path that is level.
const walkKMH = 5.04

// onFoot is the network with the times of a walk, both ways everywhere: level,
// with the ups and downs of some edges laid over it where heights are known.
func (a *Assessment) onFoot(ground *route.Filter) (*route.Graph, *route.Overlay) {
	g, err := a.net.graph.WithSpeeds(func(int, int32) (float64, float64) { return walkKMH, walkKMH })
	if err != nil {
		g = a.net.graph
	}
	if a.Snapshot.Heights == nil {
		return g, nil
	}
	var changes []route.Change
	for e, w := range a.walks() {
		if ground.Allows(int32(e)) {
			changes = append(changes, route.Change{Edge: int32(e), Forward: w.Out, Backward: w.Back})
		}
	}
	over, err := g.Overlay(changes...)
	if err != nil {
		return g, nil
	}
	return g, over
}

// walks are the times of every edge over the land, made once for a county and
// all its questions.
func (a *Assessment) walks() []geo.Walked {
	memo := a.origin().memo
	memo.walks.Do(func() {
		memo.walksMade = make([]geo.Walked, a.net.graph.Edges())
		inParallel(len(memo.walksMade), func(e int) {
			memo.walksMade[e] = geo.Walk(a.net.graph.Line(int32(e)), a.Snapshot.Heights, geo.OnPath)
		})
	})
	return memo.walksMade
}

// walkGround says what walks are timed on: the land where its heights are known,
// which may be a part of it, else as if level.
func (a *Assessment) walkGround() WalkGround {
	if a.Snapshot.Heights == nil {
		return WalkLevel
	}
	return WalkTerrain
}

// access writes the rows on rural access.
func (c *coverage) access(members []int) {
	r := c.a.rural()
	rural := make([]int, 0, len(members))
	for _, i := range members {
		if !r.urban[i] {
			rural = append(rural, i)
		}
	}
	c.rule = "access/1 " + c.a.Snapshot.Rules.Version + " " + string(c.a.walkGround())
	c.amount("C14 rural_persons", UnitPerson, c.persons(rural, only(func(*VillageVerdict) bool { return true })))
	c.amount("C15 urban_persons", UnitPerson, c.persons(members, only(func(v *VillageVerdict) bool { return r.urban[c.a.village[v.Village.ID]] })))
	for way := range raiWays {
		c.share(raiNames[way], rural, func(i int) Side { return sideOf(r.within[way][i]) })
		c.share(raiNames[way]+"_high", rural, func(i int) Side {
			if r.within[way][i] == No {
				return SideRest
			}
			return SideNumerator
		})
	}
	c.share("M09 rai_unknown_season_share", rural, func(i int) Side {
		if r.unknown[i] {
			return SideNumerator
		}
		return SideRest
	})
}

// share writes a rate of the known persons of some villages: those of whom
// nothing is known stand in the denominator and in unknown; a village of
// unknown persons only adds one to unknown.
func (c *coverage) share(metric string, members []int, side func(i int) Side) *Figure {
	parts := c.persons(members, func(v *VillageVerdict) Side { return side(c.a.village[v.Village.ID]) })
	var known int64
	for _, i := range members {
		n, _ := c.a.Villages[i].Village.Persons()
		known += n
	}
	f := c.row(metric, UnitPercent, UnitPerson, parts)
	return f.over(known)
}
