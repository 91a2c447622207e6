package route

import "context"

// MatrixThrough is Matrix by a hierarchy made for it, however small it is, in
// blocks of few rows.
func (g *Graph) MatrixThrough(ctx context.Context, sources, targets []Snap, o MatrixOptions, row func(int, []Cost) error) error {
	return through(ctx, g, table[Cost]{sources, targets, func(c Cost) Cost { return c }, row, 4000}, o)
}

// MatrixValuesThrough is MatrixValues so.
func (g *Graph) MatrixValuesThrough(ctx context.Context, sources, targets []Snap, o MatrixOptions, row func(int, []uint32) error) error {
	return through(ctx, g, table[uint32]{sources, targets, func(c Cost) uint32 { return valueOf(c, o.Metric) }, row, 4000}, o)
}

func through[C any](ctx context.Context, g *Graph, t table[C], o MatrixOptions) error {
	h, err := buildHierarchy(ctx, g.arcList(o.Filter, o.Metric), 1)
	if err != nil {
		return err
	}
	o.Threads = max(1, o.Threads)
	done, err := t.through(ctx, g, h, o)
	if !done {
		return errTooLong
	}
	return err
}

// BuildHierarchy makes the hierarchy of a metric and a filter.
func (g *Graph) BuildHierarchy(ctx context.Context, o MatrixOptions) (*Hierarchy, error) {
	return buildHierarchy(ctx, g.arcList(o.Filter, o.Metric), o.Threads)
}

// MatrixValuesBy is MatrixValues by a hierarchy.
func (g *Graph) MatrixValuesBy(ctx context.Context, h *Hierarchy, sources, targets []Snap, o MatrixOptions, row func(int, []uint32) error) error {
	t := table[uint32]{sources, targets, func(c Cost) uint32 { return valueOf(c, o.Metric) }, row, cellMemory}
	done, err := t.through(ctx, g, h, o)
	if !done {
		return errTooLong
	}
	return err
}

// Bytes is the memory of a hierarchy.
func (h *Hierarchy) Bytes() int {
	return 4*len(h.rank) + 4*len(h.up.start) + 4*len(h.down.start) + 12*(len(h.up.arcs)+len(h.down.arcs))
}

// KernelNames are the kernels of this processor.
func KernelNames() (out []string) {
	for _, k := range kernels32() {
		out = append(out, k.name)
	}
	return out
}

// UseKernel chooses one, until the function it gives is called.
func UseKernel(name string) (back func()) {
	before := kernel32
	for _, k := range kernels32() {
		if k.name == name {
			kernel32 = k
		}
	}
	return func() { kernel32 = before }
}
