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

// assessment returns what a question is about: the live world's assessment, or
// one of another day or instant, and the revision it is true for.
func (s *Server) assessment(ctx context.Context, q Question) (*planner.Assessment, int64, error) {
	w := s.world.Load()
	if w == nil {
		return nil, 0, s.errNotReady()
	}
	county := w.county(personOf(ctx), q.Region)
	if county == nil {
		return nil, 0, noCounty(q.Region)
	}
	query, err := q.parse()
	if err != nil {
		return nil, 0, err
	}
	a, err := s.assessmentIn(ctx, w, county, query)
	if err != nil {
		return nil, 0, err
	}
	if a == county.assessment {
		return a, w.revision, nil
	}
	return a, a.Snapshot.Revision, nil
}

// assessmentIn is what a question about a county of a world is about.
func (s *Server) assessmentIn(ctx context.Context, w *world, c *county, query planner.SnapshotQuery) (*planner.Assessment, error) {
	if query.AsOf == c.snapshot.AsOf {
		query.AsOf = 0
	}
	if query.AsOf.IsZero() && query.KnownAt.IsZero() {
		return c.assessment, nil
	}
	return s.past.get(ctx, pastKey{query, w.seq}, c.assessment)
}

func (q Question) parse() (planner.SnapshotQuery, error) {
	out := planner.SnapshotQuery{Region: q.Region}
	var err error
	if q.AsOf != "" {
		if out.AsOf, err = planner.ParseDate(q.AsOf); err != nil || out.AsOf.IsZero() {
			return out, badParam("as_of", "%.10q is not a calendar day; write it as YYYY-MM-DD", q.AsOf)
		}
	}
	if q.KnownAt != "" {
		if out.KnownAt, err = time.Parse(time.RFC3339Nano, q.KnownAt); err != nil || out.KnownAt.Year() < 1 {
			return out, badParam("known_at", "%.40q is not an instant; write it as 2026-11-22T08:00:00Z", q.KnownAt)
		}
		out.KnownAt = out.KnownAt.UTC()
	}
	return out, nil
}

// wholeNumber reads ASCII digits, no sign and no leading zero, within bounds.
func wholeNumber(s string, low, high int64) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != s || n < low || n > high {
		return 0, planner.Errorf(planner.Invalid, "%.30q: want a whole number from %d to %d", strings.ToValidUTF8(s, "?"), low, high)
	}
	return n, nil
}
