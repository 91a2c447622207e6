package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Color is red, green, blue and how much it covers what lies under it: A 255 covers wholly, 0 draws nothing.
type Color struct{ R, G, B, A uint8 }

// RGB is a colour that covers, from its six digits: RGB(0x2E8B6F).
func RGB(hex uint32) Color { return Color{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255} }

// Over is the colour at a share of its cover, from 0 to 1.
func (c Color) Over(share float64) Color {
	c.A = uint8(min(max(share, 0), 1)*float64(c.A) + 0.5)
	return c
}

// Pen draws a line: Width in millimetres (0 draws none), Dash the lengths of dashes and gaps in turn in millimetres, none for a solid
// line. Flat ends the line at its last point instead of rounding it off; corners are always round.
type Pen struct {
	Width float64
	Color Color
	Dash  []float64
	Flat  bool
}

// Align says where the given place lies in a text.
type Align uint8

// The ends of a text.
const (
	Left   Align = iota
	Middle       // in its middle
	Right        // at its right end
)

// Type is how a text is set. Size is in points. A Halo of some millimetres in HaloColor lies around the letters, so that they can be
// read on a busy ground.
type Type struct {
	Size      float64
	Bold      bool
	Color     Color
	Align     Align
	Halo      float64
	HaloColor Color
}

// point is a printer's point in millimetres.
const point = 25.4 / 72

// Sheet is a set of pages and what is drawn on them. One goroutine draws; what is drawn may be written many times.
type Sheet struct {
	Title string // for the reader's window and list of documents
	fonts *Fonts
	pages []page
}

type page struct {
	width, height float64
	dx, dy        float64 // where the corner of the drawing lies on the page
	marks         *[]mark
}

// mark is one thing drawn: a stroke, a fill or a text.
type mark struct {
	rings [][][2]float64
	fill  Color
	pen   Pen
	text  *setText
}

// setText is a text with its place: the left end of its base line.
type setText struct {
	x, y  float64
	words string
	t     Type
}

// NewSheet is a sheet without pages.
func NewSheet(f *Fonts) *Sheet { return &Sheet{fonts: f} }

// AddPage begins a page of so many millimetres; what follows is drawn on it.
func (s *Sheet) AddPage(width, height float64) {
	s.pages = append(s.pages, page{width: width, height: height, marks: &[]mark{}})
}

// Pages is how many pages there are.
func (s *Sheet) Pages() int { return len(s.pages) }

// Size is the width and height of a page in millimetres.
func (s *Sheet) Size(page int) (width, height float64) {
	return s.pages[page].width, s.pages[page].height
}

// Strips is the same drawing with its first page cut across its longer side into n pages, each overlapping the next by so many
// millimetres, for a plotter that is narrower than the sheet.
func (s *Sheet) Strips(n int, overlap float64) *Sheet {
	whole := s.pages[0]
	cut := &Sheet{Title: s.Title, fonts: s.fonts}
	long := max(whole.width, whole.height)
	length := (long + overlap*float64(n-1)) / float64(n)
	for i := range n {
		from := float64(i) * (length - overlap)
		strip := whole
		if whole.width >= whole.height {
			strip.width, strip.dx = length, whole.dx-from
		} else {
			strip.height, strip.dy = length, whole.dy-from
		}
		cut.pages = append(cut.pages, strip)
	}
	return cut
}

func (s *Sheet) add(m mark) {
	marks := s.pages[len(s.pages)-1].marks
	*marks = append(*marks, m)
}

// Line draws a line through points. A single point is a dot of the pen's width.
func (s *Sheet) Line(points [][2]float64, p Pen) {
	if len(points) == 0 || p.Width <= 0 || p.Color.A == 0 {
		return
	}
	s.add(mark{rings: [][][2]float64{points}, pen: p})
}

// Fill fills the area within an odd number of rings and draws the rings with the pen. Rings are closed by themselves.
func (s *Sheet) Fill(rings [][][2]float64, c Color, p Pen) {
	kept := make([][][2]float64, 0, len(rings))
	for _, ring := range rings {
		if len(ring) >= 3 {
			kept = append(kept, ring)
		}
	}
	if len(kept) == 0 {
		return
	}
	if c.A > 0 {
		s.add(mark{rings: kept, fill: c})
	}
	for _, ring := range kept {
		closed := append(ring[:len(ring):len(ring)], ring[0])
		s.Line(closed, p)
	}
}

// Text sets one line of text; y is its base line. Signs that have no shape (tabs, line ends) are spaces.
func (s *Sheet) Text(x, y float64, text string, t Type) {
	text = plain(text)
	if text == "" || t.Size <= 0 {
		return
	}
	switch t.Align {
	case Middle:
		x -= s.Width(text, t) / 2
	case Right:
		x -= s.Width(text, t)
	}
	s.add(mark{text: &setText{x: x, y: y, words: text, t: t}})
}

// Width is how wide a text is, in millimetres.
func (s *Sheet) Width(text string, t Type) float64 {
	sum := 0
	for _, r := range plain(text) {
		_, g, _ := s.fonts.pick(r, t.Bold)
		sum += g.advance
	}
	return float64(sum) / 1000 * t.Size * point
}

// plain is a text without control signs and without bytes that are no text.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) && r != '\u3000' || unicode.IsControl(r) {
			return ' '
		}
		if r == utf8.RuneError {
			return '?'
		}
		return r
	}, text)
}
