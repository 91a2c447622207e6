package route

// costHeap is a queue of nodes by packed cost with four children each. A node
// that gets cheaper is queued again.
type costHeap []costNode

type costNode struct {
	cost uint64
	node int32
	hops int32
}

func (h *costHeap) push(cost uint64, node int32) { h.add(costNode{cost: cost, node: node}) }

func (h *costHeap) add(n costNode) {
	q := append(*h, n)
	*h = q
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 4
		if q[up].cost <= n.cost {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = n
}

func (h *costHeap) pop() costNode {
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
		if child < 0 || q[child].cost >= last.cost {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = last
	return top
}

func (h costHeap) least(first int) int {
	if first >= len(h) {
		return -1
	}
	best := first
	for c := first + 1; c < min(first+4, len(h)); c++ {
		if h[c].cost < h[best].cost {
			best = c
		}
	}
	return best
}
