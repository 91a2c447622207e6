package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/planner"
)

// args are the named parameters of a statement.
type args = pgx.NamedArgs

// run is one import of one file into one layer.
type run struct {
	ctx     context.Context
	tx      pgx.Tx
	req     Request
	layer   *layer
	fs      *findings
	src     *source
	county  string // code; empty for regions
	dated   string // the county's data date, as text
	columns map[string]column
	ref     reference
	refs    map[string]*index
	count   LayerCount
	args    args           // of the statements that store
	codes   map[string]int // code to the row it stood in first
	rejects map[int]bool   // rows kept out after they were staged
	routes  map[int64]*route
	lines   map[int]*drawing   // roads: what was declared of each row
	pieces  map[int64][]piece  // road segments of the file by route
	units   map[string]unit    // regions, stored and read
	pairs   map[[2]string]bool // surveys and moves that are stored
	list    programmeList
	works   worksLists
	last    string // township of the row before
	finish  []func() error
}

// route is a stored route version, as far as rows refer to it.
type route struct {
	number int32
	length int64 // mm
	drawn  bool
	at, k  []int64 // calibration
}

// staged runs the steps up to the rows ready to be stored.
func (r *run) staged() error {
	if err := r.begin(); err != nil {
		return err
	}
	if err := r.stage(); err != nil {
		return err
	}
	if err := r.place(); err != nil {
		return err
	}
	if r.layer.prepare != nil {
		return r.layer.prepare(r)
	}
	return nil
}

// begin settles the county, the columns and the reference.
func (r *run) begin() error {
	if r.layer.county {
		if err := r.chooseCounty(); err != nil {
			return err
		}
	}
	r.columns = matchHead(r.layer, r.src.heads, r.req.Map, r.src.cut, r.fs)
	r.defaults()
	for _, f := range r.layer.fields {
		if _, ok := r.columns[f.name]; f.required && !ok {
			r.fs.add("head_missing", 0, f.name, "", headList(r.src.heads))
		}
	}
	r.checkUnits()
	if r.fs.errors > 0 {
		return errRefused
	}
	var err error
	if r.ref, err = r.chooseReference(); err != nil {
		return err
	}
	if r.ref.assumed {
		if at := r.columns["lon"]; at.index >= 0 && !slices.Contains([]string{"lon", "lng", "longitude", "经度", "东经"}, fold(r.src.heads[at.index])) {
			r.fs.add("crs_assumed", 0, "", r.src.heads[at.index]+", "+r.src.heads[r.columns["lat"].index])
		}
	}
	return r.loadRefs()
}

// chooseCounty finds the county that the rows belong to.
func (r *run) chooseCounty() error {
	rows, err := r.tx.Query(r.ctx, statement("county_find"), args{"county": r.req.Region})
	if err != nil {
		return fmt.Errorf("looking for the county: %w", err)
	}
	type county struct{ Code, Date string }
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[county])
	switch {
	case err != nil:
		return fmt.Errorf("looking for the county: %w", err)
	case len(found) == 1:
		r.county, r.dated = found[0].Code, found[0].Date
		r.args["county"] = r.county
		return nil
	case r.req.Region == "":
		r.fs.add("region_needed", 0, "", "")
	default:
		r.fs.add("region_unknown", 0, "", r.req.Region)
	}
	return errRefused
}

// checkUnits refuses a column of lengths that nobody gave a unit.
func (r *run) checkUnits() {
	for _, f := range r.layer.fields {
		at, ok := r.columns[f.name]
		if f.kind == kindLength && f.unit == "" && ok && at.unit == "" && at.index >= 0 {
			if unit := titleUnit(r.src.title); unit != "" {
				at.unit = unit
				r.columns[f.name] = at
			} else if !r.ownUnits(at.index) {
				r.fs.add("unit_missing", 0, f.name, r.src.heads[at.index])
			}
		}
		if f.kind == kindMoney && ok && at.unit == "" {
			at.unit = titleMoney(r.src.title)
			r.columns[f.name] = at
		}
	}
}

