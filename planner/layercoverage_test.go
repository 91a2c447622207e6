package planner

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// What coverage draws of a village is what its proof says is missing, and every
// village that lacks something drawable has exactly one feature.
func TestCoverageFeatures(t *testing.T) {
	a := Assess(demoCounty(7, 60, 20))
	drawn := map[ID]Feature{}
	for _, f := range a.CoverageFeatures() {
		id := ID(f.ID)
		if _, twice := drawn[id]; twice {
			t.Errorf("village %d is drawn twice", id)
		}
		drawn[id] = f
	}
	if len(drawn) < 3 {
		t.Fatalf("only %d villages lack anything", len(drawn))
	}
	for i := range a.Villages {
		d := &a.Villages[i]
		proof := must(a.Proof(d.Village.ID))
		var want int64
		for _, leg := range proof.Legs {
			if leg.Kind == LegMissing || leg.Kind == LegStraight && d.Link != nil {
				want += lengthOf(leg.Line)
			}
		}
		f, there := drawn[d.Village.ID]
		if there != (want > 0) {
			t.Errorf("village %d: drawn %v, %d mm missing", d.Village.ID, there, want)
			continue
		}
		if !there {
			continue
		}
		var got int64
		for _, line := range f.Geometry.(orb.MultiLineString) {
			got += lengthOf(line)
		}
		if off := got - want; off < -20 || off > 20 {
			t.Errorf("village %d: %d mm are drawn, its proof misses %d", d.Village.ID, got, want)
		}
		if f.Properties["missing_m"] != metres(d.Link.MissingMM) || f.Properties["verdict"] != string(d.Road) || d.Road == RoadConnected {
			t.Errorf("village %d: %v", d.Village.ID, f.Properties)
		}
	}
}

func lengthOf(line orb.LineString) int64 { return int64(geo.Length(line)) }
