package api

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/planner"
)

// labelKind is what a label names, the most important first.
type labelKind int

const (
	seatLabel labelKind = iota
	townshipLabel
	siteLabel
	villageLabel
	facilityLabel
	hamletLabel
)

// labelStyle is how a kind is set: pixels of the screen, and from which zoom on.
type labelStyle struct {
	size   float64
	bold   bool
	colour string
	from   float64
}

var labelStyles = map[labelKind]labelStyle{
	seatLabel: {16, true, "ink", 0}, townshipLabel: {15, true, "ink", 8.4}, siteLabel: {12, false, "ink", 9.3}, villageLabel: {11, false, "ink", 10},
	facilityLabel: {10, false, "ink2", 12}, hamletLabel: {9.5, false, "ink2", 11.6},
}

// mapLabel is a name waiting for a place: round a point, so far from it.
type mapLabel struct {
	kind   labelKind
	lines  []string
	at     orb.Point
	reach  float64
	weight float64 // of two of a kind the heavier is placed first
	id     uint64
}

// label has a name placed when all names are known, and keeps the symbol it
// belongs to from being hidden by others.
func (m *mapSheet) label(f *planner.Feature, at orb.Point, reach float64, kind labelKind) {
	symbol := box{at[0], at[1], at[0], at[1]}.grown(reach * 0.85)
	m.symbols.add(symbol)
	name := m.nameOf(textOf(f, "name"), textOf(f, "name_en"))
	if kind == siteLabel {
		m.names.add(symbol) // hidden by no name at all
	}
	switch textOf(f, "kind") {
	case "county_seat":
		kind, name = seatLabel, m.nameOf(m.a.Snapshot.Region.Name, m.a.Snapshot.Region.NameEN)
		m.names.add(symbol)
	case "township_seat": // the township's own name stands there
		return
	}
	if name == "" || m.zoom < labelStyles[kind].from {
		return
	}
	persons, _ := numberOf(f, "persons")
	m.labels = append(m.labels, mapLabel{kind, []string{name}, at, reach, persons, f.ID})
}

// townshipNames adds the names of townships, with the rate under them and the
// word for the level beside it, so that the level is read and not only seen.
func (m *mapSheet) townshipNames() {
	for i := range m.layers["region_label"] {
		f := &m.layers["region_label"][i]
		at, on := m.point(f)
		if !on || textOf(f, "kind") == string(planner.LevelCounty) || m.zoom < labelStyles[townshipLabel].from {
			continue
		}
		lines := []string{m.nameOf(textOf(f, "name"), textOf(f, "name_en"))}
		if rate, has := numberOf(f, "rate"); has && m.layers["region"] != nil {
			under := strconv.FormatFloat(rate, 'f', 2, 64) + " %"
			if level := textOf(f, "level"); level != "none" && level != "" && !m.hidden["region:"+level] {
				under += " " + m.word("level", level)
			}
			lines = append(lines, under)
		}
		m.labels = append(m.labels, mapLabel{townshipLabel, lines, at, 4 * m.px, 0, f.ID})
	}
}

// drawLabels places names by their weight, each where it meets no other, or not
// at all.
func (m *mapSheet) drawLabels() {
	m.townshipNames()
	slices.SortStableFunc(m.labels, func(a, b mapLabel) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(b.weight, a.weight), cmp.Compare(a.id, b.id))
	})
	m.names.add(m.northBox())
	for _, l := range m.labels {
		t := m.labelType(l.kind)
		if place, found := m.freePlace(l, t); found {
			m.names.add(place.grown(0.4 * m.unit))
			m.setLabel(l, place, t)
		}
	}
}

func (m *mapSheet) labelType(kind labelKind) paper.Type {
	style := labelStyles[kind]
	return paper.Type{
		Size: max(style.size*m.px/pointMM, leastType), Bold: style.bold, Color: m.ink[style.colour],
		Halo: 0.9 * m.px * math.Sqrt(style.size/10), HaloColor: m.ink["halo"],
	}
}

