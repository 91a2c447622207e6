package data_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

func TestEveryWriterIsNoticed(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101", "110102")
	for name, write := range map[string]func(t *testing.T){
		"plain insert": func(t *testing.T) {
			run(t, conn, `insert into qiantu.facility (county, kind, geom) values ('110101', 'school', '01010000208A11000000000000000059400000000000003B40')`)
		},
		"update": func(t *testing.T) { run(t, conn, `update qiantu.village set hazard = 'high' where county = '110101'`) },
		"delete": func(t *testing.T) { run(t, conn, `delete from qiantu.facility where county = '110101'`) },
		"psql": func(t *testing.T) {
			program(t, "psql", dsn, "-c", `update qiantu.village set name = 'w' where county = '110101'`)
		},
		"replica": func(t *testing.T) {
			run(t, conn, `set session_replication_role = replica; update qiantu.village set name = 'x' where county = '110101'; reset session_replication_role`)
		},
		"copy": func(t *testing.T) {
			rows := pgx.CopyFromRows([][]any{{"110101", "clinic", "01010000208A11000000000000000059400000000000003B40"}})
			_, err := conn.PgConn().CopyFrom(context.Background(), copyText(rows), `copy qiantu.facility (county, kind, geom) from stdin`)
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "delete" {
				run(t, conn, `insert into qiantu.facility (county, kind, geom) values ('110101', 'school', '01010000208A11000000000000000059400000000000003B40')`)
			}
			changes := listen(t, store)
			write(t)
			got := next(t, changes)
			if got.All || !slices.Equal(got.Counties, []string{"110101"}) || len(got.Cells) == 0 {
				t.Errorf("the change is told as %+v", got)
			}
			silent(t, changes)
		})
	}
}

