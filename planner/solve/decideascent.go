package solve

import "math"

// decideNode is a part of the search: what is ruled out in it and the best bound of it.
type decideNode struct {
	bound  float64
	edge   []int8 // by edge: 1 it is built, -1 it is not, 0 either
	open   []bool // by alternative
	prices []float64
	depth  int
}

func (n *decideNode) clone() *decideNode {
	c := *n
	c.edge, c.open = append([]int8(nil), n.edge...), append([]bool(nil), n.open...)
	c.prices = append([]float64(nil), n.prices...)
	c.depth++
	return &c
}

// decideRelaxed is the question with places and budget priced instead of limited,
// for one node and one set of prices, and how far its dual was raised. It is the
// scratch of one goroutine.
type decideRelaxed struct {
	m    *decideModel
	node *decideNode

	edgeCost []float64 // by edge, priced
	altCost  []float64 // by alternative, priced
	best     []int32   // by row: its cheapest open alternative to the road; -1: none
	prize    []float64 // by row: what that costs more than the road; +Inf: there is only the road, -Inf: no road
	constant float64
	scale    float64 // of what was added up: rounding is far below 1e-12 of it

	bound float64
	rc    []float64 // by arc: what is left of its cost
	left  []float64 // by row: what is left of its prize

	mark       []int32 // by node: the last growth that met it
	growth     int32
	grown, cut []int32
	queue      decideHeap
}

func newDecideRelaxed(m *decideModel) *decideRelaxed {
	rows := len(m.village)
	return &decideRelaxed{
		m: m, edgeCost: make([]float64, len(m.cost)), altCost: make([]float64, len(m.alt)),
		best: make([]int32, rows), prize: make([]float64, rows), left: make([]float64, rows),
		rc: make([]float64, 2*len(m.cost)), mark: make([]int32, m.q.Nodes),
	}
}

// price sets costs under prices: of each site per person, last of each yuan, and of covers.
func (r *decideRelaxed) price(n *decideNode, prices []float64, cuts []decideCut) {
	m := r.m
	r.node = n
	money := prices[len(m.places)]
	r.constant, r.scale = m.weigh(m.fixed)+money*float64(m.fixed.money-max(m.budget, 0)), 1
	r.scale += math.Abs(money * float64(m.budget))
	for j, p := range prices[:len(m.places)] {
		r.constant -= p * float64(m.places[j])
		r.scale += p * float64(m.places[j])
	}
	for e, c := range m.cost {
		r.edgeCost[e] = (m.tie + money) * float64(c)
		if n.edge[e] > 0 {
			r.constant += r.edgeCost[e]
			r.scale += r.edgeCost[e]
			r.edgeCost[e] = 0
		}
	}
	for k := range m.alt {
		a := &m.alt[k]
		r.altCost[k] = m.weigh(a.decideValue) + money*float64(a.money)
		if a.site >= 0 {
			r.altCost[k] += prices[a.site] * float64(a.use)
		}
	}
	for _, c := range cuts {
		if c.row < 0 {
			r.priceCover(c)
		}
	}
	for i := range m.village {
		r.priceRow(i)
	}
}

// priceCover prices a cover inequality.
func (r *decideRelaxed) priceCover(c decideCut) {
	r.constant += c.by * c.rhs
	r.scale += c.by * -c.rhs
	for _, t := range c.cols {
		r.altCost[int(t.of)-len(r.rc)] -= c.by * t.val
	}
}

func (r *decideRelaxed) priceRow(i int) {
	road := r.m.firstAlt[i]
	r.best[i] = -1
	for k := road + 1; k < r.m.firstAlt[i+1]; k++ {
		if r.node.open[k] && (r.best[i] < 0 || r.altCost[k] < r.altCost[r.best[i]]) {
			r.best[i] = k
		}
	}
	switch {
	case r.best[i] < 0:
		r.prize[i] = inf
		r.constant += r.altCost[road]
		r.scale += r.altCost[road]
	case !r.node.open[road]:
		r.prize[i] = -inf
		r.constant += r.altCost[r.best[i]]
		r.scale += r.altCost[r.best[i]]
	default:
		r.prize[i] = r.altCost[r.best[i]] - r.altCost[road]
		r.constant += min(r.altCost[r.best[i]], r.altCost[road])
		r.scale += min(r.altCost[r.best[i]], r.altCost[road])
	}
}

// ascend raises cuts around the villages until each is either led to from the
// network along arcs that cost nothing more, or is worth no more. What was raised is
// a lower bound by itself, and what is left of each cost is what using it costs
// above that. +Inf: some village has only the road, and no road.
//
// Whose cut has the fewest arcs is raised first. Cuts given are raised before all.
func (r *decideRelaxed) ascend(cuts []decideCut) float64 {
	raised := r.begun(cuts)
	r.queue.items = r.queue.items[:0]
	for i, left := range r.left {
		if left > 0 {
			r.queue.push(1, int32(i))
		}
	}
	for len(r.queue.items) > 0 {
		i := r.queue.pop()
		by, ok := r.raise(i)
		if !ok {
			r.bound = inf
			return inf
		}
		raised += by
	}
	r.bound = r.constant + raised
	r.bound -= 1e-12 * (r.scale + raised)
	return r.bound
}

