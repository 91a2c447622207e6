package solve

import (
	"context"
	"math"
	"sync"
)

// offers is the Lagrangian bound at a node of a facility location: customers
// offer a price for all their demand, sites take the best offers they can hold,
// and the sites that lose least are chosen.
type offers struct {
	s      *locationSearch
	status []int8      // by site
	price  []float64   // by customer
	kept   []float64   // the prices of the bound
	dir    []float64   // the way the prices go
	short  []float64   // by customer: the share of its demand that is not taken, less the share taken twice
	picked [][]taker   // by site: whom it serves
	often  []float64   // by site: how often chosen of late
	cover  cover       // of the free sites
	room   [][]bidding // by thread
	bound  float64     // the best so far
}

// taker is a customer at a site with the share that is served.
type taker struct {
	customer int32
	share    float64
}

// bidding is an offer above cost.
type bidding struct {
	rate, gain float64 // for each unit of demand; in all
	customer   int32
}

func (s *locationSearch) newOffers() *offers {
	n, m := len(s.who), s.f.Sites
	b := &offers{
		s: s, status: make([]int8, m), price: make([]float64, n), kept: make([]float64, n), dir: make([]float64, n),
		short: make([]float64, n), picked: make([][]taker, m), often: make([]float64, m),
		cover: cover{loss: make([]float64, m), size: s.size, chosen: make([]bool, m)},
		room:  make([][]bidding, max(s.limits.Threads, 1)), bound: math.Inf(-1),
	}
	fixed, size := 0.0, 0.0
	for j, c := range s.size {
		if c > 0 {
			fixed, size = fixed+s.f.Fixed[j], size+c
		}
	}
	for i, w := range s.whole.Worth {
		b.kept[i] = s.demand[i] * (float64(w)/s.fine + fixed/max(size, 1))
	}
	for j, c := range s.size {
		switch {
		case c == 0:
			b.status[j] = closed
		case s.f.Fixed[j] == 0:
			b.status[j] = opened // it costs nothing
		}
	}
	return b
}

// enter begins a node with the prices kept.
func (b *offers) enter() {
	copy(b.price, b.kept)
	clear(b.dir)
	b.bound = math.Inf(-1)
	b.free()
}

// free lists the sites at choice anew.
func (b *offers) free() {
	b.cover.sites = b.cover.sites[:0]
	for j, is := range b.status {
		if is == free {
			b.cover.sites = append(b.cover.sites, int32(j))
		}
	}
}

// need is the demand that opened sites cannot hold.
func (b *offers) need() float64 {
	need := b.s.weight
	for j, is := range b.status {
		if is == opened {
			need -= b.s.size[j]
		}
	}
	return need
}

// value is the bound of the prices as they are.
func (b *offers) value() float64 {
	b.takeAll()
	sum := 0.0
	for i, p := range b.price {
		sum += p
		b.short[i] = 1
	}
	for j, is := range b.status {
		if is == opened {
			sum += b.cover.loss[j]
			b.serve(int32(j))
		}
	}
	sum += b.cover.choose(b.need())
	for _, j := range b.cover.sites {
		if b.cover.chosen[j] {
			b.serve(j)
		}
	}
	return sum
}

func (b *offers) serve(j int32) {
	for _, t := range b.picked[j] {
		b.short[t.customer] -= t.share
	}
}

// takeAll lets every site pick its customers. Threads share the sites.
func (b *offers) takeAll() {
	threads := len(b.room)
	if len(b.s.column) < 20_000 {
		threads = 1
	}
	part := func(t int) {
		for j := t; j < b.s.f.Sites; j += threads {
			if b.status[j] != closed {
				b.room[t] = b.take(int32(j), b.room[t])
			}
		}
	}
	var wait sync.WaitGroup
	for t := 1; t < threads; t++ {
		wait.Go(func() { part(t) })
	}
	part(0)
	wait.Wait()
}

