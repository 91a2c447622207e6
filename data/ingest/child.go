package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Limits of the child process that opens files of other people.
const (
	childMemory = 1 << 30           // bytes of address space
	childCPU    = 60                // seconds
	childWall   = 120 * time.Second // by the clock on the wall
	childFiles  = 64                // open files
	childWrites = 64 << 20          // bytes of any one file it writes
	childStderr = 16 << 10          // bytes of its messages that are kept
)

// errChildLimit says that a child was stopped at one of its limits.
var errChildLimit = errors.New("the reader was stopped at its limit of time or memory; the file is too large or made to harm")

// errNoGDAL says that the helper program is not installed.
var errNoGDAL = errors.New("GDAL is not installed: apt-get install gdal-bin, or run qiantu doctor")

// child runs a GDAL program on files in dir, with limits on memory, time and
// files, without network where the system lets us, and under an own user when
// this process is root. It knows the drivers named, by commas, beside CSV for
// writing. consume reads its output while it runs.
func child(ctx context.Context, dir, driver string, args []string, consume func(io.Reader) error) error {
	if _, err := exec.LookPath(args[0]); err != nil {
		return errNoGDAL
	}
	ctx, cancel := context.WithTimeout(ctx, childWall)
	defer cancel()
	env := append(childEnvironment(dir), "OGR_SKIP="+strings.Join(otherDrivers(driver), ","))
	for _, attr := range isolations() {
		err := runChild(ctx, dir, env, args, attr, consume)
		if !errors.Is(err, errNotStarted) {
			return err
		}
	}
	return fmt.Errorf("starting %s: not permitted", args[0])
}

// errNotStarted says that the system refused this way of isolating.
var errNotStarted = errors.New("not started")

// isolations lists the ways to start a child, the strictest first: a network
// namespace and an own user need rights that not every system gives.
func isolations() []*syscall.SysProcAttr {
	base := func() *syscall.SysProcAttr {
		return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	}
	if os.Getuid() != 0 {
		own := base()
		own.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
		own.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: os.Getuid(), Size: 1}}
		own.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: os.Getgid(), Size: 1}}
		return []*syscall.SysProcAttr{own, base()}
	}
	other := base()
	other.Credential = nobody()
	strict := base()
	strict.Credential = nobody()
	strict.Cloneflags = syscall.CLONE_NEWNET
	return []*syscall.SysProcAttr{strict, other, base()}
}

// nobody is the user that owns nothing.
func nobody() *syscall.Credential {
	id, gid := uint32(65534), uint32(65534)
	if u, err := user.Lookup("nobody"); err == nil {
		if n, err := strconv.ParseUint(u.Uid, 10, 32); err == nil {
			id = uint32(n)
		}
		if n, err := strconv.ParseUint(u.Gid, 10, 32); err == nil {
			gid = uint32(n)
		}
	}
	return &syscall.Credential{Uid: id, Gid: gid}
}

func runChild(ctx context.Context, dir string, env, args []string, attr *syscall.SysProcAttr, consume func(io.Reader) error) error {
	limited := append([]string{
		fmt.Sprintf("--as=%d", childMemory), fmt.Sprintf("--cpu=%d", childCPU), fmt.Sprintf("--nofile=%d", childFiles),
		fmt.Sprintf("--fsize=%d", childWrites), "--core=0", "--",
	}, args...)
	cmd := exec.CommandContext(ctx, "prlimit", limited...)
	cmd.Dir, cmd.SysProcAttr = dir, attr
	cmd.Env = env
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	stderr := &tail{}
	cmd.Stderr = stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("piping from %s: %w", args[0], err)
	}
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return fmt.Errorf("prlimit is not installed (util-linux): %w", err)
		}
		return fmt.Errorf("%w: %w", errNotStarted, err)
	}
	consumed := consume(out)
	if consumed != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // the reader gave up; its output would block
	}
	_, _ = io.Copy(io.Discard, out)
	waited := cmd.Wait()
	if consumed != nil {
		return consumed
	}
	return childError(ctx, waited, stderr.String())
}

// childError tells a limit from a complaint about the file.
func childError(ctx context.Context, waited error, messages string) error {
	if waited == nil {
		if at := strings.Index(messages, "ERROR "); at >= 0 { // GDAL goes on after some errors; half a file is no file
			return errors.New(firstLine(messages[at:]))
		}
		return nil
	}
	var exit *exec.ExitError
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	if ctx.Err() != nil || errors.As(waited, &exit) && exit.Sys().(syscall.WaitStatus).Signaled() || strings.Contains(messages, "bad_alloc") {
		return errChildLimit
	}
	if line := firstLine(messages); line != "" {
		return errors.New(line)
	}
	return waited
}

// childEnvironment is all that the child sees: no home, no proxy, no plug-ins,
// nothing fetched from anywhere.
func childEnvironment(dir string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "HOME=" + dir, "TMPDIR=" + dir,
		"GDAL_DRIVER_PATH=disable", "CPL_CURL_ENABLE_VSIMEM=NO", "PROJ_NETWORK=OFF", "GDAL_HTTP_PROXY=127.0.0.1:9",
		"LIBKML_RESOLVE_STYLE=NO", "OGR_ENABLE_PARTIAL_REPROJECTION=NO", "CPL_DEBUG=OFF", "GDAL_CACHEMAX=64",
		"OGR_SQLITE_LOAD_EXTENSIONS=", "SQLITE_LIST_ALL_TABLES=NO", "OGR_GEOJSON_MAX_OBJ_SIZE=200", "GDAL_PAM_ENABLED=NO",
		"OGR_WKT_PRECISION=17", "OGR_WKT_ROUND=NO",
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// tail keeps the first bytes of what is written to it.
type tail struct{ bytes.Buffer }

// Write keeps what fits and takes the rest as written.
func (t *tail) Write(p []byte) (int, error) {
	if room := childStderr - t.Len(); room > 0 {
		t.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// drivers lists all that the installed GDAL can open.
var drivers = sync.OnceValue(func() []string {
	var names []string
	for _, program := range []string{"ogrinfo", "gdalinfo"} {
		out, err := exec.Command(program, "--formats").Output()
		if err != nil {
			return nil
		}
		for _, m := range driverLine.FindAllStringSubmatch(string(out), -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
})

var driverLine = regexp.MustCompile(`(?m)^  (.+?) -[a-z, ]*(?:raster|vector)[a-z, ]*- `)

// otherDrivers are those that the child must not know: all but those that
// read and write. That is the allow-list of formats.
func otherDrivers(driver string) []string {
	wanted := append(strings.Split(driver, ","), "CSV")
	return slices.DeleteFunc(slices.Clone(drivers()), func(name string) bool { return slices.Contains(wanted, name) })
}
