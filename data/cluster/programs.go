package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// programs are the server programs of one major version of PostgreSQL.
type programs struct {
	bin   string // folder with initdb and postgres
	major int
}

func (p programs) path(name string) string { return filepath.Join(p.bin, name) }

// postgis tells whether PostGIS is installed for these programs.
func (p programs) postgis(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, p.path("pg_config"), "--sharedir").Output()
	if err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(strings.TrimSpace(string(out)), "extension", "postgis.control"))
	return err == nil
}

// installed finds all server programs of this machine, the newest first: what pg_config names, and the versioned folders of
// Debian and its kin.
func installed(ctx context.Context) []programs {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	var found []programs
	for _, bin := range folders {
		if major, err := majorOf(ctx, bin); err == nil && !slices.Contains(found, programs{bin, major}) {
			found = append(found, programs{bin, major})
		}
	}
	slices.SortFunc(found, func(a, b programs) int { return b.major - a.major })
	return found
}

// majorOf asks the postgres in bin for its version: "postgres (PostgreSQL) 15.18 (Debian ...)".
func majorOf(ctx context.Context, bin string) (int, error) {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	_, version, _ := strings.Cut(string(out), ") ")
	digits := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 {
		return 0, fmt.Errorf("%s/postgres --version says %q", bin, out)
	}
	return strconv.Atoi(version[:digits])
}

// errNoPrograms and its mend are shared with Diagnose.
var errNoPrograms = errors.New("PostgreSQL is not installed: install postgresql and postgis (make demo does), or set DATABASE_URL")

// choose picks the programs for the files in pgdata: the same major version where there are files, else the newest that has
// PostGIS.
func choose(ctx context.Context, pgdata string) (programs, error) {
	all := installed(ctx)
	if len(all) == 0 {
		return programs{}, errNoPrograms
	}
	wanted, err := versionOf(pgdata)
	if errors.Is(err, fs.ErrNotExist) {
		for _, p := range all {
			if p.postgis(ctx) {
				return p, nil
			}
		}
		return programs{}, fmt.Errorf("PostGIS is not installed for PostgreSQL %d: install postgresql-%d-postgis-3 (make demo does), "+
			"or set DATABASE_URL", all[0].major, all[0].major)
	}
	if err != nil {
		return programs{}, err
	}
	for _, p := range all {
		if p.major == wanted {
			return p, nil
		}
	}
	return programs{}, otherMajor(pgdata, wanted, all)
}

func otherMajor(pgdata string, wanted int, all []programs) error {
	have := make([]string, len(all))
	for i, p := range all {
		have[i] = strconv.Itoa(p.major)
	}
	return fmt.Errorf("the files in %s were made by PostgreSQL %d, and installed is %s, which cannot open them: "+
		"install postgresql-%d and postgresql-%d-postgis-3; or, where that version is still at hand, dump its database with "+
		"pg_dump and load that into a new --data-dir. Nothing was changed",
		pgdata, wanted, strings.Join(have, ", "), wanted, wanted)
}

// versionOf reads the major version of a data directory; fs.ErrNotExist where there is none yet.
func versionOf(pgdata string) (int, error) {
	path := filepath.Join(pgdata, "PG_VERSION")
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s holds %q instead of a version: the data directory is damaged; restore a backup into a new one", path, text)
	}
	return major, nil
}
