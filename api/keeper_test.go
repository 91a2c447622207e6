package api

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner"
)

func TestRunEndsWithTheFeed(t *testing.T) {
	s := New(Config{Store: newFake(smallCounty("520527", 104.5)), Log: quiet()})
	changes := make(chan planner.Change)
	close(changes)
	if err := s.Run(context.Background(), changes); !errors.Is(err, errFeedEnded) {
		t.Errorf("Run ended with %v", err)
	}
}

func TestErrorsKeepTheOldWorld(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	change := store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "新" })
	store.mu.Lock()
	store.err = errors.New("secret: no connection")
	store.mu.Unlock()
	changes <- change
	until(t, "the failure", func() bool { return s.status.read().problem != "" })
	status, _, body := get(t, s, "/api/v1/revision")
	if status != 200 || !strings.Contains(body, `"revision":7`) || !strings.Contains(body, `"problem":`) || strings.Contains(body, "secret") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := get(t, s, "/api/v1/report/completion?region=520527"); status != 200 {
		t.Errorf("the old world answers %d", status)
	}
	store.mu.Lock()
	store.err = nil
	store.mu.Unlock()
	until(t, "the new world", func() bool { return s.world.Load().revision == 8 })
	if st := s.status.read(); st.problem != "" || st.staleFor != 0 {
		t.Errorf("after the mend: %+v", st)
	}
}

func TestNewAndGoneCounties(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	store.mu.Lock()
	store.snapshots["520528"] = smallCounty("520528", 120)
	store.revision = 8
	store.mu.Unlock()
	changes <- planner.Change{Revision: 8, Counties: []string{"520528"}}
	until(t, "the new county", func() bool { return s.world.Load().counties["520528"] != nil })
	store.mu.Lock()
	delete(store.snapshots, "520528")
	store.revision = 9
	store.mu.Unlock()
	changes <- planner.Change{Revision: 9, Counties: []string{"520528"}}
	until(t, "its end", func() bool { return s.world.Load().revision == 9 })
	w := s.world.Load()
	if w.counties["520528"] != nil || w.history[len(w.history)-1].all || len(w.history[len(w.history)-1].cells) == 0 {
		t.Errorf("counties %v, last step %+v", w.codes, w.history[len(w.history)-1])
	}
}

// A change that the feed never tells of is found by asking.
func TestLostNotice(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, _ := live(t, store)
	k := &keeper{server: s, dirty: map[string]bool{}, reads: map[string]*county{}, feed: feed{head: 7}}
	store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "新" })
	k.compare(context.Background())
	if !k.all || k.feed.head != 8 {
		t.Errorf("all %v, head %d", k.all, k.feed.head)
	}
}

// The roads of a neighbour decide verdicts over the border, so its county is
// read again too; one far away is not.
func TestNeighboursAreReadAgain(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5), smallCounty("520528", 104.9), smallCounty("520529", 110))
	s, changes := live(t, store)
	before := s.world.Load()
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "新" })
	until(t, "the new world", func() bool { return s.world.Load().revision == 8 })
	after := s.world.Load()
	if after.counties["520528"] == before.counties["520528"] || after.counties["520529"] != before.counties["520529"] {
		t.Error("the neighbour was not read again, or the far county was")
	}
}

// Eight writers on three counties; in every world each county is exactly what
// it was at the world's revision, and revisions only rise.
func TestWorldsAreWhole(t *testing.T) {
	codes := []string{"520527", "520528", "520529"}
	store := newFake(smallCounty(codes[0], 104.5), smallCounty(codes[1], 110), smallCounty(codes[2], 116))
	store.delay = 5 * time.Millisecond // so that counties are read at different revisions
	s, changes := live(t, store)
	var mu sync.Mutex
	names := map[string]map[int64]string{codes[0]: {}, codes[1]: {}, codes[2]: {}} // county, revision: name of a village
	var writers sync.WaitGroup
	for i := range 8 {
		writers.Go(func() {
			for j := range 15 {
				code := codes[rand.IntN(3)]
				name := fmt.Sprintf("村%d-%d", i, j)
				mu.Lock() // commits and their notices in one order
				change := store.edit(code, func(n *planner.Snapshot) { n.Villages[0].Name = name })
				names[code][change.Revision] = name
				changes <- change
				mu.Unlock()
				time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
			}
		})
	}
	finished := make(chan struct{})
	go func() { writers.Wait(); close(finished) }()
	last, seen, whole := int64(0), 0, 0
	for done := false; !done; time.Sleep(time.Millisecond) {
		w := s.world.Load()
		if w.revision < last {
			t.Fatalf("revision %d after %d", w.revision, last)
		}
		if w.revision > last {
			seen++
			if isWhole(w, names, &mu) {
				whole++
			}
		}
		last = w.revision
		select {
		case <-finished:
			done = last == 7+120
		default:
		}
	}
	if !isWhole(s.world.Load(), names, &mu) {
		t.Error("the last world is not what was written last")
	}
	t.Logf("%d worlds, %d of them whole while being written", seen, whole)
	if whole < seen*9/10 {
		t.Errorf("only %d of %d worlds are whole", whole, seen)
	}
}

// isWhole says whether every county shows the newest name at or before the
// world's revision.
func isWhole(w *world, names map[string]map[int64]string, mu *sync.Mutex) bool {
	mu.Lock()
	defer mu.Unlock()
	for code, written := range names {
		want, at := "大坪", int64(0)
		for revision, name := range written {
			if revision <= w.revision && revision > at {
				want, at = name, revision
			}
		}
		if w.counties[code].snapshot.Villages[0].Name != want {
			return false
		}
	}
	return true
}
