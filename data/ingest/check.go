package ingest

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// place reads, projects and checks the geometry of the staged rows.
func (r *run) place() error {
	for _, name := range []string{"row_create", "place_function"} {
		if _, err := r.tx.Exec(r.ctx, statement(name)); err != nil {
			return fmt.Errorf("preparing the check of geometry (%s): %w", name, err)
		}
	}
	low, high := eastings(r.ref.srid)
	var box any
	if r.county != "" {
		var text *string
		if err := r.tx.QueryRow(r.ctx, statement("county_box"), r.args).Scan(&text); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("reading the box of the county: %w", err)
		} else if text != nil {
			box = *text
		}
	}
	table := ""
	if r.layer.table != "" {
		table = "qiantu." + r.layer.table
	}
	types := r.layer.types
	if types == nil {
		types = []string{}
	}
	if _, err := r.tx.Exec(r.ctx, statement("row_fill"), args{
		"table": table, "srid": r.ref.srid, "types": types, "box": box, "low": low, "high": high}); err != nil {
		return fmt.Errorf("checking the geometry: %w", err)
	}
	if err := r.faults(); err != nil || box != nil || r.county == "" {
		return err
	}
	return r.far()
}

// far warns of places far from all that a county without a boundary holds.
func (r *run) far() error {
	rows, err := r.tx.Query(r.ctx, statement("row_far"), r.args)
	if err != nil {
		return fmt.Errorf("comparing with the places of the county: %w", err)
	}
	var n, km int
	var at string
	_, err = pgx.ForEachRow(rows, []any{&n, &at, &km}, func() error {
		r.fs.add("far_from_county", n, "geometry", at, km)
		return nil
	})
	return err
}

// faults turns refused geometry into findings.
func (r *run) faults() error {
	rows, err := r.tx.Query(r.ctx, statement("row_faults"))
	if err != nil {
		return fmt.Errorf("reading the faults: %w", err)
	}
	type fault struct {
		Row          int
		Code, Detail string
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[fault])
	if err != nil {
		return fmt.Errorf("reading the faults: %w", err)
	}
	for _, f := range found {
		value, extra := f.Detail, []any{f.Detail, r.layer.shape}
		if f.Code == "crs_contradiction" {
			value = r.ref.name
		}
		r.fs.add(f.Code, f.Row, "geometry", value, extra...)
		r.reject(f.Row)
	}
	return r.without()
}

// without speaks of rows that have no place, and of heights that are not kept.
func (r *run) without() error {
	var flat, missing int
	if err := r.tx.QueryRow(r.ctx, statement("row_flat")).Scan(&flat, &missing); err != nil {
		return fmt.Errorf("counting heights: %w", err)
	}
	if flat > 0 {
		r.fs.add("z_dropped", 0, "geometry", strconv.Itoa(flat))
	}
	if err := r.collections(); err != nil {
		return err
	}
	if missing == 0 || r.layer.shape == "" || r.layer.name == "road" || r.layer.name == "region" {
		return nil
	}
	rows, err := r.tx.Query(r.ctx, statement("row_placeless"))
	if err != nil {
		return fmt.Errorf("reading rows without a place: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return fmt.Errorf("reading rows without a place: %w", err)
	}
	code := "no_place_kept"
	switch {
	case r.layer.name == "reference": // legal in the file, nothing to draw
		code = "no_place"
	case r.layer.needs:
		code = "place_missing"
	}
	for _, n := range list {
		r.fs.add(code, n, "geometry", "")
		if r.layer.needs {
			r.reject(n)
		}
	}
	return nil
}

// collections says which rows are stored as several.
func (r *run) collections() error {
	if r.layer.name != "reference" {
		return nil
	}
	rows, err := r.tx.Query(r.ctx, statement("row_collections"))
	if err != nil {
		return fmt.Errorf("reading collections: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[int])
	for _, n := range list {
		r.fs.add("collection_split", n, "geometry", "")
	}
	return err
}
