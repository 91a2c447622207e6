package route

import "math/bits"

// space is the part of a hierarchy that a sweep towards some places must pass:
// what lies above them, from the top down, as plain arrays (Delling, Goldberg,
// Werneck 2011). Each node has the arcs from nodes before it.
type space[C packed] struct {
	packing[C]
	nodes []uint32 // ranks, falling
	local []int32  // by rank: its place in nodes, or -1

	start []uint32
	from  []uint32
	cost  []C

	feet []footing[C] // of the places
}

// footing is a foot within a space. One that has fewer than two ends stands on
// the node behind the last, which nothing reaches.
type footing[C packed] struct {
	node [2]uint32
	cost [2]C
}

// newSpace makes the scratch memory: 4 bytes for each node of the network.
func newSpace[C packed](h *Hierarchy, p packing[C]) *space[C] {
	s := &space[C]{packing: p, local: make([]int32, len(h.rank))}
	for r := range s.local {
		s.local[r] = -1
	}
	return s
}

// set makes it the space of some places.
func (s *space[C]) set(h *Hierarchy, half *half, feet []foot, m Metric) {
	for _, r := range s.nodes {
		s.local[r] = -1
	}
	s.gather(h, half, feet)
	s.start, s.from, s.cost = append(s.start[:0], 0), s.from[:0], s.cost[:0]
	for _, r := range s.nodes {
		for _, a := range half.at(r) {
			s.from = append(s.from, uint32(s.local[a.node]))
			s.cost = append(s.cost, s.of(measures{uint64(a.first), uint64(a.second)}))
		}
		s.start = append(s.start, uint32(len(s.from)))
	}
	s.feet = s.feet[:0]
	for _, f := range feet {
		at := footing[C]{node: [2]uint32{uint32(len(s.nodes)), uint32(len(s.nodes))}}
		for end, n := range f.node[:f.ends] {
			at.node[end] = uint32(s.local[h.rank[n]])
			at.cost[end] = s.of(measuresOf(f.cost[end], m))
		}
		s.feet = append(s.feet, at)
	}
}

// gather numbers the nodes from which the feet can be reached downwards.
func (s *space[C]) gather(h *Hierarchy, half *half, feet []foot) {
	set := newRankSet(len(h.rank))
	for _, f := range feet {
		for _, n := range f.node[:f.ends] {
			set.add(h.rank[n])
		}
	}
	s.nodes = s.nodes[:0]
	for r, ok := set.next(); ok; r, ok = set.next() {
		s.nodes = append(s.nodes, r)
		for _, a := range half.at(r) {
			set.add(a.node)
		}
	}
	for i, j := 0, len(s.nodes)-1; i < j; i, j = i+1, j-1 {
		s.nodes[i], s.nodes[j] = s.nodes[j], s.nodes[i]
	}
	for i, r := range s.nodes {
		s.local[r] = int32(i)
	}
}

func (h *half) at(rank uint32) []upper { return h.arcs[h.start[rank]:h.start[rank+1]] }

// rankSet is a set of ranks that gives them back rising. What is added must be
// above what was given back last.
type rankSet struct {
	words, upper []uint64 // a bit a rank; a bit a word
	at           int      // in upper
}

func newRankSet(n int) *rankSet {
	words := (n + 63) / 64
	return &rankSet{words: make([]uint64, words), upper: make([]uint64, (words+63)/64)}
}

func (s *rankSet) add(rank uint32) {
	s.words[rank/64] |= 1 << (rank % 64)
	s.upper[rank/4096] |= 1 << (rank / 64 % 64)
}

// next takes out the least; false when there is none, and then the set can be
// used again.
func (s *rankSet) next() (uint32, bool) {
	for ; s.at < len(s.upper); s.at++ {
		if s.upper[s.at] == 0 {
			continue
		}
		word := s.at*64 + bits.TrailingZeros64(s.upper[s.at])
		rank := word*64 + bits.TrailingZeros64(s.words[word])
		s.words[word] &= s.words[word] - 1
		if s.words[word] == 0 {
			s.upper[s.at] &= s.upper[s.at] - 1
		}
		return uint32(rank), true
	}
	s.at = 0
	return 0, false
}
