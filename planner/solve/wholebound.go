package solve

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// packing is the Lagrangian bound at a node.
type packing struct {
	s             *wholeSearch
	status        []int8    // by site
	barred        []uint64  // bits by site and customer
	price         []float64 // by customer
	kept          []float64 // the prices of the bound
	dir           []float64 // the way the prices go
	times         []int32   // by customer: how often it is placed
	home          []int32   // by customer: the only site it may go to; -1: there are more
	room          []int64   // by site: besides those at home there
	list          [][]int32 // by site: who may go there and is not at home
	loss          []float64 // by site: fixed cost less what it packs
	rate          []float64 // by site: worth of one more unit of capacity
	picked        [][]int32 // by site
	often         []float64 // by site: how often chosen of late
	share         [][]float64
	weight        float64 // of the latest choice in often and share
	chosen        []bool
	rank          []int32 // free sites that gain, by loss
	cover         cover
	covered       float64    // what the cover loses
	with, without []float64  // by site: what it costs more to have it chosen, and not to
	packs         []knapsack // by thread
	fits          float64    // need that opened sites cannot hold
	root          bool       // nothing was branched on yet
	bound         float64    // the best so far
	draft         *draft
	every         int // rounds from one answer that is made to the next
}

func (s *wholeSearch) newPacking() *packing {
	b := &packing{
		s: s, status: make([]int8, s.m), barred: make([]uint64, (s.n*s.m+63)/64), price: make([]float64, s.n), kept: make([]float64, s.n),
		dir: make([]float64, s.n), times: make([]int32, s.n), home: make([]int32, s.n), room: make([]int64, s.m), list: make([][]int32, s.m),
		loss: make([]float64, s.m), rate: make([]float64, s.m), picked: make([][]int32, s.m), often: make([]float64, s.m),
		share: make([][]float64, s.m), chosen: make([]bool, s.m), with: make([]float64, s.m), without: make([]float64, s.m), draft: s.newDraft(), packs: make([]knapsack, max(s.limits.Threads, 1)),
	}
	b.cover = cover{loss: b.loss, size: make([]float64, s.m), chosen: b.chosen}
	for j := range s.m {
		b.share[j] = make([]float64, s.n)
		b.cover.size[j] = float64(s.size[j])
		for i := range s.n {
			if math.IsInf(s.cost[j][i], 1) || s.load[j][i] > s.size[j] {
				b.bar(int32(j), int32(i))
			}
		}
	}
	s.offer(b.kept)
	b.every = 10
	if s.n*s.m > 1<<15 {
		b.every = 30 // an answer then costs more than the rounds
	}
	return b
}

// offer sets first prices: what a customer's second choice costs, and its share
// of the sites' fixed costs.
func (s *wholeSearch) offer(price []float64) {
	if s.split != nil && s.most >= s.m && s.split.whole.Status == Optimal {
		for k, p := range s.split.newOffers().kept {
			price[s.split.who[k]] = p
		}
		return
	}
	fixed, size := 0.0, 0.0
	for j := range s.m {
		fixed, size = fixed+s.fixed[j], size+float64(s.size[j])
	}
	for i := range price {
		first, second, load := math.Inf(1), math.Inf(1), int64(0)
		for j := range s.m {
			if c := s.cost[j][i]; c < first {
				first, second, load = c, first, s.load[j][i]
			} else if c < second {
				second = c
			}
		}
		if math.IsInf(second, 1) {
			second = first
		}
		price[i] = second + fixed/max(size, 1)*float64(load)
	}
}

func (b *packing) bar(j, i int32) {
	at := int(j)*b.s.n + int(i)
	b.barred[at>>6] |= 1 << (at & 63)
}

func (b *packing) isBarred(j, i int32) bool {
	at := int(j)*b.s.n + int(i)
	return b.barred[at>>6]>>(at&63)&1 == 1
}

