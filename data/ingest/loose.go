package ingest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/crs"
	"github.com/qiantu/qiantu/planner"
)

// Tables read for an analyst who has no store: the same formats, encodings,
// heads and findings as an import, and the rows handed back instead of kept.
// Coordinates are degrees of WGS 84 or CGCS2000; a vector file in another
// reference is projected by GDAL in the child that reads it.

// Point is one row of a file of points.
type Point struct {
	Row int // as a person counts it in the file
	ID  string
	At  orb.Point
}

// Settlement is one row of a table of population.
type Settlement struct {
	Point
	Name, Kind          string // Kind: administrative, hamlet, group, "" where not said
	Persons, Households *int64 // nil: unknown, never zero
}

// PlannedRoad is one row of a list of roads that somebody would build.
type PlannedRoad struct {
	Row                      int
	ID, Name, Class, Surface string
	CostFen                  *int64 // hundredths of the file's currency; nil: not said
	Line                     orb.LineString
}

var (
	looseID = field{name: "id", kind: kindCode, required: true, heads: append([]string{"code", "fid", "序号"}, codeField.heads...)}

	pointTable = own(&layer{name: "points", shape: "point", types: []string{"Point"}, fields: []field{looseID}})

	populationTable = own(&layer{name: "population", shape: "point", types: []string{"Point"}, fields: []field{
		looseID,
		{name: "name", kind: kindText, heads: append([]string{"村名", "村寨", "村庄", "自然村"}, nameField.heads...)},
		{name: "kind", kind: kindWord, heads: []string{"类型", "类别", "place"}, words: words("administrative=行政村,建制村,town,village,镇,村",
			"hamlet=自然村,自然村寨,寨,isolated_dwelling,locality", "group=村民小组,组,小组")},
		{name: "persons", kind: kindCount, heads: []string{"人数", "人口", "总人口", "population", "人口数"}},
		{name: "households", kind: kindCount, heads: []string{"户数", "总户数"}},
	}})

	plannedTable = own(&layer{name: "planned", shape: "line", types: []string{"LineString"}, fields: []field{
		{name: "id", kind: kindCode, heads: looseID.heads},
		{name: "name", kind: kindText, heads: append([]string{"路线名称", "道路名称", "项目名称", "road"}, nameField.heads...)},
		{name: "cost", kind: kindMoney, max: 1e15, heads: []string{"投资", "总投资", "造价", "费用", "cost_yuan", "money"}},
		classField, surfaceField,
	}})
)

// ReadPoints reads a file of points: id, lon, lat. Ids are given once. Of the
// request File, Encoding and CRS (EPSG:4326, EPSG:4490, gcj02 or bd09) are
// looked at, as by the other readers here.
func ReadPoints(ctx context.Context, req Request) ([]Point, *Result, error) {
	var out []Point
	result, err := readLoose(ctx, pointTable, req, func(r *run, w *row) {
		if p, ok := r.loosePoint(w); ok {
			out = append(out, p)
		}
	})
	return out, result, err
}

// ReadPopulation reads a table of population: id, lon, lat, and where they are
// known name, persons, households and kind.
func ReadPopulation(ctx context.Context, req Request) ([]Settlement, *Result, error) {
	var out []Settlement
	result, err := readLoose(ctx, populationTable, req, func(r *run, w *row) {
		if p, ok := r.loosePoint(w); ok {
			s := Settlement{Point: p, Name: w.text("name"), Kind: w.text("kind"), Persons: w.whole("persons"), Households: w.whole("households")}
			if s.Name == "" {
				s.Name = s.ID
			}
			out = append(out, s)
		}
	})
	return out, result, err
}

// ReadPlanned reads a list of planned roads: one line each, and where they are
// known id, name, cost, class and surface. A road without an id is called by its
// row.
func ReadPlanned(ctx context.Context, req Request) ([]PlannedRoad, *Result, error) {
	var out []PlannedRoad
	result, err := readLoose(ctx, plannedTable, req, func(r *run, w *row) {
		line, ok := r.looseLine(w)
		if !ok {
			return
		}
		p := PlannedRoad{Row: w.n, ID: w.text("id"), Name: w.text("name"), Class: w.text("class"), Surface: w.text("surface"), CostFen: w.whole("cost"), Line: line}
		if p.ID == "" {
			p.ID = "row " + strconv.Itoa(w.n)
		}
		r.firstOf(w, "id", p.ID)
		out = append(out, p)
	})
	return out, result, err
}

// readLoose gives take every row without an error. The Result is what was found
// on the way; what take was given counts only where it has not failed.
func readLoose(ctx context.Context, l *layer, req Request, take func(*run, *row)) (*Result, error) {
	if _, err := os.Stat(req.File); err != nil {
		return nil, planner.Errorf(planner.Invalid, "the file %s cannot be read: %v", filepath.Base(req.File), errors.Unwrap(err))
	}
	dir, remove, err := workDir()
	if err != nil {
		return nil, err
	}
	defer remove()
	req.degrees = true
	r := newRun(ctx, req, l)
	if r.src, err = open(ctx, l, req, dir, r.fs); err == nil {
		err = r.loose(take)
	}
	if err != nil && !errors.Is(err, errRefused) {
		return nil, fmt.Errorf("reading %s: %w", filepath.Base(req.File), err)
	}
	return r.result(false), nil
}

