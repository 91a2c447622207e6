package route

import "math/bits"

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

// above gives the ranks of some feet and of all nodes above them over one half
// of the hierarchy, rising.
func (s *rankSet) above(h *Hierarchy, half *half, feet []foot, into []uint32) []uint32 {
	for _, f := range feet {
		for _, n := range f.node[:f.ends] {
			s.add(h.rank[n])
		}
	}
	into = into[:0]
	for r, ok := s.next(); ok; r, ok = s.next() {
		into = append(into, r)
		for _, a := range half.at(r) {
			s.add(a.node)
		}
	}
	return into
}
