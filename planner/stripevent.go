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
	counted chainage.Set   // for any of them
	outside chainage.Set   // in no task at all
}

// toldOf gives the reports on a route in force, by day and id.
func (a *Assessment) toldOf(key routeKey) []told {
	order := a.order()
	tasks := chainage.Union(a.ledger.scopes[key]...)
	events := a.ledger.events[key]
	out := make([]told, 0, len(events))
	for i := range events {
		c := told{event: &events[i], stage: stageIndex(events[i].Stage)}
		if c.stage < 0 {
			continue
		}
		c.tasks = a.ledger.attribute(key, c.event, order)
		c.counted = chainage.Union(c.tasks...)
		c.outside = chainage.NewSet(c.span).Subtract(tasks)
		out = append(out, c)
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
				of, sets = append(of, c), append(sets, c.counted.Union(c.outside))
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
	add := func(e *event, fate fate) {
		s.Events = append(s.Events, StripEvent{
			Progress: e.Progress, Span: e.span, Overrides: overrides[e.ID], Fate: string(fate),
			LabelFrom: s.Road.Calibration.String(e.span.From), LabelTo: s.Road.Calibration.String(e.span.To),
		})
	}
	claims := s.a.toldOf(s.key)
	seen := make([]chainage.Set, len(Stages))
	for i := range claims {
		c := &claims[i]
		add(c.event, s.fateOf(c, seen[c.stage]))
		seen[c.stage] = seen[c.stage].Union(c.counted)
	}
	var gone []chainage.Span
	for i := range s.a.ledger.retired {
		if e := &s.a.ledger.retired[i]; e.key.Road == s.Road.ID {
			add(e, fateRetired)
			gone = append(gone, e.span)
		}
	}
	s.Retired = chainage.NewSet(gone...).Length()
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
	switch {
	case len(c.counted) == 0:
		return fateOutside
	case s.a.ledger.disputes[s.key].Covers(c.counted):
		return fateDisputed
	case seen.Covers(c.counted):
		return fateRepeated
	}
	return fateCounted
}
