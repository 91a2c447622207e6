package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// trip is what `qiantu route` was asked.
type trip struct {
	network, from, to string
	metric            route.Metric
	season            string
	rules             planner.Rules // speeds and terrain
	nearest           int           // 0: all
	snapMax           float64
	read              ingest.Request // Encoding and CRS of the point files
	json              bool
	out               string
}

func runRoute(ctx context.Context, env environment, args []string) error {
	t, err := parseTrip(env, args)
	if err != nil {
		return err
	}
	from, err := t.points(ctx, env, t.from)
	if err != nil {
		return err
	}
	to, err := t.points(ctx, env, t.to)
	if err != nil {
		return err
	}
	net, err := readNetwork(ctx, env, t)
	if err != nil {
		return err
	}
	net.keeper = route.NewKeeper("", 1, nil) // a matrix that is big enough goes on through a hierarchy when one is ready, as in the service
	defer net.keeper.Close()
	f, s := t.place(env, net, from, t.from), t.place(env, net, to, t.to)
	return writeTo(env, t.out, func(w io.Writer) error {
		rows := newRouteRows(w, f.points, s.points, t.json)
		bar := newBar(env.stderr, "routing")
		defer bar.end()
		answer := allPairs
		if t.nearest > 0 {
			answer = t.nearestPairs
		}
		if err := answer(ctx, net, f, s, rows, bar.set); err != nil {
			return err
		}
		return rows.end()
	})
}

func parseTrip(env environment, args []string) (*trip, error) {
	t := &trip{}
	set := flags(env, "route")
	set.StringVar(&t.network, "network", "", "OpenStreetMap file: .osm.pbf, .osm or .osm.xml")
	set.StringVar(&t.from, "from", "", "points with id, lon and lat")
	set.StringVar(&t.to, "to", "", "points with id, lon and lat")
	metric := set.String("metric", "m", "what is minimised: m or s")
	set.StringVar(&t.season, "season", route.Dry, "dry or wet")
	speeds := set.String("speeds", "", "table of speeds, CSV; default: that of docs/osm.md")
	set.StringVar(&t.rules.Terrain, "terrain", "", "plain, hill or mountain; default: no factor")
	nearest := set.Int("nearest", 1, "nearest: so many of each point")
	set.Float64Var(&t.snapMax, "snap-max", 2000, "metres; points farther from any road reach nothing")
	set.StringVar(&t.read.Encoding, "encoding", "", "character set of the point files; default: found")
	set.StringVar(&t.read.CRS, "crs", "", "EPSG:4326, EPSG:4490, gcj02 or bd09; default: degrees of WGS 84")
	set.BoolVar(&t.json, "json", false, "for machines")
	set.StringVar(&t.out, "out", "", "file to write")
	words, err := parse(set, args)
	if err != nil {
		return nil, err
	}
	if len(words) != 1 || words[0] != "matrix" && words[0] != "nearest" {
		return nil, usagef("say matrix or nearest")
	}
	if t.network == "" || t.from == "" || t.to == "" {
		return nil, usagef("give --network, --from and --to")
	}
	if !(t.snapMax >= 0 && t.snapMax <= math.MaxFloat32) || *nearest < 1 {
		return nil, usagef("--snap-max is metres, 0 or more, and --nearest 1 or more")
	}
	if words[0] == "nearest" {
		t.nearest = *nearest
	}
	if *metric == "s" {
		t.metric = route.ByTime
	}
	for _, err := range []error{oneOf("terrain", t.rules.Terrain, terrains()...), oneOf("metric", *metric, "m", "s"), oneOf("season", t.season, route.Dry, route.Wet), knownCRS(t.read.CRS)} {
		if err != nil {
			return nil, err
		}
	}
	if t.rules.Speeds, err = readSpeeds(*speeds); err != nil {
		return nil, err
	}
	return t, nil
}

