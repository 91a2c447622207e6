package data_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/planner"
)

// report is an insert of a move's report; counts are households, persons,
// registered households, registered persons. The move of ground has 5, 20, 3, 12.
func report(stage, counts string) string {
	return `insert into qiantu.move_event (county, move, stage, households, persons, registered, registered_persons, on_date) values ('130101', 1, '` +
		stage + `', ` + counts + `, '2020-05-01');`
}

func revoke(stage string) string {
	return `update qiantu.move_event set revoked_at = now() where stage = '` + stage + `';`
}

const (
	moveWider  = `update qiantu.move set households = 6, persons = 21, registered = 4, registered_persons = 13;`
	everyCount = `5, 20, 3, 12`
)

// Every case is one transaction on top of `before`, which is committed.
func TestPartsStayWithinTheirMove(t *testing.T) {
	all := report("moved_in", everyCount)
	for name, c := range map[string]struct{ before, sql, says string }{
		"all of it":                    {"", all, ""},
		"all of it, twice by halves":   {report("moved_in", `2, 8, 1, 4`), report("moved_in", `3, 12, 2, 8`), ""},
		"every stage counts by itself": {report("signed", everyCount), all + report("demolished", `5, 0, 0, 0`) + report("reclaimed", `5, 0, 0, 0`), ""},
		"in any order":                 {"", report("reclaimed", `2, 0, 0, 0`) + report("demolished", `2, 0, 0, 0`) + all, ""},
		"mended, new before old":       {report("moved_in", `4, 9, 1, 1`), `with x as (update qiantu.move_event set revoked_at = now()) ` + all, ""},
		"mended, a wider move":         {all, report("moved_in", `1, 1, 1, 1`) + moveWider, ""},
		"all revoked":                  {all + report("demolished", `5, 0, 0, 0`), revoke("moved_in") + revoke("demolished"), ""},
		"a smaller move, large enough": {report("moved_in", `3, 12, 2, 8`), `update qiantu.move set households = 3, persons = 12, registered = 2, registered_persons = 8`, ""},

		"too many households":         {"", report("moved_in", `5000, 5000, 0, 0`), "moved_in add up to 5000 households, more than the 5 of the move"},
		"too many signed":             {"", report("signed", `6, 6, 0, 0`), "signed add up to 6 households, more than the 5 of the move"},
		"too many persons":            {report("moved_in", `2, 20, 0, 0`), report("moved_in", `1, 1, 0, 0`), "moved_in add up to 21 persons, more than the 20 of the move"},
		"too many registered":         {report("moved_in", `2, 2, 2, 2`), report("moved_in", `2, 2, 2, 2`), "moved_in add up to 4 registered households, more than the 3 of the move"},
		"too many registered persons": {"", report("moved_in", `3, 20, 3, 13`), "moved_in add up to 13 registered persons, more than the 12 of the move"},
		"demolished, none moved in":   {"", report("demolished", `1, 0, 0, 0`), "demolished add up to 1 households, more than the 0 moved_in"},
		"demolished above moved in":   {report("moved_in", `3, 3, 0, 0`), report("demolished", `4, 0, 0, 0`), "demolished add up to 4 households, more than the 3 moved_in"},
		"reclaimed above demolished":  {all + report("demolished", `2, 0, 0, 0`), report("reclaimed", `3, 0, 0, 0`), "reclaimed add up to 3 households, more than the 2 demolished"},
		"moved in revoked alone":      {all + report("demolished", `5, 0, 0, 0`), revoke("moved_in"), "demolished add up to 5 households, more than the 0 moved_in"},
		"a move below its households": {all, `update qiantu.move set households = 4`, "moved_in add up to 5 households, more than the 4 of the move"},
		"a move below its registered": {all, `update qiantu.move set registered = 2`, "moved_in add up to 3 registered households, more than the 2 of the move"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := connect(t, clustertest.DB(t))
			run(t, conn, ground+";"+c.before)
			_, err := conn.Exec(t.Context(), "begin; "+c.sql+"; commit")
			var pg *pgconn.PgError
			switch {
			case c.says == "" && err != nil:
				t.Fatal(err)
			case c.says != "" && (!errors.As(err, &pg) || pg.ConstraintName != "move_parts" || pg.Hint == "" || pg.Message != "move 1 (v to s): the reports of "+c.says):
				t.Fatalf("got %v, not: %s", err, c.says)
			}
		})
	}
}

// A load that adds up to more than its move is refused whole, and says where.
func TestStoreRefusesMoreThanTheMove(t *testing.T) {
	store, _ := openStore(t)
	load := &data.Load{
		County: testCounty, Regions: testRegions(testCounty), Source: "test", Villages: []planner.Village{{ID: 1, Name: "坪寨"}},
		Sites: []planner.Site{{ID: 1, Name: "银山"}},
		Moves: []planner.Move{{ID: 1, Village: 1, Site: 1, Households: 5, Persons: 20, Events: []planner.MoveEvent{
			{ID: "00000000-0000-7000-8000-000000000001", Stage: "moved_in", Households: 3, On: lastDay},
			{ID: "00000000-0000-7000-8000-000000000002", Stage: "moved_in", Households: 3, On: lastDay},
		}}},
	}
	_, err := store.Store(t.Context(), load)
	if planner.CodeOf(err) != planner.Invalid {
		t.Fatalf("stored, or another error: %v", err)
	}
	for _, part := range []string{"坪寨 to 银山", "moved_in add up to 6 households", "the 5 of the move", "revoke the wrong report"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
	load.Moves[0].Events = load.Moves[0].Events[:1]
	if _, err := store.Store(t.Context(), load); err != nil {
		t.Errorf("the mended load is refused, so the first left something: %v", err)
	}
}

// Two who report the last households of a move at the same time cannot both be right.
func TestTwoReportsAtOnce(t *testing.T) {
	dsn := clustertest.DB(t)
	one, two := connect(t, dsn), connect(t, dsn)
	run(t, one, ground)
	run(t, one, "begin; "+report("moved_in", `3, 3, 0, 0`))
	second := make(chan error, 1)
	go func() {
		_, err := two.Exec(t.Context(), report("moved_in", `3, 3, 0, 0`))
		second <- err
	}()
	waiting := connect(t, dsn)
	for !value[bool](t, waiting, `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`) {
		select {
		case err := <-second:
			t.Fatalf("the second did not wait for the first: %v", err)
		default:
		}
	}
	run(t, one, "commit")
	var pg *pgconn.PgError
	if err := <-second; !errors.As(err, &pg) || pg.ConstraintName != "move_parts" {
		t.Errorf("both were taken: %v", err)
	}
}
