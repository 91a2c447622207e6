package planner

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Assessment is everything judged of a snapshot, once: what stands on every
// metre of road, whom the network reaches, whose water is safe, and how far
// each township is behind its plan. It is never changed after Assess and may be
// read by many goroutines.
type Assessment struct {
	Snapshot   *Snapshot
	Programmes []ProgrammeWork // in order of their first day
	Current    int             // the programme that the region's rows speak of; -1: none
	Pieces     []Piece         // by route and measure; those of the halo last
	Villages   []VillageVerdict
	Townships  []Standing // of the current programme, by code; then Unassigned
	County     Standing
	Question   Question // what was asked otherwise than the county says; see [Assessment.Ask]

	base     *Assessment // what was asked; nil: nothing
	ledger   *ledger
	routes   []routeKey
	sources  map[routeKey][]*stretchSource
	worksOf  map[routeKey][]*Work
	kept     []bool              // by route of the ledger: its works are those of an earlier assessment; nil: none are
	piecesOf map[routeKey][2]int // where the pieces of a route begin and end
	roads    map[ID]*Road
	village  map[ID]int
	site     map[ID]int
	net      *network
	memo     *memo
	siteMemo *siteMemo
	masks    *masks
	supplies [2]*Supply // of the year, and of the dry season

	sitesAsked map[ID]siteEdit // what the question supposes of sites
	dry        *dryWays
}

// Assess judges a snapshot. The order of the snapshot's slices does not matter:
// what comes out is ordered by id.
func Assess(s *Snapshot) *Assessment { return AssessAfter(nil, s) }

// AssessAfter gives what Assess gives, to the last bit, and takes over from an
// earlier assessment what was measured there of geometry that is still the
// same. A change of one fact of a county is judged in a fraction of the time.
// A nil earlier one is none; it is not kept.
func AssessAfter(old *Assessment, s *Snapshot) *Assessment {
	if old != nil && old.base != nil {
		old = old.base
	}
	a := assessRoads(old, s)
	a.net = newNetwork(a, old)
	a.Villages, _ = a.judgeVillages(context.Background()) // nobody stops it
	a.divideWater(old)
	a.masks = a.findMasks()
	return a
}

// assessRoads is [AssessAfter] of the roads alone, without network, villages and
// masks: all that the completion report is made of. What it gives has to be no
// earlier one of AssessAfter.
func assessRoads(old *Assessment, s *Snapshot) *Assessment {
	s = sorted(s)
	order := byStart(s.Programmes)
	a := &Assessment{Snapshot: s, ledger: newLedger(s, order), Current: current(order, s.AsOf), memo: &memo{}, siteMemo: &siteMemo{}, dry: &dryWays{}}
	a.index()
	a.keep(old, order)
	a.Programmes = a.ledger.worksOr(order, func(route int) []Work {
		if a.kept == nil || !a.kept[route] {
			return nil
		}
		return oldWorks(old, a.ledger.routes[route], len(order))
	})
	a.indexWorks()
	a.measureWorks()
	a.findSources()
	a.takeMeasures(old)
	a.Pieces = a.pieces(a.keepPieces(old))
	a.stand()
	return a
}

// sorted copies the snapshot with every slice in order of id.
func sorted(s *Snapshot) *Snapshot {
	c := *s
	c.Townships = sortedBy(s.Townships, func(a, b Region) int { return cmp.Compare(a.Code, b.Code) })
	c.Villages = sortedBy(s.Villages, func(a, b Village) int { return cmp.Compare(a.ID, b.ID) })
	c.Roads = sortedBy(s.Roads, func(a, b Road) int { return cmp.Compare(a.ID, b.ID) })
	c.Segments = sortedBy(s.Segments, compareSegments)
	c.Programmes = sortedBy(s.Programmes, func(a, b Programme) int { return cmp.Compare(a.ID, b.ID) })
	c.Progress = sortedBy(s.Progress, func(a, b Progress) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID)) })
	c.Contracts = sortedBy(s.Contracts, func(a, b Contract) int { return cmp.Compare(a.ID, b.ID) })
	c.Inspections = sortedBy(s.Inspections, func(a, b Inspection) int { return cmp.Compare(a.ID, b.ID) })
	c.Mappings = sortedBy(s.Mappings, func(a, b Mapping) int { return cmp.Compare(a.ID, b.ID) })
	c.Versions = sortedBy(s.Versions, func(a, b RoadVersion) int {
		return cmp.Or(cmp.Compare(a.Road, b.Road), cmp.Compare(a.Number, b.Number))
	})
	c.Overrides = sortedBy(s.Overrides, func(a, b Override) int {
		return cmp.Or(cmp.Compare(a.Progress, b.Progress), cmp.Compare(a.Rule, b.Rule))
	})
	c.Funding = sortedBy(s.Funding, func(a, b FundingItem) int { return cmp.Compare(a.ID, b.ID) })
	c.Totals = sortedBy(s.Totals, func(a, b FundingTotal) int { return cmp.Compare(a.ID, b.ID) })
	c.Attachments = sortedBy(s.Attachments, func(a, b Attachment) int { return cmp.Compare(a.Hash, b.Hash) })
	c.Disputes = sortedBy(s.Disputes, func(a, b Dispute) int { return cmp.Compare(a.ID, b.ID) })
	c.Warnings = sortedBy(s.Warnings, func(a, b Warning) int { return cmp.Compare(a.ID, b.ID) })
	c.Duties = sortedBy(s.Duties, func(a, b Duty) int { return cmp.Compare(a.ID, b.ID) })
	c.Water = sortedBy(s.Water, func(a, b WaterProject) int { return cmp.Compare(a.ID, b.ID) })
	c.Surveys = sortedBy(s.Surveys, func(a, b WaterSurvey) int {
		return cmp.Or(cmp.Compare(a.Village, b.Village), cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID))
	})
	c.Sites = sortedBy(s.Sites, func(a, b Site) int { return cmp.Compare(a.ID, b.ID) })
	c.Moves = sortedBy(s.Moves, func(a, b Move) int { return cmp.Compare(a.ID, b.ID) })
	c.Facilities = sortedBy(s.Facilities, func(a, b Facility) int { return cmp.Compare(a.ID, b.ID) })
	c.References = sortedBy(s.References, func(a, b Reference) int { return cmp.Compare(a.ID, b.ID) })
	return &c
}

