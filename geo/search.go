package geo

import (
	"container/heap"

	"github.com/paulmach/orb"
)

// search is one question to an Index: a queue of boxes and items by the least
// distance they can have, and of hits by the distance they do have.
type search struct {
	x     *Index
	p     orb.Point
	c     [3]float64
	max   float64
	keep  func(int) bool
	queue []candidate
}

const (
	kindBox = iota
	kindItem
	kindHit
)

type candidate struct {
	metres float64
	kind   int
	at     int // of a box or an item
	hit    Hit
}

// open queues what is in a box.
func (s *search) open(at int) {
	x := s.x
	level := len(x.level) - 1
	for x.level[level] > at {
		level--
	}
	child := (at - x.level[level]) * fan
	if level == 0 {
		for i := child; i < min(child+fan, len(x.items)); i++ {
			s.queueItem(i)
		}
		return
	}
	below := x.level[level-1]
	for i := below + child; i < min(below+child+fan, x.level[level]); i++ {
		s.push(candidate{metres: x.boxes[i].bound(s.c), kind: kindBox, at: i})
	}
}

func (s *search) queueItem(i int) {
	it := &s.x.items[i]
	if s.keep == nil || s.keep(int(it.line)) {
		s.push(candidate{metres: chordBound(s.c, it.a, it.b), kind: kindItem, at: i})
	}
}

// measure replaces the bound of an item by its distance.
func (s *search) measure(c candidate) {
	it := &s.x.items[c.at]
	ls := s.x.lines[it.line]
	f := footOn{point: ls[it.segment]}
	if len(ls) == 1 {
		f.metres = Distance(s.p, ls[0])
	} else {
		f = footOf(s.p, ls[it.segment], ls[it.segment+1])
	}
	foot := Foot{Point: f.point, At: Round(f.along), Segment: int(it.segment)}
	s.push(candidate{metres: f.metres, kind: kindHit, hit: Hit{int(it.line), f.metres, foot}})
}

func (s *search) push(c candidate) {
	if c.metres <= s.max {
		heap.Push(s, c)
	}
}

// The methods of heap.Interface. Of equal distances boxes and items come
// before hits, since they may still hold a hit as near with a lower id.

func (s *search) Len() int { return len(s.queue) }

func (s *search) Less(i, j int) bool {
	a, b := &s.queue[i], &s.queue[j]
	if a.metres != b.metres {
		return a.metres < b.metres
	}
	if a.kind != b.kind {
		return a.kind < b.kind
	}
	if a.hit.ID != b.hit.ID {
		return a.hit.ID < b.hit.ID
	}
	return a.hit.Foot.Segment < b.hit.Foot.Segment
}

func (s *search) Swap(i, j int) { s.queue[i], s.queue[j] = s.queue[j], s.queue[i] }

// Push adds to the end; only container/heap calls it.
func (s *search) Push(c any) { s.queue = append(s.queue, c.(candidate)) }

// Pop takes from the end; only container/heap calls it.
func (s *search) Pop() any {
	last := s.queue[len(s.queue)-1]
	s.queue = s.queue[:len(s.queue)-1]
	return last
}
