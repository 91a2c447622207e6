package sample

import (
	"math"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

// people is a count of households and persons, some of them registered poor.
type people struct{ households, persons, registered, registeredPersons int64 }

// counted is the day of the latest population count.
var counted = day("2019-12-31")

// writePeople writes the places with their people, who moves where, what water
// they have and what they travel to.
func (m *maker) writePeople() {
	origins := m.planMoves()
	r := m.random("people")
	for i := range m.places {
		m.load.Villages = append(m.load.Villages, m.village(i, origins, r))
	}
	m.writeEarlierCounts(r)
	m.writeHazards(r)
	m.writeWater()
	m.writeFacilities()
	m.writeRegister()
	m.writeDuties()
}

func villageID(place int) planner.ID { return planner.ID(place + 1) }

func (m *maker) village(i int, origins map[int]people, r *random) planner.Village {
	p := &m.places[i]
	v := planner.Village{
		ID: villageID(i), Code: p.code, Name: p.name, NameEN: p.en, Kind: p.kind, Township: m.townCode(p.township),
		Point: m.frame.point(p.at), Hazard: m.hazard(p, r), Surveyed: true,
	}
	if p.kind != "administrative" && p.reach != planted && r.chance(0.025) {
		v.Surveyed = false
	}
	v.Population = m.population(i, origins, r)
	return v
}

// hazard grows with the slope above a place.
func (m *maker) hazard(p *place, r *random) string {
	if p.reach == planted {
		return "low"
	}
	x := 3*m.steepness(int(p.cell)) + r.between(-0.15, 0.15)
	switch {
	case r.chance(0.04):
		return "unknown"
	case x < 0.22:
		return "none"
	case x < 0.48:
		return "low"
	case x < 0.68:
		return "medium"
	case x < 0.84:
		return "high"
	}
	return "extreme"
}

// writeHazards draws a zone around every place of high or extreme hazard, down
// the slope it lies on.
func (m *maker) writeHazards(r *random) {
	for i := range m.load.Villages {
		v := &m.load.Villages[i]
		if v.Hazard != "high" && v.Hazard != "extreme" {
			continue
		}
		p := &m.places[i]
		slope := p.at.angleTo(m.centre(int(m.down[p.cell])))
		m.reference("hazard", "landslide", v.Name+"滑坡隐患", m.blob(p.at, slope, r.between(220, 420), r.between(150, 240), r))
	}
}

// population is the latest count of a place. Of some hamlets only the
// households are known, of a few nothing.
func (m *maker) population(i int, origins map[int]people, r *random) *planner.Population {
	p := &m.places[i]
	who, moves := origins[i]
	switch {
	case p.reach == planted:
		who = m.plantedPeople(p)
	case moves:
		who = someMore(who, p.reach == roadside, r)
	default:
		who = m.people(i, r)
	}
	out := &planner.Population{AsOf: counted, Households: &who.households, Persons: &who.persons,
		PoorHouseholds: &who.registered, PoorPersons: &who.registeredPersons, Source: "村级台账（虚构）"}
	if moves || p.reach == planted || p.kind == "administrative" {
		return out
	}
	switch x := r.float(); {
	case x < 0.006:
		return nil
	case x < 0.02:
		out.Persons, out.PoorPersons = nil, nil
	}
	return out
}

// someMore leaves a few households behind at some origins, beside roads that
// others use: for two or three of them alone nobody would build one.
func someMore(who people, road bool, r *random) people {
	if stay := r.whole(1, 12); r.chance(0.3) && road {
		who.households += stay
		who.persons += stay * 4
	}
	return who
}

// people invents how many live at a place.
func (m *maker) people(i int, r *random) people {
	p := &m.places[i]
	households := 0.0
	switch {
	case i == 0:
		households = 9200
	case i < len(m.unit.townships):
		households = r.between(500, 1400)
	case p.kind == "administrative":
		households = math.Exp(r.between(math.Log(90), math.Log(520)))
	case r.chance(0.008):
		households = r.between(2, 5)
	case p.reach == byProgramme:
		households = r.between(30, 95)
	case p.kind == "hamlet":
		households = r.between(14, 90)
	default:
		households = r.between(8, 60)
	}
	h := int64(households)
	poor := int64(float64(h) * r.between(0.03, 0.24))
	size := r.between(3.7, 4.9)
	return people{h, int64(float64(h) * size), poor, int64(float64(poor) * size * 0.98)}
}

// plantedPeople are as many as make the planted village's road and its move
// cost about as much at 580,000 yuan per kilometre and 60,000 per person: the
// road is clearly cheaper at 400,000 and clearly dearer at 800,000.
func (m *maker) plantedPeople(p *place) people {
	km := float64(m.routes[p.route].length()) / 1e6
	persons := int64(math.Round(km * 580_000 / 60_000))
	households := max(int64(math.Round(float64(persons)/5.27)), 1)
	return people{households, persons, households / 4, persons / 4}
}

// writeEarlierCounts writes the count of the year before for the
// administrative villages.
func (m *maker) writeEarlierCounts(r *random) {
	for i := range m.places {
		if m.places[i].kind != "administrative" {
			continue
		}
		now := m.load.Villages[i].Population
		households := int64(float64(*now.Households) * r.between(0.97, 1.01))
		persons := int64(float64(*now.Persons) * r.between(0.97, 1.01))
		m.load.Populations = append(m.load.Populations, data.VillagePopulation{
			Village:    villageID(i),
			Population: planner.Population{AsOf: day("2018-12-31"), Households: &households, Persons: &persons, Source: "村级台账（虚构）"},
		})
	}
}