// freePlace is a place where a label lies over no other and hides no symbol. The
// names of townships and of the seat are set over symbols rather than not at all.
func (m *mapSheet) freePlace(l mapLabel, t paper.Type) (box, bool) {
	inside, places := m.frame.grown(-m.unit), m.candidates(l, t)
	for _, place := range places {
		if within(inside, place) && m.names.free(place) && m.symbols.free(place) {
			return place, true
		}
	}
	best, least := box{}, math.MaxInt
	for _, place := range places {
		if hides := m.symbols.met(place); l.kind <= townshipLabel && within(inside, place) && m.names.free(place) && hides < least {
			best, least = place, hides
		}
	}
	return best, least < math.MaxInt
}

// pointMM is a printer's point in millimetres; leastType is the smallest type
// that is read without a glass, in points.
const (
	pointMM   = 25.4 / 72
	leastType = 5
)

func within(outer, inner box) bool {
	return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
}

// candidates are the boxes a label may have, the best first: a township's about
// its place, another's beside its own.
func (m *mapSheet) candidates(l mapLabel, t paper.Type) []box {
	w, h := 0.0, 0.0
	for i, text := range l.lines {
		line := lineType(t, i)
		w, h = max(w, m.Width(text, line)), h+line.Size*pointMM*leading
	}
	x, y, r := l.at[0], l.at[1], l.reach+0.5*m.px
	right, left := box{x + r, y - h/2, x + r + w, y + h/2}, box{x - r - w, y - h/2, x - r, y + h/2}
	over, under := box{x - w/2, y - r - h, x + w/2, y - r}, box{x - w/2, y + r, x + w/2, y + r + h}
	out := []box{right, left, over, under}
	if l.kind == townshipLabel || l.kind == seatLabel {
		out = []box{under, over, right, left}
	}
	d := r * 0.7
	return append(out,
		box{x + d, y - d - h, x + d + w, y - d}, box{x + d, y + d, x + d + w, y + d + h},
		box{x - d - w, y - d - h, x - d, y - d}, box{x - d - w, y + d, x - d, y + d + h})
}

// leading is the distance of lines against the size of type.
const leading = 1.12

// lineType is the type of a line of a label: those under the first are smaller.
func lineType(t paper.Type, line int) paper.Type {
	if line > 0 {
		t.Size, t.Bold = t.Size*0.8, false
	}
	return t
}

func (m *mapSheet) setLabel(l mapLabel, place box, t paper.Type) {
	y := place.top
	align, x := paper.Middle, (place.left+place.right)/2
	for i, text := range l.lines {
		line := lineType(t, i)
		line.Align = align
		h := line.Size * pointMM * leading
		m.Text(x, y+h*0.8, text, line)
		y += h
	}
}

// nameCrowd is boxes of a sheet, found by the squares they lie in.
type nameCrowd struct {
	side  float64
	boxes map[[2]int][]box
}

func newNameCrowd(side float64) *nameCrowd { return &nameCrowd{side, map[[2]int][]box{}} }

func (c *nameCrowd) squares(b box, visit func(at [2]int)) {
	for x := int(math.Floor(b.left / c.side)); x <= int(math.Floor(b.right/c.side)); x++ {
		for y := int(math.Floor(b.top / c.side)); y <= int(math.Floor(b.bottom/c.side)); y++ {
			visit([2]int{x, y})
		}
	}
}

func (c *nameCrowd) add(b box) {
	c.squares(b, func(at [2]int) { c.boxes[at] = append(c.boxes[at], b) })
}

func (c *nameCrowd) free(b box) bool { return c.met(b) == 0 }

// met is how many boxes one meets.
func (c *nameCrowd) met(b box) int {
	found := map[box]bool{}
	c.squares(b, func(at [2]int) {
		for _, other := range c.boxes[at] {
			if b.meets(other) {
				found[other] = true
			}
		}
	})
	return len(found)
}
