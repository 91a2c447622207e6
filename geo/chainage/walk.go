package chainage

import (
	"fmt"
	"math"
	"slices"

	"github.com/qiantu/qiantu/geo"
)

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
	seen     int             // feet of all samples
}

// node is a sample with one of its feet on the new line.
type node struct {
	k int
	geo.ChordFoot
	score  float64 // of the best way that ends here
	before int     // the node before on it, -1: none
	linked bool    // carried from there, not jumped
}

// mostFeet bounds the feet of one sample, tangle the mean number of those that
// are seen: beyond, the lines fold as no road does.
const (
	mostFeet = 8
	tangle   = 64
)

func newWalk(old, new *rail, reach float64) (*walk, error) {
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
		if w.seen > tangle*(len(w.at)+1000) {
			return nil, fmt.Errorf("chainage: the line of %v folds so densely that its places near %d mm of the old measure cannot be told apart; check it, and draw it anew", new.key, old.internal(a))
		}
	}
	w.first = append(w.first, len(w.nodes))
	return w, nil
}

// sample adds a place of the old line with the feet that it has in reach.
func (w *walk) sample(at float64, p [3]float64) {
	w.first = append(w.first, len(w.nodes))
	w.feet = w.new.Feet(w.feet[:0], p, w.reach)
	feet := w.feet
	w.seen += len(feet)
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
