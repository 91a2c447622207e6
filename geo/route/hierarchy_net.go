package route

import (
	"context"
	"slices"
)

// net is the part of a hierarchy that lies above some places, as plain arrays
// in the order of a sweep (Delling, Goldberg, Werneck 2011): each node has the
// arcs that come to it from nodes before it. Nodes are numbered from 1; 0 is one
// that nothing reaches.
type net[C packed] struct {
	packing[C]
	metric Metric
	set    *rankSet
	local  []uint32 // by rank: its number, or 0
	ranks  []uint32 // by number - 1

	start []uint32 // of the arcs of the number v: start[v-1] to start[v]
	from  []uint32
	cost  []C
}

// newNet makes the scratch memory: 4 bytes for each node of the network.
func newNet[C packed](h *Hierarchy, p packing[C], m Metric) *net[C] {
	return &net[C]{packing: p, metric: m, set: newRankSet(len(h.rank)), local: make([]uint32, len(h.rank))}
}

// gather numbers the nodes above some feet over one half, falling or rising.
func (n *net[C]) gather(h *Hierarchy, half *half, feet []foot, falling bool) {
	for _, r := range n.ranks {
		n.local[r] = 0
	}
	n.ranks = n.set.above(h, half, feet, n.ranks)
	if falling {
		slices.Reverse(n.ranks)
	}
	for i, r := range n.ranks {
		n.local[r] = uint32(i + 1)
	}
	n.start = append(n.start[:0], make([]uint32, len(n.ranks)+1)...)
}

// down makes it the net that a sweep passes on its way down to some feet.
func (n *net[C]) down(ctx context.Context, h *Hierarchy, half *half, feet []foot, threads int) error {
	n.gather(h, half, feet, true)
	for i, r := range n.ranks {
		n.start[i+1] = n.start[i] + uint32(len(half.at(r)))
	}
	n.room()
	const piece = 4096
	return inParallel(ctx, threads, (len(n.ranks)+piece-1)/piece, func(_, p int) {
		for i := p * piece; i < min((p+1)*piece, len(n.ranks)); i++ {
			at := n.start[i]
			for k, a := range half.at(n.ranks[i]) {
				n.from[int(at)+k] = n.local[a.node]
				n.cost[int(at)+k] = n.of(measures{uint64(a.first), uint64(a.second)})
			}
		}
	})
}

// up makes it the net on which some feet climb to all that is above them.
func (n *net[C]) up(h *Hierarchy, half *half, feet []foot) {
	n.gather(h, half, feet, false)
	for _, r := range n.ranks {
		for _, a := range half.at(r) {
			n.start[n.local[a.node]]++
		}
	}
	for i := range n.ranks { // start[v] is where the arcs of v end, and from there they are laid
		n.start[i+1] += n.start[i]
	}
	n.room()
	for i, r := range slices.Backward(n.ranks) {
		for _, a := range half.at(r) {
			to := n.local[a.node]
			n.start[to]--
			n.from[n.start[to]] = uint32(i + 1)
			n.cost[n.start[to]] = n.of(measures{uint64(a.first), uint64(a.second)})
		}
	}
	n.start = append(slices.Delete(n.start, 0, 1), uint32(len(n.from)))
}

// room makes room for the arcs.
func (n *net[C]) room() {
	arcs := int(n.start[len(n.ranks)])
	n.from = slices.Grow(n.from[:0], arcs)[:arcs]
	n.cost = slices.Grow(n.cost[:0], arcs)[:arcs]
}

// footing is a foot on a net.
type footing[C packed] struct {
	node [2]uint32 // 0: there is no such end
	cost [2]C
}

// footings puts feet on the net that was made for them.
func (n *net[C]) footings(h *Hierarchy, feet []foot, into []footing[C]) []footing[C] {
	into = into[:0]
	for _, f := range feet {
		var at footing[C]
		for end, node := range f.node[:f.ends] {
			at.node[end], at.cost[end] = n.local[h.rank[node]], n.of(measuresOf(f.cost[end], n.metric))
		}
		into = append(into, at)
	}
	return into
}

// twins gives for each number of this net the number of the same node on
// another.
func (n *net[C]) twins(other *net[C], into []uint32) []uint32 {
	into = into[:0]
	for _, r := range n.ranks {
		into = append(into, other.local[r])
	}
	return into
}
