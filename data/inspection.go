package data

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) inspections(snap *planner.Snapshot) {
	list(r, query.InspectionList, func(rows pgx.Rows, i *planner.Inspection) error {
		return rows.Scan(&i.ID, &i.Kind, &i.Road, &i.Version, &i.Span.From, &i.Span.To, dateInto{&i.On}, &i.Result, &i.PQIMilli,
			&i.Inspector, &i.Note, &i.Evidence, &i.Seed, &i.By)
	}, &snap.Inspections)
}

// AddInspections stores inspections, held or still to be held, and gives their
// ids in the same order. Those that were stored before under one of the keys are
// given, however many they are.
func (s *Store) AddInspections(ctx context.Context, county string, inspections []planner.Inspection, once ...planner.Once) (ids []planner.ID, revision int64, err error) {
	done, err := s.deedOnce(ctx, once, func(tx pgx.Tx) ([]planner.ID, error) {
		ids := make([]planner.ID, len(inspections))
		for k := range inspections {
			if ids[k], err = insertInspection(ctx, tx, county, &inspections[k]); err != nil {
				return nil, err
			}
		}
		return ids, nil
	})
	if err != nil {
		return nil, 0, err
	}
	return done.IDs, done.Revision, nil
}

func insertInspection(ctx context.Context, tx pgx.Tx, county string, i *planner.Inspection) (id planner.ID, err error) {
	if i.On.IsZero() {
		return 0, planner.Errorf(planner.Invalid, "an inspection of road %d needs its day", i.Road)
	}
	if err := tx.QueryRow(ctx, query.InspectionInsert, append([]any{county}, inspectionRow(i)...)...).Scan(&id); err != nil {
		return 0, err
	}
	detail := map[string]any{"kind": i.Kind, "road": i.Road, "result": i.Result}
	return id, Audit(ctx, tx, i.By, "inspect", county, object("inspection", id), detail)
}

// SetInspection writes what an inspection found: Result, PQIMilli, Inspector,
// Note and Evidence. What stood there before stays in the history. was is the
// result that the caller saw there, empty: none; where another stands by now it
// is a Conflict, so that of two who write at once one does.
func (s *Store) SetInspection(ctx context.Context, county string, i *planner.Inspection, was planner.InspectionResult) (revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.InspectionResult, county, i.ID, null(string(i.Result)), i.PQIMilli, i.Inspector, i.Note, texts(i.Evidence), null(string(was)))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return notAsSeen(ctx, tx, county, i.ID)
		}
		return Audit(ctx, tx, i.By, "result", county, object("inspection", i.ID), map[string]any{"result": i.Result, "pqi_milli": i.PQIMilli})
	})
	return revision, err
}

// notAsSeen says why a result was not written.
func notAsSeen(ctx context.Context, tx pgx.Tx, county string, id planner.ID) error {
	var stands planner.InspectionResult
	err := tx.QueryRow(ctx, query.InspectionStored, county, id).Scan(&stands)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return planner.Errorf(planner.NotFound, "there is no inspection %d in county %s", id, county)
	case err != nil:
		return err
	}
	return planner.Errorf(planner.Conflict, "the result of inspection %d was written by somebody else meanwhile: it is %q; look at it again", id, stands)
}
