package data

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/migrations"
	"github.com/qiantu/qiantu/planner"
)

// Store is the database. It is safe for use by many goroutines.
type Store struct {
	pool   *pool
	config options
	land   terrains
}

type options struct {
	warn         func(string)
	poll         time.Duration
	connectLimit time.Duration
}

// Option changes how Open works.
type Option func(*options)

// WithWarning sets who is told of a server that weakens what the store
// promises, and of a change feed that had to start again. Default: slog.
func WithWarning(warn func(string)) Option { return func(o *options) { o.warn = warn } }

// WithPoll sets how often the change feed looks without being told, default
// two seconds.
func WithPoll(every time.Duration) Option { return func(o *options) { o.poll = every } }

// Open connects to a migrated database. It fails at once, with the mend, when
// the server cannot be reached, has no PostGIS, or has another schema version
// than this program.
func Open(ctx context.Context, dsn string, opts ...Option) (*Store, error) {
	s := &Store{config: options{
		warn:         func(message string) { slog.Warn(message) },
		poll:         2 * time.Second,
		connectLimit: 10 * time.Second,
	}}
	for _, opt := range opts {
		opt(&s.config)
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "the address of the database is wrong: %v", err)
	}
	if err := s.inspect(ctx, config); err != nil {
		return nil, err
	}
	s.pool, err = newPool(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close gives the connections back. Feeds end with their own contexts.
func (s *Store) Close() { s.pool.close() }

// Transaction runs use in one transaction and commits when it returns nil. It
// is how data/ingest stages and checks rows beside the database's own.
func (s *Store) Transaction(ctx context.Context, use func(pgx.Tx) error) error {
	return s.pool.transaction(ctx, pgx.TxOptions{}, use)
}

// Migrate brings the database at dsn to the schema of this program, and
// switches on the notices of change that a restore may have switched off.
func Migrate(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return explain(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := migrations.Apply(ctx, conn); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, query.ChangeArm)
	return explain(err)
}

// inspect looks at the server before a pool is made, and strengthens the
// sessions to come where the server would acknowledge what is not on disk.
func (s *Store) inspect(ctx context.Context, config *pgx.ConnConfig) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.connectLimit)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return explain(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var state serverState
	row := conn.QueryRow(ctx, query.ServerState)
	if err := row.Scan(&state.postgis, &state.postgisOffered, &state.gistOffered, &state.fsync, &state.pages, &state.commit, &state.version); err != nil {
		return explain(err)
	}
	schema, err := migrations.Current(ctx, conn)
	if err != nil {
		return explain(err)
	}
	if err := state.check(schema, migrations.Latest()); err != nil {
		return err
	}
	for _, weakness := range state.weaknesses() {
		s.config.warn(weakness)
	}
	if state.commit == "off" {
		config.RuntimeParams["synchronous_commit"] = "on"
	}
	return nil
}

// serverState is what query.ServerState tells.
type serverState struct {
	postgis, postgisOffered, gistOffered bool
	fsync, pages, commit                 string
	version                              int
}

// check says why the server cannot be used, and the mend.
func (s serverState) check(schema, latest int32) error {
	switch {
	case s.version < 150000:
		return planner.Errorf(planner.Unavailable, "the database server is PostgreSQL %d; Qiantu needs 15 or newer", s.version/10000)
	case !s.postgis && !s.postgisOffered:
		return planner.Errorf(planner.Unavailable, "the database server has no PostGIS; install the package postgresql-%d-postgis-3 on it, then run: qiantu migrate", s.version/10000)
	case !s.gistOffered:
		return planner.Errorf(planner.Unavailable, "the database server has no btree_gist; install the package postgresql-contrib on it, then run: qiantu migrate")
	case schema == 0:
		return planner.Errorf(planner.Unavailable, "the database is not a Qiantu database yet; run: qiantu migrate")
	case schema < latest:
		return planner.Errorf(planner.Unavailable, "the database has schema version %d, this program needs %d; run: qiantu migrate", schema, latest)
	case schema > latest:
		return planner.Errorf(planner.Unavailable, "the database has schema version %d, this program knows up to %d; run a newer qiantu", schema, latest)
	case !s.postgis:
		return planner.Errorf(planner.Unavailable, "PostGIS was removed from the database; restore it from a backup")
	}
	return nil
}

// weaknesses lists the settings under which an acknowledged write can be lost.
func (s serverState) weaknesses() []string {
	var out []string
	if s.fsync == "off" {
		out = append(out, "the database server runs with fsync = off: a power cut may destroy the database; set fsync = on")
	}
	if s.pages == "off" {
		out = append(out, "the database server runs with full_page_writes = off: a power cut may destroy pages; set full_page_writes = on")
	}
	if s.commit == "off" {
		out = append(out, "the database server runs with synchronous_commit = off: other writers may lose acknowledged work; Qiantu's own sessions use on")
	}
	return out
}

// Revision gives the number of the last change and when it was made.
func (s *Store) Revision(ctx context.Context) (int64, time.Time, error) {
	var n int64
	var at time.Time
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.RevisionGet).Scan(&n, utcInto{&at})
	})
	return n, at, explain(err)
}
