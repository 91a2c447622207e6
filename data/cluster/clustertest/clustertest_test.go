package clustertest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/migrations"
)

func TestDatabasesAreFreshAndApart(t *testing.T) {
	ctx := context.Background()
	one, two := open(t, DB(t)), open(t, DB(t))
	if version, err := migrations.Current(ctx, one); err != nil || version != migrations.Latest() {
		t.Fatalf("schema version is %d, %v; want %d", version, err, migrations.Latest())
	}
	if _, err := one.Exec(ctx, "CREATE TABLE public.mine (a int)"); err != nil {
		t.Fatal(err)
	}
	var seen bool
	if err := two.QueryRow(ctx, "SELECT to_regclass('public.mine') IS NOT NULL").Scan(&seen); err != nil || seen {
		t.Errorf("a table of one test database is seen in another: %v, %v", seen, err)
	}
}

func TestEmptyHasPostGISAndNoSchema(t *testing.T) {
	ctx := context.Background()
	conn := open(t, Empty(t))
	if version, err := migrations.Current(ctx, conn); err != nil || version != 0 {
		t.Errorf("schema version is %d, %v; want 0", version, err)
	}
	var text string
	if err := conn.QueryRow(ctx, "SELECT ST_AsText(ST_Point(104.7, 27.1))").Scan(&text); err != nil || text != "POINT(104.7 27.1)" {
		t.Errorf("ST_AsText is %q, %v", text, err)
	}
}

func TestDroppedWithTheTest(t *testing.T) {
	var name string
	t.Run("inner", func(t *testing.T) {
		conn := open(t, Empty(t))
		if err := conn.QueryRow(context.Background(), "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	var exists bool
	err := open(t, Empty(t)).QueryRow(context.Background(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil || exists {
		t.Errorf("database %s still there: %v, %v", name, exists, err)
	}
}

func TestWithDatabase(t *testing.T) {
	for _, c := range []struct{ dsn, want string }{
		{"postgres://u@/a?host=%2Ftmp%2Fx&port=5432", "postgres://u@/b?host=%2Ftmp%2Fx&port=5432"},
		{"postgresql://u:p@h:1/a", "postgresql://u:p@h:1/b"},
		{"host=/tmp dbname=a user=u", "host=/tmp dbname=a user=u dbname=b"},
	} {
		if got := withDatabase(c.dsn, "b"); got != c.want {
			t.Errorf("withDatabase(%q) = %q, want %q", c.dsn, got, c.want)
		}
	}
	config, err := pgx.ParseConfig(withDatabase("host=/tmp dbname=a user=u", "b"))
	if err != nil || config.Database != "b" {
		t.Errorf("the driver reads database %q, %v; want b", config.Database, err)
	}
}

func open(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}
