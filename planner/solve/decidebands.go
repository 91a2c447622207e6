package solve

// bands reads off what is ruled out for plans as good as the best. Villages that the root leaves
// open are probed first: would any plan as good decide otherwise? While the context
// lasts the linear programme answers, then dual ascent alone.
func (s *decideSearch) bands(p *DecidePlan) {
	p.Bands = make([]Band, len(s.m.q.Villages))
	for v := range p.Bands {
		p.Bands[v] = BandConnected
	}
	s.settleRoot()
	s.probe()
	for i, v := range s.m.village {
		p.Bands[v] = s.bandOf(i)
	}
}

// settleRoot applies the best bound of the root to the best plan once more.
func (s *decideSearch) settleRoot() {
	if len(s.m.village) > 0 {
		s.workers[0].settle(s.root, append([]float64(nil), s.root.prices...), s.cuts, s.firm())
	}
}

// probe rules out at the root what probing shows.
func (s *decideSearch) probe() {
	proven := make([]bool, len(s.m.village))
	s.each(func(at int, w *decideWorker) {
		for i := at; i < len(proven); i += len(s.workers) {
			proven[i] = s.bandOf(i) == BandUndecided && s.forced(w, i)
		}
	})
	for i, is := range proven {
		if is {
			s.without(s.root, i, false)
		}
	}
}

// forced tells whether no plan as good gives a row another verdict than the best.
func (s *decideSearch) forced(w *decideWorker, i int) bool {
	n := s.root.clone()
	s.without(n, i, true)
	if !w.settle(n, append([]float64(nil), n.prices...), s.cuts, s.firm()) {
		return true
	}
	return w.lp != nil && s.ctx.Err() == nil && !w.lp.tighten(s.ctx, w.decideBounder, n, s.firm, 4, nil)
}

// without rules out the verdict that the best plan has for a row, or all others.
func (s *decideSearch) without(n *decideNode, i int, its bool) {
	is := s.m.alt[s.best.choice[i]].verdict
	for k := s.m.firstAlt[i]; k < s.m.firstAlt[i+1]; k++ {
		if (s.m.alt[k].verdict == is) == its {
			n.open[k] = false
		}
	}
}

func (s *decideSearch) bandOf(i int) Band {
	m := s.m
	chosen := s.best.choice[i]
	ways, left, same := 0, 0, 0
	for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
		if m.alt[k].open {
			ways++
		}
		if s.root.open[k] {
			left++
			if m.alt[k].verdict == m.alt[chosen].verdict {
				same++
			}
		}
	}
	switch {
	case ways == 1:
		return BandFixed
	case left != same || !s.root.open[chosen]:
		return BandUndecided
	case m.alt[chosen].verdict == VerdictRoad:
		return BandRoad
	case m.alt[chosen].verdict == VerdictRelocate:
		return BandMove
	}
	return BandNeither
}
