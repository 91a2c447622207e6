package ingest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Limits on what is taken from outside.
const (
	maxUpload   = 200 << 20 // bytes of the file itself
	maxUnpacked = 2 << 30   // bytes of a zip's content
	maxRatio    = 200       // unpacked to packed
	maxEntries  = 200       // of a zip
	maxRows     = 2_000_000
	maxColumns  = 500
	maxValue    = 64 << 10 // bytes of one value
)

const workPrefix = "qiantu-import-"

// limitError is a file over a published limit.
type limitError string

func (e limitError) Error() string { return string(e) }

// workDir makes an empty directory for one import; its lock tells Janitor that
// the import still runs. The lock dies with the process.
func workDir() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", workPrefix)
	if err != nil {
		return "", nil, fmt.Errorf("making a work directory: %w", err)
	}
	lock, err := os.Create(filepath.Join(dir, "lock"))
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("locking the work directory: %w", err), os.RemoveAll(dir))
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return "", nil, errors.Join(fmt.Errorf("locking the work directory: %w", err), lock.Close(), os.RemoveAll(dir))
	}
	if os.Getuid() == 0 { // the child runs under another user
		if err := os.Chmod(dir, 0o711); err != nil {
			return "", nil, errors.Join(err, lock.Close(), os.RemoveAll(dir))
		}
	}
	return dir, func() { _ = lock.Close(); _ = os.RemoveAll(dir) }, nil
}

// Janitor removes the work directories of imports that were killed. The
// database needs none: everything there is temporary and ends with its session.
// It returns how many directories were removed.
func Janitor() (int, error) {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), workPrefix+"*"))
	if err != nil {
		return 0, fmt.Errorf("looking for abandoned imports: %w", err)
	}
	removed := 0
	for _, dir := range dirs {
		if abandoned(dir) && os.RemoveAll(dir) == nil {
			removed++
		}
	}
	return removed, nil
}

// abandoned reports whether no process holds the directory's lock.
func abandoned(dir string) bool {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
	if err != nil {
		return false // being made, or another user's
	}
	defer func() { _ = lock.Close() }()
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// take copies a file into the work directory under a fixed name that the child
// may read. A file over the limit is refused before and while copying.
func take(from, dir, name string) (path string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", filepath.Base(from))
	}
	if info.Size() > maxUpload {
		return "", limitError(fmt.Sprintf("%d MB, at most %d MB", info.Size()>>20, maxUpload>>20))
	}
	return write(dir, name, in, maxUpload)
}

// write stores at most limit bytes under a name of ours.
func write(dir, name string, from io.Reader, limit int64) (path string, err error) {
	path = filepath.Join(dir, name)
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	n, err := io.Copy(out, io.LimitReader(from, limit+1))
	if err == nil && n > limit {
		err = limitError(fmt.Sprintf("more than %d MB", limit>>20))
	}
	return path, err
}

// shapeParts are the files of a Shapefile that are read; the first four are needed.
var shapeParts = []string{".shp", ".shx", ".dbf", ".prj", ".cpg"}

// takeShape copies a Shapefile's parts. They are found beside it without regard
// to case; two that differ in case only are refused.
func takeShape(file, dir string) (missing string, err error) {
	base := strings.TrimSuffix(file, filepath.Ext(file))
	siblings, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return "", err
	}
	for _, ext := range shapeParts {
		found := ""
		for _, s := range siblings {
			if strings.EqualFold(s.Name(), filepath.Base(base)+ext) {
				if found != "" {
					return "", fmt.Errorf("both %s and %s stand there", found, s.Name())
				}
				found = s.Name()
			}
		}
		if found == "" {
			if ext == ".shx" || ext == ".dbf" {
				return ext, nil
			}
			continue
		}
		if _, err := take(filepath.Join(filepath.Dir(file), found), dir, "in"+ext); err != nil {
			return "", err
		}
	}
	return "", nil
}
