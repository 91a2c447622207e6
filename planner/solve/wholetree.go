package solve

import (
	"container/heap"
	"context"
	"math"
	"slices"
)

// wholeNode is a part of the search that is still open.
type wholeNode struct {
	bound  float64
	order  int // in which it was made
	status []int8
	barred []uint64
	price  []float64
}

type wholeNodes []*wholeNode

func (h wholeNodes) Len() int { return len(h) }
func (h wholeNodes) Less(a, b int) bool {
	return h[a].bound < h[b].bound || h[a].bound == h[b].bound && h[a].order > h[b].order
}
func (h wholeNodes) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h *wholeNodes) Push(x any)   { *h = append(*h, x.(*wholeNode)) }
func (h *wholeNodes) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// branch searches until the best is proven, good enough, or the context done.
func (s *wholeSearch) branch(ctx context.Context) {
	b := s.newPacking()
	open := &wholeNodes{b.node(math.Inf(-1), 0)}
	for made := 1; open.Len() > 0; {
		s.raise((*open)[0].bound)
		if s.done() || ctx.Err() != nil {
			return
		}
		node := heap.Pop(open).(*wholeNode)
		if node.bound >= s.limit() {
			break
		}
		b.restore(node)
		if !b.settle() || b.atNode(ctx, made == 1) {
			continue
		}
		if ctx.Err() != nil {
			heap.Push(open, b.node(max(b.bound, node.bound), made))
			s.raise((*open)[0].bound)
			return
		}
		s.nodes++
		for _, part := range b.parts() {
			part.bound, part.order = max(b.bound, node.bound), made
			made++
			heap.Push(open, part)
		}
	}
	if math.IsInf(s.value, 1) {
		s.bound = math.Inf(1)
	}
	s.close()
}

func (b *packing) node(bound float64, order int) *wholeNode {
	return &wholeNode{bound: bound, order: order, status: slices.Clone(b.status), barred: slices.Clone(b.barred), price: slices.Clone(b.kept)}
}

func (b *packing) restore(n *wholeNode) {
	copy(b.status, n.status)
	copy(b.barred, n.barred)
	copy(b.kept, n.price)
}

// Rounds of climbing, and how long steps are at first.
const (
	firstRounds = 120 // before sites are looked at as a set
	rootRounds  = 600
	nodeRounds  = 60
	rootStep    = 0.7
	nodeStep    = 0.3
)

// atNode bounds a node; true: it holds nothing better than the best.
func (b *packing) atNode(ctx context.Context, root bool) (over bool) {
	b.root = root
	b.enter()
	rounds, step := nodeRounds, nodeStep
	if root {
		rounds, step = rootRounds, rootStep
		if b.climb(ctx, firstRounds, step, b.build) {
			return true
		}
		if b.s.sites() {
			b.ship(ctx)
		}
	}
	if b.climb(ctx, rounds, step, b.build) {
		return true
	}
	b.build()
	for range 3 {
		before := b.undecided()
		if !b.fix() {
			return true
		}
		left := b.undecided()
		if left == 0 {
			b.leaf()
			return true
		}
		if 10*left > 9*before || ctx.Err() != nil {
			break
		}
		kept := b.bound
		b.enter()
		b.bound = kept
		if b.climb(ctx, rounds/2, step/2, b.build) {
			return true
		}
	}
	return false
}

// undecided counts the places that may still be had.
func (b *packing) undecided() (count int) {
	for _, list := range b.list {
		count += len(list)
	}
	return count
}

// leaf keeps the only answer of a node whose customers all have one site.
func (b *packing) leaf() { b.s.keep(b.home, b.s.total(b.home)) }

// parts are the two children of a node: a site open or not, or a customer's sites
// in two halves.
func (b *packing) parts() []*wholeNode {
	one, other := b.node(b.bound, 0), b.node(b.bound, 0)
	if j := b.wavering(); j >= 0 {
		one.status[j], other.status[j] = opened, closed
		return []*wholeNode{one, other}
	}
	i := b.torn()
	sites := b.sitesOf(i)
	slices.SortStableFunc(sites, func(x, y int32) int {
		switch {
		case b.share[x][i] > b.share[y][i]:
			return -1
		case b.share[x][i] < b.share[y][i]:
			return 1
		}
		return 0
	})
	total, sum := 0.0, 0.0
	for _, j := range sites {
		total += b.share[j][i]
	}
	for _, j := range sites {
		at := int(j)*b.s.n + int(i)
		if sum < total/2 || j == sites[0] {
			other.barred[at>>6] |= 1 << (at & 63)
			sum += b.share[j][i]
		} else {
			one.barred[at>>6] |= 1 << (at & 63)
		}
	}
	return []*wholeNode{one, other}
}

func (b *packing) sitesOf(i int32) (sites []int32) {
	for j := range int32(b.s.m) {
		if b.status[j] != closed && !b.isBarred(j, i) {
			sites = append(sites, j)
		}
	}
	return sites
}

// wavering is the site that is most in doubt; -1: none is.
func (b *packing) wavering() int32 {
	best, most := int32(-1), 0.02
	total := b.weight * 11 // what a site that is always chosen comes to
	for _, j := range b.cover.sites {
		often := b.often[j] / total
		if doubt := min(often, 1-often); doubt > most {
			best, most = j, doubt
		}
	}
	return best
}

// torn is the customer that is most in doubt.
func (b *packing) torn() int32 {
	best, most := int32(-1), -1.0
	for i := range int32(b.s.n) {
		if b.home[i] >= 0 {
			continue
		}
		sum, top := 1e-9, 0.0
		for j := range b.share {
			sum += b.share[j][i]
			top = max(top, b.share[j][i])
		}
		doubt := 1 - top/sum
		if b.s.facility != nil {
			doubt *= math.Sqrt(float64(b.s.load[0][i]) + 1)
		}
		if doubt > most {
			best, most = i, doubt
		}
	}
	return best
}
