package route_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/geo/route"
)

// driven is the largest part of the roads of a real file, each cut where another begins,
// ends or crosses, at the default speed of its class.
func driven(t testing.TB, name string) route.Arrays {
	t.Helper()
	shared, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	x, err := osm.Read(t.Context(), filepath.Join(shared, "data", "osm", name))
	switch {
	case err != nil && set:
		t.Fatalf("QIANTU_SHARED: %v", err)
	case err != nil:
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	uses := map[int64]int{}
	for i := range x.Roads {
		for j, n := range x.Roads[i].Nodes {
			if uses[n]++; j == 0 || j == len(x.Roads[i].Nodes)-1 {
				uses[n]++
			}
		}
	}
	a, numbers := route.Arrays{}, map[int64]int32{}
	for i := range x.Roads {
		addWay(&a, &x.Roads[i], uses, numbers)
	}
	a.Nodes = len(a.Places)
	return largest(a)
}

// addWay adds the edges of a way between the nodes that it shares with others.
func addWay(a *route.Arrays, w *osm.Road, uses map[int64]int, numbers map[int64]int32) {
	numbered := func(at int) int32 {
		n, ok := numbers[w.Nodes[at]]
		if !ok {
			n = int32(len(a.Places))
			numbers[w.Nodes[at]] = n
			a.Places = append(a.Places, w.Line[at])
		}
		return n
	}
	kmh := route.Speed(w.Highway, w.Surface, route.Dry)
	if kmh == 0 || w.Access == "no" || len(w.Nodes) != len(w.Line) {
		return
	}
	for from, to := 0, 1; to < len(w.Nodes); to++ {
		if uses[w.Nodes[to]] < 2 {
			continue
		}
		mm := uint32(geo.Length(w.Line[from : to+1]))
		ms := uint32(float64(mm) * 3.6 / kmh)
		there, back := ms, ms
		switch w.Oneway {
		case 1:
			back = route.Closed
		case -1:
			there = route.Closed
		}
		a.Tail, a.Head = append(a.Tail, numbered(from)), append(a.Head, numbered(to))
		a.MM, a.Forward, a.Backward = append(a.MM, mm), append(a.Forward, there), append(a.Backward, back)
		from = to
	}
}

// largest keeps the part of a network with the most nodes.
func largest(a route.Arrays) route.Arrays {
	parts, size := newForest(a.Nodes), make([]int, a.Nodes)
	for e := range a.Tail {
		parts.join(a.Tail[e], a.Head[e])
	}
	most := int32(0)
	for n := range a.Nodes {
		root := parts.root(int32(n))
		if size[root]++; size[root] > size[most] {
			most = root
		}
	}
	out, numbers := route.Arrays{}, make([]int32, a.Nodes)
	for n := range a.Nodes {
		if parts.root(int32(n)) == most {
			numbers[n] = int32(len(out.Places))
			out.Places = append(out.Places, a.Places[n])
		}
	}
	out.Nodes = len(out.Places)
	for e := range a.Tail {
		if parts.root(a.Tail[e]) == most {
			out.Tail, out.Head = append(out.Tail, numbers[a.Tail[e]]), append(out.Head, numbers[a.Head[e]])
			out.MM, out.Forward, out.Backward = append(out.MM, a.MM[e]), append(out.Forward, a.Forward[e]), append(out.Backward, a.Backward[e])
		}
	}
	return out
}

// copies lays side x side copies of a network beside each other and joins
// neighbours by 25 two-way edges between nodes near the border they share.
func copies(a route.Arrays, side int) route.Arrays {
	box := orb.MultiPoint(a.Places).Bound()
	wide, high := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	var out route.Arrays
	for at := range side * side {
		shift, first := orb.Point{float64(at%side) * wide, float64(at/side) * high}, int32(at*a.Nodes)
		for _, p := range a.Places {
			out.Places = append(out.Places, orb.Point{p[0] + shift[0], p[1] + shift[1]})
		}
		for e := range a.Tail {
			out.Tail, out.Head = append(out.Tail, first+a.Tail[e]), append(out.Head, first+a.Head[e])
		}
		out.MM, out.Forward, out.Backward = append(out.MM, a.MM...), append(out.Forward, a.Forward...), append(out.Backward, a.Backward...)
	}
	out.Nodes = len(out.Places)
	r := rand.New(rand.NewPCG(16, 25))
	for axis := range 2 {
		low, top := borders(a.Places, box, axis)
		for at := range side * side {
			if next := at + [2]int{1, side}[axis]; [2]int{at%side + 1, at/side + 1}[axis] < side {
				joinCopies(&out, r, int32(at*a.Nodes), int32(next*a.Nodes), top, low)
			}
		}
	}
	return out
}

// borders are the nodes in the first and in the last fiftieth of a network along an axis.
func borders(places []orb.Point, box orb.Bound, axis int) (low, top []int32) {
	strip := (box.Max[axis] - box.Min[axis]) / 50
	for n, p := range places {
		if p[axis] < box.Min[axis]+strip {
			low = append(low, int32(n))
		} else if p[axis] > box.Max[axis]-strip {
			top = append(top, int32(n))
		}
	}
	return low, top
}

// joinCopies joins the copy whose nodes begin at one number to the one whose begin at another, over their border.
func joinCopies(a *route.Arrays, r *rand.Rand, one, other int32, top, low []int32) {
	for range 25 {
		p, q := one+top[r.IntN(len(top))], other+low[r.IntN(len(low))]
		mm := uint32(1000 * geo.Distance(a.Places[p], a.Places[q]))
		ms := uint32(float64(mm) * 3.6 / 50)
		a.Tail, a.Head = append(a.Tail, p), append(a.Head, q)
		a.MM, a.Forward, a.Backward = append(a.MM, mm), append(a.Forward, ms), append(a.Backward, ms)
	}
}

// The real network and its copies are one part each, with as much in them as the figures that are taken on them say.
func TestRealNetwork(t *testing.T) {
	a := driven(t, "porto-2015-06.osm.pbf")
	if many := copies(a, 2); a.Nodes < 60_000 || many.Nodes != 4*a.Nodes || len(many.Tail) != 4*len(a.Tail)+4*25 || largest(many).Nodes != many.Nodes {
		t.Errorf("%d nodes, %d edges; copies %d and %d", a.Nodes, len(a.Tail), many.Nodes, len(many.Tail))
	}
}
