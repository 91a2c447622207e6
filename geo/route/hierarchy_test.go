package route

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// randomArcs is a network of a few dozen nodes with all that is odd about
// networks: loops, parallel arcs, costs of nothing, islands, one-way traps.
func randomArcs(t *rapid.T) arcList {
	a := arcList{nodes: rapid.IntRange(1, 40).Draw(t, "nodes")}
	costs := rapid.SampledFrom([][2][]uint32{
		{{0, 0, 1, 1, 2, 3, 10, 1000}, {0, 0, 1, 1, 2, 3, 10, 1000}},
		{{999_999, 1_000_000, 1_000_001, 1 << 21}, {999_999, 1_000_000, 1_000_001, 1 << 21}},
		{{1 << 28, 1<<28 + 1, 3 << 27}, {0, 1, 2, 1000}}, // too long for 32 bits
	}).Draw(t, "costs")
	first, second := rapid.SampledFrom(costs[0]), rapid.SampledFrom(costs[1])
	near := rapid.IntRange(1, a.nodes).Draw(t, "near")
	for range rapid.IntRange(0, 4*a.nodes).Draw(t, "arcs") {
		tail := rapid.Int32Range(0, int32(a.nodes-1)).Draw(t, "tail")
		head := (tail + rapid.Int32Range(0, int32(near)).Draw(t, "head")) % int32(a.nodes)
		if rapid.Bool().Draw(t, "back") {
			tail, head = head, tail
		}
		a.tail, a.head = append(a.tail, tail), append(a.head, head)
		a.first, a.second = append(a.first, first.Draw(t, "first")), append(a.second, second.Draw(t, "second"))
	}
	return a
}

// distances are those from one node to all, plainly; first none: no way.
func (a arcList) distances(from int32) []measures {
	dist := make([]measures, a.nodes)
	for n := range dist {
		dist[n] = measures{none, none}
	}
	dist[from] = measures{}
	for better := true; better; {
		better = false
		for i, t := range a.tail {
			if dist[t].first == none {
				continue
			}
			m := measures{dist[t].first + uint64(a.first[i]), dist[t].second + uint64(a.second[i])}
			if h := dist[a.head[i]]; m.first < h.first || m.first == h.first && m.second < h.second {
				dist[a.head[i]], better = m, true
			}
		}
	}
	return dist
}

// between gives packed costs between nodes through the hierarchy, climbing from
// the sources or from the targets.
func between[C packed](h *Hierarchy, p packing[C], k kernel[C], sources, targets []int32, fromTargets bool) [][]C {
	feet := func(nodes []int32) (out []foot) {
		for _, n := range nodes {
			out = append(out, foot{node: [2]int32{n}, ends: 1})
		}
		return out
	}
	climb, sweep := &h.up, &h.down
	small, large := sources, targets
	if fromTargets {
		climb, sweep, small, large = sweep, climb, large, small
	}
	f := field[C]{up: newNet(h, p, ByLength), down: newNet(h, p, ByLength)}
	if err := f.down.down(context.Background(), h, sweep, feet(large), 2); err != nil {
		panic(err)
	}
	f.feet = f.down.footings(h, feet(large), nil)
	f.up.up(h, climb, feet(small))
	f.twins = f.down.twins(f.up, nil)
	w := newSweeper(p, k)
	out := make([][]C, len(sources))
	for i := range out {
		out[i] = make([]C, len(targets))
	}
	buffer := make([]C, len(large)*lanes)
	places := f.up.footings(h, feet(small), nil)
	for first := 0; first < len(small); first += lanes {
		group := places[first:min(first+lanes, len(small))]
		w.run(&f, group, buffer, lanes)
		for i := range large {
			for k := range group {
				if fromTargets {
					out[i][first+k] = buffer[i*lanes+k]
				} else {
					out[first+k][i] = buffer[i*lanes+k]
				}
			}
		}
	}
	return out
}

func TestHierarchyAgainstBellmanFord(t *testing.T) {
	refused, answered := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		a := randomArcs(t)
		h, err := buildHierarchy(context.Background(), a, rapid.IntRange(1, 3).Draw(t, "threads"))
		if errors.Is(err, errTooLong) {
			refused++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		answered++
		both, ok := h.both(measures{})
		if !ok {
			t.Fatal("no room for both")
		}
		single, fits := h.single(measures{})
		var sources, targets []int32
		for n := range int32(a.nodes) {
			sources, targets = append(sources, n), append(targets, int32(a.nodes)-1-n)
		}
		targets = targets[:rapid.IntRange(1, a.nodes).Draw(t, "targets")]
		for _, fromTargets := range []bool{false, true} {
			costs := between(h, both, rapid.SampledFrom(kernels64()).Draw(t, "kernel"), sources, targets, fromTargets)
			for i, s := range sources {
				dist := a.distances(s)
				for j, to := range targets {
					want := dist[to]
					got := both.cost(costs[i][j], ByLength)
					if want.first == none && got.Reachable() || want.first != none && got != (Cost{int64(want.first), int64(want.second)}) {
						t.Fatalf("%d to %d, climbing from targets %v: %v, want %v", s, to, fromTargets, got, want)
					}
				}
			}
			if fits {
				for i, row := range between(h, single, rapid.SampledFrom(kernels32()).Draw(t, "kernel"), sources, targets, fromTargets) {
					for j, v := range row {
						if c := both.cost(costs[i][j], ByLength); c.Reachable() && int64(v) != c.MM || !c.Reachable() && v != NoPath {
							t.Fatalf("%d to %d alone: %v, want %v", sources[i], targets[j], v, c)
						}
					}
				}
			}
		}
	})
	if !t.Failed() && answered < 2*refused {
		t.Errorf("%d networks answered, %d refused", answered, refused)
	}
}

// The hierarchy is the same whatever the number of threads.
func TestHierarchyThreads(t *testing.T) {
	a := roadNetwork(t, 4000).arcList(nil, ByTime)
	var first *Hierarchy
	for threads := 1; threads <= 4; threads++ {
		h, err := buildHierarchy(t.Context(), a, threads)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = h
		}
		if !slices.Equal(h.rank, first.rank) || !slices.Equal(h.up.arcs, first.up.arcs) || !slices.Equal(h.down.arcs, first.down.arcs) || !slices.Equal(h.up.start, first.up.start) {
			t.Fatalf("with %d threads the hierarchy is another", threads)
		}
	}
}
