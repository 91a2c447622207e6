package api

import (
	"context"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on answers that take long to work out: how much is held, about and in
// bytes, how many are worked out at a time and are wanted by one caller, how
// long one is waited for, and how long it may take. An answer weighs at least
// costlyWeight.
const (
	costlyHeld   = 64 << 20
	costlyWeight = 4 << 10
	costlyAtOnce = 2
	costlyEach   = 6
	costlyTime   = 45 * time.Second
	costlyMost   = 10 * time.Minute
)

// costly works out long answers about a county, each once for all who ask the
// same, few at a time. Who waits too long is told to ask again and finds it
// done; what all have left is not begun, and ends where it can. Answers are held
// by weight, and no longer than the live county that they were made of.
type costly struct {
	held    *lru[costlyKey, any]
	flight  flight[costlyKey, any]
	slots   chan struct{}
	quota   quota
	patient time.Duration // costlyTime
}

type costlyKey struct {
	live   int64 // number of the live county
	county int64 // and of the one that the question derived from it
	what   string
}

func newCostly() *costly {
	return &costly{held: newLRU[costlyKey, any](costlyHeld), slots: make(chan struct{}, costlyAtOnce), quota: newQuota(costlyEach), patient: costlyTime}
}

// forget drops what was made of counties that are no longer live.
func (l *costly) forget(w *world) {
	live := w.liveNumbers()
	l.held.drain(func(k costlyKey) bool { return !live[k.live] })
}

// workOut gives what make makes of a county, what naming it with all it depends
// on, and weigh about how many bytes it takes.
func workOut[T any](ctx context.Context, s *Server, c *county, what string, weigh func(T) int64, make func(context.Context) (T, error)) (T, error) {
	var none T
	key := costlyKey{c.live().number, c.number, what}
	answer, held := s.costly.held.get(key)
	if !held {
		var err error
		answer, err = s.costly.wait(ctx, key, func(ctx context.Context) (any, int64, error) {
			made, err := make(ctx)
			if err != nil {
				return nil, 0, err
			}
			return made, weigh(made), nil
		})
		if err != nil {
			return none, err
		}
	}
	out, _ := answer.(T)
	return out, nil
}

// wait is for an answer that is being made, or begins to make it.
func (l *costly) wait(ctx context.Context, key costlyKey, how func(context.Context) (any, int64, error)) (any, error) {
	leave := l.quota.join(callerOf(ctx).name())
	if leave == nil {
		return nil, planner.Errorf(planner.Unavailable, "%d of your questions are being worked out, as many as one may ask at a time; wait for one of them", costlyEach)
	}
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), costlyMost)
	type outcome struct {
		answer any
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer cancel()
		defer leave()
		answer, err := l.flight.do(work, key, func(ctx context.Context) (any, error) { return l.make(ctx, key, how) })
		done <- outcome{answer, err}
	}()
	select {
	case o := <-done:
		if o.err == nil || work.Err() == nil || planner.CodeOf(o.err) != "" {
			return o.answer, o.err
		}
	case <-time.After(l.patient): // the work goes on
	case <-ctx.Done():
		cancel()
	}
	return nil, planner.Errorf(planner.Unavailable, "this takes long to work out; ask again")
}

// make takes a place and makes an answer, which is held from then on.
func (l *costly) make(ctx context.Context, key costlyKey, how func(context.Context) (any, int64, error)) (any, error) {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	made, weight, err := how(ctx)
	if err == nil {
		l.held.put(key, made, costlyWeight+weight)
	}
	return made, err
}
