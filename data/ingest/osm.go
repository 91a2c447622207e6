package ingest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/planner"
)

// osmAttribution is shown wherever the data is, as its licence asks.
const osmAttribution = osm.Attribution + " (ODbL)"

// ImportOSM brings the roads and places of an OpenStreetMap file into one
// county, osm:<file stem> unless Request.Region says another; it is created if
// absent. Every way with a highway value becomes a road with one version and
// one segment; town, village and hamlet nodes become villages that nobody has
// surveyed. A county that already holds rows is refused. Layer, CRS, Encoding
// and Map are not looked at.
func ImportOSM(ctx context.Context, store *data.Store, req Request) (*Result, error) {
	for program, pack := range map[string]string{"osmium": "osmium-tool", "prlimit": "util-linux"} { // no fault of the file
		if _, err := exec.LookPath(program); err != nil {
			return nil, fmt.Errorf("%s is not installed: apt-get install %s, or run qiantu doctor", program, pack)
		}
	}
	fs := newFindings(filepath.Base(req.File))
	county := req.Region
	if county == "" {
		county = osmCode(req.File)
	}
	held, err := heldCounty(ctx, store, county)
	if err != nil {
		return nil, err
	}
	if held != nil && slices.ContainsFunc([]string{"village", "road", "water_project", "relocation_site"}, func(l string) bool { return held.Counts[l] > 0 }) {
		fs.add("region_taken", 0, "region", county)
		return osmResult(fs, county, nil, nil), nil
	}
	x, err := osm.Read(ctx, req.File)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		fs.add("file_unreadable", 0, "", "", err)
		return osmResult(fs, county, nil, nil), nil
	}
	if req.Progress != nil {
		req.Progress(0, len(x.Roads)+len(x.Places))
	}
	load := osmLoad(x, req, county, fs)
	if held != nil {
		load.Regions = nil
	}
	out := osmResult(fs, county, x, load)
	if req.DryRun {
		return out, nil
	}
	if _, err := store.Store(ctx, load); err != nil {
		code := map[planner.Code]string{planner.Conflict: "region_taken", planner.Invalid: "store_refused"}[planner.CodeOf(err)]
		if code == "" {
			return nil, fmt.Errorf("importing %s: %w", filepath.Base(req.File), err)
		}
		fs.add(code, 0, "region", county, err)
		return osmResult(fs, county, x, nil), nil
	}
	out.Stored = true
	if req.Progress != nil {
		req.Progress(len(x.Roads)+len(x.Places), len(x.Roads)+len(x.Places))
	}
	return out, nil
}

// heldCounty finds the county among those stored; nil: absent.
func heldCounty(ctx context.Context, store *data.Store, code string) (*planner.County, error) {
	counties, err := store.Counties(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for county %s: %w", code, err)
	}
	for i := range counties {
		if counties[i].Code == code {
			return &counties[i], nil
		}
	}
	return nil, nil
}

var (
	osmEnding  = regexp.MustCompile(`(?i)(\.osm)?(\.pbf|\.xml|\.bz2|\.gz)?$`)
	notInCode  = regexp.MustCompile(`[^0-9A-Za-z:._-]+`)
	dateEnding = regexp.MustCompile(`(?i)[-_.](latest|\d{4}([-_.]\d\d){0,2}|\d{6,8})$`)
)

// maxCode is the longest region code the store takes.
const maxCode = 80

// stem is the file's name without folder and kind.
func stem(file string) string {
	base := filepath.Base(file)
	return base[:len(base)-len(osmEnding.FindString(base))]
}

// OSMRegion is the region that an OpenStreetMap file becomes when none is said:
// its code and its name, made of the name of the file.
func OSMRegion(file string) (code, name string) { return osmCode(file), osmName(file) }

// osmCode makes a region code of the file's name: osm:andorra-2025-01-19.
func osmCode(file string) string {
	code := "osm:" + strings.Trim(notInCode.ReplaceAllString(stem(file), "-"), "-")
	return code[:min(len(code), maxCode)]
}

// osmName makes a name of it: Andorra.
func osmName(file string) string {
	name := strings.ReplaceAll(dateEnding.ReplaceAllString(stem(file), ""), "_", " ")
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return "OpenStreetMap"
	}
	return string(unicode.ToUpper(first)) + name[size:]
}

// osmLoad makes rows of the extract.
func osmLoad(x *osm.Extract, req Request, county string, fs *findings) *data.Load {
	var day planner.Date
	if !x.Timestamp.IsZero() {
		day = planner.DateOf(x.Timestamp)
	}
	load := &data.Load{
		County: county, Source: osmAttribution,
		Regions: []planner.Region{{Code: county, Level: planner.LevelCounty, Name: osmName(req.File), DataDate: day, Source: osmAttribution}},
	}
	var none []osm.Skip
	load.Roads, load.Segments, none = planner.RoadsOfOSM(x.Roads)
	load.Villages = planner.VillagesOfOSM(x.Places)
	for _, s := range slices.Concat(x.Skipped, none) {
		fs.add("osm_skipped", 0, s.Kind, strconv.FormatInt(s.ID, 10), s.Reason)
	}
	return load
}

// osmResult counts what was read and kept; a nil load kept nothing.
func osmResult(fs *findings, county string, x *osm.Extract, load *data.Load) *Result {
	road, village := LayerCount{Layer: "road"}, LayerCount{Layer: "village"}
	if x != nil {
		road.Read, village.Read = len(x.Roads), len(x.Places)
		for _, s := range x.Skipped {
			if s.Kind == "way" {
				road.Read++
			} else {
				village.Read++
			}
		}
	}
	if load != nil {
		road.Accepted, village.Accepted = len(load.Roads), len(load.Villages)
	}
	road.Rejected, village.Rejected = road.Read-road.Accepted, village.Read-village.Accepted
	return &Result{Layers: []LayerCount{road, village}, Findings: fs.done(), Region: county, errors: fs.errors}
}
