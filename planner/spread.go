package planner

import "github.com/qiantu/qiantu/geo/chainage"

// amount is one kind of amount of a work: a set of its route, and the weight in
// per cent that its metres have.
type amount struct {
	kind   kind
	set    chainage.Set
	weight int64
}

// amountsOf lists what a work adds to its scopes.
func amountsOf(w *Work) []amount {
	rest := w.Scope.Subtract(w.Completed).Subtract(w.CarryOver).Subtract(w.Disputed)
	var several chainage.Set
	for _, o := range w.contracts {
		if o.owner == ownerSeveral && w.Retired == nil {
			several = o.set
		}
	}
	out := make([]amount, 0, 16)
	for _, one := range []amount{
		{kindTask, w.Scope, hundred}, {kindStarted, w.Started, hundred}, {kindIdle, w.Scope.Subtract(w.Started), hundred},
		{kindCompleted, w.Completed, hundred}, {kindCarry, w.CarryOver, hundred}, {kindDisputed, w.Disputed, hundred},
		{kindRest, rest, hundred}, {kindAccepted, w.Accepted, hundred}, {kindFailed, w.Failed, hundred}, {kindSeveral, several, hundred},
		{kindRepeated, w.Repeated, hundred}, {kindOverridden, w.Overridden, hundred}, {kindRetired, w.Retired, hundred},
	} {
		if len(one.set) > 0 {
			out = append(out, one)
		}
	}
	out = weigh(w, rest, kindUnweighed, out)
	out = weigh(w, w.own, kindHeld, out)
	if carried := w.Disputed.Subtract(w.own); len(carried) > 0 {
		out = append(out, amount{kindHeld, carried, hundred})
	}
	return out
}

// weigh adds the stage-weighted length of what is not completed, stage by stage
// from the last, and what is still to do of it, or held.
func weigh(w *Work, left chainage.Set, rest kind, out []amount) []amount {
	for stage := len(w.weighing) - 1; stage >= 0 && len(left) > 0; stage-- {
		here := left.Intersect(w.weighing[stage])
		if len(here) == 0 {
			continue
		}
		out = append(out, amount{kindWeighed, here, progressWeights[stage]})
		if progressWeights[stage] != hundred {
			out = append(out, amount{rest, here, -progressWeights[stage]})
		}
		left = left.Subtract(here)
	}
	if len(left) > 0 {
		out = append(out, amount{rest, left, hundred})
	}
	return out
}

// eachWork visits the works of a programme, and what was retired of its task.
func (p *ProgrammeWork) eachWork(visit func(*Work)) {
	for _, works := range [][]Work{p.Works, p.Gone} {
		for i := range works {
			visit(&works[i])
		}
	}
}

// eachAmount visits what a work adds to its scopes.
func (w *Work) eachAmount(visit func(*amount)) {
	for i := range w.amounts {
		visit(&w.amounts[i])
	}
}

// spreadRegions puts the works of a programme into the book of the county, its
// townships and the classes of road.
func (s *roadSums) spreadRegions(p *ProgrammeWork) {
	p.eachWork(func(w *Work) {
		key := routeKey{w.Road, w.Version}
		w.eachAmount(func(m *amount) {
			s.a.eachStretch(key, m.set, func(st stretch) {
				s.addRegions(s.current, m.kind, st, m.weight)
				if m.kind == kindTask && !st.src.drawnRoute() {
					s.addRegions(s.current, kindUndrawn, st, m.weight)
				}
			})
		})
	})
}

// spreadWhole puts the works of a programme into one scope.
func (c *completion) spreadWhole(p *ProgrammeWork, b *book, scope string) {
	whole := b.scope(scope)
	p.eachWork(func(w *Work) {
		key := routeKey{w.Road, w.Version}
		w.eachAmount(func(m *amount) {
			c.a.eachStretch(key, m.set, func(st stretch) { b.addWhole(whole, m, st) })
		})
	})
}

// spreadOwners puts the works of a programme into the scopes of those who have
// a part of the task.
func (c *completion) spreadOwners(p *ProgrammeWork, b *book, owners func(*Work) []ownedSet, scope func(ID) string) {
	numbers := map[ID]int{}
	p.eachWork(func(w *Work) {
		key, list := routeKey{w.Road, w.Version}, owners(w)
		for _, o := range list {
			number, ok := numbers[o.owner]
			if !ok {
				number = b.scope(scope(o.owner))
				numbers[o.owner] = number
			}
			w.eachAmount(func(m *amount) {
				set := m.set
				if len(list) > 1 {
					set = set.Intersect(o.set)
				}
				c.a.eachStretch(key, set, func(st stretch) { b.addWhole(number, m, st) })
			})
		}
	})
}

