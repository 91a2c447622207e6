package planner

import "slices"

// eligible writes demolition over those whose old house has to go. It has a value
// only where every move says how many those are: a part of them is no denominator.
// What is left stands there in one sum, for a move of which nothing is left would
// tell its count.
func (r *relocation) eligible(list []int) {
	parts := r.moves(list, SideNumerator, func(c *moveCount) int64 { return c.Demolished })
	left, unknown := -sumSide(parts, SideNumerator), false
	for _, i := range list {
		m := &r.a.Snapshot.Moves[i]
		if m.Eligible == nil {
			unknown = true
			parts = append(parts, Part{Side: SideUnknown, Layer: "move", ID: m.ID, Amount: 1})
		}
		left += valueOf(m.Eligible)
	}
	if !unknown {
		parts = append(parts, Part{Side: SideRest, Layer: "move", Amount: left})
	}
	if f := r.row("M21 demolition_rate_eligible", UnitPercent, UnitHousehold, parts); !unknown {
		f.over(f.Numerator + left)
	}
}

func (r *relocation) reclamation(list []int) {
	reclaimed := func(c *moveCount) int64 { return c.Reclaimed }
	r.share("M22 reclamation_rate", UnitHousehold, list, reclaimed, func(c *moveCount) int64 { return c.Households })
	r.share("M22 reclamation_rate_demolished", UnitHousehold, list, reclaimed, func(c *moveCount) int64 { return c.Demolished })
}

// living writes how people live and work at the sites, and what that costs.
func (r *relocation) living(sites []int) {
	r.occupancy(sites)
	r.jobs(sites)
	r.area(sites)
	r.costs(sites)
}

// occupancy is the dwellings lived in over those handed over: nothing before any is.
func (r *relocation) occupancy(sites []int) {
	delivered, in := slices.Index(DwellingStages, DwellingDelivered), slices.Index(DwellingStages, DwellingMovedIn)
	var parts []Part
	for _, i := range sites {
		for j := range r.a.Snapshot.Sites[i].Buildings {
			b := &r.a.Snapshot.Sites[i].Buildings[j]
			switch at := b.Reached(); {
			case at >= in:
				parts = append(parts, Part{Side: SideNumerator, Layer: "building", ID: b.ID, Amount: b.Dwellings})
			case at >= delivered:
				parts = append(parts, Part{Side: SideRest, Layer: "building", ID: b.ID, Amount: b.Dwellings})
			}
		}
	}
	r.rate("M23 occupancy_rate", UnitCount, knownSides, parts)
}

// jobs are the persons with a job over the households counted, of all sites where
// the counts may be shown.
func (r *relocation) jobs(sites []int) {
	for _, m := range []struct {
		metric     string
		households func(*EmploymentCount) *int64
	}{
		{"M24 jobs_per_household", func(e *EmploymentCount) *int64 { return &e.Households }},
		{"M24 jobs_per_able_household", func(e *EmploymentCount) *int64 { return e.AbleHouseholds }},
	} {
		var parts []Part
		var all int64
		for _, i := range sites {
			s := &r.a.Snapshot.Sites[i]
			if e := r.a.shownEmployment(s); e != nil && m.households(e) != nil {
				all += *m.households(e)
				parts = append(parts, siteAmount(SideNumerator, s.ID, e.Employed))
			} else {
				parts = append(parts, siteAmount(SideUnknown, s.ID, 1))
			}
		}
		r.row(m.metric, UnitRatio, UnitPerson, parts).ratio(all, 1)
	}
}

func siteAmount(side Side, id ID, amount int64) Part {
	return Part{Side: side, Layer: "relocation_site", ID: id, Amount: amount}
}

// shownEmployment is the count of jobs of a site; nil where there is none, or
// where it tells of few households.
func (a *Assessment) shownEmployment(s *Site) *EmploymentCount {
	e := s.Employment
	if e == nil || a.masks.small(e.Households) {
		return nil
	}
	if able := e.AbleHouseholds; able != nil && (a.masks.small(*able) || a.masks.small(e.Households-*able)) {
		shown := *e
		shown.AbleHouseholds = nil
		return &shown
	}
	return e
}

