package route_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
	"pgregory.net/rapid"
)

func Example() {
	var b route.Builder
	b.Add(route.TwoWay(orb.LineString{{105, 27}, {105.01, 27}, {105.02, 27}}, 7, 30))
	b.Add(route.TwoWay(orb.LineString{{105.01, 27}, {105.01, 27.01}}, 8, 15))
	g, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	village, _ := g.Snap(orb.Point{105.0101, 27.008}, 2000, nil)
	site, _ := g.Snap(orb.Point{105.019, 27.0001}, 2000, nil)
	p, ok := g.NewQuery().Between(village, site)
	fmt.Printf("%v: %.0f m, %.0f s, of it %.0f m on foot, %d edges\n",
		ok, p.Metres(), p.Seconds(), (village.Access + site.Access).Metres(), len(p.Steps))
	// Output: true: 1801 m, 335 s, of it 21 m on foot, 2 edges
}

// network draws a random network on a small grid of places, with one-way and
// closed roads, parallel roads and loops.
func network(t *rapid.T) *route.Graph {
	var b route.Builder
	place := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{105 + float64(rapid.IntRange(0, 3).Draw(t, "x"))/100, 27 + float64(rapid.IntRange(0, 3).Draw(t, "y"))/100}
	})
	speed := rapid.SampledFrom([]float64{0, 10, 20, 20, 60})
	for i := range rapid.IntRange(1, 14).Draw(t, "ways") {
		line := orb.LineString(rapid.SliceOfN(place, 2, 5).Draw(t, "line"))
		b.Add(route.Way{Line: line, Payload: int32(i), Forward: speed.Draw(t, "forward"), Backward: speed.Draw(t, "backward")})
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// drawPlace is a place on any edge, often at its end.
func drawPlace(t *rapid.T, g *route.Graph, label string) route.Snap {
	edge := int32(rapid.IntRange(0, g.Edges()-1).Draw(t, label+" edge"))
	length := int64(g.Edge(edge).Length())
	at := rapid.OneOf(rapid.Int64Range(0, length), rapid.SampledFrom([]int64{0, length})).Draw(t, label+" at")
	s := g.Place(edge, geo.Millimetre(at))
	s.Access = geo.Millimetre(rapid.Int64Range(0, 50_000).Draw(t, label+" access"))
	return s
}

// reference finds all costs between places in the dullest way: each place is
// made a node of its own, and Bellman and Ford's rounds go on until nothing
// gets better.
type reference struct {
	g      *route.Graph
	filter *route.Filter
	metric route.Metric
	links  []link
	nodes  int
}

type link struct {
	from, to int
	cost     route.Cost
}

func newReference(g *route.Graph, filter *route.Filter, metric route.Metric, places []route.Snap) *reference {
	r := &reference{g: g, filter: filter, metric: metric, nodes: g.Nodes() + len(places)}
	for e := range int32(g.Edges()) {
		edge := g.Edge(e)
		r.link(e, 0, edge.Length(), int(edge.Tail), int(edge.Head))
		for i, p := range places {
			if p.Edge != e {
				continue
			}
			r.link(e, 0, p.At, int(edge.Tail), g.Nodes()+i)
			r.link(e, p.At, edge.Length(), g.Nodes()+i, int(edge.Head))
			for j, o := range places[:i] {
				if o.Edge == e {
					r.link(e, o.At, p.At, g.Nodes()+j, g.Nodes()+i)
				}
			}
		}
	}
	return r
}

// link adds both directions of a piece of an edge.
func (r *reference) link(e int32, from, to geo.Millimetre, a, b int) {
	edge := r.g.Edge(e)
	if from == to {
		r.links = append(r.links, link{a, b, route.Cost{}}, link{b, a, route.Cost{}})
		return
	}
	if !r.filter.Allows(e) {
		return
	}
	if from > to {
		from, to, a, b = to, from, b, a
	}
	part := func(total int64) int64 {
		at := func(mm geo.Millimetre) int64 {
			return int64(math.Round(float64(mm) * float64(total) / float64(edge.Length())))
		}
		return at(to) - at(from)
	}
	if edge.Forward >= 0 {
		r.links = append(r.links, link{a, b, route.Cost{MM: int64(to - from), MS: part(edge.Forward)}})
	}
	if edge.Backward >= 0 {
		r.links = append(r.links, link{b, a, route.Cost{MM: int64(to - from), MS: part(edge.Backward)}})
	}
}

func (r *reference) less(a, b route.Cost) bool {
	if !b.Reachable() || !a.Reachable() {
		return a.Reachable()
	}
	if r.metric == route.ByTime {
		return a.MS < b.MS || a.MS == b.MS && a.MM < b.MM
	}
	return a.MM < b.MM || a.MM == b.MM && a.MS < b.MS
}

func (r *reference) from(start int) []route.Cost {
	costs := make([]route.Cost, r.nodes)
	for i := range costs {
		costs[i] = route.Unreachable
	}
	costs[start] = route.Cost{}
	for better := true; better; {
		better = false
		for _, l := range r.links {
			if !costs[l.from].Reachable() {
				continue
			}
			c := route.Cost{MM: costs[l.from].MM + l.cost.MM, MS: costs[l.from].MS + l.cost.MS}
			if r.less(c, costs[l.to]) {
				costs[l.to], better = c, true
			}
		}
	}
	return costs
}

func legs(c route.Cost, a, b route.Snap) route.Cost {
	if !c.Reachable() {
		return c
	}
	for _, s := range []route.Snap{a, b} {
		c.MM += int64(s.Access)
		c.MS += (int64(s.Access)*5 + 3) / 7
	}
	return c
}

func TestAgainstBellmanFord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := network(t)
		if g.Edges() == 0 {
			return
		}
		q := g.NewQuery()
		for range 2 { // the scratch memory is used again
			closed := rapid.IntRange(-1, g.Edges()-1).Draw(t, "closed")
			q.Metric = rapid.SampledFrom([]route.Metric{route.ByLength, route.ByTime}).Draw(t, "metric")
			q.Filter = nil
			if closed >= 0 {
				q.Filter = g.Filter(func(int32) bool { return true }).With(int32(closed), false)
			}
			var places []route.Snap
			for i := range rapid.IntRange(2, 5).Draw(t, "places") {
				places = append(places, drawPlace(t, g, fmt.Sprint(i)))
			}
			compare(t, q, newReference(g, q.Filter, q.Metric, places), g, places)
		}
	})
}

