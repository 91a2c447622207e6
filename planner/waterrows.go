package planner

// water writes the rows on the safety of drinking water.
func (c *coverage) water(members []int) {
	c.rule = "water/1"
	is := func(w WaterVerdict) func(*VillageVerdict) Side {
		return only(func(v *VillageVerdict) bool { return v.Water == w })
	}
	for _, w := range []WaterVerdict{WaterSafe, WaterBasic, WaterUnsafe, WaterUnsurveyed} {
		c.amount("M13 water_"+string(w), UnitCount, c.count(members, is(w)))
	}
	c.rate("M14 safe_water_rate", UnitPerson, knownSides, c.persons(members, safeSide))
	c.rate("M14 safe_water_village_rate", UnitCount, knownSides, c.count(members, safeSide))
	c.amount("C21 villages_without_safe_water", UnitCount, c.count(members, is(WaterUnsafe)))
	c.amount("C22 water_gap_cost", UnitYuan, c.surveyedCost(members))
}

func safeSide(v *VillageVerdict) Side {
	switch v.Water {
	case WaterSafe, WaterBasic:
		return SideNumerator
	case WaterUnsafe:
		return SideRest
	}
	return SideUnknown
}

// surveyedCost is what surveys say it costs to make unsafe villages safe.
func (c *coverage) surveyedCost(members []int) []Part {
	out := c.count(members, only(func(v *VillageVerdict) bool { return v.Water == WaterUnsafe }))
	for i := range out {
		survey := c.a.Villages[c.a.village[out[i].ID]].Survey
		if survey.CloseCostFen != nil {
			out[i].Amount = *survey.CloseCostFen
		} else {
			out[i].Side = SideUnknown
		}
	}
	return out
}
