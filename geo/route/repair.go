package route

// Update brings what From or Toward has found to what it would find with
// another overlay, and keeps it in q.Overlay. Nodes whose path used an edge
// that got worse are searched again, from the nodes around them; what an edge
// that got better brings spreads from its ends. The rest is not looked at.
// Results are those of a new search, to the last bit. To undo, update to the
// overlay before. After another kind of search, or when Metric or Filter have
// been set since, the search is made anew.
func (q *Query) Update(o *Overlay) {
	before := q.now
	q.Overlay = o
	if !q.whole || q.Metric != before.metric || q.Filter != before.filter {
		if q.done {
			q.search(before.toward, q.roots, nil, noLimit)
		}
		return
	}
	q.set(before.toward)
	var differ []int32
	look := func(c *change) {
		for back := range uint32(2) {
			if code := codeOf(c.edge, back); before.driven(code) != q.now.driven(code) {
				differ = append(differ, c.edge)
				return
			}
		}
	}
	before.overlay.each(look)
	o.each(func(c *change) {
		if before.overlay.find(c.edge) == nil {
			look(c)
		}
	})
	if !q.repair(differ) {
		q.search(before.toward, q.roots, nil, noLimit)
	}
}

// repair forgets what depends on edges that differ, and finds it again.
func (q *Query) repair(differ []int32) bool {
	s := q.sweep
	for _, edge := range differ {
		s.forget(q.g.tail[edge], edge)
		s.forget(q.g.head[edge], edge)
	}
	s.surround()
	for _, edge := range differ {
		s.again(q.g.tail[edge])
		s.again(q.g.head[edge])
	}
	for i := range q.roots {
		q.plant(int32(i))
	}
	return s.run(noLimit)
}

// forget takes the label from a node that has it over this edge, or from a
// root, and from all that have theirs from it.
func (s *wave[T]) forget(n, edge int32) {
	l := &s.labels[n]
	if l.root < 0 || l.parent < seed && int32(s.g.codes[l.parent]>>1) != edge {
		return
	}
	first := len(s.lost)
	s.lose(n)
	for i := first; i < len(s.lost); i++ {
		n := s.lost[i]
		for arc := s.g.start[n]; arc < s.g.start[n+1]; arc++ {
			head := s.g.arcs[arc].head
			if l := &s.labels[head]; l.root >= 0 && l.parent == uint32(arc) {
				s.lose(head)
			}
		}
	}
}

func (s *wave[T]) lose(n int32) {
	s.labels[n] = unreached[T]()
	s.lost = append(s.lost, n)
}

// surround makes a search that keeps the labels there are, and starts from
// around the nodes that were forgotten.
func (s *wave[T]) surround() {
	s.rooted, s.kept = s.rooted[:0], true
	for _, n := range s.lost {
		for _, a := range s.g.arcs[s.g.start[n]:s.g.start[n+1]] {
			s.again(a.head)
		}
	}
	s.lost = s.lost[:0]
}

// again makes the search start from a node too, if it is reached.
func (s *wave[T]) again(n int32) {
	if s.labels[n].root >= 0 {
		s.rooted = append(s.rooted, n)
	}
}
