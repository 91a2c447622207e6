package api

import (
	"cmp"
	"context"
	"runtime"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// askedHeld bounds the derived counties that are held, in things drawn; each
// weighs at least askedWeight.
const (
	askedHeld   = 1_000_000
	askedWeight = 10_000
)

// asks derives counties for questions: of another day, or under other
// suppositions. Everyone who asks the same shares what was derived; nothing is
// older than the county of the live world that it was derived from.
type asks struct {
	past   *past
	held   *lru[askedKey, *county]
	flight flight[askedKey, *county]
	slots  chan struct{}
}

type askedKey struct {
	county int64 // number of the live one
	day    planner.SnapshotQuery
	words  string
}

func newAsks(past *past) *asks {
	return &asks{past: past, held: newLRU[askedKey, *county](askedHeld), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// get gives a county of the world as a question sees it: the live one for a
// question of nothing else. What it draws is not made yet.
func (a *asks) get(ctx context.Context, w *world, live *county, q asking) (*county, error) {
	if q.day.AsOf == live.snapshot.AsOf {
		q.day.AsOf = 0
	}
	if q.live() {
		return live, nil
	}
	key := askedKey{live.number, q.day, q.words}
	if c, ok := a.held.get(key); ok {
		return c, nil
	}
	return a.flight.do(ctx, key, func(ctx context.Context) (*county, error) {
		c, err := a.derive(ctx, w, live, q)
		if err == nil {
			a.held.put(key, c, int64(max(askedWeight, len(c.assessment.Pieces)+len(c.assessment.Villages))))
		}
		return c, err
	})
}

func (a *asks) derive(ctx context.Context, w *world, live *county, q asking) (*county, error) {
	base := live.assessment
	if !q.day.AsOf.IsZero() || !q.day.KnownAt.IsZero() {
		var err error
		if base, err = a.past.get(ctx, pastKey{q.day, w.facts}, base); err != nil {
			return nil, err
		}
	}
	if q.words == "" {
		return live.asked(base), nil
	}
	if roads := q.what.OfRoads(); q.what.EditsPlaces() { // the network is judged once for all that is supposed of sites
		under := asking{day: q.day, what: roads, words: wordsOfQuestion(&roads)}
		c, err := a.get(ctx, w, live, under)
		if err != nil {
			return nil, err
		}
		base = c.assessment
	}
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		return nil, planner.Errorf(planner.Unavailable, "too much is asked at once; ask again")
	}
	derived, err := base.Ask(ctx, q.what)
	if err != nil {
		return nil, err
	}
	return live.asked(derived), nil
}

// forget drops what was derived from counties that are no longer live.
func (a *asks) forget(w *world) {
	live := w.liveNumbers()
	a.held.drain(func(k askedKey) bool { return !live[k.county] })
}

// liveNumbers are the numbers of the counties of a live world.
func (w *world) liveNumbers() map[int64]bool {
	out := map[int64]bool{}
	for _, c := range w.counties {
		out[c.number] = true
	}
	return out
}

// live is the county that a question derived this one from, or itself.
func (c *county) live() *county { return cmp.Or(c.of, c) }

// asked is the county as another assessment sees it.
func (c *county) asked(a *planner.Assessment) *county {
	return &county{number: countyNumbers.Add(1), info: c.info, snapshot: a.Snapshot, assessment: a, things: c.things, of: c}
}

// draw makes what an asked county shows, taking over what it has in common with
// the live one, and finds where the two differ.
func (c *county) draw() *county {
	c.drawn.Do(func() {
		c.shown = c.assessment.LayersAfter(c.of.assessment, c.of.shown)
		c.layers = drawLayers(c.shown, c.of)
		differs := differenceOf(c.of, c)
		c.differs = &differs
	})
	return c
}

// asOther is the world in which one county is another.
func (w *world) asOther(c *county) *world {
	counties := make(map[string]*county, len(w.counties))
	for code, was := range w.counties {
		counties[code] = was
	}
	counties[c.info.Code] = c
	return &world{
		revision: w.revision, seq: w.seq, facts: w.facts, at: w.at, counties: counties, codes: w.codes, marks: w.marks, history: w.history, tree: w.tree,
		live: w, asked: c,
	}
}

// alive is the world as it is behind one in which a county is another.
func (w *world) alive() *world {
	if w.live != nil {
		return w.live
	}
	return w
}

// askedIn tells apart the tiles that show something of an asked county that is
// not so in the live one: the number of the county, or zero.
func (w *world) askedIn(t geo.Tile) int64 {
	if w.asked != nil && w.asked.differs.shownIn(t) {
		return w.asked.number
	}
	return 0
}
