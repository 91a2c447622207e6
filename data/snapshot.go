package data

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// HaloMetres is how far around a county the roads of its neighbours are read.
const HaloMetres = 10_000

// Snapshot reads everything known of one county in one transaction, so that
// it is one revision.
//
// A zero AsOf means the county's data date; a county without one is read as of
// the latest day its own facts speak of, and one without any dated fact as of
// the day of the last change. It never means today. A zero KnownAt means the
// present belief. An unknown county is NotFound.
func (s *Store) Snapshot(ctx context.Context, q planner.SnapshotQuery) (*planner.Snapshot, error) {
	var snap *planner.Snapshot
	read := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := s.pool.transaction(ctx, read, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.SnapshotPlan); err != nil {
			return err
		}
		r := &reader{ctx: ctx, tx: tx, county: q.Region, known: known(q.KnownAt)}
		var err error
		if snap, err = r.snapshot(q); err != nil {
			return err
		}
		snap.Heights, snap.Terrain, err = s.heights(ctx, tx, q.Region)
		return err
	})
	return snap, err
}

// reader reads one county in one transaction. The statements of a snapshot are
// sent together, so that the server is at the next while the rows of one are
// taken in; what must be put together of several is put together then.
type reader struct {
	ctx    context.Context
	tx     pgx.Tx
	county string
	on     pgtype.Date
	known  pgtype.Timestamptz
	batch  pgx.Batch
	last   []func() error
}

func (r *reader) snapshot(q planner.SnapshotQuery) (*planner.Snapshot, error) {
	snap, err := r.begin(q)
	if err != nil {
		return nil, err
	}
	for _, part := range []func(*planner.Snapshot){
		r.townships, r.villages, r.roads, r.segments, r.versions, r.programmes, r.contracts, r.funding, r.progress, r.overrides,
		r.disputes, r.inspections, r.warnings, r.duties,
		r.water, r.surveys, r.standard, r.rules, r.sites, r.moves, r.plan, r.target, r.facilities, r.references, r.attachments,
	} {
		part(snap)
	}
	if err := r.run(); err != nil {
		return nil, err
	}
	return snap, nil
}

// begin reads the county itself and settles the day.
func (r *reader) begin(q planner.SnapshotQuery) (*planner.Snapshot, error) {
	snap := &planner.Snapshot{AsOf: q.AsOf, KnownAt: q.KnownAt.UTC()}
	if q.KnownAt.IsZero() {
		snap.KnownAt = time.Time{}
	}
	var at time.Time
	if err := r.tx.QueryRow(r.ctx, query.RevisionGet).Scan(&snap.Revision, utcInto{&at}); err != nil {
		return nil, err
	}
	var err error
	if snap.Region, err = r.region(); err != nil {
		return nil, err
	}
	if snap.AsOf, err = r.asOf(q.AsOf, snap.Region.DataDate, at); err != nil {
		return nil, err
	}
	r.on = putDate(snap.AsOf)
	return snap, nil
}

// run sends what was asked for, takes in the answers, and does what was to be
// done with them.
func (r *reader) run() error {
	if err := r.tx.SendBatch(r.ctx, &r.batch).Close(); err != nil {
		return err
	}
	for _, do := range r.last {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// then has something done with the answers.
func (r *reader) then(do func() error) { r.last = append(r.last, do) }

// asOf settles the day of a snapshot.
func (r *reader) asOf(asked, dataDate planner.Date, changed time.Time) (planner.Date, error) {
	if !asked.IsZero() {
		return asked, nil
	}
	if !dataDate.IsZero() {
		return dataDate, nil
	}
	var latest planner.Date
	if err := r.tx.QueryRow(r.ctx, query.LatestFact, r.county, r.known).Scan(dateInto{&latest}); err != nil {
		return 0, err
	}
	if !latest.IsZero() {
		return latest, nil
	}
	return planner.DateOf(changed), nil
}

// list asks for all rows of a statement that takes county, day and instant.
func list[T any](r *reader, sql string, scan func(pgx.Rows, *T) error, to *[]T) {
	listArgs(r, sql, scan, to, r.county, r.on, r.known)
}

func listArgs[T any](r *reader, sql string, scan func(pgx.Rows, *T) error, to *[]T, args ...any) {
	r.batch.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*to, err = collect(rows, scan)
		return err
	})
}

// listNow reads all rows of a statement.
func listNow[T any](r *reader, sql string, scan func(pgx.Rows, *T) error, args ...any) ([]T, error) {
	rows, err := r.tx.Query(r.ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return collect(rows, scan)
}

func collect[T any](rows pgx.Rows, scan func(pgx.Rows, *T) error) ([]T, error) {
	var out []T
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// region reads the county itself.
func (r *reader) region() (planner.Region, error) {
	regions, err := listNow(r, query.RegionGet, scanRegion, r.county, r.known)
	if err != nil {
		return planner.Region{}, err
	}
	if len(regions) == 0 {
		return planner.Region{}, r.unknownRegion()
	}
	return regions[0], nil
}

// unknownRegion says what is wrong with the code asked for.
func (r *reader) unknownRegion() error {
	var level, county string
	var first time.Time
	err := r.tx.QueryRow(r.ctx, query.RegionWhere, r.county).Scan(&level, &county, utcInto{&first})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return err
	case level != string(planner.LevelCounty):
		return planner.Errorf(planner.NotFound, "region %q is a %s, not a county; ask for its county (%s)", r.county, level, county)
	default:
		return planner.Errorf(planner.NotFound, "county %q was first known at %s; ask for a later instant", r.county, first.Format(time.RFC3339))
	}
	codes, err := listNow(r, query.CountyCodes, func(rows pgx.Rows, code *string) error { return rows.Scan(code) })
	if err != nil {
		return err
	}
	if len(codes) == 0 {
		return planner.Errorf(planner.NotFound, "there is no county %q, nor any other yet; load one first", r.county)
	}
	return planner.Errorf(planner.NotFound, "there is no county %q; there are: %s", r.county, strings.Join(codes, ", "))
}

func (r *reader) townships(snap *planner.Snapshot) {
	list(r, query.RegionChildren, scanRegion, &snap.Townships)
}

// byID orders things of more than one county.
func byID[T any](things []T, id func(T) planner.ID) {
	slices.SortFunc(things, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
}