func (b *book) addWhole(scope int, m *amount, st stretch) {
	whole := weighed(st.span, m.weight)
	b.add(scope, m.kind, st, whole)
	if m.kind == kindTask && !st.src.drawnRoute() {
		b.add(scope, kindUndrawn, st, whole)
	}
}

// placed are the scopes of a source in one book.
type placed struct {
	book                       *book
	src                        *stretchSource
	county, class, home, other int
	share                      int64 // of the other township, parts per million
}

// place finds the scopes of a source: the county, its class, its townships.
func (s *roadSums) place(b *book, src *stretchSource) *placed {
	p := &s.placed
	if p.book == b && p.src == src {
		return p
	}
	home, other, share := src.townships()
	*p = placed{book: b, src: src, county: b.scope(s.a.Snapshot.Region.Code), class: b.scope("class:" + src.class()), share: share}
	p.home = b.scope(s.a.scopeOf(home))
	if share != 0 {
		p.other = b.scope(s.a.scopeOf(other))
	}
	s.classes[src.class()] = true
	return p
}

// addRegions splits a stretch among the county, its townships and its class.
func (s *roadSums) addRegions(b *book, k kind, st stretch, weight int64) {
	p, whole := s.place(b, st.src), weighed(st.span, weight)
	b.add(p.county, k, st, whole)
	b.add(p.class, k, st, whole)
	if p.share == 0 {
		b.add(p.home, k, st, whole)
		return
	}
	other := otherShare(st.span, weight, p.share)
	b.add(p.home, k, st, whole-other)
	b.add(p.other, k, st, other)
}

// drawnRoute reports whether the metres of a source have a line.
func (s *stretchSource) drawnRoute() bool { return len(s.line) >= 2 }

// spreadNetwork puts every counted piece of road into the network book.
func (s *roadSums) spreadNetwork() {
	for i := range s.a.Pieces {
		p := &s.a.Pieces[i]
		if !p.Counted || p.Halo || p.Built == BuiltNone {
			continue
		}
		st := stretch{routeKey{p.Road, p.Version}, p.source, p.Span}
		for _, k := range p.lengthKinds() {
			s.addRegions(s.network, k, st, hundred)
		}
	}
	s.spreadCondition()
}

// lengthKinds says where a piece counts: footpaths have a length, and no
// surface or season that is asked for.
func (p *Piece) lengthKinds() []kind {
	switch {
	case !isMotorRoad(p.Class) && p.Built == BuiltUnknown:
		return []kind{kindLengthUnknown}
	case !isMotorRoad(p.Class):
		return []kind{kindLength}
	case p.Built == BuiltUnknown:
		return []kind{kindLengthUnknown, kindBuiltUnknown}
	}
	return []kind{
		kindLength, byTernary(Hardened(p.Surface), kindHardened, kindNotHardened, kindHardenedUnknown),
		byTernary(p.AllSeason, kindSeason, kindNotSeason, kindSeasonUnknown),
	}
}

func byTernary(t Ternary, yes, no, unknown kind) kind {
	switch t {
	case Yes:
		return yes
	case No:
		return no
	}
	return unknown
}

// spreadCondition puts the evaluated metres of every road into the network
// book, and what is built and was not evaluated.
func (s *roadSums) spreadCondition() {
	var key routeKey
	var state condition
	for i := range s.a.Pieces {
		p := &s.a.Pieces[i]
		if !p.Counted || p.Halo {
			continue
		}
		if at := (routeKey{p.Road, p.Version}); at != key {
			key, state = at, s.a.ledger.condition(at)
		}
		left := chainage.Set{p.Span}
		put := func(k kind, set chainage.Set) {
			for _, span := range set {
				s.addRegions(s.network, k, stretch{key, p.source, span}, hundred)
			}
			if len(set) > 0 {
				left = left.Subtract(set)
			}
		}
		put(kindGood, state.good.Intersect(left))
		put(kindFair, state.fair.Intersect(left))
		put(kindPoor, state.poor.Intersect(left))
		if p.Built == BuiltYes && isMotorRoad(p.Class) {
			put(kindUnevaluated, left)
		}
	}
}
