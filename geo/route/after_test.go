package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// A graph built after another is the one that is built anew: an equal line is
// taken over, one that begins alike but differs in its last bit is not.
func TestAfterIsTheSameGraph(t *testing.T) {
	ways := []orb.LineString{
		{{105, 27}, {105.01, 27}, {105.02, 27.001}},
		{{105, 27}, {105.01, 27}, {105.02, 27.002}},
		{{105.01, 27}, {105.01, 27.01}},
	}
	build := func(old *route.Graph) *route.Graph {
		var b route.Builder
		if old != nil {
			b.After(old)
		}
		for i, line := range ways {
			b.Add(route.TwoWay(line, int32(i), 30))
		}
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	old := build(nil)
	ways = append(ways[1:], orb.LineString{{105, 27}, {105.01, 27}, {105.021, 27.001}})
	anew, after := build(nil), build(old)
	if anew.Edges() != after.Edges() || anew.Edges() == 0 {
		t.Fatalf("%d and %d edges", anew.Edges(), after.Edges())
	}
	for e := range int32(anew.Edges()) {
		if diff := cmp.Diff(anew.Edge(e), after.Edge(e)) + cmp.Diff(anew.Line(e), after.Line(e)); diff != "" {
			t.Error(diff)
		}
		if x, y := anew.Edge(e).Length(), geo.Length(after.Line(e)); x != y {
			t.Errorf("edge %d: %v, its line %v", e, x, y)
		}
	}
}
