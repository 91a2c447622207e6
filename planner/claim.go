package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// taskClaims are what reports say of a programme's task on one route.
type taskClaims struct {
	spans    [][]chainage.Span // by stage
	failed   []chainage.Span   // acceptance that an inspection took out
	clean    []chainage.Span   // completing stage, of reports that needed no override
	answered bool              // some report of the completing stage needed one
}

func (c *taskClaims) stages() []chainage.Set {
	out := make([]chainage.Set, len(c.spans))
	for stage, spans := range c.spans {
		out[stage] = chainage.NewSet(spans...)
	}
	return out
}

// claimsOn collects, by programme, what counts of the reports on a route.
func (l *ledger) claimsOn(key routeKey, order []*Programme) []taskClaims {
	out := make([]taskClaims, len(order))
	for i := range out {
		out[i].spans = make([][]chainage.Span, len(Stages))
	}
	sharing := l.sharing(key)
	for i := range l.events[key] {
		e := &l.events[key][i]
		stage := stageIndex(e.Stage)
		if stage < 0 {
			continue
		}
		counted, failed := l.standing(e, stage)
		overridden := l.overridden[e.ID]
		sharing.share(e, counted, order, func(i int, span chainage.Span) {
			c := &out[i]
			c.spans[stage] = append(c.spans[stage], span)
			if stage == stageIndex(order[i].CompletingStage) {
				c.answered = c.answered || overridden
				if !overridden {
					c.clean = append(c.clean, span)
				}
			}
		})
		sharing.share(e, failed, order, func(i int, span chainage.Span) { out[i].failed = append(out[i].failed, span) })
	}
	return out
}

// standing gives what of a report counts, and what an inspection took out.
func (l *ledger) standing(e *event, stage int) (counted, failed chainage.Set) {
	counted = chainage.Set{e.span}
	if len(l.bars) == 0 {
		return counted, nil
	}
	bars := l.bars[e.key]
	for i := range bars {
		if b := &bars[i]; !b.failed && b.meets(stage, e.On) {
			counted = counted.Subtract(chainage.NewSet(b.span))
		}
	}
	for i := range bars {
		if b := &bars[i]; b.failed && b.meets(stage, e.On) {
			failed = failed.Union(counted.Clip(b.span.From, b.span.To))
		}
	}
	return counted.Subtract(failed), failed
}

// sharing shares the metres of reports among the tasks of one route.
type sharing struct {
	scopes []chainage.Set
	only   int // the one programme that has a task here; -1: several have
}

func (l *ledger) sharing(key routeKey) sharing {
	s := sharing{l.scopes[key], -1}
	for i, set := range s.scopes {
		if len(set) > 0 && s.only >= 0 {
			return sharing{s.scopes, -1}
		}
		if len(set) > 0 {
			s.only = i
		}
	}
	return s
}

// share says which part of a report counts for which programme. A report that
// names its programme counts there and nowhere else. One that names none
// counts, metre by metre, for the latest programme that had begun on its day
// and has the metre in its scope; a metre that only later programmes have
// counts for the first of them.
func (s *sharing) share(e *event, set chainage.Set, order []*Programme, put func(int, chainage.Span)) {
	if len(set) == 0 || len(s.scopes) == 0 {
		return
	}
	left := set
	take := func(i int) {
		if len(s.scopes[i]) == 0 || len(left) == 0 {
			return
		}
		for _, span := range left.Intersect(s.scopes[i]) {
			put(i, span)
		}
		if s.only < 0 {
			left = left.Subtract(s.scopes[i])
		}
	}
	if e.Programme != 0 {
		if i := slices.IndexFunc(order, func(p *Programme) bool { return p.ID == e.Programme }); i >= 0 {
			take(i)
		}
		return
	}
	if s.only >= 0 {
		take(s.only)
		return
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
}

// attribute says, by programme, whose task the metres of a report are, whether
// or not something keeps them from counting.
func (l *ledger) attribute(key routeKey, e *event, order []*Programme) []chainage.Set {
	out := make([]chainage.Set, len(order))
	sharing := l.sharing(key)
	sharing.share(e, chainage.NewSet(e.span), order, func(i int, span chainage.Span) { out[i] = append(out[i], span) })
	return out
}
