package clustertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/qiantu/qiantu/data/cluster"
)

// holderVariable makes any test binary the process that holds the shared cluster: it names the cluster's directory.
const holderVariable = "QIANTU_TEST_HOLD_CLUSTER"

// idle is how long the cluster stays when no test process is using it: over the compiling of the next package.
const idle = 90 * time.Second

func init() {
	if dir := os.Getenv(holderVariable); dir != "" {
		if err := holdCluster(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// adminDSN finds or starts the server, once per test process.
var adminDSN = func() func(context.Context) (string, error) {
	var mu sync.Mutex
	var dsn string
	return func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if dsn != "" {
			return dsn, nil
		}
		found := os.Getenv("QIANTU_TEST_DSN")
		if found == "" {
			var err error
			if found, err = sharedCluster(ctx); err != nil {
				return "", err
			}
		}
		dsn = found
		return dsn, nil
	}
}()

// sharedDir is the same for every test process of this user. It is not below the user's TMPDIR, which may differ between
// them and may not be open to the user that the server runs as.
func sharedDir() string {
	return filepath.Join("/tmp", "qiantu-test-"+strconv.Itoa(os.Geteuid()))
}

// sharedCluster marks this process as a user of the shared cluster, for as long as it lives, and returns when it runs.
func sharedCluster(ctx context.Context) (string, error) {
	dir := sharedDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() || int(info.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s is not a directory of our own (%w): remove it", dir, err)
	}
	if err := use(ctx, dir); err != nil {
		return "", err
	}
	for {
		if dsn, running := cluster.Find(ctx, dir); running {
			return withDatabase(dsn, "postgres"), nil
		}
		if err := startHolder(ctx, dir); err != nil {
			return "", err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(200 * time.Millisecond): // somebody else's holder is starting
		}
	}
}

// use takes the shared lock by which the holder counts its users. It is never given back: the kernel does that when this
// process ends.
func use(ctx context.Context, dir string) error {
	users, err := openUsers(dir)
	if err != nil {
		return err
	}
	for {
		err := syscall.Flock(users, syscall.LOCK_SH|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select { // the last holder is just closing
		case <-ctx.Done():
			return fmt.Errorf("waiting for the test cluster in %s to close: %w", dir, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// openUsers gives a bare descriptor, since the garbage collector would close an os.File and let go of the lock.
func openUsers(dir string) (int, error) {
	return syscall.Open(filepath.Join(dir, "users.lock"), syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC, 0o600)
}

// startHolder starts a holder if there is none, and returns early when it fails. Several at once are harmless: the second
// one sees that the directory is held and ends.
func startHolder(ctx context.Context, dir string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	said, err := os.CreateTemp("", "qiantu-test-holder-*.log")
	if err != nil {
		return err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	cmd := exec.Command(program) // ourselves; it must outlive ctx
	cmd.Env = append(os.Environ(), holderVariable+"="+dir)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // it outlives this test process and its terminal
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err == nil {
				return nil // another holder has it
			}
			text, _ := io.ReadAll(io.NewSectionReader(said, 0, 1<<16))
			return fmt.Errorf("%w: %s", err, text)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
			if _, running := cluster.Find(ctx, dir); running {
				return nil
			}
		}
	}
}

// holdCluster is the life of the holder: it keeps the server running until nobody has used it for a while.
func holdCluster(dir string) error {
	own, err := openHolder(dir)
	if err != nil || own == nil {
		return err
	}
	defer own.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	c, err := cluster.Open(ctx, cluster.Options{Dir: dir, Testing: true, Log: quiet})
	if err != nil {
		return err
	}
	users, err := openUsers(dir)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	for last := time.Now(); time.Since(last) < idle; time.Sleep(time.Second) {
		select {
		case <-c.Done():
			return errors.Join(c.Err(), c.Close())
		default:
		}
		err := syscall.Flock(users, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil { // in use
			last = time.Now()
		} else if time.Since(last) < idle-time.Second {
			_ = syscall.Flock(users, syscall.LOCK_UN)
		}
	}
	// The lock is ours now, so newcomers wait until all is gone. The lock files themselves stay: removing one that somebody
	// else has just opened would let two programs hold "the same" lock.
	err = c.Close()
	return errors.Join(err, os.RemoveAll(filepath.Join(dir, "cluster")))
}

// openHolder is the holder's own lock; nil where another holder lives.
func openHolder(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, "holder.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, file.Close()
	}
	return file, err
}
