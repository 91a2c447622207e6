package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"
)

func TestFirstStart(t *testing.T) {
	dir := newDir(t)
	c := mustOpenDurable(t, dir)
	for query, want := range map[string]string{
		"SHOW listen_addresses": "", "SHOW unix_socket_permissions": "0700", "SHOW data_checksums": "on", "SHOW fsync": "on",
		"SHOW full_page_writes": "on", "SHOW synchronous_commit": "on", "SHOW wal_level": "replica", "SHOW jit": "off",
		"SELECT datcollate FROM pg_database WHERE datname = current_database()": "C.UTF-8",
		"SHOW server_encoding": "UTF8", "SHOW timezone": "UTC", "SELECT current_user::text": Role,
		"SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension": "btree_gist plpgsql postgis",
	} {
		if got := ask[string](t, c.DSN(), query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	pid := serverPID(dir)
	owner, _, err := ownerOf(filepath.Join("/proc", strconv.Itoa(pid)))
	if err != nil || owner.uid == 0 {
		t.Errorf("the server runs as uid %d (%v); it must not be root", owner.uid, err)
	}
	if os.Geteuid() != 0 && owner.uid != os.Geteuid() {
		t.Errorf("the server runs as uid %d, we are %d", owner.uid, os.Geteuid())
	}
	for _, path := range []string{socketDir(dir), pgdataOf(dir)} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o700 || int(info.Sys().(*syscall.Stat_t).Uid) != owner.uid {
			t.Errorf("%s: %v, %v; want mode 0700 and the server's user", path, info.Mode(), err)
		}
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", ask[int](t, c.DSN(), "SELECT pg_backend_pid()")))
	if errors.Is(err, fs.ErrNotExist) { // that backend has ended; the server has what it had
		limits, err = os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	}
	if want := strconv.FormatInt(addressSpace(machineMemory()), 10); err != nil || !strings.Contains(string(limits), want) {
		t.Errorf("no address-space limit of %s bytes on the server (%v):\n%s", want, err, limits)
	}
}

func TestMemoryLimitHitsTheStatementOnly(t *testing.T) {
	c := mustOpen(t, newDir(t))
	conn, err := pgx.Connect(t.Context(), c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	// A hash table for 400 million groups is asked for in one piece, before any row is read.
	_, err = conn.Exec(t.Context(), `CREATE TABLE many AS SELECT generate_series(1, 20000) AS n; ANALYZE many`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), `SET work_mem = '1TB'; SET enable_sort = off; SET statement_timeout = '20s';
		SELECT count(*) FROM (SELECT FROM many a, many b GROUP BY a.n, b.n) s`)
	if err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Fatalf("a statement without bounds ended with %v, want out of memory", err)
	}
	if got := ask[int](t, c.DSN(), "SELECT 1"); got != 1 || c.Err() != nil {
		t.Errorf("the server did not survive: %v", c.Err())
	}
	if err := conn.Ping(t.Context()); err != nil {
		t.Errorf("not even the session should have ended: %v", err)
	}
}

func TestCloseStopsAndReopenKeeps(t *testing.T) {
	dir := newDir(t)
	c := mustOpen(t, dir)
	keepSeven(t, c.DSN())
	pid := serverPID(dir)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if !gone(pid) {
		t.Errorf("server %d lives on after Close", pid)
	}
	if _, err := os.Stat(socketDir(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("socket directory is left: %v", err)
	}
	if dsn, running := Find(t.Context(), dir); running {
		t.Errorf("Find says that %s runs", dsn)
	}
	again := mustOpen(t, dir)
	if again.DSN() != c.DSN() || DSN(dir) != c.DSN() {
		t.Errorf("the address changed from %s to %s", c.DSN(), again.DSN())
	}
	if got := ask[int](t, again.DSN(), "SELECT n FROM kept"); got != 7 {
		t.Errorf("kept %d, want 7", got)
	}
}

// A holder is killed while it writes: what it was told is committed is there, what was not is absent, and its server is
// not left behind.
func TestKilledHolder(t *testing.T) {
	dir := newDir(t)
	cmd, lines := helper(t, "write", dir)
	acked := 0
	for line := range lines {
		if strings.HasPrefix(line, "error:") {
			t.Fatal(line)
		}
		if acked, _ = strconv.Atoi(line); acked == 200 {
			break
		}
	}
	orphan := serverPID(dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	c := mustOpenDurable(t, dir)
	if now := serverPID(dir); now == orphan || !gone(orphan) {
		t.Errorf("server %d of the killed program lives on beside %d", orphan, now)
	}
	for len(lines) > 0 { // acknowledged before the kill, read after it
		acked, _ = strconv.Atoi(<-lines)
	}
	if got := ask[int](t, c.DSN(), "SELECT count(*) FROM kept WHERE n BETWEEN 1 AND $1", acked); got != acked {
		t.Errorf("%d of %d acknowledged rows are there", got, acked)
	}
	if got := ask[int](t, c.DSN(), "SELECT count(*) FROM kept WHERE n < 0 OR n > $1 + 1", acked); got != 0 {
		t.Errorf("%d rows are there that were never committed", got)
	}
}

// Without a word from anyone the server of a killed program goes, since the kernel tells it.
func TestServerGoesWithKilledHolder(t *testing.T) {
	dir := newDir(t)
	cmd, lines := helper(t, "open", dir)
	if line := <-lines; line != "open" {
		t.Fatal(line)
	}
	pid := serverPID(dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server ends", func() bool { return gone(pid) })
}

// A server that outlived its parent all the same (its parent-death signal lost) is found by its pid file and stopped.
func TestOrphanIsStopped(t *testing.T) {
	dir := newDir(t)
	c := mustOpen(t, dir)
	keepSeven(t, c.DSN())
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	s := siteOf(t, dir)
	if err := makeSocketDir(dir, s.who); err != nil {
		t.Fatal(err)
	}
	orphan := exec.Command(s.with.path("postgres"), s.settings(4*gib)...)
	orphan.Dir, orphan.SysProcAttr = "/", s.who.attributes(0)
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = orphan.Wait()
		close(ended)
	}()
	eventually(t, "the orphan answers", func() bool { return ready(t.Context(), c.DSN()) == nil })
	statement(t, c.DSN(), "ALTER TABLE kept SET UNLOGGED") // a recovery would empty it: only an orderly shutdown keeps it
	again := mustOpen(t, dir)
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		_ = orphan.Process.Kill()
		t.Fatal("the orphan still runs")
	}
	if got := ask[int](t, again.DSN(), "SELECT n FROM kept"); got != 7 {
		t.Errorf("kept %d, want 7", got)
	}
}

// The number in a stale pid file may by now be anyone's: that process is not ours to touch, nor a reason not to start.
func TestStrangerWithThePID(t *testing.T) {
	dir := newDir(t)
	if err := mustOpen(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	s := siteOf(t, dir)
	stranger := exec.Command("sleep", "300")
	stranger.Dir, stranger.SysProcAttr = "/", s.who.attributes(syscall.SIGKILL)
	if err := onThread(stranger.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stranger.Process.Kill()
		_ = stranger.Wait()
	})
	for name, began := range map[string]int64{"started then": time.Now().Unix(), "started later": time.Now().Unix() - 86400} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(s.pgdata, "postmaster.pid")
			text := fmt.Sprintf("%d\n%s\n%d\n5432\n%s\n\n", stranger.Process.Pid, s.pgdata, began, socketDir(dir))
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := s.who.own(file); err != nil {
				t.Fatal(err)
			}
			if err := mustOpen(t, dir).Close(); err != nil {
				t.Fatal(err)
			}
			if gone(stranger.Process.Pid) {
				t.Fatal("a process that only shares its number with a stale pid file was killed")
			}
		})
	}
}

