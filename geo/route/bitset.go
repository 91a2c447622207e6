package route

// bitset is a set of small numbers.
type bitset []uint64

// newBitset makes room for the numbers below n.
func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

// set adds a number and says whether it is new.
func (b bitset) set(n int32) bool {
	word, bit := &b[n/64], uint64(1)<<(n%64)
	isNew := *word&bit == 0
	*word |= bit
	return isNew
}

// unset takes a number out and says whether it was in.
func (b bitset) unset(n int32) bool {
	word, bit := &b[n/64], uint64(1)<<(n%64)
	was := *word&bit != 0
	*word &^= bit
	return was
}

func (b bitset) has(n uint32) bool { return b[n/64]>>(n%64)&1 != 0 }
