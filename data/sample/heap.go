package sample

// entry is a cell waiting at a cost.
type entry struct {
	cost float64
	cell int32
}

func (a entry) before(b entry) bool {
	return a.cost < b.cost || a.cost == b.cost && a.cell < b.cell
}

// queue gives back entries by cost, equal ones by cell, so that ties never
// depend on the order of arrival.
type queue []entry

func (q *queue) push(e entry) {
	h := append(*q, e)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !e.before(h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
	*q = h
}

func (q *queue) pop() entry {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	if len(h) > 0 {
		sink(h, last)
	}
	*q = h
	return top
}

// sink puts e where it belongs below the empty root.
func sink(h queue, e entry) {
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(e) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = e
}
