package route_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo/route"
)

// Whatever the network and the question, the answer is a defined one: nothing
// panics, and no cost is endless or below zero.

func TestEmptyNetwork(t *testing.T) {
	var b route.Builder
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	fromArrays, err := route.FromArrays(route.Arrays{Nodes: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []*route.Graph{built, fromArrays} {
		q := g.NewQuery()
		q.From()
		q.Toward()
		q.Update(nil)
		if near, err := q.NearestK(3, true); err != nil || near == nil {
			t.Errorf("nearest: %v", err)
		}
		if list, err := q.Isochrone(false, []int64{1000}); err != nil || len(list) != 0 {
			t.Errorf("isochrone: %v, %v", list, err)
		}
		if _, ok := q.Snap(orb.Point{105, 27}, math.Inf(1)); ok || len(q.Snaps(orb.Point{105, 27}, math.Inf(1))) != 0 {
			t.Error("snapped to nothing")
		}
		if c := g.Components(nil); c.Count() != g.Nodes() {
			t.Errorf("%d parts of %d nodes", c.Count(), g.Nodes())
		}
	}
}

// Loops, edges of no length, the same edge twice, an island: all at once.
func TestOddEdges(t *testing.T) {
	g, err := route.FromArrays(route.Arrays{
		Nodes: 6,
		Tail:  []int32{0, 0, 1, 1, 2, 4}, Head: []int32{0, 1, 2, 2, 3, 5},
		MM:      []uint32{700, 0, 500, 500, 0, 900},
		Forward: []uint32{70, 0, 50, 50, 0, 90}, Backward: []uint32{70, 0, 50, 50, route.Closed, 90},
	})
	if err != nil {
		t.Fatal(err)
	}
	q := g.NewQuery()
	for _, metric := range []route.Metric{route.ByLength, route.ByTime} {
		q.Metric = metric
		q.From(g.Place(0, 350))
		for node, want := range []string{"350 35", "350 35", "850 85", "850 85", "-1 -1", "-1 -1"} {
			if r, _ := q.Node(int32(node)); fmt.Sprint(r.MM, r.MS) != want {
				t.Errorf("node %d: %v, want %s", node, r.Cost, want)
			}
		}
		if p, ok := q.Path(g.Place(4, 0)); !ok || len(p.Steps) != 2 || p.Steps[1].Edge != 2 {
			t.Errorf("path to the far end %+v", p)
		}
		if r, ok := q.Reach(g.Place(5, 450)); ok || r.Reachable() || r.Root != -1 {
			t.Errorf("the island is reached at %v", r)
		}
		q.Toward(g.Place(2, 500))
		if r, _ := q.Node(3); r.Reachable() {
			t.Errorf("came back over a one-way edge of no length: %v", r)
		}
	}
}

// In the sea there is no road; two hundred kilometres away there is one, if so
// far is asked for, and the walk to it is in the cost.
func TestFarFromRoads(t *testing.T) {
	d := draw(t, "A---B", 100, road{through: "AB"})
	sea := orb.Point{d.place['A'][0] - 2.017, d.place['A'][1]}
	if _, ok := d.g.Snap(sea, 2000, nil); ok {
		t.Error("snapped in the sea")
	}
	s, ok := d.g.Snap(sea, 250_000, nil)
	if !ok || s.Access < 199_000_000 || s.Access > 201_000_000 {
		t.Fatalf("snapped to %+v", s)
	}
	p, ok := d.g.NewQuery().Between(s, d.at('B'))
	if !ok || p.MM != int64(s.Access)+int64(d.g.Edge(0).Length()) || p.MS != (int64(s.Access)*5+3)/7+40_000 {
		t.Errorf("path of %v m, %v s", p.Metres(), p.Seconds())
	}
	for _, nowhere := range []orb.Point{{math.NaN(), 27}, {105, math.Inf(1)}, {105, 91}} {
		if s, ok := d.g.Snap(nowhere, math.Inf(1), nil); ok {
			t.Errorf("%v snapped to %+v", nowhere, s)
		}
	}
}

func TestPathWeakest(t *testing.T) {
	d := draw(t, `
A----B----C----D
`, 100, road{through: "AB"}, road{through: "BC"}, road{through: "CD"})
	p, _ := d.g.NewQuery().Between(d.at('D'), d.at('A'))
	w := p.Weakest(func(edge int32) bool { return d.g.Payload(edge) == 1 })
	if w.First != 0 || !slices.Equal(w.Failing, []int{0, 2}) || w.Missing.Metres() < 999 || w.Missing.Metres() > 1001 {
		t.Errorf("weakest link %+v", w)
	}
	if w := p.Weakest(func(int32) bool { return true }); w.First != -1 || w.Missing != 0 {
		t.Errorf("a good path has %+v", w)
	}
}
