package route

import (
	"fmt"
	"math"
	"sync"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Closed is the time of a direction that cannot be driven, in Arrays.
const Closed = closed

// Arrays is a network as plain arrays, one entry for each edge: its ends,
// millimetres, and milliseconds from tail to head and back, or Closed.
type Arrays struct {
	Nodes  int         // how many there are, numbered from 0
	Places []orb.Point // of the nodes, or empty: then nothing snaps, and nothing is drawn

	Tail, Head        []int32
	MM                []uint32
	Forward, Backward []uint32
}

// FromArrays makes a graph. The arrays are kept and must not change afterwards.
// Edges keep their numbers; loops, parallel edges, edges of no length and nodes
// without an edge are all part of a network. An error names the edge that is
// not.
func FromArrays(a Arrays) (*Graph, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	g := &Graph{nodes: a.Places, tail: a.Tail, head: a.Head, length: a.MM, times: [2][]uint32{a.Forward, a.Backward}}
	g.slot = g.renumber(a.Nodes)
	g.given = make([]int32, a.Nodes)
	for n, at := range g.slot {
		g.given[at] = int32(n)
	}
	g.index = sync.OnceValue(func() *geo.Index {
		if len(g.nodes) == 0 {
			return geo.NewLineIndex(nil)
		}
		return geo.NewLineIndex(g.lines())
	})
	return g, nil
}

func (a *Arrays) check() error {
	edges := len(a.Tail)
	for i, n := range [4]int{len(a.Head), len(a.MM), len(a.Forward), len(a.Backward)} {
		if n != edges {
			what := [4]string{"heads", "lengths", "times forward", "times backward"}[i]
			return fmt.Errorf("route: %d tails and %d %s; give one of each for every edge", edges, n, what)
		}
	}
	switch {
	case a.Nodes < 0 || a.Nodes > math.MaxInt32:
		return fmt.Errorf("route: %d nodes; a network has at most %d", a.Nodes, math.MaxInt32)
	case edges > math.MaxInt32/2:
		return fmt.Errorf("route: %d edges; a network has at most %d", edges, math.MaxInt32/2)
	case len(a.Places) > 0 && len(a.Places) != a.Nodes:
		return fmt.Errorf("route: %d nodes and %d places; give one for each node, or none", a.Nodes, len(a.Places))
	}
	for e := range edges {
		for _, n := range [2]int32{a.Tail[e], a.Head[e]} {
			if n < 0 || int(n) >= a.Nodes {
				return fmt.Errorf("route: edge %d ends at node %d, and there are nodes 0 to %d; number the nodes from 0", e, n, a.Nodes-1)
			}
		}
		if a.MM[e] == closed {
			return fmt.Errorf("route: edge %d is %d mm long, too long for a road; split it", e, a.MM[e])
		}
	}
	return nil
}