// In a container without an init nobody waits for the dead: the number of a killed server then stays taken.
func TestUnburiedServerIsNotInTheWay(t *testing.T) {
	dir := newDir(t)
	c := mustOpen(t, dir)
	keepSeven(t, c.DSN())
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	dead := exec.Command("true")
	if err := dead.Start(); err != nil {
		t.Fatal(err)
	}
	defer dead.Wait()
	eventually(t, "the process is dead", func() bool { return gone(dead.Process.Pid) })
	s := siteOf(t, dir)
	if err := makeSocketDir(dir, s.who); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(s.pgdata, "postmaster.pid"), socketPath(dir) + ".lock"} {
		text := fmt.Sprintf("%d\n%s\n%d\n5432\n%s\n\n", dead.Process.Pid, s.pgdata, time.Now().Unix(), socketDir(dir))
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), s.who.own(path)); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask[int](t, mustOpen(t, dir).DSN(), "SELECT n FROM kept"); got != 7 {
		t.Errorf("kept %d, want 7", got)
	}
}

func TestServerKilledIsRestarted(t *testing.T) {
	dir := newDir(t)
	c := mustOpenDurable(t, dir)
	keepSeven(t, c.DSN())
	busy, err := pgx.Connect(t.Context(), c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close(context.Background())
	go busy.Exec(t.Context(), "SELECT count(*) FROM generate_series(1, 4000000000)") // it outlives its parent for a moment, and holds the memory
	pid := serverPID(dir)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another server answers", func() bool {
		return serverPID(dir) != pid && ready(t.Context(), c.DSN()) == nil
	})
	if got := ask[int](t, c.DSN(), "SELECT n FROM kept"); got != 7 {
		t.Errorf("kept %d, want 7", got)
	}
	select {
	case <-c.Done():
		t.Errorf("given up: %v", c.Err())
	default:
	}
}

