package ingest

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/raster"
)

// drawnRaster is three rows of four cells of 0.01°, from 104.5 E, 27.03 N.
const drawnRaster = `ncols 4
nrows 3
xllcorner 104.5
yllcorner 27.0
cellsize 0.01
NODATA_value -9999
1000 1100 1200 1300
1400 1500 -9999 1700
1800 1900 2000 2100
`

// tif makes a GeoTIFF of an ASCII grid.
func tif(t testing.TB, grid string, options ...string) string {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "grid.asc"), filepath.Join(dir, "grid.tif")
	if err := os.WriteFile(from, []byte(grid), 0o600); err != nil {
		t.Fatal(err)
	}
	gdal(t, append(append([]string{"gdal_translate", "-q", "-a_srs", "EPSG:4326"}, options...), from, to)...)
	return to
}

func gdal(t testing.TB, args ...string) {
	t.Helper()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
}

func rows(g *raster.Grid) string {
	var out strings.Builder
	_, n := g.Size()
	for i := range n {
		fmt.Fprintln(&out, g.Row(i))
	}
	return out.String()
}

// everywhere is no part: all of a raster.
var everywhere = orb.Bound{Min: orb.Point{1, 1}}

func TestReadRaster(t *testing.T) {
	whole := "[1000 1100 1200 1300]\n[1400 1500 NaN 1700]\n[1800 1900 2000 2100]\n"
	for name, file := range map[string]string{
		"as it is":    tif(t, drawnRaster),
		"whole words": tif(t, drawnRaster, "-ot", "Int16", "-co", "COMPRESS=DEFLATE"),
		"big":         tif(t, drawnRaster, "-ot", "Float64", "-co", "BIGTIFF=YES", "-co", "TILED=YES"),
		"scaled":      tif(t, strings.ReplaceAll(drawnRaster, "00", "0"), "-a_scale", "10", "-a_nodata", "-9999"),
	} {
		g, err := ReadRaster(t.Context(), file, RasterHeights, everywhere)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := rows(g); got != whole {
			t.Errorf("%s:\n%s", name, got)
		}
		if b := g.Bound(); math.Abs(b.Min[0]-104.5)+math.Abs(b.Max[1]-27.03)+math.Abs(b.Max[0]-104.54) > 1e-9 {
			t.Errorf("%s lies in %v", name, b)
		}
	}
	part, err := ReadRaster(t.Context(), tif(t, drawnRaster), RasterHeights, orb.Bound{Min: orb.Point{104.515, 26}, Max: orb.Point{104.525, 27.015}})
	if err != nil || rows(part) != "[1500 NaN]\n[1900 2000]\n" {
		t.Errorf("a part: %v, %v", part, err)
	}
	if h, ok := part.Height(orb.Point{104.515, 27.005}); !ok || h != 1900 {
		t.Errorf("the part has %v, %v", h, ok)
	}
}

// What lies in metres is brought to degrees: heights stay near, persons in sum.
func TestReadRasterInMetres(t *testing.T) {
	persons := strings.NewReplacer("-9999\n", "-9999\n", "00", "").Replace(drawnRaster)
	for _, c := range []struct {
		kind RasterKind
		grid string
	}{{RasterHeights, drawnRaster}, {RasterAmounts, persons}} {
		from := tif(t, c.grid)
		to := filepath.Join(t.TempDir(), "utm.tif")
		gdal(t, "gdalwarp", "-q", "-t_srs", "EPSG:32648", "-r", "near", "-tr", "100", "100", from, to)
		g, err := ReadRaster(t.Context(), to, c.kind, everywhere)
		if err != nil {
			t.Fatal(err)
		}
		if c.kind == RasterHeights {
			if h, ok := g.Height(orb.Point{104.505, 27.005}); !ok || math.Abs(h-1800) > 1 {
				t.Errorf("height %v, %v", h, ok)
			}
			if _, ok := g.Height(orb.Point{104.525, 27.015}); ok {
				t.Error("the unknown cell has a height")
			}
			continue
		}
		plain, err := ReadRaster(t.Context(), from, c.kind, everywhere)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := plain.Sums(100)
		utm, _ := ReadRaster(t.Context(), to, RasterAmounts, everywhere)
		after, _ := utm.Sums(1000)
		cells := 1113.2 * 0.891 * 995 / 10000 // of 100 m in a cell of the drawing, about
		if got, want := after[0].Sum, before[0].Sum*cells; math.Abs(got/want-1) > 0.03 {
			t.Errorf("%v persons become %v", want, got)
		}
	}
}