// take fills a site with the best offers: a knapsack that may be split.
func (b *offers) take(j int32, room []bidding) []bidding {
	room = room[:0]
	all := 0.0
	for _, c := range b.s.columnOf(j) {
		if gain := b.price[c.customer] - c.cost; gain > 0 {
			d := b.s.demand[c.customer]
			room = append(room, bidding{gain / d, gain, c.customer})
			all += d
		}
	}
	fit, left := len(room), 0.0
	if all > b.s.size[j] {
		fit, left = b.split(room, b.s.size[j])
	}
	gain := 0.0
	b.picked[j] = b.picked[j][:0]
	for _, o := range room[:fit] {
		gain += o.gain
		b.picked[j] = append(b.picked[j], taker{o.customer, 1})
	}
	if fit < len(room) && left > 0 {
		o := room[fit]
		gain += o.rate * left
		b.picked[j] = append(b.picked[j], taker{o.customer, left / b.s.demand[o.customer]})
	}
	b.cover.loss[j] = b.s.f.Fixed[j] - gain
	return room
}

// split moves to the front the best offers that fit wholly; the next one gets
// what is left of the size.
func (b *offers) split(room []bidding, size float64) (fit int, left float64) {
	low, high, left := 0, len(room), size // before low all fit; from high on nothing does
	for high-low > 0 {
		pivot := room[(low+high)/2]
		better := func(o bidding) bool {
			return o.rate > pivot.rate || o.rate == pivot.rate && o.customer < pivot.customer
		}
		mid, sum := low, 0.0
		for k := low; k < high; k++ {
			if better(room[k]) {
				sum += b.s.demand[room[k].customer]
				room[mid], room[k] = room[k], room[mid]
				mid++
			}
		}
		if sum > left {
			high = mid
			continue
		}
		for k := mid; k < high; k++ {
			if room[k].customer == pivot.customer {
				room[mid], room[k] = room[k], room[mid]
				break
			}
		}
		left -= sum
		if d := b.s.demand[pivot.customer]; d > left {
			return mid, left
		} else {
			left -= d
		}
		low = mid + 1
	}
	return low, left
}

// move takes a step along the deflected subgradient; false: there is no way up.
func (b *offers) move(value, target, length float64) bool {
	norm := deflect(b.dir, b.short, 1e-18)
	if norm == 0 {
		return false
	}
	step := length * (target - value) / norm
	for i := range b.price {
		b.price[i] = max(0, b.price[i]+step*b.dir[i])
	}
	return true
}

// climb raises the bound of a node; over: the node holds nothing better. look is
// told of each choice that raised it.
func (b *offers) climb(ctx context.Context, rounds int, length float64, look func()) (over bool) {
	idle := 0
	for range rounds {
		if ctx.Err() != nil {
			return false
		}
		value := b.value()
		if math.IsInf(value, 1) {
			return true // what is left cannot hold the demand
		}
		b.remember()
		if idle++; value > b.bound {
			if value > b.bound+1e-4*(b.s.value-b.bound) {
				idle = 0
			}
			b.bound = value
			copy(b.kept, b.price)
			if value >= b.s.enough() {
				return true
			}
			if b.fix(value); len(b.cover.sites) == 0 {
				return false
			}
			look()
		}
		if idle > 8 {
			idle, length = 0, length/1.6
			copy(b.price, b.kept)
			clear(b.dir)
			if length < 1e-3 {
				return false
			}
			continue
		}
		if !b.move(value, b.s.value, length) {
			return false
		}
	}
	return false
}

// remember notes which sites are chosen.
func (b *offers) remember() {
	for _, j := range b.cover.sites {
		b.often[j] *= 0.9
		if b.cover.chosen[j] {
			b.often[j] += 0.1
		}
	}
}

// fix opens and closes free sites of which the other choice gives nothing better.
func (b *offers) fix(value float64) {
	need, enough := b.need(), b.s.enough()
	now, changed := b.cover.choose(need), false
	for _, j := range b.cover.sites {
		with, without := b.cover.forced(j, need)
		switch {
		case value-now+without >= enough:
			b.status[j], changed = opened, true
		case value-now+with >= enough:
			b.status[j], changed = closed, true
		}
	}
	if changed {
		b.free()
	}
}