func TestGivesUpLoudly(t *testing.T) {
	dir := newDir(t)
	c := mustOpen(t, dir)
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if pid := serverPID(dir); pid > 1 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		select {
		case <-c.Done():
			if err := c.Err(); err == nil || !strings.Contains(err.Error(), "not started again") {
				t.Errorf("Err is %v", err)
			}
			return
		default:
		}
	}
	t.Fatal("a server that dies again and again was never given up")
}

func TestSecondProgramBorrowsAndTakesOver(t *testing.T) {
	dir := newDir(t)
	first := mustOpen(t, dir)
	keepSeven(t, first.DSN())
	pid := serverPID(dir)
	second, third := mustOpen(t, dir), mustOpen(t, dir)
	if dsn, running := Find(t.Context(), dir); !running || dsn != first.DSN() || second.DSN() != dsn {
		t.Errorf("Find gives %q, %v; the programs use %q and %q", dsn, running, first.DSN(), second.DSN())
	}
	if err := third.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ask[int](t, second.DSN(), "SELECT n FROM kept"); got != 7 || serverPID(dir) != pid {
		t.Errorf("a borrower that leaves must leave the server alone: kept %d, server %d then %d", got, pid, serverPID(dir))
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second program runs the server", func() bool { return ready(t.Context(), second.DSN()) == nil })
	if got := ask[int](t, second.DSN(), "SELECT n FROM kept"); got != 7 {
		t.Errorf("kept %d, want 7", got)
	}
}

func TestCloseLetsATransactionOfAnotherProgramEnd(t *testing.T) {
	dir := newDir(t)
	first := mustOpen(t, dir)
	second := mustOpen(t, dir)
	conn, err := pgx.Connect(t.Context(), second.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "BEGIN; CREATE TABLE kept AS SELECT 7 AS n"); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- first.Close() }()
	time.Sleep(300 * time.Millisecond)
	if _, err := conn.Exec(t.Context(), "COMMIT"); err != nil {
		t.Errorf("the transaction was cut: %v", err)
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second program runs the server", func() bool { return ready(t.Context(), second.DSN()) == nil })
	if got := ask[int](t, second.DSN(), "SELECT n FROM kept"); got != 7 {
		t.Errorf("kept %d, want 7", got)
	}
}

func TestOtherMajorIsRefused(t *testing.T) {
	dir := newDir(t)
	if err := mustOpen(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(pgdataOf(dir), "PG_VERSION")
	if err := os.WriteFile(file, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir, Log: quiet()})
	for _, part := range []string{"PostgreSQL 9", "install postgresql-9 and postgresql-9-postgis-3", "dump", "Nothing was changed"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v does not say %q", err, part)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "9\n" {
		t.Errorf("PG_VERSION is now %q, %v", text, err)
	}
}

func TestUnfinishedInitIsDoneAgain(t *testing.T) {
	dir := newDir(t)
	for _, name := range []string{"cluster.new", "cluster.new/base"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	mustOpen(t, dir)
	if _, err := os.Stat(filepath.Join(dir, "cluster.new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished files are still there: %v", err)
	}
}

func TestStrictUmask(t *testing.T) {
	dir := newDir(t)
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	if got := ask[int](t, mustOpen(t, dir).DSN(), "SELECT 1"); got != 1 {
		t.Errorf("got %d", got)
	}
}

func TestForeignFilesAreNotTouched(t *testing.T) {
	dir := newDir(t)
	path := filepath.Join(dir, "cluster", "letter.txt")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir, Log: quiet()}); err == nil || !strings.Contains(err.Error(), "not a PostgreSQL data directory") {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "dear" {
		t.Errorf("the letter is %q, %v", text, err)
	}
}

func TestUnpassableFolderIsNamed(t *testing.T) {
	dir := newDir(t)
	closed := filepath.Dir(dir)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	stranger := identity{name: "stranger", uid: 4242, gid: 4242}
	if err := stranger.reach(closed); err == nil || !strings.Contains(err.Error(), "stranger, who cannot pass "+closed+" ") {
		t.Errorf("reach says %v, want %s named", err, closed)
	}
	if os.Geteuid() == 0 { // only then is the server another user than we are
		if _, err := Open(t.Context(), Options{Dir: dir, Log: quiet()}); err == nil || !strings.Contains(err.Error(), "cannot pass "+closed+" ") {
			t.Errorf("Open says %v, want %s named", err, closed)
		}
	}
}

func TestForeignSocketDirIsRefused(t *testing.T) {
	dir := newDir(t)
	path := socketDir(dir)
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(path) })
	if _, err := Open(t.Context(), Options{Dir: dir, Log: quiet()}); err == nil || !strings.Contains(err.Error(), "someone else made it") {
		t.Errorf("got %v", err)
	}
}