// readSpeeds reads a table of speeds; without a file the defaults stand.
func readSpeeds(file string) (route.SpeedTable, error) {
	if file == "" {
		return route.SpeedTable{}, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return route.SpeedTable{}, err
	}
	defer f.Close()
	table, err := route.ParseSpeeds(f)
	if err != nil {
		return table, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	return table, nil
}

// knownCRS checks what coordinates may be in where no database can project them.
func knownCRS(name string) error {
	switch strings.ToLower(name) {
	case "", "epsg:4326", "epsg:4490", "gcj02", "bd09":
		return nil
	}
	return usagef("--crs %q is none of EPSG:4326, EPSG:4490, gcj02, bd09; project the file first, as with ogr2ogr -t_srs EPSG:4326", name)
}

// points reads a point file; what is wrong with it is said row by row.
func (t *trip) points(ctx context.Context, env environment, file string) ([]ingest.Point, error) {
	req := t.read
	req.File = file
	points, result, err := ingest.ReadPoints(ctx, req)
	if err != nil {
		return nil, err
	}
	return points, sayFindings(env, result)
}

// sayFindings prints what was found in a file; an error among it ends the work.
func sayFindings(env environment, result *ingest.Result) error {
	for _, f := range result.Findings {
		fmt.Fprintln(env.stderr, f)
	}
	if result.Failed() {
		return errReported
	}
	return nil
}

// network is a graph, its edges that can be driven, and what is minimised on it.
type network struct {
	*route.Graph
	open   *route.Filter
	metric route.Metric
	keeper *route.Keeper // nil: matrices are made by plain sweeps
}

// matrixOptions are those of every matrix of the network.
func (n *network) matrixOptions() route.MatrixOptions {
	return route.MatrixOptions{Metric: n.metric, Filter: n.open, Keeper: n.keeper}
}

// readNetwork reads the roads of an OpenStreetMap file as they can be driven in a season.
func readNetwork(ctx context.Context, env environment, t *trip) (*network, error) {
	x, err := osm.Read(ctx, t.network)
	if err != nil {
		return nil, err
	}
	_, segments, none := planner.RoadsOfOSM(x.Roads)
	saySkipped(env, t.network, append(x.Skipped, none...))
	g, open := planner.DriveNetwork(segments, &t.rules, t.season)
	if !driven(g, open) {
		fmt.Fprintf(env.stderr, "%s: there is no road in it that can be driven in the %s season; nothing is reached\n", filepath.Base(t.network), t.season)
	}
	return &network{Graph: g, open: open, metric: t.metric}, nil
}

func driven(g *route.Graph, open *route.Filter) bool {
	for e := range int32(g.Edges()) {
		if open.Allows(e) {
			return true
		}
	}
	return false
}

// saySkipped names the first objects of a file that are no part of the network.
func saySkipped(env environment, file string, skipped []osm.Skip) {
	const named = 3
	for i, s := range skipped {
		if i == named {
			fmt.Fprintf(env.stderr, "%s: %d more objects were left out\n", filepath.Base(file), len(skipped)-named)
			return
		}
		if s.Kind == "way" {
			fmt.Fprintf(env.stderr, "%s: way %d was left out: %s\n", filepath.Base(file), s.ID, s.Reason)
		}
	}
}

// placed are points with their places on the network.
type placed struct {
	points []ingest.Point
	at     []int // by place in snaps: which point
	snaps  []route.Snap
}

// place finds the nearest road of every point, and says who has none.
func (t *trip) place(env environment, net *network, points []ingest.Point, file string) *placed {
	p := &placed{points: points}
	bar := newBar(env.stderr, "finding the nearest roads")
	var far []string
	for i := range points {
		if s, ok := net.Snap(points[i].At, t.snapMax, net.open); ok {
			p.at, p.snaps = append(p.at, i), append(p.snaps, s)
		} else {
			far = append(far, points[i].ID)
		}
		bar.set(i, len(points))
	}
	bar.end()
	if len(far) > 0 {
		more := ""
		if len(far) > 5 {
			more = ", ..."
		}
		fmt.Fprintf(env.stderr, "%s: %d of %d points are farther than %s m from any road that can be driven and reach nothing: %s%s\n", filepath.Base(file), len(far), len(points),
			strconv.FormatFloat(t.snapMax, 'f', -1, 64), strings.Join(far[:min(len(far), 5)], ", "), more)
	}
	return p
}

// terrains lists the words of --terrain.
func terrains() []string {
	return append([]string{""}, slices.Sorted(maps.Keys(route.Terrains()))...)
}
