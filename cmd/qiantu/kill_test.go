package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// TestKillDuringImport: the program is killed with SIGKILL at many moments of an import, its private server with it. The
// next start recovers; the import is absent or whole, and what was stored before is still there.
func TestKillDuringImport(t *testing.T) {
	file := filepath.Join(clustertest.Shared(t), "data", "osm", "andorra-2025-01-19.osm.pbf")
	dir := dataDir(t)
	must(t, dir, "migrate")
	before := contents(t, dir)
	if before["qiantu.road_segment"] != 0 {
		t.Fatal("a fresh database holds road segments")
	}
	must(t, dir, "generate", "--villages", "40", "--seed", "7")
	before = contents(t, dir)
	whole := importTime(t, file)
	absent := 0
	for i := range 3 {
		moment := whole * time.Duration(2*i+1) / 6
		kill(t, dir, file, moment)
		after := contents(t, dir)
		if after["qiantu.road_segment"] > before["qiantu.road_segment"] {
			t.Logf("killed after %v of about %v: the import had been committed", moment, whole)
			break
		}
		absent++
		for table, rows := range before {
			if after[table] != rows {
				t.Errorf("killed after %v of about %v: %s has %d rows, had %d", moment, whole, table, after[table], rows)
			}
		}
	}
	if absent == 0 {
		t.Error("no kill came before the commit: the test shows nothing")
	}
	if _, stderr, status := program(t, dir, "import", "osm", file, "--region", "osm:again"); status != 0 {
		t.Errorf("importing after the kills: status %d\n%s", status, stderr)
	}
}

// importTime is how long the import takes when nobody kills it.
func importTime(t *testing.T, file string) time.Duration {
	t.Helper()
	dir := dataDir(t)
	must(t, dir, "migrate")
	from := time.Now()
	must(t, dir, "import", "osm", file)
	return time.Since(from)
}

func kill(t *testing.T, dir, file string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(binary(t), "import", "osm", file, "--data-dir", dir)
	cmd.Env = append(os.Environ(), "DATABASE_URL=")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// contents counts the rows of every table of the schema, by a command of its own that starts the server anew.
func contents(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	s := start(t, dir, "serve")
	defer s.stop()
	conn := s.sql(t)
	names, err := conn.Query(t.Context(), `select format('%I.%I', schemaname, tablename) from pg_tables
		where schemaname not in ('pg_catalog', 'information_schema', 'public') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(names, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, table := range tables {
		var n int64
		if err := conn.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		rows[table] = n
	}
	return rows
}
