package route_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo/route"
	"pgregory.net/rapid"
)

// fataler is what a test and a property test have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// gathered is a matrix, whose rows must come in order.
func gathered[C any](t fataler, matrix func(context.Context, []route.Snap, []route.Snap, route.MatrixOptions, func(int, []C) error) error,
	sources, targets []route.Snap, o route.MatrixOptions,
) [][]C {
	t.Helper()
	var out [][]C
	err := matrix(context.Background(), sources, targets, o, func(i int, cells []C) error {
		if i != len(out) {
			return fmt.Errorf("row %d after %d rows", i, len(out))
		}
		out = append(out, slices.Clone(cells))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// oneByOne is the matrix by one search for each source.
func oneByOne(g *route.Graph, sources, targets []route.Snap, o route.MatrixOptions) (costs [][]route.Cost, values [][]uint32) {
	q := g.NewQuery()
	q.Metric, q.Filter = o.Metric, o.Filter
	for _, s := range sources {
		row := q.ToTargets(s, targets, nil)
		single := make([]uint32, len(row))
		for i, c := range row {
			switch {
			case !c.Reachable():
				single[i] = route.NoPath
			case o.Metric == route.ByTime:
				single[i] = uint32(c.MS)
			default:
				single[i] = uint32(c.MM)
			}
		}
		costs, values = append(costs, row), append(values, single)
	}
	return costs, values
}

func same[C comparable](a, b [][]C) bool { return slices.EqualFunc(a, b, slices.Equal[[]C]) }

func TestMatrixIsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := network(t)
		if g.Edges() == 0 {
			return
		}
		o := route.MatrixOptions{
			Metric:  rapid.SampledFrom([]route.Metric{route.ByLength, route.ByTime}).Draw(t, "metric"),
			Threads: rapid.IntRange(0, 3).Draw(t, "threads"),
		}
		if closed := rapid.IntRange(-1, g.Edges()-1).Draw(t, "closed"); closed >= 0 {
			o.Filter = g.Filter(func(edge int32) bool { return int(edge) != closed })
		}
		draw := func(side string) (out []route.Snap) {
			for i := range rapid.IntRange(0, 6).Draw(t, side) {
				out = append(out, drawPlace(t, g, fmt.Sprint(side, i)))
			}
			return out
		}
		sources, targets := draw("source"), draw("target")
		costs, values := oneByOne(g, sources, targets, o)
		if got := gathered(t, g.Matrix, sources, targets, o); !same(got, costs) {
			t.Fatalf("costs %v, want %v", got, costs)
		}
		if got := gathered(t, g.MatrixValues, sources, targets, o); !same(got, values) {
			t.Fatalf("values %v, want %v", got, values)
		}
		if got := gathered(t, g.MatrixThrough, sources, targets, o); !same(got, costs) {
			t.Fatalf("costs through the hierarchy %v, want %v", got, costs)
		}
		if got := gathered(t, g.MatrixValuesThrough, sources, targets, o); !same(got, values) {
			t.Fatalf("values through the hierarchy %v, want %v", got, values)
		}
	})
}

// Two points at one place of a road that is closed reach each other over their
// access legs, and nothing else.
func TestMatrixOnAClosedRoad(t *testing.T) {
	d := draw(t, "A----B", 100, road{through: "AB"})
	near := d.g.Place(0, 1000)
	far := near
	far.Access = 70_000
	o := route.MatrixOptions{Threads: 1, Filter: d.g.Filter(func(int32) bool { return false })}
	costs, values := oneByOne(d.g, []route.Snap{near, far}, []route.Snap{far, d.g.Place(0, 1001)}, o)
	if costs[1][0] != (route.Cost{MM: 140_000, MS: 100_000}) || costs[0][1].Reachable() {
		t.Fatalf("%v", costs)
	}
	if got := gathered(t, d.g.MatrixThrough, []route.Snap{near, far}, []route.Snap{far, d.g.Place(0, 1001)}, o); !same(got, costs) {
		t.Errorf("%v, want %v", got, costs)
	}
	if got := gathered(t, d.g.MatrixValuesThrough, []route.Snap{near, far}, []route.Snap{far, d.g.Place(0, 1001)}, o); !same(got, values) {
		t.Errorf("%v, want %v", got, values)
	}
}

func TestMatrixStops(t *testing.T) {
	g := grid(t, 6)
	places := []route.Snap{g.Place(0, 0), g.Place(5, 10), g.Place(9, 20)}
	stop := errors.New("enough")
	for _, targets := range [][]route.Snap{places, places[:1]} {
		rows := 0
		err := g.Matrix(t.Context(), places, targets, route.MatrixOptions{}, func(int, []route.Cost) error {
			rows++
			return stop
		})
		if !errors.Is(err, stop) || rows != 1 {
			t.Errorf("%v after %d rows", err, rows)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err = g.Matrix(ctx, places, targets, route.MatrixOptions{}, func(int, []route.Cost) error { return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
}

func TestMatrixOfAnotherNetwork(t *testing.T) {
	g := grid(t, 3)
	ok := g.Place(0, 0)
	for name, bad := range map[string]route.Snap{
		"edge 9000": {Edge: 9000}, "edge -1": {Edge: -1}, "is at -": {Edge: 0, At: -1}, "long": {Edge: 0, At: 1 << 40}, "access of -": {Edge: 0, Access: -1},
	} {
		for side, snaps := range map[string][2][]route.Snap{"source 1": {{ok, bad}, {ok}}, "target 1": {{ok}, {ok, bad}}} {
			err := g.Matrix(t.Context(), snaps[0], snaps[1], route.MatrixOptions{}, func(int, []route.Cost) error { return nil })
			if err == nil || !strings.Contains(err.Error(), side) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s, %s: %v", side, name, err)
			}
		}
	}
	empty, err := new(route.Builder).Build()
	if err != nil {
		t.Fatal(err)
	}
	if rows := gathered(t, empty.Matrix, nil, nil, route.MatrixOptions{}); len(rows) != 0 {
		t.Errorf("%d rows of nothing", len(rows))
	}
	if rows := gathered(t, g.Matrix, []route.Snap{ok, ok}, nil, route.MatrixOptions{}); len(rows) != 2 {
		t.Errorf("%d rows to nowhere, want 2 empty ones", len(rows))
	}
}

func ExampleGraph_Matrix() {
	var b route.Builder
	b.Add(route.TwoWay(orb.LineString{{105, 27}, {105.01, 27}, {105.02, 27}}, 0, 30))
	b.Add(route.TwoWay(orb.LineString{{105.5, 27}, {105.51, 27}}, 0, 30))
	g, _ := b.Build()
	villages := []route.Snap{g.Place(0, 0), g.Place(1, 0)}
	sites := []route.Snap{g.Place(0, 500_000)}
	_ = g.Matrix(context.Background(), villages, sites, route.MatrixOptions{Metric: route.ByTime}, func(village int, costs []route.Cost) error {
		fmt.Println(village, costs[0].Reachable(), costs[0].Metres(), costs[0].Seconds())
		return nil
	})
	// Output:
	// 0 true 500 60
	// 1 false -0.001 -0.001
}
