package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
)

// socketRoot holds the socket directories. It is fixed, since every program must derive the same address from a data
// directory, whatever its TMPDIR, and short, since a socket's path may have 107 bytes.
const socketRoot = "/tmp"

// maxSocketPath is the longest path of a Unix socket on Linux, in bytes.
const maxSocketPath = 107

// socketDir is the directory of the server's socket, named after the data directory: a killed server leaves no litter
// that its successor would not reuse.
func socketDir(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(socketRoot, "qiantu-"+hex.EncodeToString(sum[:8]))
}

func socketPath(dir string) string { return filepath.Join(socketDir(dir), ".s.PGSQL."+port) }

// dsnOf spells out everything that an environment variable (PGPORT, PGUSER, ...) could otherwise change.
func dsnOf(dir, database string) string {
	query := url.Values{"host": {socketDir(dir)}, "port": {port}, "sslmode": {"disable"}}
	return "postgres://" + Role + "@/" + database + "?" + query.Encode()
}

// makeSocketDir makes the directory for user who. The name can be guessed and its parent is open to all, so a directory
// that is already there is used only when it is who's own and closed to everyone else. No server is at work in dir by now.
func makeSocketDir(dir string, who identity) error {
	path := socketDir(dir)
	err := os.Mkdir(path, 0o700)
	if err == nil {
		if err = os.Chmod(path, 0o700); err == nil { // a directory; the umask may have taken more away
			err = who.own(path)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("making the socket directory: %w", err), os.Remove(path))
		}
		return nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the socket directory: %w", err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("looking at the socket directory: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(stat.Uid) != who.uid || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("socket directory %s is not a directory of user %s with mode 0700: "+
			"someone else made it; remove it and start again", path, who.name)
	}
	return removeSocket(dir)
}

// removeSocket clears away the socket of a killed server. Its lock file would stop the next start for as long as the dead
// process has not been waited for, which in a container without an init may be for ever.
func removeSocket(dir string) error {
	for _, path := range []string{socketPath(dir), socketPath(dir) + ".lock"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the socket of a killed server: %w", err)
		}
	}
	return nil
}
