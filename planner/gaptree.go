package planner

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// gapTree is a way of connecting some villages over failing roads, each metre
// once, with what no way could do without.
type gapTree struct {
	edges    []int32
	joined   []int // the villages that it connects; the others have no way by roads
	boundMM  int64
	boundFen int64
}

// tree connects villages by the shortest-path heuristic: again and again the
// village nearest to what is connected, by failing metres, then the cheapest
// tree over the nodes of it (at most twice the least, Takahashi and Matsuyama
// 1980, if each village stands at one place). The bound is that of [moats].
func (g *gapGraph) tree(villages []int) gapTree {
	s := newTreeSearch(g, villages)
	s.run()
	t := gapTree{edges: s.pruned(), joined: s.joined}
	slices.Sort(t.edges)
	t.boundMM = g.least(t.joined, func(e *gapEdge) int64 { return e.missing() })
	t.boundFen = g.least(t.joined, func(e *gapEdge) int64 { return e.fen })
	return t
}

// least is what connecting some villages costs at least.
func (g *gapGraph) least(villages []int, cost func(*gapEdge) int64) int64 {
	m := g.together(villages)
	purse := make([]int64, g.nodes)
	for _, v := range villages {
		purse[m.parts.of(g.at[v][0])] = endless
	}
	costs := make([]int64, len(g.edges))
	for i := range g.edges {
		costs[i] = cost(&g.edges[i])
	}
	return newMoats(g.nodes, m.root, m.ends, costs, purse).bound(m.root)
}

// merged is the graph with the places of each village put together: whoever
// reaches one of them has the village.
type merged struct {
	parts *parts
	root  int32
	ends  [][2]int32
}

func (g *gapGraph) together(villages []int) merged {
	m := merged{parts: newParts(int(g.nodes)), ends: make([][2]int32, len(g.edges))}
	for _, v := range villages {
		for _, node := range g.at[v] {
			m.parts.join(node, g.at[v][0])
		}
	}
	for i := range g.edges {
		m.ends[i] = [2]int32{m.parts.of(g.edges[i].ends[0]), m.parts.of(g.edges[i].ends[1])}
	}
	m.root = m.parts.of(g.root)
	return m
}

// treeSearch grows a tree.
type treeSearch struct {
	g      *gapGraph
	wants  map[int32][]int // villages by node
	dist   []int64
	by     []int32 // the edge by which a node was reached; -1: of the tree
	inTree []bool
	stands []bool // nodes at which a village was reached
	queue  nodeHeap
	done   map[int]bool
	edges  []int32
	joined []int
}

func newTreeSearch(g *gapGraph, villages []int) *treeSearch {
	s := &treeSearch{g: g, wants: map[int32][]int{}, dist: make([]int64, g.nodes), by: make([]int32, g.nodes), inTree: make([]bool, g.nodes), stands: make([]bool, g.nodes), done: map[int]bool{}}
	for i := range s.dist {
		s.dist[i], s.by[i] = math.MaxInt64, -1
	}
	for _, v := range villages {
		for _, node := range g.at[v] {
			s.wants[node] = append(s.wants[node], v)
		}
	}
	s.take(g.root)
	return s
}

// take makes a node part of the tree.
func (s *treeSearch) take(node int32) {
	s.dist[node], s.by[node], s.inTree[node] = 0, -1, true
	heap.Push(&s.queue, keyedNode{0, node})
}

func (s *treeSearch) run() {
	for s.queue.Len() > 0 {
		top := heap.Pop(&s.queue).(keyedNode)
		if top.key > s.dist[top.node] {
			continue
		}
		if s.arrive(top.node) && top.key > 0 {
			s.walkBack(top.node)
			continue
		}
		for _, e := range s.g.roads[top.node] {
			far := s.g.edges[e].far(top.node)
			if key := top.key + s.g.edges[e].missing(); key < s.dist[far] {
				s.dist[far], s.by[far] = key, e
				heap.Push(&s.queue, keyedNode{key, far})
			}
		}
	}
	slices.Sort(s.joined)
}

// arrive connects the villages that stand at a node and still wait.
func (s *treeSearch) arrive(node int32) bool {
	any := false
	for _, v := range s.wants[node] {
		if !s.done[v] {
			s.done[v], any = true, true
			s.stands[node] = true
			s.joined = append(s.joined, v)
		}
	}
	return any
}

// walkBack adds the way to a node to the tree.
func (s *treeSearch) walkBack(node int32) {
	for !s.inTree[node] {
		e := s.by[node]
		s.edges = append(s.edges, e)
		s.take(node)
		node = s.g.edges[e].far(node)
	}
}

// pruned is the least spanning tree of the nodes that were taken, without the
// branches at whose end no village stands; or the tree as it grew, if that is
// not longer.
func (s *treeSearch) pruned() []int32 {
	var inside []int32
	for e := range s.g.edges {
		if s.inTree[s.g.edges[e].ends[0]] && s.inTree[s.g.edges[e].ends[1]] {
			inside = append(inside, int32(e))
		}
	}
	slices.SortStableFunc(inside, func(x, y int32) int { return cmp.Compare(s.g.edges[x].missing(), s.g.edges[y].missing()) })
	p, degree := newParts(int(s.g.nodes)), make([]int, s.g.nodes)
	var tree []int32
	for _, e := range inside {
		if ends := s.g.edges[e].ends; p.of(ends[0]) != p.of(ends[1]) {
			p.join(ends[0], ends[1])
			tree = append(tree, e)
			degree[ends[0]]++
			degree[ends[1]]++
		}
	}
	for again := true; again; {
		again = false
		kept := tree[:0]
		for _, e := range tree {
			ends := s.g.edges[e].ends
			if s.bare(ends[0], degree) || s.bare(ends[1], degree) {
				degree[ends[0]]--
				degree[ends[1]]--
				again = true
				continue
			}
			kept = append(kept, e)
		}
		tree = kept
	}
	if s.g.length(tree) < s.g.length(s.edges) {
		return tree
	}
	return s.edges
}

