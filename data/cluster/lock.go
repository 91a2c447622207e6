package cluster

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// lock is the right to run the server of a data directory. The kernel lets go of it when its holder dies, however it dies.
type lock struct{ file *os.File }

const lockName = "qiantu.lock"

// tryLock takes the lock of dir, making the directory if need be; nil without an error where another program has it.
func tryLock(dir string) (*lock, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644) // others may see who holds it
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("the data directory belongs to another user: run as that user, or choose another --data-dir: %w", err)
	}
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, file.Close()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), file.Close())
	}
	if err := file.Truncate(0); err == nil {
		_, _ = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0) // a courtesy for messages; the lock is the kernel's
	}
	return &lock{file}, nil
}

// makeDir makes the data directory such that the server's user can pass it, whatever the umask; the server's files in it are
// closed. One that exists keeps its mode.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) { // another program was quicker
			return nil
		}
		return err
	}
	return os.Chmod(dir, 0o755)
}

func (l *lock) release() { _ = l.file.Close() }

// locked tells whether a program holds dir, without making or keeping anything.
func locked(dir string) bool {
	file, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return false
	}
	defer file.Close()
	return errors.Is(syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

// holder names the program that holds dir, for messages.
func holder(dir string) string {
	file, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return "another program"
	}
	defer file.Close()
	pid, _ := io.ReadAll(io.LimitReader(file, 32))
	if _, err := strconv.Atoi(strings.TrimSpace(string(pid))); err != nil {
		return "another program"
	}
	return "process " + strings.TrimSpace(string(pid))
}
