package api

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"

	"github.com/qiantu/qiantu/geo/crs"
	"github.com/qiantu/qiantu/planner"
)

// box is a rectangle of a sheet in millimetres, y down.
type box struct{ left, top, right, bottom float64 }

func (b box) width() float64  { return b.right - b.left }
func (b box) height() float64 { return b.bottom - b.top }

func (b box) bound() orb.Bound {
	return orb.Bound{Min: orb.Point{b.left, b.top}, Max: orb.Point{b.right, b.bottom}}
}

func (b box) has(p orb.Point) bool {
	return p[0] >= b.left && p[0] <= b.right && p[1] >= b.top && p[1] <= b.bottom
}

func (b box) grown(by float64) box {
	return box{b.left - by, b.top - by, b.right + by, b.bottom + by}
}

func (b box) meets(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// corners goes round the rectangle.
func (b box) corners() [][2]float64 {
	return [][2]float64{{b.left, b.top}, {b.right, b.top}, {b.right, b.bottom}, {b.left, b.bottom}}
}

// mapProjection takes degrees to millimetres of a sheet: the Gauss-Krüger
// projection, in the county's own 3-degree zone where it has one, at 1 : scale.
type mapProjection struct {
	crs.Krueger
	zone   int // 0: outside the zones of CGCS2000
	scale  float64
	origin orb.Point // metres of the middle of the frame
	at     orb.Point // and its millimetres
	centre orb.Point // and its degrees
}

// roundScales are the denominators that maps are made at, of each power of ten.
var roundScales = []float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10}

// leastScale is the largest map: one to five hundred.
const leastScale = 500

// fitProjection is the largest round scale at which the degrees fit a frame.
func fitProjection(extent orb.Bound, frame box) (mapProjection, error) {
	p := mapProjection{at: orb.Point{(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2}}
	middle := extent.Center()
	if zone, err := crs.ZoneOf(middle[0]); err == nil {
		p.Krueger, p.zone = crs.Krueger(zone.Meridian), zone.Number
	} else {
		p.Krueger = crs.Krueger(3 * math.Round(middle[0]/3))
	}
	if wide := extent.Max[0] - extent.Min[0]; !(wide < 20) || math.Abs(middle[1]) > 85 {
		return p, wrongMap("bbox", "the map would reach over %.0f degrees, more than the projection is made for; ask for at most 20", wide)
	}
	metres := noBound
	for i := range 9 { // the sides of a rectangle of degrees are curves
		t := float64(i) / 8
		lon, lat := extent.Min[0]+t*(extent.Max[0]-extent.Min[0]), extent.Min[1]+t*(extent.Max[1]-extent.Min[1])
		for _, q := range []orb.Point{{lon, extent.Min[1]}, {lon, extent.Max[1]}, {extent.Min[0], lat}, {extent.Max[0], lat}} {
			metres = metres.Extend(p.Forward(q))
		}
	}
	p.origin = metres.Center()
	p.centre = p.Inverse(p.origin)
	size := metres.Max
	size[0], size[1] = size[0]-metres.Min[0], size[1]-metres.Min[1]
	const air = 0.96 // of the frame, so that nothing touches it
	least := max(size[0]/(frame.width()*air), size[1]/(frame.height()*air), leastScale/1000) * 1000
	p.scale = roundUp(least)
	return p, nil
}

func roundUp(least float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(least)))
	for _, r := range roundScales {
		if r*ten >= least*(1-1e-9) {
			return math.Round(r * ten)
		}
	}
	return math.Round(10 * ten)
}

// place is where a place lies on the sheet.
func (p *mapProjection) place(q orb.Point) orb.Point {
	e := p.Forward(q)
	mm := 1000 / p.scale
	return orb.Point{p.at[0] + (e[0]-p.origin[0])*mm, p.at[1] - (e[1]-p.origin[1])*mm}
}

// degrees is the place that lies at a point of the sheet.
func (p *mapProjection) degrees(q orb.Point) orb.Point {
	m := p.scale / 1000
	return p.Inverse(orb.Point{p.origin[0] + (q[0]-p.at[0])*m, p.origin[1] - (q[1]-p.at[1])*m})
}

// name says which projection it is.
func (p *mapProjection) name(lang Lang) string {
	code := "meridian"
	if p.zone > 0 {
		code = "zone"
	}
	return strings.NewReplacer("{zone}", strconv.Itoa(p.zone), "{meridian}", formatDegrees(float64(p.Krueger))).Replace(lang.mapWord("mapsheet", code))
}

// thinness is how far a drawn line may leave the true one, in millimetres: less
// than a dot of a printer of 600 dots to the inch.
const thinness = 0.03

// lines are the parts of a line that lie in the frame.
func (m *mapSheet) lines(g orb.Geometry) [][][2]float64 {
	var out [][][2]float64
	bound := m.frame.bound()
	for _, line := range outlines(g) {
		placed := make(orb.LineString, len(line))
		for i, p := range line {
			placed[i] = m.page.place(p)
		}
		if !placed.Bound().Intersects(bound) {
			continue
		}
		placed = simplify.DouglasPeucker(thinness).LineString(placed)
		for _, part := range clip.LineString(bound, placed) {
			out = append(out, pairs(part))
		}
	}
	return out
}

// outlines are the lines of a geometry, the rings of areas among them.
func outlines(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	}
	var out []orb.LineString
	for _, polygon := range polygonsOf(g) {
		for _, ring := range polygon {
			out = append(out, orb.LineString(ring))
		}
	}
	return out
}

func polygonsOf(g orb.Geometry) []orb.Polygon {
	switch g := g.(type) {
	case orb.Polygon:
		return []orb.Polygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

// areas are the parts of an area that lie in the frame, each with its holes.
func (m *mapSheet) areas(g orb.Geometry) [][][][2]float64 {
	var out [][][][2]float64
	bound := m.frame.bound()
	for _, polygon := range polygonsOf(g) {
		placed := make(orb.Polygon, len(polygon))
		for i, ring := range polygon {
			placed[i] = make(orb.Ring, len(ring))
			for k, p := range ring {
				placed[i][k] = m.page.place(p)
			}
		}
		if len(placed) == 0 || !placed.Bound().Intersects(bound) {
			continue
		}
		var rings [][][2]float64
		for _, ring := range clip.Polygon(bound, placed) {
			if thin := simplify.DouglasPeucker(thinness).Ring(ring); len(thin) > 3 {
				rings = append(rings, pairs(orb.LineString(thin[:len(thin)-1])))
			}
		}
		if len(rings) > 0 {
			out = append(out, rings)
		}
	}
	return out
}

func pairs(line orb.LineString) [][2]float64 {
	out := make([][2]float64, len(line))
	for i, p := range line {
		out[i] = p
	}
	return out
}

// textOf, numberOf are attributes of a feature, empty where it has none.
func textOf(f *planner.Feature, name string) string {
	text, _ := f.Properties[name].(string)
	return text
}

func numberOf(f *planner.Feature, name string) (float64, bool) {
	switch v := f.Properties[name].(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
