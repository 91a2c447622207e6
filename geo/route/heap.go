package route

// heap is a queue of nodes by cost with four children each, which is flatter
// and faster than two. Nodes are not moved when they get cheaper but queued
// again.
type heap []entry

type entry struct {
	key  int64
	node int32
}

func (h *heap) push(key int64, node int32) {
	q := append(*h, entry{key, node})
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 4
		if q[up].key <= key {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = entry{key, node}
	*h = q
}

func (h *heap) pop() entry {
	q := *h
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	*h = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for {
		child := least(q, 4*i+1)
		if child < 0 || q[child].key >= last.key {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = last
	return top
}

// least is the child with the smallest key, -1 without children.
func least(q heap, first int) int {
	if first >= len(q) {
		return -1
	}
	best := first
	for c := first + 1; c < min(first+4, len(q)); c++ {
		if q[c].key < q[best].key {
			best = c
		}
	}
	return best
}
