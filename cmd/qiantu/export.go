package main

import (
	"context"
)

// runExport writes what is stored to a file: the map on a sheet of paper, a report, or the rows of a layer.
func runExport(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 {
		return usagef("name what to export: map, report or a layer")
	}
	switch args[0] {
	case "map":
		return exportMap(ctx, env, args[1:])
	}
	return usagef("there is no %q to export", args[0])
}
