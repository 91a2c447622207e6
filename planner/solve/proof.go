package solve

import (
	"context"
	"math"
	"slices"
)

// proof is what a search for the best set of sites has found: the best so far
// and the bound.
type proof struct {
	limits Limits
	step   float64 // a better objective is better by this much at least
	far    float64 // a value from which on it stands for no answer at all
	best   []int32 // sites, rising
	value  float64 // of best
	bound  float64
	nodes  int
}

func newProof(limits Limits) proof {
	return proof{limits: limits, value: math.Inf(1), far: math.Inf(1)}
}

// enough is the bound that proves the best: within a step of it when all
// objectives are multiples of that, else within what sums in float64 lose.
func (p *proof) enough() float64 {
	const rounding = 1e-9
	if math.IsInf(p.value, 1) {
		return p.value
	}
	return p.value - max(p.step*(1-1e-6), rounding*max(1, math.Abs(p.value)))
}

// keep takes a set of sites if it is better than the best.
func (p *proof) keep(open []int32, value float64) {
	if value >= p.value {
		return
	}
	p.value, p.best = value, slices.Clone(open)
	slices.Sort(p.best)
	p.bound = min(p.bound, value) // where sums were rounded
	p.tell()
}

// raise takes a bound if it is better than the one so far.
func (p *proof) raise(bound float64) {
	if p.step == 1 {
		bound = math.Ceil(bound - 1e-6)
	} else {
		bound -= 1e-12 * math.Abs(bound) // what its sum may have been rounded up by
	}
	if bound = min(bound, p.value); bound > p.bound {
		p.bound = bound
		p.tell()
	}
}

// close says that there is nothing better than the best.
func (p *proof) close() {
	if p.bound < p.value {
		p.bound = p.value
		p.tell()
	}
}

func (p *proof) tell() {
	if p.limits.Progress != nil {
		o := p.outcome()
		o.Status = Feasible
		p.limits.Progress(o)
	}
}

// outcome is what is known so far.
func (p *proof) outcome() Outcome {
	o := Outcome{Objective: p.value, Bound: p.bound, Nodes: p.nodes}
	if p.value >= p.far {
		o.Objective, o.Bound = math.Inf(1), min(p.bound, p.far)
	}
	return o
}

func (p *proof) done() bool {
	o := p.outcome()
	return p.bound >= p.value || o.Gap() <= p.limits.Gap
}

// end is the outcome of a search that is over.
func (p *proof) end(ctx context.Context) Outcome {
	o := p.outcome()
	switch {
	case p.bound >= p.value:
		o.Status = Optimal
	case ctx.Err() != nil && !p.done():
		o.Status = Stopped
	default:
		o.Status = Feasible
	}
	return o
}

// siteNode is a part of the search that is still open.
type siteNode struct {
	bound float64
	order int       // in which it was made
	fixed []int8    // by site
	price []float64 // by customer, of its parent
}

type siteNodes []*siteNode

func (h siteNodes) Len() int { return len(h) }
func (h siteNodes) Less(a, b int) bool {
	return h[a].bound < h[b].bound || h[a].bound == h[b].bound && h[a].order > h[b].order
}
func (h siteNodes) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h *siteNodes) Push(x any)   { *h = append(*h, x.(*siteNode)) }
func (h *siteNodes) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