// A user without a passwd entry (a container started with a number) gets one clear line. Only root can become one.
func TestNamelessUser(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	dir := newDir(t)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, 54321, 54321); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	reachable := filepath.Join(filepath.Dir(dir), "program") // go test's own folder is closed to others
	if err := os.WriteFile(reachable, program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(reachable)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), helperVariable+"=open "+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 54321, Gid: 54321}}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "user id 54321 has no name on this machine") || strings.Count(string(out), "\n") != 1 {
		t.Errorf("%v:\n%s", err, out)
	}
}

func TestSocketPathFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := "/" + rapid.StringN(0, 300, 4000).Draw(t, "dir")
		two := "/" + rapid.StringN(0, 300, 4000).Draw(t, "other dir")
		if length := len(socketPath(one)); length > maxSocketPath {
			t.Fatalf("%d bytes", length)
		}
		if one != two && socketDir(one) == socketDir(two) {
			t.Fatal("two directories share a socket")
		}
	})
}

func TestOneDirectoryOneAddress(t *testing.T) {
	dir := newDir(t)
	link := filepath.Join(filepath.Dir(dir), "link")
	if err := os.Symlink(filepath.Dir(dir), link); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Dir(dir))
	for _, other := range []string{filepath.Join(link, "data"), "data", "./x/../data", filepath.Join(link, "link", "data")} {
		if DSN(other) != DSN(dir) {
			t.Errorf("%s has another address than %s", other, dir)
		}
	}
}

// siteOf is what prepare finds for an existing cluster.
func siteOf(t *testing.T, dir string) *site {
	t.Helper()
	s := &site{dir: dir, pgdata: pgdataOf(dir), log: quiet()}
	var err error
	if s.who, err = serverUser(s.pgdata); err == nil {
		s.with, err = choose(t.Context(), s.pgdata)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// statement runs one statement on a connection of its own.
func statement(t *testing.T, dsn, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// keepSeven commits something to look for later.
func keepSeven(t *testing.T, dsn string) {
	t.Helper()
	statement(t, dsn, "CREATE TABLE kept AS SELECT 7 AS n")
}
