package planner

// ageOf is the age of a survey on the snapshot's day; one of a later day has none.
func (a *Assessment) ageOf(s *WaterSurvey) int64 {
	return max(int64(a.Snapshot.AsOf-s.On), 0)
}

// freshnessOf is what a survey still counts, in parts per million.
func (a *Assessment) freshnessOf(s *WaterSurvey) int64 {
	return freshness(a.ageOf(s), a.Snapshot.Rules.Water.HalfLifeDays)
}

// stale says whether a survey is too old to lean on. It is shown all the same.
func (a *Assessment) stale(s *WaterSurvey) bool { return a.ageOf(s) > a.Snapshot.Rules.Water.StaleDays }

// age writes how much of what surveys say still counts. A village's persons
// count as many times as its survey is fresh, rounded to whole persons.
func (w *waterReport) age(members []int) {
	fresh := w.persons(members, only(func(*VillageVerdict) bool { return true }))
	for i := range fresh {
		survey := w.a.Villages[w.a.village[fresh[i].ID]].Survey
		switch {
		case fresh[i].Side == SideUnknown:
		case survey == nil:
			fresh[i].Side = SideUnknown
		default:
			persons := fresh[i]
			fresh[i].Amount = (scale(persons.Amount, 2*w.a.freshnessOf(survey), ppm) + 1) / 2
			persons.Side, persons.Amount = SideRest, persons.Amount-fresh[i].Amount
			fresh = append(fresh, persons)
		}
	}
	w.rate("M38 water_freshness", UnitPerson, knownSides, fresh)
	surveyed := func(test func(*WaterSurvey) bool) []Part {
		return w.count(members, only(func(v *VillageVerdict) bool { return test(v.Survey) }))
	}
	w.amount("C28 surveys_stale", UnitCount, surveyed(func(s *WaterSurvey) bool { return s != nil && w.a.stale(s) }))
	w.amount("C28 villages_never_surveyed", UnitCount, surveyed(func(s *WaterSurvey) bool { return s == nil }))
}
