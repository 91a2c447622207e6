package solve

import (
	"context"
	"fmt"
	"math"
)

// Network is a directed network: arc i leads from node From[i] to node To[i] and
// carries at most Cap[i]. Nodes are numbered from 0. Arcs may be parallel, of no
// capacity, or loops.
type Network struct {
	Nodes    int
	From, To []int32
	Cap      []int64
}

// Unbounded is the capacity of an arc that has no limit of its own.
const Unbounded = math.MaxInt64

// maxTotal is the most that bounded capacities may sum up to: the products of two such
// sums stay within 128 bits.
const maxTotal = 1 << 62

// Flow is a maximum flow from a source to a sink.
type Flow struct {
	Value int64

	// Arc is what each arc carries. It is one of the maximum flows; which one
	// depends on the order of the arcs, Value and Cut do not.
	Arc []int64

	// Cut tells by node whether it is on the source's side of the smallest
	// minimum cut: the one with the fewest nodes there. The arcs that leave this
	// side are full, and their capacities sum up to Value.
	Cut []bool
}

// MaxFlow finds a maximum flow and its minimum cut. Bounded capacities must not
// sum up to more than 2^62. Without a bound on the flow there is an error.
func MaxFlow(ctx context.Context, n *Network, source, sink int32) (*Flow, error) {
	if err := n.check(source, sink); err != nil {
		return nil, err
	}
	r := newResidual(n.Nodes, n.From, n.To)
	for i, c := range n.Cap {
		if c == Unbounded {
			r.left[r.at[i]] = boundless
		} else {
			r.left[r.at[i]] = narrow(c)
		}
	}
	value, err := r.run(ctx, source, sink)
	if err != nil {
		return nil, err
	}
	f := &Flow{Value: int64(value.lo), Arc: make([]int64, len(n.Cap)), Cut: make([]bool, n.Nodes)}
	for i := range f.Arc {
		f.Arc[i] = int64(r.left[r.back[r.at[i]]].lo)
	}
	for v, level := range r.level {
		f.Cut[v] = level >= 0
	}
	return f, nil
}

func (n *Network) check(source, sink int32) error {
	if len(n.From) != len(n.To) || len(n.From) != len(n.Cap) {
		return fmt.Errorf("a network has %d tails, %d heads and %d capacities of arcs; it needs as many of each", len(n.From), len(n.To), len(n.Cap))
	}
	outside := func(v int32) bool { return v < 0 || int(v) >= n.Nodes }
	if outside(source) || outside(sink) || source == sink {
		return fmt.Errorf("source %d and sink %d are not two of the %d nodes", source, sink, n.Nodes)
	}
	total := int64(0)
	for i, c := range n.Cap {
		if outside(n.From[i]) || outside(n.To[i]) {
			return fmt.Errorf("arc %d leads from %d to %d; there are %d nodes", i, n.From[i], n.To[i], n.Nodes)
		}
		if c == Unbounded {
			continue
		}
		if c < 0 || c > maxTotal-total {
			return fmt.Errorf("arc %d has the capacity %d; it must not be negative, nor all together more than 2^62", i, c)
		}
		total += c
	}
	return nil
}
