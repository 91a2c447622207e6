package api

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
)

// The symbols of a printed map are those of the screen: palette.ts, glyph.ts and
// layer/*.ts of the web map say them, and a test holds the tables here to them.

// mapPalette is the colours by name.
type mapPalette map[string]paper.Color

// mapColours are the light palette of the screen.
var mapColours = map[string]uint32{
	"paper": 0xF1ECE0, "panel": 0xFBF9F4, "ink": 0x1D2226, "ink2": 0x565E66, "hair": 0xD9D3C4, "malachite": 0x2E8B6F, "azurite": 0x2F6699,
	"ochre": 0xB9772B, "core": 0xFBE9CF, "cinnabar": 0xC0392B, "ash": 0x9AA0A6, "wisteria": 0x7E6AA8, "blue": 0x6FA8DC, "yellow": 0xE8C547,
	"orange": 0xE08E45, "red": 0xC0392B, "gold": 0xC9A24B, "river": 0xA9C6DB, "land": 0xF7F4EC, "halo": 0xFBF9F4,
}

// paletteOf is the palette of a theme. In grey every colour is as light as it
// was; what is told apart by colour on the screen has its own dash, glyph or
// hatching besides. Around letters and under the map lies white: that of paper.
func paletteOf(theme string) mapPalette {
	out := mapPalette{}
	for name, hex := range mapColours {
		c := paper.RGB(hex)
		if theme == "grey" {
			light := uint8(math.Round(0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)))
			c = paper.Color{R: light, G: light, B: light, A: 255}
		}
		out[name] = c
	}
	out["paper"], out["halo"] = paper.RGB(0xFFFFFF), paper.RGB(0xFFFFFF)
	if theme == "grey" {
		out["land"] = paper.RGB(0xFFFFFF)
	}
	return out
}

// roadWeights is how wide a class is drawn against an ordinary road.
var roadWeights = map[string]float64{
	"motorway": 2.3, "trunk": 2.3, "expressway": 2.3, "national": 2.3, "class1": 2.3, "motorway_link": 2.3, "trunk_link": 2.3,
	"primary": 1.7, "secondary": 1.7, "provincial": 1.7, "class2": 1.7, "primary_link": 1.7, "secondary_link": 1.7,
	"tertiary": 1.3, "county": 1.3, "class3": 1.3, "tertiary_link": 1.3,
	"unclassified": 1.1, "township": 1.1, "class4": 1.1,
	"track": 0.7, "service": 0.7, "path": 0.7, "footway": 0.7,
}

const otherRoadWeight = 0.95

func roadWeight(class string) float64 {
	if w := roadWeights[class]; w > 0 {
		return w
	}
	return otherRoadWeight
}

// roadStyle is how roads of a state are drawn: a colour, dashes in widths of the
// line, how wide against its class, and how wide its light core.
type roadStyle struct {
	state, colour string
	dash          []float64
	factor, core  float64
}

// roadStyles are the states in the order of drawing: what is not built lies
// under what is.
var roadStyles = []roadStyle{
	{"planned", "ash", []float64{1.6, 2}, 1, 0},
	{"unknown", "wisteria", []float64{0.1, 2}, 1, 0},
	{"not_started", "cinnabar", []float64{3, 1.8}, 1, 0},
	{"existing", "ink", nil, 0.55, 0},
	{"doing", "ochre", nil, 1.25, 0.4},
	{"done", "malachite", nil, 1.25, 0},
}

// stop is a value at a zoom.
type stop struct{ zoom, value float64 }

// between is the value at a zoom between stops, growing by a base: 1 evenly.
func between(zoom, base float64, stops ...stop) float64 {
	if zoom <= stops[0].zoom {
		return stops[0].value
	}
	for i := 1; i < len(stops); i++ {
		a, b := stops[i-1], stops[i]
		if zoom > b.zoom {
			continue
		}
		t := (zoom - a.zoom) / (b.zoom - a.zoom)
		if base != 1 {
			t = (math.Pow(base, zoom-a.zoom) - 1) / (math.Pow(base, b.zoom-a.zoom) - 1)
		}
		return a.value + t*(b.value-a.value)
	}
	return stops[len(stops)-1].value
}

