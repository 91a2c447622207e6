package api

import (
	"cmp"
	"fmt"
	"sync"
	"time"
)

// status says how far the live world is, for /readyz, /api/v1/revision and the
// metrics.
type status struct {
	mu       sync.Mutex
	progress string    // of the build in hand
	problem  string    // of the last build; empty: it succeeded
	deaf     string    // why the store could not be asked for its revision
	newest   int64     // revision the store was last seen at
	shown    int64     // revision of the world
	behind   time.Time // since when shown < newest; zero: it is not
}

// state is a copy of what status knows.
type state struct {
	progress, problem string
	newest, shown     int64
	staleFor          time.Duration // how long the world has been older than the store
}

func (s *status) step(done, of int, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = fmt.Sprintf("reading county %d of %d (%s)", done+1, of, name)
}

func (s *status) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problem = err.Error()
	s.settle()
}

func (s *status) unheard(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = err.Error()
	s.settle()
}

func (s *status) seen(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest, s.deaf = revision, ""
	s.settle()
}

func (s *status) built(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problem, s.progress, s.shown = "", "", revision
	s.newest = max(s.newest, revision)
	s.settle()
}

func (s *status) settle() {
	switch {
	case s.problem == "" && s.deaf == "" && s.shown >= s.newest:
		s.behind = time.Time{}
	case s.behind.IsZero():
		s.behind = time.Now()
	}
}

func (s *status) read() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := state{progress: s.progress, problem: cmp.Or(s.problem, s.deaf), newest: s.newest, shown: s.shown}
	if !s.behind.IsZero() {
		out.staleFor = time.Since(s.behind)
	}
	return out
}