// ownUnits reports whether the first cells of a column carry a unit themselves.
func (r *run) ownUnits(index int) bool {
	own, seen := 0, 0
	err := r.src.each(r.ctx, func(rec record) error {
		if index < len(rec.cells) && rec.cells[index] != "" {
			if _, unit := splitUnit(rec.cells[index]); lengthUnits[unit] > 0 {
				own++
			}
			if seen++; seen == 20 {
				return errEnough
			}
		}
		return nil
	})
	return (err == nil || errors.Is(err, errEnough)) && own > 0 && own*2 > seen
}

func headList(heads []string) string {
	text := ""
	for i, h := range heads {
		if i > 0 {
			text += ", "
		}
		if text += clean(h); i == 30 {
			return text + " ..."
		}
	}
	return text
}

// loadRefs reads what the fields of the layer refer to.
func (r *run) loadRefs() error {
	r.refs = map[string]*index{}
	for _, f := range r.layer.fields {
		if f.to == "" || r.refs[f.to] != nil {
			continue
		}
		ix, err := r.loadIndex(f.to)
		if err != nil {
			return err
		}
		r.refs[f.to] = ix
	}
	if r.layer.unique != "" && r.refs[r.layer.unique] == nil {
		ix, err := r.loadIndex(r.layer.unique)
		if err != nil {
			return err
		}
		r.refs[r.layer.unique] = ix
	}
	if r.layer.name == "region" {
		return r.loadUnits()
	}
	if heldPairs[r.layer.name] != "" {
		if err := r.loadPairs(); err != nil {
			return err
		}
	}
	switch r.layer.name {
	case "contract":
		if err := r.loadBuilt(); err != nil {
			return err
		}
	case "programme":
		ix, err := r.loadIndex("village")
		if err != nil {
			return err
		}
		r.refs["village"] = ix
	case "road_segment", "progress", "road", "inspection":
	default:
		return nil
	}
	if r.refs["road"] == nil {
		ix, err := r.loadIndex("road")
		if err != nil {
			return err
		}
		r.refs["road"] = ix
	}
	return r.loadRoutes()
}

func (r *run) loadRoutes() error {
	rows, err := r.tx.Query(r.ctx, statement("road_state"), args{"county": r.county})
	if err != nil {
		return fmt.Errorf("reading the routes of %s: %w", r.county, err)
	}
	defer rows.Close()
	r.routes = map[int64]*route{}
	for rows.Next() {
		var id int64
		var v route
		if err := rows.Scan(&id, &v.number, &v.length, &v.drawn, &v.at, &v.k); err != nil {
			return err
		}
		r.routes[id] = &v
	}
	return rows.Err()
}

// stage reads the file into the temporary table.
func (r *run) stage() error {
	if _, err := r.tx.Exec(r.ctx, statement("stage_create")); err != nil {
		return fmt.Errorf("making the staging table: %w", err)
	}
	var failed error
	rows := func(yield func(*row) bool) {
		failed = r.src.each(r.ctx, func(rec record) error {
			out := r.accept(rec)
			if out != nil && !yield(out) {
				return errEnough
			}
			return nil
		})
	}
	next, stop := iter.Pull(rows)
	defer stop()
	_, err := r.tx.CopyFrom(r.ctx, pgx.Identifier{"import_stage"}, []string{"row", "shape", "doc"}, pgx.CopyFromFunc(func() ([]any, error) {
		out, ok := next()
		if !ok {
			return nil, nil
		}
		doc, err := json.Marshal(out.doc)
		if err != nil {
			return nil, err
		}
		var shape any
		if out.shape != "" {
			shape = out.shape
		}
		return []any{int32(out.n), shape, doc}, nil
	}))
	if failed != nil && !errors.Is(failed, errEnough) {
		return refuse(r.fs, "file_unreadable", failed)
	}
	if err != nil {
		return fmt.Errorf("staging the rows: %w", err)
	}
	if r.count.Read == 0 && r.layer.name != "reference" {
		r.fs.add("file_empty", 0, "", "")
		return errRefused
	}
	return nil
}

