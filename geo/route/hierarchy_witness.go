package route

// A witness is a path beside the node that is being contracted and no longer
// than the one through it. The search for them is cut short: it may miss one,
// and then a shortcut is made that is not needed.
const witnessSlots = 4096

// effort is how far a search goes.
type effort struct {
	arcs int   // that it looks at
	hops int32 // on a witness
}

// A first look at all nodes need not be thorough. Where it counts, saving on
// searches costs more than it saves: with a fifth of the effort there are a
// third more arcs among the most important nodes, and contracting those takes
// longer.
var firstLook, thorough = effort{400, 3}, effort{2000, 6}

// shortcut is an arc that stands for a path through a contracted node.
type shortcut struct {
	tail, head int32
	cost       uint64
	arcs       int32 // of the network it stands for
}

// witness is the scratch memory of the searches.
type witness struct {
	slots   [witnessSlots]slot
	round   uint32
	used    int
	waiting int // goals without a witness
	heap    costHeap
	found   []shortcut
	last    []uint64 // see lasts
}

// slot is what is known of one node.
type slot struct {
	cost, goal uint64
	node       int32
	round      uint32
	state      byte // of the search for a path that costs no more than goal
}

// The states of a slot.
const (
	unasked byte = iota
	wanted
	witnessed
)

// slot finds the slot of a node, or takes one. The caller sees to it that no
// more than half are used.
func (w *witness) slot(node int32) int32 {
	i := int32(uint32(node) * 0x9E3779B1 >> 20)
	for {
		s := &w.slots[i]
		if s.round != w.round {
			*s = slot{cost: none, node: node, round: w.round}
			w.used++
			return i
		}
		if s.node == node {
			return i
		}
		i = (i + 1) % witnessSlots
	}
}

func (w *witness) full() bool { return w.used >= witnessSlots/2 }

// shortcuts adds to found those that are needed when a node goes.
func (w *witness) shortcuts(c *contraction, node int32, e effort) {
	w.found = w.found[:0]
	w.lasts(c, node)
	for _, a := range c.in[node] {
		w.begin()
		if limit := w.ask(c, node, a); w.waiting > 0 {
			w.search(c, a.node, node, limit, e)
		}
		for _, b := range c.out[node] {
			cost := a.cost + b.cost
			if b.node != a.node && c.fits(cost) && !w.has(b.node) {
				w.found = append(w.found, shortcut{a.node, b.node, cost, a.arcs + b.arcs})
			}
		}
	}
}

// ask notes the goals of a search from a neighbour, and gives the cost up to
// which nodes must be settled to find them all.
func (w *witness) ask(c *contraction, node int32, a link) uint64 {
	limit := uint64(0)
	for i, b := range c.out[node] {
		cost := a.cost + b.cost
		if b.node == a.node || !c.fits(cost) || w.full() {
			continue
		}
		s := &w.slots[w.slot(b.node)]
		s.goal, s.state = cost, wanted
		w.waiting++
		if last := w.last[i]; last <= cost {
			limit = max(limit, cost-last+1)
		}
	}
	return limit
}

// lasts notes for each node after the one that is to go the least cost of the
// last arc of a witness to it.
func (w *witness) lasts(c *contraction, node int32) {
	w.last = w.last[:0]
	for _, b := range c.out[node] {
		least := uint64(none)
		for _, l := range c.in[b.node] {
			if l.node != node && c.state[l.node] != candidate {
				least = min(least, l.cost)
			}
		}
		w.last = append(w.last, least)
	}
}

// has says whether a witness was found to a node.
func (w *witness) has(node int32) bool {
	for i := uint32(node) * 0x9E3779B1 >> 20; ; i = (i + 1) % witnessSlots {
		s := &w.slots[i]
		if s.round != w.round {
			return false
		}
		if s.node == node {
			return s.state == witnessed
		}
	}
}

func (w *witness) begin() {
	w.round++
	if w.round == 0 {
		w.slots = [witnessSlots]slot{}
		w.round = 1
	}
	w.used, w.waiting, w.heap = 0, 0, w.heap[:0]
}

// search looks for witnesses from a node, past the one that is being contracted
// and all that may be contracted with it. It settles nodes of less than limit.
func (w *witness) search(c *contraction, from, past int32, limit uint64, e effort) {
	at := w.slot(from)
	w.slots[at].cost = 0
	w.heap.add(costNode{0, at, 0})
	for arcs := 0; len(w.heap) > 0 && arcs < e.arcs; {
		top := w.heap.pop()
		s := &w.slots[top.node]
		if top.cost > s.cost {
			continue
		}
		if top.cost >= limit {
			return
		}
		if top.hops == e.hops {
			continue
		}
		if arcs += len(c.out[s.node]); !w.relax(c, s.node, past, top) {
			return
		}
	}
}

// relax takes the arcs from a settled node; false when the search is over.
func (w *witness) relax(c *contraction, node, past int32, top costNode) bool {
	for _, l := range c.out[node] {
		if l.node == past || c.state[l.node] == candidate {
			continue
		}
		if w.full() {
			return false
		}
		cost, at := top.cost+l.cost, w.slot(l.node)
		s := &w.slots[at]
		if cost >= s.cost {
			continue
		}
		s.cost = cost
		if s.state == wanted && cost <= s.goal {
			s.state = witnessed
			if w.waiting--; w.waiting == 0 {
				return false
			}
		}
		w.heap.add(costNode{cost, at, top.hops + 1})
	}
	return true
}
