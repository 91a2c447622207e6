package paper

import (
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// glyph is the shape of one sign, in thousandths of the type size, y up, rounded to whole ones as the fonts in a PDF have them.
type glyph struct {
	advance int
	curves  []curve
	missing bool // the font has no such sign: the shape is its mark for that
}

// curve is one step of an outline: a move, a line or a cubic.
type curve struct {
	kind curveKind
	at   [3][2]int // the end alone for a move and a line; for a cubic both handles and the end
}

type curveKind uint8

const (
	moveTo curveKind = iota
	lineTo
	cubeTo
)

func (f *face) glyph(r rune) *glyph {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.glyphs[r]; g != nil {
		return g
	}
	g := f.read(r)
	f.glyphs[r] = g
	return g
}

// read takes a sign out of the file. One that cannot be read (a damaged file) is an empty sign of full width.
func (f *face) read(r rune) *glyph {
	index, err := f.font.GlyphIndex(&f.buffer, r)
	g := &glyph{advance: 1000, missing: err != nil || index == 0}
	if err != nil {
		return g
	}
	scale := fixed.I(int(f.font.UnitsPerEm()))
	if advance, err := f.font.GlyphAdvance(&f.buffer, index, scale, font.HintingNone); err == nil {
		g.advance = f.thousandths(advance)
	}
	if segments, err := f.font.LoadGlyph(&f.buffer, index, scale, nil); err == nil {
		g.curves = f.curves(segments)
	}
	return g
}

func (f *face) thousandths(v fixed.Int26_6) int {
	return int(math.Round(float64(v) / 64 * 1000 / f.unit))
}

func (f *face) point(p fixed.Point26_6) [2]int {
	return [2]int{f.thousandths(p.X), -f.thousandths(p.Y)}
}

// curves turns the segments of a font into lines and cubics: a quadratic is exactly a cubic.
func (f *face) curves(segments sfnt.Segments) []curve {
	out := make([]curve, 0, len(segments))
	var last fixed.Point26_6
	for _, s := range segments {
		end := s.Args[0]
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out = append(out, curve{moveTo, [3][2]int{f.point(end)}})
		case sfnt.SegmentOpLineTo:
			out = append(out, curve{lineTo, [3][2]int{f.point(end)}})
		case sfnt.SegmentOpQuadTo:
			handle := s.Args[0]
			end = s.Args[1]
			out = append(out, curve{cubeTo, [3][2]int{f.point(twoThirds(last, handle)), f.point(twoThirds(end, handle)), f.point(end)}})
		case sfnt.SegmentOpCubeTo:
			end = s.Args[2]
			out = append(out, curve{cubeTo, [3][2]int{f.point(s.Args[0]), f.point(s.Args[1]), f.point(end)}})
		}
		last = end
	}
	return out
}

func twoThirds(from, to fixed.Point26_6) fixed.Point26_6 {
	return fixed.Point26_6{X: from.X + (to.X-from.X)*2/3, Y: from.Y + (to.Y-from.Y)*2/3}
}
