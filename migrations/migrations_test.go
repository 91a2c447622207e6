package migrations_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/migrations"
)

func TestApplyToEmptyAndToMigrated(t *testing.T) {
	ctx := context.Background()
	conn := connect(t, clustertest.Empty(t))
	want(t, conn, 0)
	if err := migrations.Apply(ctx, conn); err != nil {
		t.Fatal(err)
	}
	want(t, conn, migrations.Latest())
	before := objects(t, conn)
	if before == 0 {
		t.Fatal("no tables in schema qiantu")
	}
	if err := migrations.Apply(ctx, conn); err != nil {
		t.Fatalf("on a migrated database: %v", err)
	}
	if after := objects(t, conn); after != before {
		t.Errorf("applying twice changed the number of relations from %d to %d", before, after)
	}
}

func TestApplyByFourAtOnce(t *testing.T) {
	dsn := clustertest.Empty(t)
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		conn := connect(t, dsn)
		all.Go(func() { errs[i] = migrations.Apply(context.Background(), conn) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	want(t, connect(t, dsn), migrations.Latest())
}

func TestApplyRefusesNewerDatabase(t *testing.T) {
	ctx := context.Background()
	conn := connect(t, clustertest.DB(t))
	newer := migrations.Latest() + 1
	if _, err := conn.Exec(ctx, "UPDATE public.qiantu_schema_version SET version = $1", newer); err != nil {
		t.Fatal(err)
	}
	err := migrations.Apply(ctx, conn)
	if !errors.Is(err, migrations.ErrNewer) || !strings.Contains(err.Error(), "run a newer program") {
		t.Errorf("got %v, want ErrNewer and what to do", err)
	}
	want(t, conn, newer)
}

func TestApplySaysWhoMayCreateExtensions(t *testing.T) {
	ctx := context.Background()
	conn := connect(t, clustertest.Empty(t))
	_, err := conn.Exec(ctx, `DROP EXTENSION btree_gist;
		CREATE ROLE qiantu_test_humble;
		SET ROLE qiantu_test_humble`)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = conn.Exec(ctx, "RESET ROLE; DROP ROLE qiantu_test_humble") })
	if err := migrations.Apply(ctx, conn); err == nil || !strings.Contains(err.Error(), "let a superuser run") {
		t.Errorf("got %v, want the mend", err)
	}
}

func TestFilesSayWhyAndGoForwardOnly(t *testing.T) {
	paths, err := filepath.Glob("*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	if int(migrations.Latest()) != len(paths) {
		t.Errorf("Latest is %d, and there are %d files: a number is missing or the name is not NNN_noun.sql", migrations.Latest(), len(paths))
	}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(body), "\n")
		if !strings.HasPrefix(first, "-- ") || len(first) < 20 {
			t.Errorf("%s: the first line is %q, want a sentence on why", path, first)
		}
	}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func want(t *testing.T, conn *pgx.Conn, version int32) {
	t.Helper()
	if got, err := migrations.Current(context.Background(), conn); err != nil || got != version {
		t.Errorf("schema version is %d, %v; want %d", got, err, version)
	}
}

func objects(t *testing.T, conn *pgx.Conn) (n int) {
	t.Helper()
	err := conn.QueryRow(context.Background(),
		"SELECT count(*) FROM pg_class WHERE relnamespace = 'qiantu'::regnamespace").Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
