package solve

import "math"

// split makes two nodes of one: over the road of a village, over another
// verdict, or over a segment, whichever the linear programme is least sure of. None: everything is decided.
func (w *decideWorker) split(n *decideNode) {
	if k := w.unsure(n); k >= 0 {
		w.splitAlt(n, k)
	} else if e := w.unsureEdge(n); e >= 0 {
		w.splitEdge(n, e)
	} else if k := anyOpen(w.m, n); k >= 0 {
		w.splitAlt(n, k)
	} else {
		for e, s := range n.edge {
			if s == 0 {
				w.splitEdge(n, int32(e))
				return
			}
		}
	}
}

// unsure picks the alternative that is the most a half, a road before others; -1: none is a fraction.
func (w *decideWorker) unsure(n *decideNode) int32 {
	at, most := int32(-1), 1e-5
	for i := range w.m.village {
		road := w.m.firstAlt[i]
		for k := road; k < w.m.firstAlt[i+1]; k++ {
			if !n.open[k] {
				continue
			}
			x := w.lp.lp.value(w.lp.alt(k))
			part := min(x, 1-x)
			if k == road {
				part *= 3
			}
			if part *= 1 + math.Sqrt(float64(w.m.persons[i])); part > most && min(x, 1-x) > 1e-5 {
				at, most = k, part
			}
		}
	}
	return at
}

func (w *decideWorker) unsureEdge(n *decideNode) int32 {
	at, most := int32(-1), 1e-5
	for e, s := range n.edge {
		x := w.lp.lp.value(int32(2*e)) + w.lp.lp.value(int32(2*e+1))
		if part := min(x, 1-x); s == 0 && part > most {
			at, most = int32(e), part
		}
	}
	return at
}

// anyOpen is the first alternative of a row that has another one; -1: all are decided.
func anyOpen(m *decideModel, n *decideNode) int32 {
	for i := range m.village {
		first := int32(-1)
		for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
			if n.open[k] {
				if first >= 0 {
					return first
				}
				first = k
			}
		}
	}
	return -1
}

func (w *decideWorker) splitAlt(n *decideNode, k int32) {
	with, without := n.clone(), n.clone()
	with.only(w.m, k)
	without.open[k] = false
	w.kids = append(w.kids, with, without)
}

func (w *decideWorker) splitEdge(n *decideNode, e int32) {
	with, without := n.clone(), n.clone()
	with.edge[e], without.edge[e] = 1, -1
	w.kids = append(w.kids, with, without)
}

// exactly makes the one plan that a node with everything decided leaves; nil: it does not fit.
func (c *decideCraft) exactly(n *decideNode) *decideDraft {
	d := newDraft(c.m)
	c.price(make([]float64, len(c.m.places)+1), false)
	usable := func(e int32) bool { return n.edge[e] >= 0 }
	c.spread(d, usable)
	for i := range d.choice {
		k := c.m.firstAlt[i]
		for !n.open[k] {
			k++
		}
		at := c.m.node[i]
		if k > c.m.firstAlt[i] {
			d.set(i, k)
			continue
		}
		if c.dist[at] == inf {
			return nil
		}
		c.lead(d, at, usable)
		if d.onRoad(i) {
			d.kids[at]++
		} else {
			d.set(i, k)
		}
	}
	for _, left := range d.free {
		if left < 0 {
			return nil
		}
	}
	if d.short(0) {
		return nil
	}
	return d
}
