package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// told is what a report says of a route in force, and what of it counts.
type told struct {
	*event
	stage   int
	tasks   []chainage.Set // by programme: what of it counts for whom
	failed  []chainage.Set // by programme: what an inspection took out; empty: nothing
	whose   []chainage.Set // by programme: whose metres they are, whether they count or not
	outside chainage.Set   // in no task at all, and not void
}

// toldOf gives the reports on a route in force, by day and id.
func (a *Assessment) toldOf(key routeKey) []told {
	order, l := a.order(), a.ledger
	tasks := chainage.Union(l.scopes[key]...)
	sharing := l.sharing(key)
	split := func(e *event, set chainage.Set) []chainage.Set {
		out := make([]chainage.Set, len(order))
		sharing.share(e, set, order, func(i int, span chainage.Span) { out[i] = append(out[i], span) })
		return out
	}
	events := l.events[key]
	out := make([]told, 0, len(events))
	for i := range events {
		e := &events[i]
		stage := stageIndex(e.Stage)
		if stage < 0 {
			continue
		}
		counted, failed := l.standing(e, stage)
		t := told{event: e, stage: stage, tasks: split(e, counted), outside: counted.Subtract(tasks)}
		t.failed, t.whose = t.tasks[:0:0], t.tasks
		if len(failed) > 0 {
			t.failed = split(e, failed)
		}
		if len(counted) != 1 || counted[0] != e.span {
			t.whose = split(e, chainage.Set{e.span})
		}
		out = append(out, t)
	}
	return out
}

// order are the programmes in order of their first day.
func (a *Assessment) order() []*Programme {
	out := make([]*Programme, len(a.Programmes))
	for i := range a.Programmes {
		out[i] = a.Programmes[i].Programme
	}
	return out
}

// stages lays out the union of each stage, cut where the reports over it differ.
func (s *stripper) stages() {
	claims := s.a.toldOf(s.key)
	for stage := range Stages {
		var of []*told
		var sets []chainage.Set
		for i := range claims {
			if c := &claims[i]; c.stage == stage {
				of, sets = append(of, c), append(sets, chainage.Union(c.tasks...).Union(c.outside))
			}
		}
		var spans []StripSpan
		for _, l := range overlay(sets) {
			spans = append(spans, stripSpan(of, l))
		}
		if len(spans) > 0 {
			s.Stages = append(s.Stages, StripStage{Stages[stage], spans})
		}
	}
}

func stripSpan(of []*told, l layered) StripSpan {
	first := of[l.claims[0]]
	out := StripSpan{Span: l.span, On: first.On, Reporter: first.Reporter, Times: len(l.claims)}
	for _, i := range l.claims {
		out.Events = append(out.Events, of[i].ID)
	}
	return out
}

// reports lists what was reported on the route, also what is retired.
func (s *stripper) reports() {
	overrides := s.overrides()
	add := func(e *event, fate fate, label func(int64) string) {
		s.Events = append(s.Events, StripEvent{
			Progress: e.Progress, Span: e.span, Overrides: overrides[e.ID], Fate: string(fate),
			LabelFrom: label(e.span.From), LabelTo: label(e.span.To),
		})
	}
	claims := s.a.toldOf(s.key)
	seen := make([]chainage.Set, len(Stages))
	for i := range claims {
		c := &claims[i]
		add(c.event, s.fateOf(c, seen[c.stage]), s.Road.Calibration.String)
		seen[c.stage] = seen[c.stage].Union(chainage.Union(c.tasks...))
	}
	gone := map[routeKey][]chainage.Span{}
	for i := range s.a.ledger.retired {
		if e := &s.a.ledger.retired[i]; e.key.Road == s.Road.ID {
			add(e, fateRetired, chainage.FormatLabel) // the labels of its version are gone with it
			gone[e.key] = append(gone[e.key], e.span)
		}
	}
	for i := range s.a.Programmes {
		for _, w := range s.a.Programmes[i].Gone {
			if key := (routeKey{w.Road, w.Version}); w.Road == s.Road.ID {
				gone[key] = append(gone[key], w.Retired...)
			}
		}
	}
	for _, spans := range gone {
		s.Retired += chainage.NewSet(spans...).Length()
	}
	slices.SortStableFunc(s.Events, func(a, b StripEvent) int {
		return cmp.Or(cmp.Compare(a.Progress.On, b.Progress.On), cmp.Compare(a.Progress.ID, b.Progress.ID), cmp.Compare(a.Span.From, b.Span.From))
	})
}

func (s *stripper) overrides() map[string][]Override {
	out := map[string][]Override{}
	for _, o := range s.a.Snapshot.Overrides {
		out[o.Progress] = append(out[o.Progress], o)
	}
	return out
}

// fateOf says what became of a report; seen is what earlier ones of its stage
// have already.
func (s *stripper) fateOf(c *told, seen chainage.Set) fate {
	counted, failed := chainage.Union(c.tasks...), chainage.Union(c.failed...)
	switch {
	case len(chainage.Union(c.whose...)) == 0:
		return fateOutside
	case len(counted) == 0 && len(failed) == 0:
		return fateVoid
	case len(counted) == 0:
		return fateFailed
	case s.a.ledger.held(s.key, c.stage).Covers(counted):
		return fateDisputed
	case seen.Covers(counted):
		return fateRepeated
	}
	return fateCounted
}
