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

// Work is the state of a programme's task on one route version in force, as
// sets of its internal measure. Co-routed metres are in none of them. Completed,
// CarryOver, Disputed and what is left of Scope partition the task.
type Work struct {
	Road      ID
	Version   int32
	Scope     chainage.Set // the task
	Started   chainage.Set // any stage reported, without CarryOver
	Claimed   chainage.Set // completing stage reported for this programme
	Completed chainage.Set // Claimed without CarryOver and Disputed: the numerator
	CarryOver chainage.Set // completed by an earlier programme
	Disputed  chainage.Set // claimed or carried over, and held out by a case of the completing stage or an earlier one
	Stages    []chainage.Set

	Accepted   chainage.Set // acceptance reported, without CarryOver and what is in dispute
	Failed     chainage.Set // acceptance reported, taken out by an inspection, and not accepted again
	Repeated   chainage.Set // of Claimed: reported more than once
	Overridden chainage.Set // of Completed: only by reports that somebody answered for
	Retired    chainage.Set // in ProgrammeWork.Gone alone: was of the task

	weighing []chainage.Set // Stages without what cases hold
	own      chainage.Set   // of Disputed: what is not carried over

	villages  []ownedSet // of Scope, or of Retired; they partition it
	contracts []ownedSet
	amounts   []amount // what it adds to its scopes
}

// ProgrammeWork is a programme with its work on every route, by road.
type ProgrammeWork struct {
	Programme *Programme
	Works     []Work
	Gone      []Work // metres of the task that a change of route retired, on the versions they were lost on
}

// ledger holds the intervals of the snapshot by route, lifted onto the versions
// in force.
type ledger struct {
	holdings
	gone       holdings
	passages   *passages               // nil: no route has changed
	events     map[routeKey][]event    // by day and id
	retired    []event                 // on no version in force
	cases      map[routeKey][]caseSpan // open disputes
	awards     map[routeKey][]award    // in order of their day
	bars       map[routeKey][]bar
	measured   map[routeKey][]evaluated // in order of their day
	corouted   map[routeKey]chainage.Set
	overridden map[string]bool // reports with an override
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
		events: map[routeKey][]event{}, passages: newPassages(s), corouted: map[routeKey]chainage.Set{}, overridden: map[string]bool{},
		cases: map[routeKey][]caseSpan{}, awards: map[routeKey][]award{}, bars: map[routeKey][]bar{}, measured: map[routeKey][]evaluated{},
	}
	for i := range s.Roads {
		if r := &s.Roads[i]; len(r.CoRouted) > 0 {
			l.corouted[routeKey{r.ID, r.Version}] = chainage.NewSet(r.CoRouted...)
		}
	}
	for i := range s.Overrides {
		l.overridden[s.Overrides[i].Progress] = true
	}
	l.addHoldings(s, order)
	l.addEvents(s.Progress)
	l.addDisputes(s, order)
	l.addInspections(s)
	return l
}

// works judges every route that is in the scope of a programme.
func (l *ledger) works(order []*Programme) []ProgrammeWork {
	return l.worksOr(order, func(int) []Work { return nil })
}

// worksOr takes over what an earlier assessment has of a route.
func (l *ledger) worksOr(order []*Programme, kept func(route int) []Work) []ProgrammeWork {
	out := make([]ProgrammeWork, len(order))
	for i, p := range order {
		out[i].Programme = p
	}
	routes := make([][]Work, len(l.routes))
	inParallel(len(routes), func(n int) {
		if routes[n] = kept(n); routes[n] == nil {
			routes[n] = l.judge(l.routes[n], order)
		}
	})
	for n, key := range l.routes {
		for i := range order {
			if len(l.scopes[key][i]) > 0 {
				out[i].Works = append(out[i].Works, routes[n][i])
			}
		}
	}
	for _, key := range l.gone.routes {
		for i, set := range l.gone.scopes[key] {
			if len(set) > 0 {
				out[i].Gone = append(out[i].Gone, Work{
					Road: key.Road, Version: key.Version, Retired: set,
					villages: l.gone.byVillage(key, i, set), contracts: l.gone.byContract(key, i, set, nil),
				})
			}
		}
	}
	return out
}

// judge gives the work of each programme on a route.
func (l *ledger) judge(key routeKey, order []*Programme) []Work {
	out := make([]Work, len(order))
	claims := l.claimsOn(key, order)
	var earlier, sure chainage.Set // completed by the programmes before; of it what no case holds
	for i, p := range order {
		task := l.scopes[key][i]
		if len(task) == 0 {
			continue
		}
		w := Work{Road: key.Road, Version: key.Version, Scope: task, Stages: claims[i].stages()}
		done := stageIndex(p.CompletingStage)
		w.Claimed = w.Stages[done]
		w.Repeated = chainage.Repeated(claims[i].spans[done]...)
		carried, held := task.Intersect(earlier), l.held(key, done)
		l.accept(&w, chainage.NewSet(claims[i].failed...), carried)
		w.own = w.Claimed.Subtract(carried).Intersect(held)
		w.Disputed = w.own.Union(carried.Subtract(sure))
		w.CarryOver = carried.Intersect(sure)
		w.Completed = w.Claimed.Subtract(carried).Subtract(held)
		w.weighing = l.weighing(key, w.Stages)
		if claims[i].answered {
			w.Overridden = w.Completed.Subtract(chainage.NewSet(claims[i].clean...))
		}
		w.villages = l.byVillage(key, i, task)
		w.contracts = l.byContract(key, i, task, l.awards[key])
		earlier, sure = earlier.Union(w.Claimed), sure.Union(w.Claimed.Subtract(held))
		out[i] = w
	}
	return out
}

// weighing is what was done of each stage and no case holds.
func (l *ledger) weighing(key routeKey, stages []chainage.Set) []chainage.Set {
	if len(l.cases[key]) == 0 {
		return stages
	}
	out := make([]chainage.Set, len(stages))
	for stage, set := range stages {
		out[stage] = set.Subtract(l.held(key, stage))
	}
	return out
}

// accept sets what was accepted, what failed, and what was begun: metres that
// failed were begun.
func (l *ledger) accept(w *Work, failed, carried chainage.Set) {
	stage := stageIndex(StageAcceptance)
	accepted := w.Stages[stage]
	w.Accepted = accepted.Subtract(carried).Subtract(l.held(routeKey{w.Road, w.Version}, stage))
	w.Failed = failed.Subtract(accepted)
	w.Started = chainage.Union(append(w.Stages[:len(w.Stages):len(w.Stages)], failed)...).Subtract(carried)
}

// stageIndex is the place of a stage in Stages; an unknown stage gives -1, and
// an empty one (a programme that does not say what completes it) the surface.
func stageIndex(s Stage) int {
	if s == "" {
		s = StageSurface
	}
	return slices.Index(Stages, s)
}
