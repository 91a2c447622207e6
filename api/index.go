package api

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// fanout is how many entries a node of the tree holds.
const fanout = 16

// tree is a packed, immutable index over bounds (sort-tile-recursive). Nodes
// are numbered level by level; a node's children are consecutive.
type tree struct {
	order  []int32       // entry numbers in leaf order
	levels [][]orb.Bound // levels[0]: the bounds of order; last: the roots
}

// newTree indexes bounds; entry i has bounds[i].
func newTree(bounds []orb.Bound) *tree {
	t := &tree{order: strOrder(bounds)}
	level := make([]orb.Bound, len(bounds))
	for i, n := range t.order {
		level[i] = bounds[n]
	}
	t.levels = append(t.levels, level)
	for len(level) > fanout {
		level = parents(level)
		t.levels = append(t.levels, level)
	}
	return t
}

// strOrder sorts entries into vertical strips and each strip by latitude, so
// that neighbours share nodes.
func strOrder(bounds []orb.Bound) []int32 {
	order := make([]int32, len(bounds))
	for i := range order {
		order[i] = int32(i)
	}
	by := func(axis int) func(a, b int32) int {
		return func(a, b int32) int {
			return cmp.Or(cmp.Compare(bounds[a].Min[axis]+bounds[a].Max[axis], bounds[b].Min[axis]+bounds[b].Max[axis]), cmp.Compare(a, b))
		}
	}
	slices.SortFunc(order, by(0))
	leaves := (len(order) + fanout - 1) / fanout
	strip := fanout * max(1, int(math.Ceil(math.Sqrt(float64(leaves)))))
	for from := 0; from < len(order); from += strip {
		slices.SortFunc(order[from:min(from+strip, len(order))], by(1))
	}
	return order
}

func parents(level []orb.Bound) []orb.Bound {
	up := make([]orb.Bound, 0, (len(level)+fanout-1)/fanout)
	for from := 0; from < len(level); from += fanout {
		b := level[from]
		for _, child := range level[from:min(from+fanout, len(level))] {
			b = b.Union(child)
		}
		up = append(up, b)
	}
	return up
}

// find returns the entries whose bounds meet b, in rising order.
func (t *tree) find(b orb.Bound) []int32 {
	var found []int32
	top := len(t.levels) - 1
	for i := range t.levels[top] {
		found = t.descend(top, i, b, found)
	}
	slices.Sort(found)
	return found
}

func (t *tree) descend(level, node int, b orb.Bound, found []int32) []int32 {
	if !t.levels[level][node].Intersects(b) {
		return found
	}
	if level == 0 {
		return append(found, t.order[node])
	}
	for child := node * fanout; child < min((node+1)*fanout, len(t.levels[level-1])); child++ {
		found = t.descend(level-1, child, b, found)
	}
	return found
}
