package route

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"unsafe"

	"github.com/qiantu/qiantu/geo"
)

// MatrixOptions say how a matrix is measured. The zero value is by length, over
// all edges, on all processors.
type MatrixOptions struct {
	Metric  Metric
	Filter  *Filter
	Threads int // goroutines that compute; 0: one a processor

	// Keeper has hierarchies, which are used where they are ready and pay, and
	// made where they would pay. nil: plain sweeps.
	Keeper *Keeper
}

// Values of a matrix of single measures that are no measure.
const (
	NoPath = math.MaxUint32     // there is no path
	TooFar = math.MaxUint32 - 1 // there is one of 4,294 km or 49 days, or more
)

// Matrix gives the costs from every source to every target, row by row in the
// order of the sources: what [Query.ToTargets] gives, bit by bit. The slice is
// used again for later rows. It holds some 32 MiB of cells whatever the size of
// the matrix, and calls row from the calling goroutine. It stops at the first
// error of row, or of the context.
func (g *Graph) Matrix(ctx context.Context, sources, targets []Snap, o MatrixOptions, row func(source int, costs []Cost) error) error {
	return measure(ctx, g, table[Cost]{sources, targets, func(c Cost) Cost { return c }, row, cellMemory}, o)
}

// MatrixValues is Matrix with the minimised measure alone, in millimetres or
// milliseconds, [NoPath] or [TooFar]: faster, and ready to be sent.
func (g *Graph) MatrixValues(ctx context.Context, sources, targets []Snap, o MatrixOptions, row func(source int, values []uint32) error) error {
	value := func(c Cost) uint32 { return valueOf(c, o.Metric) }
	return measure(ctx, g, table[uint32]{sources, targets, value, row, cellMemory}, o)
}

func valueOf(c Cost, m Metric) uint32 {
	v := c.MM
	if m == ByTime {
		v = c.MS
	}
	if !c.Reachable() {
		return NoPath
	}
	return uint32(min(v, TooFar))
}

// table is a matrix to be computed, of cells of some kind.
type table[C any] struct {
	sources, targets []Snap
	cell             func(Cost) C
	row              func(source int, cells []C) error
	memory           int // bound of the bytes of cells that are held while rows are made
}

const cellMemory = 32 << 20

// blockRows is how many rows are held at once.
func (t table[C]) blockRows() int {
	var c C
	width := max(1, len(t.targets)) * int(unsafe.Sizeof(c))
	return min(max(1, t.memory/width), max(1, len(t.sources)))
}

func measure[C any](ctx context.Context, g *Graph, t table[C], o MatrixOptions) error {
	if err := g.checkSnaps("source", t.sources); err != nil {
		return err
	}
	if err := g.checkSnaps("target", t.targets); err != nil {
		return err
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	h, done := t.hierarchy(g, o), 0
	if h == nil {
		var err error
		done, h, err = t.plain(ctx, g, o)
		if err != nil || h == nil {
			return err
		}
	}
	if able, err := t.after(done).through(ctx, g, h, o); able {
		return err
	}
	o.Keeper = nil
	_, _, err := t.after(done).plain(ctx, g, o)
	return err
}

// after is the table without its first rows.
func (t table[C]) after(rows int) table[C] {
	row := t.row
	t.sources = t.sources[rows:]
	t.row = func(source int, cells []C) error { return row(rows+source, cells) }
	return t
}

// hierarchy gives the one to use, if there is one and it pays. By the benchmark
// WhereItPays, with one that is ready and 2,000 places on the larger side, it is
// so many times as fast as plain sweeps:
//
//	nodes     1     2     4     8    16    64  places on the smaller side
//	  400   0.5   1.8   3.2   4.0   7.8    21
//	2,500   0.9   1.3   2.7   6.1   7.1    28
//	10,000  0.9   1.6   3.8   5.8    10    21
//	67,600  2.2   3.5   6.5    12    29    94
//
// To make one costs as much as some 200 sweeps, in the background; it is begun
// at the first matrix that gains by it, since big matrices are seldom asked for
// once. The smallest networks are not worth the memory.
func (t table[C]) hierarchy(g *Graph, o MatrixOptions) *Hierarchy {
	sweeps := min(len(t.sources), len(t.targets))
	if o.Keeper == nil || g.Nodes() < hierarchyNodes || sweeps < hierarchySweeps {
		return nil
	}
	return o.Keeper.hierarchy(g, o.Filter, o.Metric)
}

const (
	hierarchyNodes  = 2000 // of the smallest network that gets one
	hierarchySweeps = 4    // places on the smaller side of the smallest matrix that uses it
)

// checkSnaps refuses places that are of another network.
func (g *Graph) checkSnaps(what string, snaps []Snap) error {
	for i, s := range snaps {
		if s.Edge < 0 || int(s.Edge) >= g.Edges() {
			return fmt.Errorf("route: %s %d is on edge %d, the network has %d; snap it to this one", what, i, s.Edge, g.Edges())
		}
		if length := geo.Millimetre(g.length[s.Edge]); s.At < 0 || s.At > length || s.Access < 0 {
			return fmt.Errorf("route: %s %d is at %v with an access of %v, edge %d is %v long; snap it to this network", what, i, s.At, s.Access, s.Edge, length)
		}
	}
	return nil
}
