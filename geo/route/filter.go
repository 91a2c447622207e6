package route

import "slices"

// Filter is a set of edges that may be used, frozen. A nil Filter is all.
type Filter struct{ bits []uint64 }

// Filter asks for each edge whether it may be used.
func (g *Graph) Filter(allow func(edge int32) bool) *Filter {
	f := &Filter{make([]uint64, (len(g.tail)+63)/64)}
	for e := range g.tail {
		if allow(int32(e)) {
			f.bits[e/64] |= 1 << (e % 64)
		}
	}
	return f
}

// Allows says whether an edge may be used.
func (f *Filter) Allows(edge int32) bool {
	return f == nil || f.bits[edge/64]>>(edge%64)&1 == 1
}

// With gives a copy in which one edge is opened or closed.
func (f *Filter) With(edge int32, allowed bool) *Filter {
	out := &Filter{slices.Clone(f.bits)}
	out.bits[edge/64] &^= 1 << (edge % 64)
	if allowed {
		out.bits[edge/64] |= 1 << (edge % 64)
	}
	return out
}