func compare(t *rapid.T, q *route.Query, r *reference, g *route.Graph, places []route.Snap) {
	best := make([]route.Cost, len(places)) // to the nearest of all but the first
	for i := range best {
		best[i] = route.Unreachable
	}
	for i, from := range places {
		costs := r.from(g.Nodes() + i)
		var want []route.Cost
		for j, to := range places {
			c := legs(costs[g.Nodes()+j], from, to)
			want = append(want, c)
			if j > 0 && r.less(c, best[i]) {
				best[i] = c
			}
		}
		if diff := cmp.Diff(want, q.ToTargets(from, places, nil)); diff != "" {
			t.Fatalf("from place %d (-want +got):\n%s", i, diff)
		}
		q.From(from)
		for j, to := range places {
			if got, _ := q.Reach(to); got.Cost != want[j] {
				t.Fatalf("tree from %d to %d: %v, want %v", i, j, got.Cost, want[j])
			}
			checkPath(t, q, g, from, to, want[j])
		}
	}
	q.Toward(places[1:]...)
	for i, from := range places {
		got, ok := q.Reach(from)
		if got.Cost != best[i] || ok != best[i].Reachable() {
			t.Fatalf("nearest of the others from %d: %v, want %v", i, got.Cost, best[i])
		}
		if ok {
			checkPath(t, q, g, from, places[1:][got.Root], best[i])
		}
	}
}

