package data

import (
	"context"

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
// ids in the same order.
func (s *Store) AddInspections(ctx context.Context, county string, inspections []planner.Inspection) (ids []planner.ID, revision int64, err error) {
	ids = make([]planner.ID, len(inspections))
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		for k := range inspections {
			i := &inspections[k]
			if i.On.IsZero() {
				return planner.Errorf(planner.Invalid, "an inspection of road %d needs its day", i.Road)
			}
			if err := tx.QueryRow(ctx, query.InspectionInsert, append([]any{county}, inspectionRow(i)...)...).Scan(&ids[k]); err != nil {
				return err
			}
			detail := map[string]any{"kind": i.Kind, "road": i.Road, "result": i.Result}
			if err := Audit(ctx, tx, i.By, "inspect", county, object("inspection", ids[k]), detail); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	return ids, revision, nil
}

// SetInspection writes what an inspection found: Result, PQIMilli, Inspector,
// Note and Evidence. What stood there before stays in the history.
func (s *Store) SetInspection(ctx context.Context, county string, i *planner.Inspection) (revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.InspectionResult, county, i.ID, null(string(i.Result)), i.PQIMilli, i.Inspector, i.Note, texts(i.Evidence))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return planner.Errorf(planner.NotFound, "there is no inspection %d in county %s", i.ID, county)
		}
		return Audit(ctx, tx, i.By, "result", county, object("inspection", i.ID), map[string]any{"result": i.Result, "pqi_milli": i.PQIMilli})
	})
	return revision, err
}
