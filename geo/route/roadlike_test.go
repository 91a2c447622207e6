package route_test

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo/route"
)

// roadlike makes a network like that of roads of side by side nodes: a crooked
// lattice of 150 m of which a random tree and a few edges more are left, four
// for every three nodes, most of the latter one-way, with faster roads among
// them. It stands for a large network of which only size and degree count; all
// of it is one part, both ways.
func roadlike(side int, seed uint64) route.Arrays {
	r := rand.New(rand.NewPCG(seed, 4))
	n := side * side
	a := route.Arrays{Nodes: n, Places: make([]orb.Point, n)}
	for i := range a.Places {
		x, y := float64(i%side)+0.7*r.Float64(), float64(i/side)+0.7*r.Float64()
		a.Places[i] = orb.Point{100 + x*150/99_000, 20 + y*150/111_000}
	}
	ends := lattice(side)
	r.Shuffle(len(ends), func(i, j int) { ends[i], ends[j] = ends[j], ends[i] })
	trees, extra := newForest(n), n/3
	for _, e := range ends {
		joins := trees.join(e[0], e[1])
		if !joins && extra == 0 {
			continue
		}
		if !joins {
			extra--
		}
		addRoad(&a, r, e, side, joins || r.Float64() < 0.1)
	}
	return a
}

// addRoad adds an edge between neighbours, two-way or one-way.
func addRoad(a *route.Arrays, r *rand.Rand, e [2]int32, side int, both bool) {
	p, q := a.Places[e[0]], a.Places[e[1]]
	mm := 1100 * math.Hypot((p[0]-q[0])*99_000, (p[1]-q[1])*111_000)
	kmh := 20 + 20*r.Float64()
	if row, column := int(e[0])/side, int(e[0])%side; row%16 == 0 || column%16 == 0 {
		kmh = 60
	}
	ms := uint32(mm * 3.6 / kmh)
	back := uint32(route.Closed)
	if both {
		back = ms
	}
	a.Tail, a.Head = append(a.Tail, e[0]), append(a.Head, e[1])
	a.MM, a.Forward, a.Backward = append(a.MM, uint32(mm)), append(a.Forward, ms), append(a.Backward, back)
}

// lattice joins each place to the next in its row and in its column.
func lattice(side int) [][2]int32 {
	var out [][2]int32
	for i := range int32(side * side) {
		if int(i)%side+1 < side {
			out = append(out, [2]int32{i, i + 1})
		}
		if int(i)/side+1 < side {
			out = append(out, [2]int32{i, i + int32(side)})
		}
	}
	return out
}

// forest is a union of trees (by Galler and Fischer).
type forest []int32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = int32(i)
	}
	return f
}

func (f forest) root(n int32) int32 {
	for f[n] != n {
		f[n] = f[f[n]]
		n = f[n]
	}
	return n
}

// join makes two trees one; false when they are.
func (f forest) join(a, b int32) bool {
	a, b = f.root(a), f.root(b)
	f[a] = b
	return a != b
}
