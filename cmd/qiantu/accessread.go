package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/geo/raster"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// gathered is what the files of a study hold.
type gathered struct {
	snapshot   *planner.Snapshot
	inputs     []inputFile
	plannedIDs []planner.ID         // roads of the list of planned ones
	costs      map[planner.ID]int64 // of those that say one
	notes      []string             // what a reader has to know of the inputs
}

// inputFile says exactly what was read.
type inputFile struct {
	Role   string `json:"role"`
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// gather reads the files of a study.
func (s *study) gather(ctx context.Context, env environment) (*gathered, error) {
	x, err := osm.Read(ctx, s.network)
	if err != nil {
		return nil, err
	}
	g := &gathered{snapshot: s.county(x), costs: map[planner.ID]int64{}}
	roads, segments, none := planner.RoadsOfOSM(x.Roads)
	saySkipped(env, s.network, append(x.Skipped, none...))
	g.snapshot.Roads, g.snapshot.Segments = roads, segments
	if len(roads) == 0 {
		g.note("there is no road in %s: nothing is connected", filepath.Base(s.network))
	}
	if err := s.people(ctx, env, g); err != nil {
		return nil, err
	}
	if err := s.plans(ctx, env, g); err != nil {
		return nil, err
	}
	if err := s.land(ctx, env, g); err != nil {
		return nil, err
	}
	for role, file := range map[string]string{"network": s.network, "population": s.population, "planned": s.planned, "dem": s.dem} {
		if err := g.input(role, file); err != nil {
			return nil, err
		}
	}
	for _, f := range g.inputs {
		if f.Role == "dem" {
			g.snapshot.Terrain = planner.Terrain{Source: f.File, Digest: f.SHA256}
		}
	}
	slices.SortFunc(g.inputs, func(a, b inputFile) int { return strings.Compare(a.Role, b.Role) })
	return g, nil
}

func (g *gathered) note(format string, args ...any) {
	g.notes = append(g.notes, fmt.Sprintf(format, args...))
}

// input notes which file was read, by its content.
func (g *gathered) input(role, file string) error {
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return err
	}
	g.inputs = append(g.inputs, inputFile{role, filepath.Base(file), n, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// county is the snapshot before anything is in it; its day is that of the extract.
func (s *study) county(x *osm.Extract) *planner.Snapshot {
	code, name := ingest.OSMRegion(s.network)
	out := &planner.Snapshot{
		Region: planner.Region{Code: code, Name: name, Level: planner.LevelCounty, Source: osm.Attribution},
		Rules:  s.rules,
	}
	if !x.Timestamp.IsZero() {
		out.AsOf = planner.DateOf(x.Timestamp)
	}
	out.Region.DataDate = out.AsOf
	return out
}

// people reads the settlements, from a table or a raster. The network is taken as complete, so a settlement without a road is
// not connected, never unknown for want of a survey.
func (s *study) people(ctx context.Context, env environment, g *gathered) error {
	var rows []ingest.Settlement
	var err error
	switch strings.ToLower(filepath.Ext(s.population)) {
	case ".tif", ".tiff":
		rows, err = s.cells(ctx, g)
	default:
		req := s.read
		req.File = s.population
		var result *ingest.Result
		if rows, result, err = ingest.ReadPopulation(ctx, req); err == nil {
			err = sayFindings(env, result)
		}
	}
	if err != nil {
		return err
	}
	unknown := 0
	for i := range rows {
		r := &rows[i]
		if r.Persons == nil {
			unknown++
		}
		g.snapshot.Villages = append(g.snapshot.Villages, planner.Village{
			ID: planner.ID(i + 1), Code: r.ID, Name: r.Name, Kind: r.Kind, Point: r.At, Hazard: "unknown", Surveyed: true,
			Population: &planner.Population{AsOf: g.snapshot.AsOf, Persons: r.Persons, Households: r.Households, Source: filepath.Base(s.population)},
		})
	}
	if unknown > 0 {
		g.note("%d of %d settlements have no number of persons: they are in every rate as unknown", unknown, len(rows))
	}
	return nil
}

// land reads the heights that walks go over.
func (s *study) land(ctx context.Context, env environment, g *gathered) error {
	if s.dem == "" {
		return nil
	}
	grid, result, err := ingest.ReadDEM(ctx, s.dem, around(g.snapshot.Segments))
	if err != nil {
		return err
	}
	if err := sayFindings(env, result); err != nil {
		return err
	}
	g.snapshot.Heights = grid
	return nil
}

// mostCells is how many inhabited cells of a raster are kept apart; above that, squares of them are one settlement.
const mostCells = 250_000

// cells makes settlements of a raster of persons round the network. Persons are whole: fractions are carried on from cell to
// cell, so that the sum stays.
func (s *study) cells(ctx context.Context, g *gathered) ([]ingest.Settlement, error) {
	grid, err := ingest.ReadRaster(ctx, s.population, ingest.RasterAmounts, around(g.snapshot.Segments))
	if err != nil {
		return nil, err
	}
	square, amounts, below := 1, []raster.Amount(nil), 0
	for amounts, below = grid.Sums(square); len(amounts) > mostCells; amounts, below = grid.Sums(square) {
		square *= 2
	}
	if square > 1 {
		g.note("%d x %d cells of the raster are one settlement: it has more than %d inhabited cells", square, square, mostCells)
	}
	if below > 0 {
		g.note("%d cells of the raster are below zero and left out", below)
	}
	var out []ingest.Settlement
	sum, given := 0.0, int64(0)
	for _, a := range amounts {
		sum += a.Sum
		persons := int64(math.Round(sum)) - given
		if persons <= 0 {
			continue
		}
		given += persons
		id := strconv.FormatFloat(a.At[0], 'f', 5, 64) + " " + strconv.FormatFloat(a.At[1], 'f', 5, 64)
		out = append(out, ingest.Settlement{Point: ingest.Point{ID: id, At: a.At}, Name: id, Persons: &persons})
	}
	return out, nil
}

// around is the box of the network and about 5 km more; empty without roads.
func around(segments []planner.Segment) orb.Bound {
	const margin = 0.05 // degrees
	b := orb.Bound{Min: orb.Point{1, 1}}
	for i := range segments {
		if line := segments[i].Line; b.IsEmpty() {
			b = line.Bound()
		} else {
			b = b.Union(line.Bound())
		}
	}
	if b.IsEmpty() {
		return b
	}
	return b.Pad(margin)
}

// plans adds the planned roads: not built yet, for motors, both ways.
func (s *study) plans(ctx context.Context, env environment, g *gathered) error {
	if s.planned == "" {
		return nil
	}
	req := s.read
	req.File = s.planned
	rows, result, err := ingest.ReadPlanned(ctx, req)
	if err != nil {
		return err
	}
	if err := sayFindings(env, result); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		id := planner.ID(len(g.snapshot.Roads) + 1)
		length := int64(geo.Length(r.Line))
		class := r.Class
		if class == "" {
			class = route.Class4
		}
		g.snapshot.Roads = append(g.snapshot.Roads, planner.Road{ID: id, Code: r.ID, Name: r.Name, Class: class, Version: 1, Length: length, Line: r.Line})
		g.snapshot.Segments = append(g.snapshot.Segments, planner.Segment{
			ID: id, Road: id, Version: 1, Span: chainage.Span{From: 0, To: length}, Class: class, Surface: surfaceOr(r.Surface),
			AllSeason: planner.Unknown, Built: planner.BuiltNone, Direction: planner.Both, Routable: true, Line: r.Line,
		})
		g.plannedIDs = append(g.plannedIDs, id)
		if r.CostFen != nil {
			g.costs[id] = *r.CostFen
		}
	}
	return nil
}

func surfaceOr(surface string) string {
	if surface == "" {
		return route.SurfaceUnknown
	}
	return surface
}
