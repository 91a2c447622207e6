package route_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo/route"
)

// two roads between three places, the second longer than the straight line.
func threePlaces() route.Arrays {
	return route.Arrays{
		Nodes: 3, Places: []orb.Point{{105, 27}, {105.01, 27}, {105.02, 27}},
		Tail: []int32{0, 1}, Head: []int32{1, 2}, MM: []uint32{992_500, 1_985_000},
		Forward: []uint32{60_000, 120_000}, Backward: []uint32{60_000, route.Closed},
	}
}

func TestFromArrays(t *testing.T) {
	g, err := route.FromArrays(threePlaces())
	if err != nil {
		t.Fatal(err)
	}
	if e := g.Edge(1); e.Tail != 1 || e.Head != 2 || e.Length() != 1_985_000 || e.Backward != -1 || e.Payload != 1 || e.Way != 1 || g.Ways() != 2 {
		t.Errorf("edge 1 is %+v", e)
	}
	if p := g.Node(2); p != (orb.Point{105.02, 27}) {
		t.Errorf("node 2 is at %v", p)
	}
	s, ok := g.Snap(orb.Point{105.015, 27.0001}, 100, nil)
	if !ok || s.Edge != 1 || s.At < 992_000 || s.At > 993_000 {
		t.Fatalf("half way along edge 1 snaps to %+v", s)
	}
	if p := g.Place(1, s.At).Point; p[0] < 105.01499 || p[0] > 105.01501 {
		t.Errorf("the place of that is %v", p)
	}
	q := g.NewQuery()
	p, ok := q.Between(g.Place(0, 0), s)
	if line := g.PathLine(p); !ok || len(p.Steps) != 2 || len(line) != 3 || line[2] != g.Place(1, s.At).Point {
		t.Errorf("path %v, line %v", p, line)
	}
	if _, ok := q.Between(g.Place(1, 5), g.Place(0, 0)); ok {
		t.Error("drove back over a one-way road")
	}
}

// Without places all but snapping and drawing works.
func TestFromArraysWithoutPlaces(t *testing.T) {
	a := threePlaces()
	a.Places = nil
	g, err := route.FromArrays(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := g.Snap(orb.Point{105, 27}, 1e9, nil); ok {
		t.Error("snapped to a network without places")
	}
	p, ok := g.NewQuery().Between(g.Place(0, 0), g.Place(1, 1_985_000))
	if !ok || p.MM != 2_977_500 || g.PathLine(p) != nil || g.Line(0) != nil || g.Node(1) != (orb.Point{}) {
		t.Errorf("path %v", p)
	}
}

func TestBadArrays(t *testing.T) {
	for want, spoil := range map[string]func(*route.Arrays){
		"2 tails and 1 heads":          func(a *route.Arrays) { a.Head = a.Head[:1] },
		"2 tails and 3 lengths":        func(a *route.Arrays) { a.MM = append(a.MM, 1) },
		"2 tails and 0 times forward":  func(a *route.Arrays) { a.Forward = nil },
		"2 tails and 0 times backward": func(a *route.Arrays) { a.Backward = nil },
		"3 nodes and 1 places":         func(a *route.Arrays) { a.Places = a.Places[:1] },
		"-1 nodes":                     func(a *route.Arrays) { a.Nodes = -1 },
		"edge 1 ends at node 3":        func(a *route.Arrays) { a.Head[1] = 3 },
		"edge 0 ends at node -1":       func(a *route.Arrays) { a.Tail[0] = -1 },
		"edge 1 is 4294967295 mm long": func(a *route.Arrays) { a.MM[1] = 1<<32 - 1 },
	} {
		a := threePlaces()
		spoil(&a)
		if _, err := route.FromArrays(a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", want, err)
		}
	}
}

func TestBadOverlays(t *testing.T) {
	g, err := route.FromArrays(threePlaces())
	if err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]route.Change{
		"edge 2":        {Edge: 2},
		"edge -1":       {Edge: -1},
		"-2 and 0 ms":   {Edge: 0, Forward: -2},
		"0 and 4294967": {Edge: 0, Backward: 1<<32 - 1},
	} {
		if _, err := g.Overlay(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v", c, err)
		}
	}
}
