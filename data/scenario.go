package data

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// Scenarios reads the scenarios of a county, by id, archived ones too.
func (s *Store) Scenarios(ctx context.Context, county string) ([]planner.Scenario, error) {
	return s.readScenarios(ctx, county, nil)
}

// Scenario reads one. One that is not there is NotFound.
func (s *Store) Scenario(ctx context.Context, county string, id planner.ID) (*planner.Scenario, error) {
	found, err := s.readScenarios(ctx, county, &id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, noScenario(county, id)
	}
	return &found[0], nil
}

func noScenario(county string, id planner.ID) error {
	return planner.Errorf(planner.NotFound, "there is no scenario %d in county %s", id, county)
}

// readScenarios reads heads, edits and steps in one transaction; a nil id means
// all.
func (s *Store) readScenarios(ctx context.Context, county string, id *planner.ID) (found []planner.Scenario, err error) {
	read := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = s.pool.transaction(ctx, read, func(tx pgx.Tx) error {
		r := &reader{ctx: ctx, tx: tx}
		if found, err = listNow(r, query.ScenarioList, scanScenario, county, id); err != nil || len(found) == 0 {
			return err
		}
		at := make(map[planner.ID]*planner.Scenario, len(found))
		for i := range found {
			at[found[i].ID] = &found[i]
		}
		return r.scenarioParts(at, county, id)
	})
	return found, err
}

// scenarioParts reads what hangs on scenarios.
func (r *reader) scenarioParts(at map[planner.ID]*planner.Scenario, county string, id *planner.ID) error {
	type editOf struct {
		scenario planner.ID
		planner.ScenarioEdit
	}
	edits, err := listNow(r, query.ScenarioEditList, func(rows pgx.Rows, e *editOf) error {
		return rows.Scan(&e.scenario, &e.ID, &e.Text, &e.By, &e.Author, &e.From, utcInto{&e.At}, orZeroTime{&e.Revoked}, &e.Revoker)
	}, county, id)
	if err != nil {
		return err
	}
	for _, e := range edits {
		at[e.scenario].Edits = append(at[e.scenario].Edits, e.ScenarioEdit)
	}
	type stepOf struct {
		scenario planner.ID
		planner.ScenarioStep
	}
	steps, err := listNow(r, query.ScenarioStepList, func(rows pgx.Rows, s *stepOf) error {
		return rows.Scan(&s.scenario, &s.Step, &s.Reason, &s.By, utcInto{&s.At})
	}, county, id)
	if err != nil {
		return err
	}
	for _, s := range steps {
		at[s.scenario].Steps = append(at[s.scenario].Steps, s.ScenarioStep)
	}
	plans, err := listNow(r, query.PlanList, scanPlan, county, id)
	if err != nil {
		return err
	}
	for i := range plans {
		at[plans[i].Scenario].Proposed = &plans[i]
		if id == nil { // a list is without the decisions
			continue
		}
		if plans[i].Villages, err = listNow(r, query.PlanDecisionList, scanDecision, county, plans[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func scanDecision(rows pgx.Rows, d *planner.PublishedDecision) error {
	return rows.Scan(&d.Village, &d.Decision, &d.Site, &d.Persons, &d.Segments)
}

func scanScenario(rows pgx.Rows, s *planner.Scenario) error {
	set := &s.Settings
	return rows.Scan(&s.ID, &s.Name, &s.Note, &s.Parent, &s.Base.Revision, utcInto{&s.Base.At}, dateInto{&s.Base.AsOf},
		&set.Season, &set.ConnectMM, &set.RAIMM, &set.WalkMS, &set.YuanPerKM, &set.YuanPerPerson, &set.InterimPerHead,
		&set.LeavePerPerson, &set.UpkeepPerKM, &set.HaulPerKM, &set.Budget, &set.Objective,
		&s.Status, &s.Reason, &s.By, &s.Authors, &s.Version, utcInto{&s.Changed}, &s.Base.Behind, &s.Base.Fresh)
}

func scanPlan(rows pgx.Rows, p *planner.PublishedPlan) error {
	return rows.Scan(&p.ID, &p.Scenario, &p.Name, &p.Revision, dateInto{&p.AsOf}, &p.Objective, &p.Value, &p.Bound, &p.Money, &p.By, utcInto{&p.At},
		dateInto{&p.On}, &p.Approver, orZeroTime{&p.Approved}, &p.Reason)
}

// orZeroTime scans an instant that may be null, and gives it in UTC.
type orZeroTime struct{ to *time.Time }

// ScanTimestamptz implements pgtype.TimestamptzScanner.
func (s orZeroTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	*s.to = time.Time{}
	if v.Valid {
		*s.to = v.Time.UTC()
	}
	return nil
}

// plan reads the plan in force.
func (r *reader) plan(snap *planner.Snapshot) {
	var plans []planner.PublishedPlan
	var villages []planner.PublishedDecision
	list(r, query.PlanInForce, scanPlan, &plans)
	list(r, query.PlanVillageList, scanDecision, &villages)
	r.then(func() error {
		if len(plans) > 0 {
			plans[0].Villages = villages
			snap.Plan = &plans[0]
		}
		return nil
	})
}
