package data

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// WithdrawOperation takes back the deed that made a route what it is now: the
// versions before it are in force again, with all that stood on them, and what
// was known in between stays known. A Conflict when something stands on the
// versions it made (revoke that first), or when another deed followed on one of
// its routes (take that back first).
func (s *Store) WithdrawOperation(ctx context.Context, county string, road planner.ID, reason, by string) (revision int64, err error) {
	if reason == "" {
		return 0, planner.Errorf(planner.Invalid, "a deed is taken back for a reason; say which")
	}
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		var operation planner.ID
		var kind string
		var on planner.Date
		err := tx.QueryRow(ctx, query.WithdrawalFind, county, road).Scan(&operation, &kind, dateInto{&on})
		if errors.Is(err, pgx.ErrNoRows) {
			return planner.Errorf(planner.Conflict, "road %d is as it was first stored: there is no deed on it to take back", road)
		}
		if err != nil {
			return err
		}
		if err := loose(ctx, tx, county, operation); err != nil {
			return err
		}
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{query.WithdrawalScope, nil},
			{query.WithdrawalClose, nil},
			{query.WithdrawalReopen, []any{putDate(on)}},
			{query.WithdrawalInsert, []any{reason, by}},
		} {
			if _, err := tx.Exec(ctx, step.sql, append([]any{county, operation}, step.args...)...); err != nil {
				return err
			}
		}
		detail := map[string]any{"kind": kind, "on": on.String(), "reason": reason, "road": road}
		return Audit(ctx, tx, by, "withdraw", county, object("road_operation", operation), detail)
	})
	return revision, err
}

// loose says why a deed cannot be taken back: what stands on it.
func loose(ctx context.Context, tx pgx.Tx, county string, operation planner.ID) error {
	type version struct {
		Road   planner.ID
		Number int32
		Made   bool
		Open   bool
	}
	rows, err := tx.Query(ctx, query.WithdrawalLock, county, operation)
	if err != nil {
		return err
	}
	versions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[version])
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.Made && !v.Open {
			return planner.Errorf(planner.Conflict, "another deed followed on road %d; take that back first", v.Road)
		}
	}
	var anchored int
	if err := tx.QueryRow(ctx, query.WithdrawalAnchored, county, operation).Scan(&anchored); err != nil {
		return err
	}
	if anchored > 0 {
		return planner.Errorf(planner.Conflict, "%d reports, inspections, cases, contracts or tasks stand on what the deed made; revoke or remove them first", anchored)
	}
	return nil
}
