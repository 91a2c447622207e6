package api

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/planner"
)

// drawLayers draws what the map is about, from the ground up.
func (m *mapSheet) drawLayers() {
	m.Fill([][][2]float64{m.frame.corners()}, m.ink["paper"], paper.Pen{})
	m.drawLand()
	m.drawReference()
	m.drawWarnings()
	m.drawBorders()
	m.drawMoves()
	m.drawRoads()
	m.drawFacilities()
	m.drawWorks()
	m.drawVillages()
	m.drawSites()
}

// show says whether a value of a layer is on the map, and has the legend name it.
func (m *mapSheet) show(layer, value string) bool {
	if m.hidden[layer+":"+value] {
		return false
	}
	m.shown[layer+":"+value] = true
	return true
}

// regions are the townships, or the county's own boundary.
func (m *mapSheet) regions(county bool) []planner.Feature {
	var out []planner.Feature
	for _, f := range m.layers["region"] {
		if (textOf(&f, "kind") == string(planner.LevelCounty)) == county {
			out = append(out, f)
		}
	}
	return out
}

func (m *mapSheet) drawLand() {
	land := m.regions(false)
	if len(land) == 0 {
		land = m.regions(true)
	}
	for _, f := range land {
		for _, area := range m.areas(f.Geometry) {
			m.Fill(area, m.ink["land"], paper.Pen{})
		}
	}
}

// waterLayers are the kinds of reference that are water.
var waterLayers = []string{"river", "lake", "water", "reservoir"}

func (m *mapSheet) drawReference() {
	pen := paper.Pen{Width: between(m.zoom, 1.4, stop{7, 1}, stop{10, 2.4}, stop{14, 7}) * m.px, Color: m.ink["river"]}
	for _, f := range m.layers["reference"] {
		kind := textOf(&f, "layer")
		water := slices.Contains(waterLayers, kind)
		if water {
			kind = "water"
		}
		areas := m.areas(f.Geometry)
		switch style, binds := bindings[kind]; {
		case !water && !binds, !m.visible("reference", kind, f.Geometry):
		case binds:
			for _, area := range areas {
				m.bind(area, style)
			}
		case len(polygonsOf(f.Geometry)) > 0:
			for _, area := range areas {
				m.Fill(area, m.ink["river"], paper.Pen{})
			}
		default:
			for _, line := range m.lines(f.Geometry) {
				m.Line(line, pen)
			}
		}
	}
}

// binding is how an area that binds a plan is drawn: its edge as on the screen,
// its hatching, so that several can lie over each other.
type binding struct {
	colour string
	dash   []float64
	width  float64
	hatch  []hatching
}

var bindings = map[string]binding{
	"hazard":   {"cinnabar", []float64{1.4, 1.2}, 1, []hatching{{2, 45, 0.25}}},
	"red_line": {"cinnabar", nil, 1.8, []hatching{{4, 45, 0.1}, {4, 135, 0.1}}},
	"farmland": {"malachite", []float64{5, 1.4}, 1, []hatching{{2.4, 90, 0.12}}},
	"flood":    {"azurite", []float64{5, 1.4, 0.6, 1.4}, 1.2, []hatching{{1.6, 0, 0.12}}},
}

func (m *mapSheet) bind(area [][][2]float64, b binding) {
	m.hatch(area, b.hatch, m.ink[b.colour].Over(0.6))
	w := b.width * between(m.zoom, 1, stop{9, 0.6}, stop{13, 1.3}) * m.px
	pen := paper.Pen{Width: w, Color: m.ink[b.colour], Flat: b.dash != nil}
	for _, d := range b.dash {
		pen.Dash = append(pen.Dash, d*w)
	}
	m.Fill(area, paper.Color{}, pen)
}

// warningHatches are how townships of a level are hatched where colours are
// not: the worse the denser, the worst crossed.
var warningHatches = map[string][]hatching{
	"blue": {{5, 0, 0.12}}, "yellow": {{4, 45, 0.14}}, "orange": {{2.6, 45, 0.18}}, "red": {{2.6, 45, 0.2}, {2.6, 135, 0.2}},
}

func (m *mapSheet) drawWarnings() {
	for _, f := range m.regions(false) {
		level := textOf(&f, "level")
		if level == "" || level == "none" || !m.visible("region", level, f.Geometry) {
			continue
		}
		for _, area := range m.areas(f.Geometry) {
			m.warn(area, level)
		}
	}
}

// warn fills an area as warned of. The colour lies along the inside of the
// border at full strength in grey prints' stead: their hatching says the level.
func (m *mapSheet) warn(area [][][2]float64, level string) {
	if m.o.Theme == "grey" {
		m.hatch(area, warningHatches[level], m.ink["ink2"].Over(0.55))
		return
	}
	m.Fill(area, m.ink[level].Over(0.25), paper.Pen{})
}

