package solve

// bands reads off what the root has ruled out for plans as good as the best.
func (s *decideSearch) bands(p *DecidePlan) {
	p.Bands = make([]Band, len(s.m.q.Villages))
	for v := range p.Bands {
		p.Bands[v] = BandConnected
	}
	s.settleRoot()
	for i, v := range s.m.village {
		p.Bands[v] = s.bandOf(i)
	}
}

// settleRoot applies the best bound of the root to the best plan once more.
func (s *decideSearch) settleRoot() {
	if s.best != nil && len(s.m.village) > 0 {
		s.workers[0].settle(s.root, append([]float64(nil), s.root.prices...), s.cuts, s.firm())
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