func TestARevisionNamesAllItTouched(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101", "110102")
	before, _, err := store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes := listen(t, store)
	// 100.04 E lies in tile column 3186, 100.13 E in 3187; 27.04 N in row 1728; none within the padding of an edge.
	run(t, conn, `update qiantu.village set geom = ST_SetSRID(ST_MakePoint(100.04, 27.04), 4490) where county = '110101'`)
	run(t, conn, `begin; update qiantu.village set geom = ST_SetSRID(ST_MakePoint(100.13, 27.04), 4490) where county = '110101';
		insert into qiantu.facility (county, kind, geom) values ('110102', 'school', ST_SetSRID(ST_MakePoint(100.04, 27.04), 4490)); commit`)
	next(t, changes)
	want := planner.Change{
		Revision: before + 2, Counties: []string{"110101", "110102"}, Layers: []string{"facility", "village"},
		Cells: []planner.Cell{{X: 3186, Y: 1728}, {X: 3187, Y: 1728}},
	}
	if diff := cmp.Diff(want, next(t, changes)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAFeedTakesUpWhereItsReaderStands(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	revision, _, err := store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 1203 { // more than a batch
		run(t, conn, `update qiantu.village set surveyed = not surveyed`)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	changes, err := store.Listen(ctx, revision)
	if err != nil {
		t.Fatal(err)
	}
	for i := range int64(1203) {
		if got := next(t, changes); got.Revision != revision+1+i || got.All {
			t.Fatalf("change %d is %+v", i, got)
		}
	}
	silent(t, changes)
}

func TestARollbackIsNotTold(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	changes := listen(t, store)
	run(t, conn, `begin; update qiantu.village set hazard = 'low'; rollback`)
	run(t, conn, `update qiantu.village set hazard = 'low' where county = 'none'`)
	silent(t, changes)
}

// What changes rows without a notice ends in All, never in silence.
func TestAllIsStale(t *testing.T) {
	const someTrigger = `alter table qiantu.village %s trigger note_update`
	for name, disturb := range map[string]func(t *testing.T, conn *pgx.Conn, dsn string){
		"truncate": func(t *testing.T, conn *pgx.Conn, _ string) { run(t, conn, `truncate qiantu.facility`) },
		"notice switched off, then on": func(t *testing.T, conn *pgx.Conn, _ string) {
			run(t, conn, fmt.Sprintf(someTrigger, "disable"))
			run(t, conn, `update qiantu.village set hazard = 'low'`)
			run(t, conn, fmt.Sprintf(someTrigger, "enable always"))
		},
		"notice dropped": func(t *testing.T, conn *pgx.Conn, _ string) {
			run(t, conn, `drop trigger note_insert on qiantu.village`)
		},
		"numbering switched off": func(t *testing.T, conn *pgx.Conn, _ string) {
			run(t, conn, `alter table qiantu.change disable trigger number_change`)
		},
		"table rewritten": func(t *testing.T, conn *pgx.Conn, _ string) {
			run(t, conn, `cluster qiantu.village using village_pkey`)
		},
		"list of changes emptied": func(t *testing.T, conn *pgx.Conn, _ string) { run(t, conn, `truncate qiantu.change`) },
		"revision set back":       func(t *testing.T, conn *pgx.Conn, _ string) { run(t, conn, `update qiantu.revision set n = n - 1`) },
		"another history": func(t *testing.T, conn *pgx.Conn, _ string) {
			run(t, conn, `update qiantu.change set at = at + interval '1 s'`)
		},
		"changes lost from the list": func(t *testing.T, conn *pgx.Conn, _ string) {
			run(t, conn, `begin; update qiantu.village set hazard = 'high'; set constraints all immediate;
				delete from qiantu.change where revision = (select n from qiantu.revision); commit`)
			run(t, conn, `update qiantu.village set hazard = 'low'`)
		},
		"restore with triggers switched off": restoreVillages,
	} {
		t.Run(name, func(t *testing.T) {
			store, dsn := openStore(t, quick)
			conn := connect(t, dsn)
			counties(t, conn, "110101")
			changes := listen(t, store)
			run(t, conn, `update qiantu.village set hazard = 'medium'`)
			next(t, changes) // it listens
			disturb(t, conn, dsn)
			untilAll(t, changes)
		})
	}
}

// restoreVillages dumps the villages, loses them and brings them back the way an operator would.
func restoreVillages(t *testing.T, conn *pgx.Conn, dsn string) {
	file := filepath.Join(t.TempDir(), "villages")
	program(t, "pg_dump", "-d", dsn, "-Fc", "--data-only", "-t", "qiantu.village", "-f", file)
	run(t, conn, `alter table qiantu.village disable trigger user; delete from qiantu.village; alter table qiantu.village enable always trigger note_delete`)
	program(t, "pg_restore", "-d", dsn, "--data-only", "--disable-triggers", file)
	if n := value[int](t, conn, `select count(*) from qiantu.village`); n != 1 {
		t.Fatalf("%d villages came back", n)
	}
}

// Switched off and on again the everyday way, a notice fires in ordinary sessions only. The feed says once that everything
// is stale, arms it again by itself, and is quiet.
func TestANoticeSwitchedOnAgainIsArmed(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	changes := listen(t, store)
	run(t, conn, `alter table qiantu.village disable trigger user`)
	run(t, conn, `alter table qiantu.village enable trigger user`)
	untilAll(t, changes)
	untilQuiet(t, changes)
	if weak := value[int](t, conn, `select count(*) from pg_trigger where tgrelid = 'qiantu.village'::regclass
		and tgname like 'note%' and tgenabled <> 'A'`); weak != 0 {
		t.Errorf("%d notices of the village table are still weak", weak)
	}
	run(t, conn, `update qiantu.village set hazard = 'low'`)
	if c := next(t, changes); c.All {
		t.Errorf("an ordinary edit says %+v", c)
	}
}

func TestAllComesAgainWhileANoticeIsOff(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	changes := listen(t, store)
	run(t, conn, `alter table qiantu.village disable trigger note_update`)
	for range 3 {
		untilAll(t, changes)
	}
	if err := data.Migrate(t.Context(), dsn); err != nil { // the mend that the warning names
		t.Fatal(err)
	}
	untilQuiet(t, changes)
	run(t, conn, `update qiantu.village set hazard = 'low'`)
	if got := next(t, changes); got.All {
		t.Errorf("after the mend an update is told as %+v", got)
	}
}

// untilQuiet takes what is under way.
func untilQuiet(t *testing.T, changes <-chan planner.Change) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		select {
		case <-changes:
		case <-time.After(400 * time.Millisecond):
			return
		}
	}
	t.Fatal("the feed does not come to rest")
}

func TestPrunedChangesAreAll(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	since, _, err := store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		run(t, conn, `update qiantu.village set surveyed = not surveyed`)
	}
	gone, err := store.Prune(t.Context(), time.Hour, 10)
	if err != nil {
		t.Fatal(err)
	}
	if left := value[int64](t, conn, `select count(*) from qiantu.change`); left != 10 || gone == 0 {
		t.Fatalf("pruned %d rows, %d are left", gone, left)
	}
	follow := func(since int64) planner.Change {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		changes, err := store.Listen(ctx, since)
		if err != nil {
			t.Fatal(err)
		}
		return next(t, changes)
	}
	if got := follow(since); !got.All || got.Revision != since+30 {
		t.Errorf("a reader behind the pruning is told %+v", got)
	}
	if got := follow(since + 20); got.All || got.Revision != since+21 {
		t.Errorf("a reader at the pruning is told %+v", got)
	}
	if got := follow(since + 99); !got.All || got.Revision != since+30 {
		t.Errorf("a reader ahead of the database is told %+v", got)
	}
	run(t, conn, `update qiantu.change set at = at - interval '2 hours' where revision <= $1`, since+25)
	if gone, err = store.Prune(t.Context(), time.Hour, 10); err != nil || gone != 5 {
		t.Errorf("pruning by age took %d rows, %v", gone, err)
	}
}

