package paper

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// brush paints the marks of a page on strips of pixels.
type brush struct {
	fonts  *Fonts
	page   page
	scale  float64 // pixels to the millimetre
	fill   vector.Rasterizer
	strip  *image.RGBA
	origin image.Point // of the rasteriser on the page
}

func newBrush(f *Fonts, p page, dpi float64) *brush {
	return &brush{fonts: f, page: p, scale: dpi / 25.4}
}

func (b *brush) paint(strip *image.RGBA) {
	b.strip = strip
	for _, m := range *b.page.marks {
		switch {
		case m.text != nil:
			b.text(m.text)
		case m.fill.A > 0:
			b.area(m.rings, m.fill)
		default:
			b.stroke(m.rings[0], m.pen)
		}
	}
}

// pixel is where a place on the sheet lies on the picture.
func (b *brush) pixel(p [2]float64) [2]float64 {
	return [2]float64{(p[0] + b.page.dx) * b.scale, (p[1] + b.page.dy) * b.scale}
}

// begin clears the rasteriser for a box of pixels; it is false where the box lies off the strip.
func (b *brush) begin(box [4]float64) bool {
	r := image.Rect(int(math.Floor(box[0])), int(math.Floor(box[1])), int(math.Ceil(box[2]))+1, int(math.Ceil(box[3]))+1).Intersect(b.strip.Rect)
	if r.Empty() {
		return false
	}
	b.origin = r.Min
	b.fill.Reset(r.Dx(), r.Dy())
	return true
}

func (b *brush) end(c Color) {
	ink := image.NewUniform(color.NRGBA{c.R, c.G, c.B, c.A})
	r := image.Rectangle{b.origin, b.origin.Add(b.fill.Size())}
	b.fill.Draw(b.strip, r, ink, image.Point{})
}

func (b *brush) local(p [2]float64) (x, y float32) {
	return float32(p[0] - float64(b.origin.X)), float32(p[1] - float64(b.origin.Y))
}

// polygon adds a ring of pixels to the shape.
func (b *brush) polygon(ring [][2]float64) {
	for i, p := range ring {
		x, y := b.local(p)
		if i == 0 {
			b.fill.MoveTo(x, y)
		} else {
			b.fill.LineTo(x, y)
		}
	}
	b.fill.ClosePath()
}

// area fills what lies within an odd number of rings. The rasteriser adds up turns, so rings are turned by how deep they lie.
func (b *brush) area(rings [][][2]float64, c Color) {
	turned := make([][][2]float64, len(rings))
	box := nothing
	for i, ring := range rings {
		pixels := make([][2]float64, len(ring))
		for k, p := range ring {
			pixels[k] = b.pixel(p)
			box = grow(box, pixels[k], 0)
		}
		turned[i] = pixels
	}
	if !b.begin(box) {
		return
	}
	for i, ring := range turned {
		deep := 0
		for k, other := range turned {
			if k != i && within(ring[0], other) {
				deep++
			}
		}
		if (turn(ring) > 0) == (deep%2 == 1) {
			ring = reversed(ring)
		}
		b.polygon(ring)
	}
	b.end(c)
}

// stroke draws a line as one shape, so that a line that covers in part is not darker where it crosses itself.
func (b *brush) stroke(points [][2]float64, p Pen) {
	box := nothing
	pixels := make([][2]float64, len(points))
	half := max(p.Width*b.scale, 1) / 2 // a hairline is a pixel wide
	for i, at := range points {
		pixels[i] = b.pixel(at)
		box = grow(box, pixels[i], half)
	}
	if !b.begin(box) {
		return
	}
	b.lines(pixels, p, half)
	b.end(p.Color)
}

func (b *brush) lines(pixels [][2]float64, p Pen, half float64) {
	for _, piece := range dashes(pixels, p.Dash, b.scale) {
		for i := range piece {
			if !p.Flat || i > 0 && i < len(piece)-1 {
				b.disc(piece[i], half)
			}
			if i > 0 {
				b.bar(piece[i-1], piece[i], half)
			}
		}
	}
}

// off says that a box around the two places does not touch what is being drawn.
func (b *brush) off(p, q [2]float64, half float64) bool {
	low, high := float64(b.origin.Y), float64(b.origin.Y+b.fill.Size().Y)
	return max(p[1], q[1])+half < low || min(p[1], q[1])-half > high
}

// bar is a straight stretch of a line, turned the same way as every other and as the discs.
func (b *brush) bar(p, q [2]float64, half float64) {
	dx, dy := q[0]-p[0], q[1]-p[1]
	long := math.Hypot(dx, dy)
	if long == 0 || b.off(p, q, half) {
		return
	}
	nx, ny := -dy/long*half, dx/long*half
	b.polygon([][2]float64{{p[0] - nx, p[1] - ny}, {q[0] - nx, q[1] - ny}, {q[0] + nx, q[1] + ny}, {p[0] + nx, p[1] + ny}})
}

// disc is the round of a corner or an end.
func (b *brush) disc(at [2]float64, radius float64) {
	if b.off(at, at, radius) {
		return
	}
	sides := min(max(int(radius*4), 8), 48)
	ring := make([][2]float64, sides)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(sides))
		ring[i] = [2]float64{at[0] + cos*radius, at[1] + sin*radius}
	}
	b.polygon(ring)
}

// text paints a text sign by sign, its halo first.
func (b *brush) text(t *setText) {
	size := t.t.Size * point * b.scale
	start := b.pixel([2]float64{t.x, t.y})
	runs := b.fonts.runs(t.words, t.t.Bold)
	if t.t.Halo > 0 {
		b.signs(runs, start, size, t.t.HaloColor, t.t.Halo*b.scale)
	}
	b.signs(runs, start, size, t.t.Color, 0)
}

func (b *brush) signs(runs []run, at [2]float64, size float64, c Color, halo float64) {
	for _, run := range runs {
		thick := halo
		if run.thicken {
			thick += size * boldShare / 2
		}
		for _, g := range run.glyphs {
			b.sign(g, at, size, c, thick)
			at[0] += float64(g.advance) / 1000 * size
		}
	}
}

// sign paints one glyph, made thicker by so many pixels on every side.
func (b *brush) sign(g *glyph, at [2]float64, size float64, c Color, thick float64) {
	contours := g.outline(at, size)
	box := nothing
	for _, ring := range contours {
		for _, p := range ring {
			box = grow(box, p, thick)
		}
	}
	if len(contours) == 0 || !b.begin(box) {
		return
	}
	for _, ring := range contours {
		b.polygon(ring)
	}
	b.end(c)
	if thick <= 0 || !b.begin(box) {
		return
	}
	for _, ring := range contours {
		b.lines(append(ring, ring[0]), Pen{}, thick)
	}
	b.end(c)
}
