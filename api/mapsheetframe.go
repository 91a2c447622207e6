package api

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
)

// Furniture of a sheet of A3, in millimetres.
const (
	sheetMargin = 9
	titleHeight = 15
	degreeBand  = 4.5 // round the map, with the degrees
	sideWidth   = 62  // of the column beside the map
	sideHeight  = 80  // of the band under it
	sideGap     = 4
)

// mapFrame is where the map lies: beside the legend on a sheet that is wide,
// above it on one that is high.
func (m *mapSheet) mapFrame() box {
	u := m.unit
	edge := (sheetMargin + degreeBand) * u
	frame := box{edge, edge + titleHeight*u, m.width - edge, m.height - edge}
	if m.width > m.height {
		frame.right -= (sideWidth + sideGap) * u
	} else {
		frame.bottom -= (sideHeight + sideGap) * u
	}
	return frame
}

// side is where the legend and the imprint lie.
func (m *mapSheet) side() box {
	u := m.unit
	all := box{sheetMargin * u, (sheetMargin + titleHeight) * u, m.width - sheetMargin*u, m.height - sheetMargin*u}
	if m.width > m.height {
		all.left = all.right - sideWidth*u
	} else {
		all.top = all.bottom - sideHeight*u
	}
	return all
}

// drawFurniture draws all that is round the map, over what stands out of it.
func (m *mapSheet) drawFurniture() {
	m.surround()
	m.graticule()
	m.north()
	u := m.unit
	outer := m.frame.grown(degreeBand * u)
	m.Fill([][][2]float64{m.frame.corners()}, paper.Color{}, paper.Pen{Width: 0.2 * u, Color: m.ink["ink"]})
	m.Fill([][][2]float64{outer.corners()}, paper.Color{}, paper.Pen{Width: 0.6 * u, Color: m.ink["ink"]})
	title := paper.Type{Size: 24 * u, Bold: true, Color: m.ink["ink"], Align: paper.Middle}
	middle, wide := (outer.left+outer.right)/2, m.width-2*sheetMargin*u
	if m.width > m.height { // over the sheet, not over the map alone
		middle = m.width / 2
	}
	title.Size = m.shrink(m.Title, title, wide)
	m.Text(middle, (sheetMargin+9.5)*u, m.Title, title)
	m.drawSide()
}

// shrink is the size at which a text is no wider than so many millimetres.
func (m *mapSheet) shrink(text string, t paper.Type, wide float64) float64 {
	if w := m.Width(text, t); w > wide {
		return t.Size * wide / w
	}
	return t.Size
}

// surround covers what hangs out of the frame.
func (m *mapSheet) surround() {
	f := m.frame
	for _, b := range []box{{0, 0, m.width, f.top}, {0, f.bottom, m.width, m.height}, {0, f.top, f.left, f.bottom}, {f.right, f.top, m.width, f.bottom}} {
		m.Fill([][][2]float64{b.corners()}, paper.RGB(0xFFFFFF), paper.Pen{})
	}
}

// graticuleSteps are the distances of meridians and parallels, in minutes.
var graticuleSteps = []float64{0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300}

// graticule draws ticks on the frame where whole minutes cross it, with their
// degrees, and small crosses where they meet on the map.
func (m *mapSheet) graticule() {
	f := m.frame
	sw, ne := m.page.degrees(orb.Point{f.left, f.bottom}), m.page.degrees(orb.Point{f.right, f.top})
	step := graticuleStep(max(ne[0]-sw[0], ne[1]-sw[1]))
	lons, lats := multiples(sw[0]-step, ne[0]+step, step), multiples(sw[1]-step, ne[1]+step, step)
	for _, lon := range lons {
		for _, y := range []float64{f.top, f.bottom} {
			if x, on := crossing(f.left, f.right, func(x float64) float64 { return m.page.degrees(orb.Point{x, y})[0] - lon }); on {
				m.tick(orb.Point{x, y}, formatDegrees(lon))
			}
		}
		for _, lat := range lats {
			if at := m.page.place(orb.Point{lon, lat}); f.grown(-2 * m.unit).has(at) {
				m.cross(at)
			}
		}
	}
	for _, lat := range lats {
		for _, x := range []float64{f.left, f.right} {
			if y, on := crossing(f.bottom, f.top, func(y float64) float64 { return m.page.degrees(orb.Point{x, y})[1] - lat }); on {
				m.tick(orb.Point{x, y}, formatDegrees(lat))
			}
		}
	}
}