// accept takes one record: nil where it is no thing or has errors.
func (r *run) accept(rec record) *row {
	if r.req.Progress != nil && r.count.Read%256 == 0 {
		r.req.Progress(r.count.Read, r.src.expected)
	}
	if r.src.table {
		if rec.sum != notSum {
			r.sum(rec)
			return nil
		}
		if noteRow(rec.cells) && r.placeless(rec) {
			return nil
		}
		if r.layer.name == "programme" && r.groupRow(rec) {
			return nil
		}
		if extra := beyond(rec.cells, len(r.src.heads)); extra > 0 {
			r.fs.add("ragged_row", rec.row, "", "", extra, len(r.src.heads))
		}
	}
	r.count.Read++
	out := r.parse(rec)
	if out.bad {
		r.count.Rejected++
		return nil
	}
	return out
}

// placeless reports a row without any of the required values.
func (r *run) placeless(rec record) bool {
	for _, f := range r.layer.fields {
		at := r.columns[f.name]
		if f.required && at.constant == "" && at.index > 0 && at.index < len(rec.cells) && rec.cells[at.index] != "" {
			return false
		}
	}
	return true
}

// beyond is the number of cells of a row whose last filled one has no head.
func beyond(cells []string, heads int) int {
	for i := len(cells) - 1; i >= heads; i-- {
		if cells[i] != "" {
			return i + 1
		}
	}
	return 0
}

// sum takes a row of sums: the programme keeps its total, others leave it out.
func (r *run) sum(rec record) {
	if rec.sum == grandTotal && r.layer.name == "programme" {
		r.list.total(r, rec)
		return
	}
	if rec.sum == grandTotal && r.layer.name == "funding" {
		r.moneyTotal(rec)
		return
	}
	r.fs.add("subtotal_row", rec.row, "", rec.cells[0])
}

// reject keeps a staged row out.
func (r *run) reject(n int) {
	if !r.rejects[n] {
		r.rejects[n] = true
		r.count.Rejected++
	}
}

// store writes the good rows.
func (r *run) store() error {
	rejected := make([]int32, 0, len(r.rejects))
	for n := range r.rejects {
		rejected = append(rejected, int32(n))
	}
	if _, err := r.tx.Exec(r.ctx, statement("row_drop"), args{"rows": rejected}); err != nil {
		return fmt.Errorf("leaving out refused rows: %w", err)
	}
	r.args["source"] = filepath.Base(r.req.File)
	for _, name := range r.layer.commit {
		if _, err := r.tx.Exec(r.ctx, statement(name), r.args); err != nil {
			return r.refusedByStore(err)
		}
	}
	for _, f := range r.finish {
		if err := f(); err != nil {
			return r.refusedByStore(err)
		}
	}
	detail := map[string]any{"file": filepath.Base(r.req.File), "read": r.count.Read, "accepted": r.accepted()}
	_, err := r.tx.Exec(r.ctx, statement("audit_insert"), args{"actor": r.req.actor(), "county": r.county, "layer": r.layer.name, "detail": detail})
	if err != nil {
		return err
	}
	if _, err := r.tx.Exec(r.ctx, statement("check_now")); err != nil { // at the commit it would be no finding
		return r.refusedByStore(err)
	}
	return nil
}

func (r *run) accepted() int { return r.count.Read - r.count.Rejected }

// refusedByStore names what a constraint said; anything else is no fault of the file.
func (r *run) refusedByStore(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code[:2] == "23" || pg.Code[:2] == "22") {
		mend := ""
		if pg.Hint != "" {
			mend = ": " + pg.Hint
		}
		r.fs.add("store_refused", 0, pg.ColumnName, pg.Detail, pg.Message, mend)
		return errRefused
	}
	return fmt.Errorf("storing the rows: %w", err)
}

// today is the day used where neither file nor county says one.
func (r *run) today() planner.Date {
	if d, err := planner.ParseDate(r.dated); err == nil {
		return d
	}
	return planner.DateOf(r.req.now())
}

func formatPoint(lon, lat float64) string {
	return strconv.FormatFloat(lon, 'f', -1, 64) + " " + strconv.FormatFloat(lat, 'f', -1, 64)
}
