package solve

import (
	"context"
	"math"
	"slices"
)

// What a site is at a node of the search.
const (
	free   int8 = iota
	opened      // in every answer that is better than the best
	closed      // in none
)

// prices is the Lagrangian bound at a node: each customer pays its price to
// whoever serves it below that, and the P sites that lose most are chosen.
type prices struct {
	s      *medianSearch
	status []int8    // by site
	first  []int     // by customer; one more at the end
	list   []nearest // of sites that are free or opened, cheaper than top
	top    []float64 // by customer: no price needs to be higher
	price  []float64 // by customer
	kept   []float64 // the prices of the bound
	slope  []float64 // by customer: 1 less the number of chosen sites that it pays
	dir    []float64 // the way the prices go
	ends   []int     // by customer: where sites become dearer than its price
	rho    []float64 // by site: what it loses
	often  []float64 // by site: how often chosen of late
	rank   []int32   // free sites by rho, of those chosen
	chosen []bool    // by site
	bound  float64   // the best so far
	last   float64   // rho of the last free site chosen
	next   float64   // rho of the first one not chosen
	shut   int       // sites closed since the lists were laid out
}

func (s *medianSearch) newPrices() *prices {
	n := len(s.who)
	b := &prices{
		s: s, status: make([]int8, s.m.Sites), first: make([]int, n+1), top: make([]float64, n), price: make([]float64, n),
		kept: make([]float64, n), dir: make([]float64, n), slope: make([]float64, n), ends: make([]int, n), rho: make([]float64, s.m.Sites),
		often: make([]float64, s.m.Sites), chosen: make([]bool, s.m.Sites),
		list: make([]nearest, 0, len(s.list)),
	}
	x := s.swaps
	x.set(s.best)
	for i := range n {
		b.kept[i] = min(s.edge[i], (x.d1[i]+min(x.d2[i], 2*x.d1[i]))/2)
	}
	return b
}

// enter lays out the lists of a node: without closed sites, and for each customer
// only those cheaper than its nearest opened one.
func (b *prices) enter() {
	b.list = b.list[:0]
	for i := range b.price {
		b.first[i] = len(b.list)
		b.top[i] = b.s.edge[i]
		for _, c := range b.s.of(i) {
			if b.status[c.site] == opened {
				b.top[i] = min(b.top[i], c.cost)
				break
			}
			if b.status[c.site] == free {
				b.list = append(b.list, c)
			}
		}
		b.price[i] = b.within(i, b.kept[i], len(b.list))
		b.kept[i] = b.price[i] // above the top a price would leave out what it loses at an opened site
	}
	b.first[len(b.price)] = len(b.list)
	b.rank = b.rank[:0]
	for j, is := range b.status {
		if is == free {
			b.rank = append(b.rank, int32(j))
		}
	}
	clear(b.dir)
	b.bound, b.shut = math.Inf(-1), 0
}

// within keeps a price between the cheapest site and the top.
func (b *prices) within(i int, price float64, end int) float64 {
	low := b.top[i]
	if b.first[i] < end {
		low = min(low, b.list[b.first[i]].cost)
	}
	return min(max(price, low), b.top[i])
}

// toOpen is how many free sites are still to be chosen.
func (b *prices) toOpen() int {
	k := b.s.p
	for _, is := range b.status {
		if is == opened {
			k--
		}
	}
	return k
}

// value is the bound of the prices as they are; it chooses k of the free sites.
func (b *prices) value(k int) float64 {
	for _, j := range b.rank {
		b.rho[j], b.chosen[j] = 0, false
	}
	sum := 0.0
	for i, price := range b.price {
		sum += price
		e, end := b.first[i], b.first[i+1]
		for ; e < end && b.list[e].cost < price; e++ {
			b.rho[b.list[e].site] += b.list[e].cost - price
		}
		b.ends[i] = e
	}
	slices.SortFunc(b.rank, func(x, y int32) int {
		switch {
		case b.rho[x] < b.rho[y]:
			return -1
		case b.rho[x] > b.rho[y]:
			return 1
		}
		return int(x - y)
	})
	b.last, b.next = math.Inf(-1), math.Inf(1)
	for _, j := range b.rank[:k] {
		sum += b.rho[j]
		b.chosen[j] = true
		b.last = b.rho[j]
	}
	if k < len(b.rank) {
		b.next = b.rho[b.rank[k]]
	}
	return sum
}

