package solve

import (
	"math"
	"slices"
)

// row is what the demanders at one supplier would pay more at others.
type row struct {
	made bool
	to   []int32 // suppliers, ascending; nil: all of them
	near []near
}

// near has the demanders at one supplier who change to another one for the least.
type near struct {
	extra [nearKept]int64 // cost there less cost here, ascending
	who   [nearKept]int32
	count int32
	bar   int64 // those who are at the supplier and not kept here pay at least this
}

// nearKept is how many are kept, so that all are gone through only when as many left.
const nearKept = 4

// clear forgets all; none is known of.
func (n *near) clear() { n.count, n.bar = 0, math.MaxInt64 }

// add keeps a demander if it is one of the cheapest.
func (n *near) add(extra int64, who int32) {
	if extra >= n.bar {
		return
	}
	at := n.count
	for k := range n.count {
		if n.who[k] == who {
			return // it left and came back
		}
	}
	if n.count == nearKept {
		if extra >= n.extra[nearKept-1] {
			n.bar = extra
			return
		}
		n.bar = n.extra[nearKept-1]
		at = nearKept - 1
	} else {
		n.count++
	}
	for ; at > 0 && n.extra[at-1] > extra; at-- {
		n.extra[at], n.who[at] = n.extra[at-1], n.who[at-1]
	}
	n.extra[at], n.who[at] = extra, who
}

func (n *near) dropFirst() {
	copy(n.extra[:], n.extra[1:n.count])
	copy(n.who[:], n.who[1:n.count])
	n.count--
}

// row gives the steps from a supplier, made now if they are not yet.
func (s *Shipper) row(j int32) *row {
	w := &s.rows[j]
	if w.made {
		return w
	}
	w.made = true
	if s.p.First == nil {
		w.near = sized(w.near, len(s.p.Capacity))
		s.fillAll(j, w)
		return w
	}
	for k := range s.slot {
		s.slot[k] = -1
	}
	w.to = w.to[:0]
	for _, r := range s.at[j] {
		from, to := s.p.links(s.rec[r].who)
		for _, k := range s.p.To[from:to] {
			if s.slot[k] < 0 {
				s.slot[k] = 0
				w.to = append(w.to, k)
			}
		}
	}
	slices.Sort(w.to)
	for at, k := range w.to {
		s.slot[k] = int32(at)
	}
	w.near = sized(w.near, len(w.to))
	s.fillSome(j, w)
	return w
}

// sized is a list of empty ones in the memory of another.
func sized(list []near, n int) []near {
	list = slices.Grow(list[:0], n)[:n]
	for k := range list {
		list[k].clear()
	}
	return list
}

func (s *Shipper) fillAll(j int32, w *row) {
	m := int32(len(s.p.Capacity))
	for _, r := range s.at[j] {
		i := s.rec[r].who
		cost := s.p.Cost[i*m : i*m+m]
		here := cost[j]
		for k, c := range cost {
			if c-here < w.near[k].bar {
				w.near[k].add(c-here, i)
			}
		}
	}
	s.steps += len(s.at[j]) * int(m)
}

func (s *Shipper) fillSome(j int32, w *row) {
	for _, r := range s.at[j] {
		i, here := s.rec[r].who, s.p.Cost[s.rec[r].link]
		from, to := s.p.links(i)
		for e := from; e < to; e++ {
			w.near[s.slot[s.p.To[e]]].add(s.p.Cost[e]-here, i)
		}
		s.steps += int(to - from)
	}
}

// offer tells a row of a demander who came to its supplier over a link.
func (s *Shipper) offer(j, i, link int32) {
	w, here := &s.rows[j], s.p.Cost[link]
	from, to := s.p.links(i)
	for e := from; e < to; e++ {
		k := s.p.supplier(i, e)
		at := int(k)
		if s.p.First != nil {
			var known bool
			if at, known = slices.BinarySearch(w.to, k); !known {
				w.to = slices.Insert(w.to, at, k)
				w.near = slices.Insert(w.near, at, near{bar: math.MaxInt64})
			}
		}
		w.near[at].add(s.p.Cost[e]-here, i)
	}
}

// first is who changes from j to k for the least; -1: nobody can.
func (s *Shipper) first(j, k int32, n *near) (who int32, extra int64) {
	for {
		for n.count > 0 {
			if s.recordAt(n.who[0], j) >= 0 {
				return n.who[0], n.extra[0]
			}
			n.dropFirst()
		}
		if n.bar == math.MaxInt64 {
			return -1, 0
		}
		s.refill(j, k, n)
	}
}

func (s *Shipper) refill(j, k int32, n *near) {
	n.clear()
	for _, r := range s.at[j] {
		if e := s.p.link(s.rec[r].who, k); e >= 0 {
			n.add(s.p.Cost[e]-s.p.Cost[s.rec[r].link], s.rec[r].who)
		}
	}
	s.steps += len(s.at[j])
}
