package osm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Limits bound the child process that reads a file.
type Limits struct {
	Memory int64         // bytes of address space
	CPU    time.Duration // of the processor
	Wall   time.Duration // on the clock
}

// DefaultLimits are enough for a province: osmium streams and needs about
// 20 MB whatever the size of the file.
var DefaultLimits = Limits{Memory: 1 << 30, CPU: 10 * time.Minute, Wall: 15 * time.Minute}

// longestLine is far above any way or node that OpenStreetMap allows (2000
// nodes, 255 letters for a value).
const longestLine = 16 << 20

// nobody is the user that owns nothing.
const nobody = 65534

// child is osmium bound to one file.
type child struct {
	file   string
	format string // pbf or xml
	limits Limits
}

// run starts osmium with the file as its standard input and hands its output
// to read. The program sees no other file and cannot reach a network.
func (c child) run(ctx context.Context, read func(io.Reader) error, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, c.limits.Wall)
	defer cancel()
	in, err := os.Open(c.file)
	if err != nil {
		return err
	}
	defer in.Close()
	dir, err := os.MkdirTemp("", "qiantu-osm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o555); err != nil {
		return err
	}
	cmd := c.command(ctx, dir, args)
	cmd.Stdin = in
	var said bytes.Buffer
	cmd.Stderr = &limited{to: &said, left: 4096}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil { // its time was over before it began
			return c.explain(ctx, err, "")
		}
		return missing(err)
	}
	readErr := read(out)
	if readErr != nil {
		cancel() // no more of it is wanted
	}
	waitErr := cmd.Wait()
	if readErr != nil {
		return readErr
	}
	return c.explain(ctx, waitErr, said.String())
}

func (c child) command(ctx context.Context, dir string, args []string) *exec.Cmd {
	limits := []string{
		"--as=" + strconv.FormatInt(c.limits.Memory, 10),
		"--cpu=" + strconv.Itoa(int(c.limits.CPU.Seconds())),
		"--core=0", "--nofile=64", "--fsize=0", "osmium",
	}
	cmd := exec.CommandContext(ctx, "prlimit", append(limits, args...)...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "TMPDIR=" + dir, "HOME=" + dir}
	cmd.SysProcAttr = fence()
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// fence is what the system lets us put round a child: nobody's rights when we
// are root, no network where name spaces are permitted, and death with us.
func fence() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if offline() {
		addNetworkFence(attr)
	}
	return attr
}

func addNetworkFence(attr *syscall.SysProcAttr) {
	attr.Cloneflags = syscall.CLONE_NEWNET
	if uid := os.Geteuid(); uid != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
	}
}

// offline finds out once whether a child without a network can be started.
var offline = sync.OnceValue(func() bool {
	cmd := exec.Command("true")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	addNetworkFence(cmd.SysProcAttr)
	return cmd.Run() == nil
})

func missing(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("prlimit is not installed (%w); install util-linux", err)
	}
	return err
}

// explain says in the reader's words why the child failed.
func (c child) explain(ctx context.Context, err error, said string) error {
	if err == nil {
		return nil
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("reading took more than %v and was stopped; cut the file to the region with osmium extract", c.limits.Wall)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	said = strings.TrimSpace(said)
	var exit *exec.ExitError
	switch {
	case strings.Contains(said, "failed to execute osmium"), strings.Contains(said, "osmium: No such file"):
		return fmt.Errorf("osmium is not installed; install the package osmium-tool")
	case strings.Contains(said, "ut of memory"), strings.Contains(said, "bad_alloc"):
		return fmt.Errorf("reading took more than %d MB of memory and was stopped; the file is damaged or made to do harm", c.limits.Memory>>20)
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled():
		return fmt.Errorf("reading was stopped by %v, as when it takes more than %v of the processor; the file is damaged or too large",
			exit.Sys().(syscall.WaitStatus).Signal(), c.limits.CPU)
	}
	return fmt.Errorf("it cannot be read as %s: %s; download it again, or check it with osmium fileinfo -e", strings.ToUpper(c.format), clean(said))
}

// eachLine hands over the lines of the child's output without their ends.
func eachLine(r io.Reader, visit func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	for lines.Scan() {
		if err := visit(lines.Bytes()); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("an object of more than %d MB; the file is damaged or made to do harm", longestLine>>20)
	}
	return lines.Err()
}

// limited keeps the first bytes of what is written to it.
type limited struct {
	to   *bytes.Buffer
	left int
}

// Write takes everything and keeps what there is room for.
func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.to.Write(p[:n])
	l.left -= n
	return len(p), nil
}
