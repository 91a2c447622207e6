package solve

import "slices"

// search is the scratch of shortest paths between suppliers.
type search struct {
	dist  []int64
	state []int8
	back  []int32 // the supplier before
	who   []int32 // the demander who changes on the last step; -1: the pool's step
	open  []int32 // in reach, not settled
	done  []int32
	seen  []int32
}

// States of a node in a search.
const (
	unseen int8 = iota
	waiting
	settled
)

func newSearch(nodes int) search {
	return search{dist: make([]int64, nodes), state: make([]int8, nodes), back: make([]int32, nodes), who: make([]int32, nodes)}
}

func (w *search) start(v int32) {
	for _, u := range w.seen {
		w.state[u] = unseen
	}
	w.open, w.done, w.seen = w.open[:0], w.done[:0], w.seen[:0]
	w.reach(v, 0, -1, -1)
}

// reach notes a way to a node if it is the shortest so far.
func (w *search) reach(v int32, dist int64, back, who int32) {
	switch w.state[v] {
	case settled:
		return
	case waiting:
		if dist >= w.dist[v] {
			return
		}
	default:
		w.state[v] = waiting
		w.seen = append(w.seen, v)
		w.open = append(w.open, v)
	}
	w.dist[v], w.back[v], w.who[v] = dist, back, who
}

// next is the nearest node that is not settled; -1: none. Suppliers are few and
// most searches short, so going through all is faster than a heap.
func (w *search) next() int32 {
	if len(w.open) == 0 {
		return -1
	}
	best := 0
	for k, v := range w.open {
		if w.dist[v] < w.dist[w.open[best]] {
			best = k
		}
	}
	v := w.open[best]
	last := len(w.open) - 1
	w.open[best] = w.open[last]
	w.open = w.open[:last]
	w.state[v] = settled
	return v
}

// find is the nearest node that must still get, from one that holds too much; -1:
// none is in reach. Prices then rise by what they are nearer, so that the way
// costs nothing any more.
func (s *Shipper) find(from int32) int32 {
	w := &s.way
	w.start(from)
	for {
		v := w.next()
		if v < 0 {
			return -1
		}
		s.steps += len(w.open)
		if s.over[v] < 0 {
			for _, u := range w.done {
				s.price[u] += w.dist[v] - w.dist[u]
			}
			return v
		}
		w.done = append(w.done, v)
		s.spread(v)
	}
}

// spread goes one step on from a node.
func (s *Shipper) spread(v int32) {
	w, pool := &s.way, int32(len(s.spare))
	base := w.dist[v] - s.price[v]
	if v == pool {
		for k := range pool {
			w.reach(k, base+s.price[k], v, -1)
		}
		return
	}
	if s.spare[v] > 0 {
		w.reach(pool, base+s.price[pool], v, -1)
	}
	r := s.row(v)
	for at := range r.near {
		k := int32(at)
		if r.to != nil {
			k = r.to[at]
		}
		n := &r.near[at]
		if w.state[k] == settled || w.state[k] == waiting && n.count > 0 && base+n.extra[0]+s.price[k] >= w.dist[k] {
			continue // whoever is first there now, it does not get cheaper
		}
		if who, extra := s.first(v, k, n); who >= 0 {
			w.reach(k, base+extra+s.price[k], v, who)
		}
	}
	s.steps += len(r.near)
}

// push moves as much as can be along the way that was found.
func (s *Shipper) push(from, end int32) {
	w, pool := &s.way, int32(len(s.spare))
	most := min(s.over[from], -s.over[end])
	for v := end; v != from; v = w.back[v] {
		switch {
		case v == pool:
			most = min(most, s.spare[w.back[v]])
		case w.who[v] >= 0:
			most = min(most, s.rec[s.recordAt(w.who[v], w.back[v])].amount)
		}
	}
	s.over[from] -= most
	s.over[end] += most
	for v := end; v != from; v = w.back[v] {
		switch {
		case v == pool:
			s.spare[w.back[v]] -= most
		case w.back[v] == pool:
			s.spare[v] += most
		default:
			s.move(w.who[v], w.back[v], v, most)
		}
	}
}

// move lets a demander draw from k instead of j.
func (s *Shipper) move(i, j, k int32, amount int64) {
	r := s.recordAt(i, j)
	s.rec[r].amount -= amount
	if s.rec[r].amount == 0 {
		s.drop(r)
	}
	s.put(i, s.p.link(i, k), amount)
}

// shortage is the cut that keeps what stuck suppliers hold too much from going
// anywhere; nil: there is none.
func (s *Shipper) shortage(stuck []int32) *Shortage {
	cut := &Shortage{}
	w := &s.way
	in := make([]bool, len(s.p.Capacity))
	for _, v := range stuck {
		if in[v] {
			continue
		}
		w.start(v)
		for v := w.next(); v >= 0; v = w.next() {
			in[v] = true
			s.spread(v)
		}
	}
	for j := range in {
		if in[j] {
			cut.Suppliers = append(cut.Suppliers, int32(j))
		}
	}
	for _, j := range cut.Suppliers {
		cut.Capacity += s.p.Capacity[j]
		for _, r := range s.at[j] {
			cut.Demanders = append(cut.Demanders, s.rec[r].who)
		}
	}
	for i, demand := range s.p.Demand {
		if from, to := s.p.links(int32(i)); from == to && demand > 0 {
			cut.Demanders = append(cut.Demanders, int32(i))
		}
	}
	slices.Sort(cut.Demanders)
	cut.Demanders = slices.Compact(cut.Demanders)
	for _, i := range cut.Demanders {
		cut.Demand += s.p.Demand[i]
	}
	if len(cut.Demanders) == 0 {
		return nil
	}
	return cut
}
