package migrations_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// No single row can make the sums over a county overflow; the greatest that is plausible is taken.
func TestCountsAndMoneyAreBounded(t *testing.T) {
	conn := connect(t, clustertest.DB(t))
	exec := func(sql string) error {
		_, err := conn.Exec(t.Context(), sql)
		return err
	}
	if err := exec(`
		insert into qiantu.region (code, level, name, county) values ('x', 'county', 'x', 'x');
		insert into qiantu.village (county, id, name, geom) overriding system value values ('x', 1, 'v', 'SRID=4490;POINT(104 27)');
		insert into qiantu.relocation_site (county, id, name) overriding system value values ('x', 1, 's');
		insert into qiantu.move (county, id, village, site, valid, households, persons, registered, registered_persons) overriding system value values ('x', 1, 1, 1, '[2020-01-01,)', 5, 20, 0, 0);
		insert into qiantu.programme (county, id, name, starts, deadline) overriding system value values ('x', 1, 'p', '2020-01-01', '2020-12-31')`); err != nil {
		t.Fatal(err)
	}
	for table, row := range map[string][3]string{
		"population":    {"village, as_of, households, persons", "1, '2020-01-01', 1", "10000000"},
		"move_event":    {"move, stage, on_date, households, persons", "1, 'moved_in', '2020-01-01', 1", "10000000"},
		"employment":    {"site, as_of, households, employed", "1, '2020-01-01', 1", "10000000"},
		"site_capacity": {"site, persons", "1", "10000000"},
		"water_project": {"name, designed_persons", "'w'", "100000000"},
		"funding":       {"programme, source, planned_fen, paid_fen", "1, 's', 1", "10000000000000"},
		"water_survey":  {"village, on_date, close_cost_fen", "1, '2020-01-01'", "10000000000000"},
		"programme":     {"name, starts, deadline, reported_mm", "'q', '2020-01-01', '2020-12-31'", "99999999999"},
		"move":          {"village, site, valid, registered, registered_persons, households, persons", "1, 1, '[1999-01-01,2000-01-01)', 0, 0, 1", "10000000"},
	} {
		insert := "insert into qiantu." + table + " (county, " + row[0] + ") values ('x', " + row[1] + ", " + row[2]
		var refused *pgconn.PgError
		if err := exec(insert + "::bigint + 1)"); !errors.As(err, &refused) || refused.ConstraintName != table+"_size" {
			t.Errorf("%s takes more than %s: %v", table, row[2], err)
		}
		if err := exec("begin; " + insert + ")"); err != nil {
			t.Errorf("%s refuses %s: %v", table, row[2], err)
		}
		if err := exec("rollback"); err != nil {
			t.Fatal(err)
		}
	}
}
