package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The tests of this package run the true program as a user would: its own process, its own private server.

var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "qiantu-test-bin")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "qiantu")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, os.Chmod(dir, 0o755)
})

func TestMain(m *testing.M) {
	status := m.Run()
	if demo != nil {
		demo.stop()
	}
	if binary, err := buildOnce(); err == nil {
		os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(status)
}

func binary(t testing.TB) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatalf("building the program: %v", err)
	}
	return path
}

// dataDir is a directory that the server's unprivileged user can reach too.
func dataDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "qiantu-test-data")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "db")
}

// program runs a command to its end and returns what it printed and its status.
func program(t testing.TB, dir string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = append(os.Environ(), "QIANTU_DATA_DIR="+dir, "DATABASE_URL=")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return out.String(), errs.String(), exit.ExitCode()
	}
	if err != nil {
		t.Fatalf("qiantu %v: %v", args, err)
	}
	return out.String(), errs.String(), 0
}

// must runs a command that has to succeed.
func must(t testing.TB, dir string, args ...string) string {
	t.Helper()
	stdout, stderr, status := program(t, dir, args...)
	if status != 0 {
		t.Fatalf("qiantu %v: status %d\n%s%s", args, status, stdout, stderr)
	}
	return stdout
}

// service is a running serve or demo.
type service struct {
	cmd *exec.Cmd
	url string
	dir string
	err *bytes.Buffer
}

func start(t testing.TB, dir, command string, more ...string) *service {
	t.Helper()
	s := &service{dir: dir, err: new(bytes.Buffer)}
	s.cmd = exec.Command(binary(t), append([]string{command, "--listen", "127.0.0.1:0", "--data-dir", dir}, more...)...)
	s.cmd.Env = append(os.Environ(), "DATABASE_URL=")
	s.cmd.Stderr = s.err
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			s.url = address
			break
		}
	}
	if s.url == "" {
		s.stop()
		t.Fatalf("qiantu %s never said where it listens\n%s", command, s.err)
	}
	go io.Copy(io.Discard, stdout)
	s.waitReady(t)
	return s
}

func (s *service) waitReady(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		if response, err := http.Get(s.url + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("not ready after two minutes\n%s", s.err)
}

func (s *service) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
}

func (s *service) get(t testing.TB, path string, into any) {
	t.Helper()
	response, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s\n%s", path, response.Status, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("GET %s: %v\n%.300s", path, err, body)
	}
}

// sql connects to the service's private server as another writer would.
func (s *service) sql(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn(t, s.dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func dsn(t testing.TB, dir string) string {
	t.Helper()
	stdout, stderr, _ := program(t, dir, "doctor", "--json")
	var said struct{ DSN string }
	if err := json.Unmarshal([]byte(stdout), &said); err != nil || said.DSN == "" {
		t.Fatalf("doctor --json names no dsn: %v\n%s%s", err, stdout, stderr)
	}
	return said.DSN
}

var (
	demo     *service
	demoOnce sync.Once
)

// demoService is one demo shared by the tests that only read it, or that undo what they change.
func demoService(t testing.TB) *service {
	t.Helper()
	demoOnce.Do(func() {
		dir, err := os.MkdirTemp("", "qiantu-test-demo")
		if err != nil {
			t.Fatal(err)
		}
		os.Chmod(dir, 0o755)
		demo = start(t, filepath.Join(dir, "db"), "demo")
	})
	if demo == nil {
		t.Fatal("the demo did not start; see the first test that wanted it")
	}
	return demo
}

// row is one line of `qiantu report --format csv`.
type row map[string]string

// reportCSV runs `qiantu report` and indexes the rows by metric and scope.
func reportCSV(t testing.TB, dir, kind, region string, more ...string) map[string]row {
	t.Helper()
	args := append([]string{"report", kind, "--region", region, "--format", "csv"}, more...)
	records, err := csv.NewReader(strings.NewReader(must(t, dir, args...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := "metric,scope,value,numerator,denominator,unknown,unit,basis,as_of,rule"
	if got := strings.Join(records[0], ","); got != want {
		t.Fatalf("columns of the CSV: %s, want %s", got, want)
	}
	rows := map[string]row{}
	for _, record := range records[1:] {
		r := row{}
		for i, name := range records[0] {
			r[name] = record[i]
		}
		rows[r["metric"]+" "+r["scope"]] = r
	}
	return rows
}

// reportJSON fetches the same report from the service.
func (s *service) reportJSON(t testing.TB, kind string, query url.Values) map[string]map[string]any {
	t.Helper()
	var report struct{ Rows []map[string]any }
	s.get(t, "/api/v1/report/"+kind+"?"+query.Encode(), &report)
	rows := map[string]map[string]any{}
	for _, r := range report.Rows {
		rows[fmt.Sprintf("%s %s", r["metric"], r["scope"])] = r
	}
	return rows
}
