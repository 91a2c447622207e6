package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	pollTime  = 50 * time.Millisecond
	drainTime = 30 * time.Second
	fastTime  = 30 * time.Second // a fast shutdown writes a checkpoint
	quitTime  = 10 * time.Second // an immediate one writes nothing
)

// postmaster is a running server that is our child.
type postmaster struct {
	site   *site
	child  *os.Process
	exited chan struct{} // closed when the process has ended; state says how
	state  error
	said   tail
}

// launch starts the server and returns when it accepts connections. Recovery after a crash may take as long as it needs;
// ctx ends the wait, and the server with it.
func (s *site) launch(ctx context.Context) (*postmaster, error) {
	memory := machineMemory()
	// The shell sets the limit for itself and becomes the server, so that no process of the server ever runs without it.
	args := append([]string{
		"-c", `ulimit -v "$1" && shift && exec "$@"`, "sh",
		strconv.FormatInt(addressSpace(memory)>>10, 10), s.with.path("postgres"),
	}, s.settings(memory)...)
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", environment(), s.who.attributes(syscall.SIGINT)
	output, input, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = input, input
	p := &postmaster{site: s, exited: make(chan struct{})}
	started := make(chan error)
	go p.parent(cmd, started)
	err = <-started
	if err := input.Close(); err != nil {
		s.log.Debug("closing a pipe", "err", err)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting postgres: %w", err), output.Close())
	}
	go p.listen(output)
	// Only root may protect a process from the kernel's choice of victim; without it the backends still go first.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", p.child.Pid), []byte("-500"), 0)
	if err := p.await(ctx); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// parent starts the server and waits for its end on one operating system thread: the kernel sends the signal for the
// parent's death when the thread that started the child ends, and Go ends idle threads.
func (p *postmaster) parent(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err == nil {
		p.child = cmd.Process
	}
	started <- err
	if err != nil {
		return
	}
	p.state = cmd.Wait()
	close(p.exited)
}

// onThread runs a short-lived child the same way.
func onThread(run func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		done <- run()
	}()
	return <-done
}

// listen hands on what the server says. Its refusals of single statements are for the client that sent them.
func (p *postmaster) listen(output io.ReadCloser) {
	defer output.Close()
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimRight(line, "\n"); line != "" {
			p.said.add(line)
			if strings.HasPrefix(line, "PANIC:") || strings.HasPrefix(line, "WARNING:") {
				p.site.log.Warn("postgres: " + line)
			} else {
				p.site.log.Debug("postgres: " + line)
			}
		}
		if err != nil {
			return
		}
	}
}

var errEndedEarly = errors.New("postgres ended while starting")

// await returns nil when the server accepts connections.
func (p *postmaster) await(ctx context.Context) error {
	told := time.Now()
	for {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		conn, err := pgx.Connect(attempt, dsnOf(p.site.dir, "postgres"))
		cancel()
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-p.exited:
			return fmt.Errorf("%w (%w): %s", errEndedEarly, p.state, p.said.text())
		case <-ctx.Done():
			return fmt.Errorf("waiting for postgres to accept connections: %w: %s", ctx.Err(), p.said.text())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			p.site.log.Info("waiting for the database to accept connections", "state", p.said.text())
		}
	}
}

// stop shuts the server down: fast, and where that does not end in time, immediately (the next start then recovers).
func (p *postmaster) stop() error {
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, fastTime}, {syscall.SIGQUIT, quitTime}, {syscall.SIGKILL, quitTime}}
	for i, step := range steps {
		if i > 0 {
			p.site.log.Warn("postgres does not end", "pid", p.child.Pid, "next signal", step.signal.String())
		}
		if err := p.child.Signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stopping postgres (process %d): %w", p.child.Pid, err)
		}
		select {
		case <-p.exited:
			return nil
		case <-time.After(step.wait):
		}
	}
	return fmt.Errorf("postgres (process %d) does not end even when killed", p.child.Pid)
}

// tail keeps the last lines that a server said.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	const most = 12
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == most {
		t.lines = t.lines[1:]
	}
	t.lines = append(t.lines, line)
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "; ")
}
