package solve

import (
	"container/heap"
	"context"
	"math"
	"slices"
)

// branch closes what is between bound and best, the node of the least bound first.
func (s *locationSearch) branch(ctx context.Context) error {
	b := s.newOffers()
	x := s.exchange(b.often)
	open := siteNodes{{bound: s.whole.Bound / s.fine, fixed: slices.Clone(b.status), price: slices.Clone(b.kept)}}
	made := 1
	for len(open) > 0 && ctx.Err() == nil {
		s.raise(open[0].bound)
		if s.done() {
			return nil
		}
		node := heap.Pop(&open).(*siteNode)
		if node.bound >= s.enough() {
			continue
		}
		s.nodes++
		copy(b.status, node.fixed)
		copy(b.kept, node.price)
		b.enter()
		over := b.atNode(ctx, x, s.nodes == 1)
		if x.err != nil {
			return x.err
		}
		bound := max(b.bound, node.bound)
		switch {
		case over || bound >= s.enough():
			continue
		case x.stopped || ctx.Err() != nil: // it stays open, but for the better bound
			heap.Push(&open, &siteNode{bound: bound})
			s.raise(open[0].bound)
			return nil
		}
		price, j := slices.Clone(b.kept), b.choose()
		for _, to := range []int8{closed, opened} {
			fixed := slices.Clone(b.status)
			fixed[j] = to
			heap.Push(&open, &siteNode{bound, made, fixed, price})
			made++
		}
	}
	if len(open) == 0 {
		s.close()
	} else {
		s.raise(open[0].bound)
	}
	return nil
}

// atNode raises the bound of a node and looks for better sets from there.
func (b *offers) atNode(ctx context.Context, x *exchange, root bool) (over bool) {
	if len(b.cover.sites) == 0 {
		return b.settle(ctx, x)
	}
	if !root {
		over = b.climb(ctx, 40, 0.5, func() {})
		if over || ctx.Err() != nil {
			return over
		}
		if len(b.cover.sites) == 0 {
			return b.settle(ctx, x)
		}
		b.shipChosen(ctx, x)
		return false
	}
	looks := 0
	look := func() {
		if looks++; looks%8 == 0 {
			b.shipChosen(ctx, x)
		}
	}
	length := 1.2
	for range 4 {
		if over = b.climb(ctx, 150, length, look); over || ctx.Err() != nil {
			return over
		}
		if len(b.cover.sites) == 0 {
			return b.settle(ctx, x)
		}
		b.s.raise(b.bound)
		if b.s.done() {
			return false
		}
		x.descend(ctx, b.s.bestSet())
		copy(b.price, b.kept)
		length /= 2
	}
	return false
}

// bestSet is the best set by site.
func (s *locationSearch) bestSet() []bool {
	open := make([]bool, s.f.Sites)
	for _, j := range s.best {
		open[j] = true
	}
	return open
}

// shipChosen sees what the sites cost that the prices choose.
func (b *offers) shipChosen(ctx context.Context, x *exchange) {
	open := make([]bool, b.s.f.Sites)
	size := 0.0
	for j, is := range b.status {
		open[j] = is == opened || is == free && b.cover.chosen[j]
		if open[j] {
			size += b.s.size[j]
		}
	}
	if size >= b.s.weight && !x.stopped {
		x.ship(ctx, open, false)
	}
}

// settle ends a node of which all sites are opened or closed.
func (b *offers) settle(ctx context.Context, x *exchange) (over bool) {
	open := make([]bool, b.s.f.Sites)
	for j, is := range b.status {
		open[j] = is == opened
	}
	x.ship(ctx, open, false)
	return !x.stopped
}

// choose is the free site that is chosen about as often as not.
func (b *offers) choose() int32 {
	best := b.cover.sites[0]
	for _, j := range b.cover.sites {
		if math.Abs(b.often[j]-0.5) < math.Abs(b.often[best]-0.5) {
			best = j
		}
	}
	return best
}
