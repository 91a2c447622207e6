package planner

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// decideGraph is what may be built, as the joint plan sees it: the failing roads
// of [gapGraph] that hang together with the connected network, without dead
// ends at which nobody stands, and with what lies between two places where a
// choice can be made as one strand. No cheapest way is lost by that.
type decideGraph struct {
	g       *gapGraph
	nodes   int32
	strands []strand // node 0 is the connected network
	node    []int32  // by village of the assessment: where it stands; -1: no way
	roads   [][]int32
	alone   []int64 // by node: what the cheapest way from the network costs, in yuan
	by      []int32 // by node: the last strand of that way; -1: none
}

// strand is a candidate: stretches that are built all or none. Money is whole
// yuan, each strand rounded up once.
type strand struct {
	ends   [2]int32
	edges  []int32 // of the gapGraph
	fen    int64   // to build, exact
	mm     int64
	build  int64
	upkeep int64
}

func (s *strand) cost() int64 { return s.build + s.upkeep }

// far is the other end of a strand.
func (s *strand) far(from int32) int32 {
	if s.ends[0] == from {
		return s.ends[1]
	}
	return s.ends[0]
}

// newDecideGraph readies the graph for the villages wanted, at the prices of
// some options.
func (a *Assessment) newDecideGraph(wanted []int, o *decidePrices) *decideGraph {
	d := &decideGraph{g: a.gapGraph(), node: slices.Repeat([]int32{-1}, len(a.Villages))}
	l := newLoom(d.g, o)
	near := l.reach()
	for _, v := range wanted {
		best := int64(math.MaxInt64)
		for _, n := range d.g.at[v] {
			if near[n] < best {
				best, d.node[v] = near[n], n
			}
		}
		if d.node[v] >= 0 {
			l.kept[d.node[v]] = true
		}
	}
	l.weave()
	d.number(l)
	d.search()
	return d
}

// number gives the nodes that are left their numbers: 0 to the network, the
// others as they come.
func (d *decideGraph) number(l *loom) {
	number := slices.Repeat([]int32{-1}, int(d.g.nodes))
	number[d.g.root], d.nodes = 0, 1
	of := func(n int32) int32 {
		if number[n] < 0 {
			number[n] = d.nodes
			d.nodes++
		}
		return number[n]
	}
	for _, s := range l.strands {
		if s.edges != nil {
			s.ends = [2]int32{of(s.ends[0]), of(s.ends[1])}
			d.strands = append(d.strands, s)
		}
	}
	d.roads = make([][]int32, d.nodes)
	for i, s := range d.strands {
		d.roads[s.ends[0]] = append(d.roads[s.ends[0]], int32(i))
		d.roads[s.ends[1]] = append(d.roads[s.ends[1]], int32(i))
	}
	for v, n := range d.node {
		if n >= 0 {
			d.node[v] = of(n)
		}
	}
}

// search finds the cheapest way of every node by itself.
func (d *decideGraph) search() {
	d.alone, d.by = d.spread(func(strand int32) int64 { return d.strands[strand].cost() })
}

// spread gives the cheapest ways from the network at some costs of the strands,
// those of a negative cost left out.
func (d *decideGraph) spread(cost func(strand int32) int64) (dist []int64, by []int32) {
	dist, by = slices.Repeat([]int64{math.MaxInt64}, int(d.nodes)), slices.Repeat([]int32{-1}, int(d.nodes))
	dist[0] = 0
	for queue := (nodeHeap{{0, 0}}); len(queue) > 0; {
		top := heap.Pop(&queue).(keyedNode)
		if top.key > dist[top.node] {
			continue
		}
		for _, s := range d.roads[top.node] {
			far, more := d.strands[s].far(top.node), cost(s)
			if key := top.key + more; more >= 0 && key < dist[far] {
				dist[far], by[far] = key, s
				heap.Push(&queue, keyedNode{key, far})
			}
		}
	}
	return dist, by
}

// way lists the strands from the network to a node by the last strand of each.
func (d *decideGraph) way(node int32, by []int32) []int32 {
	var out []int32
	for by[node] >= 0 {
		out = append(out, by[node])
		node = d.strands[by[node]].far(node)
	}
	slices.Reverse(out)
	return out
}

// loom makes strands of edges.
type loom struct {
	g       *gapGraph
	o       *decidePrices
	kept    []bool
	strands []strand // without edges: gone
	roads   [][]int32
	between map[[2]int32]int32 // the one strand between two nodes
}

func newLoom(g *gapGraph, o *decidePrices) *loom {
	return &loom{g: g, o: o, kept: make([]bool, g.nodes), roads: make([][]int32, g.nodes), between: map[[2]int32]int32{}}
}

