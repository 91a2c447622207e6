package ingest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/raster"
)

// RasterKind says what the cells of a raster are, so that it is brought to
// degrees the right way.
type RasterKind int

// Heights are read off between cells, amounts (of persons) are kept in sum.
const (
	RasterHeights RasterKind = iota
	RasterAmounts
)

// ReadRaster reads the first band of a GeoTIFF as a grid of degrees, by GDAL in
// the limited child process of every import: no network, no other format, 1 GB
// of memory, 60 s of processor. Only what lies in clip (empty: all) is read; that may
// have raster.MaxCells cells. A raster in WGS 84 or CGCS2000 degrees comes cell
// by cell as it is, any other is resampled to cells of about its own size:
// heights between the cells, amounts so that their sum stays. Scale and offset
// are applied; nodata is unknown. No database is needed. Errors name the file
// and the mend.
func ReadRaster(ctx context.Context, file string, kind RasterKind, clip orb.Bound) (*raster.Grid, error) {
	grid, err := readRaster(ctx, file, kind, clip)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	return grid, err
}

func readRaster(ctx context.Context, file string, kind RasterKind, clip orb.Bound) (*raster.Grid, error) {
	dir, remove, err := workDir()
	if err != nil {
		return nil, err
	}
	defer remove()
	if _, err := take(file, dir, rasterIn); err != nil {
		if path := (*os.PathError)(nil); errors.As(err, &path) {
			return nil, fmt.Errorf("it cannot be read: %w", path.Err)
		}
		return nil, err
	}
	out := filepath.Join(dir, "out")
	if err := openTo(out); err != nil {
		return nil, err
	}
	info, err := describeRaster(ctx, dir)
	if err != nil {
		return nil, err
	}
	cut, err := info.cut(kind, clip)
	if err != nil {
		return nil, err
	}
	if err := child(ctx, dir, rasterDrivers, append(cut.args, rasterIn, rasterOut), drain); err != nil {
		return nil, notReadable(err)
	}
	values, err := rasterValues(filepath.Join(dir, rasterOut), cut.cols*cut.rows)
	if err != nil {
		return nil, err
	}
	info.Bands[0].apply(values)
	return raster.New(cut.west, cut.north, cut.dx, cut.dy, cut.cols, cut.rows, values)
}

const (
	rasterIn      = "in.tif"
	rasterOut     = "out/grid"
	rasterDrivers = "GTiff,ENVI" // the one that reads, and the one that writes plain numbers
)

// openTo makes a directory that the child may write to, whoever it is.
func openTo(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		as := nobody()
		return os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	return nil
}

