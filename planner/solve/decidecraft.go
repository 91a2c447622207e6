package solve

import (
	"math/rand/v2"
	"slices"
)

// decideCraft makes plans and makes them better. Costs are priced as in the relaxed
// question, so that a plan leaves scarce places and money to those who gain most by them.
// It is the scratch of one goroutine.
type decideCraft struct {
	m        *decideModel
	edgeCost []float64
	altCost  []float64
	rowsAt   [][]int32 // by node
	dist     []float64
	via      []int32 // by node: the edge on the way back to the tree
	queue    decideHeap
	draw     *rand.Rand
	todo     []int32
	rest     []int32
	spare    *decideDraft
}

func newDecideCraft(m *decideModel, seed uint64) *decideCraft {
	c := &decideCraft{
		m: m, edgeCost: make([]float64, len(m.cost)), altCost: make([]float64, len(m.alt)),
		rowsAt: make([][]int32, m.q.Nodes), dist: make([]float64, m.q.Nodes), via: make([]int32, m.q.Nodes),
		draw: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), spare: newDraft(m),
	}
	for i, n := range m.node {
		c.rowsAt[n] = append(c.rowsAt[n], int32(i))
	}
	return c
}

// price takes over prices of money and, when sites is set, of places.
func (c *decideCraft) price(prices []float64, sites bool) {
	m := c.m
	money := prices[len(m.places)]
	for e, cost := range m.cost {
		c.edgeCost[e] = (m.tie + money) * float64(cost)
	}
	for k := range m.alt {
		a := &m.alt[k]
		c.altCost[k] = m.weigh(a.decideValue) + money*float64(a.money)
		if sites && a.site >= 0 {
			c.altCost[k] += prices[a.site] * float64(a.use)
		}
	}
}

func (c *decideCraft) road(i int) float64 { return c.altCost[c.m.firstAlt[i]] }

// spread finds the cheapest way from the tree of a draft to every node.
func (c *decideCraft) spread(d *decideDraft, usable func(e int32) bool) {
	for n := range c.dist {
		c.dist[n] = inf
		if d.up[n] != rootless {
			c.dist[n] = 0
			c.queue.push(0, int32(n))
		}
	}
	c.flood(usable)
}

func (c *decideCraft) flood(usable func(e int32) bool) {
	for len(c.queue.items) > 0 {
		key := c.queue.items[0].key
		n := c.queue.pop()
		if key > c.dist[n] {
			continue
		}
		for _, e := range c.m.edges(n) {
			next := c.m.across(e, n)
			if d := key + c.edgeCost[e]; d < c.dist[next] && (usable == nil || usable(e)) {
				c.dist[next], c.via[next] = d, e
				c.queue.push(d, next)
			}
		}
	}
}

// lead builds the way to a node and repairs dist: everything may be nearer now.
func (c *decideCraft) lead(d *decideDraft, n int32, usable func(e int32) bool) {
	for at := n; d.up[at] == rootless; at = c.m.across(c.via[at], at) {
		c.dist[at] = 0
		c.queue.push(0, at)
	}
	d.join(n, c.via)
	c.flood(usable)
}

// mandatory leads roads to those fixed to one. False: there is no money for it, as far as was tried.
func (c *decideCraft) mandatory(d *decideDraft) bool {
	var all []int32
	for i := range d.choice {
		if d.onRoad(i) && d.m.firstAlt[i+1] > d.m.firstAlt[i] {
			all = append(all, int32(i))
		}
	}
	if len(all) == 0 {
		return !d.short(0)
	}
	c.spread(d, nil)
	for len(all) > 0 {
		at := 0
		for j, i := range all {
			if c.dist[c.m.node[i]] < c.dist[c.m.node[all[at]]] {
				at = j
			}
		}
		n := c.m.node[all[at]]
		c.lead(d, n, nil)
		d.kids[n]++
		all = slices.Delete(all, at, at+1)
	}
	return !d.short(0)
}

// pathGain is what those between a node and the tree gain by a way that passes them.
func (c *decideCraft) pathGain(d *decideDraft, n int32) (gain float64) {
	for d.up[n] == rootless {
		n = c.m.across(c.via[n], n)
		for _, i := range c.rowsAt[n] {
			if !d.onRoad(int(i)) && c.m.alt[c.m.firstAlt[i]].open {
				gain += max(0, c.altCost[d.choice[i]]-c.road(int(i)))
			}
		}
	}
	return gain
}

// pathMoney is what the way to a node costs.
func (c *decideCraft) pathMoney(d *decideDraft, n int32) (money int64) {
	for d.up[n] == rootless {
		money += c.m.cost[c.via[n]]
		n = c.m.across(c.via[n], n)
	}
	return money
}

// offer is a change of one verdict: what it gains in priced cost, and what it spends.
type offer struct {
	row  int32
	alt  int32
	gain float64
}

// bestFor finds what a row gains most by, as things stand and dist says; shared: what others gain on the way counts.
func (c *decideCraft) bestFor(d *decideDraft, i int, shared bool) (best, second offer) {
	m := c.m
	best, second = offer{gain: -inf}, offer{gain: -inf}
	now := c.altCost[d.choice[i]]
	for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
		o := offer{int32(i), k, now - c.altCost[k]}
		more := m.alt[k].money - m.alt[d.choice[i]].money
		if k == m.firstAlt[i] {
			if !m.alt[k].open || c.dist[m.node[i]] == inf {
				continue
			}
			o.gain -= c.dist[m.node[i]]
			if shared {
				o.gain += c.pathGain(d, m.node[i])
			}
			if m.budget >= 0 {
				more += c.pathMoney(d, m.node[i])
			}
		} else if !d.fits(i, k) {
			continue
		}
		if more > 0 && d.short(more) {
			continue
		}
		if o.gain > best.gain {
			best, second = o, best
		} else if o.gain > second.gain {
			second = o
		}
	}
	return best, second
}

