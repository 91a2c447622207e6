package api

import (
	"strings"
	"unicode"

	"github.com/qiantu/qiantu/api/paper"
)

// The sheet of a brief: A4, and its margins, in millimetres.
const (
	a4Width, a4Height = 210.0, 297.0
	briefLeft         = 18.0
	briefTop          = 18.0
	briefRoom         = a4Width - 2*briefLeft
	briefBottom       = a4Height - 12
	cellPad           = 1.2
)

// briefInk are the colours of the page.
var briefInk, briefGrey, briefHair = paper.RGB(0x1D2226), paper.RGB(0x5B636B), paper.RGB(0x9AA0A6)

// pen writes down a page: y is where the next line goes.
type briefPen struct {
	*paper.Sheet
	y     float64
	scale float64 // of type and lines: less than one where the page would not hold all
}

// paper is the page on a sheet of A4, set smaller until it is one page.
func (p *briefPage) paper(fonts *paper.Fonts) *paper.Sheet {
	for scale := 1.0; ; scale -= 0.05 {
		pen := &briefPen{paper.NewSheet(fonts), briefTop, scale}
		pen.Title = p.title
		pen.AddPage(a4Width, a4Height)
		p.draw(pen)
		if pen.y <= briefBottom || scale < 0.5 {
			return pen.Sheet
		}
	}
}

func (p *briefPage) draw(pen *briefPen) {
	l := p.lang
	pen.line(p.title, paper.Type{Size: 17, Bold: true, Color: briefInk, Align: paper.Middle}, 0)
	pen.line(p.about, paper.Type{Size: 9, Color: briefGrey, Align: paper.Middle}, 0)
	pen.part(l.say("part.figures"))
	var head []sheetCell
	for _, key := range []string{"figure", "value", "base", "unknown", "change"} {
		head = append(head, sheetCell{text: l.say("head." + key), bold: true, align: paper.Middle})
	}
	pen.row(briefFigures, head, 9.5)
	for _, f := range p.figures {
		row := []sheetCell{{text: f[0]}, {text: f[1], bold: true, align: paper.Right}}
		for _, text := range f[2:] {
			row = append(row, sheetCell{text: text, align: paper.Right})
		}
		pen.row(briefFigures, row, 10.5)
	}
	pen.part(l.say("part.red"))
	if len(p.red) > 0 {
		p.drawRed(pen)
	}
	if p.below != "" {
		pen.line(p.below, paper.Type{Size: 9, Color: briefInk}, 0)
	}
	pen.part(l.say("part.decide"))
	for i, d := range p.decisions {
		pen.line(strings.TrimSpace(itemNumber(i)+d.text+l.say("stop")+d.lead), paper.Type{Size: 10.5, Color: briefInk}, 5)
	}
	if p.notice != "" {
		pen.y += 2 * pen.scale
		pen.line(p.notice, paper.Type{Size: 7.5, Color: briefGrey}, 0)
	}
}

func (p *briefPage) drawRed(pen *briefPen) {
	upper, lower := p.heads()
	heads := make([]sheetCell, 0, len(briefWidths))
	for i, text := range upper {
		if i == 2 {
			for _, under := range lower {
				heads = append(heads, sheetCell{text: under, bold: true, align: paper.Middle})
			}
			continue
		}
		heads = append(heads, sheetCell{text: text, bold: true, align: paper.Middle})
	}
	pen.row(briefWidths, heads, 8.5)
	for _, r := range p.red {
		pen.row(briefWidths, []sheetCell{
			{text: r.place}, {text: r.levelName, bold: true, align: paper.Middle, ink: inkOf(levelInk[r.level]), fill: inkOf(levelFill[r.level])},
			{text: r.rate, align: paper.Right}, {text: r.lag, align: paper.Right, ink: inkOf(levelInk[r.level])}, {text: r.left, align: paper.Right},
			{text: r.why}, {text: r.who}, {text: r.phone},
		}, 8.5)
	}
}