// The connection of the feed is shot while writes go on.
func TestReconnect(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	revision, _, err := store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes := listen(t, store)
	const kill = `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'qiantu change feed' and datname = current_database()`
	killed := int64(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 200 {
			run(t, conn, `update qiantu.village set surveyed = not surveyed`)
			if i%50 == 25 {
				killed += value[int64](t, conn, kill)
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
	for want := revision + 1; want <= revision+200; want++ {
		if got := next(t, changes); got.Revision != want || got.All {
			t.Fatalf("revision %d is told as %+v", want, got)
		}
	}
	<-done
	if killed == 0 {
		t.Error("no connection was shot")
	}
}

func TestAFeedEndsWithItsContext(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	before := goleak.IgnoreCurrent()
	ctx, stop := context.WithCancel(t.Context())
	idle, err := store.Listen(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	untold, err := store.Listen(ctx, 0) // blocks on its first change
	if err != nil {
		t.Fatal(err)
	}
	next(t, idle)
	stop()
	for _, changes := range []<-chan planner.Change{idle, untold} {
		for range changes {
		}
	}
	goleak.VerifyNone(t, before)
}

// Two transactions that touch the same two counties in opposite order, with
// the writers' rows apart, wait for nobody.
func TestCrossingWritersDoNotDeadlock(t *testing.T) {
	_, dsn := openStore(t)
	counties(t, connect(t, dsn), "110101", "110102")
	errs := make(chan error)
	for _, order := range [][2]string{{"110101", "110102"}, {"110102", "110101"}} {
		conn := connect(t, dsn)
		go func() {
			for range 50 {
				_, err := conn.Exec(t.Context(), fmt.Sprintf(`begin;
					insert into qiantu.facility (county, kind, geom) values ('%s', 'school', ST_SetSRID(ST_MakePoint(100, 27), 4490));
					select pg_sleep(0.002);
					insert into qiantu.facility (county, kind, geom) values ('%s', 'school', ST_SetSRID(ST_MakePoint(100, 27), 4490));
					commit`, order[0], order[1]))
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// A statement that touches a great many rows lists no cells, and does not take
// long over it.
func TestManyRowsAreAWholeCounty(t *testing.T) {
	store, dsn := openStore(t, quick)
	conn := connect(t, dsn)
	counties(t, conn, "110101")
	changes := listen(t, store)
	run(t, conn, `insert into qiantu.facility (county, kind, geom)
		select '110101', 'school', ST_SetSRID(ST_MakePoint(100 + i / 1e5, 27), 4490) from generate_series(1, 50000) i`)
	if got := next(t, changes); got.Cells != nil || !slices.Equal(got.Counties, []string{"110101"}) {
		t.Errorf("50,000 rows are told as %+v", got)
	}
}

// A managed server may hide its identity; the feed does without.
func TestAServerMayHideItsIdentity(t *testing.T) {
	_, dsn := openStore(t)
	conn := connect(t, dsn)
	if value[string](t, conn, `select qiantu.server_identity()`) == "" {
		t.Error("this server hides its identity from its owner")
	}
	run(t, conn, `revoke execute on function pg_control_system() from public; grant usage on schema qiantu to pg_monitor; set role pg_monitor`)
	if got := value[string](t, conn, `select qiantu.server_identity()`); got != "" {
		t.Errorf("a server that hides its identity is %q", got)
	}
}

func copyText(rows pgx.CopyFromSource) *os.File {
	read, write, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	defer write.Close()
	for rows.Next() {
		values, _ := rows.Values()
		fmt.Fprintf(write, "%v\t%v\t%v\n", values...)
	}
	return read
}
