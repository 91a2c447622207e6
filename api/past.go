package api

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on reading the past: how many assessments are held, how many may be
// read at a time, and how long one may take.
const (
	pastHeld    = 8
	pastAtOnce  = 2
	pastTimeout = 30 * time.Second
)

// past assesses counties as of other days, or as known at other instants. The
// revision is part of the key, so an answer is never older than the world.
type past struct {
	store  Store
	held   *lru[pastKey, *planner.Assessment]
	flight flight[pastKey, *planner.Assessment]
	slots  chan struct{}
}

type pastKey struct {
	query planner.SnapshotQuery
	seq   int64
}

func newPast(store Store) *past {
	return &past{store: store, held: newLRU[pastKey, *planner.Assessment](pastHeld), slots: make(chan struct{}, pastAtOnce)}
}

// get gives the assessment of a key, made after the county's of today, from which
// it takes over what was measured of roads that have stayed as they were.
func (p *past) get(ctx context.Context, key pastKey, today *planner.Assessment) (*planner.Assessment, error) {
	if a, ok := p.held.get(key); ok {
		return a, nil
	}
	return p.flight.do(ctx, key, func(ctx context.Context) (*planner.Assessment, error) {
		ctx, cancel := context.WithTimeout(ctx, pastTimeout)
		defer cancel()
		a, err := p.read(ctx, key.query, today)
		if err == nil {
			p.held.put(key, a, 1)
		}
		return a, err
	})
}

func (p *past) read(ctx context.Context, q planner.SnapshotQuery, today *planner.Assessment) (*planner.Assessment, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, planner.Errorf(planner.Unavailable, "too many reports of other days are being made; ask again")
	}
	snapshot, err := p.store.Snapshot(ctx, q)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, planner.Errorf(planner.Unavailable, "reading %s as of %s took too long; ask again", q.Region, q.AsOf)
	}
	if err != nil {
		return nil, err
	}
	return planner.AssessAfter(today, snapshot), nil
}

// county gives what a question is about: a county of the live world, or one as
// the question sees it, and the revision it is true for.
func (s *Server) county(ctx context.Context, q Question) (*county, int64, error) {
	return s.countyIn(ctx, s.world.Load(), q)
}

func (s *Server) countyIn(ctx context.Context, w *world, q Question) (*county, int64, error) {
	if w == nil {
		return nil, 0, s.errNotReady()
	}
	live := w.county(personOf(ctx), q.Region)
	if live == nil {
		return nil, 0, noCounty(q.Region)
	}
	asked, err := q.parse()
	if err != nil {
		return nil, 0, err
	}
	if asked.scenario != 0 {
		if asked, err = s.supposed(ctx, asked); err != nil {
			return nil, 0, err
		}
	}
	c, err := s.asks.get(ctx, w, live, asked)
	if err != nil {
		return nil, 0, err
	}
	if c.snapshot.AsOf == live.snapshot.AsOf && asked.day.KnownAt.IsZero() {
		return c, w.revision, nil
	}
	return c, c.snapshot.Revision, nil
}

// assessment is the assessment of what a question is about.
func (s *Server) assessment(ctx context.Context, q Question) (*planner.Assessment, int64, error) {
	c, revision, err := s.county(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	return c.assessment, revision, nil
}

// assessmentIn is a county of a world as of a day.
func (s *Server) assessmentIn(ctx context.Context, w *world, c *county, day planner.SnapshotQuery) (*planner.Assessment, error) {
	asked, err := s.asks.get(ctx, w, c, asking{day: day})
	if err != nil {
		return nil, err
	}
	return asked.assessment, nil
}

// wholeNumber reads ASCII digits, no sign and no leading zero, within bounds.
func wholeNumber(s string, low, high int64) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != s || n < low || n > high {
		return 0, planner.Errorf(planner.Invalid, "%.30q: want a whole number from %d to %d", strings.ToValidUTF8(s, "?"), low, high)
	}
	return n, nil
}