// area is the floor of all dwellings over the persons they are for.
func (r *relocation) area(sites []int) {
	limit := r.a.Snapshot.Rules.Site.AreaMaxDM2
	var area, over []Part
	var persons int64
	for _, i := range sites {
		s := &r.a.Snapshot.Sites[i]
		if len(s.Types) == 0 {
			area, over = append(area, siteAmount(SideUnknown, s.ID, 1)), append(over, siteAmount(SideUnknown, s.ID, 1))
			continue
		}
		var floor, wide int64
		for _, t := range s.Types {
			floor, persons = floor+t.Dwellings*t.AreaDM2, persons+t.Dwellings*t.Persons
			if t.AreaDM2 > limit*t.Persons {
				wide += t.Dwellings
			}
		}
		area, over = append(area, siteAmount(SideNumerator, s.ID, floor)), append(over, siteAmount(SideNumerator, s.ID, wide))
	}
	r.row("M25 area_per_person", UnitM2, UnitPerson, area).ratio(persons, 0.01)
	r.amount("M25 dwellings_over_area", UnitCount, over)
}

// costs are those of the sites over whom the moves bring there, with and without
// what serves more than them.
func (r *relocation) costs(sites []int) {
	for _, m := range []struct {
		name string
		in   func(item string) bool
	}{
		{"cost", func(string) bool { return true }},
		{"cost_without_infrastructure", func(item string) bool { return item != "infrastructure" }},
	} {
		var parts []Part
		var who people
		hidden := false
		for _, i := range sites {
			s := &r.a.Snapshot.Sites[i]
			if len(s.Costs) == 0 {
				parts = append(parts, siteAmount(SideUnknown, s.ID, 1))
				continue
			}
			var fen int64
			for _, c := range s.Costs {
				if m.in(c.Item) {
					fen += c.Fen
				}
			}
			parts = append(parts, siteAmount(SideNumerator, s.ID, fen))
			come := r.a.coming()[i]
			who.households, who.persons = who.households+come.households, who.persons+come.persons
			hidden = hidden || !r.a.masks.shows(plannedHouseholds, siteCell(s.ID))
		}
		r.row("M26 "+m.name+"_per_person", UnitYuan, UnitPerson, parts).ratio(who.persons, 0.01)
		if f := r.row("M26 "+m.name+"_per_household", UnitYuan, UnitHousehold, parts).ratio(who.households, 0.01); hidden {
			f.mask()
		}
	}
}

// coming are those of the moves to each site, by site.
func (a *Assessment) coming() []people {
	out := make([]people, len(a.Snapshot.Sites))
	for i := range a.Snapshot.Moves {
		m := &a.Snapshot.Moves[i]
		if at, ok := a.site[m.Site]; ok {
			out[at].households, out[at].persons = out[at].households+max(m.Households, 0), out[at].persons+max(m.Persons, 0)
		}
	}
	return out
}

// suitability counts the sites by class. One whose score lies in several classes
// is in none of them.
func (r *relocation) suitability(sites []int) {
	all := r.a.Suitability()
	count := func(metric string, is func(*Suitability) Ternary) {
		var parts []Part
		for _, i := range sites {
			if side, ok := map[Ternary]Side{Yes: SideNumerator, Unknown: SideUnknown}[is(&all[i])]; ok {
				parts = append(parts, siteAmount(side, r.a.Snapshot.Sites[i].ID, 1))
			}
		}
		r.amount(metric, UnitCount, parts)
	}
	for k, class := range SiteClasses {
		count("M28 sites_"+[]string{"most_suitable", "suitable", "less_suitable", "unsuitable"}[k], func(s *Suitability) Ternary {
			switch s.Class {
			case class:
				return Yes
			case "":
				return Unknown
			}
			return No
		})
	}
	count("M28 sites_excluded", func(s *Suitability) Ternary {
		switch {
		case s.Excluded():
			return Yes
		case len(s.Unchecked()) > 0:
			return Unknown
		}
		return No
	})
}

// capacity writes what the sites take, what is left of it, and who is too many.
func (r *relocation) capacity(sites []int) {
	all, coming := r.a.SiteCapacity(), r.a.coming()
	var most, free, over []Part
	for _, i := range sites {
		id, c := r.a.Snapshot.Sites[i].ID, &all[i]
		if c.Binding == "" {
			for _, list := range []*[]Part{&most, &free, &over} {
				*list = append(*list, siteAmount(SideUnknown, id, 1))
			}
			continue
		}
		most = append(most, siteAmount(SideNumerator, id, c.Most))
		free = append(free, siteAmount(SideNumerator, id, max(c.Most-coming[i].persons, 0)))
		over = append(over, siteAmount(SideNumerator, id, max(coming[i].persons-c.Most, 0)))
	}
	r.amount("M29 site_capacity", UnitPerson, most)
	r.amount("M29 site_capacity_free", UnitPerson, free)
	r.amount("M29 site_over_assigned", UnitPerson, over)
}
