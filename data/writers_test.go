package data_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data"
)

// 16 writers with random pauses against one reader. Writer i owns county i; now
// and then it writes in its neighbour's too. The reader keeps a copy of a
// number of each county, read again whenever the feed says that the county is
// stale. A writer waits after some commits until the copy shows them: a commit
// that is never shown was missed.
type storm struct {
	t        testing.TB
	dsn      string
	store    *data.Store
	patience time.Duration

	mu      sync.Mutex
	copy    map[string]int64
	told    []int64 // revisions in the order they came
	alls    int
	faults  []string
	waits   []time.Duration // from commit to copy
	commits int
}

const writers = 16

// stormSum is the number kept of a county: how often its village was written. Only
// the county's own writer does that.
const stormSum = `select county, version from qiantu.village where $1::text[] is null or county = any ($1)`

func stormCounty(i int) string { return fmt.Sprintf("12%04d", i%writers) }

func newStorm(t testing.TB, patience time.Duration) *storm {
	store, dsn := openStore(t, quick)
	codes := make([]string, writers)
	for i := range codes {
		codes[i] = stormCounty(i)
	}
	counties(t, connect(t, dsn), codes...)
	return &storm{t: t, dsn: dsn, store: store, patience: patience, copy: map[string]int64{}}
}

// rage lets the writers write for a while.
func (s *storm) rage(long time.Duration) {
	ctx, stop := context.WithCancel(context.Background())
	revision, _, err := s.store.Revision(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	changes, err := s.store.Listen(ctx, revision)
	if err != nil {
		s.t.Fatal(err)
	}
	reader := connect(s.t, s.dsn)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for c := range changes {
			stale := c.Counties
			if c.All {
				stale = nil
			}
			s.take(reader, c.Revision, c.All, stale)
		}
	}()
	var all sync.WaitGroup
	until := time.Now().Add(long)
	for i := range writers {
		conn := connect(s.t, s.dsn)
		all.Go(func() { s.write(conn, i, until) })
	}
	all.Wait()
	stop()
	<-read
}

// take notes what the feed told, and reads the stale counties again.
func (s *storm) take(conn *pgx.Conn, revision int64, all bool, stale []string) {
	rows, err := conn.Query(context.Background(), stormSum, stale)
	fresh := map[string]int64{}
	for err == nil && rows.Next() {
		var county string
		var sum int64
		err = rows.Scan(&county, &sum)
		fresh[county] = sum
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.faults = append(s.faults, err.Error())
	}
	s.told = append(s.told, revision)
	if all {
		s.alls++
	}
	for county, sum := range fresh {
		s.copy[county] = max(s.copy[county], sum)
	}
}

// write is one writer. It gives up on its first missed commit.
func (s *storm) write(conn *pgx.Conn, i int, until time.Time) {
	dice := rand.New(rand.NewPCG(uint64(i), 1))
	wanted := int64(1) // the village's first version
	for time.Now().Before(until) {
		if dice.IntN(8) == 0 {
			s.attempt(conn, dice, i, "rollback")
			continue
		}
		wanted += s.attempt(conn, dice, i, "commit")
		if dice.IntN(3) > 0 {
			continue
		}
		if waited, ok := s.shown(stormCounty(i), wanted); ok {
			s.note(func() { s.waits = append(s.waits, waited) })
		} else {
			s.note(func() { s.faults = append(s.faults, fmt.Sprintf("county %s never shows %d", stormCounty(i), wanted)) })
			return
		}
	}
}

// attempt is one transaction; it returns how much its own county has grown.
func (s *storm) attempt(conn *pgx.Conn, dice *rand.Rand, i int, end string) int64 {
	pause := func() { time.Sleep(time.Duration(dice.IntN(4000)) * time.Microsecond) }
	own, other := stormCounty(i), stormCounty(i+1)
	statements := []string{"begin", fmt.Sprintf(`update qiantu.village set surveyed = not surveyed where county = '%s'`, own)}
	if dice.IntN(3) == 0 {
		statements = append(statements, fmt.Sprintf(`insert into qiantu.facility (county, kind, geom) values ('%s', 'school', ST_SetSRID(ST_MakePoint(100, 27), 4490))`, other))
	}
	if dice.IntN(4) == 0 {
		statements = append(statements, "savepoint s", fmt.Sprintf(`update qiantu.village set hazard = 'low' where county = '%s'`, own), "rollback to s")
	}
	for _, statement := range append(statements, end) {
		pause()
		if _, err := conn.Exec(context.Background(), statement); err != nil {
			s.note(func() { s.faults = append(s.faults, err.Error()) })
			return 0
		}
	}
	if end == "commit" {
		s.note(func() { s.commits++ })
	}
	return 1
}

