package ingest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/raster"
	"github.com/qiantu/qiantu/planner"
)

// Land lies between these heights in metres, with the Dead Sea and Everest in
// between; a grid with others is no terrain model in metres.
const (
	lowestLand  = -500
	highestLand = 9000
)

// demMargin is how far around a county its land is kept, in degrees: the halo of
// neighbours' roads and the way that walks leave it by.
const demMargin = 0.12

// ImportDEM brings the heights of a GeoTIFF into a county, which must be there;
// another model takes the place of the first. Only what lies around the county
// is kept. Layer, CRS, Encoding, Map and Partial are not looked at. A read cell
// is one in that part, an accepted one has a height.
func ImportDEM(ctx context.Context, store *data.Store, req Request) (*Result, error) {
	if _, err := exec.LookPath("gdal_translate"); err != nil { // no fault of the file
		return nil, errNoGDAL
	}
	fs := newFindings(filepath.Base(req.File))
	county, err := demCounty(ctx, store, req.Region)
	if err != nil {
		return nil, err
	}
	area, err := store.TerrainArea(ctx, county)
	if err != nil {
		return nil, err
	}
	grid, err := readLand(ctx, fs, req.File, area)
	if err != nil {
		return nil, err
	}
	out := demResult(fs, county, grid)
	if req.DryRun || fs.errors > 0 {
		return out, nil
	}
	if err := store.StoreTerrain(ctx, county, grid, filepath.Base(req.File), req.actor()); err != nil {
		return nil, fmt.Errorf("importing %s: %w", filepath.Base(req.File), err)
	}
	out.Stored = true
	return out, nil
}

// ReadDEM reads the heights of a GeoTIFF around an area (empty: all of it), with
// what speaks against them; nil where they cannot be read. Nothing is stored.
func ReadDEM(ctx context.Context, file string, area orb.Bound) (*raster.Grid, *Result, error) {
	if _, err := exec.LookPath("gdal_translate"); err != nil {
		return nil, nil, errNoGDAL
	}
	fs := newFindings(filepath.Base(file))
	grid, err := readLand(ctx, fs, file, area)
	if err != nil {
		return nil, nil, err
	}
	return grid, demResult(fs, "", grid), nil
}

// readLand reads the heights around an area; nil where the file has none, which
// is then a finding.
func readLand(ctx context.Context, fs *findings, file string, area orb.Bound) (*raster.Grid, error) {
	clip := orb.Bound{Min: orb.Point{1, 1}}
	if !area.IsEmpty() {
		clip = area.Pad(demMargin)
	}
	grid, err := readRaster(ctx, file, RasterHeights, clip)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		fs.add("file_unreadable", 0, "", "", err)
		return nil, nil
	}
	checkLand(fs, grid, area)
	return grid, nil
}

// demCounty is the county asked for, or the only one there is.
func demCounty(ctx context.Context, store *data.Store, asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	counties, err := store.Counties(ctx)
	if err != nil {
		return "", err
	}
	if len(counties) != 1 {
		return "", planner.Errorf(planner.Invalid, "there are %d counties; say which one with --region CODE", len(counties))
	}
	return counties[0].Code, nil
}

// checkLand says what speaks against a grid as the land of a county.
func checkLand(fs *findings, grid *raster.Grid, area orb.Bound) {
	known, least, greatest := grid.Known()
	switch b := grid.Bound(); {
	case known == 0:
		fs.add("dem_empty", 0, "", "")
	case least < lowestLand || greatest > highestLand:
		fs.add("dem_heights", 0, "", fmt.Sprintf("%.0f .. %.0f", least, greatest))
	case !area.IsEmpty() && !(b.Contains(area.Min) && b.Contains(area.Max)):
		fs.add("dem_covers", 0, "", "")
	}
	if dx, dy := grid.CellSize(); max(dx, dy) > 0.005 {
		fs.add("dem_coarse", 0, "", fmt.Sprintf("%.4f", max(dx, dy)))
	}
}

// demResult counts the cells; nil: none were read.
func demResult(fs *findings, county string, grid *raster.Grid) *Result {
	count := LayerCount{Layer: "dem"}
	if grid != nil {
		cols, rows := grid.Size()
		known, _, _ := grid.Known()
		count.Read, count.Accepted, count.Rejected = cols*rows, known, cols*rows-known
	}
	return &Result{Layers: []LayerCount{count}, Findings: fs.done(), Region: county, errors: fs.errors}
}
