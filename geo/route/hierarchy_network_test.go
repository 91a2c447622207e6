package route

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// roads is a network made up for measuring: streets on a grid of which a third
// is missing, a fifth one-way; every tenth line is a faster road and every
// fiftieth one faster still, and these are whole. It has so many nodes, 1.33
// times as many edges, and hangs together but for a few blocks.
func roads(nodes int, visit func(a, b orb.Point, tail, head int32, kmh float64, oneway bool)) {
	r := rand.New(rand.NewPCG(4, uint64(nodes)))
	side := int32(1)
	for int(side+1)*int(side+1) <= nodes {
		side++
	}
	points := make([]orb.Point, side*side)
	for i := range points {
		x, y := float64(int32(i)%side), float64(int32(i)/side)
		points[i] = orb.Point{105 + (x+r.Float64()*0.6)*0.001, 27 + (y+r.Float64()*0.6)*0.001}
	}
	for i := range side * side {
		for _, d := range [2][2]int32{{1, 0}, {0, 1}} {
			x, y := i%side+d[0], i/side+d[1]
			if x == side || y == side {
				continue
			}
			line := i / side
			if d[1] == 1 {
				line = i % side
			}
			kmh, whole := 30.0, false
			if line%50 == 25 {
				kmh, whole = 80, true
			} else if line%10 == 5 {
				kmh, whole = 50, true
			}
			if missing := r.Float64() < 0.38; missing && !whole {
				continue
			}
			oneway := r.Float64() < 0.2
			visit(points[i], points[y*side+x], i, y*side+x, kmh, oneway && !whole)
		}
	}
}

// roadNetwork is such a network with its lines.
func roadNetwork(tb testing.TB, nodes int) *Graph {
	tb.Helper()
	var b Builder
	roads(nodes, func(p, q orb.Point, _, _ int32, kmh float64, oneway bool) {
		w := TwoWay(orb.LineString{p, q}, 0, kmh)
		if oneway {
			w.Backward = 0
		}
		b.Add(w)
	})
	g, err := b.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return g
}
