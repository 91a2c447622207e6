package api

import (
	"context"
	"slices"

	"github.com/qiantu/qiantu/planner"
)

// Scenarios of a fake store are in memory, by county in order of id.

func (f *fakeStore) Scenarios(_ context.Context, county string) ([]planner.Scenario, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.scenarios[county]), f.err
}

func (f *fakeStore) Scenario(_ context.Context, county string, id planner.ID) (*planner.Scenario, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if sc := f.scenario(county, id); sc != nil {
		out := *sc
		out.Edits = slices.Clone(sc.Edits)
		return &out, nil
	}
	return nil, planner.Errorf(planner.NotFound, "there is no scenario %d in county %s", id, county)
}

func (f *fakeStore) scenario(county string, id planner.ID) *planner.Scenario {
	for i := range f.scenarios[county] {
		if f.scenarios[county][i].ID == id {
			return &f.scenarios[county][i]
		}
	}
	return nil
}

// fact puts every base behind, as a change of facts does.
func (f *fakeStore) fact(county string) {
	for i := range f.scenarios[county] {
		f.scenarios[county][i].Base.Behind++
		f.scenarios[county][i].Base.Fresh = false
	}
}

// planning commits a change of scenarios.
func (l *fakeLedger) planning(county string) int64 {
	f := l.store
	f.mu.Lock()
	f.revision++
	c := planner.Change{Revision: f.revision, Counties: []string{county}, Layers: []string{"scenario"}}
	f.mu.Unlock()
	if l.changes != nil {
		go func() {
			select {
			case l.changes <- c:
			case <-l.gone:
			}
		}()
	}
	return c.Revision
}

func (l *fakeLedger) AddScenario(_ context.Context, county string, sc *planner.Scenario, _ ...planner.Once) (planner.ID, int64, error) {
	id := l.id()
	l.store.mu.Lock()
	if l.store.scenarios == nil {
		l.store.scenarios = map[string][]planner.Scenario{}
	}
	next := *sc
	next.ID, next.Version, next.Changed = id, 1, day
	author(&next, sc.By)
	next.Base.Revision, next.Base.At, next.Steps = l.store.revision, day, []planner.ScenarioStep{{Step: "made", By: sc.By, At: day}}
	next.Edits = l.put(nil, sc.Edits, sc.By)
	l.store.scenarios[county] = append(l.store.scenarios[county], next)
	l.store.mu.Unlock()
	return id, l.planning(county), nil
}

func (l *fakeLedger) put(to, edits []planner.ScenarioEdit, by string) []planner.ScenarioEdit {
	to = slices.Clone(to)
	for _, e := range edits {
		e.ID, e.By, e.At = l.id(), by, day
		if e.Author == "" {
			e.Author = by
		}
		to = append(to, e)
	}
	return to
}

// on does something to a scenario that stands in a version.
func (l *fakeLedger) on(county string, e *planner.ScenarioDeed, do func(*planner.Scenario)) (int64, error) {
	l.store.mu.Lock()
	sc := l.store.scenario(county, e.Scenario)
	if e.Seen > 0 && l.store.moved > e.Seen {
		l.store.mu.Unlock()
		return 0, planner.Errorf(planner.Conflict, "facts changed at %d, seen was %d", l.store.moved, e.Seen)
	}
	if sc.Version != e.Version {
		l.store.mu.Unlock()
		return 0, planner.Errorf(planner.Conflict, "somebody else changed it; version %d", sc.Version)
	}
	do(sc)
	sc.Version++
	if e.Step != "" {
		sc.Steps = append(slices.Clone(sc.Steps), planner.ScenarioStep{Step: e.Step, Reason: e.Reason, By: e.By, At: day})
	}
	l.store.mu.Unlock()
	return l.planning(county), nil
}

func author(sc *planner.Scenario, who ...string) {
	sc.Authors = append(slices.Clone(sc.Authors), who...)
	slices.Sort(sc.Authors)
	sc.Authors = slices.Compact(sc.Authors)
}

func (l *fakeLedger) ChangeScenario(_ context.Context, county string, next *planner.Scenario) (int64, error) {
	return l.on(county, &planner.ScenarioDeed{Scenario: next.ID, Version: next.Version, Step: "changed", By: next.By}, func(sc *planner.Scenario) {
		sc.Name, sc.Note, sc.Settings = next.Name, next.Note, next.Settings
		author(sc, next.By)
	})
}

func (l *fakeLedger) EditScenario(_ context.Context, county string, e *planner.ScenarioDeed) (int64, error) {
	return l.on(county, e, func(sc *planner.Scenario) { l.edit(sc, e) })
}

func (l *fakeLedger) edit(sc *planner.Scenario, e *planner.ScenarioDeed) {
	sc.Edits = l.put(sc.Edits, e.Add, e.By)
	for i := range sc.Edits {
		if slices.Contains(e.Revoke, sc.Edits[i].ID) {
			sc.Edits[i].Revoked, sc.Edits[i].Revoker = day, e.By
		}
	}
	author(sc, e.By)
}

func (l *fakeLedger) RebaseScenario(_ context.Context, county string, e *planner.ScenarioDeed, asOf planner.Date) (int64, error) {
	return l.on(county, e, func(sc *planner.Scenario) {
		l.edit(sc, e)
		sc.Base = planner.ScenarioBase{Revision: l.store.revision, At: day, AsOf: asOf, Fresh: true}
	})
}

func (l *fakeLedger) SubmitScenario(_ context.Context, county string, e *planner.ScenarioDeed, plan *planner.PublishedPlan) (int64, error) {
	e.Step = "submitted"
	return l.on(county, e, func(sc *planner.Scenario) {
		sc.Status, sc.Proposed = planner.ScenarioSubmitted, plan
		plan.ID, plan.Scenario, plan.Name, plan.By, plan.At = l.id(), sc.ID, sc.Name, e.By, day
		author(sc, e.By)
	})
}

func (l *fakeLedger) ApproveScenario(_ context.Context, county string, e *planner.ScenarioDeed, _ planner.ID) (int64, error) {
	e.Step = "approved"
	var plan *planner.PublishedPlan
	_, err := l.on(county, e, func(sc *planner.Scenario) {
		sc.Status = planner.ScenarioApproved
		done := *sc.Proposed
		done.On, done.Approver, done.Approved, done.Reason = done.AsOf, e.By, day, e.Reason
		sc.Proposed, plan = &done, &done
	})
	if err != nil {
		return 0, err
	}
	return l.commit(county, func(snap *planner.Snapshot) { snap.Plan = plan }), nil
}

func (l *fakeLedger) MoveScenario(_ context.Context, county string, e *planner.ScenarioDeed, to planner.ScenarioStatus) (int64, error) {
	return l.on(county, e, func(sc *planner.Scenario) { sc.Status, sc.Reason = to, e.Reason })
}
