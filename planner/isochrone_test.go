package planner

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// What is reached within a limit can be reached by the matrix in that time, and
// a step beyond its end cannot; nothing that is closed is reached.
func TestIsochroneIsWhatTheMatrixReaches(t *testing.T) {
	s := demoCounty(7, 40, 12)
	a := Assess(s)
	from := s.Sites[0].Gate
	limits := []int64{300_000, 900_000, 1_800_000}
	iso := must(a.Isochrone(from, IsochroneOptions{LimitMS: limits, Outline: true}))
	if len(iso.Reached) == 0 || len(iso.Outlines) != len(limits) {
		t.Fatalf("%d stretches, %d outlines", len(iso.Reached), len(iso.Outlines))
	}
	var to []orb.Point
	for _, r := range iso.Reached {
		to = append(to, r.Line[0], r.Line[len(r.Line)-1])
	}
	err := must(a.Drive("")).Matrix(t.Context(), []orb.Point{from}, to, route.MatrixOptions{Metric: route.ByTime}, func(_ int, ms []uint32) error {
		for i, r := range iso.Reached {
			for k, end := range ms[2*i : 2*i+2] {
				if int64(end) > limits[r.Limit]+20 { // the ends are rounded to the millimetre
					t.Errorf("end %d of stretch %d is said to be within %d ms and takes %d", k, i, limits[r.Limit], end)
				}
			}
			if before := r.Limit - 1; before >= 0 && int64(max(ms[2*i], ms[2*i+1])) < limits[before]-20 && geo.Length(r.Line) < 50_000 {
				t.Errorf("stretch %d is said to be beyond %d ms and ends at %d", i, limits[before], ms[2*i:2*i+2])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	closed := must(a.Ask(context.Background(), Question{Edits: []Edit{{Do: EditClose, Road: iso.Reached[len(iso.Reached)/2].Road}}}))
	other := must(closed.Isochrone(from, IsochroneOptions{LimitMS: limits}))
	for _, r := range other.Reached {
		if r.Road == iso.Reached[len(iso.Reached)/2].Road {
			t.Errorf("road %d is closed and reached", r.Road)
		}
	}
}

func TestIsochroneRefuses(t *testing.T) {
	s := demoCounty(7, 10, 3)
	a := Assess(s)
	for name, o := range map[string]IsochroneOptions{"no limit": {}, "falling": {LimitMS: []int64{2, 1}}, "below zero": {LimitMS: []int64{-1}}, "season": {LimitMS: []int64{1}, Season: "rain"}, "many": {LimitMS: make([]int64, 11)}} {
		if _, err := a.Isochrone(s.Villages[0].Point, o); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := a.Isochrone(orb.Point{0, 0}, IsochroneOptions{LimitMS: []int64{60_000}}); CodeOf(err) != Invalid {
		t.Errorf("a place in the sea: %v", err)
	}
}