func compareSegments(a, b Segment) int {
	if a.Halo != b.Halo {
		if a.Halo {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Road, b.Road), cmp.Compare(a.Span.From, b.Span.From))
}

// sortedBy moves each thing once: what is sorted are their places.
func sortedBy[T any](in []T, compare func(a, b T) int) []T {
	if slices.IsSortedFunc(in, compare) {
		return in
	}
	order := make([]int32, len(in))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { return cmp.Or(compare(in[x], in[y]), cmp.Compare(x, y)) })
	out := make([]T, len(in))
	for i, at := range order {
		out[i] = in[at]
	}
	return out
}

// current is the programme with the latest first day that has come.
func current(order []*Programme, asOf Date) int {
	at := -1
	for i, p := range order {
		if p.Starts <= asOf {
			at = i
		}
	}
	return at
}

func (a *Assessment) index() {
	a.roads, a.village, a.site = map[ID]*Road{}, map[ID]int{}, map[ID]int{}
	for i := range a.Snapshot.Roads {
		a.roads[a.Snapshot.Roads[i].ID] = &a.Snapshot.Roads[i]
	}
	for i := range a.Snapshot.Villages {
		a.village[a.Snapshot.Villages[i].ID] = i
	}
	for i := range a.Snapshot.Sites {
		a.site[a.Snapshot.Sites[i].ID] = i
	}
}

func (a *Assessment) indexWorks() {
	a.worksOf = map[routeKey][]*Work{}
	for i := range a.Programmes {
		for j := range a.Programmes[i].Works {
			w := &a.Programmes[i].Works[j]
			key := routeKey{w.Road, w.Version}
			if a.worksOf[key] == nil {
				a.worksOf[key] = make([]*Work, len(a.Programmes))
			}
			a.worksOf[key][i] = w
		}
	}
}

// measureWorks finds what every work adds to the figures, once for all reports.
func (a *Assessment) measureWorks() {
	var works []*Work
	for i := range a.Programmes {
		a.Programmes[i].eachWork(func(w *Work) { works = append(works, w) })
	}
	inParallel(len(works), func(i int) {
		if works[i].amounts == nil {
			works[i].amounts = amountsOf(works[i])
		}
	})
}

// findSources lists what the metres of each route are cut from: its segments,
// and what no segment covers. Routes that only a task names (an older version,
// a road that is gone) have sources too, so that no metre of a task is lost,
// but give no pieces.
func (a *Assessment) findSources() {
	a.sources = map[routeKey][]*stretchSource{}
	for i := range a.Snapshot.Segments {
		if seg := &a.Snapshot.Segments[i]; !seg.Halo {
			key := routeKey{seg.Road, seg.Version}
			a.sources[key] = append(a.sources[key], newSource(seg, a.roads[seg.Road]))
		}
	}
	for key := range a.sources {
		a.routes = append(a.routes, key)
	}
	for i := range a.Snapshot.Roads {
		r := &a.Snapshot.Roads[i]
		key := routeKey{r.ID, r.Version}
		if len(a.sources[key]) == 0 {
			a.routes = append(a.routes, key)
		}
		a.fill(key, r, chainage.NewSet(chainage.Span{To: r.Length}))
	}
	slices.SortFunc(a.routes, routeKey.compare)
	for _, key := range a.ledger.routes {
		road := a.roads[key.Road]
		if road == nil {
			road = &Road{ID: key.Road}
		}
		if road.Version != key.Version {
			undrawn := *road
			undrawn.Line, road = nil, &undrawn
		}
		a.fill(key, road, chainage.Union(a.ledger.scopes[key]...))
	}
	for _, key := range a.ledger.gone.routes {
		road := Road{ID: key.Road}
		if r := a.roads[key.Road]; r != nil {
			road.Class, road.Township = r.Class, r.Township
		}
		a.fill(key, &road, chainage.Union(a.ledger.gone.scopes[key]...))
	}
	for _, sources := range a.sources {
		slices.SortFunc(sources, func(x, y *stretchSource) int { return cmp.Compare(x.span.From, y.span.From) })
	}
}

// fill adds sources for what of a set no source covers yet.
func (a *Assessment) fill(key routeKey, r *Road, set chainage.Set) {
	covered := make([]chainage.Span, 0, len(a.sources[key]))
	for _, src := range a.sources[key] {
		covered = append(covered, src.span)
	}
	for _, span := range set.Subtract(chainage.NewSet(covered...)) {
		line := cutRoad(r, span)
		a.sources[key] = append(a.sources[key], &stretchSource{road: r, span: span, line: line})
	}
}

func cutRoad(r *Road, span chainage.Span) orb.LineString {
	whole := stretchSource{span: chainage.Span{To: r.Length}, line: r.Line}
	return whole.cut(span)
}
