package data

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// AddScenario begins a scenario over the present: Name, Note, Parent, Settings,
// Base.AsOf, By, Authors (of what comes from the parent, beside By) and the texts
// of Edits are taken. One that was begun before under one of the keys is given.
func (s *Store) AddScenario(ctx context.Context, county string, sc *planner.Scenario, once ...planner.Once) (id planner.ID, revision int64, err error) {
	done, err := s.deedOnce(ctx, once, func(tx pgx.Tx) ([]planner.ID, error) {
		set := &sc.Settings
		var id planner.ID
		err := tx.QueryRow(ctx, query.ScenarioInsert, county, sc.Name, sc.Note, sc.Parent, putDate(sc.Base.AsOf), sc.By,
			set.Season, set.ConnectMM, set.RAIMM, set.WalkMS, set.YuanPerKM, set.YuanPerPerson, set.InterimPerHead,
			set.LeavePerPerson, set.UpkeepPerKM, set.HaulPerKM, amountsOf(set.Budget), set.Objective, append([]string{}, sc.Authors...)).Scan(&id)
		if err != nil {
			return nil, err
		}
		if err := insertEdits(ctx, tx, county, id, sc.Edits, sc.By); err != nil {
			return nil, err
		}
		return []planner.ID{id}, note(ctx, tx, county, id, scenarioNote{"made", "", sc.By, map[string]any{"name": sc.Name, "edits": len(sc.Edits)}})
	})
	if err != nil {
		return 0, 0, err
	}
	return done.IDs[0], done.Revision, nil
}

// ChangeScenario writes Name, Note and Settings of a scenario that stands in
// sc.Version; By did it.
func (s *Store) ChangeScenario(ctx context.Context, county string, sc *planner.Scenario) (revision int64, err error) {
	return s.scenarioDeed(ctx, county, sc.ID, sc.Version, func(tx pgx.Tx) error {
		set := &sc.Settings
		_, err := tx.Exec(ctx, query.ScenarioChange, county, sc.ID, sc.Name, sc.Note, sc.By,
			set.Season, set.ConnectMM, set.RAIMM, set.WalkMS, set.YuanPerKM, set.YuanPerPerson, set.InterimPerHead,
			set.LeavePerPerson, set.UpkeepPerKM, set.HaulPerKM, amountsOf(set.Budget), set.Objective)
		if err != nil {
			return err
		}
		return note(ctx, tx, county, sc.ID, scenarioNote{"changed", "", sc.By, map[string]any{"name": sc.Name}})
	})
}

// EditScenario takes back some edits of a scenario that stands in a version,
// then adds others, of which Text, Author and From are taken. Step names what it
// is for the history beside the edits themselves; empty: nothing.
func (s *Store) EditScenario(ctx context.Context, county string, e *planner.ScenarioDeed) (revision int64, err error) {
	return s.scenarioDeed(ctx, county, e.Scenario, e.Version, func(tx pgx.Tx) error {
		for _, id := range e.Revoke {
			tag, err := tx.Exec(ctx, query.ScenarioRevocationInsert, county, e.Scenario, id, e.By)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				return planner.Errorf(planner.Invalid, "edit %d does not stand in scenario %d", id, e.Scenario)
			}
		}
		if err := insertEdits(ctx, tx, county, e.Scenario, e.Add, e.By); err != nil {
			return err
		}
		if e.Step == "" {
			return Audit(ctx, tx, e.By, "edit", county, object("scenario", e.Scenario), map[string]any{"add": textsOf(e.Add), "revoke": e.Revoke})
		}
		return note(ctx, tx, county, e.Scenario, scenarioNote{e.Step, e.Reason, e.By, map[string]any{"add": textsOf(e.Add), "revoke": e.Revoke}})
	})
}

// RebaseScenario moves the base of a scenario that stands in a version to the
// present, as of a day, and takes back those edits that the present has no place
// for. A present with other facts than those of e.Seen is a Conflict.
func (s *Store) RebaseScenario(ctx context.Context, county string, e *planner.ScenarioDeed, asOf planner.Date) (revision int64, err error) {
	return s.scenarioDeed(ctx, county, e.Scenario, e.Version, func(tx pgx.Tx) error {
		for _, id := range e.Revoke {
			if _, err := tx.Exec(ctx, query.ScenarioRevocationInsert, county, e.Scenario, id, e.By); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, query.ScenarioRebase, county, e.Scenario, putDate(asOf), e.By); err != nil {
			return err
		}
		if err := note(ctx, tx, county, e.Scenario, scenarioNote{"rebased", e.Reason, e.By, map[string]any{"revoke": e.Revoke}}); err != nil {
			return err
		}
		return notMoved(ctx, tx, county, e)
	})
}

// SubmitScenario submits a scenario that stands in a version, with the plan it
// proposes. Facts that changed since e.Seen are a Conflict.
func (s *Store) SubmitScenario(ctx context.Context, county string, e *planner.ScenarioDeed, plan *planner.PublishedPlan) (revision int64, err error) {
	return s.scenarioDeed(ctx, county, e.Scenario, e.Version, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.ScenarioMove, county, e.Scenario, planner.ScenarioSubmitted, e.Reason, e.By); err != nil {
			return err
		}
		if err := insertPlan(ctx, tx, county, e, plan); err != nil {
			return err
		}
		if err := note(ctx, tx, county, e.Scenario, scenarioNote{"submitted", e.Reason, e.By, map[string]any{"money": plan.Money, "objective": plan.Objective}}); err != nil {
			return err
		}
		return notMoved(ctx, tx, county, e)
	})
}

