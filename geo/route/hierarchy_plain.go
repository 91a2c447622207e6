package route

import "context"

// plain makes a matrix by one sweep for each source or, where that takes fewer,
// one for each target in every block of rows.
func (t table[C]) plain(ctx context.Context, g *Graph, o MatrixOptions) error {
	blocks := (len(t.sources) + t.blockRows() - 1) / t.blockRows()
	queries := make([]*Query, o.Threads)
	query := func(worker int) *Query {
		if queries[worker] == nil {
			queries[worker] = g.NewQuery()
			queries[worker].Metric, queries[worker].Filter = o.Metric, o.Filter
		}
		return queries[worker]
	}
	if blocks*len(t.targets) < len(t.sources) {
		return t.byColumns(ctx, o.Threads, query)
	}
	return t.byRows(ctx, o.Threads, query)
}

// byRows computes as many rows at once as there are threads.
func (t table[C]) byRows(ctx context.Context, threads int, query func(worker int) *Query) error {
	costs := make([][]Cost, threads)
	cells := make([]C, threads*len(t.targets))
	at := func(i int) []C { return cells[i*len(t.targets) : (i+1)*len(t.targets)] }
	for first := 0; first < len(t.sources); first += threads {
		n := min(threads, len(t.sources)-first)
		err := inParallel(ctx, threads, n, func(worker, i int) {
			costs[worker] = query(worker).ToTargets(t.sources[first+i], t.targets, costs[worker])
			for j, c := range costs[worker] {
				at(i)[j] = t.cell(c)
			}
		})
		for i := 0; i < n && err == nil; i++ {
			err = t.row(first+i, at(i))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// byColumns searches towards each target and reads off all sources of a block.
func (t table[C]) byColumns(ctx context.Context, threads int, query func(worker int) *Query) error {
	rows, width := t.blockRows(), len(t.targets)
	cells := make([]C, rows*width)
	return t.inBlocks(cells, func(first, n int) error {
		return inParallel(ctx, threads, width, func(worker, j int) {
			q := query(worker)
			q.Toward(t.targets[j])
			for i, s := range t.sources[first : first+n] {
				r, _ := q.Reach(s)
				cells[i*width+j] = t.cell(r.Cost)
			}
		})
	})
}

// inBlocks fills a block of rows after the other, and hands them on.
func (t table[C]) inBlocks(cells []C, fill func(first, n int) error) error {
	rows, width := t.blockRows(), len(t.targets)
	for first := 0; first < len(t.sources); first += rows {
		n := min(rows, len(t.sources)-first)
		if err := fill(first, n); err != nil {
			return err
		}
		for i := range n {
			if err := t.row(first+i, cells[i*width:(i+1)*width]); err != nil {
				return err
			}
		}
	}
	return nil
}
