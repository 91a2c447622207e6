package data_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/planner"
)

// quiet keeps the remarks on a test server's durability out of the test log.
var quiet = data.WithWarning(func(string) {})

// quick makes the feed look often, so that tests of it are short.
var quick = data.WithPoll(100 * time.Millisecond)

func openStore(t testing.TB, opts ...data.Option) (*data.Store, string) {
	t.Helper()
	dsn := clustertest.DB(t)
	store, err := data.Open(context.Background(), dsn, append([]data.Option{quiet}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store, dsn
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func run(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// value reads one value.
func value[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// program runs one of PostgreSQL's own programs.
func program(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// counties makes bare counties, each with one village at its own place.
func counties(t testing.TB, conn *pgx.Conn, codes ...string) {
	t.Helper()
	for i, code := range codes {
		run(t, conn, `insert into qiantu.region (code, level, name, county) values ($1, 'county', 'c', $1)`, code)
		run(t, conn, `insert into qiantu.village (county, id, name, geom) values ($1, $2, 'v', ST_SetSRID(ST_MakePoint($3, 27), 4490))`,
			code, 1000+i, 100+float64(i)/10)
	}
}

// listen starts a feed from the present on.
func listen(t testing.TB, store *data.Store) <-chan planner.Change {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	revision, _, err := store.Revision(ctx)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := store.Listen(ctx, revision)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		for range changes {
		}
	})
	return changes
}

// next waits for one change.
func next(t testing.TB, changes <-chan planner.Change) planner.Change {
	t.Helper()
	select {
	case c, ok := <-changes:
		if !ok {
			t.Fatal("the feed ended")
		}
		return c
	case <-time.After(10 * time.Second):
		t.Fatal("no change came within 10 s")
	}
	panic("unreachable")
}

// silent fails when a change comes within a few polls.
func silent(t testing.TB, changes <-chan planner.Change) {
	t.Helper()
	select {
	case c := <-changes:
		t.Fatalf("a change came: %+v", c)
	case <-time.After(500 * time.Millisecond):
	}
}

// untilAll waits for a change that makes everything stale.
func untilAll(t testing.TB, changes <-chan planner.Change) {
	t.Helper()
	for !next(t, changes).All {
	}
}
