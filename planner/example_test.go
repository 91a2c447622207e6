package planner_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// A village, a road and a gap: 2 km of a 3 km task are surfaced, the last one
// is not, and so the village at its end is not connected.
func ExampleAssess() {
	seat, village := orb.Point{104.70, 27.10}, orb.Point{104.73, 27.10}
	whole := chainage.Span{From: 0, To: 3_000_000} // mm
	starts, _ := planner.ParseDate("2020-01-01")
	deadline, _ := planner.ParseDate("2020-12-31")
	day, _ := planner.ParseDate("2020-06-30")

	a := planner.Assess(&planner.Snapshot{
		Region:     planner.Region{Code: "520527", Name: "赫章县", Seat: &seat},
		AsOf:       day,
		Rules:      planner.DefaultRules(),
		Villages:   []planner.Village{{ID: 1, Name: "水塘寨", Point: village, Surveyed: true}},
		Roads:      []planner.Road{{ID: 1, Name: "水塘寨路", Version: 1, Length: whole.To}},
		Segments:   []planner.Segment{{ID: 1, Road: 1, Version: 1, Span: whole, Built: planner.BuiltNone, Routable: true, Line: orb.LineString{seat, village}}},
		Programmes: []planner.Programme{{ID: 1, Starts: starts, Deadline: deadline, CompletingStage: planner.StageSurface, Surface: "cement", AllSeason: planner.Yes, Scope: []planner.ScopeItem{{Road: 1, Version: 1, Span: whole}}}},
		Progress: []planner.Progress{
			{ID: "a", Road: 1, Version: 1, Span: chainage.Span{From: 0, To: 1_500_000}, Stage: planner.StageSurface, On: day},
			{ID: "b", Road: 1, Version: 1, Span: chainage.Span{From: 1_000_000, To: 2_000_000}, Stage: planner.StageSurface, On: day},
		},
	})

	f, items, _ := a.Evidence("M02 completion_rate", "520527")
	fmt.Printf("%s %.2f %% = %d/%d mm, %s to %s by %d reports\n", f.Metric, *f.Value, f.Numerator, *f.Denominator,
		items[0].LabelFrom, items[0].LabelTo, len(items[0].Events))
	v := a.Villages[0]
	fmt.Printf("%s: %s, %d m missing\n", v.Village.Name, v.Road, v.Link.MissingMM/1000)
	// Output:
	// M02 completion_rate 66.67 % = 2000000/3000000 mm, K0+000 to K2+000 by 2 reports
	// 水塘寨: not, 1000 m missing
}