// visible shows a value of a layer if the thing lies on the map.
func (m *mapSheet) visible(layer, value string, g orb.Geometry) bool {
	return (len(m.areas(g)) > 0 || len(m.lines(g)) > 0) && m.show(layer, value)
}

func (m *mapSheet) drawBorders() {
	for _, f := range m.regions(false) {
		for _, line := range m.lines(f.Geometry) {
			m.show("border", "township")
			m.Line(line, m.borderPen("township"))
		}
	}
	for _, f := range m.regions(true) {
		for _, line := range m.lines(f.Geometry) {
			m.show("border", "county")
			m.Line(line, m.borderPen("county"))
		}
	}
}

// borderPen draws borders as topographic maps do: the county's in dashes with
// dots between, a township's in dots alone.
func (m *mapSheet) borderPen(level string) paper.Pen {
	w := 0.16 * m.unit
	if level == "county" {
		w *= 2.4
		return paper.Pen{Width: w, Color: m.ink["ink2"], Dash: []float64{9 * w, 3 * w, 0.1 * w, 3 * w}}
	}
	return paper.Pen{Width: w, Color: m.ink["ink2"], Dash: []float64{5 * w, 4 * w}}
}

func (m *mapSheet) drawMoves() {
	for _, f := range m.layers["move"] {
		state := "moved"
		if textOf(&f, "state") == "planned" {
			state = "planned"
		}
		persons, _ := numberOf(&f, "persons")
		for _, line := range m.lines(f.Geometry) {
			if m.show("move", state) {
				m.Line(line, m.movePen(state, persons))
			}
		}
	}
}

// moveShare and siteShare make moves and sites smaller than on the screen, where
// fewer of them are seen at once.
const (
	moveShare = 0.7
	siteShare = 0.8
)

func (m *mapSheet) movePen(state string, persons float64) paper.Pen {
	at := 0.7 + 0.09*math.Sqrt(max(persons, 0))
	w := between(m.zoom, 1, stop{7, 0.5}, stop{12, 1.6}) * at * m.px * moveShare
	pen := paper.Pen{Width: w, Color: m.ink["gold"].Over(0.85)}
	switch {
	case state == "planned":
		pen.Dash, pen.Flat = []float64{2 * w, 2 * w}, true
	case m.o.Theme == "grey": // a whole grey line would be a road
		pen.Dash = []float64{9 * w, 2.5 * w, 0.1 * w, 2.5 * w}
	}
	return pen
}

// drawnRoad is a road with its parts on the map.
type drawnRoad struct {
	class    string
	disputed bool
	lines    [][][2]float64
}

func (m *mapSheet) drawRoads() {
	byState := map[string][]drawnRoad{}
	for _, f := range m.layers["road"] {
		state := textOf(&f, "state")
		lines := m.lines(f.Geometry)
		if len(lines) == 0 || !m.show("road", state) {
			continue
		}
		class := classOf(textOf(&f, "class"))
		m.shown["width:"+class] = true
		disputed, _ := numberOf(&f, "disputed")
		byState[state] = append(byState[state], drawnRoad{textOf(&f, "class"), disputed == 1, lines})
	}
	for _, s := range roadStyles { // what casings and cores do not cut, they underlie
		m.casing(byState[s.state], s)
	}
	for _, s := range roadStyles {
		m.roads(byState[s.state], s)
	}
	m.disputed(byState)
}

func (m *mapSheet) casing(roads []drawnRoad, s roadStyle) {
	for _, r := range roads {
		pen := paper.Pen{Width: m.roadWidth(r.class, max(s.factor, 1)) + 2*m.px, Color: m.ink["halo"].Over(0.75)}
		for _, line := range r.lines {
			m.Line(line, pen)
		}
	}
}

func (m *mapSheet) roads(roads []drawnRoad, s roadStyle) {
	slices.SortStableFunc(roads, func(a, b drawnRoad) int { return cmp.Compare(roadWeight(a.class), roadWeight(b.class)) })
	for _, r := range roads {
		pen := m.roadPen(s, m.roadWidth(r.class, s.factor))
		if s.state == "existing" {
			pen.Color = pen.Color.Over(0.6)
		}
		for _, line := range r.lines {
			m.Line(line, pen)
			if s.core > 0 {
				m.Line(line, paper.Pen{Width: m.roadWidth(r.class, s.core), Color: m.ink["core"]})
			}
		}
	}
}

// disputed cases what is held out of the rate in dashes.
func (m *mapSheet) disputed(byState map[string][]drawnRoad) {
	for _, s := range roadStyles {
		for _, r := range byState[s.state] {
			if !r.disputed {
				continue
			}
			m.show("road", "disputed")
			wide := m.roadWidth(r.class, 1.3) + 2*m.px
			for _, line := range r.lines {
				m.Line(line, paper.Pen{Width: wide, Color: m.ink["cinnabar"], Dash: []float64{4 * m.px, 2 * m.px}, Flat: true})
				m.Line(line, paper.Pen{Width: wide - 2*m.px, Color: m.ink["halo"]})
				m.Line(line, m.roadPen(s, m.roadWidth(r.class, s.factor)))
			}
		}
	}
}

