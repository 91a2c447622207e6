package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// helperVariable makes the test binary a program of its own that a test can kill: "open DIR" or "write DIR".
const helperVariable = "QIANTU_TEST_HELPER"

func TestMain(m *testing.M) {
	if job, dir, ok := strings.Cut(os.Getenv(helperVariable), " "); ok {
		if err := help(job, dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// help opens the cluster and says so. With "write" it then commits rows for ever, saying each number after its commit,
// beside one transaction that never commits.
func help(job, dir string) error {
	ctx := context.Background()
	c, err := Open(ctx, Options{Dir: dir, Log: quiet()})
	if err != nil {
		return err
	}
	fmt.Println("open")
	if job == "open" {
		select {}
	}
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		return err
	}
	other, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY, filler text)"); err != nil {
		return err
	}
	var n int
	if err := conn.QueryRow(ctx, "SELECT coalesce(max(n), 0) FROM kept").Scan(&n); err != nil {
		return err
	}
	if _, err := other.Exec(ctx, "BEGIN; INSERT INTO kept SELECT -g, repeat('x', 500) FROM generate_series(1, 20000) g"); err != nil {
		return err
	}
	for n++; ; n++ {
		if _, err := conn.Exec(ctx, "INSERT INTO kept VALUES ($1, repeat('y', 500))", n); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// newDir is a data directory to be, below a folder that the server's user can pass.
func newDir(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "qiantu-cluster-test-")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "data")
	t.Cleanup(func() {
		if err := errors.Join(os.RemoveAll(parent), os.RemoveAll(socketDir(dir))); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// mustOpen opens a cluster that saves the time of flushing to disk.
func mustOpen(t *testing.T, dir string) *Cluster {
	t.Helper()
	return openUntilEnd(t, Options{Dir: dir, Log: quiet(), Testing: true})
}

// mustOpenDurable opens a cluster as a program would.
func mustOpenDurable(t *testing.T, dir string) *Cluster {
	t.Helper()
	return openUntilEnd(t, Options{Dir: dir, Log: quiet()})
}

func openUntilEnd(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// ask returns the one value that a query gives, connecting anew.
func ask[T any](t *testing.T, dsn, query string, args ...any) (value T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), query, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// eventually waits up to ten seconds for what must come true by itself.
func eventually(t *testing.T, what string, happens func() bool) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		if happens() {
			return
		}
	}
	t.Fatalf("after ten seconds still not: %s", what)
}

// serverPID reads the id of the running server from its own pid file; 0 where there is none.
func serverPID(dir string) int {
	text, _ := os.ReadFile(filepath.Join(pgdataOf(dir), "postmaster.pid"))
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

func gone(pid int) bool {
	_, alive := processStart(pid)
	return !alive
}

// helper starts the test binary as a program of its own.
func helper(t *testing.T, job, dir string) (*exec.Cmd, <-chan string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperVariable+"="+job+" "+dir)
	lines := make(chan string, 1<<16)
	cmd.Stdout = lineWriter{lines}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, lines
}

// lineWriter passes on each Println, which is one write.
type lineWriter struct{ lines chan<- string }

func (w lineWriter) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		w.lines <- strings.TrimSpace(line)
	}
	return len(p), nil
}
