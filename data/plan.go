package data

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// SetPlan replaces the plan points of a programme for a township, or with an
// empty township for all; without points the plan is linear. Days and shares
// rise. What was planned before stays in the history.
func (s *Store) SetPlan(ctx context.Context, county string, programme planner.ID, township string, points []planner.PlanPoint, by string) (revision int64, err error) {
	if err := checkPlan(points); err != nil {
		return 0, err
	}
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		if err := planned(ctx, tx, county, programme, township); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query.PlanPointDelete, county, programme, township); err != nil {
			return err
		}
		for _, p := range points {
			if _, err := tx.Exec(ctx, query.PlanPointInsert, county, programme, township, putDate(p.On), p.SharePPM); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, by, "plan", county, object("programme", programme), map[string]any{"township": township, "points": len(points)})
	})
	return revision, err
}

// planned locks a programme and finds the township of a plan.
func planned(ctx context.Context, tx pgx.Tx, county string, programme planner.ID, township string) error {
	var starts, deadline planner.Date
	var known bool
	err := tx.QueryRow(ctx, query.ProgrammeLock, county, programme, township).Scan(dateInto{&starts}, dateInto{&deadline}, &known)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return planner.Errorf(planner.NotFound, "there is no programme %d in county %s", programme, county)
	case err == nil && !known:
		return planner.Errorf(planner.Invalid, "county %s has no township %q", county, township)
	}
	return err
}

// checkPlan finds points that do not rise.
func checkPlan(points []planner.PlanPoint) error {
	for i, p := range points {
		switch {
		case p.On.IsZero():
			return planner.Errorf(planner.Invalid, "plan point %d has no day", i+1)
		case p.SharePPM < 0 || p.SharePPM > 1_000_000:
			return planner.Errorf(planner.Invalid, "the plan of %s is %.4f %%; it lies between 0 and 100", p.On, float64(p.SharePPM)/10_000)
		case i > 0 && p.On <= points[i-1].On:
			return planner.Errorf(planner.Invalid, "plan point %d is of %s, not after %s", i+1, p.On, points[i-1].On)
		case i > 0 && p.SharePPM < points[i-1].SharePPM:
			return planner.Errorf(planner.Invalid, "the plan falls from %.4f %% to %.4f %% on %s; what is planned to be done by a day stays planned",
				float64(points[i-1].SharePPM)/10_000, float64(p.SharePPM)/10_000, p.On)
		}
	}
	return nil
}
