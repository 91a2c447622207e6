package solve

// decideRuler rules out what a bound shows to be dearer than a plan at hand.
type decideRuler struct {
	from, to []float64 // by node: what is left to pay from the network, and on to a village that takes the road
	queue    decideHeap
}

func newDecideRuler(m *decideModel) *decideRuler {
	return &decideRuler{from: make([]float64, m.q.Nodes), to: make([]float64, m.q.Nodes)}
}

// rule narrows the node of r to plans of less than cutoff: segments that none
// of them builds are closed, verdicts that none of them has ruled out. Any plan costs
// the bound and what is left of each arc in it, and in one with no idle
// segments each arc lies on a way from the network to a village. It tells how much was ruled
// out; -1: there is no such plan.
func (u *decideRuler) rule(r *decideRelaxed, cutoff float64) int {
	if r.bound >= cutoff {
		return -1
	}
	u.spreadFrom(r)
	u.spreadTo(r)
	done := u.ruleEdges(r, cutoff)
	for i := range r.m.village {
		n := u.ruleRow(r, i, cutoff)
		if n < 0 {
			return -1
		}
		done += n
	}
	return done
}

// atRoad and atAlt bound all plans in which a row takes the road, or an alternative.
func (u *decideRuler) atRoad(r *decideRelaxed, i int) float64 {
	return r.bound + u.from[r.m.node[i]] + max(0, -r.prize[i])
}

func (r *decideRelaxed) atAlt(i int, k int32) float64 {
	return r.bound + r.left[i] + r.altCost[k] - r.altCost[r.best[i]]
}

func (u *decideRuler) ruleRow(r *decideRelaxed, i int, cutoff float64) (done int) {
	if r.best[i] < 0 {
		return 0
	}
	left := 0
	for k := r.m.firstAlt[i]; k < r.m.firstAlt[i+1]; k++ {
		if !r.node.open[k] {
			continue
		}
		at := 0.0
		if k == r.m.firstAlt[i] {
			at = u.atRoad(r, i)
		} else {
			at = r.atAlt(i, k)
		}
		if at >= cutoff {
			r.node.open[k] = false
			done++
		} else {
			left++
		}
	}
	if left == 0 {
		return -1
	}
	return done
}

func (u *decideRuler) ruleEdges(r *decideRelaxed, cutoff float64) (done int) {
	for e := range r.edgeCost {
		if r.node.edge[e] != 0 {
			continue
		}
		a, b := r.m.end[0][e], r.m.end[1][e]
		there := u.from[a] + r.rc[2*e] + u.to[b]
		back := u.from[b] + r.rc[2*e+1] + u.to[a]
		if r.bound+min(there, back) >= cutoff {
			r.node.edge[e] = -1
			done++
		}
	}
	return done
}

func (u *decideRuler) spreadFrom(r *decideRelaxed) {
	for n := range u.from {
		u.from[n] = inf
	}
	u.from[0] = 0
	u.queue.push(0, 0)
	for len(u.queue.items) > 0 {
		key := u.queue.items[0].key
		n := u.queue.pop()
		if key > u.from[n] {
			continue
		}
		for _, e := range r.m.edges(n) {
			next := r.m.across(e, n)
			if d := key + r.rc[r.m.into(e, next)]; r.node.edge[e] >= 0 && d < u.from[next] {
				u.from[next] = d
				u.queue.push(d, next)
			}
		}
	}
}

func (u *decideRuler) spreadTo(r *decideRelaxed) {
	for n := range u.to {
		u.to[n] = inf
	}
	for i, n := range r.m.node {
		if d := max(0, -r.prize[i]); d < u.to[n] {
			u.to[n] = d
			u.queue.push(d, n)
		}
	}
	for len(u.queue.items) > 0 {
		key := u.queue.items[0].key
		n := u.queue.pop()
		if key > u.to[n] {
			continue
		}
		for _, e := range r.m.edges(n) {
			next := r.m.across(e, n)
			if d := key + r.rc[r.m.into(e, n)]; r.node.edge[e] >= 0 && d < u.to[next] {
				u.to[next] = d
				u.queue.push(d, next)
			}
		}
	}
}
