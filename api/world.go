package api

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/mvt"
	"github.com/qiantu/qiantu/planner"
)

// world is everything the service shows, at one revision. It never changes; a
// change of the database makes the next one. Whoever holds a world may read it
// for as long as it likes.
type world struct {
	revision int64
	seq      int64 // counts the worlds of this process; two may share a revision
	facts    int64 // seq of the world in which a county was last read again
	at       time.Time
	counties map[string]*county
	codes    []string // of counties, in order
	marks    marks
	history  []delta // the steps that led here, oldest first
	tree     planner.Tree
	scopes   sync.Map // of grants to scope

	live  *world  // the world as it is, where one county is another here; nil: this is it
	asked *county // that one
}

// county is one region of the world, judged and indexed.
type county struct {
	number     int64 // no other one of this process has it
	info       planner.County
	snapshot   *planner.Snapshot
	assessment *planner.Assessment
	shown      []planner.Layer   // as planner draws them
	layers     map[string]*layer // the same, indexed
	things     func() []thing    // what can be searched for; made on first use
	reports    sync.Map          // of planner.ReportKind to *onceReport
	ways       sync.Map          // of planner.DistanceOptions to *onceWays
	drives     sync.Map          // of season to *onceDrive
	tallied    sync.Once
	lengths    *planner.Tally // once tallied
	derived    sync.Map       // of the names of derived layers to func() *layer

	of      *county   // the live one that a question derived it from; nil: this is live
	drawn   sync.Once // of an asked county: its layers, and how they differ from the live one's
	differs *part
}

// countyNumbers numbers the counties of this process.
var countyNumbers atomic.Int64

// layer is what one county shows under one name.
type layer struct {
	name     string
	features []feature
	tree     *mvt.Layer
	totals   totals // of villages
}

// feature is one thing drawn on the map.
type feature struct {
	key        string // stable inside its layer and county
	number     uint64 // the id inside a tile
	geometry   orb.Geometry
	bound      orb.Bound
	attributes map[string]any
	hash       uint64       // of attributes and geometry
	drawn      *mvt.Feature // the same, ready for tiles
}

// newLayer indexes features by where they are; those of an older layer (nil:
// none) may still lie where they lay.
func newLayer(name string, features []feature, old *layer) *layer {
	l := &layer{name: name, features: features}
	l.index(old)
	return l
}

// all are the features of a layer; a nil one has none.
func (l *layer) all() []feature {
	if l == nil {
		return nil
	}
	return l.features
}

// at is the feature at a place of a layer; nil: there is none.
func (l *layer) at(i int) *feature {
	if l == nil || i >= len(l.features) {
		return nil
	}
	return &l.features[i]
}

// since returns what changed from the revision a client last knew to w. A
// revision that is not remembered makes everything stale.
func (w *world) since(revision int64) delta {
	for i, step := range w.history {
		if step.since == revision || step.since < revision && revision < step.revision {
			d := merge(w.history[i:])
			d.since = revision
			return d
		}
	}
	if revision == w.revision {
		return delta{since: revision, revision: revision}
	}
	return delta{since: revision, revision: w.revision, all: true, counties: w.codes}
}

// after returns what changed from an earlier world of this process to w.
func (w *world) after(old *world) delta {
	steps := int(w.seq - old.seq)
	if steps == 0 {
		return delta{since: w.revision, revision: w.revision}
	}
	if steps > len(w.history) {
		return delta{since: old.revision, revision: w.revision, all: true, counties: w.codes}
	}
	return merge(w.history[len(w.history)-steps:])
}

// next returns the world after w with other counties, at a revision. A nil w
// is the beginning.
func (w *world) next(revision int64, at time.Time, counties map[string]*county) *world {
	n := &world{revision: revision, seq: 1, facts: 1, at: at, counties: counties, codes: sortedKeys(counties)}
	if w == nil {
		n.marks = marks{base: n.seq}
		return n
	}
	n.seq = w.seq + 1
	step := difference(w, n)
	if n.facts = w.facts; len(step.counties) > 0 {
		n.facts = n.seq
	}
	// A revision that did not rise cannot tell a new tile from an old one.
	step.all = step.all || n.revision == w.revision && len(step.layers) > 0
	if step.all {
		step.cells = nil
	}
	n.marks = w.marks.after(step, n.seq)
	n.history = append(n.history, w.history[max(0, len(w.history)+1-keptDeltas):]...)
	n.history = append(n.history, step)
	return n
}
