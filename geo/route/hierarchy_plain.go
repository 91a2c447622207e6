package route

import (
	"context"
	"errors"
	"sync/atomic"
)

// plain makes a matrix by one sweep for each source or, where that takes fewer,
// one for each target in every block of rows. When meanwhile a hierarchy gets
// ready it stops: the rows from done on are left to that.
func (t table[C]) plain(ctx context.Context, g *Graph, o MatrixOptions) (done int, h *Hierarchy, err error) {
	s := sweeps[C]{table: t, g: g, o: o, queries: make([]*Query, o.Threads)}
	blocks := (len(t.sources) + t.blockRows() - 1) / t.blockRows()
	if blocks*len(t.targets) < len(t.sources) {
		err = s.byColumns(ctx)
	} else {
		err = s.byRows(ctx)
	}
	if errors.Is(err, errReady) {
		return s.done, s.ready.Load(), nil
	}
	return s.done, nil, err
}

// errReady ends plain sweeps when there is a hierarchy.
var errReady = errors.New("a hierarchy is ready")

// sweeps makes a matrix by plain sweeps.
type sweeps[C any] struct {
	table[C]
	g       *Graph
	o       MatrixOptions
	queries []*Query // by worker
	done    int      // rows handed on
	ready   atomic.Pointer[Hierarchy]
}

func (s *sweeps[C]) query(worker int) *Query {
	if s.queries[worker] == nil {
		s.queries[worker] = s.g.NewQuery()
		s.queries[worker].Metric, s.queries[worker].Filter = s.o.Metric, s.o.Filter
	}
	return s.queries[worker]
}

// sweep does some sweeps at once, and looks before each whether they are still
// needed.
func (s *sweeps[C]) sweep(ctx context.Context, n int, work func(worker, i int)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err := inParallel(ctx, s.o.Threads, n, func(worker, i int) {
		if h := s.hierarchy(s.g, s.o); h != nil {
			s.ready.Store(h)
			stop(errReady)
			return
		}
		work(worker, i)
	})
	if err != nil {
		return context.Cause(ctx)
	}
	return nil
}

// hand hands rows on.
func (s *sweeps[C]) hand(cells []C, n int) error {
	width := len(s.targets)
	for i := range n {
		if err := s.row(s.done, cells[i*width:(i+1)*width]); err != nil {
			return err
		}
		s.done++
	}
	return nil
}

// byRows computes as many rows at once as there are threads.
func (s *sweeps[C]) byRows(ctx context.Context) error {
	threads, width := s.o.Threads, len(s.targets)
	costs, cells := make([][]Cost, threads), make([]C, threads*width)
	for s.done < len(s.sources) {
		n := min(threads, len(s.sources)-s.done)
		err := s.sweep(ctx, n, func(worker, i int) {
			costs[worker] = s.query(worker).ToTargets(s.sources[s.done+i], s.targets, costs[worker])
			for j, c := range costs[worker] {
				cells[i*width+j] = s.cell(c)
			}
		})
		if err == nil {
			err = s.hand(cells, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// byColumns searches towards each target and reads off all sources of a block.
func (s *sweeps[C]) byColumns(ctx context.Context) error {
	rows, width := s.blockRows(), len(s.targets)
	cells := make([]C, rows*width)
	for s.done < len(s.sources) {
		block := s.sources[s.done:min(s.done+rows, len(s.sources))]
		err := s.sweep(ctx, width, func(worker, j int) {
			q := s.query(worker)
			q.Toward(s.targets[j])
			for i, from := range block {
				r, _ := q.Reach(from)
				cells[i*width+j] = s.cell(r.Cost)
			}
		})
		if err == nil {
			err = s.hand(cells, len(block))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
