package planner

import (
	"cmp"
	"container/heap"
)

// moats is a lower bound on what it takes to connect places to a root: every
// place grows a moat around it, all at one pace, and where two touch they grow
// on as one, until the root is met or a moat has spent what it has to spend. No
// edge lies under more moat than it costs, and whoever connects a place crosses
// all of its moats, so the moats together cost no more than any way of
// connecting the places, or of paying for those left out (the primal-dual
// argument of Goemans and Williamson; for trees their own lower bound).
//
// All is in whole numbers. A remainder that two moats cannot share evenly is
// left uncovered: that makes the bound smaller by less than 2 on an edge.
type moats struct {
	parts   *parts
	ends    [][2]int32
	costs   []int64
	edges   [][]int32 // by node
	cover   []int64   // round each node, less the time now while its part grows
	next    []int32   // the nodes of a part, in a ring
	grows   []bool    // by part
	until   []int64   // when the purse of a growing part is spent; endless: never
	growing int64     // so many parts
	now     int64     // so far the first moats have grown
	sum     int64
	events  moatQueue
}

// endless is the purse of a place that must be connected.
const endless = int64(-1)

// newMoats begins with the purses of the nodes; zero is no place.
func newMoats(nodes, root int32, ends [][2]int32, costs, purse []int64) *moats {
	m := &moats{
		parts: newParts(int(nodes)), ends: ends, costs: costs, edges: make([][]int32, nodes), cover: make([]int64, nodes),
		next: make([]int32, nodes), grows: make([]bool, nodes), until: make([]int64, nodes),
	}
	for i := range nodes {
		m.next[i] = i
		if purse[i] != 0 && i != root {
			m.grows[i], m.growing = true, m.growing+1
			m.last(i, purse[i])
		}
	}
	for e, end := range ends {
		if end[0] != end[1] {
			m.edges[end[0]], m.edges[end[1]] = append(m.edges[end[0]], int32(e)), append(m.edges[end[1]], int32(e))
			m.watch(int32(e))
		}
	}
	return m
}

// bound grows the moats to the end and gives their sum.
func (m *moats) bound(root int32) int64 {
	for m.events.Len() > 0 && m.growing > 0 {
		next := heap.Pop(&m.events).(moatEvent)
		m.sum += m.growing * (next.at - m.now)
		m.now = next.at
		if next.edge >= 0 {
			m.touch(next.edge, root)
		} else if p := next.part; m.parts.of(p) == p && m.grows[p] && m.until[p] == m.now {
			m.stop(p)
		}
	}
	return m.sum
}

// last lets a growing part end when its purse is spent.
func (m *moats) last(part int32, purse int64) {
	if m.until[part] = endless; purse != endless {
		m.until[part] = m.now + purse
		heap.Push(&m.events, moatEvent{m.until[part], -1, part})
	}
}

// left is what a part may still spend.
func (m *moats) left(part int32) int64 {
	switch {
	case !m.grows[part]:
		return 0
	case m.until[part] == endless:
		return endless
	}
	return m.until[part] - m.now
}

// room is what no moat covers of an edge between two parts, and how many of them grow into it.
func (m *moats) room(e int32) (rest, pace int64) {
	rest = m.costs[e]
	for _, node := range m.ends[e] {
		rest -= m.cover[node]
		if m.grows[m.parts.of(node)] {
			rest -= m.now
			pace++
		}
	}
	return rest, pace
}

// watch foresees when an edge is covered, if anything grows into it.
func (m *moats) watch(e int32) {
	if rest, pace := m.room(e); pace > 0 {
		heap.Push(&m.events, moatEvent{m.now + rest/pace, e, -1})
	}
}

// touch joins the parts at the ends of an edge that is covered.
func (m *moats) touch(e, root int32) {
	x, y := m.parts.of(m.ends[e][0]), m.parts.of(m.ends[e][1])
	if x == y {
		return
	}
	if rest, pace := m.room(e); pace > 0 && rest < pace {
		m.join(x, y, m.parts.of(root))
	} else {
		m.watch(e)
	}
}

// join makes one part of two. One with the root has met its end.
func (m *moats) join(x, y, root int32) {
	purse := m.left(x) + m.left(y)
	if m.left(x) == endless || m.left(y) == endless {
		purse = endless
	}
	met := x == root || y == root
	for _, p := range [2]int32{x, y} {
		if met {
			m.stop(p)
		} else {
			m.start(p)
		}
	}
	m.next[x], m.next[y] = m.next[y], m.next[x]
	m.parts.join(x, y)
	if !met {
		at := m.parts.of(x)
		m.grows[at], m.growing = true, m.growing-1
		m.last(at, purse)
	}
}

// stop ends the growth of a part.
func (m *moats) stop(part int32) {
	if m.grows[part] {
		m.grows[part], m.growing = false, m.growing-1
		m.each(part, func(node int32) { m.cover[node] += m.now })
	}
}

// start lets a part grow, and watches what it grows into.
func (m *moats) start(part int32) {
	if m.grows[part] {
		return
	}
	m.grows[part], m.growing = true, m.growing+1
	m.each(part, func(node int32) { m.cover[node] -= m.now })
	m.each(part, func(node int32) {
		for _, e := range m.edges[node] {
			m.watch(e)
		}
	})
}

func (m *moats) each(part int32, visit func(node int32)) {
	visit(part)
	for node := m.next[part]; node != part; node = m.next[node] {
		visit(node)
	}
}

// moatEvent is the end of a purse, or an edge that is covered unless something
// stopped meanwhile.
type moatEvent struct {
	at         int64
	edge, part int32 // one of them -1
}

// moatQueue gives the earliest event, purses before edges.
type moatQueue []moatEvent

func (q moatQueue) Len() int { return len(q) }
func (q moatQueue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].at, q[j].at), cmp.Compare(q[i].edge, q[j].edge), cmp.Compare(q[i].part, q[j].part)) < 0
}
func (q moatQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds an event, for container/heap.
func (q *moatQueue) Push(x any) { *q = append(*q, x.(moatEvent)) }

// Pop takes the last one, for container/heap.
func (q *moatQueue) Pop() any {
	old := *q
	top := old[len(old)-1]
	*q = old[:len(old)-1]
	return top
}
