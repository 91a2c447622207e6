package planner

import "slices"

// waterReport writes the water report: safety as surveyed, supply as divided,
// age of what is known, and cost. What works give in the dry season stands beside
// what they give in the year; when the dry season is asked for, both are of it.
type waterReport struct {
	coverage
	supply *Supply // of the season asked for
	dry    *Supply
}

func (a *Assessment) reportWater(o ReportOptions) []Figure {
	w := &waterReport{coverage{sheet: sheet{asOf: a.Snapshot.AsOf, rule: "water/1"}, a: a, o: o}, a.supplyAsked(), a.Supply(SeasonDry)}
	scope, name, members := a.countyUnit()
	w.unit(scope, name, members)
	w.works()
	w.parts(w.unit)
	if o.By == "project" {
		w.projects()
	}
	return w.figures
}

// unit writes the rows of one scope with its villages. Every one of them adds up
// over the parts of the county.
func (w *waterReport) unit(scope, name string, members []int) {
	w.at(scope, name)
	w.rule = "water/1"
	w.amount("C10 villages", UnitCount, w.count(members, only(func(*VillageVerdict) bool { return true })))
	w.water(members)
	w.estimates(members)
	w.reach(members)
	w.age(members)
	w.ladder(members)
	w.rule = w.supply.rule()
	w.litres(members)
	w.verdicts(members)
	w.inDrySeason(members)
}

// reach writes who has a tap, and whom piped works serve.
func (w *waterReport) reach(members []int) {
	tap := func(v *VillageVerdict) Side {
		if v.Survey == nil || v.Survey.Tap == nil {
			return SideUnknown
		}
		if *v.Survey.Tap {
			return SideNumerator
		}
		return SideRest
	}
	w.rate("M15 tap_rate", UnitPerson, knownSides, w.persons(members, tap))
	w.rate("M15 tap_village_rate", UnitCount, knownSides, w.count(members, tap))
	w.rate("M15 piped_supply_rate", UnitPerson, knownSides, w.persons(members, func(v *VillageVerdict) Side {
		return sideOf(w.of(v).Piped)
	}))
}

// rule names the rule of a division, and its season where it is not the year.
func (s *Supply) rule() string {
	if s.Season == SeasonDry {
		return "supply/1 " + SeasonDry
	}
	return "supply/1"
}

// of is the supply of a village in the season asked for.
func (w *waterReport) of(v *VillageVerdict) *VillageSupply { return w.supply.of(w.a, v) }

func (s *Supply) of(a *Assessment, v *VillageVerdict) *VillageSupply {
	return &s.Villages[a.village[v.Village.ID]]
}

// litres writes what is asked for and what is proven to be given. A village of
// which it is not known adds one to what is unknown.
func (w *waterReport) litres(members []int) {
	var asked, given, rate []Part
	for _, i := range members {
		v := &w.supply.Villages[i]
		one := Part{Layer: "village", ID: w.a.Villages[i].Village.ID}
		asked = append(asked, one.with(v.Demand, v.Lacks != LacksPersons))
		given = append(given, one.with(v.Supplied, v.Supplied == v.AtMost && v.Lacks != LacksPersons))
		part := one.with(v.Supplied, v.Lacks == "")
		rate = append(rate, part)
		if part.Side == SideNumerator {
			part.Side, part.Amount = SideRest, v.Demand-v.Supplied
			rate = append(rate, part)
		}
	}
	w.amount("C23 water_demand", UnitM3Day, asked)
	w.amount("C24 water_supplied", UnitM3Day, given)
	w.rate("M16 supplied_rate", UnitM3Day, knownSides, rate)
}

// with is a part of an amount that is known, or of one thing that is not.
func (p Part) with(amount int64, known bool) Part {
	p.Side, p.Amount = SideNumerator, amount
	if !known {
		p.Side, p.Amount = SideUnknown, 1
	}
	return p
}

// verdicts writes how many villages and persons have enough, too little, or
// nothing.
func (w *waterReport) verdicts(members []int) {
	for _, verdict := range SupplyVerdicts {
		w.amount("C25 supply_"+string(verdict), UnitCount, w.count(members, w.supplied(w.supply, verdict)))
	}
	for _, verdict := range SupplyVerdicts {
		w.amount("C26 persons_"+string(verdict), UnitPerson, w.persons(members, w.supplied(w.supply, verdict)))
	}
	w.rate("M16 served_rate", UnitPerson, knownSides, w.persons(members, w.servedSide(w.supply)))
}

