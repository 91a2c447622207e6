package route

import "context"

// Hierarchy is a network prepared for big matrices: its nodes are ranked, and
// besides its arcs it has shortcuts, so that every best path can be had by
// going up in rank first and down after. It is for one metric and one set of
// open edges, and is never changed.
type Hierarchy struct {
	scale
	fingerprint fingerprint // of the network
	rank        []uint32    // by node

	// By rank: the arcs from a node to higher ones, and those to it from higher
	// ones.
	up, down half
}

// half is the arcs at each node that have their other end higher up.
type half struct {
	start []uint32
	arcs  []upper
}

// upper is an arc by its higher end.
type upper struct {
	node          uint32
	first, second uint32
}

// buildHierarchy prepares a network on so many goroutines; the result does not
// depend on how many.
func buildHierarchy(ctx context.Context, a arcList, threads int) (*Hierarchy, error) {
	s, err := scaleOf(a)
	if err != nil {
		return nil, err
	}
	c := newContraction(a, s, threads)
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	h := &Hierarchy{scale: s, rank: make([]uint32, a.nodes)}
	for r, n := range c.order {
		h.rank[n] = uint32(r)
	}
	h.up, h.down = h.half(c.order, c.out), h.half(c.order, c.in)
	return h, nil
}

// half lays the last links of each node out by rank.
func (h *Hierarchy) half(order []int32, links [][]link) half {
	total := 0
	for _, l := range links {
		total += len(l)
	}
	out := half{make([]uint32, len(order)+1), make([]upper, 0, total)}
	for r, n := range order {
		for _, l := range links[n] {
			out.arcs = append(out.arcs, upper{h.rank[l.node], uint32(h.first(l.cost)), uint32(h.second(l.cost))})
		}
		out.start[r+1] = uint32(len(out.arcs))
	}
	return out
}

func (h *half) at(rank uint32) []upper { return h.arcs[h.start[rank]:h.start[rank+1]] }
