package api

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
)

// legendEntry is a symbol with what it means, or the head of a group, which has
// no symbol.
type legendEntry struct {
	text string
	draw func(at orb.Point)
}

// legendGroup is the keys of the legend that belong together, in their order.
type legendGroup struct {
	head, layer string
	values      []string
	draw        func(m *mapSheet, value string, at orb.Point)
}

// legendGroups are those of the screen. A value that does not occur on the map
// is not named.
var legendGroups = []legendGroup{
	{"road", "road", []string{"done", "doing", "not_started", "planned", "unknown", "existing", "disputed"}, (*mapSheet).roadSample},
	{"width", "width", []string{"national", "provincial", "county", "township", "village", "track"}, (*mapSheet).classSample},
	{"village", "village", []string{"connected", "reached", "not", "unknown"}, (*mapSheet).villageSample},
	{"water", "water", []string{"safe", "basic", "unsafe", "unsurveyed"}, (*mapSheet).villageSample},
	{"supply", "supply", []string{"served", "no_capacity", "out_of_reach", "not_surveyed"}, (*mapSheet).villageSample},
	{"region", "region", []string{"blue", "yellow", "orange", "red"}, (*mapSheet).warningSample},
	{"water_project", "water_project", []string{"built", "building", "planned", "unknown", "small"}, (*mapSheet).workSample},
	{"relocation_site", "relocation_site", []string{"site"}, (*mapSheet).siteSample},
	{"move", "move", []string{"moved", "planned"}, (*mapSheet).moveSample},
	{"facility", "facility", []string{"county_seat", "township_seat", "school", "clinic", "market", "industrial_park"}, (*mapSheet).facilitySample},
	{"border", "border", []string{"county", "township"}, (*mapSheet).borderSample},
	{"reference", "reference", []string{"water", "hazard", "red_line", "farmland", "flood"}, (*mapSheet).referenceSample},
}

// legend lists what occurs on the map.
func (m *mapSheet) legend() []legendEntry {
	var out []legendEntry
	for _, g := range legendGroups {
		var entries []legendEntry
		for _, value := range g.values {
			if m.shown[g.layer+":"+value] {
				entries = append(entries, legendEntry{m.word(g.layer, value), func(at orb.Point) { g.draw(m, value, at) }})
			}
		}
		if len(entries) > 0 {
			out = append(append(out, legendEntry{text: m.word("layer", g.head)}), entries...)
		}
	}
	return out
}

// sampleLong is how long the line of a sample is, on A3.
const sampleLong = 9

func (m *mapSheet) sampleLine(at orb.Point) [][2]float64 {
	half := sampleLong * m.unit / 2
	return [][2]float64{{at[0] - half, at[1]}, {at[0] + half, at[1]}}
}

func (m *mapSheet) sampleBox(at orb.Point) [][][2]float64 {
	return [][][2]float64{box{at[0], at[1], at[0], at[1]}.grownBy(sampleLong*m.unit/2, 1.5*m.unit).corners()}
}

func (b box) grownBy(x, y float64) box { return box{b.left - x, b.top - y, b.right + x, b.bottom + y} }

func (m *mapSheet) roadSample(state string, at orb.Point) {
	line := m.sampleLine(at)
	if state == "disputed" {
		wide := m.roadWidth("township", 1.3) + 2*m.px
		m.Line(line, paper.Pen{Width: wide, Color: m.ink["cinnabar"], Dash: []float64{4 * m.px, 2 * m.px}, Flat: true})
		m.Line(line, paper.Pen{Width: wide - 2*m.px, Color: m.ink["halo"], Flat: true})
		state = "done"
	}
	for _, s := range roadStyles {
		if s.state == state {
			m.roads([]drawnRoad{{"township", false, [][][2]float64{line}}}, s)
		}
	}
}

// classOf is the class in the legend that a road is drawn as wide as.
func classOf(class string) string {
	names := map[float64]string{2.3: "national", 1.7: "provincial", 1.3: "county", 1.1: "township", 0.7: "track"}
	if name := names[roadWeight(class)]; name != "" {
		return name
	}
	return "village"
}

func (m *mapSheet) classSample(class string, at orb.Point) {
	m.Line(m.sampleLine(at), paper.Pen{Width: m.roadWidth(class, 1), Color: m.ink["ink2"], Flat: true})
}

func (m *mapSheet) villageSample(verdict string, at orb.Point) {
	m.glyphAt(at, m.sampleSize()).village(verdict)
}

// sampleSize is the size at which a glyph fills a line of the legend, whatever
// its size on the map.
func (m *mapSheet) sampleSize() float64 { return 3.6 * m.unit / glyphSide / m.px }

func (m *mapSheet) warningSample(level string, at orb.Point) {
	for _, ring := range m.sampleBox(at) {
		m.warn([][][2]float64{ring}, level)
	}
	m.Fill(m.sampleBox(at), paper.Color{}, paper.Pen{Width: 0.25 * m.unit, Color: m.ink[level]})
}

func (m *mapSheet) workSample(state string, at orb.Point) {
	m.glyphAt(at, m.sampleSize()).work(state)
}

func (m *mapSheet) siteSample(_ string, at orb.Point) { m.glyphAt(at, m.sampleSize()).site(2) }

func (m *mapSheet) moveSample(state string, at orb.Point) {
	m.Line(m.sampleLine(at), m.movePen(state, 200))
}

func (m *mapSheet) facilitySample(kind string, at orb.Point) {
	m.glyphAt(at, m.sampleSize()).facility(kind)
}

