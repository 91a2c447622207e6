package ingest

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// vectorLayer is what GDAL says of one layer.
type vectorLayer struct {
	name  string
	count int
	epsg  string // EPSG:n; empty: none given
	crs   string // first line of an unknown one
}

var (
	endID = regexp.MustCompile(`^\s{0,4}ID\["EPSG",(\d+)\]\]\s*$`)
	title = regexp.MustCompile(`^(PROJCRS|GEOGCRS|GEODCRS|BOUNDCRS|COMPOUNDCRS|ENGCRS|LOCAL_CS|PROJCS|GEOGCS)\["(.*)",?\s*$`)
)

// vectorLayers asks GDAL, in the child, for the layers of a file.
func vectorLayers(ctx context.Context, dir, driver, name string, options ...string) ([]vectorLayer, error) {
	args := append([]string{"ogrinfo", "-ro", "-so", "-al", "-nomd"}, options...)
	var out []vectorLayer
	err := child(ctx, dir, driver, append(args, name), func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, 8<<20))
		out = readInfo(string(text))
		return err
	})
	return out, err
}

// readInfo reads the summary that ogrinfo prints for people.
func readInfo(text string) []vectorLayer {
	var out []vectorLayer
	for _, line := range strings.Split(text, "\n") {
		if name, ok := strings.CutPrefix(line, "Layer name: "); ok {
			out = append(out, vectorLayer{name: name})
			continue
		}
		if len(out) == 0 {
			continue
		}
		last := &out[len(out)-1]
		if n, ok := strings.CutPrefix(line, "Feature Count: "); ok {
			last.count, _ = strconv.Atoi(strings.TrimSpace(n))
		} else if m := endID.FindStringSubmatch(line); m != nil {
			last.epsg = "EPSG:" + m[1]
		} else if m := title.FindStringSubmatch(line); m != nil {
			last.crs = m[2]
		}
	}
	return out
}

// neutral streams one layer as CSV with the geometry as WKT in front. cells are
// bytes as they stand in the file.
func neutral(ctx context.Context, dir, driver, file, layer string, options []string, yield func(row int, cells []string) error) error {
	args := append([]string{"ogr2ogr", "-f", "CSV", "/vsistdout/", "-lco", "GEOMETRY=AS_WKT", "-lco", "STRING_QUOTING=ALWAYS"}, options...)
	args = append(args, file)
	if layer != "" {
		args = append(args, layer)
	}
	return child(ctx, dir, driver, args, func(r io.Reader) error {
		in := csv.NewReader(r)
		in.ReuseRecord, in.FieldsPerRecord = false, -1
		for row := 0; ; row++ {
			cells, err := in.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("the reader's answer breaks off at feature %d: %w", row, err)
			}
			if row > maxRows {
				return limitError(fmt.Sprintf("more than %d rows", maxRows))
			}
			if len(cells) > maxColumns {
				return limitError(fmt.Sprintf("more than %d columns", maxColumns))
			}
			if err := yield(row, cells); err != nil {
				return err
			}
		}
	})
}

// vector makes a source of one layer. Its first row, the heads, is read at
// once, in a run of its own that stops there.
func vector(ctx context.Context, dir, driver, file string, l vectorLayer, options ...string) (*source, error) {
	s := &source{crs: l.epsg, expected: l.count, shapes: false}
	stop := errors.New("enough")
	err := neutral(ctx, dir, driver, file, l.name, append(options, "-limit", "1"), func(row int, cells []string) error {
		if row == 0 {
			s.heads = cells
			return nil
		}
		return stop
	})
	if err != nil && !errors.Is(err, stop) {
		return nil, err
	}
	if len(s.heads) > 0 && s.heads[0] == "WKT" {
		s.shapes, s.heads = true, s.heads[1:]
	}
	s.each = func(ctx context.Context, yield func(record) error) error {
		return neutral(ctx, dir, driver, file, l.name, options, func(row int, cells []string) error {
			if row == 0 {
				return nil
			}
			rec := record{row: row}
			if s.shapes {
				rec.shape, cells = cells[0], cells[1:]
			}
			rec.cells = cells
			return yield(rec)
		})
	}
	if len(s.heads) > 0 && s.heads[len(s.heads)-1] == "" { // GDAL ends a head of one column with a comma
		s.heads = s.heads[:len(s.heads)-1]
	}
	return s, nil
}

// projection has the child give plain degrees of a file that is in a known other
// reference, where they are asked for.
func (r Request) projection(l vectorLayer) []string {
	switch {
	case !r.degrees:
		return nil
	case l.epsg == "" && l.crs == "", l.epsg == "EPSG:4326", l.epsg == "EPSG:4490":
		return []string{"-dim", "XY"}
	}
	return []string{"-dim", "XY", "-t_srs", "EPSG:4326"}
}

