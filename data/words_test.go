package data

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// Words that no constraint of the schema has would never be said.
func TestWordsAreOfConstraintsThatExist(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), clustertest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var checks, exclusions, raised []string
	err = conn.QueryRow(context.Background(), `select
		array(select conname::text from pg_constraint where contype = 'c' and connamespace = 'qiantu'::regnamespace),
		array(select c.relname::text from pg_constraint x join pg_class c on c.oid = x.conrelid where contype = 'x' and connamespace = 'qiantu'::regnamespace),
		array(select m[1] from pg_proc, regexp_matches(prosrc, $$constraint = '(\w+)'$$, 'g') m where pronamespace = 'qiantu'::regnamespace)`).Scan(&checks, &exclusions, &raised)
	if err != nil {
		t.Fatal(err)
	}
	for name := range limits {
		if !contains(checks, name) && !contains(raised, name) {
			t.Errorf("no check constraint is called %s, and no trigger raises it", name)
		}
	}
	for table := range overlaps {
		if !contains(exclusions, table) {
			t.Errorf("table %s has no exclusion constraint", table)
		}
	}
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}
