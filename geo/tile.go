package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Tile is a tile of the web map: zoom, column from the antimeridian, row from
// the north. A Tile that [ParseTile] gave exists.
type Tile struct{ Z, X, Y uint32 }

// MaxZoom is the deepest zoom served; CellZoom that of the cells in which
// changes are told.
const (
	MaxZoom  = 22
	CellZoom = 12
)

// MaxLatitude is where the square web map ends.
const MaxLatitude = 85.05112877980659

// ParseTile reads the three numbers of a tile path: ASCII digits only, no
// sign, no leading zero, zoom 0 to 22, column and row below 2 to the zoom.
func ParseTile(z, x, y string) (Tile, error) {
	zoom, err := tileNumber("zoom", z, MaxZoom)
	if err != nil {
		return Tile{}, err
	}
	last := uint32(1)<<zoom - 1
	column, err := tileNumber("column", x, last)
	if err != nil {
		return Tile{}, err
	}
	row, err := tileNumber("row", y, last)
	if err != nil {
		return Tile{}, err
	}
	return Tile{zoom, column, row}, nil
}

func tileNumber(name, s string, last uint32) (uint32, error) {
	n, ok := uint64(0), len(s) > 0 && len(s) <= 7 && (len(s) == 1 || s[0] != '0')
	for i := 0; ok && i < len(s); i++ {
		ok = s[i] >= '0' && s[i] <= '9'
		n = n*10 + uint64(s[i]-'0')
	}
	if !ok || n > uint64(last) {
		return 0, fmt.Errorf("geo: tile %s %.20q: want a whole number from 0 to %d", name, s, last)
	}
	return uint32(n), nil
}

// String writes z/x/y.
func (t Tile) String() string { return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y) }

// Exists says whether the zoom is served and has that column and row.
func (t Tile) Exists() bool {
	return t.Z <= MaxZoom && t.X < 1<<t.Z && t.Y < 1<<t.Z
}

// Bound is the tile's rectangle in degrees.
func (t Tile) Bound() orb.Bound {
	n := math.Exp2(float64(t.Z))
	return orb.Bound{
		Min: orb.Point{float64(t.X)/n*360 - 180, mercatorLatitude(float64(t.Y+1) / n)},
		Max: orb.Point{float64(t.X+1)/n*360 - 180, mercatorLatitude(float64(t.Y) / n)},
	}
}

// Parent is the tile one zoom out that holds this one; that of the whole world
// is itself.
func (t Tile) Parent() Tile {
	if t.Z == 0 {
		return t
	}
	return Tile{t.Z - 1, t.X / 2, t.Y / 2}
}

// At is the ancestor at a smaller zoom, or the north-western descendant at a
// greater one (no deeper than MaxZoom).
func (t Tile) At(zoom uint32) Tile {
	zoom = min(zoom, MaxZoom)
	if zoom <= t.Z {
		return Tile{zoom, t.X >> (t.Z - zoom), t.Y >> (t.Z - zoom)}
	}
	return Tile{zoom, t.X << (zoom - t.Z), t.Y << (zoom - t.Z)}
}

// Contains says whether the other tile is this one or lies in it.
func (t Tile) Contains(o Tile) bool { return o.Z >= t.Z && o.At(t.Z) == t }

// TileAt is the tile at a zoom that holds a point. Latitudes beyond the web
// map count as its edge, longitudes are taken round the earth.
func TileAt(p orb.Point, zoom uint32) Tile {
	zoom = min(zoom, MaxZoom)
	x, y := UnitMercator(orb.Point{math.Remainder(p[0], 360), p[1]})
	return Tile{zoom, tileCell(x, zoom), tileCell(y, zoom)}
}

func tileCell(v float64, zoom uint32) uint32 {
	n := math.Exp2(float64(zoom))
	return uint32(math.Max(0, math.Min(n-1, math.Floor(v*n)))) // NaN becomes 0
}

// UnitMercator projects to the unit square, y to the south.
func UnitMercator(p orb.Point) (x, y float64) {
	lat := math.Max(-MaxLatitude, math.Min(MaxLatitude, p[1]))
	sin := math.Sin(lat * math.Pi / 180)
	return p[0]/360 + 0.5, 0.5 - math.Atanh(sin)/(2*math.Pi)
}

func mercatorLatitude(y float64) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi
}

// Covering gives the tiles at a zoom that a bound touches, row by row from the
// north-west; a bound whose west is greater than its east, or that runs beyond
// ±180°, goes over the antimeridian. An empty (upside down) or NaN bound gives
// none, and so does one of more than a million tiles.
func Covering(b orb.Bound, zoom uint32) []Tile {
	zoom = min(zoom, MaxZoom)
	width := b.Max[0] - b.Min[0]
	if width < 0 {
		width += 360
	}
	if !(b.Min[1] <= b.Max[1]) || !(width >= 0) {
		return nil
	}
	n := uint32(1) << zoom
	nw, se := TileAt(orb.Point{b.Min[0], b.Max[1]}, zoom), TileAt(orb.Point{b.Max[0], b.Min[1]}, zoom)
	columns := (se.X+n-nw.X)%n + 1
	if width >= 360 || columns == 1 && width > 180 {
		nw.X, columns = 0, n
	}
	if uint64(columns)*uint64(se.Y-nw.Y+1) > 1_000_000 {
		return nil
	}
	out := make([]Tile, 0, columns*(se.Y-nw.Y+1))
	for y := nw.Y; y <= se.Y; y++ {
		for i := range columns {
			out = append(out, Tile{zoom, (nw.X + i) % n, y})
		}
	}
	return out
}

// Cells gives the cells (tiles of zoom 12) that a bound touches.
func Cells(b orb.Bound) []Tile { return Covering(b, CellZoom) }
