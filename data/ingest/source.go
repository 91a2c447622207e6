package ingest

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
)

// record is one row of a file, whatever its format.
type record struct {
	row   int      // as a person counts it in the file
	cells []string // one for each head; short rows are padded
	above []string // what a merged cell that began further up says; nil: none
	shape string   // geometry as WKT; empty: none
	sum   sumKind  // a row of sums, not a thing
}

// sumKind says whether a row is a sum of others.
type sumKind int

const (
	notSum sumKind = iota
	subtotal
	grandTotal
)

// source is a file opened for reading.
type source struct {
	heads    []string
	shapes   bool   // records carry their own geometry
	crs      string // what the file says: EPSG:n; empty: nothing
	degrees  bool   // the format itself prescribes WGS 84 degrees
	cut      []bool // heads that may be cut at the ten bytes of a dbf; nil: none
	expected int    // number of records; 0: not known
	table    bool   // a table of people: sums, notes and merged cells occur
	title    string // what stands above the head of a table
	each     func(ctx context.Context, yield func(record) error) error
}

// Names in Request.Map that choose a part of the file instead of a column.
const (
	optionLayer = "layer"
	optionSheet = "sheet"
)

// errRefused says that the findings already tell why.
var errRefused = errors.New("refused")

// open makes the file a source, in a work directory. Findings tell why not.
func open(ctx context.Context, l *layer, req Request, dir string, fs *findings) (*source, error) {
	ext := strings.ToLower(filepath.Ext(req.File))
	switch ext {
	case ".csv", ".txt", ".tsv":
		return openCSV(l, req, dir, fs)
	case ".xlsx":
		return openXLSX(l, req, dir, fs)
	case ".shp", ".dbf", ".zip":
		return openShape(ctx, ext, req, dir, fs)
	case ".gpkg":
		return openPackage(ctx, l, req, dir, fs)
	case ".geojson", ".json":
		return openGeoJSON(ctx, req, dir, fs)
	case ".kml":
		return openKML(ctx, req, dir, fs)
	}
	fs.add("format_unknown", 0, "", ext)
	return nil, errRefused
}

// refuse turns what went wrong with the file itself into a finding.
func refuse(fs *findings, code string, err error) error {
	var limit limitError
	switch {
	case errors.Is(err, errRefused) || errors.Is(err, context.Canceled) || errors.Is(err, errNoGDAL):
		return err
	case errors.As(err, &limit) || errors.Is(err, errChildLimit):
		fs.add("file_too_large", 0, "", "", err)
	default:
		fs.add(code, 0, "", "", err)
	}
	return errRefused
}

// withoutShapes has the records come without their geometry: the layer's places
// follow from what the cells say.
func (s *source) withoutShapes() {
	each := s.each
	s.each = func(ctx context.Context, yield func(record) error) error {
		return each(ctx, func(rec record) error {
			rec.shape = ""
			return yield(rec)
		})
	}
}
