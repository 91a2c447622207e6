package geo

import "github.com/paulmach/orb"

// search is one question to an Index: a queue of boxes and items by the least
// distance they can have, and of hits by the distance they do have.
type search struct {
	x     *Index
	p     orb.Point
	c     [3]float64
	at    smallBox // of c
	max   float64
	keep  func(int) bool
	queue []candidate // a binary heap
	hits  []Hit       // measured so far
}

const (
	kindBox int32 = iota
	kindItem
	kindHit
)

// candidate is a box, an item or a hit, by its place in the list of its kind.
type candidate struct {
	metres float64
	kind   int32
	at     int32
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
		s.push(candidate{metres: x.boxes[i].bound(&s.at), kind: kindBox, at: int32(i)})
	}
}

func (s *search) queueItem(i int) {
	it := &s.x.items[i]
	if s.keep == nil || s.keep(int(it.line)) {
		s.push(candidate{metres: chordBound(&s.c, &it.a, &it.b), kind: kindItem, at: int32(i)})
	}
}

// measure replaces the bound of an item by its distance.
func (s *search) measure(item int) {
	hit := s.x.measure(s.p, item)
	s.hits = append(s.hits, hit)
	s.push(candidate{metres: hit.Metres, kind: kindHit, at: int32(len(s.hits) - 1)})
}

// measure gives the distance to an item, and its foot with the measure along
// its piece only.
func (x *Index) measure(p orb.Point, item int) Hit {
	it := &x.items[item]
	ls := x.lines[it.line]
	f := footOn{point: ls[it.segment]}
	if len(ls) == 1 {
		f.metres = Distance(p, ls[0])
	} else {
		f = footOf(p, ls[it.segment], ls[it.segment+1])
	}
	return Hit{int(it.line), f.metres, Foot{Point: f.point, At: Round(f.along), Segment: int(it.segment)}}
}

// before orders candidates by distance. Of equal distances boxes and items
// come before hits, since they may still hold a hit as near with a lower id.
func (s *search) before(a, b candidate) bool {
	if a.metres != b.metres {
		return a.metres < b.metres
	}
	if a.kind != b.kind || a.kind != kindHit {
		return a.kind < b.kind
	}
	return s.hits[a.at].before(&s.hits[b.at])
}

func (s *search) push(c candidate) {
	if !(c.metres <= s.max) {
		return
	}
	q := append(s.queue, c)
	i := len(q) - 1
	for up := (i - 1) / 2; i > 0 && s.before(c, q[up]); up = (i - 1) / 2 {
		q[i] = q[up]
		i = up
	}
	q[i] = c
	s.queue = q
}

func (s *search) pop() candidate {
	top, last := s.queue[0], s.queue[len(s.queue)-1]
	q := s.queue[:len(s.queue)-1]
	s.queue = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for child := 1; child < len(q); child = 2*i + 1 {
		if child+1 < len(q) && s.before(q[child+1], q[child]) {
			child++
		}
		if !s.before(q[child], last) {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = last
	return top
}
