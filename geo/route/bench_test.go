package route_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo/route"
)

// grid is a city of n by n crossroads.
func grid(b testing.TB, n int) *route.Graph {
	b.Helper()
	var builder route.Builder
	at := func(x, y int) orb.Point { return orb.Point{105 + float64(x)*0.001, 27 + float64(y)*0.001} }
	for i := range n {
		var row, column orb.LineString
		for j := range n {
			row, column = append(row, at(j, i)), append(column, at(i, j))
		}
		builder.Add(route.TwoWay(row, int32(i), 30+float64(i%7)))
		builder.Add(route.TwoWay(column, int32(i), 20+float64(i%5)))
	}
	g, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	return g
}

func BenchmarkTree(b *testing.B) {
	g := grid(b, 140) // the 19,600 nodes of the first trials
	q := g.NewQuery()
	source := g.Place(int32(g.Edges()/2), 0)
	for b.Loop() {
		q.From(source)
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		grid(b, 140)
	}
}

func BenchmarkSnap(b *testing.B) {
	g := grid(b, 140)
	for b.Loop() {
		g.Snap(orb.Point{105.07043, 27.07012}, 2000, nil)
	}
}
