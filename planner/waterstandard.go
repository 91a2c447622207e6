package planner

// The climates of T/CHES 18-2018: wet has at least 800 mm of rain a year and
// 1000 m³ of water a person.
const (
	ClimateWet = "wet"
	ClimateDry = "dry"
)

// NationalStandard is T/CHES 18-2018 for a climate.
func NationalStandard(climate string) WaterStandard {
	s := WaterStandard{
		Version: "T/CHES 18-2018 " + climate, Climate: climate, LitresGood: 60, LitresBasic: 35, MinutesGood: 10, MinutesBasic: 20,
		DistanceGood: 400, DistanceBasic: 800, ClimbGood: 40, ClimbBasic: 80, ReliableGood: 95, ReliableBasic: 90,
	}
	if climate == ClimateDry {
		s.LitresGood, s.LitresBasic = 40, 20
	}
	return s
}

// CheckTightens refuses a standard that is looser than one it stands under: the
// nation's, or its province's of the same climate. It may be tighter.
func (s *WaterStandard) CheckTightens(above *WaterStandard) error {
	for _, t := range []struct {
		name       string
		own, limit float64
		atLeast    bool
	}{
		{"litres_good", s.LitresGood, above.LitresGood, true}, {"litres_basic", s.LitresBasic, above.LitresBasic, true},
		{"reliable_good", s.ReliableGood, above.ReliableGood, true}, {"reliable_basic", s.ReliableBasic, above.ReliableBasic, true},
		{"minutes_good", s.MinutesGood, above.MinutesGood, false}, {"minutes_basic", s.MinutesBasic, above.MinutesBasic, false},
		{"distance_good", s.DistanceGood, above.DistanceGood, false}, {"distance_basic", s.DistanceBasic, above.DistanceBasic, false},
		{"climb_good", s.ClimbGood, above.ClimbGood, false}, {"climb_basic", s.ClimbBasic, above.ClimbBasic, false},
	} {
		if t.atLeast && !(t.own >= t.limit) || !t.atLeast && !(t.own <= t.limit) {
			return Errorf(Invalid, "water standard %q of code %q: %s %g is looser than the %g of %q; a standard may be tighter than the one above it, never looser: mend the row of table water_standard",
				s.Version, s.Code, t.name, t.own, t.limit, above.Version)
		}
	}
	return nil
}
