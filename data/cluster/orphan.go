package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clear makes sure that no server is at work on the files: one that a killed parent left is stopped, and what a killed
// server left (its backends, its pid file) is cleared away. The lock of the directory is ours, so whoever runs here has no
// parent any more.
func (s *site) clear(ctx context.Context) error {
	path := filepath.Join(s.pgdata, "postmaster.pid")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if pid, ok := s.orphan(string(text)); ok {
		s.log.Warn("stopping the database server that a killed program left", "pid", pid)
		if err := end(ctx, []int{pid}, syscall.SIGINT, fastTime); err != nil {
			return err
		}
	}
	if strays := s.strays(); len(strays) > 0 {
		s.log.Warn("ending the backends of a killed database server", "pids", strays)
		if err := end(ctx, strays, syscall.SIGQUIT, quitTime); err != nil {
			return err
		}
	}
	// Left lying, the file would stop the next start whenever its number now belongs to some process of the same user, as it
	// often does after the restart of a container.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a stale %s: %w", path, err)
	}
	return nil
}

// clockSlack is how far the start of a process and the second that the server noted for it may lie apart.
const clockSlack = 10 * time.Second

// orphan reads a pid file (process id, data directory, start in seconds since 1970, ...) and gives the id if that process
// lives, started when the file says, and works in this directory. Any other process with that id is a stranger.
func (s *site) orphan(pidFile string) (pid int, ok bool) {
	lines := strings.Split(pidFile, "\n")
	if len(lines) < 3 {
		return 0, false
	}
	pid, err1 := strconv.Atoi(strings.TrimSpace(lines[0]))
	noted, err2 := strconv.ParseInt(strings.TrimSpace(lines[2]), 10, 64)
	if err1 != nil || err2 != nil || pid <= 1 || strings.TrimSpace(lines[1]) != s.pgdata {
		return 0, false
	}
	began, alive := processStart(pid)
	if !alive || began.Sub(time.Unix(noted, 0)).Abs() > clockSlack {
		return 0, false
	}
	return pid, s.worksHere(pid)
}

// worksHere tells whether the process works in the server's files: by its current folder, or, where we may not look at that
// (root of a container without the right to trace), by the folder on its command line.
func (s *site) worksHere(pid int) bool {
	if cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil {
		return cwd == s.pgdata
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && slices.Contains(strings.Split(string(line), "\x00"), s.pgdata)
}

// strays lists server processes that work in the files, found by folder, program and user. They hold the shared memory of
// their dead parent, and no new server starts beside them.
func (s *site) strays() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		owner, known, err := ownerOf(filepath.Join("/proc", entry.Name()))
		if err != nil || !known || owner.uid != s.who.uid {
			continue
		}
		program, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
		cwd, _ := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
		if cwd == s.pgdata && filepath.Base(program) == "postgres" {
			found = append(found, pid)
		}
	}
	return found
}

// processStart is when the process began, after /proc; dead ones that nobody has waited for count as gone.
func processStart(pid int) (began time.Time, alive bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return time.Time{}, false
	}
	// The second field is the program's name in brackets and may itself hold brackets and spaces: count from its end.
	_, after, _ := cutLast(string(text), ") ")
	fields := strings.Fields(after)
	const state, start = 0, 19 // fields 3 and 22 of proc(5)
	if len(fields) <= start || fields[state] == "Z" || fields[state] == "X" {
		return time.Time{}, false
	}
	ticks, err := strconv.ParseInt(fields[start], 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	const ticksPerSecond = 100 // of the kernel's interface, on every architecture of Linux
	return bootTime().Add(time.Duration(ticks) * time.Second / ticksPerSecond), true
}

func bootTime() time.Time {
	text, _ := os.ReadFile("/proc/stat")
	_, after, _ := strings.Cut(string(text), "\nbtime ")
	line, _, _ := strings.Cut(after, "\n")
	seconds, _ := strconv.ParseInt(line, 10, 64)
	return time.Unix(seconds, 0)
}

func cutLast(s, separator string) (before, after string, found bool) {
	if at := strings.LastIndex(s, separator); at >= 0 {
		return s[:at], s[at+len(separator):], true
	}
	return s, "", false
}

// end sends the signal to processes that are not our children, and waits; those that outlast it are killed.
func end(ctx context.Context, pids []int, signal syscall.Signal, wait time.Duration) error {
	for _, signal := range []syscall.Signal{signal, syscall.SIGKILL} {
		for _, pid := range pids {
			if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("ending process %d: %w", pid, err)
			}
		}
		for limit := time.Now().Add(wait); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
			if pids = living(pids); len(pids) == 0 {
				return nil
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return fmt.Errorf("processes %v do not end even when killed", pids)
}

func living(pids []int) []int {
	return slices.DeleteFunc(slices.Clone(pids), func(pid int) bool {
		_, alive := processStart(pid)
		return !alive
	})
}
