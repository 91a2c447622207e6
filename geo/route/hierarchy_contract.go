package route

import (
	"context"
	"slices"
)

// contraction takes the nodes out of a network one after the other, the least
// important first, and puts in shortcuts so that the distances between those
// that are left stay what they were (Geisberger, Sanders, Schultes, Delling
// 2008). It goes in rounds: all nodes that matter less than all their
// neighbours go at once, each by the network as it was when the round began, so
// that the result does not depend on the number of threads.
type contraction struct {
	scale
	out, in [][]link // by node, among those that are left
	level   []int32  // longest chain of contracted neighbours below
	weight  []int64  // of importance, when it was last looked at
	state   []byte
	turn    []int32 // by node: its place in candidates when it goes this round
	marked  []bool
	left    []int32
	order   []int32 // as contracted

	candidates []turn
	affected   []int32
	threads    int
	witnesses  []*witness
	lists      [][]int32 // scratch by worker
}

// link is an arc seen from one of its ends.
type link struct {
	cost uint64
	node int32
	arcs int32 // of the network it stands for
}

// turn is a node that may go this round, and the shortcuts that it would leave.
type turn struct {
	node      int32
	goes      bool
	shortcuts []shortcut
}

// The states of a node.
const (
	waiting byte = iota
	candidate
	gone
)

func newContraction(a arcList, s scale, threads int) *contraction {
	c := &contraction{
		scale: s, out: make([][]link, a.nodes), in: make([][]link, a.nodes),
		level: make([]int32, a.nodes), weight: make([]int64, a.nodes), state: make([]byte, a.nodes),
		turn: make([]int32, a.nodes), marked: make([]bool, a.nodes), left: make([]int32, a.nodes),
		order: make([]int32, 0, a.nodes), threads: threads, witnesses: make([]*witness, threads), lists: make([][]int32, threads),
	}
	for n := range c.left {
		c.left[n] = int32(n)
	}
	for i := range c.witnesses {
		c.witnesses[i] = &witness{}
	}
	c.lay(a, c.out, a.tail, a.head)
	c.lay(a, c.in, a.head, a.tail)
	return c
}

// lay lists the arcs by their near ends; of parallel ones the best, loops and
// what no shortest path can cost are left out.
func (c *contraction) lay(a arcList, lists [][]link, near, far []int32) {
	s := newStar(a.nodes, near, far)
	all := make([]link, 0, len(near))
	for n := range int32(a.nodes) {
		first := len(all)
		for _, l := range s.at(n) {
			cost := c.pack(uint64(a.first[l.arc]), uint64(a.second[l.arc]))
			if l.node != n && uint64(a.first[l.arc]) <= c.maxFirst && uint64(a.second[l.arc]) <= c.maxSecond {
				all = append(all, link{cost, l.node, 1})
			}
		}
		kept := all[first:]
		slices.SortFunc(kept, func(x, y link) int {
			if x.node != y.node {
				return int(x.node) - int(y.node)
			}
			if x.cost < y.cost {
				return -1
			}
			return 1
		})
		kept = slices.CompactFunc(kept, func(x, y link) bool { return x.node == y.node })
		all = all[:first+len(kept)]
		lists[n] = all[first:len(all):len(all)]
	}
}

// run contracts everything.
func (c *contraction) run(ctx context.Context) error {
	if err := c.inChunks(ctx, c.left, func(worker int, nodes []int32) {
		w := c.witnesses[worker]
		for _, n := range nodes {
			w.shortcuts(c, n, firstLook)
			c.weight[n] = c.weigh(n, w.found)
		}
	}); err != nil {
		return err
	}
	for len(c.left) > 0 {
		if err := c.round(ctx); err != nil {
			return err
		}
	}
	return nil
}

// weigh is how important a node is: high where many arcs take the place of few,
// and above many others.
func (c *contraction) weigh(n int32, shortcuts []shortcut) int64 {
	removed, arcs := len(c.out[n])+len(c.in[n]), int64(0)
	for _, l := range c.out[n] {
		arcs += int64(l.arcs)
	}
	for _, l := range c.in[n] {
		arcs += int64(l.arcs)
	}
	added := int64(0)
	for _, s := range shortcuts {
		added += int64(s.arcs)
	}
	w := int64(c.level[n]) * 1000
	if removed > 0 {
		w += 1000*int64(len(shortcuts))/int64(removed) + 1000*added/arcs
	}
	return w
}

// before orders nodes by importance; equals in no order that the map would show.
func (c *contraction) before(a, b int32) bool {
	if c.weight[a] != c.weight[b] {
		return c.weight[a] < c.weight[b]
	}
	x, y := uint32(a)*0x9E3779B1, uint32(b)*0x9E3779B1 // odd, so no two nodes give the same
	return x < y
}

