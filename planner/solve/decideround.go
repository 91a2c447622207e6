package solve

// round makes a plan near a fractional solution: what it leans to is cheap, and
// villages that take the road in it for at least the share lean get it first.
func (c *decideCraft) round(n *decideNode, l *decideLP, prices []float64, lean float64) *decideDraft {
	c.price(prices, true)
	for e := range c.edgeCost {
		x := max(l.lp.value(int32(2*e)), l.lp.value(int32(2*e+1)))
		c.edgeCost[e] *= 1.0001 - min(1, x)
	}
	for k := range c.altCost {
		c.altCost[k] *= 1.5 - 0.5*l.lp.value(l.alt(int32(k)))
	}
	d := newDraft(c.m)
	if !c.mandatory(d) {
		return nil
	}
	usable := func(e int32) bool { return n.edge[e] >= 0 }
	c.spread(d, usable)
	for i := range d.choice {
		k := c.m.firstAlt[i]
		if c.m.alt[k].open && !d.onRoad(i) && c.dist[c.m.node[i]] < inf && l.lp.value(l.alt(k)) >= lean {
			c.lead(d, c.m.node[i], usable)
			d.set(i, k)
		}
	}
	if !c.cutBack(d) {
		return nil
	}
	c.todo = c.todo[:0]
	for i := range d.choice {
		if !d.onRoad(i) {
			c.todo = append(c.todo, int32(i))
		}
	}
	c.place(d, c.todo)
	return d
}
