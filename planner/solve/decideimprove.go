package solve

import "context"

// cutBack drops roads until the money is enough, first those that lose least for what they save.
// False: what is fixed costs too much.
func (c *decideCraft) cutBack(d *decideDraft) bool {
	for d.short(0) {
		n := c.weakest(d)
		if n < 0 {
			return false
		}
		c.fell(d, n)
	}
	return true
}

// weakest finds the node whose part of the tree loses least for the money that it costs; -1: none may go.
func (c *decideCraft) weakest(d *decideDraft) int32 {
	loss, money := make([]float64, len(d.up)), make([]int64, len(d.up))
	order := d.downward()
	least, at := inf, int32(-1)
	for j := len(order) - 1; j > 0; j-- {
		n := order[j]
		for _, i := range c.rowsAt[n] {
			if !d.onRoad(int(i)) {
				continue
			}
			k, back := c.m.firstAlt[i], c.fallback(d, int(i))
			if back == k {
				loss[n] = inf
				continue
			}
			loss[n] += c.m.weigh(c.m.alt[back].decideValue) - c.m.weigh(c.m.alt[k].decideValue)
			money[n] += c.m.alt[k].money - c.m.alt[back].money
		}
		e := d.up[n]
		loss[n] -= c.m.tie * float64(c.m.cost[e])
		money[n] += c.m.cost[e]
		if money[n] > 0 {
			if ratio := loss[n] / float64(money[n]); ratio < least {
				least, at = ratio, n
			}
		}
		up := c.m.across(e, n)
		loss[up] += loss[n]
		money[up] += money[n]
	}
	return at
}

// improve takes a part of the plan apart and puts it together again, many times
// (large neighbourhood search, Shaw 1998). Little worse is let pass, less and less of it.
func (c *decideCraft) improve(ctx context.Context, d *decideDraft, prices []float64, rounds int) {
	if len(d.choice) == 0 {
		return
	}
	now := c.spare
	now.copyFrom(d)
	try := d.clone()
	base := c.m.weigh(d.value)
	scaled := append([]float64(nil), prices...)
	last := len(prices) - 1
	for round := range rounds {
		if round%16 == 0 {
			if ctx.Err() != nil {
				break
			}
			scaled[last] = prices[last] * float64(c.draw.IntN(5)) / 4
			c.price(scaled, c.draw.IntN(4) == 0)
		}
		try.copyFrom(now)
		c.ruin(try)
		c.place(try, c.todo)
		slack := 0.001 * base * float64(rounds-round) / float64(rounds) * c.draw.Float64()
		if at := c.m.weigh(try.value); !try.short(0) && (at <= c.m.weigh(now.value) || at <= c.m.weigh(d.value)+slack) {
			now, try = try, now
			if c.m.less(now.value, d.value) {
				d.copyFrom(now)
			}
		}
	}
	c.spare = now
}

// ruin sets back some villages near each other, or at the same site, and lists them in todo
// with some of those that want anything better.
func (c *decideCraft) ruin(d *decideDraft) {
	c.todo = c.todo[:0]
	i := c.draw.IntN(len(d.choice))
	size := 2 + c.draw.IntN(14)
	switch c.draw.IntN(4) {
	case 0:
		c.setBackSite(d, c.m.alt[d.choice[i]].site, size)
		c.setBackNear(d, c.m.node[i], 3)
	case 1:
		if n := c.m.node[i]; d.up[n] >= 0 {
			c.setBackAll(d, c.m.across(d.up[n], n), 2*size)
		}
		c.setBackNear(d, c.m.node[i], 2)
	default:
		c.setBackNear(d, c.m.node[i], size)
	}
	for range 4 {
		c.setBack(d, int32(c.draw.IntN(len(d.choice))))
	}
}

func (c *decideCraft) setBack(d *decideDraft, i int32) {
	d.set(int(i), c.fallback(d, int(i)))
	if !d.onRoad(int(i)) {
		for _, o := range c.todo {
			if o == i {
				return
			}
		}
		c.todo = append(c.todo, i)
	}
}

func (c *decideCraft) setBackSite(d *decideDraft, site int32, most int) {
	if site < 0 {
		return
	}
	from := c.draw.IntN(len(d.choice))
	for j := range d.choice {
		i := (j + from) % len(d.choice)
		if c.m.alt[d.choice[i]].site == site {
			c.setBack(d, int32(i))
			if most--; most == 0 {
				return
			}
		}
	}
}

func (c *decideCraft) setBackAll(d *decideDraft, n int32, most int) {
	if d.up[n] < 0 {
		return
	}
	rows := c.below(d, n)
	for _, i := range rows[:min(len(rows), most)] {
		c.setBack(d, i)
	}
}

// setBackNear goes through the graph from a node outward.
func (c *decideCraft) setBackNear(d *decideDraft, n int32, most int) {
	for n := range c.dist {
		c.dist[n] = inf
	}
	c.dist[n] = 0
	for queue := []int32{n}; len(queue) > 0 && most > 0; queue = queue[1:] {
		for _, i := range c.rowsAt[queue[0]] {
			c.setBack(d, i)
			most--
		}
		for _, e := range c.m.edges(queue[0]) {
			if k := c.m.across(e, queue[0]); c.dist[k] == inf && k != 0 {
				c.dist[k] = 0
				queue = append(queue, k)
			}
		}
	}
}
