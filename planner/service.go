package planner

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/qiantu/qiantu/geo/route"
)

// serviceKind is a kind of place that people travel to.
type serviceKind struct {
	id    string // of its rows
	kind  string // of the facilities
	limit func(*ServiceRules) int64
}

// metric names a row of the kind with the minutes it speaks of: "C50
// school_within_30".
func (k *serviceKind) metric(what string, r *ServiceRules) string {
	return fmt.Sprintf("%s %s_%s_%d", k.id, k.kind, what, k.limit(r)/60_000)
}

// ServiceRules say within how many milliseconds a service counts as near.
type ServiceRules struct {
	SchoolMS, ClinicMS, MarketMS, TownshipSeatMS int64
}

// DefaultServiceRules are our own: half an hour to a school or a clinic, an hour
// to a market or to the township's seat.
func DefaultServiceRules() ServiceRules {
	const minute = 60_000
	return ServiceRules{SchoolMS: 30 * minute, ClinicMS: 30 * minute, MarketMS: 60 * minute, TownshipSeatMS: 60 * minute}
}

// serviceKinds are the services in the order of their rows.
var serviceKinds = []serviceKind{
	{"C50", "school", func(r *ServiceRules) int64 { return r.SchoolMS }},
	{"C51", "clinic", func(r *ServiceRules) int64 { return r.ClinicMS }},
	{"C52", "market", func(r *ServiceRules) int64 { return r.MarketMS }},
	{"C53", "township_seat", func(r *ServiceRules) int64 { return r.TownshipSeatMS }},
}

// Service is how long it takes from a village to the nearest place of a kind.
type Service struct {
	Kind     string
	Facility *Facility // the nearest; nil: none can be reached over what is proven
	MS       int64     // of the fastest way, both access legs walked
	LimitMS  int64
	Within   Ternary // unknown: only over roads of which nobody knows, or there is no such place on record
}

// services are those of every village in the season asked for, by kind and
// village.
func (a *Assessment) services() [][]Service { return a.servicesIn(a.Question.Season) }

// servicesIn are those of a season, made once.
func (a *Assessment) servicesIn(season string) [][]Service {
	held := &a.memo.services[flag(season == route.Wet)]
	held.once.Do(func() {
		held.made = make([][]Service, len(serviceKinds))
		proven, maybe := a.newSurely(Yes, season), a.newSurely(Unknown, season)
		for k := range serviceKinds {
			held.made[k] = a.serve(&serviceKinds[k], proven, maybe)
		}
	})
	return held.made
}

// serviceFacts say how long it takes to the nearest place of each kind that is on
// record, when it is dry and when it is wet; not known: no proven road leads there.
func (a *Assessment) serviceFacts(c *Card, village int) {
	for k := range serviceKinds {
		kind := serviceKinds[k].kind
		if !slices.ContainsFunc(a.Snapshot.Facilities, func(f Facility) bool { return f.Kind == kind }) {
			continue
		}
		for _, in := range []struct{ prefix, season string }{{"", route.Dry}, {"wet_", route.Wet}} {
			fact := Fact{Name: in.prefix + kind + "_minutes", Unit: UnitMinute}
			if s := &a.servicesIn(in.season)[k][village]; s.Facility != nil {
				fact.Value = float64(s.MS) / 60_000
			}
			c.add(fact)
		}
	}
}

// Services are the nearest places of all kinds of a village, by its place in
// Villages.
func (a *Assessment) Services(village int) []Service {
	all := a.services()
	out := make([]Service, len(all))
	for k := range all {
		out[k] = all[k][village]
	}
	return out
}

// surely is the network as it can be driven in a season, over what is proven or over what may be, with where each village meets it.
type surely struct {
	a     *Assessment
	graph *route.Graph
	open  *route.Filter
	snaps []snapped
}

