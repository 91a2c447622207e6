package chainage

import (
	"fmt"
	"math"
)

// Tolerances in millimetres: how far a carried place may lie from where it
// was.
const (
	DefaultTolerance int64 = 5_000
	MinTolerance     int64 = 100
	MaxTolerance     int64 = 100_000
)

// Realign finds from the lines what a new version carries of an old route,
// what it retires and what is new. Carried is where the new line runs within
// the tolerance of the old one (in millimetres, 0 for [DefaultTolerance]), in
// the same order and direction, or all of it against the old direction: then
// every carried piece is Reversed. Order decides, not nearness alone: the other
// leg of a hairpin is never taken for this one.
//
// The From spans of the mapping partition the old measure and the To spans the
// new, to the millimetre. Carried pieces map in proportion and are cut where
// one proportion would move a place by more than the tolerance, or along the
// line by more than a fiftieth of it beyond what the lines are apart. So no
// carried place moves by more than the tolerance, what lies outside a changed
// stretch stays where it is, and where only vertices were added or left out,
// all is one carried piece. A stretch shorter than four tolerances
// between two changed ones is not worth a piece of its own: it counts as
// changed.
//
// Where one of the two is not drawn there is no geometry to compare, and all is
// carried in proportion.
//
// Lines should have passed [geo.CheckRoute]; those that fold as no road does
// are refused here too. The time is O(n log n) in the
// vertices and the length by tolerance.
func Realign(old, new Route, tolerance int64) (Mapping, error) {
	if tolerance == 0 {
		tolerance = DefaultTolerance
	}
	if tolerance < MinTolerance || tolerance > MaxTolerance {
		return nil, fmt.Errorf("chainage: a tolerance of %d mm is not between %d and %d mm", tolerance, MinTolerance, MaxTolerance)
	}
	if old.Line == nil || new.Line == nil {
		if old.measured() <= 0 || new.measured() <= 0 {
			return nil, fmt.Errorf("chainage: %v has %d mm and %v %d mm; without a line a route needs a length", old.Key, old.measured(), new.Key, new.measured())
		}
		return Proportional(old.Key, old.measured(), new.Key, new.measured()), nil
	}
	a, err := newRail(old)
	if err != nil {
		return nil, err
	}
	b, err := newRail(new)
	if err != nil {
		return nil, err
	}
	reach := float64(tolerance)/1000 - a.grain() - b.grain()
	if reach < float64(tolerance)/2000 {
		return nil, fmt.Errorf("chainage: the measures of %v and %v are too coarse for their lines (%d and %d mm, drawn %.0f and %.0f mm); correct the lengths", a.key, b.key, a.length, b.length, a.Chords.Length(), b.Chords.Length())
	}
	return realign(a, b, new, reach)
}

// grain is how far in metres a place may be off by being written in whole
// millimetres, of the line and of the measure.
func (r *rail) grain() float64 {
	return 0.0025 + 0.0005*max(1, r.Chords.Length()/float64(r.length))
}

// realign tries the direction of the line, and where that carries less than
// half, the other.
func realign(old, new *rail, route Route, reach float64) (Mapping, error) {
	runs, score, err := match(old, new, reach)
	if err != nil {
		return nil, err
	}
	if score >= math.Min(old.Chords.Length(), new.Chords.Length())/2 {
		return mapping(old, new, runs, false), nil
	}
	turned, err := newRail(route.turned())
	if err != nil {
		return nil, err
	}
	against, better, err := match(old, turned, reach)
	if err != nil {
		return nil, err
	}
	if better > score {
		return mapping(old, turned, against, true), nil
	}
	return mapping(old, new, runs, false), nil
}

// match gives the carried runs, each as pairs between which the lines map in
// proportion, and a score near the millimetres carried.
func match(old, new *rail, reach float64) ([][]pair, float64, error) {
	w, err := newWalk(old, new, reach)
	if err != nil {
		return nil, 0, err
	}
	chain, score := w.best()
	runs := w.runs(chain)
	w.lengthen(runs)
	w.meetEnds(runs)
	for i, run := range runs {
		runs[i] = w.anchors(run)
	}
	return runs, score, nil
}

// mapping writes the runs in whole millimetres of internal measure, and what
// lies between them as retired and new.
func mapping(old, new *rail, runs [][]pair, reversed bool) Mapping {
	to := func(from, to int64) Span {
		if reversed {
			return Span{new.length - to, new.length - from}
		}
		return Span{from, to}
	}
	var m Mapping
	var s, t int64
	step := func(p pair, carried bool) {
		s1, t1 := max(s, old.internal(p.s)), max(t, new.internal(p.t))
		if carried {
			m.add(Piece{Old: old.key, From: Span{s, s1}, New: new.key, To: to(t, t1), Reversed: reversed})
		} else {
			m.add(Piece{Old: old.key, From: Span{s, s1}})
			m.add(Piece{New: new.key, To: to(t, t1)})
		}
		s, t = s1, t1
	}
	for _, run := range runs {
		for i, p := range run {
			step(p, i > 0)
		}
	}
	step(pair{s: old.Chords.Length(), t: new.Chords.Length()}, false)
	return m.tidy()
}
