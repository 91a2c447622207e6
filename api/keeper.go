package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// How changes become worlds.
const (
	quietFor    = 10 * time.Millisecond  // a burst has ended when nothing came for so long; what comes later is gathered while a world is made
	burstAtMost = 300 * time.Millisecond // but no burst is waited out for longer
	feedLag     = 150 * time.Millisecond // how long the feed may trail behind a read
	rounds      = 4                      // reads repeated to find one revision for all
	askEvery    = 5 * time.Second        // the store is asked for its revision, in case a notice was lost
	retryAfter  = time.Second            // after a failed build
)

// errFeedEnded says that nobody tells of changes any more.
var errFeedEnded = errors.New("api: the feed of changes ended")

// haloDegrees is how near two counties lie when the roads of one may decide
// the verdicts of the other: twenty kilometres and some.
const haloDegrees = 0.2

// keeper makes the next world whenever something changed.
type keeper struct {
	server  *Server
	changes <-chan planner.Change
	feed    feed
	all     bool            // read every county again
	dirty   map[string]bool // or these
	infos   map[string]planner.County
	reads   map[string]*county
	tree    planner.Tree
	commit  time.Time // of the revision last asked for
	asked   int64     // that revision
}

// Run keeps the live world until ctx ends: it builds the first one, then a new
// one after each burst of changes. Errors keep the old world and are said in
// /readyz, /api/v1/revision and the metrics. Beside that it watches that open
// streams show no more than they may. It returns nil when ctx ended.
func (s *Server) Run(ctx context.Context, changes <-chan planner.Change) error {
	watch, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watchRights(watch)
	}()
	defer func() { stop(); <-watched }()
	k := &keeper{server: s, changes: changes, all: true, dirty: map[string]bool{}, reads: map[string]*county{}}
	ask := time.NewTicker(askEvery)
	defer ask.Stop()
	for {
		wait := k.build(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err := k.await(ctx, ask.C, wait); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// pending says that the world is not the newest one.
func (k *keeper) pending() bool {
	w := k.server.world.Load()
	return k.all || len(k.dirty) > 0 || w == nil || k.feed.head > w.revision
}

// build makes a world when one is due. It returns how long to wait before
// trying again; zero: until the next change.
func (k *keeper) build(ctx context.Context) time.Duration {
	if !k.pending() {
		return 0
	}
	start := time.Now()
	if err := k.remake(ctx); err != nil {
		if ctx.Err() == nil {
			k.server.status.failed(err)
			k.server.metrics.buildErrors.Inc()
			k.server.log.Error("the map was not rebuilt; the old one stays", slog.Any("error", err))
		}
		return retryAfter
	}
	k.server.metrics.buildSeconds.Observe(time.Since(start).Seconds())
	if k.pending() {
		return time.Millisecond
	}
	return 0
}

// await waits for a change, or for the time to look again, and gathers what
// comes with it.
func (k *keeper) await(ctx context.Context, ask <-chan time.Time, retry time.Duration) error {
	var again <-chan time.Time
	if retry > 0 {
		again = time.After(retry)
	}
	select {
	case <-ctx.Done():
		return nil
	case <-again:
		return nil
	case <-ask:
		k.compare(ctx)
		return nil
	case c, ok := <-k.changes:
		if !ok {
			return errFeedEnded
		}
		k.take(c)
	}
	return k.gather(ctx)
}

// gather takes changes until none came for a while, or long enough has passed.
func (k *keeper) gather(ctx context.Context) error {
	end := time.After(burstAtMost)
	for {
		select {
		case c, ok := <-k.changes:
			if !ok {
				return errFeedEnded
			}
			k.take(c)
		case <-time.After(quietFor):
			return nil
		case <-end:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// take notes a change: the counties it names, and those beside them, are to be
// read again unless that has already happened. Scenarios are told of apart.
func (k *keeper) take(c planner.Change) {
	k.server.book.stale(c)
	if !c.All && len(c.Layers) > 0 && !slices.ContainsFunc(c.Layers, func(name string) bool { return name != "scenario" }) {
		c.Counties = nil // what planners try is no fact of a county
	}
	c.Counties = k.withNeighbours(c.Counties)
	k.feed.add(c)
	k.all = k.all || c.All
	for _, code := range c.Counties {
		if was := k.reads[code]; was == nil || was.snapshot.Revision < c.Revision {
			k.dirty[code] = true
		}
	}
}

// withNeighbours adds the counties whose snapshots hold roads of those named.
func (k *keeper) withNeighbours(codes []string) []string {
	out := slices.Clone(codes)
	for _, code := range codes {
		info, known := k.infos[code]
		if !known || info.Bounds.IsEmpty() {
			continue
		}
		reach := info.Bounds.Pad(haloDegrees)
		for other, o := range k.infos {
			if other != code && !o.Bounds.IsEmpty() && reach.Intersects(o.Bounds) {
				out = append(out, other)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// compare asks the store for its revision. One that the feed never told of
// means that a notice was lost: then everything is read again.
func (k *keeper) compare(ctx context.Context) {
	if err := k.ask(ctx); err != nil {
		k.server.status.unheard(err)
		return
	}
	if k.asked > k.feed.head {
		k.server.log.Warn("a change was not told of; reading everything again", "revision", k.asked)
		k.take(planner.Change{Revision: k.asked, All: true})
	}
}

func (k *keeper) ask(ctx context.Context) error {
	revision, commit, err := k.server.store.Revision(ctx)
	if err != nil {
		return fmt.Errorf("ask for the revision: %w", err)
	}
	k.asked, k.commit = revision, commit
	k.server.status.seen(revision)
	return nil
}

// remake reads what is dirty, finds one revision at which all reads are true,
// and publishes the world.
func (k *keeper) remake(ctx context.Context) error {
	if err := k.scope(ctx); err != nil {
		return err
	}
	for round := 1; ; round++ {
		if err := k.readDirty(ctx); err != nil {
			return err
		}
		if err := k.catchUp(ctx); err != nil {
			return err
		}
		s := k.settle()
		if s.whole || round == rounds {
			k.publish(s.revision)
			return nil
		}
	}
}

// scope lists the counties there are, forgets those that are gone and makes
// new ones dirty.
func (k *keeper) scope(ctx context.Context) error {
	if err := k.ask(ctx); err != nil {
		return err
	}
	list, err := k.server.store.Counties(ctx)
	if err != nil {
		return fmt.Errorf("list the counties: %w", err)
	}
	if k.tree, err = k.server.store.Tree(ctx); err != nil {
		return fmt.Errorf("read which region lies above which: %w", err)
	}
	k.infos = make(map[string]planner.County, len(list))
	for _, info := range list {
		k.infos[info.Code] = info
		if k.all || k.reads[info.Code] == nil {
			k.dirty[info.Code] = true
		}
	}
	if k.all { // every read from here on is at least this new
		k.feed.head = max(k.feed.head, k.asked)
		k.all = false
	}
	maps.DeleteFunc(k.reads, func(code string, _ *county) bool { _, there := k.infos[code]; return !there })
	maps.DeleteFunc(k.dirty, func(code string, _ bool) bool { _, there := k.infos[code]; return !there })
	return nil
}

// readDirty reads every dirty county; one that cannot be read stays dirty.
func (k *keeper) readDirty(ctx context.Context) error {
	codes := sortedKeys(k.dirty)
	for i, code := range codes {
		k.server.status.step(i, len(codes), k.infos[code].Name)
		c, err := k.server.readCounty(ctx, k.infos[code], k.reads[code])
		if err != nil {
			return fmt.Errorf("read %s: %w", code, err)
		}
		k.reads[code] = c
		delete(k.dirty, code)
	}
	return nil
}

// catchUp takes what the feed holds, and waits a little when the feed trails
// behind the newest read.
func (k *keeper) catchUp(ctx context.Context) error {
	newest := k.feed.head
	for _, c := range k.reads {
		newest = max(newest, c.snapshot.Revision)
	}
	late := time.After(feedLag)
	for {
		select {
		case c, ok := <-k.changes:
			if !ok {
				return errFeedEnded
			}
			k.take(c)
			continue
		default:
		}
		if k.feed.head >= newest {
			return ctx.Err()
		}
		select {
		case c, ok := <-k.changes:
			if !ok {
				return errFeedEnded
			}
			k.take(c)
		case <-late:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// settle finds the common revision of what was read. What changed after it was
// read is dirty again.
func (k *keeper) settle() settled {
	reads := make(map[string]int64, len(k.reads))
	for code, c := range k.reads {
		reads[code] = c.snapshot.Revision
	}
	s := k.feed.settle(reads)
	for _, code := range s.stale {
		k.dirty[code] = true
	}
	return s
}

// publish makes the world that everyone sees from now on.
func (k *keeper) publish(revision int64) {
	at := time.Now()
	if revision == k.asked {
		at = k.commit
	}
	s := k.server
	old := s.world.Load()
	w := old.next(revision, at, maps.Clone(k.reads))
	w.tree = k.tree
	k.forget()
	s.world.Store(w)
	s.asks.forget(w)
	s.costly.forget(w)
	s.status.built(revision)
	s.hub.wake()
	s.log.Info("the map shows a new revision", "revision", revision, "counties", len(w.counties))
}

// forget drops from the feed what every read has passed.
func (k *keeper) forget() {
	oldest := k.feed.head
	for _, c := range k.reads {
		oldest = min(oldest, c.snapshot.Revision)
	}
	k.feed.forget(oldest)
}
