package ingest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// database is the store that the importer writes to, as programs open it, and a
// connection of its own to look at what became of it.
type database struct {
	*pgx.Conn
	store *data.Store
}

// Transaction implements Database.
func (d database) Transaction(ctx context.Context, use func(pgx.Tx) error) error {
	return d.store.Transaction(ctx, use)
}

// connect opens a database that there is.
func connect(t testing.TB, dsn string) database {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	store, err := data.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return database{conn, store}
}

// fresh gives an empty store; with a county where county is set.
func fresh(t testing.TB, county string) database {
	t.Helper()
	db := connect(t, clustertest.DB(t))
	if county != "" {
		db.exec(t, `insert into qiantu.region (code, level, name, county) values ($1, 'county', $1, $1)`, county)
	}
	return db
}

func (d database) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := d.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// one reads a single value as text.
func (d database) one(t testing.TB, sql string, args ...any) string {
	t.Helper()
	var out any
	if err := d.QueryRow(t.Context(), sql, args...).Scan(&out); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return fmt.Sprint(out)
}

// rows counts every row of every table of the schema, so that "nothing stored"
// means all of it.
func (d database) rows(t testing.TB) string {
	t.Helper()
	list, err := d.Query(t.Context(), `select table_name from information_schema.tables where table_schema = 'qiantu' and table_type = 'BASE TABLE' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(list, pgx.RowTo[string])
	if err != nil || len(names) < 20 {
		t.Fatalf("tables: %d, %v", len(names), err)
	}
	var out strings.Builder
	for _, name := range names {
		fmt.Fprintf(&out, "%s=%s ", name, d.one(t, `select count(*) from qiantu.`+pgx.Identifier{name}.Sanitize()))
	}
	return out.String()
}

// importing runs an import that must not fail for reasons of its own.
func importing(t testing.TB, db database, req Request) *Result {
	t.Helper()
	res, err := Import(t.Context(), db, req)
	if err != nil {
		t.Fatalf("importing %s: %v", req.File, err)
	}
	return res
}

// imported is importing for a file that must be taken whole.
func imported(t testing.TB, db database, req Request) *Result {
	t.Helper()
	res := importing(t, db, req)
	if res.Failed() || !res.Stored {
		t.Fatalf("importing %s was refused: %s", req.File, said(res))
	}
	return res
}

// refused is importing for a file that must be refused with a code, and leave
// every table as it was.
func refused(t testing.TB, db database, req Request, code string) Finding {
	t.Helper()
	before := db.rows(t)
	res := importing(t, db, req)
	if !res.Failed() || res.Stored {
		t.Fatalf("importing %s was not refused: %s", req.File, said(res))
	}
	if after := db.rows(t); after != before {
		t.Errorf("a refused import left rows:\nbefore %s\nafter  %s", before, after)
	}
	return found(t, res, code)
}

// found returns the first finding of a code, which must say all that a finding says.
func found(t testing.TB, res *Result, code string) Finding {
	t.Helper()
	for _, f := range res.Findings {
		if f.Code == code {
			if f.File == "" || f.Message == "" || f.Mend == "" || f.MessageZH == "" || f.MendZH == "" {
				t.Errorf("the finding says too little: %+v", f)
			}
			if strings.Contains(f.Message+f.MessageZH+f.Mend+f.MendZH, "{") {
				t.Errorf("the finding has a hole: %+v", f)
			}
			return f
		}
	}
	t.Fatalf("no finding %s; there are: %s", code, said(res))
	return Finding{}
}

func said(res *Result) string {
	var out strings.Builder
	for i, f := range res.Findings {
		if i == 15 {
			break
		}
		fmt.Fprintf(&out, "\n  [%s] %s", f.Code, f)
	}
	return fmt.Sprintf("%+v stored=%v%s", res.Layers, res.Stored, out.String())
}

// shared is a file of the real data.
func shared(t testing.TB, name string) string {
	t.Helper()
	return filepath.Join(clustertest.Shared(t), "data", filepath.FromSlash(name))
}

// file writes a file of the test's own.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// runTool runs a program that a test needs.
func runTool(t testing.TB, name string, arguments ...string) {
	t.Helper()
	if out, err := exec.Command(name, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
}
