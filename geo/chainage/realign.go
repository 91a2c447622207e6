package chainage

import (
	"fmt"
	"math"
	"slices"

	"github.com/qiantu/qiantu/geo"
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
// Lines should have passed [geo.CheckRoute]. The time is O(n log n) in the
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
	runs, score := match(old, new, reach)
	if score >= math.Min(old.Chords.Length(), new.Chords.Length())/2 {
		return mapping(old, new, runs, false), nil
	}
	turned, err := newRail(route.turned())
	if err != nil {
		return nil, err
	}
	if against, better := match(old, turned, reach); better > score {
		return mapping(old, turned, against, true), nil
	}
	return mapping(old, new, runs, false), nil
}

// match gives the carried runs, each as pairs between which the lines map in
// proportion, and a score near the millimetres carried.
func match(old, new *rail, reach float64) ([][]pair, float64) {
	w := newWalk(old, new, reach)
	chain, score := w.best()
	runs := w.runs(chain)
	w.lengthen(runs)
	w.meetEnds(runs)
	for i, run := range runs {
		runs[i] = w.anchors(run)
	}
	return runs, score
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

// walk looks for the way along both lines at once that carries most.
type walk struct {
	old, new *rail
	reach    float64      // metres
	step     float64      // from sample to sample, at most, mm
	at       []float64    // samples of the old line, mm
	place    [][3]float64 // and where they are
	first    []int        // nodes of sample k: first[k] to first[k+1]
	nodes    []node
	feet     []geo.ChordFoot // of the last sample
}

// node is a sample with one of its feet on the new line.
type node struct {
	k int
	geo.ChordFoot
	score  float64 // of the best way that ends here
	before int     // the node before on it, -1: none
	linked bool    // carried from there, not jumped
}

// mostFeet bounds the feet of one sample.
const mostFeet = 8

func newWalk(old, new *rail, reach float64) *walk {
	w := &walk{old: old, new: new, reach: reach, step: math.Max(reach*1000/2, old.Chords.Length()/400_000)}
	w.sample(old.End(0))
	for i := range old.Len() {
		a, p := old.End(i)
		b, q := old.End(i + 1)
		n := math.Ceil((b - a) / w.step)
		for j := 1.0; j < n; j++ {
			w.sample(a+(b-a)*j/n, lerp(p, q, j/n))
		}
		w.sample(b, q)
	}
	w.first = append(w.first, len(w.nodes))
	return w
}

// sample adds a place of the old line with the feet that it has in reach.
func (w *walk) sample(at float64, p [3]float64) {
	w.first = append(w.first, len(w.nodes))
	w.feet = w.new.Feet(w.feet[:0], p, w.reach)
	feet := w.feet
	if len(feet) > mostFeet {
		slices.SortFunc(feet, func(a, b geo.ChordFoot) int { return compareFloat(a.Metres, b.Metres) })
		feet = feet[:mostFeet]
	}
	for _, f := range feet {
		w.nodes = append(w.nodes, node{k: len(w.at), ChordFoot: f, before: -1})
	}
	w.at, w.place = append(w.at, at), append(w.place, p)
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// best fills in the scores, sample by sample: a node goes on from a node of the
// sample before, or begins a run behind any that ends before it on both lines.
// It gives the best way as nodes in order, and its score.
func (w *walk) best() (chain []int, score float64) {
	price := math.Min(4*w.reach*1000, math.Min(w.old.Chords.Length(), w.new.Chords.Length())/5)
	rank := w.ranks()
	ends := make(firstMax, len(w.nodes)+1)
	last, from := -1, 0
	for k := range w.at {
		for n := w.first[k]; n < w.first[k+1]; n++ {
			node := &w.nodes[n]
			node.before, node.score = ends.upTo(rank[n], w.nodes)
			node.score -= price
			for m := from; m < w.first[k]; m++ {
				if gain, ok := w.link(m, n); ok && w.nodes[m].score+gain > node.score {
					node.score, node.before, node.linked = w.nodes[m].score+gain, m, true
				}
			}
			if node.score > score {
				last, score = n, node.score
			}
		}
		for n := w.first[k]; n < w.first[k+1]; n++ {
			ends.put(rank[n], n, w.nodes)
		}
		from = w.first[k]
	}
	for n := last; n >= 0; n = w.nodes[n].before {
		chain = append(chain, n)
	}
	slices.Reverse(chain)
	return chain, score
}

// ranks gives each node its place, from 1, among all by measure on the new
// line; equal ones share the last.
func (w *walk) ranks() []int {
	order := make([]int, len(w.nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return compareFloat(w.nodes[a].At, w.nodes[b].At) })
	rank := make([]int, len(order))
	for i := len(order) - 1; i >= 0; i-- {
		rank[order[i]] = i + 1
		if i+1 < len(order) && w.nodes[order[i]].At == w.nodes[order[i+1]].At {
			rank[order[i]] = rank[order[i+1]]
		}
	}
	return rank
}

// firstMax is a Fenwick tree: the best node among the first so many ranks, as
// its number plus one.
type firstMax []int

func (f firstMax) put(rank, n int, nodes []node) {
	for ; rank < len(f); rank += rank & -rank {
		if f[rank] == 0 || nodes[n].score > nodes[f[rank]-1].score {
			f[rank] = n + 1
		}
	}
}

// upTo gives the node with the best score above zero, or -1 and zero.
func (f firstMax) upTo(rank int, nodes []node) (best int, score float64) {
	best = -1
	for ; rank > 0; rank -= rank & -rank {
		if n := f[rank] - 1; n >= 0 && nodes[n].score > score {
			best, score = n, nodes[n].score
		}
	}
	return best, score
}

// link says whether the lines may be carried from a node to one of the next
// sample, and what that gains: the shorter of the two advances, less where the
// lines are apart or of different length. Feet may step back a little, which
// runs even out; that costs what it steps back.
func (w *walk) link(m, n int) (gain float64, ok bool) {
	a, b := &w.nodes[m], &w.nodes[n]
	ds, dt := w.at[b.k]-w.at[a.k], b.At-a.At
	if dt < -w.reach*1000 || dt > 3*ds+2000*w.reach {
		return 0, false
	}
	if dt <= 0 {
		return dt - 0.1*ds, distance(w.place[b.k], w.new.Place(a.At, a.Chord)) <= w.reach
	}
	for i := a.Chord + 1; i <= b.Chord; i++ {
		t, q := w.new.End(i)
		if t <= a.At || t >= b.At {
			continue
		}
		if distance(q, lerp(w.place[a.k], w.place[b.k], (t-a.At)/dt)) > w.reach {
			return 0, false
		}
	}
	far := math.Max(a.Metres, b.Metres) / w.reach
	return math.Min(ds, dt)*(1-0.2*far*far) - 0.1*math.Abs(ds-dt), true
}

// runs makes the chain of nodes runs of pairs: in order on both lines, and
// without ends along which only one of the lines advances.
func (w *walk) runs(chain []int) (runs [][]pair) {
	t := 0.0
	var run []pair
	finish := func() {
		if run = w.trimmed(run); len(run) > 1 {
			runs = append(runs, run)
			t = run[len(run)-1].t
		}
		run = nil
	}
	for i, n := range chain {
		node := &w.nodes[n]
		if i > 0 && !node.linked {
			finish()
		}
		p := pair{w.at[node.k], node.At, node.Metres}
		if len(run) > 0 {
			p.t = math.Max(p.t, run[len(run)-1].t)
			p.metres = distance(w.place[node.k], w.new.place(p.t))
			if !w.fits(run[len(run)-1], p) {
				finish()
			}
		}
		if p.t >= t {
			run = append(run, p)
		}
	}
	finish()
	return runs
}

// trimmed takes off both ends of a run where one line goes less than half as
// far as the other.
func (w *walk) trimmed(run []pair) []pair {
	uneven := func(a, b pair) bool {
		ds, dt := b.s-a.s, b.t-a.t
		return dt < ds/2 || ds < dt/2
	}
	for len(run) > 1 && uneven(run[0], run[1]) {
		run = run[1:]
	}
	for len(run) > 1 && uneven(run[len(run)-2], run[len(run)-1]) {
		run = run[:len(run)-1]
	}
	return run
}

// fits says whether the stretch between two pairs stays in reach.
func (w *walk) fits(a, b pair) bool {
	most, _ := widest(w.old, w.new, a, b, w.reach)
	return most <= w.reach
}

// lengthen leads the ends of the runs from the samples on to where the lines
// part, or one of them ends.
func (w *walk) lengthen(runs [][]pair) {
	for i, run := range runs {
		low, high := pair{}, pair{s: w.old.Chords.Length(), t: w.new.Chords.Length()}
		if i > 0 {
			low = runs[i-1][len(runs[i-1])-1]
		}
		if i+1 < len(runs) {
			high = runs[i+1][0]
		}
		if p, ok := w.further(run[0], -w.step, low, high); ok {
			run = append([]pair{p}, run...)
		}
		if p, ok := w.further(run[len(run)-1], w.step, low, high); ok {
			run = append(run, p)
		}
		run[0], run[len(run)-1] = w.settled(run[0]), w.settled(run[len(run)-1])
		runs[i] = run
	}
}

// settled puts a pair that is millimetres from an end of the new line there, so
// that no sliver is left. The reach has that much to spare.
func (w *walk) settled(p pair) pair {
	const sliver = 2
	if end := w.new.Chords.Length(); end-p.t < sliver {
		p.t = end
	} else if p.t < sliver {
		p.t = 0
	}
	return p
}

// further is the last pair between one at the end of a run and the sample
// beyond to which both lines go on together, found by halving.
func (w *walk) further(from pair, step float64, low, high pair) (last pair, ok bool) {
	good, bad := 0.0, 1.0
	for f := 1.0; bad-good > 1e-3; f = (good + bad) / 2 {
		s := math.Max(low.s, math.Min(high.s, from.s+f*step))
		if p, fits := w.onwards(from, s); fits && low.t <= p.t && p.t <= high.t {
			last, ok, good = p, true, f
		} else {
			bad = f
		}
		if good == 1 {
			break
		}
	}
	return last, ok
}

// onwards is the pair of a place a little before or behind a pair, if both
// lines go as far from there, within a tenth.
func (w *walk) onwards(from pair, s float64) (next pair, ok bool) {
	ds := s - from.s
	if math.Abs(ds) < 1 {
		return pair{}, false
	}
	w.feet = w.new.Feet(w.feet[:0], w.old.place(s), w.reach)
	for _, f := range w.feet {
		if ratio := (f.At - from.t) / ds; ratio < 0.9 || ratio > 1.1 || ok && f.Metres >= next.metres {
			continue
		}
		p := w.settled(pair{s, f.At, f.Metres})
		a, b := from, p
		if ds < 0 {
			a, b = p, from
		}
		if w.fits(a, b) {
			next, ok = p, true
		}
	}
	return next, ok
}

// meetEnds carries the start of the one line to that of the other, where both
// are in reach of each other and the first run begins there; so the ends.
func (w *walk) meetEnds(runs [][]pair) {
	if len(runs) == 0 {
		return
	}
	begin, end := w.corner(0, 0), w.corner(w.old.Chords.Length(), w.new.Chords.Length())
	near := func(a, b pair) bool {
		return math.Abs(a.s-b.s) <= 4000*w.reach && math.Abs(a.t-b.t) <= 4000*w.reach
	}
	run := runs[0]
	for i := range run {
		if near(begin, run[i]) && run[i].s > 0 && run[i].t > 0 && w.fits(begin, run[i]) {
			runs[0] = append([]pair{begin}, run[i:]...)
			break
		}
	}
	run = runs[len(runs)-1]
	for i := len(run) - 1; i >= 0; i-- {
		if near(run[i], end) && run[i].s < end.s && run[i].t < end.t && w.fits(run[i], end) {
			runs[len(runs)-1] = append(slices.Clone(run[:i+1]), end)
			break
		}
	}
}

func (w *walk) corner(s, t float64) pair {
	return pair{s, t, distance(w.old.place(s), w.new.place(t))}
}

// anchors leaves out of a run the pairs that proportion does without: all but
// those between which a place would leave its reach, or move along the line.
func (w *walk) anchors(run []pair) []pair {
	out := run[:1:1]
	slack := w.slack(run)
	var keep func(from, to, depth int)
	keep = func(from, to, depth int) {
		middle, even := drift(run, slack, from, to)
		if to-from < 2 || even && w.fits(run[from], run[to]) {
			out = append(out, run[to])
			return
		}
		if even || depth > 24 {
			middle = (from + to) / 2
		}
		keep(from, middle, depth+1)
		keep(middle, to, depth+1)
	}
	keep(0, len(run)-1, 0)
	return out
}

// slack is how far in millimetres each pair of a run may move along the line:
// a fiftieth of the reach, and where the lines are apart, so that nearest is no
// sharp word, as much as they are apart thereabouts.
func (w *walk) slack(run []pair) []float64 {
	const around = 8 // pairs
	out := make([]float64, len(run))
	for i := range run {
		for _, p := range run[max(0, i-around):min(len(run), i+around+1)] {
			out[i] = math.Max(out[i], 1000*p.metres)
		}
		out[i] += 20 * w.reach
	}
	return out
}

// drift finds the pair between two that proportion misses most beyond its
// slack, and whether it misses none.
func drift(run []pair, slack []float64, from, to int) (worst int, even bool) {
	a, b := run[from], run[to]
	most := 0.0
	for i := from + 1; i < to; i++ {
		off := math.Abs(a.t+(run[i].s-a.s)*(b.t-a.t)/(b.s-a.s)-run[i].t) - slack[i]
		if off > most {
			worst, most = i, off
		}
	}
	return worst, most <= 0
}
