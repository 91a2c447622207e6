package route

import "math"

// width is the size of the numbers that a search calculates with. Four bytes
// hold 4,294 km and 49 days; a search whose costs grow beyond that begins anew
// with eight.
type width interface{ uint32 | uint64 }

// label is what is known of a node: the cost of the best path by the metric
// and by the other measure, the root it comes from or leads to, and the last
// edge of it.
type label[T width] struct {
	key, other T
	root       int32
	parent     uint32 // the arc by which it was reached, or seed + end
}

// A label reached straight from a root has no arc as parent but one of these:
// the root's edge was left by its tail, or by its head.
const seed = math.MaxUint32 - 1

// unreached is the label of a node without a path.
func unreached[T width]() label[T] { return label[T]{key: ^T(0), other: ^T(0), root: -1} }

// less orders labels: by the metric, then the other measure, then the root.
func (l *label[T]) less(o *label[T]) bool {
	if l.key != o.key {
		return l.key < o.key
	}
	if l.other != o.other {
		return l.other < o.other
	}
	return l.root < o.root
}

// same says whether two labels are of equal cost and of one root.
func (l *label[T]) same(o *label[T]) bool {
	return l.key == o.key && l.other == o.other && l.root == o.root
}