// inDrySeason writes who has enough when works give least.
func (w *waterReport) inDrySeason(members []int) {
	var given []Part
	for _, i := range members {
		v := &w.dry.Villages[i]
		one := Part{Layer: "village", ID: w.a.Villages[i].Village.ID}
		given = append(given, one.with(v.Supplied, v.Supplied == v.AtMost && v.Lacks != LacksPersons))
	}
	w.amount("C27 dry_season_supplied", UnitM3Day, given)
	w.amount("C27 dry_season_served", UnitCount, w.count(members, w.supplied(w.dry, SupplyServed)))
	w.amount("C27 dry_season_persons_served", UnitPerson, w.persons(members, w.supplied(w.dry, SupplyServed)))
	w.rate("M16 dry_season_served_rate", UnitPerson, knownSides, w.persons(members, w.servedSide(w.dry)))
}

func (w *waterReport) supplied(s *Supply, verdict SupplyVerdict) func(*VillageVerdict) Side {
	return only(func(v *VillageVerdict) bool { return s.of(w.a, v).Verdict == verdict })
}

func (w *waterReport) servedSide(s *Supply) func(*VillageVerdict) Side {
	return func(v *VillageVerdict) Side {
		switch s.of(w.a, v).Verdict {
		case SupplyServed:
			return SideNumerator
		case SupplyNotSurveyed:
			return SideUnknown
		}
		return SideRest
	}
}

// works writes the rows on all works of the county that are built, or may be.
// Works belong to no township.
func (w *waterReport) works() {
	w.rule = w.supply.rule()
	var design, taps, small []Part
	for i := range w.a.Snapshot.Water {
		p, work := &w.supply.Projects[i], &w.a.Snapshot.Water[i]
		if p.Built == No {
			continue
		}
		one := Part{Layer: "water_project", ID: work.ID}
		litres, known := litresOf(work.CapacityM3D)
		design = append(design, one.with(litres, known && p.Built == Yes))
		taps = append(taps, w.capacity(i))
		if p.Bottleneck {
			small = append(small, one.with(1, true))
		}
	}
	w.amount("C60 works_capacity", UnitM3Day, design)
	w.amount("C61 works_too_small", UnitCount, small)
	_, _, members := w.a.countyUnit()
	w.ratio("M16 capacity_ratio", taps, w.demand(members))
}

// capacity is what a work brings to the taps.
func (w *waterReport) capacity(i int) Part {
	p := &w.supply.Projects[i]
	one := Part{Layer: "water_project", ID: w.a.Snapshot.Water[i].ID}
	if p.Built != Yes || p.Capacity == nil {
		return one.with(0, false)
	}
	return one.with(*p.Capacity, true)
}

// demand is what villages ask for, as the lower side of a ratio.
func (w *waterReport) demand(members []int) []Part {
	out := make([]Part, len(members))
	for k, i := range members {
		v := &w.supply.Villages[i]
		out[k] = Part{Layer: "village", ID: w.a.Villages[i].Village.ID}.with(v.Demand, v.Lacks != LacksPersons)
		if out[k].Side == SideNumerator {
			out[k].Side = SideRest
		}
	}
	return out
}

// ratio writes capacity over demand.
func (w *waterReport) ratio(metric string, capacity, demand []Part) {
	w.row(metric, UnitRatio, UnitM3Day, joined([][]Part{capacity, demand})).ratio(sumSide(demand, SideRest), 1)
}

// projects writes a row for each work that is built, or may be: its capacity over
// what all villages that are linked to it ask for.
func (w *waterReport) projects() {
	for i := range w.a.Snapshot.Water {
		work := &w.a.Snapshot.Water[i]
		if w.supply.Projects[i].Built == No {
			continue
		}
		w.at("water_project:"+idString(work.ID), work.Name)
		var members []int
		for _, id := range work.Serves {
			if v, ok := w.a.village[id]; ok {
				members = append(members, v)
			}
		}
		slices.Sort(members)
		w.ratio("M16 capacity_ratio", []Part{w.capacity(i)}, w.demand(slices.Compact(members)))
	}
}