// roadWidth is the width of a road in millimetres at the zoom of the map.
func (m *mapSheet) roadWidth(class string, factor float64) float64 {
	return between(m.zoom, 1.5, stop{7, 0.9}, stop{10, 1.9}, stop{13, 3.4}, stop{17, 12}) * roadWeight(class) * factor * m.px
}

func (m *mapSheet) roadPen(s roadStyle, width float64) paper.Pen {
	pen := paper.Pen{Width: width, Color: m.ink[s.colour], Flat: s.dash != nil && s.state != "unknown"}
	for _, d := range s.dash {
		pen.Dash = append(pen.Dash, d*width)
	}
	return pen
}

// glyphFills says how the glyph of a value is filled: f whole, h half, o not at
// all, d as a dotted ring.
var glyphFills = map[string]byte{
	"connected": 'f', "reached": 'h', "not": 'o', "unknown": 'd', "safe": 'f', "basic": 'h', "unsafe": 'o', "unsurveyed": 'd',
	"served": 'f', "no_capacity": 'h', "out_of_reach": 'o', "not_surveyed": 'd', "built": 'f', "small": 'f', "building": 'h', "planned": 'o',
}

// verdictColours are the colours of villages; another value is unknown.
var verdictColours = map[string]string{
	"connected": "malachite", "reached": "ochre", "not": "cinnabar", "safe": "azurite", "basic": "azurite", "unsafe": "cinnabar",
	"served": "azurite", "no_capacity": "ochre", "out_of_reach": "cinnabar",
}

// workColours are the colours of water works; another state is azurite.
var workColours = map[string]string{"planned": "ash", "unknown": "wisteria", "small": "cinnabar"}

// glyphSide is the side of the square of the screen that a glyph is drawn in.
const glyphSide = 22

// glyph draws on a square of 22 about a place.
type glyph struct {
	*mapSheet
	at    orb.Point
	scale float64 // millimetres to one of the 22
}

func (m *mapSheet) glyphAt(at orb.Point, size float64) glyph {
	return glyph{m, at, size * m.px}
}

func (g glyph) point(x, y float64) [2]float64 {
	return [2]float64{g.at[0] + (x-glyphSide/2)*g.scale, g.at[1] + (y-glyphSide/2)*g.scale}
}

func (g glyph) points(xy ...float64) [][2]float64 {
	out := make([][2]float64, 0, len(xy)/2)
	for i := 0; i+1 < len(xy); i += 2 {
		out = append(out, g.point(xy[i], xy[i+1]))
	}
	return out
}

func (g glyph) disc(radius float64, colour string) {
	g.Line(g.points(11, 11), paper.Pen{Width: 2 * radius * g.scale, Color: g.ink[colour]})
}

// arc is a circle, or its left half alone, as points.
func (g glyph) arc(radius float64, half bool) [][2]float64 {
	const sides = 24
	from, round := 0.0, 2*math.Pi
	if half {
		from, round = math.Pi/2, math.Pi
	}
	out := make([][2]float64, sides+1)
	for i := range out {
		sin, cos := math.Sincos(from + round*float64(i)/sides)
		out[i] = g.point(11+radius*cos, 11+radius*sin)
	}
	return out
}

// village draws the dot of a verdict: full, half, hollow or a dotted ring.
func (g glyph) village(value string) {
	colour := verdictColours[value]
	if colour == "" {
		colour = "wisteria"
	}
	g.disc(9.7, "halo")
	switch glyphFills[value] {
	case 'f':
		g.disc(8.4, colour)
	case 'h':
		g.disc(8.4, colour)
		g.disc(6, "halo")
		g.Fill([][][2]float64{g.arc(6.2, true)}, g.ink[colour], paper.Pen{})
	case 'o':
		g.disc(8.8, colour)
		g.disc(5.6, "halo")
	default:
		g.Line(g.arc(7.2, false), paper.Pen{Width: 2.4 * g.scale, Color: g.ink[colour], Dash: []float64{2 * g.scale, 2.4 * g.scale}, Flat: true})
	}
}