// hostileRasters are files that somebody calls a DEM.
func hostileRasters(t *testing.T) map[string]string {
	good, err := os.ReadFile(tif(t, drawnRaster))
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	huge := filepath.Join(t.TempDir(), "huge.tif")
	gdal(t, "gdal_create", "-q", "-outsize", "300000", "300000", "-ot", "Float32", "-co", "SPARSE_OK=TRUE", "-co", "BIGTIFF=YES", "-a_srs", "EPSG:4326", "-a_ullr", "100", "30", "110", "20", huge)
	strip := filepath.Join(t.TempDir(), "strip.tif")
	gdal(t, "gdal_create", "-q", "-outsize", "60000", "60000", "-ot", "Float64", "-co", "SPARSE_OK=TRUE", "-co", "BLOCKYSIZE=60000", "-a_srs", "EPSG:4326", "-a_ullr", "100", "30", "110", "20", strip)
	color := filepath.Join(t.TempDir(), "color.tif")
	gdal(t, "gdal_create", "-q", "-outsize", "8", "8", "-bands", "3", "-ot", "Byte", "-a_srs", "EPSG:4326", "-a_ullr", "100", "30", "110", "20", color)
	nowhere := filepath.Join(t.TempDir(), "nowhere.tif")
	gdal(t, "gdal_create", "-q", "-outsize", "8", "8", "-ot", "Int16", nowhere)
	secret := file("secret.tif", good)
	vrt := fmt.Sprintf(`<VRTDataset rasterXSize="4" rasterYSize="3"><SRS>EPSG:4326</SRS><GeoTransform>104.5,0.01,0,27.03,0,-0.01</GeoTransform>`+
		`<VRTRasterBand dataType="Float32" band="1"><SimpleSource><SourceFilename>%s</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>`, secret)
	return map[string]string{
		"empty":             file("a.tif", nil),
		"text":              file("a.tif", []byte("this is no raster")),
		"half":              file("a.tif", good[:len(good)/2]),
		"a head only":       file("a.tif", good[:8]),
		"its numbers gone":  file("a.tif", append(append([]byte{}, good[:8]...), bytes.Repeat([]byte{0xff}, len(good)-8)...)),
		"an ASCII grid":     file("a.tif", []byte(drawnRaster)),
		"a list of rasters": file("a.tif", []byte(vrt)),
		"huge":              huge,
		"one huge strip":    strip,
		"a picture":         color,
		"nowhere":           nowhere,
		"a directory":       t.TempDir(),
		"absent":            filepath.Join(t.TempDir(), "none.tif"),
	}
}

func TestHostileRasters(t *testing.T) {
	for name, path := range hostileRasters(t) {
		from := time.Now()
		_, err := ReadRaster(t.Context(), path, RasterHeights, everywhere)
		if err == nil || strings.Contains(err.Error(), os.TempDir()) {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(name, "huge") { // a part of it may be read, with what little memory there is
			part := orb.Bound{Min: orb.Point{104, 25}, Max: orb.Point{104.05, 25.05}}
			_, err = ReadRaster(t.Context(), path, RasterHeights, part)
		}
		if d := time.Since(from); d > 20*time.Second {
			t.Errorf("%s took %v", name, d)
		}
		t.Logf("%s: %v", name, err)
	}
	if n, err := filepath.Glob(filepath.Join(os.TempDir(), workPrefix+"*")); err != nil || len(n) > 3 {
		t.Errorf("work directories are left: %v, %v", n, err)
	}
}