// shown waits until the reader's copy shows a number.
func (s *storm) shown(county string, wanted int64) (time.Duration, bool) {
	start := time.Now()
	for time.Since(start) < s.patience {
		s.mu.Lock()
		have := s.copy[county]
		s.mu.Unlock()
		if have >= wanted {
			return time.Since(start), true
		}
		time.Sleep(200 * time.Microsecond)
	}
	return 0, false
}

func (s *storm) note(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// verdict says what is wrong with what the reader was told since a revision.
func (s *storm) verdict(first int64) []string {
	out := slices.Clone(s.faults)
	if s.alls > 0 {
		out = append(out, fmt.Sprintf("the reader was told %d times that everything is stale", s.alls))
	}
	for i, revision := range s.told {
		if want := first + 1 + int64(i); revision != want {
			out = append(out, fmt.Sprintf("revision %d came where %d was due", revision, want))
			break
		}
	}
	if last := value[int64](s.t, connect(s.t, s.dsn), `select max(revision) from qiantu.change`); last-first != int64(s.commits) {
		out = append(out, fmt.Sprintf("%d commits made %d revisions", s.commits, last-first))
	}
	return out
}

func (s *storm) revision() int64 {
	n, _, err := s.store.Revision(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestAReaderMissesNothing(t *testing.T) {
	s := newStorm(t, 5*time.Second)
	first := s.revision()
	s.rage(stormLasts)
	for _, fault := range s.verdict(first) {
		t.Error(fault)
	}
	if len(s.waits) == 0 || s.commits < 10*writers {
		t.Fatalf("only %d commits, %d of them waited for; that is no storm", s.commits, len(s.waits))
	}
	slices.Sort(s.waits)
	t.Logf("%d commits by %d writers; a commit is shown after %v (median), %v (worst)", s.commits, writers, s.waits[len(s.waits)/2], s.waits[len(s.waits)-1])
}

// takeNumbersAtStatementTime replaces the numbering of commits by the obvious
// one, a number from a sequence when the row is written.
const takeNumbersAtStatementTime = `
	create sequence qiantu.mutant;
	select setval('qiantu.mutant', n) from qiantu.revision;
	alter table qiantu.revision rename to revision_was;
	create view qiantu.revision as select last_value as n, now() as at, 0::bigint as pruned from qiantu.mutant;
	create function qiantu.mutant_number() returns trigger language plpgsql as $$
	begin
	  new.revision := nextval('qiantu.mutant');
	  perform pg_notify('qiantu_change', new.revision::text);
	  return new;
	end $$;
	drop trigger number_change on qiantu.change;
	create trigger number_change before insert on qiantu.change for each row execute function qiantu.mutant_number();
	alter table qiantu.change enable always trigger number_change`

// The test above counts only if it fails without what it tests.
func TestNumbersTakenAtStatementTimeAreCaught(t *testing.T) {
	s := newStorm(t, time.Second)
	first := s.revision()
	run(t, connect(t, s.dsn), takeNumbersAtStatementTime)
	s.rage(2 * time.Second)
	if len(s.verdict(first)) == 0 {
		t.Fatalf("%d commits were numbered when they were made, not when they were committed, and nobody noticed", s.commits)
	}
}

// One transaction writes first and commits last. Numbered at its commit it is
// told; numbered at its statement it is never told to anybody.
func TestACommitThatComesLateIsTold(t *testing.T) {
	for _, mutant := range []bool{false, true} {
		t.Run(fmt.Sprintf("mutant %v", mutant), func(t *testing.T) {
			store, dsn := openStore(t, quick)
			early, late := connect(t, dsn), connect(t, dsn)
			counties(t, early, "120001", "120002")
			if mutant {
				run(t, early, takeNumbersAtStatementTime)
			}
			changes := listen(t, store)
			run(t, late, `begin; update qiantu.village set hazard = 'low' where county = '120001'`)
			run(t, early, `update qiantu.village set hazard = 'low' where county = '120002'`)
			next(t, changes)
			run(t, late, `commit`)
			if mutant {
				silent(t, changes)
			} else if got := next(t, changes); got.All || !slices.Equal(got.Counties, []string{"120001"}) {
				t.Errorf("the late commit is told as %+v", got)
			}
		})
	}
}
