package chainage

import (
	"math"
	"slices"
)

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
