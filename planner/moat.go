package planner

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
	parts *parts
	rest  []int64 // of each edge, what no moat covers
	purse []int64 // of each part, what it may still spend; negative: no end
	grows []bool  // by part
	ends  [][2]int32
	sum   int64
}

// endless is the purse of a place that must be connected.
const endless = int64(-1)

// newMoats begins with the purses of the nodes; zero is no place.
func newMoats(nodes, root int32, ends [][2]int32, costs, purse []int64) *moats {
	m := &moats{parts: newParts(int(nodes)), rest: append([]int64(nil), costs...), purse: append([]int64(nil), purse...), grows: make([]bool, nodes), ends: ends}
	for i := range m.grows {
		m.grows[i] = purse[i] != 0 && int32(i) != root
	}
	m.purse[root] = 0
	return m
}

// bound grows the moats to the end and gives their sum.
func (m *moats) bound(root int32) int64 {
	live := make([]int32, len(m.ends))
	for i := range live {
		live[i] = int32(i)
	}
	for {
		live = m.merge(live, root)
		step := m.step(live)
		if step <= 0 {
			return m.sum
		}
		m.grow(live, step)
	}
}

// pace is how many growing moats reach into an edge.
func (m *moats) pace(e int32) int64 {
	var n int64
	for _, end := range m.ends[e] {
		if m.grows[m.parts.of(end)] {
			n++
		}
	}
	return n
}

// merge joins what touches, as long as something does, and keeps the edges that
// still lie between two parts.
func (m *moats) merge(live []int32, root int32) []int32 {
	for again := true; again; {
		again = false
		kept := live[:0]
		for _, e := range live {
			x, y := m.parts.of(m.ends[e][0]), m.parts.of(m.ends[e][1])
			if x == y {
				continue
			}
			if pace := m.pace(e); pace > 0 && m.rest[e] < pace {
				m.join(x, y, m.parts.of(root))
				again = true
				continue
			}
			kept = append(kept, e)
		}
		live = kept
	}
	return live
}

// join makes one part of two. One with the root has met its end.
func (m *moats) join(x, y, root int32) {
	purse := m.purse[x] + m.purse[y]
	if m.purse[x] == endless || m.purse[y] == endless {
		purse = endless
	}
	grows := purse != 0 && x != root && y != root
	m.parts.join(x, y)
	at := m.parts.of(x)
	m.purse[at], m.grows[at] = purse, grows
}

// step is how far all can grow before something happens; 0: nothing grows, or
// what grows has nothing to meet.
func (m *moats) step(live []int32) int64 {
	best := int64(-1)
	for _, e := range live {
		if pace := m.pace(e); pace > 0 {
			if room := m.rest[e] / pace; best < 0 || room < best {
				best = room
			}
		}
	}
	for i, grows := range m.grows {
		if grows && m.parts.of(int32(i)) == int32(i) && m.purse[i] != endless && (best < 0 || m.purse[i] < best) {
			best = m.purse[i]
		}
	}
	return max(best, 0)
}

func (m *moats) grow(live []int32, step int64) {
	for _, e := range live {
		m.rest[e] -= step * m.pace(e)
	}
	for i, grows := range m.grows {
		if !grows || m.parts.of(int32(i)) != int32(i) {
			continue
		}
		m.sum += step
		if m.purse[i] != endless {
			m.purse[i] -= step
			m.grows[i] = m.purse[i] > 0
		}
	}
}
