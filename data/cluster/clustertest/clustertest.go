// Package clustertest gives tests a PostGIS database of their own.
//
// The databases live in the server that QIANTU_TEST_DSN names (a role there that may create databases and extensions), or
// else in one private cluster per user of the machine, which the first test starts and all test processes share. It is held
// by a process of its own, since no test process outlives the others for certain; a while after the last test has ended,
// it stops and removes its files.
//
// For tests only: nothing else may import it.
package clustertest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/migrations"
)

// patience is how long making the server or a template may take on a loaded machine.
const patience = 2 * time.Minute

// DB gives the DSN of a fresh database with all migrations applied; it is dropped when the test ends.
func DB(t testing.TB) string {
	t.Helper()
	return fresh(t, "migrated", migrations.Digest(), migrations.Apply)
}

// Empty is DB without the migrations: postgis and btree_gist, and nothing else.
func Empty(t testing.TB) string {
	t.Helper()
	return fresh(t, "empty", "", func(context.Context, *pgx.Conn) error { return nil })
}

// Shared gives the folder with the real files: QIANTU_SHARED, or ../shared beside the repository. Where neither is there
// the test is skipped; where QIANTU_SHARED is set but is no folder, it fails.
func Shared(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("QIANTU_SHARED"); dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			t.Fatalf("QIANTU_SHARED=%s is not a folder (%v): point it at the folder with data/, or unset it", dir, err)
		}
		return dir
	}
	dir := filepath.Join(filepath.Dir(root(t)), "shared")
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.Skipf("no real files: %s is not there and QIANTU_SHARED is not set", dir)
	}
	return dir
}

// root is the repository: the first folder above the test's own that has a go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			err = fs.ErrNotExist
		}
		dir = filepath.Dir(dir)
	}
	t.Fatalf("finding the repository: %v", err)
	return ""
}

// templates remembers per process which templates are known to be whole.
var templates sync.Map

// fresh clones a database from the template of that name, making the template first where it is missing.
func fresh(t testing.TB, kind, digest string, build func(context.Context, *pgx.Conn) error) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	admin, err := adminDSN(ctx)
	if err != nil {
		t.Fatalf("clustertest: no database server for tests: %v", err)
	}
	template := "qiantu_test_" + kind
	if digest != "" {
		template += "_" + digest[:12]
	}
	if _, known := templates.Load(admin + template); !known {
		if err := ensureTemplate(ctx, admin, template, build); err != nil {
			t.Fatalf("clustertest: making the template %s: %v", template, err)
		}
		templates.Store(admin+template, true)
	}
	name := fmt.Sprintf("qiantu_test_%d_%s", os.Getpid(), random())
	if err := execute(ctx, admin, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY file_copy"); err != nil {
		t.Fatalf("clustertest: cloning %s: %v", template, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := execute(ctx, admin, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("clustertest: dropping %s: %v", name, err)
		}
	})
	return withDatabase(admin, name)
}

// ensureTemplate makes the template once; test processes that come at the same time wait for the one that makes it. A
// template is whole when nobody may connect to it, which is also what cloning it safely needs.
func ensureTemplate(ctx context.Context, admin, name string, build func(context.Context, *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		return err
	}
	var whole bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND NOT datallowconn)", name).Scan(&whole)
	if err != nil || whole {
		return err
	}
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return err
	}
	if err := fill(ctx, withDatabase(admin, name), build); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
	return err
}

func fill(ctx context.Context, dsn string, build func(context.Context, *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE EXTENSION postgis; CREATE EXTENSION btree_gist")
	if err != nil {
		return err
	}
	return build(ctx, conn)
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// withDatabase is the DSN, in either of its two spellings, with another database.
func withDatabase(dsn, name string) string {
	if u, err := url.Parse(dsn); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		u.Path = "/" + name
		return u.String()
	}
	return dsn + " dbname=" + name // of two, the last counts
}

func random() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
