package api

import "github.com/qiantu/qiantu/planner"

// feed remembers the changes that were told since the oldest read, so that it
// can be said at which revision a set of reads is true as a whole.
type feed struct {
	head int64 // newest revision told
	log  []planner.Change
}

// add takes one more change. One that says "all" makes everything before it
// worthless.
func (f *feed) add(c planner.Change) {
	if c.All {
		f.log = f.log[:0]
		f.head = c.Revision
	}
	f.log = append(f.log, c)
	f.head = max(f.head, c.Revision)
}

// forget drops what lies at or before a revision that every read has passed.
func (f *feed) forget(revision int64) {
	kept := f.log[:0]
	for _, c := range f.log {
		if c.Revision > revision {
			kept = append(kept, c)
		}
	}
	clear(f.log[len(kept):])
	f.log = kept
}

func touches(c planner.Change, county string) bool {
	if c.All {
		return true
	}
	for _, code := range c.Counties {
		if code == county {
			return true
		}
	}
	return false
}

// valid returns the first and last revision at which a county is exactly what
// was read of it at the revision read.
func (f *feed) valid(county string, read int64) (first, last int64) {
	last = max(f.head, read)
	for _, c := range f.log {
		switch {
		case !touches(c, county):
		case c.Revision <= read:
			first = max(first, c.Revision)
		default:
			return first, c.Revision - 1
		}
	}
	return first, last
}

// settled is what a set of reads amounts to.
type settled struct {
	revision int64    // the newest revision at which every read is true
	whole    bool     // such a revision exists
	stale    []string // counties changed after they were read
}

// settle finds the newest revision at which all reads (county to revision) are
// true together. Counties may be read at different revisions: a county read
// later than another is still true earlier, as long as nothing touched it
// between. Where there is none, revision is the newest at which nothing is
// older than it should be.
func (f *feed) settle(reads map[string]int64) settled {
	s := settled{revision: f.head}
	var lo int64
	for county, read := range reads {
		first, last := f.valid(county, read)
		lo = max(lo, first)
		s.revision = min(s.revision, last)
		if last < f.head {
			s.stale = append(s.stale, county)
		}
	}
	s.whole = lo <= s.revision
	return s
}
