package api

import (
	"context"
	"sync"
)

// flight lets callers that want the same thing at the same time share one
// making of it. The making is cancelled when the last of them has left.
type flight[K comparable, V any] struct {
	mu    sync.Mutex
	calls map[K]*call[V]
}

type call[V any] struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	value   V
	err     error
}

// do returns what fn makes for key, making it at most once at a time.
func (f *flight[K, V]) do(ctx context.Context, key K, fn func(context.Context) (V, error)) (V, error) {
	c := f.join(ctx, key, fn)
	select {
	case <-c.done:
		f.leave(key, c)
		return c.value, c.err
	case <-ctx.Done():
		f.leave(key, c)
		var none V
		return none, ctx.Err()
	}
}

// join returns the call in progress for key, or starts one.
func (f *flight[K, V]) join(ctx context.Context, key K, fn func(context.Context) (V, error)) *call[V] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.calls[key]; ok {
		c.waiters++
		return c
	}
	if f.calls == nil {
		f.calls = map[K]*call[V]{}
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &call[V]{done: make(chan struct{}), cancel: cancel, waiters: 1}
	f.calls[key] = c
	go func() {
		defer close(c.done)
		c.value, c.err = fn(work)
		f.forget(key, c)
	}()
	return c
}

// leave takes one waiter away; the last one ends the work. A call nobody waits
// for is forgotten at once, so that a newcomer never joins a cancelled one.
func (f *flight[K, V]) leave(key K, c *call[V]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.waiters--; c.waiters == 0 {
		c.cancel()
		if f.calls[key] == c {
			delete(f.calls, key)
		}
	}
}

func (f *flight[K, V]) forget(key K, c *call[V]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls[key] == c {
		delete(f.calls, key)
	}
}
