package route

import "math/bits"

// packed is a cost in a table: the minimised measure alone, or both measures
// in one number that adds and compares as the pair does.
type packed interface{ uint32 | uint64 }

// packing makes such numbers. In the one of 32 bits the other measure is left out.
type packing[C packed] struct {
	shift uint8
	mask  C // of the other measure
	inf   C // more than any path costs; with the cost of any arc still no overflow
}

// measures are the two of a path, the one that is minimised first.
type measures struct{ first, second uint64 }

func measuresOf(c Cost, m Metric) measures {
	if m == ByTime {
		return measures{uint64(c.MS), uint64(c.MM)}
	}
	return measures{uint64(c.MM), uint64(c.MS)}
}

func (p packing[C]) of(m measures) C { return C(m.first)<<p.shift | C(m.second)&p.mask }

// cost is what was packed as both measures.
func (p packing[C]) cost(c C, m Metric) Cost {
	if c >= p.inf {
		return Unreachable
	}
	first, second := int64(c>>p.shift), int64(c&p.mask)
	if m == ByTime {
		return Cost{MM: second, MS: first}
	}
	return Cost{MM: first, MS: second}
}

// single packs the minimised measure alone; false when there is no room for the
// longest path with legs so long.
func (h *Hierarchy) single(legs measures) (packing[uint32], bool) {
	const inf = 1<<31 - 1
	return packing[uint32]{inf: inf}, h.maxFirst+legs.first < inf
}

// both packs both measures.
func (h *Hierarchy) both(legs measures) (packing[uint64], bool) {
	shift := bits.Len64(h.maxSecond + legs.second)
	p := packing[uint64]{shift: uint8(shift), mask: 1<<shift - 1, inf: 1<<63 - 1}
	return p, shift+bits.Len64(h.maxFirst+legs.first) < 63
}
