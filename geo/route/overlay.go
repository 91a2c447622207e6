package route

import (
	"cmp"
	"fmt"
	"slices"
)

// Change is what a what-if question makes of an edge: the milliseconds that it
// takes each way, or -1 where it is closed.
type Change struct {
	Edge              int32
	Forward, Backward int64
}

// Overlay is a set of changes to the edges of a graph, frozen. It opens, closes
// or improves them for the queries that it is given to, and leaves the graph as
// it is. What it says of an edge goes before what graph and filter say. A nil
// Overlay changes nothing.
type Overlay struct{ changes []change } // by edge

type change struct {
	edge  int32
	times [2]uint32
}

// Overlay collects changes; of two for one edge the later counts.
func (g *Graph) Overlay(changes ...Change) (*Overlay, error) {
	return (*Overlay)(nil).With(g, changes...)
}

// With gives an overlay of a graph with further changes.
func (o *Overlay) With(g *Graph, changes ...Change) (*Overlay, error) {
	out := &Overlay{}
	for _, c := range changes {
		if c.Edge < 0 || int(c.Edge) >= g.Edges() {
			return nil, fmt.Errorf("route: edge %d is changed, and the network has edges 0 to %d; number the edge as the graph does", c.Edge, g.Edges()-1)
		}
		f, okF := overlayTime(c.Forward)
		b, okB := overlayTime(c.Backward)
		if !okF || !okB {
			return nil, fmt.Errorf("route: edge %d is to take %d and %d ms; give milliseconds below %d, or -1 for closed", c.Edge, c.Forward, c.Backward, int64(closed))
		}
		out.changes = append(out.changes, change{c.Edge, [2]uint32{f, b}})
	}
	slices.Reverse(out.changes) // the later goes before the earlier
	o.each(func(c *change) { out.changes = append(out.changes, *c) })
	slices.SortStableFunc(out.changes, func(a, b change) int { return cmp.Compare(a.edge, b.edge) })
	out.changes = slices.CompactFunc(out.changes, func(a, b change) bool { return a.edge == b.edge })
	return out, nil
}

// overlayTime is a time as the graph holds it.
func overlayTime(ms int64) (uint32, bool) {
	if ms == -1 {
		return closed, true
	}
	return uint32(ms), ms >= 0 && ms < closed
}

// find is what is said of an edge, nil for nothing.
func (o *Overlay) find(edge int32) *change {
	if o == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(o.changes, edge, func(c change, e int32) int { return cmp.Compare(c.edge, e) })
	if !ok {
		return nil
	}
	return &o.changes[i]
}

func (o *Overlay) each(visit func(*change)) {
	if o == nil {
		return
	}
	for i := range o.changes {
		visit(&o.changes[i])
	}
}

// Filter gives a filter of a graph with the changes in it, for snapping: an
// edge that is open some way is allowed, one that is closed is not.
func (o *Overlay) Filter(g *Graph, f *Filter) *Filter {
	if o == nil {
		return f
	}
	out := g.Filter(f.Allows)
	for _, c := range o.changes {
		out = out.With(c.edge, c.times[0] != closed || c.times[1] != closed)
	}
	return out
}
