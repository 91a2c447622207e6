package planner

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is drawn after the original is what is drawn anew, and the original's
// layers stay what they were.
func TestLayersAfterIsLayers(t *testing.T) {
	s := demoCounty(7, 40, 12)
	a := Assess(s)
	drawn := a.Layers()
	if &a.LayersAfter(a, drawn)[0] != &drawn[0] {
		t.Error("the same assessment is drawn twice")
	}
	rapid.Check(t, func(rt *rapid.T) {
		asked := must(a.Ask(context.Background(), drawQuestion(rt, s)))
		if diff := cmp.Diff(asked.Layers(), asked.LayersAfter(a, drawn)); diff != "" {
			rt.Fatalf("anew (-), after the original (+) %s", diff)
		}
	})
	if diff := cmp.Diff(a.Layers(), drawn); diff != "" {
		t.Errorf("the original moved: %s", diff)
	}
	other := Assess(demoCounty(8, 40, 12))
	if diff := cmp.Diff(other.Layers(), other.LayersAfter(a, drawn)); diff != "" {
		t.Errorf("another county is drawn after this one: %s", diff)
	}
}
