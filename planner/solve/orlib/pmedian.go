package orlib

import (
	"io"
	"math"
)

// Bounds of what is read. They keep sums within whole float64 numbers and a
// matrix of distances within 400 MB.
const (
	MaxNodes  = 10_000
	maxCost   = 1_000_000_000
	maxSites  = 100_000
	maxAmount = 1_000_000_000_000
)

// PMedian is an instance pmed: an undirected graph whose nodes are customers of
// demand 1 and sites at once.
type PMedian struct {
	Nodes, P int
	Edges    []Edge // as the file has them, nodes from 0
}

// Edge joins two nodes. When two edges join the same nodes the later one counts.
type Edge struct {
	A, B int32
	Cost int32
}

// Unreachable is the distance of nodes that no edges join.
const Unreachable = math.MaxInt32

// ReadPMedian reads: nodes, edges, p; then for every edge its two nodes and cost.
func ReadPMedian(file string, r io.Reader) (*PMedian, error) {
	in := newNumbers(file, r)
	nodes := in.whole(1, MaxNodes, "number of nodes")
	edges := in.whole(0, maxCost, "number of edges")
	p := in.whole(1, max(nodes, 1), "p, sites to open")
	out := &PMedian{Nodes: int(nodes), P: int(p)}
	for i := int64(1); i <= edges && in.err == nil; i++ {
		out.Edges = append(out.Edges, Edge{
			A:    int32(in.whole(1, nodes, "first node of edge %d", i) - 1),
			B:    int32(in.whole(1, nodes, "second node of edge %d", i) - 1),
			Cost: int32(in.whole(0, maxCost/MaxNodes, "cost of edge %d", i)),
		})
	}
	if err := in.end("the number of edges"); err != nil {
		return nil, err
	}
	return out, nil
}

// Distances gives the shortest ways between all nodes, one row for each.
func (m *PMedian) Distances() [][]int32 {
	g := m.lay()
	rows := make([][]int32, m.Nodes)
	cells := make([]int32, m.Nodes*m.Nodes)
	var heap []uint64
	for v := range rows {
		rows[v] = cells[v*m.Nodes : (v+1)*m.Nodes : (v+1)*m.Nodes]
		heap = g.from(int32(v), rows[v], heap)
	}
	return rows
}

// graph lists the neighbours of each node one node after the other.
type graph struct {
	first, to, cost []int32
}

// lay keeps of edges between the same nodes the last one.
func (m *PMedian) lay() *graph {
	last := map[[2]int32]int32{}
	key := func(e Edge) [2]int32 { return [2]int32{min(e.A, e.B), max(e.A, e.B)} }
	for i, e := range m.Edges {
		last[key(e)] = int32(i)
	}
	g := &graph{first: make([]int32, m.Nodes+1), to: make([]int32, 2*len(last)), cost: make([]int32, 2*len(last))}
	each := func(do func(from, to, cost int32)) {
		for i, e := range m.Edges {
			if last[key(e)] == int32(i) {
				do(e.A, e.B, e.Cost)
				do(e.B, e.A, e.Cost)
			}
		}
	}
	each(func(from, _, _ int32) { g.first[from+1]++ })
	for v := range m.Nodes {
		g.first[v+1] += g.first[v]
	}
	next := append([]int32(nil), g.first...)
	each(func(from, to, cost int32) {
		g.to[next[from]], g.cost[next[from]] = to, cost
		next[from]++
	})
	return g
}

// from is Dijkstra's search; heap is room to work in.
func (g *graph) from(source int32, dist []int32, heap []uint64) []uint64 {
	for v := range dist {
		dist[v] = Unreachable
	}
	dist[source] = 0
	heap = push(heap[:0], uint64(source))
	for len(heap) > 0 {
		var top uint64
		top, heap = pop(heap)
		v, d := int32(top&math.MaxUint32), int32(top>>32)
		if d > dist[v] {
			continue
		}
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if w := g.to[e]; d+g.cost[e] < dist[w] {
				dist[w] = d + g.cost[e]
				heap = push(heap, uint64(dist[w])<<32|uint64(w))
			}
		}
	}
	return heap
}

func push(heap []uint64, x uint64) []uint64 {
	heap = append(heap, x)
	for i := len(heap) - 1; i > 0 && heap[(i-1)/2] > heap[i]; i = (i - 1) / 2 {
		heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
	}
	return heap
}

func pop(heap []uint64) (uint64, []uint64) {
	top, last := heap[0], len(heap)-1
	heap[0] = heap[last]
	heap = heap[:last]
	for i := 0; 2*i+1 < last; {
		child := 2*i + 1
		if child+1 < last && heap[child+1] < heap[child] {
			child++
		}
		if heap[i] <= heap[child] {
			break
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
	return top, heap
}

// Place is a customer, and a site, of a capacitated p-median.
type Place struct {
	X, Y, Demand int64
}

// CapacitatedPMedian is an instance pmedcap: P of the places are opened, every
// place goes wholly to one open place, and none takes more than Capacity.
type CapacitatedPMedian struct {
	Best     int64 // the least known objective, as the file has it
	P        int
	Capacity int64
	Places   []Place
}

// ReadCapacitatedPMedian reads: number of the problem, best known value; places,
// p, capacity; then for every place its number, x, y and demand.
func ReadCapacitatedPMedian(file string, r io.Reader) (*CapacitatedPMedian, error) {
	in := newNumbers(file, r)
	in.whole(0, maxCost, "number of the problem")
	out := &CapacitatedPMedian{Best: in.whole(0, maxAmount, "best known value")}
	n := in.whole(1, MaxNodes, "number of places")
	out.P = int(in.whole(1, max(n, 1), "p, sites to open"))
	out.Capacity = in.whole(0, maxAmount, "capacity")
	for i := int64(1); i <= n && in.err == nil; i++ {
		in.whole(i, i, "number of place %d", i)
		out.Places = append(out.Places, Place{
			X: in.whole(-maxCost, maxCost, "x of place %d", i), Y: in.whole(-maxCost, maxCost, "y of place %d", i),
			Demand: in.whole(0, maxAmount, "demand of place %d", i),
		})
	}
	if err := in.end("the number of places"); err != nil {
		return nil, err
	}
	return out, nil
}

// Distances gives the straight distances between all places, rounded down to
// whole numbers as Osman and Christofides do.
func (m *CapacitatedPMedian) Distances() [][]int64 {
	rows := make([][]int64, len(m.Places))
	for i, a := range m.Places {
		rows[i] = make([]int64, len(m.Places))
		for j, b := range m.Places {
			rows[i][j] = floorRoot((a.X-b.X)*(a.X-b.X) + (a.Y-b.Y)*(a.Y-b.Y))
		}
	}
	return rows
}

// floorRoot is the square root rounded down, exact beyond 53 bits too.
func floorRoot(n int64) int64 {
	root := int64(math.Sqrt(float64(n)))
	for root*root > n {
		root--
	}
	for (root+1)*(root+1) <= n {
		root++
	}
	return root
}
