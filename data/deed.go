package data

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// deed runs do in one transaction and gives the revision that shows it, which
// is taken as its last step.
func (s *Store) deed(ctx context.Context, revision *int64, do func(pgx.Tx) error) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query.LoadNumber); err != nil {
			return err
		}
		return tx.QueryRow(ctx, query.RevisionGet).Scan(revision, nil)
	})
}

// object names a thing in the audit.
func object(noun string, id planner.ID) string {
	return noun + ":" + strconv.FormatInt(int64(id), 10)
}