// graticuleStep is the least distance in degrees with at most eight of it on
// the map.
func graticuleStep(degrees float64) float64 {
	for _, minutes := range graticuleSteps {
		if degrees*60 <= 7*minutes {
			return minutes / 60
		}
	}
	return graticuleSteps[len(graticuleSteps)-1] / 60
}

func multiples(low, high, step float64) []float64 {
	var out []float64
	for i := math.Ceil(low / step); i*step <= high; i++ {
		out = append(out, i*step)
	}
	return out
}

// crossing is where a rising function is zero between two ends.
func crossing(low, high float64, f func(float64) float64) (float64, bool) {
	if f(low) > 0 || f(high) < 0 {
		return 0, false
	}
	for range 50 {
		if middle := (low + high) / 2; f(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low, true
}

// formatDegrees writes degrees, minutes and seconds, as many as there are.
func formatDegrees(v float64) string {
	seconds := int(math.Round(v * 3600))
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	out := fmt.Sprintf("%s%d°", sign, seconds/3600)
	if seconds%3600 != 0 {
		out += fmt.Sprintf("%02d′", seconds/60%60)
	}
	if seconds%60 != 0 {
		out += fmt.Sprintf("%02d″", seconds%60)
	}
	return out
}

// tick marks a place of the frame and writes its degrees outside it: beside the
// sides in two lines, for the band is narrow.
func (m *mapSheet) tick(at orb.Point, text string) {
	u, f := m.unit, m.frame
	pen := paper.Pen{Width: 0.15 * u, Color: m.ink["ink"], Flat: true}
	t := paper.Type{Size: 6.5 * u, Color: m.ink["ink"], Align: paper.Middle}
	const long = 1.2
	switch at[1] {
	case f.top:
		m.Line([][2]float64{{at[0], at[1]}, {at[0], at[1] - long*u}}, pen)
		m.Text(at[0], at[1]-1.7*u, text, t)
		return
	case f.bottom:
		m.Line([][2]float64{{at[0], at[1]}, {at[0], at[1] + long*u}}, pen)
		m.Text(at[0], at[1]+3.6*u, text, t)
		return
	}
	out := -1.0
	if at[0] == f.right {
		out = 1
	}
	m.Line([][2]float64{{at[0], at[1]}, {at[0] + out*long*u, at[1]}}, pen)
	degrees, minutes, _ := strings.Cut(text, "°")
	t.Size = 5.5 * u
	m.Text(at[0]+out*2.4*u, at[1]-0.7*u, degrees+"°", t)
	m.Text(at[0]+out*2.4*u, at[1]+2.2*u, minutes, t)
}

func (m *mapSheet) cross(at orb.Point) {
	arm := 1.1 * m.unit
	pen := paper.Pen{Width: 0.12 * m.unit, Color: m.ink["ink2"].Over(0.7), Flat: true}
	m.Line([][2]float64{{at[0] - arm, at[1]}, {at[0] + arm, at[1]}}, pen)
	m.Line([][2]float64{{at[0], at[1] - arm}, {at[0], at[1] + arm}}, pen)
}

// northBox is what the arrow needs.
func (m *mapSheet) northBox() box {
	f, u := m.frame, m.unit
	return box{f.right - 14*u, f.top, f.right, f.top + 21*u}
}

// north draws an arrow to true north, in the upper right corner of the map.
func (m *mapSheet) north() {
	u := m.unit
	at := orb.Point{m.frame.right - 9*u, m.frame.top + 13*u}
	from := m.page.degrees(at)
	to := m.page.place(orb.Point{from[0], from[1] + 1e-3*m.page.scale/1e5})
	sin, cos := math.Sincos(math.Atan2(to[0]-at[0], at[1]-to[1]))
	turn := func(x, y float64) [2]float64 {
		return [2]float64{at[0] + (x*cos-y*sin)*u, at[1] + (x*sin+y*cos)*u}
	}
	halo := paper.Pen{Width: 1.6 * u, Color: m.ink["halo"].Over(0.85)}
	whole := [][2]float64{turn(0, -7), turn(3.2, 6), turn(0, 3.4), turn(-3.2, 6)}
	m.Fill([][][2]float64{whole}, m.ink["halo"], halo)
	m.Fill([][][2]float64{{turn(0, -7), turn(0, 3.4), turn(-3.2, 6)}}, m.ink["ink"], paper.Pen{})
	m.Fill([][][2]float64{whole}, paper.Color{}, paper.Pen{Width: 0.3 * u, Color: m.ink["ink"]})
	head := turn(0, -8.2)
	m.Text(head[0], head[1], m.word("mapsheet", "north"), paper.Type{
		Size: 10 * u, Bold: true, Color: m.ink["ink"], Align: paper.Middle, Halo: 0.6 * u, HaloColor: m.ink["halo"],
	})
}

// scaleBar draws a bar of a round length, in five parts, and gives how high it is.
func (m *mapSheet) scaleBar(x, y, wide float64) float64 {
	u := m.unit
	metres := roundBar(wide * 0.72 * m.page.scale / 1000)
	long := metres / m.page.scale * 1000
	m.Text(x, y+3.4*u, strings.ReplaceAll(m.word("mapsheet", "scale"), "{n}", inThrees(int64(m.page.scale))), paper.Type{Size: 10 * u, Bold: true, Color: m.ink["ink"]})
	top, high := y+8.6*u, 1.4*u
	const parts = 4
	for i := range parts {
		part := box{x + long*float64(i)/parts, top, x + long*float64(i+1)/parts, top + high}
		fill := paper.RGB(0xFFFFFF)
		if i%2 == 0 {
			fill = m.ink["ink"]
		}
		m.Fill([][][2]float64{part.corners()}, fill, paper.Pen{Width: 0.2 * u, Color: m.ink["ink"]})
	}
	t := paper.Type{Size: 6.5 * u, Color: m.ink["ink"], Align: paper.Middle}
	unit, name := 1000.0, "km"
	if metres < 1000 {
		unit, name = 1, "m"
	}
	m.Text(x+long, top-0.8*u, plainNumber(metres/unit)+" "+name, t)
	m.Text(x+long/2, top-0.8*u, plainNumber(metres/unit/2), t)
	t.Align = paper.Left
	m.Text(x, top-0.8*u, "0", t)
	return 12.5 * u
}

// roundBar is the longest of 1, 2, 4 and 5 with noughts that is no longer.
func roundBar(most float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(most)))
	for _, n := range []float64{5, 4, 2} {
		if n*ten <= most {
			return n * ten
		}
	}
	return ten
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// inThrees writes a whole number in groups of three with thin gaps.
func inThrees(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}

// imprint is what stands under the legend: what the sheet is of, when and whose.
func (m *mapSheet) imprint() []string {
	s := m.a.Snapshot
	say := func(code, name, value string) string {
		return strings.ReplaceAll(m.word("mapsheet", code), "{"+name+"}", value)
	}
	out := []string{m.page.name(m.o.Lang), say("as_of", "date", s.AsOf.String())}
	if !s.KnownAt.IsZero() {
		out = append(out, say("known_at", "time", clock(s.KnownAt)))
	}
	out = append(out, say("revision", "n", strconv.FormatInt(m.o.Revision, 10)))
	if supposed := SupposedIn(m.a); supposed != "" {
		out = append(out, say("supposed", "what", supposed))
	}
	if s.Region.Source != "" {
		out = append(out, say("source", "source", s.Region.Source))
	}
	if m.o.Maker != "" {
		out = append(out, say("maker", "maker", m.o.Maker))
	}
	if m.o.Review != "" {
		return append(out, say("review", "n", m.o.Review))
	}
	return append(out, m.word("mapsheet", "internal"))
}

// notice is what a reader of the county must be told, as that it is invented.
func (m *mapSheet) notice() string {
	return m.nameOf(m.a.Snapshot.Region.Notice, m.a.Snapshot.Region.NoticeEN)
}