// reach says how cheap every node is to reach, in fen; edges that a question
// closed are none.
func (l *loom) reach() []int64 {
	dist := slices.Repeat([]int64{math.MaxInt64}, int(l.g.nodes))
	dist[l.g.root] = 0
	l.kept[l.g.root] = true
	for queue := (nodeHeap{{0, l.g.root}}); len(queue) > 0; {
		top := heap.Pop(&queue).(keyedNode)
		if top.key > dist[top.node] {
			continue
		}
		for _, e := range l.g.roads[top.node] {
			edge := &l.g.edges[e]
			key, far := top.key+l.o.buildFen(edge.fen)+l.o.upkeepFen(edge.missing()), edge.far(top.node)
			if key < dist[far] && !edge.Piece.isClosed() {
				dist[far] = key
				heap.Push(&queue, keyedNode{key, far})
			}
		}
	}
	for e := range l.g.edges {
		if edge := &l.g.edges[e]; dist[edge.ends[0]] < math.MaxInt64 && !edge.Piece.isClosed() {
			l.add(strand{ends: edge.ends, edges: []int32{int32(e)}, fen: edge.fen, mm: edge.missing()})
		}
	}
	return dist
}

// add puts a strand in, unless one between the same nodes is as cheap.
func (l *loom) add(s strand) {
	if s.ends[0] == s.ends[1] {
		return
	}
	s.build, s.upkeep = yuanUp(l.o.buildFen(s.fen)), yuanUp(l.o.upkeepFen(s.mm))
	key := [2]int32{min(s.ends[0], s.ends[1]), max(s.ends[0], s.ends[1])}
	if old, ok := l.between[key]; ok {
		if l.strands[old].cost() <= s.cost() {
			return
		}
		l.remove(old)
	}
	at := int32(len(l.strands))
	l.strands = append(l.strands, s)
	l.between[key] = at
	for _, n := range s.ends {
		l.roads[n] = append(l.roads[n], at)
	}
}

func (l *loom) remove(at int32) {
	s := &l.strands[at]
	for _, n := range s.ends {
		l.roads[n] = slices.DeleteFunc(l.roads[n], func(x int32) bool { return x == at })
	}
	delete(l.between, [2]int32{min(s.ends[0], s.ends[1]), max(s.ends[0], s.ends[1])})
	s.edges = nil
}

// weave takes dead ends away and joins two strands where nothing else meets
// them, again and again.
func (l *loom) weave() {
	var waiting []int32
	for n := range l.g.nodes {
		waiting = append(waiting, n)
	}
	for len(waiting) > 0 {
		n := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if l.kept[n] || len(l.roads[n]) == 0 || len(l.roads[n]) > 2 {
			continue
		}
		first := l.strands[l.roads[n][0]]
		waiting = append(waiting, first.far(n))
		if len(l.roads[n]) == 1 {
			l.remove(l.roads[n][0])
			continue
		}
		second := l.strands[l.roads[n][1]]
		waiting = append(waiting, second.far(n))
		l.remove(l.roads[n][1])
		l.remove(l.roads[n][0])
		l.add(strand{
			ends: [2]int32{first.far(n), second.far(n)}, edges: slices.Concat(first.edges, second.edges),
			fen: first.fen + second.fen, mm: first.mm + second.mm,
		})
	}
	l.strands = slices.DeleteFunc(l.strands, func(s strand) bool { return s.edges == nil })
	for i := range l.strands {
		slices.Sort(l.strands[i].edges)
	}
	slices.SortFunc(l.strands, func(x, y strand) int { return cmp.Compare(x.edges[0], y.edges[0]) })
}

// spans are the stretches of roads that some strands are of, each once.
func (d *decideGraph) spans(strands []int32) []PieceSpan {
	var edges []int32
	for _, s := range strands {
		edges = append(edges, d.strands[s].edges...)
	}
	return d.g.spans(edges)
}

// segmentsOf names the segments of the inventory that stretches lie on.
func segmentsOf(spans []PieceSpan) []ID {
	var out []ID
	for _, s := range spans {
		if s.Piece.Segment != 0 && !slices.Contains(out, s.Piece.Segment) {
			out = append(out, s.Piece.Segment)
		}
	}
	slices.Sort(out)
	return out
}

// yuanUp is fen in whole yuan, rounded up.
func yuanUp(fen int64) int64 {
	if fen > math.MaxInt64-99 {
		fen = math.MaxInt64 - 99
	}
	return (fen + 99) / 100
}
