package data

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// Revoke revokes a report for ever. An unknown one is NotFound, one that has
// been revoked a Conflict that says by whom, when and why.
func (s *Store) Revoke(ctx context.Context, county, progress, reason, by string) (revision int64, err error) {
	if err := checkUUID("report", progress); err != nil {
		return 0, err
	}
	if reason == "" {
		return 0, planner.Errorf(planner.Invalid, "say why the report %s is revoked", progress)
	}
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.ProgressRevoke, county, progress, reason, by)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return whyNotRevoked(ctx, tx, county, progress)
		}
		return Audit(ctx, tx, by, "revoke", county, "progress:"+progress, map[string]any{"reason": reason})
	})
	return revision, err
}

func whyNotRevoked(ctx context.Context, tx pgx.Tx, county, progress string) error {
	var there, revoked bool
	var by, reason string
	var at time.Time
	if err := tx.QueryRow(ctx, query.ProgressState, county, progress).Scan(&there, &revoked, &by, utcInto{&at}, &reason); err != nil {
		return err
	}
	if !there {
		return planner.Errorf(planner.NotFound, "there is no report %s in county %s", progress, county)
	}
	return planner.Errorf(planner.Conflict, "the report %s was revoked already, by %s at %s: %s", progress, or(by, "an import"), at.Format(time.RFC3339), reason)
}
