package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is the user that the server runs as.
type identity struct {
	name     string
	uid, gid int
	drop     bool // we are root and the server must not be
}

// serverUser is ourselves, or, since PostgreSQL refuses to run as root, for root: the owner of the files in pgdata when
// there are any, else postgres, else nobody.
func serverUser(pgdata string) (identity, error) {
	euid := os.Geteuid()
	owner, found, err := ownerOf(pgdata)
	if err != nil {
		return identity{}, err
	}
	if euid != 0 {
		self := identity{name: userName(euid), uid: euid, gid: os.Getegid()}
		if found && owner.uid != euid {
			return self, fmt.Errorf("%s belongs to user %s, and this is %s: run as root or as that user, or choose another --data-dir",
				pgdata, owner.name, self.name)
		}
		return self, nil
	}
	if found && owner.uid != 0 {
		return owner, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			uid, err1 := strconv.Atoi(found.Uid)
			gid, err2 := strconv.Atoi(found.Gid)
			if err1 == nil && err2 == nil && uid != 0 {
				return identity{name, uid, gid, true}, nil
			}
		}
	}
	return identity{}, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it: " +
		"install PostgreSQL from the distribution (it makes the user postgres), or run as an ordinary user")
}

func ownerOf(path string) (who identity, found bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return identity{}, false, nil
	}
	if err != nil {
		return identity{}, false, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return identity{}, false, fmt.Errorf("%s: the file system does not tell the owner", path)
	}
	uid := int(stat.Uid)
	return identity{userName(uid), uid, int(stat.Gid), os.Geteuid() == 0 && uid != 0}, true, nil
}

func userName(uid int) string {
	if found, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return found.Username
	}
	return "uid " + strconv.Itoa(uid)
}

// own gives path to the identity; only root needs to and can.
func (who identity) own(path string) error {
	if !who.drop {
		return nil
	}
	return os.Lchown(path, who.uid, who.gid)
}

// attributes for a child that runs as who: in a process group of its own, so that Ctrl-C in a terminal reaches only us, and
// told by the kernel to go when the thread that started it dies.
func (who identity) attributes(parentDeath syscall.Signal) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: parentDeath}
	if who.drop {
		attributes.Credential = &syscall.Credential{Uid: uint32(who.uid), Gid: uint32(who.gid)}
	}
	return attributes
}

// reach checks that who can pass every folder above and including dir, and names the first that it cannot.
func (who identity) reach(dir string) error {
	for _, path := range ancestors(dir) {
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("looking at %s: %w", path, err)
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || who.passes(info.Mode(), int(stat.Uid), int(stat.Gid)) {
			continue
		}
		return fmt.Errorf("the server runs as user %s, who cannot pass %s (mode %#o): "+
			"choose a --data-dir outside it, or chmod o+x %s", who.name, path, info.Mode().Perm(), path)
	}
	return nil
}

func (who identity) passes(mode fs.FileMode, uid, gid int) bool {
	switch {
	case who.uid == uid:
		return mode&0o100 != 0
	case who.gid == gid:
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}

// ancestors lists dir and all folders above it, the root first.
func ancestors(dir string) []string {
	if parent := filepath.Dir(dir); parent != dir {
		return append(ancestors(parent), dir)
	}
	return []string{dir}
}
