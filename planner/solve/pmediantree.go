package solve

import (
	"container/heap"
	"context"
	"math"
	"slices"
)

// branch closes what is between bound and best, the node of the least bound first.
func (s *medianSearch) branch(ctx context.Context) {
	b := s.newPrices()
	open := siteNodes{{bound: s.bound, fixed: make([]int8, s.m.Sites), price: slices.Clone(b.kept)}}
	made := 1
	for len(open) > 0 && ctx.Err() == nil {
		s.raise(open[0].bound)
		if s.done() {
			return
		}
		node := heap.Pop(&open).(*siteNode)
		if node.bound >= s.enough() {
			continue
		}
		s.nodes++
		copy(b.status, node.fixed)
		copy(b.kept, node.price)
		b.enter()
		over := b.atNode(ctx, s.nodes == 1)
		bound := max(b.bound, node.bound)
		if over || bound >= s.enough() {
			continue
		}
		if ctx.Err() != nil { // it stays as open as it was, but for the better bound
			heap.Push(&open, &siteNode{bound: bound})
			break
		}
		price := slices.Clone(b.kept)
		j := b.choose()
		for _, to := range []int8{closed, opened} {
			fixed := slices.Clone(b.status)
			fixed[j] = to
			heap.Push(&open, &siteNode{bound, made, fixed, price})
			made++
		}
	}
	if len(open) == 0 {
		s.close()
		return
	}
	s.raise(open[0].bound)
}

// atNode raises the bound of a node and looks for a better choice from there.
func (b *prices) atNode(ctx context.Context, root bool) (over bool) {
	k := b.toOpen()
	if k < 0 || k > len(b.rank) {
		return true
	}
	if k == 0 || k == len(b.rank) {
		return b.settle()
	}
	if !root {
		return b.climb(ctx, 60, 0.4)
	}
	length := 1.5
	for k := range 4 {
		if over = b.climb(ctx, 250, length); over {
			return true
		}
		b.s.raise(b.bound)
		if b.s.done() || ctx.Err() != nil {
			return false
		}
		b.descend(ctx)
		if k == 0 {
			b.s.wander(ctx)
		}
		length /= 2
		copy(b.price, b.kept)
	}
	return over
}

// descend makes a choice of the prices better by swaps.
func (b *prices) descend(ctx context.Context) {
	open := make([]int32, 0, b.s.p)
	for j, is := range b.status {
		if is == opened || is == free && b.chosen[j] {
			open = append(open, int32(j))
		}
	}
	if len(open) != b.s.p {
		return
	}
	x := b.s.swaps
	x.set(open)
	x.descend(ctx, b.s.order)
	b.s.keep(x.open, x.value)
}

// choose is the free site that is chosen about as often as not.
func (b *prices) choose() int32 {
	best := b.rank[0]
	for _, j := range b.rank {
		if math.Abs(b.often[j]-0.5) < math.Abs(b.often[best]-0.5) {
			best = j
		}
	}
	return best
}
