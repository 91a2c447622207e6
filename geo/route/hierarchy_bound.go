package route

// longest bounds the first measure of every shortest path. Within a strongly
// connected part no path is longer than the longest to its root and the longest
// from there together; a path through several parts passes each once.
func (a arcList) longest() uint64 {
	out, in := newStar(a.nodes, a.tail, a.head), newStar(a.nodes, a.head, a.tail)
	part, order := out.parts()
	dist := make([]uint64, a.nodes)
	best := make([]uint64, a.nodes) // by part: the longest path that begins in it
	longest := uint64(0)
	for i := 0; i < len(order); {
		p, after := part[order[i]], uint64(0)
		first := i
		for ; i < len(order) && part[order[i]] == p; i++ {
			for _, l := range out.at(order[i]) {
				if q := part[l.node]; q != p {
					after = max(after, uint64(a.first[l.arc])+best[q])
				}
			}
		}
		best[p] = after
		if i > first+1 {
			nodes := order[first:i]
			best[p] += out.farthest(a.first, part, nodes, dist) + in.farthest(a.first, part, nodes, dist)
		}
		longest = max(longest, best[p])
	}
	return longest
}

// star lists the arcs at each node, by their far ends and numbers.
type star struct {
	start []int32
	spoke []spoke
}

type spoke struct{ node, arc int32 }

func newStar(nodes int, tail, head []int32) star {
	s := star{make([]int32, nodes+1), make([]spoke, len(tail))}
	for _, t := range tail {
		s.start[t+1]++
	}
	for n := range nodes {
		s.start[n+1] += s.start[n]
	}
	next := append([]int32(nil), s.start...)
	for i, t := range tail {
		s.spoke[next[t]] = spoke{head[i], int32(i)}
		next[t]++
	}
	return s
}

func (s star) at(n int32) []spoke { return s.spoke[s.start[n]:s.start[n+1]] }

// parts finds the strongly connected parts (Tarjan 1972, without recursion).
// The nodes are given part by part; arcs between parts lead to earlier ones.
func (s star) parts() (part, order []int32) {
	n := len(s.start) - 1
	part, order = make([]int32, n), make([]int32, 0, n)
	low, index := make([]int32, n), make([]int32, n) // index 0: not seen
	next := append([]int32(nil), s.start[:n]...)
	var path, open []int32
	seen, parts := int32(0), int32(0)
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if index[v] == 0 {
				seen++
				index[v], low[v], part[v] = seen, seen, -1
				open = append(open, v)
			}
			if down := s.descend(v, next, index, low, part); down >= 0 {
				path = append(path, down)
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[v])
			}
			if low[v] == index[v] {
				for part[v] < 0 {
					last := open[len(open)-1]
					open = open[:len(open)-1]
					part[last] = parts
					order = append(order, last)
				}
				parts++
			}
		}
	}
	return part, order
}

// descend is the next node to visit from v, -1 when its arcs are done.
func (s star) descend(v int32, next, index, low, part []int32) int32 {
	for ; next[v] < s.start[v+1]; next[v]++ {
		h := s.spoke[next[v]].node
		if index[h] == 0 {
			return h
		}
		if part[h] < 0 {
			low[v] = min(low[v], index[h])
		}
	}
	return -1
}

// farthest is the greatest cost from the first of some nodes, which are one
// part, to any of them.
func (s star) farthest(cost []uint32, part []int32, nodes []int32, dist []uint64) uint64 {
	for _, n := range nodes {
		dist[n] = none
	}
	root := nodes[0]
	dist[root] = 0
	var heap costHeap
	heap.push(0, root)
	far := uint64(0)
	for len(heap) > 0 {
		top := heap.pop()
		if top.cost > dist[top.node] {
			continue
		}
		far = top.cost
		for _, l := range s.at(top.node) {
			if c := top.cost + uint64(cost[l.arc]); part[l.node] == part[root] && c < dist[l.node] {
				dist[l.node] = c
				heap.push(c, l.node)
			}
		}
	}
	return far
}
