package data

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// The feed's own limits.
const (
	changeBatch    = 500              // revisions read at once
	statementLimit = 20 * time.Second // of one statement; then the connection is given up
	firstBackoff   = 50 * time.Millisecond
	longestBackoff = 5 * time.Second
	everyCounty    = "*"
	cellShift      = 12 // a cell is x * 4096 + y
)

// Listen tells what became stale after a revision, in commit order, each
// revision once; no writer can make it miss one, whatever tool it uses. The
// channel is closed when ctx ends. Nothing is lost on a reader that is slow:
// what it has not taken yet stays in the database.
//
// All means that anything may have changed, also at the same revision: after a
// TRUNCATE or a restore, when notices were or are switched off, when the list
// of changes does not reach back to since, or is another database's. While
// notices stay switched off All comes again with every poll.
//
// What a restore changed before Listen was called cannot be seen, so listen
// first, then read the snapshot to start from.
func (s *Store) Listen(ctx context.Context, since int64) (<-chan planner.Change, error) {
	f := &feed{store: s, last: since, out: make(chan planner.Change)}
	conn, err := f.connect(ctx)
	if err != nil {
		return nil, explain(err)
	}
	go f.run(ctx, conn)
	return f.out, nil
}

// Prune forgets changes that are older than keep, and those beyond the newest
// rows. A feed that still wanted one of them gets All instead. It returns how
// many rows went. A week and 100,000 rows are good values.
func (s *Store) Prune(ctx context.Context, keep time.Duration, rows int) (int64, error) {
	var gone int64
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.ChangePrune, keep, rows).Scan(&gone)
	})
	return gone, explain(err)
}

// feed is one reader of the list of changes.
type feed struct {
	store   *Store
	out     chan planner.Change
	last    int64      // the revision up to which all is told
	mark    *time.Time // when the changes of last were made; nil: not seen
	print   string     // the fingerprint last seen; empty: none yet
	checked time.Time
	unarmed bool   // notices are weak, and this role may not mend that
	reason  string // last warned of
}

// feedState is what query.ChangeState tells.
type feedState struct {
	revision, pruned int64
	mark, newest     *time.Time
	print            string
	silent           []string // notices that are missing or switched off
	weak             bool     // a notice that was switched on again does not fire for replicas and restores
}

// run keeps a connection until ctx ends.
func (f *feed) run(ctx context.Context, conn *pgx.Conn) {
	defer close(f.out)
	backoff := firstBackoff
	for {
		if conn != nil {
			started := time.Now()
			err := f.follow(ctx, conn)
			closeConn(conn)
			if ctx.Err() != nil {
				return
			}
			if time.Since(started) > longestBackoff {
				backoff = firstBackoff
			}
			f.store.config.warn(fmt.Sprintf("the change feed lost its connection and connects again: %v", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, longestBackoff)
		conn, _ = f.connect(ctx) // the next round tries again
	}
}

// connect opens the feed's own connection, already listening.
func (f *feed) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, statementLimit)
	defer cancel()
	config := f.store.pool.config.Copy()
	config.RuntimeParams["application_name"] = "qiantu change feed"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, query.ChangeListen); err != nil {
		closeConn(conn)
		return nil, err
	}
	return conn, nil
}

// follow tells changes until the connection fails or ctx ends. A notice only
// says "look again"; what is told is read from the table.
func (f *feed) follow(ctx context.Context, conn *pgx.Conn) error {
	f.checked = time.Time{}
	for {
		if time.Since(f.checked) >= f.store.config.poll {
			if err := f.inspect(ctx, conn); err != nil {
				return err
			}
			f.checked = time.Now()
		}
		if err := f.catchUp(ctx, conn); err != nil {
			return err
		}
		if err := f.wait(ctx, conn); err != nil {
			return err
		}
	}
}

// wait returns on a notice, or when it is time to look without one.
func (f *feed) wait(ctx context.Context, conn *pgx.Conn) error {
	quiet, cancel := context.WithDeadline(ctx, f.checked.Add(f.store.config.poll))
	defer cancel()
	_, err := conn.WaitForNotification(quiet)
	if err != nil && quiet.Err() != nil && ctx.Err() == nil && !conn.IsClosed() {
		return nil
	}
	return err
}

// inspect looks for what changes rows without a notice.
func (f *feed) inspect(ctx context.Context, conn *pgx.Conn) error {
	state, err := f.state(ctx, conn)
	if err != nil {
		return err
	}
	f.arm(ctx, conn, state.weak)
	before := f.print
	f.print = state.print
	if reason := f.silence(state, before); reason != "" {
		return f.all(ctx, state, reason)
	}
	f.reason = ""
	return nil
}

// arm makes notices that somebody switched off and on again fire in every
// session, as they did. A role that may not is warned of once.
func (f *feed) arm(ctx context.Context, conn *pgx.Conn, weak bool) {
	if !weak {
		f.unarmed = false
		return
	}
	if f.unarmed {
		return
	}
	if _, err := conn.Exec(ctx, query.ChangeArm); err != nil {
		f.unarmed = true
		f.store.config.warn("notices do not fire for replicas and restores; run qiantu migrate as the owner: " + err.Error())
	}
}

