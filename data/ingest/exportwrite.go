package ingest

import (
	archive "archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qiantu/qiantu/planner"
)

// heads are the names of the columns, of points with their degrees.
func (t *exportTable) heads() []string {
	out := make([]string, len(t.columns), len(t.columns)+2)
	for i, c := range t.columns {
		out[i] = c.name
	}
	if t.points {
		out = append(out, "lon", "lat")
	}
	return out
}

// degreesText writes a number of degrees as finely as it is stored.
func degreesText(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (r *exportRow) withDegrees() []string {
	at, ok := r.shape.(orb.Point)
	if !ok {
		return append(slices.Clone(r.cells), "", "")
	}
	return append(slices.Clone(r.cells), degreesText(at[0]), degreesText(at[1]))
}

// writeCSV writes a table with its degrees, or with its shapes as WKT.
func (t *exportTable) writeCSV(w io.Writer, gbk bool) error {
	if gbk {
		if err := t.fitsGBK(); err != nil {
			return err
		}
		w = simplifiedchinese.GBK.NewEncoder().Writer(w)
	}
	out := csv.NewWriter(w)
	heads := t.heads()
	shaped := !t.points && !t.lines
	if shaped {
		heads = append(heads, "geometry")
	}
	if err := out.Write(heads); err != nil {
		return err
	}
	for i := range t.rows {
		r := &t.rows[i]
		cells := r.cells
		switch {
		case t.points:
			cells = r.withDegrees()
		case shaped:
			cells = append(slices.Clone(cells), shapeText(r.shape))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func shapeText(g orb.Geometry) string {
	if g == nil {
		return ""
	}
	return wkt.MarshalString(g)
}

// fitsGBK refuses texts that GBK cannot say, with the first of them.
func (t *exportTable) fitsGBK() error {
	encoder := simplifiedchinese.GBK.NewEncoder()
	for i, r := range t.rows {
		for k, cell := range r.cells {
			if _, err := encoder.String(cell); err != nil {
				return planner.Errorf(planner.Invalid, "%s: row %d, %s: GBK has no way to write %q; export as utf-8", t.layer, i+1, t.columns[k].name, cell)
			}
		}
	}
	return nil
}

// writeSheet writes a table as a workbook: counts and measures are numbers,
// everything else is text, whatever it begins with. Points have their degrees;
// other shapes have no room in a cell.
func (t *exportTable) writeSheet(w io.Writer) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName("Sheet1", t.layer); err != nil {
		return err
	}
	out, err := book.NewStreamWriter(t.layer)
	if err != nil {
		return err
	}
	set := func(row int, cells []any) error { return out.SetRow("A"+strconv.Itoa(row), cells) }
	heads := make([]any, 0, len(t.columns)+2)
	for _, h := range t.heads() {
		heads = append(heads, h)
	}
	if err := set(1, heads); err != nil {
		return err
	}
	for i := range t.rows {
		if err := set(i+2, t.sheetCells(&t.rows[i])); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

func (t *exportTable) sheetCells(r *exportRow) []any {
	cells := make([]any, 0, len(r.cells)+2)
	for k, text := range r.cells {
		switch n, err := strconv.ParseFloat(text, 64); {
		case text == "":
			cells = append(cells, nil)
		case t.columns[k].kind != asText && err == nil:
			cells = append(cells, n)
		default:
			cells = append(cells, text)
		}
	}
	if at, ok := r.shape.(orb.Point); ok && t.points {
		cells = append(cells, at[0], at[1])
	}
	return cells
}

// exportDrivers are GDAL's names of the formats and the file that it makes.
var exportDrivers = map[string]struct{ driver, file string }{
	"geojson": {"GeoJSON", "out.geojson"}, "gpkg": {"GPKG", "out.gpkg"}, "shp": {"ESRI Shapefile", "out.shp"},
}

// writeByGDAL gives the child a plain table and takes the file that it makes.
// What the formats note of the day of writing is the day the rows speak of.
func (t *exportTable) writeByGDAL(ctx context.Context, w io.Writer, format string, gbk bool, day planner.Date) (err error) {
	if format == "shp" {
		if err := t.fitsShape(gbk); err != nil {
			return err
		}
	}
	dir, remove, err := workDir()
	if err != nil {
		return err
	}
	defer remove()
	made, err := t.stage(dir, format)
	if err != nil {
		return err
	}
	to := exportDrivers[format]
	args := []string{
		"ogr2ogr", "--config", "OGR_CURRENT_DATE", day.String() + "T00:00:00.000Z", "-f", to.driver, filepath.Join(made, to.file), "in.csv",
		"-oo", "GEOM_POSSIBLE_NAMES=WKT", "-oo", "KEEP_GEOM_COLUMNS=NO", "-oo", "EMPTY_STRING_AS_NULL=YES", "-a_srs", "EPSG:4490", "-nln", t.layer,
	}
	switch format {
	case "geojson":
		args = append(args, "-lco", "RFC7946=YES", "-lco", "COORDINATE_PRECISION=12", "-lco", "WRITE_NAME=NO")
	case "shp":
		encoding := "UTF-8"
		if gbk {
			encoding = "GBK"
		}
		args = append(args, "-lco", "ENCODING="+encoding, "-lco", "DBF_DATE_LAST_UPDATE="+day.String(), "-nlt", t.shapeKind())
	}
	if err := child(ctx, dir, to.driver, args, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }); err != nil {
		return fmt.Errorf("writing %s as %s: %w", t.layer, format, err)
	}
	if format == "shp" {
		return zipShape(w, made, t.layer)
	}
	return copyOut(w, filepath.Join(made, to.file))
}

// stage writes the table for the child, with the kinds of its columns beside it,
// and makes a folder that the child may write to.
func (t *exportTable) stage(dir, format string) (made string, err error) {
	var rows, kinds bytes.Buffer
	out := csv.NewWriter(&rows)
	heads, types := []string{"WKT"}, []string{`"WKT"`}
	for _, c := range t.columns {
		head := c.name
		if format == "shp" {
			head = c.short
		}
		heads, types = append(heads, head), append(types, `"`+c.kind+`"`)
	}
	kinds.WriteString(strings.Join(types, ",") + "\n")
	_ = out.Write(heads) // a buffer takes all
	for _, r := range t.rows {
		_ = out.Write(append([]string{shapeText(r.shape)}, r.cells...))
	}
	out.Flush()
	for name, content := range map[string]*bytes.Buffer{"in.csv": &rows, "in.csvt": &kinds} {
		if _, err := write(dir, name, content, maxUnpacked); err != nil {
			return "", err
		}
	}
	made = filepath.Join(dir, "made")
	if err := os.Mkdir(made, 0o700); err != nil {
		return "", err
	}
	if os.Getuid() == 0 { // the child runs under another user
		owner := nobody()
		err = os.Chown(made, int(owner.Uid), int(owner.Gid))
	}
	return made, err
}

// shapeKind is the one kind of shape of a Shapefile.
func (t *exportTable) shapeKind() string {
	switch t.dimension() {
	case 0:
		return "POINT"
	case 1:
		return "LINESTRING"
	case 2:
		return "POLYGON"
	}
	return "NONE"
}

// dimension is that of the first shape; -1 where there is none.
func (t *exportTable) dimension() int {
	for _, r := range t.rows {
		if r.shape != nil {
			return r.shape.Dimensions()
		}
	}
	return -1
}

// fitsShape refuses what a Shapefile cannot hold.
func (t *exportTable) fitsShape(gbk bool) error {
	kind := t.dimension()
	for _, r := range t.rows {
		if r.shape != nil && r.shape.Dimensions() != kind {
			return planner.Errorf(planner.Invalid, "%s has points, lines or areas together, and a Shapefile holds one kind; export as gpkg or geojson", t.layer)
		}
	}
	if gbk {
		return t.fitsGBK()
	}
	return nil
}

// zipShape packs the parts of a Shapefile in a fixed order.
func zipShape(w io.Writer, dir, name string) error {
	out := archive.NewWriter(w)
	for _, ext := range shapeParts {
		part, err := os.Open(filepath.Join(dir, "out"+ext))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		to, err := out.CreateHeader(&archive.FileHeader{Name: name + ext, Method: archive.Deflate})
		if err == nil {
			_, err = io.Copy(to, part)
		}
		if err := errors.Join(err, part.Close()); err != nil {
			return err
		}
	}
	return out.Close()
}

func copyOut(w io.Writer, path string) error {
	made, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, made)
	return errors.Join(err, made.Close())
}