// settle draws the conclusions of what is barred, opened and closed until there
// are no more; false: no answer is left.
func (b *packing) settle() bool {
	for again := true; again; {
		again = false
		if !b.house() {
			return false
		}
		for j := range int32(b.s.m) {
			for i := range int32(b.s.n) {
				if b.home[i] < 0 && !b.isBarred(j, i) && (b.status[j] == closed || b.s.load[j][i] > b.room[j]) {
					b.bar(j, i)
					again = true
				}
			}
		}
	}
	return b.enoughRoom()
}

// house finds who has one site left, and what room that leaves.
func (b *packing) house() bool {
	s := b.s
	copy(b.room, s.size)
	for i := range int32(s.n) {
		b.home[i] = -1
		choices := 0
		for j := range int32(s.m) {
			if !b.isBarred(j, i) {
				choices++
				b.home[i] = j
			}
		}
		if choices == 0 {
			return false
		}
		if choices > 1 {
			b.home[i] = -1
			continue
		}
		j := b.home[i]
		if b.status[j] == closed {
			return false
		}
		b.status[j] = opened
		if b.room[j] -= s.load[j][i]; b.room[j] < 0 {
			return false
		}
	}
	opens := 0
	for _, is := range b.status {
		if is == opened {
			opens++
		}
	}
	if opens > s.most {
		return false
	}
	for j, is := range b.status {
		if opens == s.most && is == free {
			b.status[j] = closed
		}
	}
	return true
}

// enoughRoom tells whether all that is to be placed fits into the sites that may
// be open, and lays out the lists.
func (b *packing) enoughRoom() bool {
	s := b.s
	need, room := int64(0), int64(0)
	b.cover.sites, b.fits = b.cover.sites[:0], 0
	for j := range int32(s.m) {
		b.list[j] = b.list[j][:0]
		for i := range int32(s.n) {
			if b.home[i] < 0 && !b.isBarred(j, i) {
				b.list[j] = append(b.list[j], i)
			}
		}
		if b.status[j] == free {
			b.cover.sites = append(b.cover.sites, j)
		}
		if b.status[j] != closed {
			room += s.size[j]
		}
	}
	if s.facility == nil {
		return true
	}
	for i := range s.n {
		need += s.load[0][i]
	}
	if need > room {
		return false
	}
	b.fits = float64(need)
	for j, is := range b.status {
		if is == opened {
			b.fits -= float64(s.size[j])
		}
	}
	return true
}

// enter begins at the prices kept.
func (b *packing) enter() {
	copy(b.price, b.kept)
	clear(b.dir)
	clear(b.often)
	for j := range b.share {
		clear(b.share[j])
	}
	b.weight, b.bound = 1, math.Inf(-1)
}

// gather lists what a site may pack at the prices as they are.
func (b *packing) gather(j int32, k *knapsack) {
	k.items = k.items[:0]
	cost, load := b.s.cost[j], b.s.load[j]
	for _, i := range b.list[j] {
		if gain := b.price[i] - cost[i]; gain > 0 {
			k.items = append(k.items, item{gain: gain, weight: load[i], name: i})
		}
	}
}

// packAll packs all sites, those that threads share in any order.
func (b *packing) packAll() {
	if len(b.packs) == 1 || b.s.n*b.s.m < 1<<14 {
		for j := range int32(b.s.m) {
			b.packOne(j, &b.packs[0])
		}
		return
	}
	var wait sync.WaitGroup
	var next atomic.Int32
	for t := range b.packs {
		wait.Go(func() {
			for j := next.Add(1) - 1; int(j) < b.s.m; j = next.Add(1) - 1 {
				b.packOne(j, &b.packs[t])
			}
		})
	}
	wait.Wait()
}

func (b *packing) packOne(j int32, k *knapsack) {
	if b.status[j] == closed {
		b.loss[j], b.picked[j] = 0, b.picked[j][:0]
		return
	}
	b.gather(j, k)
	b.loss[j] = b.s.fixed[j] - k.pack(b.room[j])
	b.rate[j] = k.rate
	b.picked[j] = append(b.picked[j][:0], k.picked...)
}

