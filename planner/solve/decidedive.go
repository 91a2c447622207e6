package solve

import (
	"cmp"
	"slices"
)

// dive follows a node down: the verdict that the linear programme is nearly sure of is fixed, and that solved
// again, until nothing is a fraction or no better plan can be below. It gives the best plan met on the way.
func (s *decideSearch) dive(w *decideWorker, from *decideNode, sure float64) (best *decideDraft) {
	n := from.clone()
	for step := range s.m.village {
		if s.ctx.Err() != nil {
			return best
		}
		n.bound = from.bound
		if !w.lp.tighten(s.ctx, w.decideBounder, n, s.better, 1, nil) {
			return best
		}
		more := w.fixSurest(n, sure)
		if more && step%8 != 0 {
			continue
		}
		if d := w.craft.round(n, w.lp, n.prices, 0.5); d != nil && !d.short(0) && (best == nil || s.m.less(d.value, best.value)) {
			best = d
		}
		if !more {
			return best
		}
	}
	return best
}

// fixSurest fixes the largest fraction, and with it all that are larger than sure;
// what no longer fits a site is ruled out. False: there is no fraction.
func (w *decideWorker) fixSurest(n *decideNode, sure float64) bool {
	var part []coverItem
	free := append([]int64(nil), w.m.places...)
	for k := range w.m.alt {
		a, x := &w.m.alt[k], w.lp.lp.value(w.lp.alt(int32(k)))
		if !n.open[k] || x < 1e-5 {
			continue
		}
		if x > 1-1e-5 {
			if a.site >= 0 {
				free[a.site] -= a.use
			}
			continue
		}
		part = append(part, coverItem{int32(k), a.use, x})
	}
	slices.SortStableFunc(part, func(a, b coverItem) int { return cmp.Compare(b.x, a.x) })
	for at, c := range part {
		if at > 0 && c.x < sure {
			break
		}
		if site := w.m.alt[c.alt].site; site < 0 {
			n.only(w.m, c.alt)
		} else if free[site] >= c.use {
			free[site] -= c.use
			n.only(w.m, c.alt)
		} else {
			n.open[c.alt] = false
		}
	}
	return len(part) > 0
}

// only rules out all other alternatives of a row.
func (n *decideNode) only(m *decideModel, k int32) {
	i := m.rowOf(k)
	for o := m.firstAlt[i]; o < m.firstAlt[i+1]; o++ {
		n.open[o] = o == k
	}
}

// around dives into what is left of the question when most of the best plan stands: the villages at a few sites, and
// some of the others, decide anew (relaxation induced neighbourhoods, after Danna, Rothberg and Le Pape 2005).
func (s *decideSearch) around(w *decideWorker) *decideDraft {
	n, m, draw := s.root.clone(), s.m, w.craft.draw
	free := make([]bool, len(m.places)+1) // the last: no site
	for range 2 + draw.IntN(3) {
		free[draw.IntN(len(free))] = true
	}
	share := 0.1 + 0.4*draw.Float64()
	for _, k := range s.best.choice {
		site := m.alt[k].site
		if site < 0 {
			site = int32(len(m.places))
		}
		if !free[site] && draw.Float64() > share && n.open[k] {
			n.only(m, k)
		}
	}
	return s.dive(w, n, 0.7)
}

// aroundAll lets every worker look around the best plan once.
func (s *decideSearch) aroundAll() {
	if s.best == nil || s.ctx.Err() != nil || s.enough() {
		return
	}
	s.each(func(_ int, w *decideWorker) { s.keep(w, s.around(w)) })
	s.collect()
}
