package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// built is an interval of a task that was begun on one day and done on one day;
// zero days: not begun, not done. Only metres that count on the snapshot's day
// have days, so that those begun are Work.Started and those done Work.Completed.
type built struct {
	span          chainage.Span
	started, done Date
}

// buildings are the intervals of every work of a programme.
func (a *Assessment) buildings(programme int) [][]built {
	out := make([][]built, len(a.Programmes[programme].Works))
	inParallel(len(out), func(i int) { out[i] = a.builtOf(programme, &a.Programmes[programme].Works[i]) })
	return out
}

// builtOf tells when each metre of a work was begun and done, in order along
// the route; neighbours with the same days are one.
func (a *Assessment) builtOf(programme int, w *Work) []built {
	completing := stageIndex(a.Programmes[programme].Programme.CompletingStage)
	var started, done firsts
	for _, c := range a.toldOf(routeKey{w.Road, w.Version}) {
		task, begun := c.tasks[programme], c.tasks[programme]
		if len(c.failed) > 0 {
			begun = begun.Union(c.failed[programme])
		}
		started.add(begun.Intersect(w.Started), c.On)
		if c.stage == completing {
			done.add(task.Intersect(w.Completed), c.On)
		}
	}
	started.add(w.Started, a.Snapshot.AsOf)
	done.add(w.Completed, a.Snapshot.AsOf)
	return joinDays(w.Scope, started.sorted(), done.sorted())
}

// firsts collects on which day each place was first met; days come in order.
type firsts struct {
	seen  chainage.Set
	spans []dated
}

type dated struct {
	span chainage.Span
	on   Date
}

func (f *firsts) add(set chainage.Set, on Date) {
	fresh := set.Subtract(f.seen)
	if len(fresh) == 0 {
		return
	}
	for _, span := range fresh {
		f.spans = append(f.spans, dated{span, on})
	}
	f.seen = f.seen.Union(fresh)
}

func (f *firsts) sorted() []dated {
	slices.SortFunc(f.spans, func(a, b dated) int { return cmp.Compare(a.span.From, b.span.From) })
	return f.spans
}

// joinDays cuts a task where one of two days changes.
func joinDays(task chainage.Set, started, done []dated) []built {
	var borders []int64
	for _, list := range [][]dated{started, done} {
		for _, d := range list {
			borders = append(borders, d.span.From, d.span.To)
		}
	}
	slices.Sort(borders)
	var out []built
	i, j, k := 0, 0, 0
	for _, span := range task {
		for at := span.From; at < span.To; {
			for k < len(borders) && borders[k] <= at {
				k++
			}
			next := span.To
			if k < len(borders) {
				next = min(next, borders[k])
			}
			out = appendBuilt(out, built{chainage.Span{From: at, To: next}, dayAt(started, &i, at), dayAt(done, &j, at)})
			at = next
		}
	}
	return out
}

// dayAt is the day of a place; places are asked for in order.
func dayAt(list []dated, next *int, at int64) Date {
	for *next < len(list) && list[*next].span.To <= at {
		*next++
	}
	if *next < len(list) && list[*next].span.From <= at {
		return list[*next].on
	}
	return 0
}

func appendBuilt(out []built, b built) []built {
	if n := len(out); n > 0 && out[n-1].span.To == b.span.From && out[n-1].started == b.started && out[n-1].done == b.done {
		out[n-1].span.To = b.span.To
		return out
	}
	return append(out, b)
}

// programmeAt finds a programme; zero is the current one.
func (a *Assessment) programmeAt(id ID) (int, error) {
	if id == 0 {
		if a.Current < 0 {
			return 0, Errorf(NotFound, "no programme of %s had begun by %s; name one", a.Snapshot.Region.Code, a.Snapshot.AsOf)
		}
		return a.Current, nil
	}
	for i := range a.Programmes {
		if a.Programmes[i].Programme.ID == id {
			return i, nil
		}
	}
	return 0, Errorf(NotFound, "there is no programme with number %d in %s", id, a.Snapshot.Region.Code)
}