func drain(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// notReadable leaves limits as they are and says of the rest what to do.
func notReadable(err error) error {
	if errors.Is(err, errChildLimit) || errors.Is(err, errNoGDAL) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("it cannot be read as GeoTIFF (%w); check it with gdalinfo -checksum, or download it again", err)
}

// rasterInfo is what GDAL says of a raster.
type rasterInfo struct {
	Size             [2]int
	CoordinateSystem struct{ WKT string }
	GeoTransform     []float64
	WGS84Extent      struct{ Coordinates [][][]float64 }
	Bands            []rasterBand
}

type rasterBand struct {
	Type                string
	ColorInterpretation string
	NoDataValue         any
	Scale, Offset       float64
}

func describeRaster(ctx context.Context, dir string) (*rasterInfo, error) {
	var info rasterInfo
	var text []byte
	err := child(ctx, dir, rasterDrivers, []string{"gdalinfo", "-json", "-nomd", "-noct", "-nogcp", "-norat", "-nofl", rasterIn}, func(r io.Reader) (err error) {
		text, err = io.ReadAll(io.LimitReader(r, 1<<20))
		return err
	})
	if err != nil {
		return nil, notReadable(err)
	}
	if err := json.Unmarshal(text, &info); err != nil {
		return nil, notReadable(fmt.Errorf("its description: %w", err))
	}
	return &info, info.check()
}

// check refuses what is no grid of numbers on the earth.
func (i *rasterInfo) check() error {
	switch {
	case len(i.Bands) != 1:
		return fmt.Errorf("it has %d bands, not one; take one out with gdal_translate -b N", len(i.Bands))
	case i.Bands[0].ColorInterpretation == "Palette":
		return errors.New("it is a picture with a palette, no measurements; ask for the data behind it")
	case strings.HasPrefix(i.Bands[0].Type, "C"):
		return fmt.Errorf("its numbers are complex (%s); take the real part", i.Bands[0].Type)
	case len(i.GeoTransform) != 6 || i.CoordinateSystem.WKT == "":
		return errors.New("it does not say where on the earth it lies; say so with gdal_translate -a_srs EPSG:n -a_ullr W N E S")
	case i.Size[0] < 1 || i.Size[1] < 1:
		return fmt.Errorf("it has %d by %d cells", i.Size[0], i.Size[1])
	}
	return nil
}

// degrees says whether the cells lie along the degrees that we use.
func (i *rasterInfo) degrees() bool {
	g, wkt := i.GeoTransform, i.CoordinateSystem.WKT
	known := false
	for _, name := range []string{`GEOGCRS["WGS 84"`, `GEOGCRS["China Geodetic Coordinate System 2000"`, `GEOGCRS["CGCS2000"`} {
		known = known || strings.HasPrefix(wkt, name)
	}
	return known && g[2] == 0 && g[4] == 0 && g[1] > 0 && g[5] < 0
}

// rasterCut is the part that is read and how.
type rasterCut struct {
	args                []string
	west, north, dx, dy float64
	cols, rows          int
}

func (i *rasterInfo) cut(kind RasterKind, clip orb.Bound) (rasterCut, error) {
	if i.degrees() {
		return i.cutCells(clip)
	}
	return i.cutResampled(kind, clip)
}

// window is the range of cells that a span of coordinates touches.
func window(from, size float64, n int, low, high float64) (first, count int) {
	a, b := math.Floor((low-from)/size), math.Ceil((high-from)/size)
	a, b = math.Max(0, math.Min(a, float64(n))), math.Max(0, math.Min(b, float64(n)))
	return int(a), int(b - a)
}

// cutCells takes cells as they are.
func (i *rasterInfo) cutCells(clip orb.Bound) (rasterCut, error) {
	g := i.GeoTransform
	c := rasterCut{west: g[0], north: g[3], dx: g[1], dy: -g[5], cols: i.Size[0], rows: i.Size[1]}
	first, top := 0, 0
	if !clip.IsEmpty() {
		first, c.cols = window(c.west, c.dx, c.cols, clip.Min[0], clip.Max[0])
		top, c.rows = window(-c.north, c.dy, c.rows, -clip.Max[1], -clip.Min[1])
	}
	if err := c.fits(); err != nil {
		return c, err
	}
	c.west, c.north = c.west+float64(first)*c.dx, c.north-float64(top)*c.dy
	c.args = []string{"gdal_translate", "-q", "-if", "GTiff", "-of", "ENVI", "-ot", "Float32", "-srcwin"}
	for _, n := range []int{first, top, c.cols, c.rows} {
		c.args = append(c.args, strconv.Itoa(n))
	}
	return c, nil
}

// cutResampled brings other coordinates to degrees.
func (i *rasterInfo) cutResampled(kind RasterKind, clip orb.Bound) (rasterCut, error) {
	all := orb.MultiPoint{}
	for _, ring := range i.WGS84Extent.Coordinates {
		for _, p := range ring {
			if len(p) == 2 {
				all = append(all, orb.Point{p[0], p[1]})
			}
		}
	}
	b := all.Bound()
	wide, high := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	if len(all) == 0 || !(wide > 0 && wide < 180 && high > 0 && high <= 180) {
		return rasterCut{}, errors.New("its coordinate system cannot be brought to degrees; bring it to EPSG:4326 with gdalwarp -t_srs EPSG:4326")
	}
	c := rasterCut{west: b.Min[0], north: b.Max[1], dx: wide / float64(i.Size[0]), dy: high / float64(i.Size[1]), cols: i.Size[0], rows: i.Size[1]}
	if !clip.IsEmpty() {
		first, cols := window(c.west, c.dx, c.cols, clip.Min[0], clip.Max[0])
		top, rows := window(-c.north, c.dy, c.rows, -clip.Max[1], -clip.Min[1])
		c.west, c.north, c.cols, c.rows = c.west+float64(first)*c.dx, c.north-float64(top)*c.dy, cols, rows
	}
	if err := c.fits(); err != nil {
		return c, err
	}
	how := "bilinear"
	if kind == RasterAmounts {
		how = "sum"
	}
	c.args = []string{"gdalwarp", "-q", "-if", "GTiff", "-of", "ENVI", "-ot", "Float32", "-t_srs", "EPSG:4326", "-dstnodata", "nan", "-r", how, "-wm", "64", "-te"}
	for _, v := range []float64{c.west, c.north - c.dy*float64(c.rows), c.west + c.dx*float64(c.cols), c.north} {
		c.args = append(c.args, strconv.FormatFloat(v, 'f', -1, 64))
	}
	c.args = append(c.args, "-ts", strconv.Itoa(c.cols), strconv.Itoa(c.rows))
	return c, nil
}

func (c *rasterCut) fits() error {
	switch {
	case c.cols < 1 || c.rows < 1:
		return errors.New("nothing of it lies in the region; is it the raster of another place?")
	case c.cols > raster.MaxCells/c.rows:
		return fmt.Errorf("%d by %d cells are to be read, at most %d; cut it with gdal_translate -projwin, or make the cells larger with -tr",
			c.cols, c.rows, raster.MaxCells)
	}
	return nil
}

// rasterValues reads what the child wrote, and nothing else.
func rasterValues(path string, cells int) ([]float32, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, notReadable(errors.New("the reader gave nothing"))
	}
	defer func() { _ = file.Close() }()
	if stat, err := file.Stat(); err != nil || !stat.Mode().IsRegular() || stat.Size() != 4*int64(cells) {
		return nil, notReadable(errors.New("the reader gave half of it"))
	}
	bytes := make([]byte, 4*cells)
	if _, err := io.ReadFull(file, bytes); err != nil {
		return nil, notReadable(err)
	}
	values := make([]float32, cells)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(bytes[4*i:]))
	}
	return values, nil
}

// apply makes nodata unknown and applies scale and offset.
func (b *rasterBand) apply(values []float32) {
	none, has := b.NoDataValue.(float64)
	scale := b.Scale
	if scale == 0 {
		scale = 1
	}
	for i, v := range values {
		switch {
		case has && v == float32(none):
			values[i] = float32(math.NaN())
		case scale != 1 || b.Offset != 0:
			values[i] = float32(float64(v)*scale + b.Offset)
		}
	}
}