// work draws the triangle of a water work.
func (g glyph) work(state string) {
	colour := workColours[state]
	if colour == "" {
		colour = "azurite"
	}
	ring := g.points(11, 3.5, 19, 17.5, 3, 17.5)
	g.Fill([][][2]float64{ring}, g.ink["halo"], paper.Pen{Width: 5 * g.scale, Color: g.ink["halo"]})
	pen := paper.Pen{Width: 2.4 * g.scale, Color: g.ink[colour]}
	switch glyphFills[state] {
	case 'f':
		g.Fill([][][2]float64{ring}, g.ink[colour], pen)
	case 'h':
		g.Fill([][][2]float64{g.points(11, 3.5, 11, 17.5, 3, 17.5)}, g.ink[colour], paper.Pen{})
		g.Fill([][][2]float64{ring}, paper.Color{}, pen)
	case 'o':
		pen.Width = 3.2 * g.scale
		g.Fill([][][2]float64{ring}, paper.Color{}, pen)
	default:
		pen.Dash, pen.Flat = []float64{2 * g.scale, 2.4 * g.scale}, true
		g.Fill([][][2]float64{ring}, paper.Color{}, pen)
	}
	if state == "small" {
		g.Fill([][][2]float64{g.points(10, 7.5, 12, 7.5, 12, 12.5, 10, 12.5)}, g.ink["halo"], paper.Pen{})
		g.Fill([][][2]float64{g.points(10, 14, 12, 14, 12, 16, 10, 16)}, g.ink["halo"], paper.Pen{})
	}
}

// site draws a gold square filled from below by quarters of what is taken.
func (g glyph) site(quarters float64) {
	const low, high, side = 4, 18, 14
	square := func(grow float64) [][][2]float64 {
		return [][][2]float64{g.points(low-grow, low-grow, high+grow, low-grow, high+grow, high+grow, low-grow, high+grow)}
	}
	g.Fill(square(2.5), g.ink["halo"], paper.Pen{})
	if quarters > 0 {
		top := high - side*quarters/4
		g.Fill([][][2]float64{g.points(low, top, high, top, high, high, low, high)}, g.ink["gold"], paper.Pen{})
	}
	g.Fill(square(1), paper.Color{}, paper.Pen{Width: g.scale, Color: g.ink["ink"]})
	g.Fill(square(0), paper.Color{}, paper.Pen{Width: 2 * g.scale, Color: g.ink["gold"]})
}

// facilityMarks are the strokes of a facility's mark; a stroke of three numbers
// is a circle: its middle and radius.
var facilityMarks = map[string][][]float64{
	"county_seat":     {{11, 11, 8}, {11, 11, 5}, {11, 11, 2}},
	"township_seat":   {{11, 11, 6}, {11, 11, 2}},
	"school":          {{6, 18, 6, 4, 16, 7.5, 6, 11}},
	"clinic":          {{11, 5, 11, 17}, {5, 11, 17, 11}},
	"market":          {{4.5, 9, 11, 4.5, 17.5, 9}, {6, 9, 6, 17, 16, 17, 16, 9}},
	"industrial_park": {{4, 17, 4, 9, 9, 12, 9, 9, 14, 12, 14, 5, 18, 5, 18, 17, 4, 17}},
}

// facility draws the mark of a kind, a small ring for another kind.
func (g glyph) facility(kind string) {
	strokes := facilityMarks[kind]
	if strokes == nil {
		strokes = [][]float64{{11, 11, 3}}
	}
	for _, pass := range []struct {
		colour string
		width  float64
	}{{"halo", 4.5}, {"ink", 1.8}} {
		pen := paper.Pen{Width: pass.width * g.scale, Color: g.ink[pass.colour]}
		for _, s := range strokes {
			if len(s) == 3 {
				g.Line(g.arc(s[2], false), pen)
			} else {
				g.Line(g.points(s...), pen)
			}
		}
	}
}