func (a *Assessment) newSurely(sure Ternary, season string) *surely {
	speed := func(payload int32) float64 {
		p := &a.Pieces[payload]
		is := p.proven()
		switch {
		case sure == Yes && (is.Built != BuiltYes || season == route.Wet && is.AllSeason != Yes):
			return 0
		case is.Built == BuiltUnknown:
			supposed := *p
			supposed.Built, supposed.Contested = BuiltYes, false
			return a.Snapshot.Rules.speed(&supposed, season)
		}
		return a.Snapshot.Rules.speed(p, season)
	}
	s := &surely{a: a, graph: a.net.graph, snaps: make([]snapped, len(a.Villages))}
	if g, err := s.graph.WithSpeeds(func(_ int, payload int32) (float64, float64) { return a.Pieces[payload].drive(speed(payload)) }); err == nil {
		s.graph = g
	}
	s.open = s.graph.Filter(func(e int32) bool { return speed(s.graph.Payload(e)) > 0 })
	inParallel(len(s.snaps), func(i int) {
		at, ok := a.net.snap(i, a.Snapshot.Rules.SnapMaxMM, s.open)
		s.snaps[i] = snapped{Snap: at, ok: ok}
	})
	return s
}

// sweep finds the nearest facility of every village by one search.
func (s *surely) sweep(facilities []int) func(village int) (facility int, ms int64, ok bool) {
	var roots []route.Snap
	var of []int
	for _, f := range facilities {
		if at, ok := s.graph.Snap(s.a.Snapshot.Facilities[f].Point, metres(s.a.Snapshot.Rules.SnapMaxMM), s.open); ok {
			roots, of = append(roots, at), append(of, f)
		}
	}
	q := s.graph.NewQuery()
	q.Metric, q.Filter = route.ByTime, s.open
	q.Toward(roots...)
	return func(village int) (int, int64, bool) {
		if !s.snaps[village].ok || len(roots) == 0 {
			return 0, 0, false
		}
		r, ok := q.Reach(s.snaps[village].Snap)
		if !ok {
			return 0, 0, false
		}
		return of[r.Root], r.MS, true
	}
}

func (a *Assessment) serve(k *serviceKind, proven, maybe *surely) []Service {
	var places []int
	for i := range a.Snapshot.Facilities {
		if a.Snapshot.Facilities[i].Kind == k.kind {
			places = append(places, i)
		}
	}
	limit := k.limit(&a.Snapshot.Rules.Services)
	surelyAt, perhapsAt := proven.sweep(places), maybe.sweep(places)
	out := make([]Service, len(a.Villages))
	for i := range out {
		s := Service{Kind: k.kind, LimitMS: limit, Within: No}
		if f, ms, ok := surelyAt(i); ok {
			s.Facility, s.MS = &a.Snapshot.Facilities[f], ms
		}
		_, ms, ok := perhapsAt(i)
		switch {
		case s.Facility != nil && s.MS <= limit:
			s.Within = Yes
		case len(places) == 0 || ok && ms <= limit || !a.Villages[i].Village.Surveyed:
			s.Within = Unknown
		}
		out[i] = s
	}
	return out
}

// services writes the rows on the places that people travel to.
func (c *coverage) services(members []int) {
	all, rules := c.a.services(), &c.a.Snapshot.Rules.Services
	c.rule = "service/1 " + c.a.Snapshot.Rules.Version + " " + cmp.Or(c.a.Question.Season, route.Dry)
	for k := range serviceKinds {
		kind, of := &serviceKinds[k], all[k]
		within := func(v *VillageVerdict) Side { return sideOf(of[c.a.village[v.Village.ID]].Within) }
		c.share(kind.metric("within", rules), members, func(i int) Side { return sideOf(of[i].Within) })
		c.rate(kind.metric("village_within", rules), UnitCount, allSides, c.count(members, within))
		c.amount(kind.id+" "+kind.kind+"_unreachable", UnitCount, c.count(members, only(func(v *VillageVerdict) bool {
			s := &of[c.a.village[v.Village.ID]]
			return s.Facility == nil && s.Within == No
		})))
	}
}