// least says whether a node matters less than all its neighbours.
func (c *contraction) least(n int32) bool {
	for _, l := range c.out[n] {
		if c.before(l.node, n) {
			return false
		}
	}
	for _, l := range c.in[n] {
		if c.before(l.node, n) {
			return false
		}
	}
	return true
}

func (c *contraction) round(ctx context.Context) error {
	if err := c.choose(ctx); err != nil {
		return err
	}
	if err := c.judge(ctx); err != nil {
		return err
	}
	c.mark()
	err := c.inChunks(ctx, c.affected, func(worker int, nodes []int32) {
		for _, n := range nodes {
			c.out[n] = c.renew(c.out[n], n, true)
			c.in[n] = c.renew(c.in[n], n, false)
			c.marked[n] = false
		}
	})
	c.left = slices.DeleteFunc(c.left, func(n int32) bool { return c.state[n] == gone })
	return err
}

// choose finds the candidates of a round.
func (c *contraction) choose(ctx context.Context) error {
	c.candidates = c.candidates[:0]
	chunks := make([][]int32, (len(c.left)+chunk-1)/chunk)
	err := inParallel(ctx, c.threads, len(chunks), func(worker, i int) {
		for _, n := range c.left[i*chunk : min((i+1)*chunk, len(c.left))] {
			if c.least(n) {
				chunks[i] = append(chunks[i], n)
			}
		}
	})
	for _, nodes := range chunks {
		for _, n := range nodes {
			c.state[n] = candidate
			c.turn[n] = int32(len(c.candidates))
			c.candidates = append(c.candidates, turn{node: n})
		}
	}
	return err
}

// judge weighs the candidates anew: those that still matter less than their
// neighbours go.
func (c *contraction) judge(ctx context.Context) error {
	size := c.share(len(c.candidates))
	return inParallel(ctx, c.threads, (len(c.candidates)+size-1)/size, func(worker, i int) {
		w := c.witnesses[worker]
		for k := i * size; k < min((i+1)*size, len(c.candidates)); k++ {
			t := &c.candidates[k]
			w.shortcuts(c, t.node, thorough)
			c.weight[t.node] = c.weigh(t.node, w.found)
			t.goes = c.least(t.node)
			t.shortcuts = slices.Clone(w.found)
		}
	})
}

// mark takes the nodes that go out and lists their neighbours.
func (c *contraction) mark() {
	c.affected = c.affected[:0]
	if !slices.ContainsFunc(c.candidates, func(t turn) bool { return t.goes }) {
		c.candidates[0].goes = true
	}
	for _, t := range c.candidates {
		if !t.goes {
			c.state[t.node] = waiting
			continue
		}
		c.state[t.node] = gone
		c.order = append(c.order, t.node)
		for _, links := range [2][]link{c.out[t.node], c.in[t.node]} {
			for _, l := range links {
				if up := c.level[t.node] + 1 - c.level[l.node]; up > 0 {
					c.level[l.node] += up
					c.weight[l.node] += int64(up) * 1000
				}
				if !c.marked[l.node] {
					c.marked[l.node] = true
					c.affected = append(c.affected, l.node)
				}
			}
		}
	}
}

// renew takes the nodes that went out of the links of a node and puts in the
// shortcuts.
func (c *contraction) renew(links []link, n int32, out bool) []link {
	kept := links[:0]
	var went [64]int32
	wents := went[:0]
	for _, l := range links {
		if c.state[l.node] == gone {
			wents = append(wents, l.node)
		} else {
			kept = append(kept, l)
		}
	}
	for _, g := range wents {
		for _, s := range c.candidates[c.turn[g]].shortcuts {
			if out && s.tail == n {
				kept = join(kept, link{s.cost, s.head, s.arcs})
			} else if !out && s.head == n {
				kept = join(kept, link{s.cost, s.tail, s.arcs})
			}
		}
	}
	return kept
}

// join adds a link, or makes the one that is there better.
func join(links []link, l link) []link {
	for i := range links {
		if links[i].node == l.node {
			if l.cost < links[i].cost {
				links[i] = l
			}
			return links
		}
	}
	return append(links, l)
}

// chunk is how many nodes a worker takes at once, at most.
const chunk = 256

// share is how many of n nodes a worker takes at once: the last rounds have few
// nodes, and those take long.
func (c *contraction) share(n int) int { return max(1, min(chunk, n/(8*c.threads))) }

func (c *contraction) inChunks(ctx context.Context, nodes []int32, work func(worker int, nodes []int32)) error {
	size := c.share(len(nodes))
	return inParallel(ctx, c.threads, (len(nodes)+size-1)/size, func(worker, i int) {
		work(worker, nodes[i*size:min((i+1)*size, len(nodes))])
	})
}