// move takes a step along the deflected subgradient; false: it is zero, no
// prices are better.
func (b *prices) move(value, target, length float64) bool {
	b.incline()
	norm := deflect(b.dir, b.slope, 0)
	if norm == 0 {
		return false
	}
	step := length * (target - value) / norm
	for i := range b.price {
		b.price[i] = b.within(i, b.price[i]+step*b.dir[i], b.first[i+1])
	}
	return true
}

// incline finds the slopes by the columns of the chosen sites or the rows of the
// customers, whichever are shorter.
func (b *prices) incline() {
	for i := range b.slope {
		b.slope[i] = 1
	}
	columns, rows := 0, 0
	for _, j := range b.rank {
		if b.chosen[j] {
			columns += len(b.s.columnOf(j))
		}
	}
	for i, end := range b.ends {
		rows += end - b.first[i]
	}
	if columns > rows {
		b.inclineRows()
		return
	}
	for _, j := range b.rank {
		if !b.chosen[j] {
			continue
		}
		for _, c := range b.s.columnOf(j) {
			if c.cost < b.price[c.customer] {
				b.slope[c.customer]--
			}
		}
	}
}

func (b *prices) inclineRows() {
	for i := range b.slope {
		for _, c := range b.list[b.first[i]:b.ends[i]] {
			if b.chosen[c.site] {
				b.slope[i]--
			}
		}
	}
}

// climb raises the bound of a node; over: the node holds nothing better.
func (b *prices) climb(ctx context.Context, rounds int, length float64) (over bool) {
	k := b.toOpen()
	idle := 0
	for range rounds {
		if ctx.Err() != nil {
			return false
		}
		value := b.value(k)
		for _, j := range b.rank {
			b.often[j] *= 0.9
			if b.chosen[j] {
				b.often[j] += 0.1
			}
		}
		if idle++; value > b.bound {
			if value > b.bound+1e-5*(b.s.value-b.bound) {
				idle = 0
			}
			b.bound = value
			copy(b.kept, b.price)
			if b.bound >= b.s.enough() {
				return true
			}
			if b.s.nodes == 1 { // nothing else is open
				if b.s.raise(value); b.s.done() {
					return false
				}
			}
			changed := b.fix(value)
			if k = b.toOpen(); k < 0 || k > len(b.rank) {
				return true
			}
			if k == 0 || k == len(b.rank) {
				return b.settle()
			}
			if changed {
				continue
			}
		}
		if idle > 8 {
			idle, length = 0, length/1.6
			copy(b.price, b.kept)
			clear(b.dir)
			if length < 1e-4 {
				return false
			}
			b.value(k)
		}
		target := b.s.value
		if target >= b.s.far {
			target = value + max(1, 0.05*math.Abs(value))
		}
		if !b.move(value, target, length) {
			return false
		}
	}
	return false
}

// settle: all sites are opened or closed but those that must be opened too.
func (b *prices) settle() bool {
	open := make([]int32, 0, b.s.p)
	for j, is := range b.status {
		if is == opened || is == free && b.toOpen() > 0 {
			open = append(open, int32(j))
		}
	}
	b.s.swaps.set(open)
	b.s.keep(open, b.s.swaps.value)
	return true
}

// fix opens and closes free sites whose reduced cost shows that anything else
// gives nothing better; changed: the prices are to be looked at anew.
func (b *prices) fix(value float64) (changed bool) {
	enough := b.s.enough()
	left := b.rank[:0]
	for _, j := range b.rank {
		switch {
		case b.chosen[j] && value-b.rho[j]+b.next >= enough:
			b.status[j], changed = opened, true
		case !b.chosen[j] && value-b.last+b.rho[j] >= enough:
			b.status[j] = closed
			b.shut++
		default:
			left = append(left, j)
		}
	}
	b.rank = left
	if changed = changed || b.shut > b.s.m.Sites/20; changed {
		b.refit()
	}
	return changed
}

// refit lays the node out anew after sites were fixed, with its bound and prices.
func (b *prices) refit() {
	bound, dir := b.bound, slices.Clone(b.dir)
	b.enter()
	b.bound = bound
	copy(b.dir, dir)
}
