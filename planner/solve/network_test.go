package solve

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawNetwork is a small network of any shape: loops, parallel arcs, arcs of no
// capacity and boundless ones.
func drawNetwork(t *rapid.T) *Network {
	n := &Network{Nodes: rapid.IntRange(2, 7).Draw(t, "nodes")}
	for range rapid.IntRange(0, 14).Draw(t, "arcs") {
		n.From = append(n.From, int32(rapid.IntRange(0, n.Nodes-1).Draw(t, "from")))
		n.To = append(n.To, int32(rapid.IntRange(0, n.Nodes-1).Draw(t, "to")))
		n.Cap = append(n.Cap, rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, 1<<40), rapid.Just[int64](Unbounded)).Draw(t, "cap"))
	}
	return n
}

// cutOf is the capacity over the border of a set of nodes; false: boundless.
func (n *Network) cutOf(inside func(int32) bool) (int64, bool) {
	sum := int64(0)
	for i, c := range n.Cap {
		if inside(n.From[i]) && !inside(n.To[i]) {
			if c == Unbounded {
				return 0, false
			}
			sum += c
		}
	}
	return sum, true
}

// smallestCut tries all sets of nodes with the source 0 and without the sink 1.
func (n *Network) smallestCut() (least int64, side int, bounded bool) {
	size := math.MaxInt
	for set := range 1 << n.Nodes {
		if set&1 == 0 || set&2 != 0 {
			continue
		}
		c, ok := n.cutOf(func(v int32) bool { return set>>v&1 == 1 })
		if !ok {
			continue
		}
		nodes := 0
		for v := range n.Nodes {
			nodes += set >> v & 1
		}
		if !bounded || c < least || c == least && nodes < size {
			least, side, size, bounded = c, set, nodes, true
		}
	}
	return least, side, bounded
}

func TestMaxFlowIsTheSmallestOfAllCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		least, side, bounded := n.smallestCut()
		f, err := MaxFlow(context.Background(), n, 0, 1)
		if !bounded {
			if err == nil || !strings.Contains(err.Error(), "nothing bounds") {
				t.Fatalf("a flow without bound gives %v, %v", f, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if f.Value != least {
			t.Fatalf("flow %d, smallest cut %d", f.Value, least)
		}
		for v, in := range f.Cut {
			if in != (side>>v&1 == 1) {
				t.Fatalf("cut %v, smallest one %b", f.Cut, side)
			}
		}
		n.holds(t, f)
	})
}

// holds checks that a flow keeps to capacities and loses nothing on its way.
func (n *Network) holds(t *rapid.T, f *Flow) {
	net := make([]int64, n.Nodes)
	for i, x := range f.Arc {
		if x < 0 || x > n.Cap[i] {
			t.Fatalf("arc %d carries %d of %d", i, x, n.Cap[i])
		}
		net[n.From[i]] -= x
		net[n.To[i]] += x
	}
	for v, x := range net {
		if want := map[int]int64{0: -f.Value, 1: f.Value}[v]; x != want {
			t.Fatalf("node %d keeps %d of the flow, not %d", v, x, want)
		}
	}
}

func TestMaxFlowRefusesWhatIsNoNetwork(t *testing.T) {
	ok := Network{Nodes: 2, From: []int32{0}, To: []int32{1}, Cap: []int64{1}}
	for name, c := range map[string]struct {
		n            Network
		source, sink int32
		says         string
	}{
		"one node twice": {ok, 1, 1, "two of the 2 nodes"},
		"no such sink":   {ok, 0, 2, "two of the 2 nodes"},
		"no node":        {Network{}, 0, 0, "two of the 0 nodes"},
		"lengths differ": {Network{Nodes: 2, From: []int32{0}}, 0, 1, "as many of each"},
		"arc outside":    {Network{Nodes: 2, From: []int32{0}, To: []int32{-1}, Cap: []int64{1}}, 0, 1, "arc 0"},
		"negative":       {Network{Nodes: 2, From: []int32{0}, To: []int32{1}, Cap: []int64{-1}}, 0, 1, "capacity -1"},
		"too much":       {Network{Nodes: 2, From: []int32{0, 0}, To: []int32{1, 1}, Cap: []int64{maxTotal, 1}}, 0, 1, "arc 1"},
	} {
		if _, err := MaxFlow(context.Background(), &c.n, c.source, c.sink); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error that says %q", name, err, c.says)
		}
	}
}

func TestMaxFlowOfTheGreatest(t *testing.T) {
	n := Network{Nodes: 2, From: []int32{0}, To: []int32{1}, Cap: []int64{maxTotal}}
	f, err := MaxFlow(context.Background(), &n, 0, 1)
	if err != nil || f.Value != maxTotal {
		t.Fatalf("got %v, %v", f, err)
	}
}

// A path of a hundred thousand arcs must not be walked by recursion.
func TestMaxFlowOfALongPath(t *testing.T) {
	const length = 100_000
	n := Network{Nodes: length + 1}
	for v := range int32(length) {
		n.From, n.To, n.Cap = append(n.From, v), append(n.To, v+1), append(n.Cap, 10+int64(v%7))
	}
	f, err := MaxFlow(context.Background(), &n, 0, length)
	if err != nil || f.Value != 10 {
		t.Fatalf("got %v, %v", f, err)
	}
	if !f.Cut[0] || f.Cut[1] {
		t.Error("the cut is not at the first arc of capacity 10")
	}
}

func TestMaxFlowStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	n := Network{Nodes: 2, From: []int32{0}, To: []int32{1}, Cap: []int64{1}}
	if _, err := MaxFlow(ctx, &n, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
