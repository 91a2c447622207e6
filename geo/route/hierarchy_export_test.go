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
