package paper

import (
	"bytes"
	"fmt"
)

// content is what a page draws, in the operators of PDF. The first line makes millimetres from the top left the units.
func (s *Sheet) content(d *document, p page) []byte {
	c := &content{document: d, fonts: s.fonts}
	fmt.Fprintf(&c.out, "%.6f 0 0 %.6f %s %s cm 1 J 1 j\n", 1/point, -1/point, decimal(p.dx/point), decimal((p.height-p.dy)/point))
	for _, m := range *p.marks {
		switch {
		case m.text != nil:
			c.text(m.text)
		case m.fill.A > 0:
			c.fill(m.rings, m.fill)
		default:
			c.stroke(m.rings[0], m.pen)
		}
	}
	return c.out.Bytes()
}

// content remembers what is set, so that nothing is said twice.
type content struct {
	*document
	fonts *Fonts
	out   bytes.Buffer

	filled, stroked Color
	cover           uint8
	width           float64
	dash            string
	flat            bool
	begun           bool
}

// set emits the operators of a change alone.
func (c *content) set(fill, stroke *Color, a uint8) {
	if !c.begun || a != c.cover {
		fmt.Fprintf(&c.out, "/%s gs\n", c.document.cover(a))
		c.cover = a
	}
	if fill != nil && (!c.begun || *fill != c.filled) {
		fmt.Fprintf(&c.out, "%s rg\n", channels(*fill))
		c.filled = *fill
	}
	if stroke != nil && (!c.begun || *stroke != c.stroked) {
		fmt.Fprintf(&c.out, "%s RG\n", channels(*stroke))
		c.stroked = *stroke
	}
	// the first colours of a page are black in PDF, as they are here, so both are known from the first mark on
	if !c.begun {
		c.begun = true
		if fill == nil {
			c.filled = Color{A: 1}
		}
		if stroke == nil {
			c.stroked = Color{A: 1}
		}
	}
}

func channels(c Color) string {
	return decimal(float64(c.R)/255) + " " + decimal(float64(c.G)/255) + " " + decimal(float64(c.B)/255)
}

func (c *content) path(points [][2]float64) {
	for i, p := range points {
		op := " l "
		if i == 0 {
			op = " m "
		}
		c.out.WriteString(decimal(p[0]) + " " + decimal(p[1]) + op)
	}
	if len(points) == 1 { // a line to itself is a dot of the round end
		c.out.WriteString(decimal(points[0][0]) + " " + decimal(points[0][1]) + " l ")
	}
}

func (c *content) fill(rings [][][2]float64, color Color) {
	c.set(&color, nil, color.A)
	for _, ring := range rings {
		c.path(ring)
		c.out.WriteString("h ")
	}
	c.out.WriteString("f*\n")
}

func (c *content) stroke(points [][2]float64, p Pen) {
	c.set(nil, &p.Color, p.Color.A)
	c.line(p)
	c.path(points)
	c.out.WriteString("S\n")
}

func (c *content) line(p Pen) {
	if p.Width != c.width {
		fmt.Fprintf(&c.out, "%s w\n", decimal(p.Width))
		c.width = p.Width
	}
	dash := ""
	for _, d := range p.Dash {
		dash += decimal(d) + " "
	}
	if dash != c.dash {
		fmt.Fprintf(&c.out, "[%s] 0 d\n", dash)
		c.dash = dash
	}
	if p.Flat != c.flat {
		if p.Flat {
			c.out.WriteString("0 J\n")
		} else {
			c.out.WriteString("1 J\n")
		}
		c.flat = p.Flat
	}
}

// text writes a text run by run of one font. Its halo is the same text stroked before, which readers are told to pass over.
func (c *content) text(t *setText) {
	if t.t.Halo > 0 {
		c.set(nil, &t.t.HaloColor, t.t.HaloColor.A)
		c.line(Pen{Width: 2 * t.t.Halo})
		c.out.WriteString("/Span<</ActualText<FEFF>>>BDC\n")
		c.runs(t, 1)
		c.out.WriteString("EMC\n")
	}
	c.set(&t.t.Color, &t.t.Color, t.t.Color.A)
	c.runs(t, 0)
}

// runs shows a text in a mode of drawing: 0 filled, 1 stroked. Type that is bold by thickening alone is filled and stroked.
func (c *content) runs(t *setText, mode int) {
	x := t.x
	for _, run := range c.fonts.runs(t.words, t.t.Bold) {
		name, subset := c.font(run.face)
		shown := mode
		if run.thicken && mode == 0 {
			shown = 2
			c.line(Pen{Width: t.t.Size * point * boldShare})
		}
		fmt.Fprintf(&c.out, "BT /%s %s Tf %d Tr 1 0 0 -1 %s %s Tm <", name, decimal(t.t.Size*point), shown, decimal(x), decimal(t.y))
		for _, r := range run.signs {
			fmt.Fprintf(&c.out, "%04X", subset.number(r))
		}
		c.out.WriteString("> Tj ET\n")
		x += float64(run.advance) / 1000 * t.t.Size * point
	}
}

// boldShare is the share of the type size by which thickened type is stroked.
const boldShare = 0.035

// run is signs of a text that follow each other in one font.
type run struct {
	face    *face
	thicken bool
	signs   []rune
	glyphs  []*glyph
	advance int
}

func (f *Fonts) runs(text string, bold bool) []run {
	var out []run
	for _, r := range text {
		face, g, thicken := f.pick(r, bold)
		if len(out) == 0 || out[len(out)-1].face != face {
			out = append(out, run{face: face, thicken: thicken})
		}
		last := &out[len(out)-1]
		last.signs = append(last.signs, r)
		last.glyphs = append(last.glyphs, g)
		last.advance += g.advance
	}
	return out
}
