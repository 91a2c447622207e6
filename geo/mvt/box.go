package mvt

import (
	"math"

	"github.com/qiantu/qiantu/geo"
)

// Box is a rectangle in units of the world at [MaxZoom], its borders included.
type Box struct{ West, North, East, South uint32 }

// nowhere holds nothing and meets nothing.
var nowhere = Box{West: math.MaxUint32, North: math.MaxUint32}

func (b Box) meets(o Box) bool {
	return b.West <= o.East && o.West <= b.East && b.North <= o.South && o.North <= b.South
}

// within says whether b lies in o.
func (b Box) within(o Box) bool {
	return b.West >= o.West && b.East <= o.East && b.North >= o.North && b.South <= o.South
}

func (b *Box) take(v vertex) {
	b.West, b.East = min(b.West, v.x), max(b.East, v.x)
	b.North, b.South = min(b.North, v.y), max(b.South, v.y)
}

func (b Box) union(o Box) Box {
	return Box{min(b.West, o.West), min(b.North, o.North), max(b.East, o.East), max(b.South, o.South)}
}

// centre2 is twice the middle.
func (b Box) centre2() [2]uint64 {
	return [2]uint64{uint64(b.West) + uint64(b.East), uint64(b.North) + uint64(b.South)}
}

// boxOf is what a tile shows, so many of its units round it included.
func boxOf(t geo.Tile, buffer int) Box {
	shift := MaxZoom - t.Z
	side, more := int64(Extent)<<shift, int64(buffer)<<shift
	at := func(n uint32, by int64) uint32 {
		return uint32(max(0, min(math.MaxUint32, int64(n)*side+by)))
	}
	return Box{at(t.X, -more), at(t.Y, -more), at(t.X, side+more), at(t.Y, side+more)}
}
