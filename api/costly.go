package api

import (
	"context"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on answers that take long to work out: how many are held, how many are
// worked out at a time, and how long one is waited for.
const (
	costlyHeld   = 64
	costlyAtOnce = 2
	costlyTime   = 45 * time.Second
)

// costly works out long answers about a county, each once for all who ask the
// same, few at a time. Whoever leaves waits no longer; what nobody waits for is
// not begun.
type costly struct {
	held   *lru[costlyKey, any]
	flight flight[costlyKey, any]
	slots  chan struct{}
}

type costlyKey struct {
	county int64 // its number
	what   string
}

func newCostly() *costly {
	return &costly{held: newLRU[costlyKey, any](costlyHeld), slots: make(chan struct{}, costlyAtOnce)}
}

// workOut gives what make makes of a county, what naming it with all it depends
// on.
func workOut[T any](ctx context.Context, s *Server, c *county, what string, make func() (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, costlyTime)
	defer cancel()
	var none T
	key := costlyKey{c.number, what}
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
			made, err := make()
			if err == nil {
				s.costly.held.put(key, made, 1)
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
