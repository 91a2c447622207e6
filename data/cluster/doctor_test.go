package cluster

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/migrations"
)

func find(t *testing.T, findings []Finding, name string) Finding {
	t.Helper()
	i := slices.IndexFunc(findings, func(f Finding) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no finding %q among %+v", name, findings)
	}
	return findings[i]
}

// wantBad checks that a finding is bad and that its detail and its mend say what they must.
func wantBad(t *testing.T, f Finding, detail, mend string) {
	t.Helper()
	if f.OK || !strings.Contains(f.Detail, detail) || !strings.Contains(f.Mend, mend) {
		t.Errorf("%+v; want it bad, with %q and the mend %q", f, detail, mend)
	}
}

func TestDiagnoseThroughALife(t *testing.T) {
	dir := newDir(t)
	for _, name := range []string{"PostgreSQL", "PostGIS", "data directory", "disk space", "socket", "server", "GDAL", "osmium"} {
		if f := find(t, Diagnose(t.Context(), dir, ""), name); !f.OK || f.Mend != "" {
			t.Errorf("before the first start: %+v", f)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("Diagnose made the data directory")
	}

	c := mustOpenDurable(t, dir)
	wantBad(t, find(t, Diagnose(t.Context(), dir, ""), "schema"), "version 0", "qiantu migrate")
	conn, err := pgx.Connect(t.Context(), c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := migrations.Apply(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	findings := Diagnose(t.Context(), dir, "")
	for _, name := range []string{"data checksums", "fsync", "full_page_writes", "synchronous_commit", "data_checksums",
		"PostGIS in the database", "schema", "server"} {
		if f := find(t, findings, name); !f.OK {
			t.Errorf("while running: %+v", f)
		}
	}

	if _, err := conn.Exec(t.Context(), "ALTER DATABASE qiantu SET synchronous_commit = off"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "UPDATE public.qiantu_schema_version SET version = 32000"); err != nil {
		t.Fatal(err)
	}
	findings = Diagnose(t.Context(), dir, c.DSN())
	wantBad(t, find(t, findings, "synchronous_commit"), "can be lost", "synchronous_commit = on")
	wantBad(t, find(t, findings, "schema"), "version 32000", "newer program")

	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if f := find(t, Diagnose(t.Context(), dir, ""), "data checksums"); !f.OK {
		t.Errorf("after the stop: %+v", f)
	}
	wantBad(t, find(t, Diagnose(t.Context(), dir, c.DSN()), "server"), "connect", "DATABASE_URL")
}

func TestDiagnoseDamage(t *testing.T) {
	dir := newDir(t)
	if err := mustOpen(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(pgdataOf(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	wantBad(t, find(t, Diagnose(t.Context(), dir, ""), "data directory"), "mode 0755", "chmod 700")
	if err := os.WriteFile(pgdataOf(dir)+"/PG_VERSION", []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantBad(t, find(t, Diagnose(t.Context(), dir, ""), "data directory"), "install postgresql-9", "see the detail")
}

func TestDiagnoseMissingPrograms(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	findings := Diagnose(t.Context(), newDir(t), "")
	wantBad(t, find(t, findings, "GDAL"), "ogr2ogr is not installed", "install gdal-bin")
	wantBad(t, find(t, findings, "osmium"), "not installed", "install osmium-tool")
	if fonts := find(t, findings, "Chinese fonts"); !fonts.OK || !strings.Contains(fonts.Detail, "install fonts-noto-cjk") {
		t.Errorf("without fonts the doctor says %+v; want advice, not a fault", fonts)
	}
}