// value is the bound of the prices as they are.
func (b *packing) value() float64 {
	s := b.s
	b.packAll()
	sum := b.choose()
	clear(b.times)
	for j, is := range b.chosen {
		if is {
			for _, i := range b.picked[j] {
				b.times[i]++
			}
		}
	}
	for i, j := range b.home {
		if j >= 0 {
			sum += s.cost[j][i]
			b.times[i] = 1
		} else {
			sum += b.price[i]
		}
	}
	return sum
}

// choose opens the sites that lose least; it returns what they lose.
func (b *packing) choose() float64 {
	sum, opens := 0.0, 0
	for j, is := range b.status {
		b.chosen[j] = is == opened
		if is == opened {
			sum += b.loss[j]
			opens++
		}
	}
	if b.s.most >= b.s.m {
		b.covered = b.cover.choose(b.fits)
		return sum + b.covered
	}
	b.rank = append(b.rank[:0], b.cover.sites...)
	slices.SortFunc(b.rank, func(x, y int32) int {
		if b.loss[x] != b.loss[y] {
			if b.loss[x] < b.loss[y] {
				return -1
			}
			return 1
		}
		return int(x - y)
	})
	for at, j := range b.rank {
		if at+opens >= b.s.most || b.loss[j] >= 0 {
			break
		}
		b.chosen[j] = true
		sum += b.loss[j]
	}
	return sum
}

// remember keeps what was chosen of late, the latest counting most.
func (b *packing) remember() {
	const growth = 1.1
	if b.weight *= growth; b.weight > 1e50 {
		for j := range b.share {
			b.often[j] /= b.weight
			for i := range b.share[j] {
				b.share[j][i] /= b.weight
			}
		}
		b.weight = 1
	}
	for j, is := range b.chosen {
		if !is {
			continue
		}
		b.often[j] += b.weight
		for _, i := range b.picked[j] {
			b.share[j][i] += b.weight
		}
	}
}

// move takes a step along the subgradient, smoothed; false: it is zero.
func (b *packing) move(value, target, length float64) bool {
	norm := 0.0
	for i, times := range b.times {
		b.dir[i] = 0.3*b.dir[i] + 0.7*float64(1-times)
		if b.home[i] >= 0 {
			b.dir[i] = 0
		}
		norm += b.dir[i] * b.dir[i]
	}
	if norm < 1e-12 {
		return false
	}
	step := length * (target - value) / norm
	for i := range b.price {
		b.price[i] += step * b.dir[i]
	}
	return true
}

// target is the value that steps aim at.
func (b *packing) target() float64 {
	if math.IsInf(b.s.value, 1) {
		return b.bound + 0.05*max(1, math.Abs(b.bound))
	}
	return b.s.value
}

// climb betters the bound by moving prices; true: the node has nothing better
// than the best. look is called now and then with what sites packed.
func (b *packing) climb(ctx context.Context, rounds int, length float64, look func()) (over bool) {
	patience := 0
	for round := range rounds {
		if ctx.Err() != nil {
			return false
		}
		v := b.value()
		b.remember()
		better := v > b.bound+1e-4*math.Abs(b.target()-b.bound)
		if v > b.bound {
			b.bound = v
			copy(b.kept, b.price)
			if b.root {
				b.s.raise(v)
			}
		}
		if b.bound >= b.s.limit() {
			return true
		}
		if round%b.every == b.every-1 {
			look()
			if b.bound >= b.s.limit() || b.s.done() {
				return b.bound >= b.s.limit()
			}
		}
		if patience++; better {
			patience = 0
		}
		if patience > 15 {
			patience, length = 0, length/2
			copy(b.price, b.kept)
			clear(b.dir)
			if length < 1e-3 {
				return false
			}
			v = b.value()
		}
		if !b.move(v, b.target(), length) {
			return false
		}
	}
	return false
}
