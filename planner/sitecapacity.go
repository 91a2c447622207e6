package planner

import "slices"

// What a site's capacity is reckoned with where the site does not say it itself.
// These are assumptions of this project, not standards.
const (
	personsPerSchoolPlace = 10        // one in ten is of the age of compulsory school
	householdPPM          = 4_000_000 // persons to a household where none is counted, ppm
)

// CapacityLimit names what a site has least of.
type CapacityLimit string

// The limits, in the order in which they win a tie.
const (
	LimitPersons   CapacityLimit = "persons"
	LimitDwellings CapacityLimit = "dwellings"
	LimitJobs      CapacityLimit = "jobs"
	LimitWater     CapacityLimit = "water"
	LimitSchool    CapacityLimit = "school"
	LimitSupposed  CapacityLimit = "supposed" // a question says so
)

// SiteCapacity is how many persons a site takes, in persons throughout. A nil
// limit is not known and limits nobody.
type SiteCapacity struct {
	Persons   *int64 // as planned
	Dwellings *int64 // households planned, else dwellings of its buildings, times the mean household
	Jobs      *int64 // one job to a household
	Water     *int64 // what it has in litres over the standard's litres a person
	School    *int64 // ten persons to a school place

	Most    int64         // the least of them; 0 where none is known
	Binding CapacityLimit // which one; empty: none is known
	Taken   int64         // persons who have signed or moved in
	Free    int64         // what is left; never negative
	Over    int64         // persons who have signed or moved in beyond it
}

// SiteCapacity gives the capacity of every site, in order of id. It is the least
// of what is known: a site of which nothing is known takes nobody.
func (a *Assessment) SiteCapacity() []SiteCapacity {
	taken := map[ID]int64{}
	for i := range a.Snapshot.Moves {
		taken[a.Snapshot.Moves[i].Site] += committed(&a.Snapshot.Moves[i]).persons
	}
	household := a.meanHousehold()
	out := make([]SiteCapacity, len(a.Snapshot.Sites))
	for i := range a.Snapshot.Sites {
		s := &a.Snapshot.Sites[i]
		c := siteLimits(s, &a.Snapshot.Standard, household)
		c.Taken = taken[s.ID]
		a.sitesAsked[s.ID].suppose(&c)
		c.Free, c.Over = max(c.Most-c.Taken, 0), max(c.Taken-c.Most, 0)
		out[i] = c
	}
	return out
}

// siteLimits turns what a site has into persons, a household having so many of
// them in parts per million.
func siteLimits(s *Site, std *WaterStandard, household int64) SiteCapacity {
	c := SiteCapacity{Persons: atLeastNone(s.CapacityPersons)}
	if dwellings := dwellingsOf(s); dwellings != nil {
		n := scale(*dwellings, household, ppm)
		c.Dwellings = &n
	}
	if s.Jobs != nil {
		n := scale(*s.Jobs, household, ppm)
		c.Jobs = &n
	}
	if litres, ok := litresOf(s.WaterM3D); ok && amountOf(std.LitresGood, 1000) > 0 {
		n := scale(litres, 1000, amountOf(std.LitresGood, 1000))
		c.Water = &n
	}
	if s.SchoolPlaces != nil {
		n := scale(*s.SchoolPlaces, personsPerSchoolPlace, 1)
		c.School = &n
	}
	for _, l := range []struct {
		name CapacityLimit
		most *int64
	}{{LimitPersons, c.Persons}, {LimitDwellings, c.Dwellings}, {LimitJobs, c.Jobs}, {LimitWater, c.Water}, {LimitSchool, c.School}} {
		if l.most != nil && (c.Binding == "" || *l.most < c.Most) {
			c.Most, c.Binding = *l.most, l.name
		}
	}
	return c
}

func atLeastNone(n *int64) *int64 {
	if n == nil {
		return nil
	}
	most := max(*n, 0)
	return &most
}

// dwellingsOf is how many households a site is planned for.
func dwellingsOf(s *Site) *int64 {
	if s.CapacityHouseholds != nil || len(s.Buildings) == 0 {
		return atLeastNone(s.CapacityHouseholds)
	}
	var sum int64
	for _, b := range s.Buildings {
		sum += max(b.Dwellings, 0)
	}
	return &sum
}

// meanHousehold is how many persons a household of the county has, in parts per
// million: over all moves, whose households are those a site is for; where there
// are none, over the villages where both are known.
func (a *Assessment) meanHousehold() int64 {
	var all people
	for i := range a.Snapshot.Moves {
		all.count(a.Snapshot.Moves[i].Households, a.Snapshot.Moves[i].Persons)
	}
	for i := 0; i < len(a.Snapshot.Villages) && len(a.Snapshot.Moves) == 0; i++ {
		p, _ := a.Snapshot.Villages[i].Persons()
		h, _ := a.Snapshot.Villages[i].Households()
		all.count(h, p)
	}
	if all.households == 0 {
		return householdPPM
	}
	return scale(all.persons, ppm, all.households)
}

// count adds households, unless that is nonsense.
func (p *people) count(households, persons int64) {
	if households > 0 && persons > 0 && households <= mostVillagePersons && persons <= mostVillagePersons {
		p.households, p.persons = p.households+households, p.persons+persons
	}
}

// people are persons in households.
type people struct{ households, persons int64 }

// committed are those of a move who have signed or moved in: a fact that no plan
// changes.
func committed(m *Move) people {
	var signed, in people
	for _, e := range m.Events {
		switch e.Stage {
		case "signed":
			signed.households, signed.persons = signed.households+e.Households, signed.persons+e.Persons
		case "moved_in":
			in.households, in.persons = in.households+e.Households, in.persons+e.Persons
		}
	}
	return people{max(signed.households, in.households, 0), max(signed.persons, in.persons, 0)}
}

// sitesByFree lists the places of the sites that can take somebody.
func sitesByFree(capacity []SiteCapacity) []int {
	var out []int
	for i := range capacity {
		if capacity[i].Free > 0 {
			out = append(out, i)
		}
	}
	return slices.Clip(out)
}
