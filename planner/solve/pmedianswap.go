package solve

import (
	"container/heap"
	"context"
	"slices"
)

// interchange is a choice of sites that is made better by swaps. For each
// customer it keeps the nearest open site and the next one.
type interchange struct {
	s      *medianSearch
	open   []int32
	is     []int32 // by site: its place in open; -1: closed
	d1, d2 []float64
	s1, s2 []int32   // the sites; -1: none
	loss   []float64 // by place in open: what closing it costs
	net    []float64 // the same, less what a new site takes over
	value  float64
}

func (s *medianSearch) interchange() *interchange {
	n := len(s.who)
	return &interchange{
		s: s, is: make([]int32, s.m.Sites), d1: make([]float64, n), d2: make([]float64, n),
		s1: make([]int32, n), s2: make([]int32, n), loss: make([]float64, s.p), net: make([]float64, s.p),
	}
}

// set begins with a choice.
func (x *interchange) set(open []int32) {
	x.open = append(x.open[:0], open...)
	for j := range x.is {
		x.is[j] = -1
	}
	for r, j := range x.open {
		x.is[j] = int32(r)
	}
	for i := range x.d1 {
		x.look(i)
	}
	x.sum()
}

// sum adds up the value and the losses.
func (x *interchange) sum() {
	x.value = 0
	clear(x.loss)
	for i, d := range x.d1 {
		x.value += d
		if x.s1[i] >= 0 {
			x.loss[x.is[x.s1[i]]] += x.d2[i] - d
		}
	}
}

// look finds the two nearest open sites of a customer.
func (x *interchange) look(i int) {
	x.d1[i], x.d2[i], x.s1[i], x.s2[i] = x.s.none[i], x.s.none[i], -1, -1
	for _, c := range x.s.of(i) {
		if x.is[c.site] < 0 {
			continue
		}
		if x.s1[i] >= 0 {
			x.d2[i], x.s2[i] = c.cost, c.site
			return
		}
		x.d1[i], x.s1[i] = c.cost, c.site
	}
	if x.s.cut[i] {
		x.lookBeyond(i)
	}
}

// lookBeyond goes through the open sites themselves, the list having been too short.
func (x *interchange) lookBeyond(i int) {
	x.d1[i], x.d2[i], x.s1[i], x.s2[i] = x.s.none[i], x.s.none[i], -1, -1
	for _, j := range x.open {
		switch cost := x.s.at(i, j); {
		case cost < x.d1[i]:
			x.d2[i], x.s2[i] = x.d1[i], x.s1[i]
			x.d1[i], x.s1[i] = cost, j
		case cost < x.d2[i]:
			x.d2[i], x.s2[i] = cost, j
		}
	}
}

// try is what opening site j instead of one of the open ones saves at the most,
// and instead of which.
func (x *interchange) try(j int32) (profit float64, r int) {
	copy(x.net, x.loss)
	gain := 0.0
	for _, c := range x.s.columnOf(j) {
		i := c.customer
		if c.cost >= x.d2[i] {
			continue
		}
		at := int32(-1)
		if x.s1[i] >= 0 {
			at = x.is[x.s1[i]]
		}
		if c.cost < x.d1[i] {
			gain += x.d1[i] - c.cost
			if at >= 0 {
				x.net[at] -= x.d2[i] - x.d1[i]
			}
		} else if at >= 0 {
			x.net[at] -= x.d2[i] - c.cost
		}
	}
	least := 0
	for k := range x.open {
		if x.net[k] < x.net[least] {
			least = k
		}
	}
	return gain - x.net[least], least
}

// swap opens j instead of what stands at place r.
func (x *interchange) swap(j int32, r int) {
	old := x.open[r]
	x.is[old], x.is[j], x.open[r] = -1, int32(r), j
	for i := range x.d1 {
		if x.s1[i] == old || x.s2[i] == old {
			x.look(i)
		}
	}
	for _, c := range x.s.columnOf(j) {
		if c.cost < x.d2[c.customer] || x.s2[c.customer] < 0 {
			x.look(int(c.customer))
		}
	}
	x.sum()
}

// descend swaps until no swap of one site saves anything.
func (x *interchange) descend(ctx context.Context, order []int32) {
	x.s.draw.shuffle(order)
	for last := 0; last < len(order); {
		for _, j := range order {
			if last++; last > len(order) || ctx.Err() != nil {
				return
			}
			if x.is[j] >= 0 {
				continue
			}
			if profit, r := x.try(j); profit > 1e-9*max(1, x.value) {
				before := x.value
				if x.swap(j, r); x.value >= before {
					return // the profit was rounding
				}
				last = 0
			}
		}
	}
}

// kick swaps some sites at random.
func (x *interchange) kick(many int, order []int32) {
	for range many {
		j := order[x.s.draw.below(len(order))]
		if x.is[j] < 0 {
			x.swap(j, x.s.draw.below(len(x.open)))
		}
	}
}

// start finds a first good choice: greedily, then by swaps.
func (s *medianSearch) start(ctx context.Context) {
	s.swaps, s.order = s.interchange(), make([]int32, s.m.Sites)
	for j := range s.order {
		s.order[j] = int32(j)
	}
	s.swaps.set(s.greedy())
	s.keep(s.swaps.open, s.swaps.value)
	if s.p > 0 && s.p < s.m.Sites {
		s.swaps.descend(ctx, s.order)
		s.keep(s.swaps.open, s.swaps.value)
	}
}

// wander looks for better choices near the best one; less of it where it takes long.
func (s *medianSearch) wander(ctx context.Context) {
	const most, work = 20, 8 << 20
	for k := 0; k < min(most, work/(len(s.list)+1)) && ctx.Err() == nil; k++ {
		s.swaps.set(s.best)
		s.swaps.kick(2+s.p/20, s.order)
		s.swaps.descend(ctx, s.order)
		s.keep(s.swaps.open, s.swaps.value)
	}
}

// greedy opens one site after the other, each time the one that saves most.
// What a site saves only falls: only the seemingly best is looked at again.
func (s *medianSearch) greedy() []int32 {
	d := slices.Clone(s.edge)
	saves := func(j int32) (sum float64) {
		for _, c := range s.columnOf(j) {
			sum += max(0, d[c.customer]-c.cost)
		}
		return sum
	}
	queue := make(ranked, s.m.Sites)
	for j := range queue {
		queue[j] = rankedSite{saves(int32(j)), int32(j)}
	}
	heap.Init(&queue)
	var open []int32
	for len(open) < s.p {
		top := &queue[0]
		if now := saves(top.site); now < top.worth {
			top.worth = now
			heap.Fix(&queue, 0)
			continue
		}
		open = append(open, top.site)
		for _, c := range s.columnOf(top.site) {
			d[c.customer] = min(d[c.customer], c.cost)
		}
		heap.Pop(&queue)
	}
	return open
}

// rankedSite is a site and what it is worth.
type rankedSite struct {
	worth float64
	site  int32
}

// ranked is a heap, the most worth first.
type ranked []rankedSite

func (h ranked) Len() int { return len(h) }
func (h ranked) Less(a, b int) bool {
	return h[a].worth > h[b].worth || h[a].worth == h[b].worth && h[a].site < h[b].site
}
func (h ranked) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h *ranked) Push(x any)   { *h = append(*h, x.(rankedSite)) }
func (h *ranked) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
