package main

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/planner"
)

// runExport writes what is stored to a file: the map on a sheet of paper, a report, or the rows of a layer.
func runExport(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 {
		return usagef("name what to export: map, report, or a layer: %s", strings.Join(ingest.ExportLayers(), " "))
	}
	switch args[0] {
	case "map":
		return exportMap(ctx, env, args[1:])
	case "report":
		return runReport(ctx, env, args[1:])
	case "help", "-h", "--help":
		flags(env, "export").Usage()
		return nil
	}
	return exportLayer(ctx, env, args)
}

// exportLayer writes the rows of a layer so that import reads them again.
func exportLayer(ctx context.Context, env environment, args []string) error {
	set := flags(env, "export")
	c := storeFlags(set, env)
	region := set.String("region", "", "code of the county")
	req := ingest.ExportRequest{}
	set.StringVar(&req.Format, "format", "geojson", "geojson, gpkg, shp, csv or xlsx")
	set.StringVar(&req.Encoding, "encoding", "utf-8", "utf-8 or gbk, of csv and shp")
	asOf := set.String("as-of", "", "day, YYYY-MM-DD; default: the region's data date")
	knownAt := set.String("known-at", "", "instant, RFC 3339; default: now")
	out := set.String("out", "", "file to write")
	words, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(words) != 1 || !slices.Contains(ingest.ExportLayers(), words[0]) {
		return usagef("name one of map, report, %s", strings.Join(ingest.ExportLayers(), ", "))
	}
	req.Layer = words[0]
	formatOf(set, *out, &req.Format, ingest.ExportFormats...)
	if req.Format == "shp" && !strings.EqualFold(filepath.Ext(*out), ".zip") && *out != "" {
		return usagef("a Shapefile is several files and comes as one zip: --format shp --out NAME.zip")
	}
	if err := oneOf("format", req.Format, ingest.ExportFormats...); err != nil {
		return err
	}
	if err := oneOf("encoding", strings.ToLower(req.Encoding), "utf-8", "gbk"); err != nil {
		return err
	}
	if *region == "" {
		return usagef("--region is missing")
	}
	query, err := snapshotQuery(*region, *asOf, *knownAt)
	if err != nil {
		return err
	}
	a, err := c.assess(ctx, env, query, supposition{})
	if err != nil {
		return err
	}
	err = writeTo(env, *out, func(w io.Writer) error { return ingest.Export(ctx, w, a, req) })
	if planner.CodeOf(err) == planner.Invalid {
		return usagef("%v", err)
	}
	return err
}