// silence says why the list of changes cannot be trusted; empty: it can.
func (f *feed) silence(state feedState, before string) string {
	switch {
	case len(state.silent) > 0:
		return fmt.Sprintf("notices are switched off (%s); run: qiantu migrate", strings.Join(state.silent, ", "))
	case before != "" && before != state.print:
		return "a table was rewritten, a trigger switched or the database restored"
	case f.last > state.revision:
		return fmt.Sprintf("the database stands at revision %d, before %d", state.revision, f.last)
	case f.last < state.pruned:
		return fmt.Sprintf("changes up to revision %d are pruned", state.pruned)
	case f.mark != nil && f.last > state.pruned && (state.mark == nil || !state.mark.Equal(*f.mark)):
		return fmt.Sprintf("revision %d is another one than before", f.last)
	}
	return ""
}

func (f *feed) state(ctx context.Context, conn *pgx.Conn) (feedState, error) {
	ctx, cancel := context.WithTimeout(ctx, statementLimit)
	defer cancel()
	var s feedState
	err := conn.QueryRow(ctx, query.ChangeState, f.last).Scan(&s.revision, &s.pruned, &s.mark, &s.newest, &s.print, &s.silent, &s.weak)
	return s, err
}

// all tells that everything is stale and goes on from the present.
func (f *feed) all(ctx context.Context, state feedState, reason string) error {
	if reason != f.reason { // a notice that stays off is told at every look, but warned of once
		f.store.config.warn("the change feed says that everything is stale: " + reason)
	}
	f.reason = reason
	f.last, f.mark = state.revision, state.newest
	return f.tell(ctx, planner.Change{Revision: state.revision, All: true})
}

func (f *feed) tell(ctx context.Context, change planner.Change) error {
	select {
	case f.out <- change:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// catchUp tells every revision after the last. Revisions have no gaps; where
// there is one, rows of the list are gone, and everything is stale.
func (f *feed) catchUp(ctx context.Context, conn *pgx.Conn) error {
	for {
		entries, err := f.read(ctx, conn)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.change.Revision != f.last+1 {
				if err := f.gap(ctx, conn, e.change.Revision); err != nil {
					return err
				}
				break
			}
			if err := f.tell(ctx, e.change); err != nil {
				return err
			}
			f.last, f.mark = e.change.Revision, &e.at
		}
		if len(entries) < changeBatch {
			return nil
		}
	}
}

// gap tells that everything is stale since revisions are not listed.
func (f *feed) gap(ctx context.Context, conn *pgx.Conn, next int64) error {
	state, err := f.state(ctx, conn)
	if err != nil {
		return err
	}
	return f.all(ctx, state, fmt.Sprintf("changes between revisions %d and %d are gone", f.last, next))
}

// entry is one revision of the list.
type entry struct {
	change planner.Change
	at     time.Time // of its last row
	whole  bool      // some row names no cells
}

// read gives the next revisions, the rows of each brought together.
func (f *feed) read(ctx context.Context, conn *pgx.Conn) ([]entry, error) {
	ctx, cancel := context.WithTimeout(ctx, statementLimit)
	defer cancel()
	rows, err := conn.Query(ctx, query.ChangeList, f.last, f.last+changeBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []entry
	for rows.Next() {
		var revision int64
		var county, layer string
		var cells []int32
		var at time.Time
		if err := rows.Scan(&revision, &county, &layer, &cells, &at); err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].change.Revision != revision {
			out = append(out, entry{change: planner.Change{Revision: revision}})
		}
		out[len(out)-1].add(county, layer, cells, at)
	}
	for i := range out {
		out[i].finish()
	}
	return out, rows.Err()
}

// add brings one row into a revision.
func (e *entry) add(county, layer string, cells []int32, at time.Time) {
	if at.After(e.at) {
		e.at = at
	}
	if county == everyCounty {
		e.change.All = true
		return
	}
	e.change.Counties = append(e.change.Counties, county)
	e.change.Layers = append(e.change.Layers, layer)
	e.whole = e.whole || cells == nil
	for _, cell := range cells {
		e.change.Cells = append(e.change.Cells, planner.Cell{X: uint32(cell >> cellShift), Y: uint32(cell & (1<<cellShift - 1))})
	}
}

// finish orders what was brought together, each once.
func (e *entry) finish() {
	c := &e.change
	if c.All {
		*c = planner.Change{Revision: c.Revision, All: true}
		return
	}
	slices.Sort(c.Counties)
	c.Counties = slices.Compact(c.Counties)
	slices.Sort(c.Layers)
	c.Layers = slices.Compact(c.Layers)
	if e.whole {
		c.Cells = nil
		return
	}
	slices.SortFunc(c.Cells, func(a, b planner.Cell) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) })
	c.Cells = slices.Compact(c.Cells)
}
