package ingest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// ExportRequest says which rows of an assessed county are written, and how.
type ExportRequest struct {
	Layer    string
	Format   string // geojson, gpkg, shp (a zip of one Shapefile), csv, xlsx
	Encoding string // of csv and shp: utf-8 or gbk; empty: utf-8
}

// ExportFormats are the formats that rows are written in.
var ExportFormats = []string{"geojson", "gpkg", "shp", "csv", "xlsx"}

// sort of a column: what GDAL is told of it.
const (
	asText   = "String"
	asNumber = "Real"
	asCount  = "Integer64"
)

// exportColumn is a column by the name that the import knows it by. A Shapefile
// has room for ten letters only, so some have a shorter one there.
type exportColumn struct{ name, short, kind string }

// exportRow is a thing with the texts of its columns, and its shape or none.
type exportRow struct {
	cells []string
	shape orb.Geometry
}

// exportTable is what is written.
type exportTable struct {
	layer   string
	columns []exportColumn
	rows    []exportRow
	points  bool // every shape is a point: tables have its degrees in two columns
	lines   bool // shapes are drawn from what the cells say; tables do without
}

// exporters makes the table of each layer.
var exporters = map[string]func(*exporter) exportTable{
	"region": (*exporter).regions, "village": (*exporter).villages, "facility": (*exporter).facilities, "road": (*exporter).roads,
	"road_segment": (*exporter).segments, "water_project": (*exporter).works, "relocation_site": (*exporter).sites, "move": (*exporter).moves,
	"reference": (*exporter).references,
}

// ExportLayers lists what can be exported, in the order of the import's page.
func ExportLayers() []string {
	var out []string
	for _, l := range layers {
		if exporters[l.name] != nil {
			out = append(out, l.name)
		}
	}
	return out
}

// Export writes the rows of a layer of a county so that Import reads them again.
// Counts of households that are masked on the map are left empty. Shapes are in
// degrees of CGCS2000. Other formats than csv and xlsx are made by GDAL in the
// same limited child that the import has.
func Export(ctx context.Context, w io.Writer, a *planner.Assessment, req ExportRequest) error {
	table := exporters[req.Layer]
	if table == nil {
		return planner.Errorf(planner.Invalid, "layer %q is not exported; it is one of: %s", req.Layer, strings.Join(ExportLayers(), " "))
	}
	if !slices.Contains(ExportFormats, req.Format) {
		return planner.Errorf(planner.Invalid, "format %q is none of %s", req.Format, strings.Join(ExportFormats, ", "))
	}
	gbk := strings.EqualFold(req.Encoding, "gbk")
	if !gbk && req.Encoding != "" && !strings.EqualFold(req.Encoding, "utf-8") {
		return planner.Errorf(planner.Invalid, "encoding %q is neither utf-8 nor gbk", req.Encoding)
	}
	t := table(newExporter(a))
	t.layer = req.Layer
	switch req.Format {
	case "xlsx":
		return t.writeSheet(w)
	case "csv":
		return t.writeCSV(w, gbk)
	}
	return t.writeByGDAL(ctx, w, req.Format, gbk, a.Snapshot.AsOf)
}

// exporter looks things up while tables are made.
type exporter struct {
	s           *planner.Snapshot
	households  map[string]map[uint64]string // by layer and feature: what the map shows of them
	villageRefs map[planner.ID]string
	siteRefs    map[planner.ID]string
	roadRefs    map[planner.ID]string
}

func newExporter(a *planner.Assessment) *exporter {
	e := &exporter{s: a.Snapshot, households: map[string]map[uint64]string{}, villageRefs: map[planner.ID]string{}, siteRefs: map[planner.ID]string{}, roadRefs: map[planner.ID]string{}}
	for _, l := range a.Layers() {
		shown := map[uint64]string{}
		for _, f := range l.Features {
			if n, ok := f.Properties["households"].(int64); ok {
				shown[f.ID] = fmt.Sprint(n)
			}
		}
		e.households[l.Name] = shown
	}
	for i := range e.s.Villages {
		v := &e.s.Villages[i]
		e.villageRefs[v.ID] = codeOrName(v.Code, v.Name)
	}
	for i := range e.s.Sites {
		e.siteRefs[e.s.Sites[i].ID] = codeOrName(e.s.Sites[i].Code, e.s.Sites[i].Name)
	}
	for i := range e.s.Roads {
		e.roadRefs[e.s.Roads[i].ID] = codeOrName(e.s.Roads[i].Code, e.s.Roads[i].Name)
	}
	return e
}

// codeOrName is how the import finds a thing again.
func codeOrName(code, name string) string {
	if code != "" {
		return code
	}
	return name
}
