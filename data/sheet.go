package data

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// maxSheetCells is how much of a sheet is kept, in cells: more than the weekly
// sheet of any township.
const maxSheetCells = 1_000_000

// KeepSheet holds an uploaded sheet between its preview and its application.
// The same again is kept once.
func (s *Store) KeepSheet(ctx context.Context, county string, sheet *planner.Sheet, by string) error {
	cells := 0
	for _, row := range sheet.Rows {
		cells += len(row)
	}
	if cells > maxSheetCells {
		return planner.Errorf(planner.TooLarge, "the sheet %q has %d cells; at most %d are read", sheet.Name, cells, maxSheetCells)
	}
	rows := sheet.Rows
	if rows == nil {
		rows = [][]string{}
	}
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.SheetInsert, county, sheet.Hash, sheet.Name, rows, by)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return Audit(ctx, tx, by, "upload", county, "sheet:"+sheet.Hash, map[string]any{"name": sheet.Name, "rows": len(rows)})
	})
}

// Sheet gives a kept sheet back.
func (s *Store) Sheet(ctx context.Context, county, hash string) (*planner.Sheet, error) {
	var out planner.Sheet
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.SheetGet, county, hash).Scan(&out.Hash, &out.Name, &out.Rows)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, planner.Errorf(planner.NotFound, "there is no sheet %s in county %s; upload it again", hash, county)
	}
	if err != nil {
		return nil, explain(err)
	}
	return &out, nil
}

// SheetHeads lists how heads were matched for a township, its own before those
// of every township, the youngest first.
func (s *Store) SheetHeads(ctx context.Context, county, township string) ([]planner.SheetHead, error) {
	var out []planner.SheetHead
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.SheetHeadList, county, township)
		if err != nil {
			return err
		}
		defer rows.Close()
		out, err = collect(rows, func(rows pgx.Rows, h *planner.SheetHead) error {
			return rows.Scan(&h.Township, &h.Fingerprint, &h.Row, &h.Columns, &h.By)
		})
		return err
	})
	return out, explain(err)
}

// RememberHead remembers how a person matched the columns of a head.
func (s *Store) RememberHead(ctx context.Context, county string, h *planner.SheetHead) error {
	columns := h.Columns
	if columns == nil {
		columns = map[string]int{}
	}
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.SheetHeadPut, county, h.Township, h.Fingerprint, h.Row, columns, h.By); err != nil {
			return err
		}
		return Audit(ctx, tx, h.By, "remember", county, "sheet_head:"+h.Township+":"+h.Fingerprint, map[string]any{"columns": columns})
	})
}
