package route

// wave is Dijkstra's search in integers of one width, with its scratch memory.
//
// Nodes are settled bucket by bucket. What gets better within the bucket that
// is being settled, over an edge shorter than the bucket is wide, goes through
// a heap once the bucket's own nodes are done, so no node is settled more than
// a few times, however many edges cost nothing.
type wave[T width] struct {
	*setting
	labels  []label[T]
	queue   buckets
	inner   heap[T]
	shift   uint    // a bucket is 1<<shift wide
	over    bool    // a cost was too large for T
	begun   []int32 // nodes that have got a label, unless it may be any
	all     bool    // it may be any
	rooted  []int32 // nodes to start from
	kept    bool    // labels of a search before this one stand
	lost    []int32 // nodes whose label does not any more
	wanted  bitset  // nodes that must be settled
	want    int     // how many of them are not
	fetched T       // means nothing
	bucket  func(node int32) uint64
}

func newWave[T width](s *setting) *wave[T] {
	n := s.g.Nodes()
	w := &wave[T]{setting: s, labels: make([]label[T], n), wanted: newBitset(n), all: true}
	w.bucket = func(node int32) uint64 { return uint64(w.labels[node].key) >> w.shift }
	return w
}

// begin forgets the last search. A search for all nodes keeps no account of
// those it has reached.
func (s *wave[T]) begin(all bool) {
	if s.all {
		for i := range s.labels {
			s.labels[i] = unreached[T]()
		}
	} else {
		for _, n := range s.begun {
			s.labels[n] = unreached[T]()
		}
	}
	if s.want > 0 {
		clear(s.wanted)
	}
	s.begun, s.rooted, s.all, s.over, s.want = s.begun[:0], s.rooted[:0], all, false, 0
	s.kept, s.shift = false, s.g.shift[s.metric]
}

// await makes the search go on until a node is settled.
func (s *wave[T]) await(n int32) {
	if s.wanted.set(n) {
		s.want++
	}
}

// plant gives a node the label of a root that it is on or next to.
func (s *wave[T]) plant(n int32, cost Cost, root int32, end int) {
	key, other := cost.MM, cost.MS
	if s.metric == ByTime {
		key, other = other, key
	}
	l := label[T]{T(key), T(other), root, uint32(seed + end)}
	if int64(l.key) != key || int64(l.other) != other || uint64(l.key)>>s.shift == s.never() {
		s.over = true
		return
	}
	if have := &s.labels[n]; l.less(have) {
		s.note(n, have)
		*have = l
		s.rooted = append(s.rooted, n)
	}
}

// never is the bucket of a node that is not reached.
func (s *wave[T]) never() uint64 { return uint64(^T(0)) >> s.shift }

// note keeps account of a node that gets its first label.
func (s *wave[T]) note(n int32, have *label[T]) {
	if !s.all && have.root < 0 {
		s.begun = append(s.begun, n)
	}
}

// run settles what follows from the planted roots: all within reach, or until
// the awaited nodes are settled, or all that costs no more than a limit. It
// gives false when a cost is too large for T.
func (s *wave[T]) run(limit uint64) bool {
	s.start(s.rooted)
	awaits := s.want > 0
	for !s.over {
		list, ok := s.queue.next(s.bucket)
		if !ok || s.queue.now > limit>>s.shift {
			break
		}
		s.drain(list)
		if awaits && s.want == 0 {
			break
		}
	}
	s.inner = s.inner[:0]
	return !s.over
}

// start queues nodes that have a label.
func (s *wave[T]) start(nodes []int32) {
	first := s.never()
	for _, n := range nodes {
		first = min(first, s.bucket(n))
	}
	s.queue.begin(first)
	for _, n := range nodes {
		s.queue.push(s.bucket(n), n)
	}
}

// drain settles a bucket.
func (s *wave[T]) drain(list []int32) {
	for len(list) > 0 {
		block := list[:min(ahead, len(list))]
		s.fetch(block)
		for _, n := range block {
			if uint64(s.labels[n].key)>>s.shift == s.queue.now {
				s.settle(n)
			}
		}
		list = list[len(block):]
	}
	for len(s.inner) > 0 {
		if e := s.inner.pop(); e.label.same(&s.labels[e.node]) {
			s.settle(e.node)
		}
	}
}

// ahead is how many nodes are fetched from memory at a time.
const ahead = 16

// fetch reads what settling some nodes will need. It has no effect but that
// these memory accesses, which do not depend on each other, are waited for
// together; one after the other they would take most of the time of a sweep.
func (s *wave[T]) fetch(nodes []int32) {
	g, labels, sum := s.g, s.labels, s.fetched
	var arcs [ahead]int32
	last := int32(len(g.arcs) - usual)
	for i, n := range nodes {
		arcs[i&(ahead-1)] = max(0, min(g.start[n], last))
		sum += labels[n].key
	}
	for _, i := range arcs[:len(nodes)] {
		sum += T(g.arcs[i].mm)
	}
	for _, i := range arcs[:len(nodes)] {
		for _, a := range g.arcs[i:min(int(i)+usual, len(g.arcs))] {
			sum += labels[a.head].key
		}
	}
	s.fetched = sum
}

// usual is how many arcs of a node are fetched: few have more.
const usual = 3

// settle goes on from a node to its neighbours.
func (s *wave[T]) settle(n int32) {
	if s.want > 0 && s.wanted.unset(n) {
		s.want--
	}
	g, labels := s.g, s.labels
	l := labels[n]
	first, last := g.start[n], g.start[n+1]
	for i, a := range g.arcs[first:last] {
		ms := a.out
		if s.toward {
			ms = a.in
		}
		if s.plain != nil && !s.plain.has(g.codes[int(first)+i]>>1) {
			ms = s.drivenAt(first + int32(i))
		}
		if ms == closed {
			continue
		}
		key, other := a.mm, ms
		if s.metric == ByTime {
			key, other = ms, a.mm
		}
		next := l.key + T(key)
		if have := &labels[a.head]; next <= have.key {
			s.improve(a.head, have, label[T]{next, l.other + T(other), l.root, uint32(first) + uint32(i)}, l.key, l.other)
		}
	}
}

// improve gives a node a label that came from one of this cost, if it is
// better. Of
// paths that are equal in all the one whose last arc has the lower number is
// taken, unless that edge costs nothing: two such could be each other's parent.
func (s *wave[T]) improve(n int32, have *label[T], next label[T], key, other T) {
	if next.key == have.key && !next.less(have) {
		if next.same(have) && next.parent < have.parent && (next.key != key || next.other != other) {
			have.parent = next.parent
		}
		return
	}
	bucket := uint64(next.key) >> s.shift
	if next.key < key || next.other < other || bucket == s.never() {
		s.over = true
		return
	}
	before := uint64(have.key) >> s.shift
	s.note(n, have)
	*have = next
	switch {
	case bucket == s.queue.now:
		s.inner.push(entry[T]{next, n})
	case bucket != before || s.kept: // else it is in that bucket already
		s.queue.push(bucket, n)
	}
}

// find gives the label of a node, false where it is not reached.
func (s *wave[T]) find(n int32) (label[uint64], bool) {
	l := &s.labels[n]
	return label[uint64]{uint64(l.key), uint64(l.other), l.root, l.parent}, l.root >= 0
}

// reached are the nodes with a label, after a search that was not for all.
func (s *wave[T]) reached() []int32 { return s.begun }