// point is where a thing of one place lies, if it is on the map.
func (m *mapSheet) point(f *planner.Feature) (orb.Point, bool) {
	p, ok := f.Geometry.(orb.Point)
	if !ok {
		return p, false
	}
	at := m.page.place(p)
	return at, m.frame.grown(-0.5 * m.unit).has(at)
}

func (m *mapSheet) drawFacilities() {
	for _, f := range m.layers["facility"] {
		kind := textOf(&f, "kind")
		seat := kind == "county_seat" || kind == "township_seat"
		at, on := m.point(&f)
		if !on || !seat && m.zoom < 10.5 || !m.show("facility", kind) {
			continue
		}
		size := between(m.zoom, 1, stop{8, 0.55}, stop{14, 1})
		m.glyphAt(at, size).facility(kind)
		m.label(&f, at, size*glyphSide/2*m.px, facilityLabel)
	}
}

func (m *mapSheet) drawWorks() {
	size := between(m.zoom, 1, stop{7.5, 0.2}, stop{8.5, 0.3}, stop{10, 0.55}, stop{14, 1})
	for _, f := range m.layers["water_project"] {
		state := cmp.Or(textOf(&f, "state"), "unknown")
		if small, _ := numberOf(&f, "too_small"); small == 1 && m.o.Supply {
			state = "small"
		}
		if at, on := m.point(&f); on && m.show("water_project", state) {
			m.glyphAt(at, size).work(state)
		}
	}
}

// spoken is the group of verdicts that villages show, and the attribute.
func (m *mapSheet) spoken() (group, attribute string) {
	switch {
	case m.o.Lens != "water":
		return "village", "verdict"
	case m.o.Supply:
		return "supply", "supply"
	}
	return "water", "state"
}

// villageOrder has gaps lie above what is well.
var villageOrder = map[byte]int{'f': 0, 'd': 1, 'h': 2, 'o': 3}

// drawnVillage is a village on the map.
type drawnVillage struct {
	feature *planner.Feature
	at      orb.Point
	verdict string
}

func (m *mapSheet) drawVillages() {
	group, attribute := m.spoken()
	var drawn []drawnVillage
	for i := range m.layers["village"] {
		f := &m.layers["village"][i]
		at, on := m.point(f)
		verdict := textOf(f, attribute)
		if on && (m.zoom >= 8.2 || textOf(f, "kind") == "administrative") && m.show(group, verdict) {
			drawn = append(drawn, drawnVillage{f, at, verdict})
		}
	}
	slices.SortStableFunc(drawn, func(a, b drawnVillage) int {
		return cmp.Compare(villageOrder[glyphFills[a.verdict]], villageOrder[glyphFills[b.verdict]])
	})
	for _, v := range drawn {
		size := m.villageSize(v)
		m.glyphAt(v.at, size).village(v.verdict)
		kind := villageLabel
		if textOf(v.feature, "kind") != "administrative" {
			kind = hamletLabel
		}
		m.label(v.feature, v.at, size*8.4*m.px, kind)
	}
}

// villageSize is that of the screen: what is well is a speck on a whole county,
// so that a gap can be seen.
func (m *mapSheet) villageSize(v drawnVillage) float64 {
	well := between(m.zoom, 1, stop{7, 0.2}, stop{9.5, 0.24}, stop{11.5, 0.6}, stop{14, 1})
	gap := between(m.zoom, 1, stop{7, 0.36}, stop{9.5, 0.42}, stop{11.5, 0.72}, stop{14, 1})
	size := (well + gap) / 2
	switch glyphFills[v.verdict] {
	case 'f':
		size = well
	case 'o':
		size = gap
	}
	if textOf(v.feature, "kind") != "administrative" {
		size *= 0.75
	}
	return size
}

func (m *mapSheet) drawSites() {
	for _, f := range m.layers["relocation_site"] {
		at, on := m.point(&f)
		if !on || !m.show("relocation_site", "site") {
			continue
		}
		persons, _ := numberOf(&f, "persons")
		capacity, _ := numberOf(&f, "capacity_persons")
		quarters := 0.0
		if capacity > 0 {
			quarters = min(4, math.Round(4*persons/capacity))
		}
		size := between(m.zoom, 1, stop{7, 0.55}, stop{10, 0.9}, stop{14, 1.3}) * (0.55 + min(1, 0.015*math.Sqrt(max(persons, 0)))) * siteShare
		m.glyphAt(at, size).site(quarters)
		m.label(&f, at, size*9*m.px, siteLabel)
	}
}
