package route

import "github.com/qiantu/qiantu/geo"

// arcList is a network as plain arrays: the arc i leads from tail[i] to head[i]
// and costs first[i] of the measure that is minimised and second[i] of the other.
type arcList struct {
	nodes         int
	tail, head    []int32
	first, second []uint32
}

// arcList lists what can be driven.
func (g *Graph) arcList(f *Filter, m Metric) arcList {
	a := arcList{nodes: g.Nodes()}
	for e := range int32(g.Edges()) {
		if !f.Allows(e) {
			continue
		}
		edge := g.Edge(e)
		a.add(m, edge.Tail, edge.Head, edge.Length(), edge.Forward)
		a.add(m, edge.Head, edge.Tail, edge.Length(), edge.Backward)
	}
	return a
}

// add takes one direction of an edge; one that is closed is none.
func (a *arcList) add(m Metric, tail, head int32, length geo.Millimetre, ms int64) {
	if ms < 0 {
		return
	}
	c := measuresOf(Cost{MM: int64(length), MS: ms}, m)
	a.tail, a.head = append(a.tail, tail), append(a.head, head)
	a.first, a.second = append(a.first, uint32(c.first)), append(a.second, uint32(c.second))
}
