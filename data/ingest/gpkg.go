package ingest

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// schemaQuery lists what a GeoPackage is made of. It is run by the child.
const schemaQuery = "SELECT type, name, sql FROM sqlite_master WHERE type <> 'index'"

// schemaWall bounds the look at the schema of a GeoPackage, which reads one page.
const schemaWall = 10 * time.Second

// ownTrigger are the triggers that the standard and GDAL themselves put into
// every GeoPackage. They act on writing only, and nothing is written.
var ownTrigger = regexp.MustCompile(`^(rtree_|gpkg_|trigger_(insert|delete)_feature_count_)`)

// onlyPlainTables refuses a GeoPackage with views, virtual tables other than
// R-trees, foreign triggers or generated columns: a view may be a program that
// never ends, and a reader of "tables" would run it.
func onlyPlainTables(ctx context.Context, dir string, fs *findings) error {
	ctx, cancel := context.WithTimeout(ctx, schemaWall)
	defer cancel()
	refused := false
	args := []string{"ogr2ogr", "-f", "CSV", "/vsistdout/", "in.gpkg", "-oo", "LIST_ALL_TABLES=NO", "-sql", schemaQuery}
	err := child(ctx, dir, "GPKG", args, func(r io.Reader) error {
		in := csv.NewReader(r)
		in.FieldsPerRecord = -1
		rows, err := in.ReadAll()
		if err != nil {
			return fmt.Errorf("listing the tables: %w", err)
		}
		for _, row := range rows {
			if len(row) >= 3 && row[0] != "type" {
				if what := notPlain(row[0], row[1], row[2]); what != "" {
					fs.add("not_plain_table", 0, "", row[1], what)
					refused = true
				}
			}
		}
		return nil
	})
	if refused {
		return errRefused
	}
	return err
}

// notPlain says what kind of thing beside a plain table this is; empty: plain.
func notPlain(kind, name, definition string) string {
	sql := strings.ToUpper(strings.Join(strings.Fields(definition), " "))
	switch {
	case kind == "view":
		return "the view"
	case kind == "trigger" && !ownTrigger.MatchString(name):
		return "the trigger"
	case strings.HasPrefix(sql, "CREATE VIRTUAL TABLE") && !strings.Contains(sql, " USING RTREE"):
		return "the virtual table"
	case kind == "table" && strings.Contains(sql, "GENERATED ALWAYS"):
		return "the generated column in"
	}
	return ""
}
