package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/qiantu/qiantu/data/ingest"
)

func runImport(ctx context.Context, env environment, args []string) (err error) {
	set := flags(env, "import")
	c := storeFlags(set, env)
	req := ingest.Request{}
	set.StringVar(&req.Region, "region", "", "county the rows belong to")
	set.StringVar(&req.CRS, "crs", "", "EPSG:n, gcj02 or bd09; default: what the file says")
	set.StringVar(&req.Encoding, "encoding", "", "character set of the attributes; default: found")
	columns := set.String("map", "", "field=column,...")
	set.BoolVar(&req.Partial, "partial", false, "store the good rows even where others have errors")
	set.BoolVar(&req.DryRun, "dry-run", false, "check and report, store nothing")
	asJSON := set.Bool("json", false, "for machines")
	words, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(words) != 2 {
		return usagef("name a layer and a file; layers: osm, dem, %s", strings.Join(ingest.Layers(), ", "))
	}
	req.Layer, req.File = words[0], words[1]
	if err := oneOf("layer", req.Layer, append([]string{"osm", "dem"}, ingest.Layers()...)...); err != nil {
		return usagef("layer %q is none of osm, dem, %s", req.Layer, strings.Join(ingest.Layers(), ", "))
	}
	if req.Map, err = parseMap(*columns); err != nil {
		return err
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	bar := newBar(env.stderr, "importing")
	req.Progress = bar.set
	result, err := importFile(ctx, o, req)
	bar.end()
	if err != nil {
		return err
	}
	return printImport(env, result, *asJSON, req)
}

func importFile(ctx context.Context, o *opened, req ingest.Request) (*ingest.Result, error) {
	switch req.Layer {
	case "osm":
		return ingest.ImportOSM(ctx, o.Store, req)
	case "dem":
		return ingest.ImportDEM(ctx, o.Store, req)
	}
	return ingest.Import(ctx, o.Store, req)
}

// printImport gives the report: JSON for machines; for people the findings on standard error, the counts on standard output.
func printImport(env environment, result *ingest.Result, asJSON bool, req ingest.Request) error {
	if asJSON {
		out := json.NewEncoder(env.stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		if err := out.Encode(result); err != nil {
			return err
		}
	} else {
		for _, f := range result.Findings {
			fmt.Fprintln(env.stderr, f)
		}
		for _, l := range result.Layers {
			fmt.Fprintf(env.stdout, "%-16s read %d, accepted %d, rejected %d\n", l.Layer, l.Read, l.Accepted, l.Rejected)
		}
		fmt.Fprintln(env.stdout, outcome(result, req))
	}
	if result.Failed() {
		return errReported
	}
	return nil
}

func outcome(result *ingest.Result, req ingest.Request) string {
	switch {
	case result.Stored && result.Region != "":
		return "stored in region " + result.Region
	case result.Stored:
		return "stored"
	case req.DryRun:
		return "dry run: nothing was stored"
	case req.Partial:
		return "nothing was stored; no row of it could be"
	default:
		return "nothing was stored; mend what is named, or give --partial to store the good rows"
	}
}

// parseMap reads "field=column,field=column".
func parseMap(list string) (map[string]string, error) {
	if list == "" {
		return nil, nil
	}
	columns := map[string]string{}
	for _, pair := range strings.Split(list, ",") {
		field, column, ok := strings.Cut(pair, "=")
		if !ok || field == "" || column == "" {
			return nil, usagef("--map %q: %q is not field=column", list, pair)
		}
		columns[strings.TrimSpace(field)] = column
	}
	return columns, nil
}
