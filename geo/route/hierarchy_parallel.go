package route

import (
	"context"
	"sync"
	"sync/atomic"
)

// inParallel does n pieces of work on at most so many goroutines, the calling
// one among them. A piece is told which worker does it, so that each can have
// scratch memory of its own. It stops early with the context's error.
func inParallel(ctx context.Context, threads, n int, work func(worker, i int)) error {
	var next atomic.Int64
	run := func(worker int) {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			work(worker, i)
		}
	}
	var wg sync.WaitGroup
	for worker := 1; worker < min(threads, n); worker++ {
		wg.Go(func() { run(worker) })
	}
	run(0)
	wg.Wait()
	return ctx.Err()
}
