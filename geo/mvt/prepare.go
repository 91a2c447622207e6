package mvt

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"unique"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// MaxZoom is the deepest zoom drawn. A unit of its tiles, nine millimetres at the
// equator, is the unit in which prepared vertices are kept.
const MaxZoom = 20

// Extent is the number of units along the side of a tile.
const Extent = 4096

// The kinds of features, as the specification numbers them.
const (
	kindPoint   = 1
	kindLine    = 2
	kindPolygon = 3
)

// Feature is one thing made ready to be drawn in many tiles. It never changes,
// but for what its maker says of when to draw it before it is put into a layer.
type Feature struct {
	First uint8    // the first zoom that shows it
	Group *Feature // what a tile that must be small draws it as part of: a line whose neighbours of the same group join it; nil: it stays alone

	inner uint8     // the least rank between the ends of a single line; zero: it is none
	ends  [2]vertex // of a single line
	box   Box
	names unique.Handle[string] // of its attributes, in order, joined by NUL
	blob  []byte                // id, values, shapes; see [Prepare]
}

// vertexSize is how many bytes a vertex takes: two coordinates and a rank.
const vertexSize = 9

// Prepare makes a feature ready. The id stays the same in every tile, so that a
// screen can tell that two pieces belong together; 0 means none. Properties are
// strings, booleans and numbers; what else there is (nil, NaN, lists) is left
// out. A collection becomes one feature of a tile for each kind in it; a nil
// geometry, or one with coordinates that are not finite, draws nothing.
func Prepare(id uint64, g orb.Geometry, properties map[string]any) *Feature {
	f := &Feature{box: nowhere}
	// The blob is: id, number of values, each with its hash and length; then shapes, each
	// with its kind, number of parts, and each part with twice its number of vertices (and
	// one for a hole) and the vertices.
	blob := binary.AppendUvarint(make([]byte, 0, 160), id)
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	var values []byte
	var one [64]byte
	kept := names[:0]
	for _, name := range names {
		if encoded := appendValue(one[:0], properties[name]); len(encoded) > 0 {
			kept = append(kept, name)
			values = binary.LittleEndian.AppendUint32(values, uint32(maphash.Bytes(seed, encoded)))
			values = append(binary.AppendUvarint(values, uint64(len(encoded))), encoded...)
		}
	}
	f.names = unique.Make(strings.Join(kept, "\x00"))
	blob = append(binary.AppendUvarint(blob, uint64(len(kept))), values...)
	if g != nil && geo.Check(g) == nil {
		var shapes [kindPolygon + 1]shape
		gather(&shapes, g)
		for kind := range shapes {
			blob = f.appendShape(blob, byte(kind), &shapes[kind])
		}
		if len(shapes[kindPoint].parts)+len(shapes[kindPolygon].parts) == 0 && len(shapes[kindLine].parts) == 1 {
			f.takeEnds(shapes[kindLine].parts[0].points)
		}
	}
	f.blob = slices.Clip(slices.Clone(blob))
	return f
}

// takeEnds keeps what a small map draws of a single line at hand.
func (f *Feature) takeEnds(line []vertex) {
	ranks := make([]uint8, len(line))
	rank(line, ranks)
	f.inner, f.ends = MaxZoom+1, [2]vertex{line[0], line[len(line)-1]}
	for _, r := range ranks[1 : len(ranks)-1] {
		f.inner = min(f.inner, r)
	}
}

// seed makes the hashes of values. They decide where a value is looked for and
// never what is written.
var seed = maphash.MakeSeed()

// ID is the id in tiles; 0: none.
func (f *Feature) ID() uint64 {
	id, _ := cut(f.blob)
	return id
}

// Bytes is about how much memory the feature takes.
func (f *Feature) Bytes() int { return 88 + cap(f.blob) }

// BoundBox is what [Prepare] will say of where a geometry of that bound lies.
func BoundBox(b orb.Bound) Box {
	if b.IsEmpty() {
		return nowhere
	}
	nw, se := toWorld(orb.Point{b.Min[0], b.Max[1]}), toWorld(orb.Point{b.Max[0], b.Min[1]})
	return Box{nw.x, nw.y, se.x, se.y}
}

// vertex is a place in units of the world, from its north-western corner.
type vertex struct{ x, y uint32 }

func toWorld(p orb.Point) vertex {
	x, y := geo.UnitMercator(p)
	return vertex{unitOf(x), unitOf(y)}
}

func unitOf(v float64) uint32 {
	return uint32(math.Max(0, math.Min(math.MaxUint32, math.Floor(v*(1<<32)+0.5))))
}

// shape is all of one kind in a feature: points, or lines, or rings.
type shape struct{ parts []part }

type part struct {
	points []vertex
	hole   bool
}

// gather sorts the parts of a geometry by kind.
func gather(shapes *[kindPolygon + 1]shape, g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		shapes[kindPoint].points([]orb.Point{g})
	case orb.MultiPoint:
		shapes[kindPoint].points(g)
	case orb.LineString:
		shapes[kindLine].line(g)
	case orb.MultiLineString:
		for _, line := range g {
			shapes[kindLine].line(line)
		}
	case orb.Ring:
		shapes[kindPolygon].polygon(orb.Polygon{g})
	case orb.Polygon:
		shapes[kindPolygon].polygon(g)
	case orb.MultiPolygon:
		for _, p := range g {
			shapes[kindPolygon].polygon(p)
		}
	case orb.Bound:
		shapes[kindPolygon].polygon(g.ToPolygon())
	case orb.Collection:
		for _, one := range g {
			gather(shapes, one)
		}
	}
}

func (s *shape) points(points []orb.Point) {
	if len(s.parts) == 0 {
		s.parts = append(s.parts, part{})
	}
	for _, p := range points {
		s.parts[0].points = append(s.parts[0].points, toWorld(p))
	}
}

func (s *shape) line(line []orb.Point) {
	if points := worldLine(line); len(points) > 1 {
		s.parts = append(s.parts, part{points: points})
	}
}

// worldLine leaves out vertices that are where the one before is.
func worldLine(line []orb.Point) []vertex {
	out := make([]vertex, 0, len(line)+1)
	for _, p := range line {
		if v := toWorld(p); len(out) == 0 || out[len(out)-1] != v {
			out = append(out, v)
		}
	}
	return out
}

// polygon takes an outer ring and its holes, closed or not.
func (s *shape) polygon(p orb.Polygon) {
	for i, ring := range p {
		points := worldLine(ring)
		if len(points) > 0 && points[0] != points[len(points)-1] {
			points = append(points, points[0])
		}
		if len(points) >= 4 {
			s.parts = append(s.parts, part{points, i > 0})
		} else if i == 0 {
			return // holes of nothing
		}
	}
}

// appendShape writes a shape, unless it is empty, and makes the box hold it.
func (f *Feature) appendShape(blob []byte, kind byte, s *shape) []byte {
	if len(s.parts) == 0 || len(s.parts[0].points) == 0 {
		return blob
	}
	blob = binary.AppendUvarint(append(blob, kind), uint64(len(s.parts)))
	for _, p := range s.parts {
		head := uint64(len(p.points)) << 1
		if p.hole {
			head |= 1
		}
		blob = binary.AppendUvarint(blob, head)
		ranks := make([]uint8, len(p.points))
		if kind != kindPoint {
			rank(p.points, ranks)
		}
		for i, v := range p.points {
			f.box.take(v)
			blob = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(blob, v.x), v.y)
			blob = append(blob, ranks[i])
		}
	}
	return blob
}
