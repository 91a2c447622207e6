package api

import (
	"sync"
	"time"
)

// Guesses of a password that are free, and how long the next ones wait after
// that: twice as long each time up to a bound. A pair is a login from an
// address; an address is all logins from it; a login is all addresses but
// those it was signed in from before, so that guesses from elsewhere do not
// lock its owner out.
var (
	pairRule    = backoffRule{free: 5, most: 5 * time.Minute}
	addressRule = backoffRule{free: 50, most: time.Minute}
	loginRule   = backoffRule{free: 20, most: time.Minute}
)

const (
	backoffFirst  = time.Second
	backoffForget = 30 * time.Minute // without a further miss all is forgotten
	backoffHeld   = 20_000
)

type backoffRule struct {
	free int
	most time.Duration
}

// wait is how long to wait after so many misses.
func (r backoffRule) wait(misses int) time.Duration {
	if misses < r.free {
		return 0
	}
	return min(r.most, backoffFirst<<min(misses-r.free, 20))
}

// misses counts failed tries under one key.
type misses struct {
	n    int
	last time.Time
}

// backoff slows down guessing. What it knows ends with the process.
type backoff struct {
	mu    sync.Mutex
	now   func() time.Time
	held  *lru[string, misses]
	known *lru[string, bool] // pairs that signed in
}

func newBackoff() *backoff {
	return &backoff{now: time.Now, held: newLRU[string, misses](backoffHeld), known: newLRU[string, bool](backoffHeld)}
}

type backoffKey struct {
	key  string
	rule backoffRule
}

func (b *backoff) keys(login, address string) []backoffKey {
	pair := "p " + address + " " + login
	keys := []backoffKey{{pair, pairRule}, {"a " + address, addressRule}}
	if _, known := b.known.get(pair); !known {
		keys = append(keys, backoffKey{"l " + login, loginRule})
	}
	return keys
}

// try counts one try as a miss, until it has proved to be none. When it comes
// too soon it does not count, and the time to wait is returned.
func (b *backoff) try(login, address string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	keys := b.keys(login, address)
	var wait time.Duration
	for _, k := range keys {
		if m := b.misses(k.key, now); m.n > 0 {
			wait = max(wait, m.last.Add(k.rule.wait(m.n)).Sub(now))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, k := range keys {
		m := b.misses(k.key, now)
		b.held.put(k.key, misses{m.n + 1, now}, 1)
	}
	return 0
}

func (b *backoff) misses(key string, now time.Time) misses {
	m, _ := b.held.get(key)
	if now.Sub(m.last) > backoffForget {
		return misses{}
	}
	return m
}

// undo takes the miss of a try back: it never came to a comparison.
func (b *backoff) undo(login, address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range b.keys(login, address) {
		if m, there := b.held.get(k.key); there && m.n > 0 {
			b.held.put(k.key, misses{m.n - 1, m.last}, 1)
		}
	}
}

// right notes that a try was none of guessing: the pair is known from now on.
func (b *backoff) right(login, address string) {
	b.undo(login, address)
	b.mu.Lock()
	defer b.mu.Unlock()
	pair := "p " + address + " " + login
	b.held.put(pair, misses{}, 1)
	b.known.put(pair, true, 1)
}
