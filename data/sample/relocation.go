package sample

import (
	"fmt"
	"math"
	"sort"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// The published figures of relocation.
var (
	movedIn    = people{2470, 13018, 2135, 11120}
	moveTarget = people{6869, 35100, 6710, 34220}
)

const (
	demolishedHouseholds = 1664
	sites                = 12
	buildings            = 100
	dwellings            = 4442
	foundationsDone      = 2825
	structuresDone       = 2264
)

// moveTask is who moves from a place to a site.
type moveTask struct {
	place, site int
	who         people
	in          bool // they have moved in
	demolished  int64
}

// planMoves chooses who moves and writes sites, moves and target. It returns
// the people of every origin.
//
// Those who moved in are a first batch; the second has signed or will. In the
// published figures 335 unregistered households moved in, more than the target
// leaves room for, so all of the second batch are registered.
func (m *maker) planMoves() map[int]people {
	r := m.random("moves")
	gates := m.writeSites(r)
	from := m.originPlaces(r)
	first := len(from) * 2 / 5
	tasks := batch(from[:first], movedIn, true, r)
	rest := people{households: moveTarget.households - movedIn.households, persons: moveTarget.persons - movedIn.persons}
	rest.registered, rest.registeredPersons = rest.households, rest.persons
	tasks = append(tasks, batch(from[first:], rest, false, r)...)
	demolish(tasks[:first], r)
	origins := map[int]people{}
	for k := range tasks {
		t := &tasks[k]
		t.site = m.chooseSite(t.place, gates, r)
		origins[t.place] = t.who
		m.writeMove(t, r)
	}
	m.writeCapacities(tasks, r)
	m.load.Target = &planner.RelocationTarget{
		Households: moveTarget.households, Persons: moveTarget.persons,
		RegisteredHouseholds: moveTarget.registered, RegisteredPersons: moveTarget.registeredPersons,
		Deadline: day("2020-12-31"),
	}
	return origins
}

// originPlaces are the hamlets people leave: out of reach first, then steep
// ones.
func (m *maker) originPlaces(r *random) []int {
	var from []int
	rank := map[int]float64{}
	for i := range m.places {
		p := &m.places[i]
		if p.kind == "administrative" || p.reach == planted {
			continue
		}
		rank[i] = m.steepness(int(p.cell)) + r.between(0, 0.12)
		if p.reach == byNothing || p.reach == byPlanned {
			rank[i] += r.between(0, 0.4)
		}
		from = append(from, i)
	}
	sort.SliceStable(from, func(a, b int) bool { return rank[from[a]] > rank[from[b]] })
	return shuffledInts(from[:min(150, len(from))], r)
}

func shuffledInts(from []int, r *random) []int {
	out := make([]int, len(from))
	for k, i := range r.shuffled(len(from)) {
		out[k] = from[i]
	}
	return out
}

// batch splits people over places so that every count adds up, and every
// subset stays within its whole.
func batch(from []int, all people, in bool, r *random) []moveTask {
	n := len(from)
	weights, others := make([]float64, n), make([]float64, n)
	for i := range weights {
		weights[i] = r.between(1, 3)
		if r.chance(0.6) {
			others[i] = r.between(0.5, 1.5)
		}
	}
	others[0] = 1
	households := apportion(all.households, weights, 6)
	halves := make([]int64, n)
	for i, h := range households {
		weights[i] = float64(h) * r.between(0.9, 1.1)
		halves[i] = h / 2
	}
	persons := apportion(all.persons, weights, 0)
	apart := apportionUpTo(all.households-all.registered, others, halves)
	for i, u := range apart {
		others[i] = float64(u) + 1e-9
	}
	apartPersons := apportion(all.persons-all.registeredPersons, others, 0)
	out := make([]moveTask, n)
	for i := range out {
		out[i] = moveTask{place: from[i], in: in, who: people{households[i], persons[i], households[i] - apart[i], persons[i] - apartPersons[i]}}
	}
	return out
}

// demolish spreads the demolished houses, all of them of registered households.
func demolish(tasks []moveTask, r *random) {
	weights, limits := make([]float64, len(tasks)), make([]int64, len(tasks))
	for i := range tasks {
		limits[i] = tasks[i].who.registered
		weights[i] = float64(limits[i]) * r.between(0.5, 1.3)
	}
	for i, d := range apportionUpTo(demolishedHouseholds, weights, limits) {
		tasks[i].demolished = d
	}
}

// chooseSite is the county town for a third, else a near one.
func (m *maker) chooseSite(place int, gates []plane, r *random) int {
	if r.chance(0.33) {
		return r.below(3)
	}
	best, at := math.Inf(1), 0
	for i, g := range gates {
		if d := g.distance(m.places[place].at) * r.between(0.8, 1.3); d < best {
			best, at = d, i
		}
	}
	return at
}

func (m *maker) writeMove(t *moveTask, r *random) {
	move := planner.Move{
		ID: planner.ID(len(m.load.Moves) + 1), Village: villageID(t.place), Site: planner.ID(t.site + 1),
		Households: t.who.households, Persons: t.who.persons, Registered: t.who.registered, RegisteredPersons: t.who.registeredPersons,
	}
	signed := day("2018-09-01") + planner.Date(r.below(200))
	if t.in || r.chance(0.7) {
		if !t.in {
			signed += 380
		}
		move.Events = append(move.Events, moveEvent("signed", t.who, signed, r))
	}
	if t.in {
		move.Events = append(move.Events, moveInEvents(t, signed+planner.Date(r.whole(90, 200)), r)...)
	}
	m.load.Moves = append(m.load.Moves, move)
}

// moveInEvents reports the moving in by parts, then demolition of the old
// houses.
func moveInEvents(t *moveTask, on planner.Date, r *random) []planner.MoveEvent {
	weights := make([]float64, 1+r.below(3))
	for i := range weights {
		weights[i] = r.between(1, 2)
	}
	var out []planner.MoveEvent
	for _, part := range split(t.who, weights) {
		out = append(out, moveEvent("moved_in", part, on, r))
		on += planner.Date(r.whole(5, 40))
	}
	if t.demolished > 0 {
		out = append(out, moveEvent("demolished", people{households: t.demolished, registered: t.demolished}, on+20, r))
	}
	return out
}

// split divides people so that in every part each subset stays within its whole.
func split(who people, weights []float64) []people {
	households := apportion(who.households, weights, 0)
	registered := apportion(who.registered, floats(households), 0)
	persons := apportion(who.persons, floats(households), 0)
	registeredPersons := apportion(who.registeredPersons, floats(persons), 0)
	out := make([]people, len(weights))
	for i := range out {
		out[i] = people{households[i], persons[i], registered[i], registeredPersons[i]}
	}
	return out
}

func floats(ns []int64) []float64 {
	out := make([]float64, len(ns))
	for i, n := range ns {
		out[i] = float64(n)
	}
	return out
}

func moveEvent(stage string, who people, on planner.Date, r *random) planner.MoveEvent {
	return planner.MoveEvent{
		ID: r.uuid(), Stage: stage, Households: who.households, Persons: who.persons,
		Registered: who.registered, RegisteredPersons: who.registeredPersons,
		On: on, Recorded: on.Time().Add(time.Duration(r.whole(8, 120)) * time.Hour),
	}
}

// writeSites puts three sites at the county seat and one each at others.
func (m *maker) writeSites(r *random) []plane {
	order := append([]int{0, 0, 0}, r.shuffled(len(m.unit.townships) - 1)[:sites-3]...)
	var gates []plane
	for i, t := range order {
		if i > 2 {
			t++
		}
		gate := m.siteGate(t, gates, r)
		gates = append(gates, gate)
		han, en := placeName(r)
		mode := []string{"county_town", "county_town", "park", "market_town", "market_town", "market_town", "central_village"}[min(i, 6)]
		m.load.Sites = append(m.load.Sites, planner.Site{
			ID: planner.ID(i + 1), Code: fmt.Sprintf("AZ%s%02d", m.unit.code, i+1), Name: han + "安置点", NameEN: en + " Resettlement",
			Mode: mode, Township: m.unit.townships[t].code, Gate: m.frame.point(gate),
		})
	}
	m.writeBuildings(r)
	return gates
}

// siteGate is beside a hardened road near a township's seat, away from other gates.
func (m *maker) siteGate(township int, gates []plane, r *random) plane {
	seat := m.seats[township]
	for radius := 4; ; radius++ {
		var free []int32
		m.near(int(seat), radius, func(c int) {
			p := m.centre(c)
			if m.hasGoodRoad(int32(c)) && m.label[c] == int16(township) && nearest(gates, p) > 700 && p.distance(m.centre(int(seat))) > 350 {
				free = append(free, int32(c))
			}
		})
		if len(free) > 0 {
			return m.surveyor.mark(pick(r, free)).add(toward(r.between(0, 2*math.Pi), r.between(25, 70)))
		}
	}
}

// writeBuildings writes the blocks of dwellings and how far each has come.
func (m *maker) writeBuildings(r *random) {
	groups := []struct {
		buildings int
		dwellings int64
		stages    []planner.DwellingStage
	}{
		{51, structuresDone, []planner.DwellingStage{planner.DwellingStarted, planner.DwellingFoundationDone, planner.DwellingStructureStarted, planner.DwellingStructureDone}},
		{13, foundationsDone - structuresDone, []planner.DwellingStage{planner.DwellingStarted, planner.DwellingFoundationDone, planner.DwellingStructureStarted}},
		{buildings - 64, dwellings - foundationsDone, []planner.DwellingStage{planner.DwellingStarted}},
	}
	id := planner.ID(0)
	for _, g := range groups {
		weights := make([]float64, g.buildings)
		for i := range weights {
			weights[i] = r.between(0.6, 1.4)
		}
		for _, n := range apportion(g.dwellings, weights, 12) {
			id++
			site := &m.load.Sites[int(id*7)%sites]
			site.Buildings = append(site.Buildings, planner.Building{
				ID: id, Name: fmt.Sprintf("%d栋", len(site.Buildings)+1), Dwellings: n, Events: buildingEvents(g.stages, r),
			})
		}
	}
}

func buildingEvents(stages []planner.DwellingStage, r *random) []planner.BuildingEvent {
	on := day("2019-04-01") + planner.Date(r.below(60))
	var out []planner.BuildingEvent
	for _, s := range stages {
		out = append(out, planner.BuildingEvent{ID: r.uuid(), Stage: s, On: on, Recorded: on.Time().Add(time.Duration(r.whole(8, 100)) * time.Hour)})
		on += planner.Date(r.whole(50, 110))
	}
	return out
}

// writeCapacities gives every site room for those who are to come, and some.
func (m *maker) writeCapacities(tasks []moveTask, r *random) {
	var come [sites]people
	for _, t := range tasks {
		come[t.site].households += t.who.households
		come[t.site].persons += t.who.persons
	}
	for i := range m.load.Sites {
		s := &m.load.Sites[i]
		spare := r.between(1.06, 1.3)
		households := int64(float64(come[i].households+40) * spare)
		persons := int64(float64(come[i].persons+200) * spare)
		jobs, places := int64(float64(households)*r.between(0.9, 1.6)), persons/int64(r.whole(6, 9))
		water := math.Round(float64(persons)*r.between(0.07, 0.11)*10) / 10
		s.CapacityHouseholds, s.CapacityPersons, s.Jobs, s.SchoolPlaces, s.WaterM3D = &households, &persons, &jobs, &places, &water
	}
}