// notMoved refuses what was judged by facts that are no longer those of the
// county. The revision is taken first: no fact comes between.
func notMoved(ctx context.Context, tx pgx.Tx, county string, e *planner.ScenarioDeed) error {
	if _, err := tx.Exec(ctx, query.LoadNumber); err != nil {
		return err
	}
	var moved bool
	if err := tx.QueryRow(ctx, query.CountyMoved, county, e.Seen).Scan(&moved); err != nil {
		return err
	}
	if moved {
		return planner.Errorf(planner.Conflict, "facts of the county changed while scenario %d was judged; look at it again and repeat the step", e.Scenario)
	}
	return nil
}

func insertPlan(ctx context.Context, tx pgx.Tx, county string, e *planner.ScenarioDeed, p *planner.PublishedPlan) error {
	var id planner.ID
	err := tx.QueryRow(ctx, query.PlanInsert, county, e.Scenario, p.Revision, putDate(p.AsOf), p.Objective, p.Value, p.Bound, p.Money, e.By).Scan(&id)
	if err != nil {
		return err
	}
	rows := pgx.CopyFromSlice(len(p.Villages), func(i int) ([]any, error) {
		v := &p.Villages[i]
		var site *planner.ID
		if v.Site != 0 {
			site = &v.Site
		}
		return []any{county, id, v.Village, string(v.Decision), site, v.Persons, amountsOf(v.Segments)}, nil
	})
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"qiantu", "plan_village"}, []string{"county", "plan", "village", "decision", "site", "persons", "segments"}, rows)
	return err
}

// ApproveScenario makes what a submitted scenario proposes the plan, from the
// day it was made for on. Who changed the scenario cannot, and no plan is
// approved over another one that was approved since its base, or is in force
// from a later day on: both are a Conflict.
func (s *Store) ApproveScenario(ctx context.Context, county string, e *planner.ScenarioDeed, plan planner.ID) (revision int64, err error) {
	return s.scenarioDeed(ctx, county, e.Scenario, e.Version, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.PlanApprove, county, plan, e.Reason, e.By)
		if err == nil && tag.RowsAffected() == 0 {
			err = planner.Errorf(planner.Conflict, "scenario %d has not proposed plan %d", e.Scenario, plan)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query.ScenarioMove, county, e.Scenario, planner.ScenarioApproved, e.Reason, e.By); err != nil {
			return err
		}
		if err := note(ctx, tx, county, e.Scenario, scenarioNote{"approved", e.Reason, e.By, map[string]any{"plan": plan}}); err != nil {
			return err
		}
		return notOvertaken(ctx, tx, county, plan)
	})
}

// notOvertaken refuses a plan that another one overtook. The revision is taken
// first, so that whoever approves at the same time is either seen or waits.
func notOvertaken(ctx context.Context, tx pgx.Tx, county string, plan planner.ID) error {
	if _, err := tx.Exec(ctx, query.LoadNumber); err != nil {
		return err
	}
	var name string
	var on planner.Date
	var later bool
	err := tx.QueryRow(ctx, query.PlanOvertaken, county, plan).Scan(&name, dateInto{&on}, &later)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return err
	case later:
		return planner.Errorf(planner.Conflict, "the plan of %q is in force from %s on, a later day than that of this one; return it, so that it is rebased and submitted again", name, on)
	}
	return planner.Errorf(planner.Conflict, "another plan, that of %q, was approved since the base of this one; return it, so that it is rebased and submitted again", name)
}

// MoveScenario takes a scenario that stands in a version to another status,
// Step naming it: withdrawn, returned, archived, reopened.
func (s *Store) MoveScenario(ctx context.Context, county string, e *planner.ScenarioDeed, to planner.ScenarioStatus) (revision int64, err error) {
	return s.scenarioDeed(ctx, county, e.Scenario, e.Version, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.ScenarioMove, county, e.Scenario, to, e.Reason, e.By); err != nil {
			return err
		}
		return note(ctx, tx, county, e.Scenario, scenarioNote{e.Step, e.Reason, e.By, nil})
	})
}

// scenarioDeed holds a scenario against the version that the caller saw, and
// does something to it.
func (s *Store) scenarioDeed(ctx context.Context, county string, id planner.ID, version int64, do func(pgx.Tx) error) (revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		var stands int64
		var status planner.ScenarioStatus
		err := tx.QueryRow(ctx, query.ScenarioLock, county, id).Scan(&stands, &status)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return noScenario(county, id)
		case err != nil:
			return err
		case stands != version:
			return planner.Errorf(planner.Conflict, "somebody else changed scenario %d meanwhile; it stands in version %d, not %d", id, stands, version)
		}
		return do(tx)
	})
	return revision, err
}

// scenarioNote is a line of a scenario's own history, and of the audit.
type scenarioNote struct {
	step, reason, by string
	detail           map[string]any
}

func note(ctx context.Context, tx pgx.Tx, county string, id planner.ID, n scenarioNote) error {
	if _, err := tx.Exec(ctx, query.ScenarioStepInsert, county, id, n.step, n.reason, n.by); err != nil {
		return err
	}
	return Audit(ctx, tx, n.by, n.step, county, object("scenario", id), n.detail)
}

func insertEdits(ctx context.Context, tx pgx.Tx, county string, scenario planner.ID, edits []planner.ScenarioEdit, by string) error {
	for _, e := range edits {
		if _, err := tx.Exec(ctx, query.ScenarioEditInsert, county, scenario, e.Text, by, or(e.Author, by), e.From); err != nil {
			return err
		}
	}
	return nil
}

func textsOf(edits []planner.ScenarioEdit) []string {
	out := make([]string, len(edits))
	for i := range edits {
		out[i] = edits[i].Text
	}
	return out
}

// amountsOf is an array column of numbers, never null.
func amountsOf[T ~int64](list []T) []int64 {
	out := make([]int64, len(list))
	for i, n := range list {
		out[i] = int64(n)
	}
	return out
}