// inkOf reads a colour of six digits; what is none is clear.
func inkOf(hex string) paper.Color {
	var n uint32
	for _, c := range []byte(hex) {
		n = n<<4 | uint32(strings.IndexByte("0123456789ABCDEF", c)&15)
	}
	if hex == "" {
		return paper.Color{}
	}
	return paper.RGB(n)
}

// height is how far apart lines of a size stand.
func (p *briefPen) height(size float64) float64 { return size * 25.4 / 72 * 1.35 }

func (p *briefPen) part(text string) {
	p.y += 2.5 * p.scale
	p.line(text, paper.Type{Size: 12, Bold: true, Color: briefInk}, 0)
}

// line writes a text over the width of the page, in as many lines as it needs;
// those after the first stand further in by so much.
func (p *briefPen) line(text string, t paper.Type, hang float64) {
	t.Size *= p.scale
	x := briefLeft
	if t.Align == paper.Middle {
		x = a4Width / 2
	}
	for i, part := range p.broken(text, t, briefRoom-hang) {
		p.y += p.height(t.Size)
		if i == 1 {
			x += hang
		}
		p.Text(x, p.y, part, t)
	}
	p.y += 0.6 * p.scale
}

// sheetCell is a field of a row.
type sheetCell struct {
	text  string
	bold  bool
	align paper.Align
	ink   paper.Color // clear: that of the page
	fill  paper.Color
}

// row writes a row of a table, as high as its highest field.
func (p *briefPen) row(widths []float64, cells []sheetCell, size float64) {
	size *= p.scale
	lines := make([][]string, len(cells))
	most := 1
	for i, c := range cells {
		lines[i] = p.broken(c.text, paper.Type{Size: size, Bold: c.bold}, widths[i]-2*cellPad)
		most = max(most, len(lines[i]))
	}
	step := p.height(size)
	high, x := float64(most)*step+1.6*p.scale, briefLeft
	for i, c := range cells {
		box := [][2]float64{{x, p.y}, {x + widths[i], p.y}, {x + widths[i], p.y + high}, {x, p.y + high}, {x, p.y}}
		p.Fill([][][2]float64{box}, c.fill, paper.Pen{Width: 0.15, Color: briefHair})
		t := paper.Type{Size: size, Bold: c.bold, Color: briefInk, Align: c.align}
		if c.ink.A > 0 {
			t.Color = c.ink
		}
		at := map[paper.Align]float64{paper.Left: x + cellPad, paper.Middle: x + widths[i]/2, paper.Right: x + widths[i] - cellPad}[c.align]
		y := p.y + (high-float64(len(lines[i]))*step)/2 - step*0.22
		for _, text := range lines[i] {
			y += step
			p.Text(at, y, text, t)
		}
		x += widths[i]
	}
	p.y += high
}

// broken parts a text into lines no wider than room: between Chinese signs,
// elsewhere at blanks, and inside what is wider than a line. A closing mark
// never begins one.
func (p *briefPen) broken(text string, t paper.Type, room float64) []string {
	var lines []string
	line := ""
	for _, piece := range breaks(text) {
		if line != "" && p.Width(strings.TrimRight(line+piece, " "), t) > room {
			lines, line = append(lines, strings.TrimRight(line, " ")), ""
			piece = strings.TrimLeft(piece, " ")
		}
		for _, r := range piece {
			if line != "" && p.Width(line+string(r), t) > room && r != ' ' && !strings.ContainsRune(closing, r) {
				lines, line = append(lines, line), ""
			}
			line += string(r)
		}
	}
	return append(lines, strings.TrimRight(line, " "))
}

// closing are the marks that stand at the end of what is before them.
const closing = "，。、；：？！）》」』”’％,.;:)!?%"

// breaks are the parts of a text between which a line may end.
func breaks(text string) []string {
	var out []string
	fresh := true
	for _, r := range text {
		wide := r > 0x2E7F && !unicode.IsSpace(r)
		switch {
		case strings.ContainsRune(closing, r) && len(out) > 0:
			out[len(out)-1] += string(r)
			continue
		case fresh || wide || len(out) == 0:
			out = append(out, string(r))
		default:
			out[len(out)-1] += string(r)
		}
		fresh = wide || r == ' '
	}
	return out
}
