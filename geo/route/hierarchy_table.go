package route

import "context"

// climbing makes a table through a hierarchy, of packed costs C, in cells of
// another kind.
type climbing[C packed, Cell any] struct {
	packing[C]
	table[Cell]
	g       *Graph
	h       *Hierarchy
	o       MatrixOptions
	convert func(packed []C, into []Cell) []Cell

	from, to []foot
	onEdge   map[int32][]int32 // targets by edge
	space    *space[C]
	workers  []*sweeper[C]
}

// through makes a table of costs.
func (t table[Cell]) through(ctx context.Context, g *Graph, h *Hierarchy, o MatrixOptions) (done bool, err error) {
	var near, far measures
	from, to := g.feet(t.sources, o, false, &near), g.feet(t.targets, o, true, &far)
	legs := measures{near.first + far.first, near.second + far.second}
	if values, ok := any(t).(table[uint32]); ok {
		if p, ok := h.single(legs); ok {
			c := climbing[uint32, uint32]{packing: p, table: values, g: g, h: h, o: o, from: from, to: to}
			c.convert = func(row, _ []uint32) []uint32 { return row }
			return true, c.run(ctx)
		}
	}
	p, ok := h.both(legs)
	if !ok {
		return false, nil
	}
	c := climbing[uint64, Cell]{packing: p, table: t, g: g, h: h, o: o, from: from, to: to}
	c.convert = func(row []uint64, into []Cell) []Cell {
		for i, v := range row {
			into[i] = t.cell(p.cost(v, o.Metric))
		}
		return into
	}
	return true, c.run(ctx)
}

func (c *climbing[C, Cell]) run(ctx context.Context) error {
	c.onEdge = map[int32][]int32{}
	for i, s := range c.targets {
		c.onEdge[s.Edge] = append(c.onEdge[s.Edge], int32(i))
	}
	c.space = newSpace(c.h, c.packing)
	c.workers = make([]*sweeper[C], c.o.Threads)
	if len(c.sources) <= len(c.targets) {
		return c.byRows(ctx)
	}
	return c.byColumns(ctx)
}

func (c *climbing[C, Cell]) worker(i int) *sweeper[C] {
	if c.workers[i] == nil {
		c.workers[i] = newSweeper(c.h, c.packing)
	}
	return c.workers[i]
}

// byRows sweeps from 16 sources at a time towards all targets.
func (c *climbing[C, Cell]) byRows(ctx context.Context) error {
	width := len(c.targets)
	c.space.set(c.h, &c.h.down, c.to, c.o.Metric)
	wide, rows := make([][]C, c.o.Threads), make([]C, c.o.Threads*lanes*width)
	cells := make([]Cell, width)
	step := c.o.Threads * lanes
	for first := 0; first < len(c.from); first += step {
		n := min(step, len(c.from)-first)
		err := inParallel(ctx, c.o.Threads, (n+lanes-1)/lanes, func(worker, group int) {
			if wide[worker] == nil {
				wide[worker] = make([]C, width*lanes)
			}
			sources := c.from[first+group*lanes : first+min((group+1)*lanes, n)]
			c.worker(worker).run(c.h, &c.h.up, sources, c.o.Metric, c.space, wide[worker], lanes)
			transpose(wide[worker], rows[group*lanes*width:], len(sources), width)
		})
		if err != nil {
			return err
		}
		for i := range n {
			if err := c.emit(first+i, rows[i*width:(i+1)*width], cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// transpose writes columns as rows.
func transpose[C packed](wide, rows []C, n, width int) {
	for j := range width {
		column := wide[j*lanes:]
		column = column[:n]
		for k, v := range column {
			rows[k*width+j] = v
		}
	}
}

// byColumns sweeps from 16 targets at a time towards a block of sources.
func (c *climbing[C, Cell]) byColumns(ctx context.Context) error {
	width, rows := len(c.targets), c.blockRows()
	block, cells := make([]C, rows*width), make([]Cell, width)
	for first := 0; first < len(c.from); first += rows {
		n := min(rows, len(c.from)-first)
		c.space.set(c.h, &c.h.up, c.from[first:first+n], c.o.Metric)
		err := inParallel(ctx, c.o.Threads, (width+lanes-1)/lanes, func(worker, group int) {
			targets := c.to[group*lanes : min((group+1)*lanes, width)]
			c.worker(worker).run(c.h, &c.h.down, targets, c.o.Metric, c.space, block[group*lanes:], width)
		})
		if err != nil {
			return err
		}
		for i := range n {
			if err := c.emit(first+i, block[i*width:(i+1)*width], cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// emit hands a row on, with the ways along the source's own edge.
func (c *climbing[C, Cell]) emit(source int, row []C, cells []Cell) error {
	from := c.sources[source]
	for _, j := range c.onEdge[from.Edge] {
		if cost, ok := c.g.direct(from, c.targets[j], c.o.Filter); ok {
			row[j] = min(row[j], c.of(measuresOf(cost, c.o.Metric)))
		}
	}
	return c.row(source, c.convert(row, cells))
}
