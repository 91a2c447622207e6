package solve

import (
	"context"
	"math"
)

// decideBounder finds prices for places and budget under which the relaxed question bounds
// a node well, and rules out on the way what the bounds allow. It belongs to one goroutine.
type decideBounder struct {
	m     *decideModel
	r     *decideRelaxed
	rule  *decideRuler
	craft *decideCraft
	over  []float64 // by price: how much more is used than there is, as a share
	size  []float64 // by price: how much there is
	vain  []bool    // by price: there is always enough
}

func newDecideBounder(m *decideModel, seed uint64) *decideBounder {
	b := &decideBounder{
		m: m, r: newDecideRelaxed(m), rule: newDecideRuler(m), craft: newDecideCraft(m, seed),
		over: make([]float64, len(m.places)+1), size: make([]float64, len(m.places)+1), vain: make([]bool, len(m.places)+1),
	}
	asked := make([]int64, len(m.places))
	for i := range m.village {
		for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
			if a := &m.alt[k]; a.site >= 0 && a.open {
				asked[a.site] += a.use
			}
		}
	}
	for j, n := range m.places {
		b.size[j], b.vain[j] = float64(max(n, 1)), asked[j] <= n
	}
	b.size[len(m.places)] = float64(max(m.budget, 1))
	b.vain[len(m.places)] = m.budget < 0 || m.budget >= m.atMost()
	return b
}

// settle raises the bound of a node as far as these prices do, and rules out.
// False: no plan of less than cutoff is in it.
func (b *decideBounder) settle(n *decideNode, prices []float64, cuts []decideCut, cutoff float64) bool {
	b.r.price(n, prices, cuts)
	b.r.ascend(cuts)
	if b.r.bound > n.bound {
		n.bound = b.r.bound
		copy(n.prices, prices)
	}
	if n.bound >= cutoff {
		return false
	}
	return b.rule.rule(b.r, cutoff) >= 0
}

// climb moves prices along subgradients, with steps after Polyak (1969), from the best that a node
// has. met is told of each relaxed solution. False: as of settle.
func (b *decideBounder) climb(ctx context.Context, n *decideNode, cutoff, target float64, steps int, met func(step int)) bool {
	prices := append([]float64(nil), n.prices...)
	pace, idle := 1.0, 0
	for step := range steps {
		if ctx.Err() != nil {
			return true
		}
		before := n.bound
		if !b.settle(n, prices, nil, cutoff) {
			return false
		}
		if met != nil {
			met(step)
		}
		if n.bound > before+1e-4*max(0, target-before) {
			idle = 0
		} else if idle++; idle == 8 {
			pace, idle = pace/2, 0
			copy(prices, n.prices)
		}
		if !b.step(prices, pace*max(target-b.r.bound, 1e-3*math.Abs(target))) {
			return true
		}
	}
	return true
}

// step moves prices; how far is in units of the bound. False: the relaxed solution keeps within
// everything, and nothing priced is left over.
func (b *decideBounder) step(prices []float64, far float64) bool {
	b.measure()
	norm := 0.0
	for j, g := range b.over {
		if b.vain[j] || (prices[j] == 0 && g < 0) {
			b.over[j] = 0
		}
		norm += b.over[j] * b.over[j]
	}
	if norm < 1e-18 {
		return false
	}
	for j, g := range b.over {
		prices[j] = max(0, prices[j]+far/norm*g/b.size[j])
	}
	return true
}

// measure finds what a relaxed solution uses: roads along segments with no cost left, else the best alternative.
func (b *decideBounder) measure() {
	d := newDraft(b.m)
	b.craft.edgeCost, b.r.edgeCost = b.r.edgeCost, b.craft.edgeCost
	b.craft.roads(d, b.r)
	b.craft.edgeCost, b.r.edgeCost = b.r.edgeCost, b.craft.edgeCost
	used := make([]int64, len(b.m.places))
	spent := b.m.fixed.money
	for e, s := range b.r.node.edge {
		if s > 0 {
			spent += b.m.cost[e]
		}
	}
	for n, e := range d.up {
		if e >= 0 && n != 0 && b.r.node.edge[e] == 0 {
			spent += b.m.cost[e]
		}
	}
	for i := range d.choice {
		k := b.m.firstAlt[i]
		if b.r.best[i] >= 0 && (!d.onRoad(i) || d.up[b.m.node[i]] == rootless) {
			k = b.r.best[i]
		}
		a := &b.m.alt[k]
		spent += a.money
		if a.site >= 0 {
			used[a.site] += a.use
		}
	}
	for j, n := range used {
		b.over[j] = float64(n-b.m.places[j]) / b.size[j]
	}
	b.over[len(used)] = float64(spent-max(b.m.budget, 0)) / b.size[len(used)]
}
