package data_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// Every statement is one the migrated database understands, and is reached
// through a variable.
func TestEveryStatementPrepares(t *testing.T) {
	conn := connect(t, clustertest.DB(t))
	files, err := filepath.Glob("query/*.sql")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var code []byte
	for _, file := range []string{"query/query.go", "query/works.go", "query/scenario.go", "query/bulletin.go"} {
		part, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code = append(code, part...)
	}
	for _, file := range files {
		name := filepath.Base(file)
		sql, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(code), "//go:embed "+name+"\n") {
			t.Errorf("%s is embedded into no variable", name)
		}
		if strings.HasSuffix(name, "_listen.sql") || name == "change_arm.sql" || name == "load_analyze.sql" || name == "load_number.sql" {
			run(t, conn, string(sql)) // LISTEN, CALL, ANALYZE and SET cannot be prepared
			continue
		}
		if name == "tally_import.sql" {
			continue // nor can SET TRANSACTION with a parameter; the tests of the tally run it
		}
		if _, err := conn.Prepare(context.Background(), name, string(sql)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every table of a county tells its changes, but those that are not facts.
func TestEveryNounTellsItsChanges(t *testing.T) {
	conn := connect(t, clustertest.DB(t))
	silent := value[[]string](t, conn, `select coalesce(array_agg(c.relname::text), '{}') from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'county'
		where c.relnamespace = 'qiantu'::regnamespace and c.relkind = 'r' and c.relname not like '%\_history'
		  and c.relname not in ('change', 'audit', 'sheet', 'sheet_head', 'wall_link') and c.relname not in (select name from qiantu.noted)`)
	if len(silent) > 0 {
		t.Errorf("no notice of change on %v: call qiantu.add_change", silent)
	}
}
