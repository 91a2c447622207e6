package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// gapGraph is what lies between the villages and the roads that are proven to
// be connected: the failing edges, cut where a village stands, between parts
// that hang together over proven ones. One-way rules are left out: whoever
// mends a road can lift them.
type gapGraph struct {
	a     *Assessment
	edges []gapEdge
	nodes int32
	root  int32           // the part that is connected; it may have no node of the graph
	at    map[int][]int32 // of each village that is not connected: the nodes it stands at
	roads [][]int32       // edges by node
}

// gapEdge is a stretch of a failing piece between two nodes.
type gapEdge struct {
	ends [2]int32
	PieceSpan
	fen int64
}

// far is the other end of an edge.
func (e *gapEdge) far(from int32) int32 {
	if e.ends[0] == from {
		return e.ends[1]
	}
	return e.ends[0]
}

// newGapGraph takes the failing edges that may be mended; nil: any.
func (a *Assessment) newGapGraph(mendable func(edge int32) bool) *gapGraph {
	n, j := a.net, a.net.junctions()
	g := &gapGraph{a: a, at: map[int][]int32{}}
	parts := newParts(n.graph.Nodes() + 1)
	g.root = int32(n.graph.Nodes())
	proven := n.strict[AccessConnected]
	for e := range int32(len(j.edges)) {
		if proven.Allows(e) {
			parts.join(j.edges[e].Tail, j.edges[e].Head)
		}
	}
	links := n.newLinker()
	cuts := map[int32][]cutAt{}
	stand := func(s route.Snap, village int) {
		if proven.Allows(s.Edge) {
			g.stand(village, j.edges[s.Edge].Tail, parts)
		} else if mendable == nil || mendable(s.Edge) {
			cuts[s.Edge] = append(cuts[s.Edge], cutAt{min(s.At, j.edges[s.Edge].Length()), village})
		}
	}
	for i := range a.Villages {
		if a.Villages[i].Connected != Yes {
			for _, s := range n.near[i] {
				stand(s, i)
			}
		}
	}
	for _, s := range n.starts(links) {
		stand(s, seatStands)
	}
	for node := range int32(n.graph.Nodes()) {
		if n.reach[AccessConnected][0].has(node) {
			parts.join(node, g.root)
		}
	}
	g.nodes = int32(n.graph.Nodes()) + 1
	for e := range int32(len(j.edges)) {
		if !proven.Allows(e) && (mendable == nil || mendable(e)) {
			g.cut(links, e, j.edges[e], cuts[e], parts)
		}
	}
	g.contract(parts)
	return g
}

// seatStands stands for the seat among the villages.
const seatStands = -1

// starts are the places on the roads that the seat has at hand; without a seat
// a place of the part that counts.
func (n *network) starts(l *linker) []route.Snap {
	out := l.roots()
	if seat := n.a.seat(); seat != nil {
		out = append(out, n.graph.Snaps(*seat, metres(n.a.Snapshot.Rules.ConnectMM), nil)...)
	}
	return out
}

// has says whether a node belongs to what is reached.
func (r *reach) has(node int32) bool {
	if r.flood != nil {
		return r.flood.nodes[node]
	}
	return r.part >= 0 && r.parts.OfNode(node) == r.part
}

// cutAt is a place where somebody stands on a failing edge.
type cutAt struct {
	at      geo.Millimetre
	village int
}

func (g *gapGraph) stand(village int, node int32, parts *parts) {
	if village == seatStands {
		parts.join(node, g.root)
		return
	}
	g.at[village] = append(g.at[village], node)
}

// cut adds the stretches of a failing edge between those who stand on it.
func (g *gapGraph) cut(l *linker, e int32, edge route.Edge, cuts []cutAt, parts *parts) {
	slices.SortFunc(cuts, func(x, y cutAt) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.village, y.village)) })
	p := g.a.net.piece(e)
	from, node := geo.Millimetre(0), edge.Tail
	add := func(to geo.Millimetre, end int32) {
		span := l.span(p, route.Step{Edge: e, From: from, To: to})
		g.edges = append(g.edges, gapEdge{[2]int32{node, end}, PieceSpan{p, span}, g.a.Snapshot.Rules.roadCost(p, span)})
		from, node = to, end
	}
	for _, c := range cuts {
		switch {
		case c.at == edge.Length():
			g.stand(c.village, edge.Head, parts)
			continue
		case c.at > from:
			add(c.at, g.nodes)
			g.nodes++
			parts.grow()
		}
		g.stand(c.village, node, parts)
	}
	add(edge.Length(), edge.Head)
}

// contract numbers the parts that hang together and drops edges inside one.
func (g *gapGraph) contract(parts *parts) {
	number := map[int32]int32{}
	of := func(node int32) int32 {
		p := parts.of(node)
		n, ok := number[p]
		if !ok {
			n = int32(len(number))
			number[p] = n
		}
		return n
	}
	g.root = of(g.root)
	kept := g.edges[:0]
	for _, e := range g.edges {
		if e.ends = [2]int32{of(e.ends[0]), of(e.ends[1])}; e.ends[0] != e.ends[1] {
			kept = append(kept, e)
		}
	}
	g.edges = kept
	for v := range g.a.Villages {
		for i, node := range g.at[v] {
			g.at[v][i] = of(node)
		}
		if len(g.at[v]) > 0 {
			slices.Sort(g.at[v])
			g.at[v] = slices.Compact(g.at[v])
		}
	}
	g.nodes = int32(len(number))
	g.roads = make([][]int32, g.nodes)
	for i, e := range g.edges {
		g.roads[e.ends[0]] = append(g.roads[e.ends[0]], int32(i))
		g.roads[e.ends[1]] = append(g.roads[e.ends[1]], int32(i))
	}
}

// missing is the length of an edge of the route's measure.
func (e *gapEdge) missing() int64 { return e.Span.Length() }

// spans lists what some edges are of.
func (g *gapGraph) spans(edges []int32) []PieceSpan {
	out := make([]PieceSpan, len(edges))
	for i, e := range edges {
		out[i] = PieceSpan{g.edges[e].Piece, chainage.Span{From: g.edges[e].Span.From, To: g.edges[e].Span.To}}
	}
	return out
}

// parts are disjoint sets of numbers.
type parts struct{ up []int32 }

func newParts(n int) *parts {
	p := &parts{make([]int32, n)}
	for i := range p.up {
		p.up[i] = int32(i)
	}
	return p
}

func (p *parts) grow() { p.up = append(p.up, int32(len(p.up))) }

func (p *parts) of(n int32) int32 {
	for p.up[n] != n {
		p.up[n] = p.up[p.up[n]]
		n = p.up[n]
	}
	return n
}

// join puts two sets together under the smaller name.
func (p *parts) join(a, b int32) {
	if a, b = p.of(a), p.of(b); a < b {
		p.up[b] = a
	} else {
		p.up[a] = b
	}
}
