package solve

import (
	"cmp"
	"slices"
)

// hull separates points from what a site can take: the hull of all sets of villages that
// fit it together. Cuts of it are worth what a column for each such set would be (Boccia and
// others: exact knapsack separation; Kaparis and Letchford 2010). It keeps its scratch.
type hull struct {
	knapsack
	x    []float64 // by village of the point
	use  []int64
	sets [][]int32 // villages of the point that fit together

	known [][][]int32     // by site: sets that were needed before, as alternatives, the latest last
	place map[int32]int32 // of an alternative: its village of the point
}

// hullRounds bounds how many sets are looked at for one cut, hullItems how many
// villages one is made of before others are lifted in, hullKnown how many sets of
// a site are kept.
const (
	hullRounds = 60
	hullItems  = 60
	hullKnown  = 120
)

// separateHulls adds cuts of the sites' hulls that the solution violates, and tells how many.
func (l *decideLP) separateHulls() (added int) {
	for j, row := range l.price[:len(l.m.places)] {
		if row < 0 {
			continue
		}
		if cut := l.hullCut(int32(j)); cut != nil {
			l.lp.addRow(cut, -1, false)
			added++
		}
	}
	return added
}

// hullCut is a cut of one site: weights of villages of which no set that fits has more than one in all; nil: the
// solution lies within the hull, as far as was looked.
func (l *decideLP) hullCut(site int32) []entry {
	h := &l.hull
	h.x, h.use, h.sets = h.x[:0], h.use[:0], h.sets[:0]
	var alts, others []int32
	part := false
	for k := range l.m.alt {
		a := &l.m.alt[k]
		if a.site != site || !l.m.alt[k].open || a.use == 0 {
			continue
		}
		x := l.lp.value(l.alt(int32(k)))
		if x < 1e-6 {
			others = append(others, int32(k))
			continue
		}
		part = part || x < 1-1e-6
		alts, h.x, h.use = append(alts, int32(k)), append(h.x, x), append(h.use, a.use)
	}
	if !part || len(alts) > hullItems {
		return nil
	}
	h.remember(int(site), alts)
	begun := len(h.sets)
	weights := h.separate(l.m.places[site])
	for _, set := range h.sets[begun:] {
		h.known[site] = append(h.known[site], named(set, alts))
	}
	if more := len(h.known[site]) - hullKnown; more > 0 {
		h.known[site] = slices.Delete(h.known[site], 0, more)
	}
	if weights == nil {
		return nil
	}
	return l.lifted(site, alts, others, weights)
}

// remember begins with what of the known sets is of the point.
func (h *hull) remember(site int, alts []int32) {
	for len(h.known) <= site {
		h.known = append(h.known, nil)
	}
	if h.place == nil {
		h.place = map[int32]int32{}
	}
	clear(h.place)
	for i, k := range alts {
		h.place[k] = int32(i)
	}
	for _, set := range h.known[site] {
		var now []int32
		for _, k := range set {
			if i, in := h.place[k]; in {
				now = append(now, i)
			}
		}
		if len(now) > 1 {
			h.sets = append(h.sets, now)
		}
	}
}

// named are the alternatives of a set.
func named(set, alts []int32) []int32 {
	out := make([]int32, len(set))
	for at, i := range set {
		out[at] = alts[i]
	}
	return out
}

// separate finds weights that the point has more than 1.002 of and no set that fits has more than about one of: the
// heaviest point for the sets known, to which the set that has most of it is added as long as that is too much. nil: there
// are none.
func (h *hull) separate(room int64) []float64 {
	var lp simplex
	for _, x := range h.x {
		lp.addColumn(-x) // a weight is at most one, for each village fits alone
	}
	lp.settle()
	for _, set := range h.sets {
		lp.addRow(h.row(set), -1, false)
	}
	weights := make([]float64, len(h.x))
	for range hullRounds {
		lp.run(1000, func() bool { return false })
		worth := 0.0
		for i := range weights {
			weights[i] = max(0, lp.value(int32(i)))
			worth += weights[i] * h.x[i]
		}
		if worth < 1.002 {
			return nil // more sets make it less
		}
		if h.heaviest(weights, room) <= 1+1e-6 {
			return weights
		}
		h.sets = append(h.sets, slices.Clone(h.picked))
		lp.addRow(h.row(h.picked), -1, false)
	}
	return nil
}

func (h *hull) row(set []int32) []entry {
	row := make([]entry, len(set))
	for at, i := range set {
		row[at] = entry{i, -1}
	}
	return row
}

// heaviest picks the set that fits and weighs most, and bounds its weight.
func (h *hull) heaviest(weights []float64, room int64) float64 {
	h.items = h.items[:0]
	for i, w := range weights {
		if w > 0 {
			h.items = append(h.items, item{gain: w, weight: h.use[i], name: int32(i)})
		}
	}
	return h.pack(room)
}

// lifted is the row of a cut, with the weights of other villages as large as they may be one after the other, the
// largest first. What bounds the weight of all that fits is divided by, so that the cut holds whatever was rounded.
func (l *decideLP) lifted(site int32, alts, others []int32, weights []float64) []entry {
	h, room := &l.hull, l.m.places[site]
	most := h.heaviest(weights, room)
	var row []entry
	var items []item
	add := func(k int32, w float64) {
		row = append(row, entry{l.alt(k), -w / most})
		items = append(items, item{gain: w, weight: l.m.alt[k].use, name: k})
	}
	for i, k := range alts {
		if weights[i] > 0 {
			add(k, weights[i])
		}
	}
	slices.SortStableFunc(others, func(a, b int32) int { return cmp.Compare(l.m.alt[b].use, l.m.alt[a].use) })
	for _, k := range others {
		left := room - l.m.alt[k].use
		h.items = h.items[:0]
		for _, it := range items {
			if it.weight <= left {
				h.items = append(h.items, it)
			}
		}
		if w := most - h.pack(left); w > 1e-6*most {
			add(k, w)
		}
	}
	return row
}
