package api

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// bookTimeout bounds one reading of a county's scenarios.
const bookTimeout = 10 * time.Second

// scenarioBook holds the scenarios of the counties that streams look at, as of
// the last change that was told. Who wants one county wakes it up; from then on
// it is read again after every change of it, by one goroutine at a time.
type scenarioBook struct {
	store Scenarios
	log   *slog.Logger
	wake  func() // every stream

	mu    sync.Mutex
	pages map[string]*scenarioPage
}

// scenarioPage is one county in the book.
type scenarioPage struct {
	list    []planner.Scenario // by id; never changed
	read    bool               // once
	dirty   bool               // something changed since it was read, or is being
	reading bool
}

func newScenarioBook(store Scenarios, log *slog.Logger, wake func()) *scenarioBook {
	return &scenarioBook{store: store, log: log, wake: wake, pages: map[string]*scenarioPage{}}
}

// of gives the scenarios of a county as last read; false: they are being read,
// and the streams are woken then.
func (b *scenarioBook) of(county string) ([]planner.Scenario, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	page := b.pages[county]
	if page == nil {
		page = &scenarioPage{dirty: true}
		b.pages[county] = page
		b.begin(county, page)
	}
	return page.list, page.read
}

// version is that of a scenario as last read; zero: not known.
func (b *scenarioBook) version(county string, id planner.ID) int64 {
	list, _ := b.of(county)
	if i := slices.IndexFunc(list, func(sc planner.Scenario) bool { return sc.ID == id }); i >= 0 {
		return list[i].Version
	}
	return 0
}

// stale has the counties of a change read again.
func (b *scenarioBook) stale(c planner.Change) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for county, page := range b.pages {
		if touches(c, county) {
			page.dirty = true
			b.begin(county, page)
		}
	}
}

// begin has a page read unless that is under way. The lock is held.
func (b *scenarioBook) begin(county string, page *scenarioPage) {
	if page.reading {
		return
	}
	page.reading = true
	go b.read(county, page)
}

// read reads a page until it is clean. One that cannot be read is as it was,
// and dirty until the next change.
func (b *scenarioBook) read(county string, page *scenarioPage) {
	for {
		b.mu.Lock()
		page.dirty = false
		b.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), bookTimeout)
		list, err := b.store.Scenarios(ctx, county)
		cancel()
		b.mu.Lock()
		if err == nil {
			page.list, page.read = list, true
		}
		again := page.dirty && err == nil
		page.reading = again
		if err != nil && !page.read {
			delete(b.pages, county) // whoever asks next begins anew
		}
		b.mu.Unlock()
		if err != nil {
			b.log.Error("the scenarios of a county could not be read", "region", county, "error", err)
		}
		if b.wake(); !again {
			return
		}
	}
}
