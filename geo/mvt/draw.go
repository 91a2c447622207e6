package mvt

import (
	"encoding/binary"
	"math"

	"github.com/qiantu/qiantu/geo"
)

// drawing turns prepared vertices into the commands of one tile.
type drawing struct {
	originX, originY int64 // of the tile, in units of the world
	shift            uint  // from units of the world to those of the tile
	inner            Box   // what lies in it needs no clipping
	low, high        float64
	detail           uint8   // vertices of a greater rank are left out
	smallest         float64 // lines shorter and areas smaller (units, square units) are left out

	points []spot // of the part in hand, unrounded
	spare  []spot
	cells  []cell
	pen    pen
}

// spot is a place in units of the tile, cell one in whole ones.
type spot struct{ x, y float64 }

type cell struct{ x, y int32 }

func (s spot) whole() cell {
	return cell{int32(math.Floor(s.x + 0.5)), int32(math.Floor(s.y + 0.5))}
}

func (d *drawing) begin(tile geo.Tile, o Options) {
	d.shift = uint(MaxZoom - tile.Z)
	d.originX, d.originY = int64(tile.X)*Extent<<d.shift, int64(tile.Y)*Extent<<d.shift
	d.inner = boxOf(tile, o.Buffer)
	d.low, d.high = -float64(o.Buffer), float64(Extent+o.Buffer)
	d.detail = uint8(min(o.Detail, MaxZoom))
	d.smallest = math.Exp2(float64(int(tile.Z) - o.Detail))
}

// cellOf rounds a vertex to whole units, halves up.
func (d *drawing) cellOf(x, y uint32) cell {
	half := int64(1) << d.shift >> 1
	return cell{int32((int64(x) - d.originX + half) >> d.shift), int32((int64(y) - d.originY + half) >> d.shift)}
}

func (d *drawing) spotOf(x, y uint32) spot {
	scale := 1 / float64(uint64(1)<<d.shift)
	return spot{float64(int64(x)-d.originX) * scale, float64(int64(y)-d.originY) * scale}
}

// cut takes a number off a blob.
func cut(blob []byte) (uint64, []byte) {
	if len(blob) > 0 && blob[0] < 0x80 {
		return uint64(blob[0]), blob[1:]
	}
	n, size := binary.Uvarint(blob)
	return n, blob[size:]
}

// shape draws the next shape of a blob with the pen and gives what follows it.
func (d *drawing) shape(blob []byte, inside bool) (kind byte, rest []byte) {
	kind = blob[0]
	parts, blob := cut(blob[1:])
	d.pen.lift()
	hidden := false // the polygon in hand, with its holes
	for range parts {
		var head uint64
		head, blob = cut(blob)
		size := int(head>>1) * vertexSize
		vertices := blob[:size]
		blob = blob[size:]
		switch kind {
		case kindPoint:
			d.dots(vertices)
		case kindLine:
			d.line(vertices, inside)
		case kindPolygon:
			if hole := head&1 == 1; !hole {
				hidden = !d.ring(vertices, inside, false)
			} else if !hidden {
				d.ring(vertices, inside, true)
			}
		}
	}
	return kind, blob
}

// dots draws the points that lie in the tile and its buffer.
func (d *drawing) dots(vertices []byte) {
	d.cells = d.cells[:0]
	for ; len(vertices) > 0; vertices = vertices[vertexSize:] {
		x, y := binary.LittleEndian.Uint32(vertices), binary.LittleEndian.Uint32(vertices[4:])
		if x >= d.inner.West && x <= d.inner.East && y >= d.inner.North && y <= d.inner.South {
			d.cells = append(d.cells, d.cellOf(x, y))
		}
	}
	if len(d.cells) > 0 {
		d.pen.command(moveTo, len(d.cells))
		d.pen.follow(d.cells)
	}
}

// line draws a line, or what of it lies in the tile and its buffer.
func (d *drawing) line(vertices []byte, inside bool) {
	d.lineRuns(vertices, inside, func(cells []cell) {
		if spread(cells) >= d.smallest {
			d.pen.path(cells)
		}
	})
}

