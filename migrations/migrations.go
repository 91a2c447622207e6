// Package migrations shapes the database: numbered SQL files, forward only, each in one transaction.
//
// A file is named 001_region.sql, 002_..., without gaps, and its first line is a comment saying why it exists.
// A published file is never edited; a mistake is mended by the next number. Files are plain SQL: they are handed to the
// server as they stand, without templates and without a "down" half.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/tern/v2/migrate"
)

//go:embed *.sql
var files embed.FS

// versionTable lies in schema public, since it must exist before the first file creates schema qiantu.
const versionTable = "public.qiantu_schema_version"

// downMark begins a "down" half in tern's own file format. We hand tern plain SQL, so a file with the mark would run its
// down half as part of the way up: it is refused instead.
const downMark = "---- create above / drop below ----"

// ErrNewer says that the database was shaped by a newer program than this one.
var ErrNewer = errors.New("the database is newer than this program")

// Apply brings the database of conn to Latest. On a database that is already there it changes nothing. Programs that start
// at the same moment wait for each other on an advisory lock, so exactly one of them runs each file. A database that a
// newer program has shaped is refused with ErrNewer and left alone.
func Apply(ctx context.Context, conn *pgx.Conn) error {
	return apply(ctx, conn, files)
}

// Latest is the number of the last migration in this program.
func Latest() int32 {
	paths, err := migrate.FindMigrations(files)
	if err != nil {
		panic("migrations: " + err.Error()) // the files are compiled in; a test holds their numbering
	}
	return int32(len(paths))
}

// Digest changes when any migration changes; it is 64 hexadecimal digits.
func Digest() string {
	paths, err := migrate.FindMigrations(files)
	if err != nil {
		panic("migrations: " + err.Error()) // as in Latest
	}
	hash := sha256.New()
	for _, path := range paths {
		body, _ := files.ReadFile(path) // compiled in
		fmt.Fprintf(hash, "%s %d\n%s", path, len(body), body)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Current is the number of the last migration applied to the database of conn; 0 where none ever was. It changes nothing.
func Current(ctx context.Context, conn *pgx.Conn) (int32, error) {
	var version int32
	err := conn.QueryRow(ctx, "SELECT version FROM "+versionTable).Scan(&version)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == "42P01" { // undefined_table
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("migrations: reading the schema version: %w", err)
	}
	return version, nil
}

func apply(ctx context.Context, conn *pgx.Conn, fsys fs.FS) error {
	if err := extend(ctx, conn); err != nil {
		return err
	}
	migrator, err := migrate.NewMigrator(ctx, conn, versionTable)
	if err != nil {
		return fmt.Errorf("migrations: preparing %s: %w", versionTable, err)
	}
	if err := load(migrator, fsys); err != nil {
		return err
	}
	version, err := migrator.GetCurrentVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrations: reading the schema version: %w", err)
	}
	if latest := len(migrator.Migrations); int(version) > latest {
		return fmt.Errorf("migrations: the database has schema version %d, this program knows up to %d: "+
			"run a newer program, or restore a backup made before the upgrade: %w", version, latest, ErrNewer)
	}
	if err := migrator.Migrate(ctx); err != nil {
		return fmt.Errorf("migrations: %w", explain(err))
	}
	return nil
}

// extend creates the extensions that the files build on. The lock lets programs that start together wait for each other: IF
// NOT EXISTS alone does not.
func extend(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SET client_min_messages = warning;
		SELECT pg_advisory_xact_lock(hashtext('qiantu: extensions'));
		CREATE EXTENSION IF NOT EXISTS postgis;
		CREATE EXTENSION IF NOT EXISTS btree_gist;
		RESET client_min_messages`)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == "42501" { // insufficient_privilege
		return fmt.Errorf("migrations: the role may not create extensions: let a superuser run "+
			"CREATE EXTENSION postgis; CREATE EXTENSION btree_gist; in this database: %w", err)
	}
	if err != nil {
		return fmt.Errorf("migrations: creating the extensions (is PostGIS installed on the server?): %w", err)
	}
	return nil
}

// load appends the files one by one. tern's own loader would run text/template over them, where a brace in a comment or a
// string is a surprise.
func load(migrator *migrate.Migrator, fsys fs.FS) error {
	paths, err := migrate.FindMigrations(fsys)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if len(paths) == 0 {
		return errors.New("migrations: no files are compiled in")
	}
	for _, path := range paths {
		body, err := fs.ReadFile(fsys, path)
		if err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		if strings.Contains(string(body), downMark) {
			return fmt.Errorf("migrations: %s has a down half; migrations go forward only", path)
		}
		migrator.AppendMigration(path, string(body), "")
	}
	return nil
}

// explain adds to a server error the file, the line the server stumbled over, and its hint.
func explain(err error) error {
	var pgErr migrate.MigrationPgError
	if !errors.As(err, &pgErr) || pgErr.PgError == nil {
		return err
	}
	line := ""
	if at := int(pgErr.Position) - 1; at >= 0 {
		runes := []rune(pgErr.Sql)
		line = fmt.Sprintf(" line %d", 1+strings.Count(string(runes[:min(at, len(runes))]), "\n"))
	}
	detail := strings.TrimSpace(pgErr.Detail + " " + pgErr.Hint)
	if detail != "" {
		detail = " (" + detail + ")"
	}
	return fmt.Errorf("%s%s: %w%s", pgErr.MigrationName, line, pgErr.PgError, detail)
}
