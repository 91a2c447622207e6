package api

import (
	"context"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on answers that take long to work out: how much is held, about and in
// bytes, how many are worked out at a time, and how long one is waited for. An
// answer weighs at least costlyWeight.
const (
	costlyHeld   = 64 << 20
	costlyWeight = 4 << 10
	costlyAtOnce = 2
	costlyTime   = 45 * time.Second
)

// costly works out long answers about a county, each once for all who ask the
// same, few at a time. Whoever leaves waits no longer; what nobody waits for is
// not begun, and ends where it can. Answers are held by weight, and no longer
// than the live county that they were made of.
type costly struct {
	held   *lru[costlyKey, any]
	flight flight[costlyKey, any]
	slots  chan struct{}
}

type costlyKey struct {
	live   int64 // number of the live county
	county int64 // and of the one that the question derived from it
	what   string
}

func newCostly() *costly {
	return &costly{held: newLRU[costlyKey, any](costlyHeld), slots: make(chan struct{}, costlyAtOnce)}
}

// forget drops what was made of counties that are no longer live.
func (l *costly) forget(w *world) {
	live := w.liveNumbers()
	l.held.drain(func(k costlyKey) bool { return !live[k.live] })
}

// workOut gives what make makes of a county, what naming it with all it depends
// on, and weigh about how many bytes it takes.
func workOut[T any](ctx context.Context, s *Server, c *county, what string, weigh func(T) int64, make func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, costlyTime)
	defer cancel()
	var none T
	key := costlyKey{c.live().number, c.number, what}
	answer, held := s.costly.held.get(key)
	if !held {
		var err error
		answer, err = s.costly.flight.do(ctx, key, func(ctx context.Context) (any, error) {
			select {
			case s.costly.slots <- struct{}{}:
				defer func() { <-s.costly.slots }()
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			made, err := make(ctx)
			if err == nil {
				s.costly.held.put(key, made, costlyWeight+weigh(made))
			}
			return made, err
		})
		if ctx.Err() != nil {
			return none, planner.Errorf(planner.Unavailable, "this takes long to work out; ask again")
		}
		if err != nil {
			return none, err
		}
	}
	out, _ := answer.(T)
	return out, nil
}