// lineRuns gives the pieces of a line in the tile, each of at least two cells,
// none like the one before. A piece is good until the next.
func (d *drawing) lineRuns(vertices []byte, inside bool, give func([]cell)) {
	d.cells = d.cells[:0]
	end := func() {
		if len(d.cells) > 1 {
			give(d.cells)
		}
		d.cells = d.cells[:0]
	}
	if inside {
		for ; len(vertices) > 0; vertices = vertices[vertexSize:] {
			if vertices[8] <= d.detail {
				d.add(d.cellOf(binary.LittleEndian.Uint32(vertices), binary.LittleEndian.Uint32(vertices[4:])))
			}
		}
		end()
		return
	}
	d.take(vertices)
	for i := 1; i < len(d.points); i++ {
		a, b, seen := d.clipPiece(d.points[i-1], d.points[i])
		if !seen {
			end()
			continue
		}
		if a != d.points[i-1] {
			end()
		}
		d.add(a.whole())
		d.add(b.whole())
		if b != d.points[i] {
			end()
		}
	}
	end()
}

// add adds a cell to those in hand unless it is the last of them.
func (d *drawing) add(c cell) {
	if n := len(d.cells); n == 0 || d.cells[n-1] != c {
		d.cells = append(d.cells, c)
	}
}

// take takes the vertices of a part that the detail shows.
func (d *drawing) take(vertices []byte) {
	d.points = d.points[:0]
	for ; len(vertices) > 0; vertices = vertices[vertexSize:] {
		if vertices[8] <= d.detail {
			d.points = append(d.points, d.spotOf(binary.LittleEndian.Uint32(vertices), binary.LittleEndian.Uint32(vertices[4:])))
		}
	}
}

// spread is the longer side of the box round some cells.
func spread(cells []cell) float64 {
	low, high := cells[0], cells[0]
	for _, c := range cells[1:] {
		low.x, low.y, high.x, high.y = min(low.x, c.x), min(low.y, c.y), max(high.x, c.x), max(high.y, c.y)
	}
	return float64(max(high.x-low.x, high.y-low.y))
}

// ring draws a ring of a polygon and says whether there was something to draw.
func (d *drawing) ring(vertices []byte, inside, hole bool) bool {
	d.take(vertices)
	if !inside {
		d.clipRing()
	}
	d.cells = d.cells[:0]
	for _, p := range d.points {
		d.add(p.whole())
	}
	if n := len(d.cells); n > 1 && d.cells[0] == d.cells[n-1] {
		d.cells = d.cells[:n-1]
	}
	if len(d.cells) < 3 {
		return false
	}
	area := shoelace(d.cells)
	if math.Abs(area) < math.Max(d.smallest*d.smallest, 0.5) {
		return false
	}
	// Seen with y downwards an outer ring has a positive area, a hole a negative one.
	if (area > 0) == hole {
		reverse(d.cells[1:])
	}
	d.pen.path(d.cells)
	d.pen.command(closePath, 1)
	return true
}

func reverse(cells []cell) {
	for i, j := 0, len(cells)-1; i < j; i, j = i+1, j-1 {
		cells[i], cells[j] = cells[j], cells[i]
	}
}

func shoelace(cells []cell) float64 {
	twice := int64(0)
	for i, a := range cells {
		b := cells[(i+1)%len(cells)]
		twice += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return float64(twice) / 2
}

// pen writes commands; coordinates are relative to where it stands.
type pen struct {
	at   cell
	data []byte
}

const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func (p *pen) lift() { p.at, p.data = cell{}, p.data[:0] }

func (p *pen) command(id, count int) { p.data = appendVarint(p.data, uint64(count)<<3|uint64(id)) }

func (p *pen) follow(cells []cell) {
	data, at := p.data, p.at
	for _, c := range cells {
		data = appendStep(appendStep(data, c.x-at.x), c.y-at.y)
		at = c
	}
	p.data, p.at = data, at
}

// appendStep writes a difference; most take one or two bytes.
func appendStep(b []byte, step int32) []byte {
	n := uint32(step)<<1 ^ uint32(step>>31)
	switch {
	case n < 1<<7:
		return append(b, byte(n))
	case n < 1<<14:
		return append(b, byte(n)|0x80, byte(n>>7))
	}
	return appendVarint(b, uint64(n))
}

// path moves to the first cell and draws to the others.
func (p *pen) path(cells []cell) {
	p.command(moveTo, 1)
	p.follow(cells[:1])
	p.command(lineTo, len(cells)-1)
	p.follow(cells[1:])
}
