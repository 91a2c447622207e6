package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// routeKey is a road in one of its versions: what intervals are measured on.
type routeKey struct {
	Road    ID
	Version int32
}

func (r routeKey) compare(o routeKey) int {
	return cmp.Or(cmp.Compare(r.Road, o.Road), cmp.Compare(r.Version, o.Version))
}

// Work is the state of a programme's task on one route version, as sets of its
// internal measure. Co-routed metres are in none of them. Completed, CarryOver,
// Disputed and what is left of Scope partition the task.
type Work struct {
	Road      ID
	Version   int32
	Scope     chainage.Set // the task
	Started   chainage.Set // any stage reported, without CarryOver
	Claimed   chainage.Set // completing stage reported for this programme
	Completed chainage.Set // Claimed without CarryOver and Disputed: the numerator
	CarryOver chainage.Set // completed by an earlier programme
	Disputed  chainage.Set // claimed or carried over, and held out
	Stages    []chainage.Set
}

// ProgrammeWork is a programme with its work on every route, by road.
type ProgrammeWork struct {
	Programme *Programme
	Works     []Work
}

// ledger holds the intervals of the snapshot by route.
type ledger struct {
	routes   []routeKey
	passages *passages                   // nil: no route has changed
	scopes   map[routeKey][]chainage.Set // by programme, in order of start
	events   map[routeKey][]event        // by day and id
	retired  []event                     // on no version in force
	disputes map[routeKey]chainage.Set
	corouted map[routeKey]chainage.Set
}

// byStart orders programmes by their first day: the later is the current one.
func byStart(programmes []Programme) []*Programme {
	out := make([]*Programme, len(programmes))
	for i := range programmes {
		out[i] = &programmes[i]
	}
	slices.SortFunc(out, func(a, b *Programme) int {
		return cmp.Or(cmp.Compare(a.Starts, b.Starts), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func newLedger(s *Snapshot, order []*Programme) *ledger {
	l := &ledger{
		scopes: map[routeKey][]chainage.Set{}, events: map[routeKey][]event{}, passages: newPassages(s),
		disputes: map[routeKey]chainage.Set{}, corouted: map[routeKey]chainage.Set{},
	}
	for i := range s.Roads {
		if r := &s.Roads[i]; len(r.CoRouted) > 0 {
			l.corouted[routeKey{r.ID, r.Version}] = chainage.NewSet(r.CoRouted...)
		}
	}
	l.addScopes(order)
	l.addEvents(s.Progress)
	for _, d := range s.Disputes {
		if !d.isOpen() {
			continue
		}
		parts, _ := l.passages.trace(routeKey{d.Road, d.Version}, d.Span)
		for _, p := range parts {
			l.disputes[p.key] = l.disputes[p.key].Union(chainage.NewSet(p.span))
		}
	}
	return l
}

func (l *ledger) addScopes(order []*Programme) {
	spans := map[routeKey][][]chainage.Span{}
	for i, p := range order {
		for _, item := range p.Scope {
			parts, _ := l.passages.trace(routeKey{item.Road, item.Version}, item.Span)
			for _, part := range parts {
				if spans[part.key] == nil {
					spans[part.key] = make([][]chainage.Span, len(order))
					l.routes = append(l.routes, part.key)
				}
				spans[part.key][i] = append(spans[part.key][i], part.span)
			}
		}
	}
	slices.SortFunc(l.routes, routeKey.compare)
	for key, byProgramme := range spans {
		sets := make([]chainage.Set, len(order))
		for i := range byProgramme {
			sets[i] = chainage.NewSet(byProgramme[i]...).Subtract(l.corouted[key])
		}
		l.scopes[key] = sets
	}
}

// works judges every route that is in the scope of a programme.
func (l *ledger) works(order []*Programme) []ProgrammeWork {
	out := make([]ProgrammeWork, len(order))
	for i, p := range order {
		out[i].Programme = p
	}
	for _, key := range l.routes {
		l.judge(key, order, out)
	}
	return out
}

func (l *ledger) judge(key routeKey, order []*Programme, out []ProgrammeWork) {
	scopes := l.scopes[key]
	staged := l.staged(key, order)
	var earlier chainage.Set // completed by the programmes before
	for i, p := range order {
		if len(scopes[i]) == 0 {
			continue
		}
		w := Work{Road: key.Road, Version: key.Version, Scope: scopes[i], Stages: staged[i]}
		w.Claimed = staged[i][stageIndex(p.CompletingStage)]
		carried := scopes[i].Intersect(earlier)
		w.Started = chainage.Union(staged[i]...).Subtract(carried)
		w.Disputed = w.Claimed.Union(carried).Intersect(l.disputes[key])
		w.CarryOver = carried.Subtract(w.Disputed)
		w.Completed = w.Claimed.Subtract(carried).Subtract(w.Disputed)
		earlier = earlier.Union(w.Claimed)
		out[i].Works = append(out[i].Works, w)
	}
}

// staged gives, by programme and stage, the union of what was reported inside
// the programme's scope.
func (l *ledger) staged(key routeKey, order []*Programme) [][]chainage.Set {
	spans := make([][][]chainage.Span, len(order))
	for i := range spans {
		spans[i] = make([][]chainage.Span, len(Stages))
	}
	for i := range l.events[key] {
		e := &l.events[key][i]
		stage := stageIndex(e.Stage)
		if stage < 0 {
			continue
		}
		for i, set := range l.attribute(key, e, order) {
			spans[i][stage] = append(spans[i][stage], set...)
		}
	}
	out := make([][]chainage.Set, len(order))
	for i := range out {
		out[i] = make([]chainage.Set, len(Stages))
		for stage := range Stages {
			out[i][stage] = chainage.NewSet(spans[i][stage]...)
		}
	}
	return out
}

// attribute says which part of a report counts for which programme. A report
// that names its programme counts there and nowhere else. One that names none
// counts, metre by metre, for the latest programme that had begun on its day
// and has the metre in its scope; a metre that only later programmes have
// counts for the first of them.
func (l *ledger) attribute(key routeKey, e *event, order []*Programme) []chainage.Set {
	scopes := l.scopes[key]
	out := make([]chainage.Set, len(order))
	left := chainage.NewSet(e.span)
	take := func(i int) {
		out[i] = left.Intersect(scopes[i])
		left = left.Subtract(scopes[i])
	}
	if e.Programme != 0 {
		for i, p := range order {
			if p.ID == e.Programme {
				take(i)
			}
		}
		return out
	}
	begun := 0
	for begun < len(order) && order[begun].Starts <= e.On {
		begun++
	}
	for i := begun - 1; i >= 0; i-- {
		take(i)
	}
	for i := begun; i < len(order); i++ {
		take(i)
	}
	return out
}

// stageIndex is the place of a stage in Stages; an unknown stage gives -1, and
// an empty one (a programme that does not say what completes it) the surface.
func stageIndex(s Stage) int {
	if s == "" {
		s = StageSurface
	}
	return slices.Index(Stages, s)
}