// take does what an offer says.
func (c *decideCraft) take(d *decideDraft, o offer) {
	if o.alt == c.m.firstAlt[o.row] && d.up[c.m.node[o.row]] == rootless {
		c.lead(d, c.m.node[o.row], nil)
	}
	d.set(int(o.row), o.alt)
}

// place gives the rows of todo, who are off the road, the best that is left, first
// those to whom missing their best would cost most. Then it builds what pays for several at once.
func (c *decideCraft) place(d *decideDraft, todo []int32) {
	c.spread(d, nil)
	rest := append(c.rest[:0], todo...)
	for len(rest) > 0 {
		at, top, most := -1, offer{}, 0.0
		for j, i := range rest {
			best, second := c.bestFor(d, int(i), false)
			if best.gain <= 0 {
				continue
			}
			regret := (best.gain - max(second.gain, 0)) * (0.8 + 0.4*c.draw.Float64())
			if at < 0 || regret > most {
				at, top, most = j, best, regret
			}
		}
		if at < 0 {
			break
		}
		c.take(d, top)
		rest[at] = rest[len(rest)-1]
		rest = rest[:len(rest)-1]
	}
	c.rest = rest
	c.share(d, todo)
}

// share builds ways that pay by all whom they pass, as long as there are any.
func (c *decideCraft) share(d *decideDraft, todo []int32) {
	for again := true; again; {
		again = false
		for _, i := range todo {
			if d.onRoad(int(i)) {
				continue
			}
			if best, _ := c.bestFor(d, int(i), true); best.gain > 1e-9 {
				c.take(d, best)
				again = true
			}
		}
	}
}

// draft makes a plan along the relaxed question: its roads where its dual has used up
// the cost of segments, the rest placed by regret.
func (c *decideCraft) draft(r *decideRelaxed) *decideDraft {
	d := newDraft(c.m)
	if !c.mandatory(d) {
		return nil
	}
	c.roads(d, r)
	c.cutBack(d)
	c.todo = c.todo[:0]
	for i := range d.choice {
		if !d.onRoad(i) {
			c.todo = append(c.todo, int32(i))
		}
	}
	c.place(d, c.todo)
	return d
}

// roads leads to whoever gains by a road along segments with no cost left.
func (c *decideCraft) roads(d *decideDraft, r *decideRelaxed) {
	usable := func(e int32) bool { return r.node.edge[e] >= 0 && (r.rc[2*e] == 0 || r.rc[2*e+1] == 0) }
	c.spread(d, usable)
	for {
		at := -1
		for i := range d.choice {
			n := c.m.node[i]
			if r.prize[i] > 0 && !d.onRoad(i) && c.m.alt[c.m.firstAlt[i]].open && c.dist[n] < inf && (at < 0 || c.dist[n] < c.dist[c.m.node[at]]) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		c.lead(d, c.m.node[at], usable)
		d.set(at, c.m.firstAlt[at])
	}
	c.prune(d, r)
}

// prune drops every part of the tree that costs more than its villages gain by the road, as the relaxed question prices it.
func (c *decideCraft) prune(d *decideDraft, r *decideRelaxed) {
	worth := make([]float64, len(d.up))
	order := d.downward()
	for j := len(order) - 1; j > 0; j-- {
		n := order[j]
		for _, i := range c.rowsAt[n] {
			if d.onRoad(int(i)) {
				worth[n] += r.prizeOf(c.m, int(i))
			}
		}
		e := d.up[n]
		if e < 0 {
			continue
		}
		if w := worth[n] - c.edgeCost[e]; w >= 0 {
			worth[c.m.across(e, n)] += w
		} else {
			c.fell(d, n)
		}
	}
}

// prizeOf is +Inf for a row whose road is fixed.
func (r *decideRelaxed) prizeOf(m *decideModel, i int) float64 {
	for k := m.firstAlt[i] + 1; k < m.firstAlt[i+1]; k++ {
		if m.alt[k].open {
			return r.prize[i]
		}
	}
	return inf
}

// downward lists the nodes of the tree, parents first.
func (d *decideDraft) downward() []int32 {
	order := make([]int32, 1, len(d.up))
	for at := 0; at < len(order); at++ {
		n := order[at]
		for _, e := range d.m.edges(n) {
			if c := d.m.across(e, n); d.up[c] == e && c != n {
				order = append(order, c)
			}
		}
	}
	return order
}

// below lists the rows on the road at a node and beyond.
func (c *decideCraft) below(d *decideDraft, n int32) (rows []int32) {
	stack := []int32{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, i := range c.rowsAt[n] {
			if d.onRoad(int(i)) {
				rows = append(rows, i)
			}
		}
		for _, e := range c.m.edges(n) {
			if k := c.m.across(e, n); d.up[k] == e {
				stack = append(stack, k)
			}
		}
	}
	return rows
}

// fell takes everyone at a node and beyond off the road.
func (c *decideCraft) fell(d *decideDraft, n int32) []int32 {
	rows := c.below(d, n)
	for _, i := range rows {
		d.set(int(i), c.fallback(d, int(i)))
	}
	return rows
}

// fallback is what a row can always do: be handed up, or what it is fixed to.
func (c *decideCraft) fallback(d *decideDraft, i int) int32 {
	for k := c.m.firstAlt[i+1] - 1; k > c.m.firstAlt[i]; k-- {
		if d.m.alt[k].open {
			return k
		}
	}
	return c.m.firstAlt[i]
}
