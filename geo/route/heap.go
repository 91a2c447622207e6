package route

// heap is a queue of labels in their full order, with four children each,
// which is flatter and faster than two. Labels are not moved when a node gets a
// better one but queued again.
type heap[T width] []entry[T]

type entry[T width] struct {
	label label[T]
	node  int32
}

func (h *heap[T]) push(e entry[T]) {
	q := append(*h, e)
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.label.less(&q[up].label) {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = e
	*h = q
}

func (h *heap[T]) pop() entry[T] {
	q := *h
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	*h = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for {
		child := q.least(4*i + 1)
		if child < 0 || !q[child].label.less(&last.label) {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = last
	return top
}

// least is the smallest of the four children that begin here, -1 without any.
func (h heap[T]) least(first int) int {
	if first >= len(h) {
		return -1
	}
	best := first
	for c := first + 1; c < min(first+4, len(h)); c++ {
		if h[c].label.less(&h[best].label) {
			best = c
		}
	}
	return best
}
