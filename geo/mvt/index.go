package mvt

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/qiantu/qiantu/geo"
)

// fanout is how many entries a node of the tree holds.
const fanout = 16

// Layer is a set of features with a packed, immutable index over where they are
// (sort-tile-recursive) and from which zoom they are shown. Nodes are numbered
// level by level; a node's children are consecutive.
type Layer struct {
	order  []int32    // features by number, in leaf order
	drawn  []*Feature // the same features
	levels [][]Box    // levels[0]: the boxes of drawn; last: the roots
	firsts [][]uint8  // the least First below each node
}

// NewLayer indexes features that lie in boxes; prepare makes, or gives, the one
// of a number and is called in the order in which they lie beside each other, so
// that memory made for them does too. Where the boxes are those of an older
// layer (nil: none) its order is taken over.
func NewLayer(boxes []Box, old *Layer, prepare func(i int) *Feature) *Layer {
	l := &Layer{drawn: make([]*Feature, len(boxes))}
	if old != nil && old.lies(boxes) {
		l.order, l.levels = old.order, old.levels
	} else {
		l.pack(boxes)
	}
	low := make([]uint8, len(l.order))
	for i, n := range l.order {
		l.drawn[i] = prepare(int(n))
		low[i] = l.drawn[i].First
	}
	l.firsts = [][]uint8{low}
	for len(l.firsts) < len(l.levels) {
		low = leastOf(low)
		l.firsts = append(l.firsts, low)
	}
	return l
}

// lies says whether the features lie in these boxes.
func (l *Layer) lies(boxes []Box) bool {
	if len(boxes) != len(l.order) {
		return false
	}
	for i, n := range l.order {
		if l.levels[0][i] != boxes[n] {
			return false
		}
	}
	return true
}

func (l *Layer) pack(boxes []Box) {
	l.order = strOrder(boxes)
	level := make([]Box, len(boxes))
	for i, n := range l.order {
		level[i] = boxes[n]
	}
	l.levels = [][]Box{level}
	for len(level) > fanout {
		level = parents(level)
		l.levels = append(l.levels, level)
	}
}

// strOrder sorts entries into vertical strips and each strip by latitude, so
// that neighbours share nodes.
func strOrder(boxes []Box) []int32 {
	order := make([]int32, len(boxes))
	for i := range order {
		order[i] = int32(i)
	}
	by := func(axis int) func(a, b int32) int {
		return func(a, b int32) int {
			return cmp.Or(cmp.Compare(boxes[a].centre2()[axis], boxes[b].centre2()[axis]), cmp.Compare(a, b))
		}
	}
	slices.SortFunc(order, by(0))
	leaves := (len(order) + fanout - 1) / fanout
	strip := fanout * max(1, int(math.Ceil(math.Sqrt(float64(leaves)))))
	for from := 0; from < len(order); from += strip {
		slices.SortFunc(order[from:min(from+strip, len(order))], by(1))
	}
	return order
}

func parents(level []Box) []Box {
	up := make([]Box, 0, (len(level)+fanout-1)/fanout)
	for below := range slices.Chunk(level, fanout) {
		b := below[0]
		for _, child := range below {
			b = b.union(child)
		}
		up = append(up, b)
	}
	return up
}

func leastOf(level []uint8) []uint8 {
	up := make([]uint8, 0, (len(level)+fanout-1)/fanout)
	for below := range slices.Chunk(level, fanout) {
		up = append(up, slices.Min(below))
	}
	return up
}

// hits are pooled: numbers of features (upper half) with their leaves.
var hits = sync.Pool{New: func() any { return new([]uint64) }}

// Find adds to a list the features near a tile that a zoom shows, in the order of
// their numbers. buffer is in units round the tile. A nil layer has none.
func (l *Layer) Find(tile geo.Tile, buffer int, zoom uint8, into []*Feature) []*Feature {
	if l == nil || tile.Z > MaxZoom {
		return into
	}
	found := hits.Get().(*[]uint64)
	defer hits.Put(found)
	s := search{l, boxOf(tile, buffer), zoom, (*found)[:0]}
	top := len(l.levels) - 1
	s.visit(top, 0, len(l.levels[top]))
	slices.Sort(s.found)
	for _, hit := range s.found {
		into = append(into, l.drawn[uint32(hit)])
	}
	*found = s.found
	return into
}

type search struct {
	*Layer
	box   Box
	zoom  uint8
	found []uint64
}

func (s *search) visit(level, from, to int) {
	boxes, firsts := s.levels[level], s.firsts[level]
	for i := from; i < to; i++ {
		switch {
		case firsts[i] > s.zoom || !boxes[i].meets(s.box):
		case level == 0:
			s.found = append(s.found, uint64(s.order[i])<<32|uint64(i))
		default:
			s.visit(level-1, i*fanout, min((i+1)*fanout, len(s.levels[level-1])))
		}
	}
}

// Bytes is about how much memory the layer takes, its features included.
func (l *Layer) Bytes() int {
	sum := 0
	for i := range l.levels {
		sum += len(l.levels[i])*16 + len(l.firsts[i])
	}
	for _, f := range l.drawn {
		sum += f.Bytes() + 12
	}
	return sum
}
