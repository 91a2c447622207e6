package planner

import (
	"fmt"
	"strings"
)

// litresToM3 is exact: a quotient by a power of ten is the float nearest to the decimal.
func litresToM3(litres int64) float64 { return float64(litres) / 1000 }

func (a *Assessment) waterCard(c *Card, id ID) bool {
	w := find(a.Snapshot.Water, id, func(w *WaterProject) ID { return w.ID })
	if w == nil {
		return false
	}
	c.Code, c.Name = w.Code, w.Name
	c.place(w.Point)
	c.add(
		text("kind", w.Kind), text("state", w.Status), maybe("capacity", w.CapacityM3D, UnitM3Day), maybe("dry_capacity", w.DryCapacityM3D, UnitM3Day),
		maybe("loss", w.LossPct, UnitPercent), maybe("designed_persons", w.DesignedPersons, UnitPerson))
	a.workFacts(c, id)
	for _, served := range w.Serves {
		if i, ok := a.village[served]; ok {
			c.Parts = append(c.Parts, a.waterPart(i))
		}
	}
	return true
}

// workFacts tells what is asked of a work and what of it comes to the taps, in
// the season asked for and in the dry season.
func (a *Assessment) workFacts(c *Card, id ID) {
	asked, dry := a.workOf(a.supplyAsked(), id), a.workOf(a.Supply(SeasonDry), id)
	c.add(measured("water_demand", litresToM3(asked.Demand), UnitM3Day), asked.atTaps("at_taps"), dry.atTaps("dry_at_taps"))
	c.add(asked.ratio("capacity_ratio"), dry.ratio("dry_capacity_ratio"))
	switch {
	case asked.Built == No:
		c.why("water_work_not_built")
	case asked.Bottleneck:
		c.why(a.supplyAsked().reason("water_work_too_small"))
	case dry.Bottleneck:
		c.why("water_work_too_small_dry")
	case asked.Capacity == nil || asked.Built == Unknown:
		c.why("water_work_unknown")
	}
	if asked.UnknownVillages > 0 {
		c.why("water_work_users_unknown", "villages", fmt.Sprint(asked.UnknownVillages))
	}
}

func (a *Assessment) workOf(s *Supply, id ID) *ProjectSupply {
	for i := range s.Projects {
		if a.Snapshot.Water[i].ID == id {
			return &s.Projects[i]
		}
	}
	return &ProjectSupply{Built: Unknown}
}

func (p *ProjectSupply) atTaps(name string) Fact {
	if p.Capacity == nil {
		return Fact{Name: name, Unit: UnitM3Day}
	}
	return measured(name, litresToM3(*p.Capacity), UnitM3Day)
}

func (p *ProjectSupply) ratio(name string) Fact {
	if p.Capacity == nil || p.Demand == 0 {
		return Fact{Name: name, Unit: UnitRatio}
	}
	return measured(name, float64(*p.Capacity)/float64(p.Demand), UnitRatio)
}

func (a *Assessment) waterPart(i int) CardPart {
	d, s := &a.Villages[i], &a.supplyAsked().Villages[i]
	v := d.Village
	part := CardPart{Layer: "village", ID: idString(v.ID), Name: v.Name, Facts: []Fact{
		text("water_verdict", string(d.Water)), text("supply_verdict", string(s.Verdict)), s.share("supply_share"),
	}}
	if v.Population != nil {
		part.Facts = append(part.Facts, known(v.Population.AsOf, v.Population.Source, maybe("persons", v.Population.Persons, UnitPerson))...)
	}
	return part
}

// share is the part of its demand that a village gets; not known where that is not.
func (v *VillageSupply) share(name string) Fact {
	if v.Demand == 0 || v.Supplied != v.AtMost || v.Lacks != "" {
		return Fact{Name: name, Unit: UnitPercent}
	}
	return measured(name, float64(v.Supplied)*100/float64(v.Demand), UnitPercent)
}

// supplyFacts tells what a village asks for and gets, and how old its survey is.
func (a *Assessment) supplyFacts(c *Card, i int) {
	asked, dry := &a.supplyAsked().Villages[i], &a.Supply(SeasonDry).Villages[i]
	c.add(text("supply_verdict", string(asked.Verdict)), asked.share("supply_share"))
	demand := Fact{Name: "water_demand", Unit: UnitM3Day}
	if asked.Lacks != LacksPersons {
		demand.Value = litresToM3(asked.Demand)
	}
	c.add(demand, text("dry_supply_verdict", string(dry.Verdict)), dry.share("dry_supply_share"))
	if s := a.Villages[i].Survey; s != nil {
		c.add(known(s.On, s.Source, measured("survey_age", float64(a.ageOf(s)), UnitDay),
			measured("survey_freshness", float64(a.freshnessOf(s))/(ppm/100), UnitPercent))...)
	}
}

// whySupply says why a village has the water it has, and what is too small for it.
func (a *Assessment) whySupply(c *Card, i int) {
	asked, dry := &a.supplyAsked().Villages[i], &a.Supply(SeasonDry).Villages[i]
	switch {
	case asked.Lacks != "":
		c.why("water_supply_lacks_" + asked.Lacks)
	case asked.Verdict == SupplyNoCapacity:
		a.whyTooSmall(c, a.supplyAsked().reason("water_supply_no_capacity"), asked)
	default:
		c.why("water_supply_" + string(asked.Verdict))
	}
	if dry.Verdict == SupplyNoCapacity && asked.Verdict != SupplyNoCapacity {
		a.whyTooSmall(c, "water_supply_no_capacity_dry", dry)
	}
	if s := a.Villages[i].Survey; s != nil && a.stale(s) {
		c.why("water_survey_stale", "on", s.On.String())
	}
}

// whyTooSmall names the works of a bottleneck, and the share they leave, rounded
// down.
func (a *Assessment) whyTooSmall(c *Card, code string, v *VillageSupply) {
	var names, ids []string
	for _, id := range v.Bottleneck {
		if w := find(a.Snapshot.Water, id, func(w *WaterProject) ID { return w.ID }); w != nil {
			names, ids = append(names, w.Name), append(ids, idString(id))
		}
	}
	permille := scale(v.AtMost, 1000, max(v.Demand, 1))
	c.why(code, "names", strings.Join(names, "、"), "works", strings.Join(ids, ","), "share", fmt.Sprintf("%d.%d", permille/10, permille%10))
}