func (r *run) loose(take func(*run, *row)) error {
	r.columns = matchHead(r.layer, r.src.heads, nil, r.src.cut, r.fs)
	r.looseColumns()
	if r.fs.errors > 0 {
		return errRefused
	}
	var err error
	if r.ref, err = r.looseReference(); err != nil {
		return err
	}
	err = r.src.each(r.ctx, func(rec record) error {
		if w := r.accept(rec); w != nil {
			errors := r.fs.errors
			if take(r, w); r.fs.errors > errors {
				r.count.Rejected++
			}
		}
		return nil
	})
	if err != nil {
		return refuse(r.fs, "file_unreadable", err)
	}
	if r.count.Read == 0 && r.fs.errors == 0 {
		r.fs.add("file_empty", 0, "", "")
	}
	return nil
}

// looseColumns says which columns are wanting.
func (r *run) looseColumns() {
	has := func(field string) bool { _, there := r.columns[field]; return there }
	wanted := []string{"lon", "lat"}
	switch {
	case r.src.shapes || has("geometry"):
		wanted = nil
	case r.layer == plannedTable:
		wanted = []string{"geometry"}
	}
	for _, f := range r.layer.fields {
		if !has(f.name) && (f.required || slices.Contains(wanted, f.name)) {
			r.fs.add("column_missing", 0, f.name, "", headList(r.src.heads))
		}
	}
}

// looseReference is degrees, or what was said to be shifted from them.
func (r *run) looseReference() (reference, error) {
	switch strings.ToLower(r.req.CRS) {
	case "gcj02":
		return r.shifted("gcj02", crs.FromGCJ02)
	case "bd09":
		return r.shifted("bd09", crs.FromBD09)
	}
	if r.src.shapes && r.src.crs == "" {
		r.fs.add("crs_missing", 0, "", "")
		return reference{}, errRefused
	}
	return reference{name: "EPSG:4326", srid: 4326}, nil
}

// loosePoint is the place of a row, whose id no other has.
func (r *run) loosePoint(w *row) (Point, bool) {
	errors := r.fs.errors
	id := w.text("id")
	r.firstOf(w, "id", id)
	shape, ok := r.looseShape(w)
	p, isPoint := shape.(orb.Point)
	switch {
	case !ok:
	case !isPoint:
		r.fs.add("geometry_type", w.n, "geometry", shape.GeoJSONType(), shape.GeoJSONType(), r.layer.shape)
	case !onEarth(p):
		r.fs.add("degrees_wanted", w.n, "lon, lat", formatPoint(p[0], p[1]))
	}
	return Point{Row: w.n, ID: id, At: p}, r.fs.errors == errors
}

// looseLine is the line of a row.
func (r *run) looseLine(w *row) (orb.LineString, bool) {
	shape, ok := r.looseShape(w)
	if !ok {
		return nil, false
	}
	if many, is := shape.(orb.MultiLineString); is {
		if len(many) != 1 {
			r.fs.add("geometry_parts", w.n, "geometry", "", len(many))
			return nil, false
		}
		shape = many[0]
	}
	line, is := shape.(orb.LineString)
	if !is {
		r.fs.add("geometry_type", w.n, "geometry", shape.GeoJSONType(), shape.GeoJSONType(), r.layer.shape)
		return nil, false
	}
	for _, p := range line {
		if !onEarth(p) {
			r.fs.add("degrees_wanted", w.n, "geometry", formatPoint(p[0], p[1]))
			return nil, false
		}
	}
	if err := geo.Check(line); err != nil || geo.Length(line) <= 0 {
		r.fs.add("geometry_invalid", w.n, "geometry", "", "a line needs two different positions")
		return nil, false
	}
	return line, true
}

// looseShape reads the geometry of a row.
func (r *run) looseShape(w *row) (orb.Geometry, bool) {
	if w.shape == "" {
		r.fs.add("place_missing", w.n, "geometry", "")
		return nil, false
	}
	shape, err := wkt.Unmarshal(w.shape)
	if err != nil || shape == nil {
		r.fs.add("geometry_unreadable", w.n, "geometry", w.shape, "it is no plain geometry as text (WKT)")
		return nil, false
	}
	return shape, true
}

func onEarth(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 // false for what is no number
}

// text is a word of a row, "" where there is none.
func (w *row) text(field string) string {
	s, _ := w.doc[field].(string)
	return strings.TrimSpace(s)
}

// whole is a whole number of a row, nil where there is none.
func (w *row) whole(field string) *int64 {
	n, ok := w.doc[field].(int64)
	if !ok {
		return nil
	}
	return &n
}
