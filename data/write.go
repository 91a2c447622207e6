package data

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// Stored says what a load became.
type Stored struct {
	County   string
	Revision int64          // of the commit
	Rows     map[string]int // by table
	ids      moved
}

// ID gives the stored id of a local one in a table: village, road_segment,
// programme_scope, building, ...; 0 when the load held none such.
func (s *Stored) ID(table string, local planner.ID) planner.ID { return s.ids[table][local] }

// Store writes a county's facts in one commit, or nothing. Ids are moved to
// free ones, unique over all counties and in the same order; in a fresh
// database ids that run from 1 stay what they are.
//
// A county that already holds anything but regions is refused as Conflict,
// unless load.Add is set. Rows the database does not accept are Invalid.
func (s *Store) Store(ctx context.Context, load *Load) (*Stored, error) {
	w := &writer{ctx: ctx, load: load, ids: moved{}, rows: map[string]int{}}
	if err := w.check(); err != nil {
		return nil, err
	}
	out := &Stored{County: load.County, Rows: w.rows, ids: w.ids}
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		if err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{}, w.write); err != nil {
			return err
		}
		if w.total() >= analyzeFrom {
			if _, err := conn.Exec(ctx, query.LoadAnalyze); err != nil {
				s.config.warn("the load is stored, but its tables could not be analyzed, so queries may be slow for a while: " + err.Error())
			}
		}
		return nil
	})
	if err != nil {
		return nil, explain(err)
	}
	out.Revision = w.revision
	return out, nil
}

// analyzeFrom is how many rows make a load worth telling the planner of.
const analyzeFrom = 1000

func (w *writer) total() int {
	sum := 0
	for _, n := range w.rows {
		sum += n
	}
	return sum
}

// writer writes one load in one transaction.
type writer struct {
	ctx  context.Context
	tx   pgx.Tx
	load *Load
	ids  moved
	rows map[string]int

	revision int64
}

// write takes the steps in the order foreign keys ask for.
func (w *writer) write(tx pgx.Tx) error {
	w.tx = tx
	if _, err := tx.Exec(w.ctx, query.CountyLock, w.load.County); err != nil {
		return err
	}
	if err := w.refuseHeld(); err != nil {
		return err
	}
	for _, step := range []func() error{
		w.regions, w.villages, w.roads, w.segments, w.operations, w.programmes, w.contracts, w.funding, w.files, w.progress, w.overrides,
		w.disputes, w.inspections, w.submissions, w.warnings, w.duties,
		w.water, w.surveys, w.sites, w.buildings, w.register, w.consents, w.moves, w.target, w.places, w.terrain,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(w.ctx, query.LoadNumber); err != nil {
		return err
	}
	return tx.QueryRow(w.ctx, query.RevisionGet).Scan(&w.revision, nil)
}

// refuseHeld refuses a county that holds something already.
func (w *writer) refuseHeld() error {
	if w.load.Add {
		return nil
	}
	held, err := pgx.CollectRows(must(w.tx.Query(w.ctx, query.CountyHeld, w.load.County)), pgx.RowTo[string])
	if err != nil || len(held) == 0 {
		return err
	}
	return planner.Errorf(planner.Conflict, "county %q already holds rows (table %s); load it into an empty database, or give the county another code",
		w.load.County, held[0])
}

// must passes rows on; pgx gives their error with the rows themselves too.
func must(rows pgx.Rows, _ error) pgx.Rows { return rows }

// copyRows sends n rows to a table. Every row begins with the county.
func (w *writer) copyRows(table string, columns []string, n int, row func(i int) []any) error {
	if n == 0 {
		return nil
	}
	columns = append([]string{"county"}, columns...)
	source := pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		return append([]any{w.load.County}, row(i)...), nil
	})
	copied, err := w.tx.CopyFrom(w.ctx, pgx.Identifier{"qiantu", table}, columns, source)
	if err != nil {
		return fmt.Errorf("data: storing %s: %w", table, err)
	}
	w.rows[table] += int(copied)
	return nil
}

// null gives nil for the empty string.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// or gives the first of two that is not empty.
func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
