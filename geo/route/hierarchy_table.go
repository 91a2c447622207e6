package route

import (
	"cmp"
	"context"
	"slices"
)

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
	field    field[C]
	kernel   kernel[C]
	workers  []*sweeper[C]
	cells    []Cell // of one row
}

// through makes a table of costs.
func (t table[Cell]) through(ctx context.Context, g *Graph, h *Hierarchy, o MatrixOptions) (done bool, err error) {
	var near, far measures
	from, to := g.feet(t.sources, o, false, &near), g.feet(t.targets, o, true, &far)
	legs := measures{near.first + far.first, near.second + far.second}
	if values, ok := any(t).(table[uint32]); ok {
		if p, ok := h.single(legs); ok {
			c := climbing[uint32, uint32]{packing: p, table: values, g: g, h: h, o: o, from: from, to: to, kernel: kernel32}
			c.convert = func(row, _ []uint32) []uint32 { return row }
			return true, c.run(ctx)
		}
	}
	p, ok := h.both(legs)
	if !ok {
		return false, nil
	}
	c := climbing[uint64, Cell]{packing: p, table: t, g: g, h: h, o: o, from: from, to: to, kernel: kernel64}
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
	c.field.up, c.field.down = newNet(c.h, c.packing, c.o.Metric), newNet(c.h, c.packing, c.o.Metric)
	c.workers = make([]*sweeper[C], c.o.Threads)
	if len(c.sources) <= len(c.targets) {
		return c.byRows(ctx)
	}
	return c.byColumns(ctx)
}

func (c *climbing[C, Cell]) worker(i int) *sweeper[C] {
	if c.workers[i] == nil {
		c.workers[i] = newSweeper(c.packing, c.kernel)
	}
	return c.workers[i]
}

// batch is how many places climb over one net, one group after the other.
const batch = 32 * lanes

// side is one side of a table: its feet, and the half of the hierarchy that
// leads up from them.
type side struct {
	feet []foot
	half *half
}

// prepare makes the net on which the sweeps come down to goals, unless it is
// there already, and at the same time the one for a batch of places that climb.
// It gives their footings.
func (c *climbing[C, Cell]) prepare(ctx context.Context, goals *side, climbers side) ([]footing[C], error) {
	f := &c.field
	var failed error
	err := inParallel(ctx, c.o.Threads, 2, func(_, i int) {
		if i == 1 {
			f.up.up(c.h, climbers.half, climbers.feet)
		} else if goals != nil {
			failed = f.down.down(ctx, c.h, goals.half, goals.feet, c.o.Threads)
			f.feet = f.down.footings(c.h, goals.feet, f.feet)
		}
	})
	f.twins = f.down.twins(f.up, f.twins)
	return f.up.footings(c.h, climbers.feet, nil), cmp.Or(err, failed)
}

// byRows sweeps from 16 sources at a time towards all targets.
func (c *climbing[C, Cell]) byRows(ctx context.Context) error {
	width := len(c.targets)
	goals := &side{c.to, &c.h.down}
	wide, rows := make([][]C, c.o.Threads), make([]C, min(c.o.Threads*lanes, len(c.from))*width)
	for first := 0; first < len(c.from); first += batch {
		places, err := c.prepare(ctx, goals, side{c.from[first:min(first+batch, len(c.from))], &c.h.up})
		if err != nil {
			return err
		}
		goals = nil
		row := first
		for part := range slices.Chunk(places, c.o.Threads*lanes) {
			err := inParallel(ctx, c.o.Threads, groups(len(part)), func(worker, i int) {
				if wide[worker] == nil {
					wide[worker] = make([]C, width*lanes)
				}
				group := part[i*lanes : min((i+1)*lanes, len(part))]
				c.worker(worker).run(&c.field, group, wide[worker], lanes)
				transpose(wide[worker], rows[i*lanes*width:], len(group), width)
			})
			if err == nil {
				err = c.emit(row, len(part), rows)
			}
			if err != nil {
				return err
			}
			row += len(part)
		}
	}
	return nil
}

// groups is how many sweeps so many places take.
func groups(places int) int { return (places + lanes - 1) / lanes }

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
	block := make([]C, rows*width)
	for first := 0; first < len(c.from); first += rows {
		n := min(rows, len(c.from)-first)
		goals := &side{c.from[first : first+n], &c.h.up}
		for column := 0; column < width; column += batch {
			places, err := c.prepare(ctx, goals, side{c.to[column:min(column+batch, width)], &c.h.down})
			if err == nil {
				err = inParallel(ctx, c.o.Threads, groups(len(places)), func(worker, i int) {
					group := places[i*lanes : min((i+1)*lanes, len(places))]
					c.worker(worker).run(&c.field, group, block[column+i*lanes:], width)
				})
			}
			if err != nil {
				return err
			}
			goals = nil
		}
		if err := c.emit(first, n, block); err != nil {
			return err
		}
	}
	return nil
}

// emit hands n rows on, with the ways along the sources' own edges.
func (c *climbing[C, Cell]) emit(first, n int, rows []C) error {
	width := len(c.targets)
	if c.cells == nil {
		c.cells = make([]Cell, width)
	}
	for i := range n {
		row, from := rows[i*width:(i+1)*width], c.sources[first+i]
		for _, j := range c.onEdge[from.Edge] {
			if cost, ok := c.g.direct(from, c.targets[j], c.o.Filter); ok {
				row[j] = min(row[j], c.of(measuresOf(cost, c.o.Metric)))
			}
		}
		if err := c.row(first+i, c.convert(row, c.cells)); err != nil {
			return err
		}
	}
	return nil
}