// checkPath drives a path step by step and adds up what it costs.
func checkPath(t *rapid.T, q *route.Query, g *route.Graph, from, to route.Snap, want route.Cost) {
	p, ok := q.Path(to)
	if r, _ := q.Reach(to); r.Cost != want { // a search towards: asked at its start
		p, ok = q.Path(from)
	}
	if ok != want.Reachable() {
		t.Fatalf("path %v, want %v", p, want)
	}
	if !ok {
		return
	}
	if p.Cost != want {
		t.Fatalf("path costs %v, want %v", p.Cost, want)
	}
	sum, at := route.Cost{}, from
	for i, step := range p.Steps {
		edge := g.Edge(step.Edge)
		total, lo, hi := edge.Forward, step.From, step.To
		if lo > hi {
			total, lo, hi = edge.Backward, hi, lo
		}
		if total < 0 || !q.Filter.Allows(step.Edge) {
			t.Fatalf("step %d drives closed edge %d", i, step.Edge)
		}
		if !samePlace(g, at.Edge, at.At, step.Edge, step.From) {
			t.Fatalf("step %d of %v does not begin where the last ends", i, p)
		}
		share := func(mm geo.Millimetre) int64 {
			return int64(math.Round(float64(mm) * float64(total) / float64(edge.Length())))
		}
		sum.MM, sum.MS = sum.MM+int64(hi-lo), sum.MS+share(hi)-share(lo)
		at = route.Snap{Edge: step.Edge, At: step.To}
	}
	if !samePlace(g, at.Edge, at.At, to.Edge, to.At) {
		t.Fatalf("path %v does not end at %v", p, to)
	}
	if got := legs(sum, from, to); got != want {
		t.Fatalf("steps cost %v, want %v", got, want)
	}
}

// samePlace compares places that may be the same node seen from two edges.
func samePlace(g *route.Graph, e1 int32, at1 geo.Millimetre, e2 int32, at2 geo.Millimetre) bool {
	node := func(e int32, at geo.Millimetre) int32 {
		switch edge := g.Edge(e); at {
		case 0:
			return edge.Tail
		case edge.Length():
			return edge.Head
		}
		return -1
	}
	n := node(e1, at1)
	return e1 == e2 && at1 == at2 || n >= 0 && n == node(e2, at2)
}

func TestPathLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := network(t)
		if g.Edges() == 0 {
			return
		}
		from, to := drawPlace(t, g, "from"), drawPlace(t, g, "to")
		p, ok := g.NewQuery().Between(from, to)
		if !ok || len(p.Steps) == 0 {
			return
		}
		line := g.PathLine(p)
		if geo.Distance(line[0], from.Point) > 0.02 || geo.Distance(line[len(line)-1], to.Point) > 0.02 {
			t.Fatalf("line goes from %v to %v, want %v to %v", line[0], line[len(line)-1], from.Point, to.Point)
		}
		got, want := geo.Length(line), geo.Millimetre(p.MM)-from.Access-to.Access
		if got < want-50 || got > want+50 {
			t.Fatalf("line is %v, path %v", got, want)
		}
	})
}