// decideCut is a row of the linear programme, priced: a cut around a village, or a cover inequality.
type decideCut struct {
	row  int32   // the village; -1: it is a cover
	cols []entry // arcs, of a cut; the alternatives follow them
	rhs  float64 // of a cover
	by   float64
}

// begun starts from cuts raised already. Where they ask more of an arc than it
// costs the bound pays for it, as an arc is used once at most.
func (r *decideRelaxed) begun(cuts []decideCut) (raised float64) {
	for e, c := range r.edgeCost {
		r.rc[2*e], r.rc[2*e+1] = c, c
	}
	for i, p := range r.prize {
		r.left[i] = max(p, 0)
	}
	for _, c := range cuts {
		if c.row < 0 {
			continue
		}
		by := min(c.by, r.left[c.row])
		raised += by
		r.left[c.row] -= by
		for _, t := range c.cols {
			if int(t.of) < len(r.rc) {
				r.rc[t.of] -= by
			}
		}
	}
	for a, c := range r.rc {
		if c < 0 {
			if r.node.edge[a/2] >= 0 {
				raised += c
			}
			r.rc[a] = 0
		}
	}
	return raised
}

// raise raises the cuts of one village until others come first.
func (r *decideRelaxed) raise(i int32) (raised float64, ok bool) {
	r.begin(r.m.node[i])
	for {
		if !r.grow() {
			return raised, true
		}
		if size := float64(len(r.cut)); len(r.queue.items) > 0 && size > r.queue.items[0].key {
			r.queue.push(size, i)
			return raised, true
		}
		by := r.left[i]
		for _, a := range r.cut {
			by = min(by, r.rc[a])
		}
		if math.IsInf(by, 1) {
			return 0, false
		}
		raised += by
		r.left[i] -= by
		for _, a := range r.cut {
			if r.rc[a] -= by; r.rc[a] < 1e-13*r.edgeCost[a/2] {
				r.rc[a] = 0
			}
		}
		if r.left[i] <= 0 {
			return raised, true
		}
	}
}

// begin starts a component with one node in it.
func (r *decideRelaxed) begin(n int32) {
	r.growth++
	r.grown, r.cut = append(r.grown[:0], n), r.cut[:0]
	r.mark[n] = r.growth
	r.enter(n)
}

// enter puts what leads into a node to the cut.
func (r *decideRelaxed) enter(n int32) {
	for _, e := range r.m.edges(n) {
		if r.node.edge[e] >= 0 && r.mark[r.m.across(e, n)] != r.growth {
			r.cut = append(r.cut, r.m.into(e, n))
		}
	}
}

// grow takes in all that leads to the component for nothing. False: the network does.
func (r *decideRelaxed) grow() bool {
	if r.grown[0] == 0 {
		return false
	}
	for at := 0; at < len(r.cut); {
		a := r.cut[at]
		tail := r.m.end[a&1][a/2]
		inside := r.mark[tail] == r.growth
		if !inside && r.rc[a] > 0 {
			at++
			continue
		}
		last := len(r.cut) - 1
		r.cut[at] = r.cut[last]
		r.cut = r.cut[:last]
		if !inside {
			if tail == 0 {
				return false
			}
			r.mark[tail] = r.growth
			r.enter(tail)
		}
	}
	// An arc met early may have become an inner one since.
	kept := r.cut[:0]
	for _, a := range r.cut {
		if r.mark[r.m.end[a&1][a/2]] != r.growth {
			kept = append(kept, a)
		}
	}
	r.cut = kept
	return true
}

// decideHeap gives the smallest key first, among equals the lowest number.
type decideHeap struct{ items []decideItem }

type decideItem struct {
	key float64
	of  int32
}

func (a decideItem) before(b decideItem) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	return a.of < b.of
}

func (h *decideHeap) push(key float64, of int32) {
	h.items = append(h.items, decideItem{key, of})
	i := len(h.items) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h.items[i].before(h.items[up]) {
			break
		}
		h.items[i], h.items[up] = h.items[up], h.items[i]
		i = up
	}
}

func (h *decideHeap) pop() int32 {
	top, last := h.items[0], len(h.items)-1
	h.items[0] = h.items[last]
	h.items = h.items[:last]
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < last; c++ {
			if h.items[c].before(h.items[least]) {
				least = c
			}
		}
		if least == i {
			return top.of
		}
		h.items[i], h.items[least] = h.items[least], h.items[i]
		i = least
	}
}
