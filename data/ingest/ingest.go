package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/planner"
)

// Request says what to import.
type Request struct {
	Layer    string            // one of Layers
	File     string            // path of the file
	Region   string            // county code; empty: the only county there is
	CRS      string            // EPSG:n, gcj02, bd09; empty: what the file says
	Encoding string            // utf-8, gbk, gb18030, big5 ...; empty: found or asked for
	Map      map[string]string // field to column ("column", "#3" by place, "=constant"); layer, sheet
	Partial  bool              // store the good rows even where others have errors
	DryRun   bool              // only report
	Actor    string            // who imports, for the audit; empty: import
	Progress func(done, total int)
	Now      func() time.Time // tests; nil: the clock
	degrees  bool             // a vector file in another reference is projected while it is read, without heights
}

func (r Request) actor() string {
	if r.Actor == "" {
		return "import"
	}
	return r.Actor
}

func (r Request) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

// Database is what an import needs: one transaction, committed when use returns
// nil and rolled back otherwise.
type Database interface {
	Transaction(ctx context.Context, use func(pgx.Tx) error) error
}

// errRollback ends a transaction whose report is wanted but whose rows are not.
var errRollback = errors.New("ingest: nothing is to be stored")

// Import reads a file into a layer. The Result is the report, also where
// nothing was stored because of what it says; the error is for what is no fault
// of the file. Everything is stored in one commit, or nothing.
func Import(ctx context.Context, store Database, req Request) (*Result, error) {
	l, err := findLayer(req.Layer)
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "%v", err)
	}
	if _, err := os.Stat(req.File); err != nil {
		return nil, planner.Errorf(planner.Invalid, "the file %s cannot be read: %v", filepath.Base(req.File), errors.Unwrap(err))
	}
	if _, err := Janitor(); err != nil {
		return nil, err
	}
	dir, remove, err := workDir()
	if err != nil {
		return nil, err
	}
	defer remove()
	r := newRun(ctx, req, l)
	if r.src, err = open(ctx, l, req, dir, r.fs); err == nil {
		err = store.Transaction(ctx, func(tx pgx.Tx) error {
			r.tx = tx
			return r.inTransaction()
		})
	}
	if err != nil && !errors.Is(err, errRefused) && !errors.Is(err, errRollback) {
		return nil, fmt.Errorf("importing %s: %w", filepath.Base(req.File), err)
	}
	return r.result(err == nil), nil
}

func newRun(ctx context.Context, req Request, l *layer) *run {
	return &run{
		ctx: ctx, req: req, layer: l, fs: newFindings(filepath.Base(req.File)), args: args{},
		count: LayerCount{Layer: l.name}, codes: map[string]int{}, rejects: map[int]bool{},
	}
}

// inTransaction stages and checks, then stores unless something speaks against it.
func (r *run) inTransaction() error {
	if err := r.staged(); err != nil {
		return err
	}
	if r.req.DryRun || r.fs.errors > 0 && !r.req.Partial {
		return errRollback
	}
	return r.store()
}

func (r *run) result(stored bool) *Result {
	r.count.Accepted = r.accepted()
	return &Result{
		Layers: []LayerCount{r.count}, Findings: r.fs.done(), Stored: stored, Region: r.county, errors: r.fs.errors,
	}
}