func TestMatrix(t *testing.T) {
	var b route.Builder
	b.Add(route.TwoWay(orb.LineString{{105, 27}, {105.01, 27}}, 0, 30))
	b.Add(route.TwoWay(orb.LineString{{106, 27}, {106.01, 27}}, 1, 30))
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	a, c := g.Place(0, 0), g.Place(1, 0)
	var rows [][]bool
	err = g.NewQuery().Matrix(context.Background(), []route.Snap{a, c}, []route.Snap{a, c}, func(i int, costs []route.Cost) error {
		rows = append(rows, []bool{costs[0].Reachable(), costs[1].Reachable()})
		return nil
	})
	if diff := cmp.Diff([][]bool{{true, false}, {false, true}}, rows); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	stop := errors.New("stop")
	if err := g.NewQuery().Matrix(context.Background(), []route.Snap{a, c}, nil, func(int, []route.Cost) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want stop", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := g.NewQuery().Matrix(ctx, []route.Snap{a}, nil, func(int, []route.Cost) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
}

func TestWithSpeeds(t *testing.T) {
	d := draw(t, `
A----B----C
`, 1000, road{through: "AB"}, road{through: "BC"})
	wet, err := d.g.WithSpeeds(func(way int, payload int32) (float64, float64) {
		if way != int(payload) {
			t.Errorf("way %d has payload %d", way, payload)
		}
		return []float64{18, 0}[way], []float64{18, 0}[way]
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := wet.NewQuery().Between(d.at('A'), d.at('B')); !ok || seconds(p.Cost) != 1000 {
		t.Errorf("A to B when wet: %v s", p.Seconds())
	}
	if _, ok := wet.NewQuery().Between(d.at('A'), d.at('C')); ok {
		t.Error("C is reached when wet")
	}
	if s, _ := wet.Snap(d.place['C'], 1e5, nil); s.Edge != d.at('A').Edge {
		t.Error("snapped to an impassable road")
	}
	if p, ok := d.g.NewQuery().Between(d.at('A'), d.at('C')); !ok || seconds(p.Cost) != 1000 {
		t.Errorf("the dry graph has changed: %v", p.Cost)
	}
	if _, err := d.g.WithSpeeds(func(int, int32) (float64, float64) { return -1, 1 }); err == nil {
		t.Error("a speed below zero was taken")
	}
}

func TestBadWays(t *testing.T) {
	ok := orb.LineString{{105, 27}, {105.01, 27}}
	for name, w := range map[string]route.Way{
		"vertex 2":     route.TwoWay(orb.LineString{{105, 27}, {math.NaN(), 27}}, 0, 30),
		"metres":       route.TwoWay(orb.LineString{{472323, 3000449}, {472323, 3000450}}, 0, 30),
		"speed NaN":    route.TwoWay(ok, 0, math.NaN()),
		"speed -5":     route.TwoWay(ok, 0, -5),
		"speed +Inf":   route.TwoWay(ok, 0, math.Inf(1)),
		"speed 1e-300": route.TwoWay(ok, 0, 1e-300),
	} {
		var b route.Builder
		b.Add(route.TwoWay(ok, 0, 30))
		b.Add(w)
		if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), "way 1") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	var b route.Builder
	b.Add(route.Way{})
	b.Add(route.TwoWay(ok[:1], 0, 30))
	g, err := b.Build()
	if err != nil || g.Edges() != 0 {
		t.Errorf("ways without a length: %v, %d edges", err, g.Edges())
	}
	if _, found := g.Snap(ok[0], math.Inf(1), nil); found {
		t.Error("snapped to nothing")
	}
	if _, found := g.NewQuery().Reach(route.Snap{}); found {
		t.Error("reached without a search")
	}
}

func TestQueriesAtOnce(t *testing.T) {
	d := draw(t, `
A----B----C
|         |
D----E----F
`, 100, road{through: "ABC"}, road{through: "AD"}, road{through: "DEF"}, road{through: "FC"})
	var wg sync.WaitGroup
	for _, way := range []string{"AC", "AF", "CD", "BE"} {
		from, to := d.at(rune(way[0])), d.at(rune(way[1]))
		want, _ := d.g.NewQuery().Between(from, to)
		wg.Go(func() {
			q := d.g.NewQuery()
			for range 200 {
				if p, _ := q.Between(from, to); p.Cost != want.Cost {
					t.Errorf("%s: %v, want %v", way, p.Cost, want.Cost)
				}
			}
		})
	}
	wg.Wait()
}
