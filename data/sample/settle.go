package sample

import (
	"fmt"
	"strings"
)

// sizes says how many places of each kind there will be.
type sizes struct{ total, administrative, programme, spurs, planned, unreached int }

// demoVillages is how many settlements the demo county has, leastVillages how
// many there must be for every township to have one.
const demoVillages, leastVillages = 1500, 60

func sizesFor(villages, townships int) sizes {
	if villages <= 0 {
		villages = demoVillages
	}
	villages = max(villages, leastVillages)
	return sizes{
		total:          villages,
		administrative: min(460, max(villages*45/100, townships)),
		programme:      villages*2/5 - 2,
		spurs:          min(villages/10, 170),
		planned:        min(villages/60, 22),
		unreached:      min(villages/90, 14),
	}
}

// settleLand lays the roads and puts the places along them.
func (m *maker) settleLand() {
	seed := m.options.Seed
	n := newNetwork(m.part, m.frame, m.waters, seed)
	n.skeleton(m.frame, seed)
	m.settler = newSettler(n, seed)
	size := sizesFor(m.options.Villages, len(m.unit.townships))
	kept := m.keepRemote(len(Planted))
	m.settleSeats()
	m.settleVillages(size.administrative)
	m.settleProgramme(size.programme)
	for range size.spurs {
		m.settleHamlet(m.township(), bySpur, spurRoad)
	}
	m.settleRemote(size.planned, byPlanned)
	m.settleRemote(size.unreached, byNothing)
	m.plantRemote(kept, size.unreached)
	m.settleRoadside(size.total - len(m.places))
	m.namePlaces()
}

// programmeTask is the published task of the programme, in millimetres, and
// drawnTask what of it has a line, about.
const (
	programmeTask = 800_000_000
	drawnTask     = 784_000_000
)

// settleProgramme puts hamlets where the programme builds roads, until the
// drawn part of its task is laid out.
func (m *maker) settleProgramme(most int) {
	laid, failed := int64(0), 0
	for count := 0; count < most && laid < drawnTask && failed < 3000; {
		i := m.settleHamlet(m.township(), byProgramme, hamletRoad)
		if i < 0 {
			failed++
			continue
		}
		laid += m.routes[m.places[i].route].length()
		count++
	}
}

// Planted are the codes of the villages whose best decision flips when a
// kilometre of road costs 800,000 instead of 400,000 yuan.
var Planted = [3]string{"520527990900501", "520527990900502", "520527990900503"}

// namePlaces gives every place a name and a code. Codes look like official
// ones, 12 digits for villages and 15 for hamlets and groups, and are invented.
func (m *maker) namePlaces() {
	r := m.random("names")
	villages := make([]int, len(m.unit.townships))
	under := map[string]int{}
	plantedSoFar := 0
	for i := range m.places {
		p := &m.places[i]
		p.name, p.en = placeName(r)
		t := p.township
		switch {
		case p.reach == planted:
			p.code = Planted[plantedSoFar]
			plantedSoFar++
		case p.kind == "administrative":
			p.code = fmt.Sprintf("%s%03d", m.townCode(t), 200+villages[t])
			villages[t]++
		default:
			parent := fmt.Sprintf("%s%03d", m.townCode(t), 200+r.below(max(villages[t], 1)))
			under[parent+p.kind]++
			p.code = fmt.Sprintf("%s%03d", parent, numberOf(p.kind, under[parent+p.kind]))
		}
	}
	m.nameSeats()
}

// numberOf is the last part of a code: groups 001 to 499, hamlets 501 to 899,
// four digits beyond.
func numberOf(kind string, n int) int {
	switch {
	case kind == "hamlet" && n < 400:
		return 500 + n
	case kind == "hamlet":
		return 5000 + n
	case n > 499:
		return 1000 + n
	}
	return n
}

// nameSeats calls the village at each seat after its township.
func (m *maker) nameSeats() {
	for i, t := range m.unit.townships {
		p := &m.places[i]
		p.name = shortName(t.name) + "街上"
		p.en = t.en + " Jieshang"
	}
}

// shortName is a township's name without its kind: 水塘堡彝族苗族乡 is 水塘堡.
func shortName(name string) string {
	for _, people := range []string{"彝族", "苗族", "白族"} {
		if i := strings.Index(name, people); i > 0 {
			name = name[:i]
		}
	}
	for _, kind := range []string{"镇", "乡"} {
		if n := len(name) - len(kind); n > len(kind) && name[n:] == kind {
			name = name[:n]
		}
	}
	return name
}
