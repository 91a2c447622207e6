package route

import (
	"math"
	"math/bits"
)

// buckets is the queue of a search (Dial, 1969): nodes by their cost, rounded
// down to a multiple of a power of two. A window of buckets that turns round
// holds what is near the cost that is being settled; what is beyond it waits in
// one list till the window comes there. That is rare: the window is many times
// as wide as the mean edge. In a bucket nodes have no order.
type buckets struct {
	now    uint64 // the bucket that is being settled; the window begins here
	near   [span][]int32
	filled [span / 64]uint64 // which of near are not empty
	far    []int32
	first  uint64 // no node of far is in a bucket before this one
}

// span is the number of buckets in the window.
const span = 1024

// begin empties the queue, for nodes in this bucket and later ones.
func (b *buckets) begin(first uint64) {
	for word, set := range b.filled {
		for ; set != 0; set &= set - 1 {
			slot := word*64 + bits.TrailingZeros64(set)
			b.near[slot] = b.near[slot][:0]
		}
		b.filled[word] = 0
	}
	b.far, b.first, b.now = b.far[:0], math.MaxUint64, first-1
}

// push puts a node into a bucket that is not before the window.
func (b *buckets) push(bucket uint64, node int32) {
	if bucket-b.now >= span {
		b.far, b.first = append(b.far, node), min(b.first, bucket)
		return
	}
	slot := bucket % span
	b.near[slot] = append(b.near[slot], node)
	b.filled[slot/64] |= 1 << (slot % 64)
}

// next moves on to the next bucket that has nodes and gives them; false when
// there is none. The list stands while the bucket is being settled. The
// function says in which bucket a node is by now.
func (b *buckets) next(of func(node int32) uint64) ([]int32, bool) {
	b.now++
	ahead, ok := b.ahead()
	if len(b.far) > 0 && (!ok || b.first <= b.now+ahead) {
		b.recall(of)
		ahead, ok = b.ahead()
	}
	if !ok {
		return nil, false
	}
	b.now += ahead
	slot := b.now % span
	list := b.near[slot]
	b.near[slot] = list[:0]
	b.filled[slot/64] &^= 1 << (slot % 64)
	return list, true
}

// ahead is how many buckets from now the next filled one is.
func (b *buckets) ahead() (uint64, bool) {
	from := b.now % span
	word := from / 64
	if set := b.filled[word] >> (from % 64); set != 0 {
		return uint64(bits.TrailingZeros64(set)), true
	}
	for i := uint64(1); i <= span/64; i++ {
		at := (word + i) % (span / 64)
		if set := b.filled[at]; set != 0 {
			slot := at*64 + uint64(bits.TrailingZeros64(set))
			return (slot - from) % span, true
		}
	}
	return 0, false
}

// recall moves the window to the first bucket that has nodes and takes in the
// far ones that it covers. Those that have become cheap enough to be settled
// are dropped; one that is in its bucket already is there twice, which is no
// harm.
func (b *buckets) recall(of func(int32) uint64) {
	far, first := b.far[:0], uint64(math.MaxUint64)
	for _, n := range b.far {
		if bucket := of(n); bucket >= b.now {
			far, first = append(far, n), min(first, bucket)
		}
	}
	if ahead, ok := b.ahead(); ok {
		first = min(first, b.now+ahead)
	}
	b.far, b.first = far[:0], math.MaxUint64
	if first == math.MaxUint64 {
		return
	}
	b.now = first
	for _, n := range far { // what stays is written over what was read
		b.push(of(n), n)
	}
}
