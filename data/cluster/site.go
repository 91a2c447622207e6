package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// site is a data directory made ready for a server: the files are there, in the right version, reachable for the user that
// the server runs as, and no other server is at work on them.
type site struct {
	dir     string // data directory
	pgdata  string // the server's own files
	who     identity
	with    programs
	testing bool
	log     *slog.Logger
}

// pgdataOf is the folder with the server's own files; the data directory beside it belongs to the program.
func pgdataOf(dir string) string { return filepath.Join(dir, "cluster") }

// prepare needs the lock of dir.
func prepare(ctx context.Context, dir string, testing bool, log *slog.Logger) (*site, error) {
	s := &site{dir: dir, pgdata: pgdataOf(dir), testing: testing, log: log}
	if length := len(socketPath(dir)); length > maxSocketPath {
		return nil, fmt.Errorf("socket path %s has %d bytes, %d are possible", socketPath(dir), length, maxSocketPath)
	}
	var err error
	if s.who, err = serverUser(s.pgdata); err != nil {
		return nil, err
	}
	if err := s.who.reach(dir); err != nil {
		return nil, err
	}
	if s.with, err = choose(ctx, s.pgdata); err != nil {
		return nil, err
	}
	if err := s.clear(ctx); err != nil {
		return nil, err
	}
	if err := s.init(ctx); err != nil {
		return nil, err
	}
	return s, makeSocketDir(dir, s.who)
}

// init makes the server's files where there are none. They are made under another name and renamed when they are whole, so
// that a kill in between leaves nothing that looks like a cluster.
func (s *site) init(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(s.pgdata, "PG_VERSION")); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if entries, err := os.ReadDir(s.pgdata); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s has files in it but is not a PostgreSQL data directory: move it away, or choose another --data-dir", s.pgdata)
	}
	unfinished := s.pgdata + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("removing an unfinished cluster: %w", err)
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return err
	}
	if err := s.who.own(unfinished); err != nil {
		return err
	}
	s.log.Info("making a new database cluster", "dir", s.pgdata, "postgresql", s.with.major, "user", s.who.name)
	if err := s.initdb(ctx, unfinished); err != nil {
		return err
	}
	if err := os.Rename(unfinished, s.pgdata); err != nil {
		return err
	}
	return syncDir(s.dir)
}

func (s *site) initdb(ctx context.Context, into string) error {
	args := []string{
		"--pgdata", into, "--username", Role, "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
		"--auth-local", "trust", "--auth-host", "reject", "--no-instructions",
	}
	if s.testing {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, s.with.path("initdb"), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", environment(), s.who.attributes(syscall.SIGKILL)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := onThread(cmd.Run)
	if err == nil {
		return nil
	}
	if strings.Contains(said.String(), "could not look up effective user ID") {
		return fmt.Errorf("user id %d has no name on this machine, and PostgreSQL needs one: add a passwd entry for it, or run as another user",
			s.who.uid)
	}
	return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(said.String()))
}

// environment for the server programs: nothing of ours leaks in (PGDATA, PGPORT, LC_ALL, ...), messages are in English.
func environment() []string {
	return []string{
		"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC",
		// When memory runs out the kernel should take a backend, never the server or us.
		"PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj", "PG_OOM_ADJUST_VALUE=300",
	}
}

func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