// bare says whether a node ends a branch for nobody.
func (s *treeSearch) bare(node int32, degree []int) bool {
	return degree[node] == 1 && !s.stands[node] && node != s.g.root
}

func (g *gapGraph) length(edges []int32) int64 {
	var sum int64
	for _, e := range edges {
		sum += g.edges[e].missing()
	}
	return sum
}

// keyedNode is a node on its way through a search.
type keyedNode struct {
	key  int64
	node int32
}

// nodeHeap gives the least key first, of equal ones the least node.
type nodeHeap []keyedNode

func (h nodeHeap) Len() int { return len(h) }
func (h nodeHeap) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[i].key, h[j].key), cmp.Compare(h[i].node, h[j].node)) < 0
}
func (h nodeHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push adds a node, for container/heap.
func (h *nodeHeap) Push(x any) { *h = append(*h, x.(keyedNode)) }

// Pop takes the last one, for container/heap.
func (h *nodeHeap) Pop() any {
	old := *h
	top := old[len(old)-1]
	*h = old[:len(old)-1]
	return top
}

// gaps writes what connecting the villages that are proven not to be would
// take: the metres of a tree over failing roads, its cost, and what neither
// could be less than. A village that no road comes near has its straight leg in
// all of them.
func (c *coverage) gaps(members []int) {
	g := c.a.gapGraph()
	var wanted []int
	for _, i := range members {
		if d := &c.a.Villages[i]; d.Connected == No && d.Link != nil && !d.Link.Straight && len(g.at[i]) > 0 {
			wanted = append(wanted, i)
		}
	}
	t := g.tree(wanted)
	length := func(_ string, s chainage.Span) int64 { return s.Length() }
	cost := func(class string, s chainage.Span) int64 { return c.a.Snapshot.Rules.classCost(class, s) }
	spans := g.spans(t.edges)
	c.amount("C16 gap_length", UnitKM, c.spanParts(spans, length), c.straight(members, length))
	c.bound("C17 gap_length_bound", UnitKM, t.boundMM, c.straight(members, length))
	c.amount("C18 gap_cost", UnitYuan, c.spanParts(spans, cost), c.straight(members, cost))
	c.bound("C19 gap_cost_bound", UnitYuan, t.boundFen, c.straight(members, cost))
}

// bound writes an amount that no thing of the map makes up.
func (c *coverage) bound(metric string, unit Unit, least int64, straight []Part) {
	var parts []Part
	if least > 0 {
		parts = []Part{{Side: SideNumerator, Layer: "region", Code: c.scope, Amount: least}}
	}
	c.amount(metric, unit, parts, straight)
}

// straight are the legs of villages that no road comes near.
func (c *coverage) straight(members []int, amount func(class string, s chainage.Span) int64) []Part {
	var out []Part
	for _, i := range members {
		if d := &c.a.Villages[i]; d.Connected == No && d.Link != nil && d.Link.Straight {
			out = append(out, Part{Side: SideNumerator, Layer: "village", ID: d.Village.ID, Amount: amount("", chainage.Span{To: d.Link.MissingMM})})
		}
	}
	return out
}

// spanParts are stretches of roads, each metre once.
func (c *coverage) spanParts(list []PieceSpan, amount func(class string, s chainage.Span) int64) []Part {
	spans, halo := map[routeKey][]chainage.Span{}, map[ID][]PieceSpan{}
	var keys []routeKey
	for _, m := range list {
		key := routeKey{m.Piece.Road, m.Piece.Version}
		if m.Piece.Halo {
			halo[m.Piece.Segment] = append(halo[m.Piece.Segment], m)
			continue
		}
		if spans[key] == nil {
			keys = append(keys, key)
		}
		spans[key] = append(spans[key], m.Span)
	}
	slices.SortFunc(keys, routeKey.compare)
	var out []Part
	for _, key := range keys {
		for _, st := range c.a.stretches(key, chainage.NewSet(spans[key]...)) {
			out = append(out, st.part(SideNumerator, amount(st.class(), st.span)))
		}
	}
	return append(out, haloParts(halo, amount)...)
}

func haloParts(spans map[ID][]PieceSpan, amount func(class string, s chainage.Span) int64) []Part {
	var out []Part
	for id, list := range spans {
		set := make([]chainage.Span, len(list))
		for i, m := range list {
			set[i] = m.Span
		}
		for _, s := range chainage.NewSet(set...) {
			out = append(out, Part{Side: SideNumerator, Layer: "road_segment", ID: id, Span: s, Amount: amount(list[0].Piece.Class, s)})
		}
	}
	slices.SortFunc(out, func(a, b Part) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Span.From, b.Span.From)) })
	return out
}