// choose picks the layer to read: the one asked for, or the only one that has
// rows or bears the name of what is imported.
func choose(ls []vectorLayer, want, noun string, fs *findings) (vectorLayer, error) {
	if strings.HasPrefix(want, "=") { // a value for the field layer, not a part of the file
		want = ""
	}
	var filled []vectorLayer
	var names []string
	for _, l := range ls {
		if l.name == want {
			return l, nil
		}
		if l.count > 0 {
			filled, names = append(filled, l), append(names, l.name)
		}
	}
	if want != "" {
		fs.add("map_unknown", 0, optionLayer, want)
		return vectorLayer{}, errRefused
	}
	if len(filled) > 1 {
		for _, l := range filled {
			if fold(l.name) == fold(noun) || fold(l.name) == fold(noun)+"s" {
				return l, nil
			}
		}
		fs.add("layer_choice", 0, "", "", len(filled), strings.Join(names, ", "))
		return vectorLayer{}, errRefused
	}
	if len(filled) == 0 {
		if len(ls) > 0 {
			return ls[0], nil
		}
		fs.add("file_empty", 0, "", "")
		return vectorLayer{}, errRefused
	}
	return filled[0], nil
}

// openPackage opens a GeoPackage that holds plain tables only.
func openPackage(ctx context.Context, l *layer, req Request, dir string, fs *findings) (*source, error) {
	if _, err := take(req.File, dir, "in.gpkg"); err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if err := onlyPlainTables(ctx, dir, fs); err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	ls, err := vectorLayers(ctx, dir, "GPKG", "in.gpkg", "-oo", "LIST_ALL_TABLES=NO")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	chosen, err := choose(ls, req.Map[optionLayer], l.name, fs)
	if err != nil {
		return nil, err
	}
	s, err := vector(ctx, dir, "GPKG", "in.gpkg", chosen, req.projection(chosen)...)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if s.crs == "" && chosen.crs != "" && !strings.HasPrefix(chosen.crs, "Undefined") {
		s.crs = chosen.crs
	}
	return s, nil
}

// openShape opens a Shapefile, beside its parts or in a zip, or a lone dbf.
func openShape(ctx context.Context, ext string, req Request, dir string, fs *findings) (*source, error) {
	missing, err := takeParts(ext, req.File, dir)
	if err != nil {
		code := "file_unreadable"
		if ext == ".zip" {
			code = "zip_refused"
		}
		return nil, refuse(fs, code, err)
	}
	if missing != "" {
		fs.add("part_missing", 0, "", missing)
		return nil, errRefused
	}
	name := "in.shp"
	if ext == ".dbf" {
		name = "in.dbf"
	}
	const driver, asBytes = "ESRI Shapefile", "ENCODING="
	ls, err := vectorLayers(ctx, dir, driver, name, "-oo", asBytes)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if len(ls) != 1 {
		fs.add("file_unreadable", 0, "", "", "no table in it")
		return nil, errRefused
	}
	s, err := vector(ctx, dir, driver, name, ls[0], append(req.projection(ls[0]), "-oo", asBytes)...)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "in.prj")); err == nil && s.crs == "" && s.shapes {
		s.crs = ls[0].crs
		if s.crs == "" {
			s.crs = "the .prj"
		}
	}
	return s, decodeShape(ctx, s, req, dir, fs)
}

func takeParts(ext, file, dir string) (missing string, err error) {
	switch ext {
	case ".zip":
		packed, err := take(file, dir, "in.zip")
		if err != nil {
			return "", err
		}
		return unzipShape(packed, dir)
	case ".dbf":
		if _, err := take(file, dir, "in.dbf"); err != nil {
			return "", err
		}
		for _, e := range []string{".cpg", ".CPG"} {
			beside := strings.TrimSuffix(file, filepath.Ext(file)) + e
			if _, err := os.Stat(beside); err == nil {
				_, err := take(beside, dir, "in.cpg")
				return "", err
			}
		}
		return "", nil
	}
	return takeShape(file, dir)
}

// openKML opens a KML, which is in WGS 84 degrees by its standard. Links in it
// are not followed: the child has no network and sees one file.
func openKML(ctx context.Context, req Request, dir string, fs *findings) (*source, error) {
	path, err := take(req.File, dir, "in.kml")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if err := checkKML(path, fs); err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	ls, err := vectorLayers(ctx, dir, "LIBKML", "in.kml")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	chosen, err := choose(ls, req.Map[optionLayer], req.Layer, fs)
	if err != nil {
		return nil, err
	}
	s, err := vector(ctx, dir, "LIBKML", "in.kml", chosen, req.projection(chosen)...)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	s.crs, s.degrees = "EPSG:4326", true
	return s, nil
}

// openGeoJSON opens a GeoJSON that passes the strict reading of RFC 7946.
func openGeoJSON(ctx context.Context, req Request, dir string, fs *findings) (*source, error) {
	path, err := take(req.File, dir, "in.geojson")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if err := checkGeoJSON(path, req.CRS != "", fs); err != nil {
		return nil, refuse(fs, "geojson_invalid", err)
	}
	if fs.errors > 0 && !req.Partial {
		return nil, errRefused
	}
	ls, err := vectorLayers(ctx, dir, "GeoJSON", "in.geojson")
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if len(ls) != 1 {
		fs.add("file_unreadable", 0, "", "", "no features in it")
		return nil, errRefused
	}
	s, err := vector(ctx, dir, "GeoJSON", "in.geojson", ls[0], req.projection(ls[0])...)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if s.crs == "" {
		s.crs = "EPSG:4326"
	}
	s.degrees = s.crs == "EPSG:4326"
	return s, nil
}
