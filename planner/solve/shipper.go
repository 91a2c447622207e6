package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Shipper solves transportation problems that differ in capacities and costs:
// each from where the last one ended, in the same memory. One goroutine at a time.
//
// Method: successive shortest paths with prices (Ahuja, Magnanti, Orlin, Network
// Flows, 9.7), not over demanders but over suppliers, as those are few: one step
// from supplier j to k is the demander at j that changes to k for the least. What
// suppliers do not give goes to a node of its own, the pool, at no cost. So a
// demander costs something only when it has to change.
type Shipper struct {
	p *Transport

	// By supplier; the pool is the last. Whatever is drawn is drawn where cost +
	// price is least, and no price is below the pool's: this holds at all times.
	price []int64
	over  []int64 // what it holds beyond its capacity; negative: it must still get

	rec   []record
	free  []int32   // records not in use
	head  []int32   // by demander: its first record; -1: none
	at    [][]int32 // by supplier: records that draw on it
	spare []int64   // by supplier: its capacity that went to the pool
	rows  []row     // by supplier: its steps to others; made when first asked for
	slot  []int32   // by supplier: scratch of making a row

	fresh bool // nothing is drawn yet, or costs changed
	way   search
	steps int // since the context was asked
}

// record is what a demander draws over one of its links.
type record struct {
	amount int64
	who    int32
	link   int32
	place  int32 // among the records of its supplier
	next   int32 // of the same demander; -1: none
}

// NewShipper checks a problem. It keeps the arrays, and changes none but Capacity
// by SetCapacity.
func NewShipper(p *Transport) (*Shipper, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	n, m := len(p.Demand), len(p.Capacity)
	s := &Shipper{
		p: p, price: make([]int64, m+1), over: make([]int64, m+1), spare: make([]int64, m), head: slices.Repeat([]int32{-1}, n),
		at: make([][]int32, m), rows: make([]row, m), slot: make([]int32, m), fresh: true, way: newSearch(m + 1),
	}
	return s, nil
}

// SetCapacity changes the capacity of a supplier; 0 closes it.
func (s *Shipper) SetCapacity(j int, capacity int64) error {
	rest := maxTotal - capacity
	for k, c := range s.p.Capacity {
		if k != j {
			rest -= c
		}
	}
	if capacity < 0 || rest < 0 {
		return fmt.Errorf("capacity %d is set to %d; it must not be negative, nor all together more than 2^62", j, capacity)
	}
	s.p.Capacity[j] = capacity
	return nil
}

// Recost is to be called after Cost was changed in place.
func (s *Shipper) Recost() error {
	s.fresh = true
	return s.p.checkCosts()
}

// Solve solves the problem as it now is. When the context is done first, the
// shipment has no amounts, but the bound that was reached.
func (s *Shipper) Solve(ctx context.Context) (*Shipment, error) {
	if s.fresh {
		s.draw()
		s.fresh = false
	}
	s.weigh()
	var stuck []int32
	for v := range int32(len(s.over)) {
		for s.over[v] > 0 {
			if s.pause(ctx) {
				return s.stopped(), nil
			}
			end := s.find(v)
			if end < 0 {
				stuck = append(stuck, v)
				break
			}
			s.push(v, end)
		}
	}
	if cut := s.shortage(stuck); cut != nil {
		return cut.infeasible(), nil
	}
	return s.shipment()
}

// draw puts every demander wholly where cost + price is least. Those who are
// already at such a place stay.
func (s *Shipper) draw() {
	for j := range s.rows {
		s.rows[j].made = false
	}
	for i, demand := range s.p.Demand {
		best, least := s.cheapest(int32(i))
		if best < 0 || demand == 0 || s.content(int32(i), least) {
			continue
		}
		for s.head[i] >= 0 {
			s.drop(s.head[i])
		}
		s.put(int32(i), best, demand)
	}
}

// cheapest is the link of a demander where cost + price is least; -1: it has none.
func (s *Shipper) cheapest(i int32) (link int32, least int64) {
	link, least = -1, math.MaxInt64
	from, to := s.p.links(i)
	for e := from; e < to; e++ {
		if c := s.p.Cost[e] + s.price[s.p.supplier(i, e)]; c < least {
			link, least = e, c
		}
	}
	return link, least
}

// worth is the least cost + price of a demander; 0 where it has no link.
func (s *Shipper) worth(i int32) int64 {
	if link, least := s.cheapest(i); link >= 0 {
		return least
	}
	return s.price[len(s.price)-1]
}

// content tells whether a demander draws all it asks for at the least cost + price.
func (s *Shipper) content(i int32, least int64) bool {
	for r := s.head[i]; r >= 0; r = s.rec[r].next {
		e := s.rec[r].link
		if s.p.Cost[e]+s.price[s.p.supplier(i, e)] > least {
			return false
		}
	}
	return s.head[i] >= 0
}

// weigh sums up what each supplier holds beyond its capacity. A supplier at the
// pool's price may leave the rest of its capacity to the pool, others must fill up.
func (s *Shipper) weigh() {
	pool := len(s.p.Capacity)
	s.over[pool] = 0
	for j, capacity := range s.p.Capacity {
		over := -capacity
		for _, r := range s.at[j] {
			over += s.rec[r].amount
		}
		s.spare[j] = 0
		if over < 0 && s.price[j] == s.price[pool] {
			s.spare[j], over = -over, 0
		}
		s.over[j] = over
		s.over[pool] -= over
	}
}

// pause asks the context once in a while.
func (s *Shipper) pause(ctx context.Context) bool {
	if s.steps < stepsBetween {
		return false
	}
	s.steps = 0
	return ctx.Err() != nil
}

// put lets a demander draw more over a link.
func (s *Shipper) put(i, link int32, amount int64) {
	for r := s.head[i]; r >= 0; r = s.rec[r].next {
		if s.rec[r].link == link {
			s.rec[r].amount += amount
			return
		}
	}
	j := s.p.supplier(i, link)
	n := record{amount: amount, who: i, link: link, place: int32(len(s.at[j])), next: s.head[i]}
	r := int32(len(s.rec))
	if last := len(s.free) - 1; last >= 0 {
		r, s.free = s.free[last], s.free[:last]
		s.rec[r] = n
	} else {
		s.rec = append(s.rec, n)
	}
	s.head[i] = r
	s.at[j] = append(s.at[j], r)
	if s.rows[j].made {
		s.offer(j, i, link)
	}
}

// drop ends a record.
func (s *Shipper) drop(r int32) {
	gone := s.rec[r]
	list := s.at[s.p.supplier(gone.who, gone.link)]
	last := list[len(list)-1]
	list[gone.place], s.rec[last].place = last, gone.place
	s.at[s.p.supplier(gone.who, gone.link)] = list[:len(list)-1]
	at := &s.head[gone.who]
	for *at != r {
		at = &s.rec[*at].next
	}
	*at = gone.next
	s.free = append(s.free, r)
}

// recordAt is that of a demander at a supplier; -1: it does not draw there.
func (s *Shipper) recordAt(i, j int32) int32 {
	for r := s.head[i]; r >= 0; r = s.rec[r].next {
		if s.p.supplier(i, s.rec[r].link) == j {
			return r
		}
	}
	return -1
}

// recordsOf are those of a demander, by supplier.
func (s *Shipper) recordsOf(i int32) []int32 {
	var list []int32
	for r := s.head[i]; r >= 0; r = s.rec[r].next {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b int32) int {
		return int(s.p.supplier(i, s.rec[a].link) - s.p.supplier(i, s.rec[b].link))
	})
	return list
}
