package planner

// estimates writes what no survey has priced, apart from what one has, and both
// together. An estimate is by the rules: so much a village and so much a person.
func (w *waterReport) estimates(members []int) {
	var priced, estimated []Part
	for _, p := range w.surveyedCost(members) {
		if p.Side == SideNumerator {
			priced = append(priced, p)
		} else {
			estimated = append(estimated, w.estimate(p))
		}
	}
	w.amount("C29 water_gap_cost_estimated", UnitYuan, estimated)
	whole := joined([][]Part{priced, estimated})
	w.amount("C29 water_gap_cost_total", UnitYuan, whole)
	villages := int64(0)
	for _, p := range whole {
		if p.Side == SideNumerator {
			villages++
		}
	}
	w.row("M12 water_cost_per_village", UnitYuan, UnitCount, whole).ratio(villages, 1/perUnit(UnitYuan))
}

// estimate is what it costs by the rules to make a village safe. That is not known
// where persons have a price and their number is not known, nor where the rules
// have no price at all.
func (w *waterReport) estimate(p Part) Part {
	rules := &w.a.Snapshot.Rules.Water
	persons, known := w.a.Villages[w.a.village[p.ID]].Village.Persons()
	known = rules.GapPerson == 0 && rules.GapVillage > 0 || rules.GapPerson > 0 && known
	return p.with(min(rules.GapVillage, maxFen)+min(scale(persons, rules.GapPerson, 1), maxFen), known)
}

// maxFen is more than a village can cost: a hundred thousand million yuan.
const maxFen = 10_000_000_000_000
