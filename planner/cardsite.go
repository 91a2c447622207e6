package planner

func (a *Assessment) siteCard(c *Card, id ID) bool {
	i, ok := a.site[id]
	if !ok {
		return false
	}
	s := &a.Snapshot.Sites[i]
	c.Code, c.Name = s.Code, s.Name
	c.place(s.Gate)
	c.add(
		text("mode", s.Mode), text("township", s.Township), maybe("capacity_households", s.CapacityHouseholds, UnitHousehold),
		maybe("capacity_persons", s.CapacityPersons, UnitPerson), maybe("jobs", s.Jobs, UnitCount))
	var dwellings, persons int64
	for j := range s.Buildings {
		dwellings += s.Buildings[j].Dwellings
		c.Parts = append(c.Parts, buildingPart(&s.Buildings[j]))
	}
	for j := range a.Snapshot.Moves {
		if m := &a.Snapshot.Moves[j]; m.Site == s.ID {
			persons += m.Persons
			a.addMove(c, m)
		}
	}
	c.add(measured("dwellings", float64(dwellings), UnitCount), measured("persons", float64(persons), UnitPerson))
	c.add(a.households(c, siteCell(s.ID), siteCounts)...)
	a.registerFacts(c, i)
	return true
}

// registerFacts say in short what the register has of a site.
func (a *Assessment) registerFacts(c *Card, i int) {
	r := a.SiteRegister()[i]
	if r.Capacity.Binding != "" {
		c.add(measured("capacity_most", float64(r.Capacity.Most), UnitPerson), text("capacity_binding", string(r.Capacity.Binding)), measured("capacity_free", float64(r.Capacity.Free), UnitPerson))
	}
	if r.Suitability.Class != "" {
		c.add(text("suitability", string(r.Suitability.Class)))
	}
	approvals, follows := r.Overdue()
	c.add(measured("overdue", float64(approvals+follows), UnitCount))
}

func buildingPart(b *Building) CardPart {
	part := CardPart{Layer: "building", ID: idString(b.ID), Name: b.Name, Facts: []Fact{measured("dwellings", float64(b.Dwellings), UnitCount)}}
	for _, e := range b.Events {
		part.Facts = append(part.Facts, known(e.On, "", text("stage", string(e.Stage)))...)
	}
	return part
}

// shownCount is a count of households with the name of its fact.
type shownCount struct {
	name  string
	count household
}

var (
	siteCounts = []shownCount{{"households_planned", plannedHouseholds}, {"households_moved_in", movedHouseholds}}
	moveCounts = append(siteCounts[:2:2], shownCount{"households_demolished", demolishedHouseholds})
)

// households are the counts of a cell that may be shown. The card remembers
// that there are others.
func (a *Assessment) households(c *Card, cell string, counts []shownCount) []Fact {
	var out []Fact
	i, ok := a.masks.cells[cell]
	for _, n := range counts {
		switch {
		case !ok: // no move, so no household
			out = append(out, measured(n.name, 0, UnitHousehold))
		case a.masks.hidden[n.count][i]:
			c.masked = true
		default:
			out = append(out, measured(n.name, float64(a.masks.value[n.count][i]), UnitHousehold))
		}
	}
	return out
}

// moveFacts are those of a move, on its own card and as a part of another.
func (a *Assessment) moveFacts(c *Card, m *Move) []Fact {
	facts := []Fact{measured("persons", float64(m.Persons), UnitPerson)}
	facts = append(facts, a.households(c, moveCell(m.ID), moveCounts)...)
	for _, e := range m.Events {
		facts = append(facts, known(e.On, "", text("stage", e.Stage))...)
	}
	return facts
}

// addMove lists a move on the card of one of its ends.
func (a *Assessment) addMove(c *Card, m *Move) {
	c.Parts = append(c.Parts, CardPart{Layer: "move", ID: idString(m.ID), Name: a.moveName(m), Facts: a.moveFacts(c, m)})
}

func (a *Assessment) moveCard(c *Card, id ID) bool {
	m := find(a.Snapshot.Moves, id, func(m *Move) ID { return m.ID })
	if m == nil {
		return false
	}
	c.Name = a.moveName(m)
	c.place(a.moveLine(m))
	c.add(text("state", moveState(m)))
	c.add(a.moveFacts(c, m)...)
	if i, ok := a.village[m.Village]; ok {
		v := &a.Snapshot.Villages[i]
		c.Parts = append(c.Parts, CardPart{Layer: "village", ID: idString(v.ID), Name: v.Name, Facts: []Fact{text("township", v.Township)}})
	}
	if i, ok := a.site[m.Site]; ok {
		s := &a.Snapshot.Sites[i]
		c.Parts = append(c.Parts, CardPart{Layer: "relocation_site", ID: idString(s.ID), Name: s.Name, Facts: []Fact{text("township", s.Township)}})
	}
	return true
}