func (m *mapSheet) borderSample(level string, at orb.Point) {
	m.Line(m.sampleLine(at), m.borderPen(level))
}

func (m *mapSheet) referenceSample(kind string, at orb.Point) {
	if kind == "water" {
		m.Fill(m.sampleBox(at), m.ink["river"], paper.Pen{})
		return
	}
	m.bind(m.sampleBox(at), bindings[kind])
}

// drawSide sets the legend, and the imprint under it or beside it.
func (m *mapSheet) drawSide() {
	u, side := m.unit, m.side()
	imprint := side
	columns := 1
	if m.width > m.height {
		imprint.top = imprint.bottom - m.imprintHeight(imprint.width())
		side.bottom = imprint.top - 3*u
	} else {
		columns = 3
		imprint.left = imprint.right - sideWidth*u
		side.right = imprint.left - 5*u
	}
	head := paper.Type{Size: 13 * u, Bold: true, Color: m.ink["ink"]}
	m.Text(side.left, side.top+4.6*u, m.word("mapsheet", "legend"), head)
	side.top += 8 * u
	m.setLegend(side, columns)
	m.setImprint(imprint)
}

// setLegend flows the entries into columns, closer where they are many, groups
// unbroken where there is room for that.
func (m *mapSheet) setLegend(within box, columns int) {
	entries := m.legend()
	u := m.unit
	rows := (len(entries)+columns-1)/columns + columns - 1
	pitch := min(5.2*u, within.height()/float64(max(rows, 1)))
	fit := max(int(within.height()/pitch+1e-9), 1)
	wide := within.width() / float64(columns)
	places, used := flow(entries, fit, true)
	if used > columns {
		places, _ = flow(entries, fit, false)
	}
	for i, e := range entries {
		x, y := within.left+float64(places[i][0])*wide, within.top+(float64(places[i][1])+0.5)*pitch
		m.setEntry(e, x, y, wide, min(8.5*u, pitch*1.75))
	}
}

// flow gives the column and row of every entry, and how many columns are used.
// A head never ends a column; whole keeps its group with it.
func flow(entries []legendEntry, fit int, whole bool) (places [][2]int, columns int) {
	row, column := 0, 0
	for i, e := range entries {
		needs := 1
		if e.draw == nil {
			needs = 2
			for whole && i+needs < len(entries) && entries[i+needs].draw != nil {
				needs++
			}
		}
		if row > 0 && row+min(needs, fit) > fit {
			row, column = 0, column+1
		}
		places = append(places, [2]int{column, row})
		row++
	}
	return places, column + 1
}

func (m *mapSheet) setEntry(e legendEntry, x, y, wide, size float64) {
	u := m.unit
	t := paper.Type{Size: size, Color: m.ink["ink"]}
	base := y + size*pointMM*0.36
	if e.draw == nil {
		t.Bold, t.Color = true, m.ink["ink2"]
		m.Text(x, base, e.text, t)
		return
	}
	e.draw(orb.Point{x + sampleLong*u/2 + 0.5*u, y})
	left := (sampleLong + 3) * u
	t.Size = m.shrink(e.text, t, wide-left-u)
	m.Text(x+left, base, e.text, t)
}

// imprintType is the type of the imprint.
func (m *mapSheet) imprintType() paper.Type {
	return paper.Type{Size: 7.5 * m.unit, Color: m.ink["ink2"]}
}

// imprintLeading is the distance of its lines.
func (m *mapSheet) imprintLeading() float64 { return 7.5 * m.unit * pointMM * 1.45 }

func (m *mapSheet) imprintLines(wide float64) (lines []string, notice int) {
	for _, text := range m.imprint() {
		lines = append(lines, m.wrap(text, m.imprintType(), wide)...)
	}
	if text := m.notice(); text != "" {
		told := m.wrap(text, m.imprintType(), wide)
		return append(lines, told...), len(told)
	}
	return lines, 0
}

func (m *mapSheet) imprintHeight(wide float64) float64 {
	lines, _ := m.imprintLines(wide)
	return 12.5*m.unit + float64(len(lines))*m.imprintLeading()
}

func (m *mapSheet) setImprint(in box) {
	y := in.top + m.scaleBar(in.left, in.top, in.width())
	lines, notice := m.imprintLines(in.width())
	t := m.imprintType()
	for i, line := range lines {
		if i == len(lines)-notice {
			t.Color, t.Bold = m.ink["cinnabar"], true
		}
		y += m.imprintLeading()
		m.Text(in.left, y-0.3*m.imprintLeading(), line, t)
	}
}

// wrap breaks a text into lines no wider than so many millimetres: at spaces,
// and between Chinese characters.
func (m *mapSheet) wrap(text string, t paper.Type, wide float64) []string {
	var lines []string
	line := ""
	for _, word := range breakable(text) {
		if line != "" && m.Width(line+strings.TrimRight(word, " "), t) > wide {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += word
	}
	return append(lines, strings.TrimRight(line, " "))
}

// breakable cuts a text into what must stay together: words with the space
// after them, and single Chinese characters with the mark that ends them.
func breakable(text string) []string {
	var out []string
	word := ""
	for _, r := range text {
		wide := r >= 0x2E80
		closing := strings.ContainsRune("，。、；：）》”", r)
		if wide && !closing && word != "" {
			out, word = append(out, word), ""
		}
		word += string(r)
		if r == ' ' || closing {
			out, word = append(out, word), ""
		} else if wide {
			continue
		}
	}
	if word != "" {
		out = append(out, word)
	}
	return out
}
