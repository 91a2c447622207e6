package route

// arcList is a network as plain arrays: the arc i leads from tail[i] to head[i]
// and costs first[i] of the measure that is minimised and second[i] of the other.
type arcList struct {
	nodes         int
	tail, head    []int32
	first, second []uint32
}

// arcList lists what can be driven, by the graph's own numbers of nodes.
func (g *Graph) arcList(f *Filter, m Metric) arcList {
	a := arcList{nodes: g.Nodes()}
	g.eachArc(f, func(tail, head int32, _, mm, ms uint32) {
		if m == ByTime {
			mm, ms = ms, mm
		}
		a.tail, a.head = append(a.tail, tail), append(a.head, head)
		a.first, a.second = append(a.first, mm), append(a.second, ms)
	})
	return a
}
