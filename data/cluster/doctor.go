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
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/migrations"
)

// Finding is one thing that Diagnose looked at.
type Finding struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`         // what was found
	Mend   string `json:"mend,omitempty"` // what to do about it; empty where OK
}

func good(name, detail string) Finding { return Finding{Name: name, OK: true, Detail: detail} }

func bad(name, detail, mend string) Finding { return Finding{Name: name, Detail: detail, Mend: mend} }

// Diagnose looks at all that Qiantu needs of this machine and of its database: the private cluster in dir (empty:
// DefaultDir), or the server of databaseURL where that is given. It changes nothing and starts nothing.
func Diagnose(ctx context.Context, dir, databaseURL string) []Finding {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var findings []Finding
	if databaseURL == "" {
		findings = diagnosePrivate(ctx, dir)
	} else {
		findings = diagnoseServer(ctx, databaseURL)
	}
	return append(findings,
		diagnoseTool(ctx, "GDAL", "ogr2ogr", "gdal-bin", "vector files cannot be read or written"),
		diagnoseTool(ctx, "osmium", "osmium", "osmium-tool", "OpenStreetMap files cannot be read"),
		diagnoseFonts(ctx))
}

func diagnosePrivate(ctx context.Context, dir string) []Finding {
	findings := diagnosePrograms(ctx)
	dir, err := resolveDir(dir)
	if err != nil {
		return append(findings, bad("data directory", err.Error(), "set QIANTU_DATA_DIR or pass --data-dir"))
	}
	findings = append(findings, diagnoseDir(ctx, dir)...)
	dsn, running := Find(ctx, dir)
	if !running {
		if locked(dir) {
			return append(findings, bad("server", holder(dir)+" holds the data directory, but its server does not answer",
				"look at what that process says, or stop it"))
		}
		return append(findings, good("server", "not running; it starts with serve, demo, or any command that needs it"))
	}
	return append(findings, diagnoseServer(ctx, dsn)...)
}

func diagnosePrograms(ctx context.Context) []Finding {
	all := installed(ctx)
	if len(all) == 0 {
		return []Finding{bad("PostgreSQL", "no server programs found", errNoPrograms.Error())}
	}
	findings := make([]Finding, 0, 2)
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = fmt.Sprintf("%d in %s", p.major, p.bin)
	}
	findings = append(findings, good("PostgreSQL", strings.Join(names, ", ")))
	if i := slices.IndexFunc(all, func(p programs) bool { return p.postgis(ctx) }); i >= 0 {
		return append(findings, good("PostGIS", fmt.Sprintf("installed for PostgreSQL %d", all[i].major)))
	}
	return append(findings, bad("PostGIS", fmt.Sprintf("not installed for PostgreSQL %d", all[0].major),
		fmt.Sprintf("install postgresql-%d-postgis-3", all[0].major)))
}

// diagnoseDir looks at the data directory as a start would, without making anything.
func diagnoseDir(ctx context.Context, dir string) []Finding {
	pgdata := pgdataOf(dir)
	there := nearest(dir)
	findings := []Finding{diagnoseSpace(there), diagnoseSocket(dir, pgdata)}
	who, err := serverUser(pgdata)
	if err == nil {
		err = who.reach(there)
	}
	if err != nil {
		return append(findings, bad("data directory", err.Error(), "see the detail"))
	}
	major, err := versionOf(pgdata)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if syscall.Access(there, 2) != nil { // W_OK
			return append(findings, bad("data directory", there+" is not writable", "choose another --data-dir, or run as its owner"))
		}
		return append(findings, good("data directory", dir+" holds no cluster yet; the first start makes it"))
	case err != nil:
		return append(findings, bad("data directory", err.Error(), "see the detail"))
	}
	with, err := choose(ctx, pgdata)
	if err != nil {
		return append(findings, bad("data directory", err.Error(), "see the detail"))
	}
	if info, err := os.Stat(pgdata); err == nil && info.Mode().Perm()&0o077 != 0 {
		findings = append(findings, bad("data directory", fmt.Sprintf("%s has mode %#o", pgdata, info.Mode().Perm()), "chmod 700 "+pgdata))
	} else {
		findings = append(findings, good("data directory", fmt.Sprintf("%s, PostgreSQL %d, of user %s", dir, major, who.name)))
	}
	return append(findings, diagnoseChecksums(ctx, with, pgdata))
}

// nearest is the lowest folder on the way to dir that exists.
func nearest(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func diagnoseChecksums(ctx context.Context, with programs, pgdata string) Finding {
	const name = "data checksums"
	out, err := exec.CommandContext(ctx, with.path("pg_controldata"), "-D", pgdata).CombinedOutput()
	if err != nil {
		return bad(name, strings.TrimSpace(string(out)), "see what the server says when it starts; restore a backup if the files are damaged")
	}
	_, after, _ := strings.Cut(string(out), "Data page checksum version:")
	if line, _, _ := strings.Cut(after, "\n"); strings.TrimSpace(line) == "0" {
		return bad(name, "off: damage by the disk goes unseen", "stop Qiantu and run pg_checksums --enable -D "+pgdata)
	}
	return good(name, "on")
}

func diagnoseSpace(path string) Finding {
	const name = "disk space"
	var disk syscall.Statfs_t
	if err := syscall.Statfs(path, &disk); err != nil {
		return bad(name, err.Error(), "see the detail")
	}
	free := disk.Bavail * uint64(disk.Bsize)
	detail := fmt.Sprintf("%.1f GiB free at %s", float64(free)/gib, path)
	if free < gib {
		return bad(name, detail, "make room: the server stops when the disk is full; a county takes a few hundred MB")
	}
	return good(name, detail)
}

func diagnoseSocket(dir, pgdata string) Finding {
	const name = "socket"
	path := socketPath(dir)
	if len(path) > maxSocketPath {
		return bad(name, fmt.Sprintf("%s has %d bytes, %d are possible", path, len(path), maxSocketPath), "report this")
	}
	owner, found, err := ownerOf(filepath.Dir(path))
	who, errWho := serverUser(pgdata)
	if err != nil || errWho != nil || (found && owner.uid != who.uid) {
		return bad(name, fmt.Sprintf("%s belongs to user %s", filepath.Dir(path), owner.name),
			"run as root or as that user; remove it only where no server of theirs runs")
	}
	return good(name, path)
}

// diagnoseServer looks at a server that runs.
func diagnoseServer(ctx context.Context, dsn string) []Finding {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return []Finding{bad("server", err.Error(), "check DATABASE_URL, and that the server runs and lets this machine in")}
	}
	defer conn.Close(ctx)
	var version string
	if err := conn.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return []Finding{bad("server", err.Error(), "check the server's log")}
	}
	findings := []Finding{good("server", "PostgreSQL "+version)}
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		findings = append(findings, diagnoseSetting(ctx, conn, setting,
			"off: what is acknowledged can be lost when the machine fails", "set "+setting+" = on on the server"))
	}
	findings = append(findings, diagnoseSetting(ctx, conn, "data_checksums",
		"off: damage by the disk goes unseen", "stop the server and run pg_checksums --enable"))
	return append(findings, diagnosePostGIS(ctx, conn), diagnoseSchema(ctx, conn))
}

func diagnoseSetting(ctx context.Context, conn *pgx.Conn, setting, danger, mend string) Finding {
	var value string
	if err := conn.QueryRow(ctx, "SHOW "+setting).Scan(&value); err != nil {
		return bad(setting, err.Error(), "check the server's log")
	}
	if value == "off" {
		return bad(setting, danger, mend)
	}
	return good(setting, value)
}

func diagnosePostGIS(ctx context.Context, conn *pgx.Conn) Finding {
	const name = "PostGIS in the database"
	var version string
	err := conn.QueryRow(ctx, "SELECT extversion FROM pg_extension WHERE extname = 'postgis'").Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		return bad(name, "not created", "run qiantu migrate, or as a superuser CREATE EXTENSION postgis")
	}
	if err != nil {
		return bad(name, err.Error(), "check the server's log")
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil || major < 3 || (major == 3 && minor < 3) {
		return bad(name, version, "Qiantu needs PostGIS 3.3 or later: upgrade the package, then ALTER EXTENSION postgis UPDATE")
	}
	return good(name, version)
}

func diagnoseSchema(ctx context.Context, conn *pgx.Conn) Finding {
	const name = "schema"
	version, err := migrations.Current(ctx, conn)
	latest := migrations.Latest()
	detail := fmt.Sprintf("version %d, this program knows %d", version, latest)
	switch {
	case err != nil:
		return bad(name, err.Error(), "check the rights of the role")
	case version > latest:
		return bad(name, detail, "run a newer program")
	case version < latest:
		return bad(name, detail, "run qiantu migrate")
	}
	return good(name, detail)
}

func diagnoseTool(ctx context.Context, name, program, pkg, without string) Finding {
	path, err := exec.LookPath(program)
	if err != nil {
		return bad(name, program+" is not installed: "+without, "install "+pkg)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return bad(name, fmt.Sprintf("%s --version: %v", path, err), "reinstall "+pkg)
	}
	version, _, _ := strings.Cut(string(out), "\n")
	return good(name, version)
}

// diagnoseFonts: without a Chinese font the map and the printed report show boxes.
func diagnoseFonts(ctx context.Context) Finding {
	const name = "Chinese fonts"
	out, err := exec.CommandContext(ctx, "fc-list", ":lang=zh-cn", "family").Output()
	fonts := strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
	if err != nil || len(fonts) == 0 {
		// A server without a screen needs none, so this is no fault of the set-up.
		return good(name, "none found; a browser on this machine would show boxes: install fonts-noto-cjk")
	}
	slices.Sort(fonts)
	return good(name, fmt.Sprintf("%d, such as %s", len(fonts), fonts[0]))
}
