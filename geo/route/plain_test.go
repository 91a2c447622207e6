package route_test

import (
	"math"

	"github.com/qiantu/qiantu/geo/route"
)

// plainGraph is what a plain sweep needs: arcs by node with a whole number of
// tenths of a second for cost, and no more than that.
type plainGraph struct {
	start   []int32
	arcs    []plainArc
	longest uint32
}

type plainArc struct {
	head int32
	cost uint32
}

// newPlain takes the arcs of a network that lead from a node, or to it.
func newPlain(a *route.Arrays, toward bool) *plainGraph {
	g := &plainGraph{start: make([]int32, a.Nodes+1)}
	each := func(visit func(from, to int32, ms uint32)) {
		for e := range a.Tail {
			ways := [2][3]uint32{{uint32(a.Tail[e]), uint32(a.Head[e]), a.Forward[e]}, {uint32(a.Head[e]), uint32(a.Tail[e]), a.Backward[e]}}
			for _, w := range ways {
				if toward {
					w[0], w[1] = w[1], w[0]
				}
				if w[2] != route.Closed {
					visit(int32(w[0]), int32(w[1]), w[2])
				}
			}
		}
	}
	each(func(from, _ int32, _ uint32) { g.start[from+1]++ })
	for n := range a.Nodes {
		g.start[n+1] += g.start[n]
	}
	next := append([]int32(nil), g.start...)
	g.arcs = make([]plainArc, g.start[a.Nodes])
	each(func(from, to int32, ms uint32) {
		cost := (ms + 50) / 100
		g.arcs[next[from]] = plainArc{to, cost}
		next[from]++
		g.longest = max(g.longest, cost)
	})
	return g
}

// plainSweep is Dial's algorithm as the textbooks have it: one bucket for each
// cost, one measure, no paths. With nearest it also says which source is.
type plainSweep struct {
	g       *plainGraph
	cost    []uint32
	nearest []int32
	buckets [][]int32
}

func newPlainSweep(g *plainGraph, nearest bool) *plainSweep {
	p := &plainSweep{g: g, cost: make([]uint32, len(g.start)-1), buckets: make([][]int32, g.longest+1)}
	if nearest {
		p.nearest = make([]int32, len(p.cost))
	}
	return p
}

func (p *plainSweep) run(sources []int32) {
	for i := range p.cost {
		p.cost[i] = math.MaxUint32
	}
	for i, s := range sources {
		p.cost[s] = 0
		p.buckets[0] = append(p.buckets[0], s)
		if p.nearest != nil {
			p.nearest[s] = int32(i)
		}
	}
	queued, size := len(sources), uint32(len(p.buckets))
	for now := uint32(0); queued > 0; now++ {
		bucket := &p.buckets[now%size]
		for i := 0; i < len(*bucket); i++ { // it grows by edges that cost nothing
			n := (*bucket)[i]
			queued--
			if p.cost[n] != now {
				continue
			}
			for _, a := range p.g.arcs[p.g.start[n]:p.g.start[n+1]] {
				if cost := now + a.cost; cost < p.cost[a.head] {
					p.cost[a.head] = cost
					if p.nearest != nil {
						p.nearest[a.head] = p.nearest[n]
					}
					to := &p.buckets[cost%size]
					*to = append(*to, a.head)
					queued++
				}
			}
		}
		*bucket = (*bucket)[:0]
	}
}
