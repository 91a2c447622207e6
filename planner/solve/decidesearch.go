package solve

import (
	"context"
	"math"
	"slices"
	"sync"
)

// decideSearch is one run of [Decide]: the root is bounded as well as can be, then nodes are branched
// on, the lowest bound first, as many at a time as there are threads.
type decideSearch struct {
	ctx     context.Context
	m       *decideModel
	limits  Limits
	workers []*decideWorker

	best           *decideDraft // nil: none yet
	ub             float64      // of best
	root           *decideNode  // ruled out there: what no plan as good as the best has
	cuts           []decideCut  // that bound the root best
	nodes          []*decideNode
	lower          float64 // no plan is better; what was pruned is taken into account
	count, batches int
}

// decideWorker is what one thread works with.
type decideWorker struct {
	*decideBounder
	lp    *decideLP
	found *decideDraft
	kids  []*decideNode
	nodes int // branched on since it was last asked
}

func newDecideSearch(ctx context.Context, m *decideModel, limits Limits) *decideSearch {
	s := &decideSearch{ctx: ctx, m: m, limits: limits, ub: inf}
	for i := range max(1, min(limits.Threads, 64)) {
		s.workers = append(s.workers, &decideWorker{decideBounder: newDecideBounder(m, limits.Seed+uint64(i)*0x1234567)})
	}
	s.root = &decideNode{bound: -inf, edge: make([]int8, len(m.cost)), prices: make([]float64, len(m.places)+1)}
	for k := range m.alt {
		s.root.open = append(s.root.open, m.alt[k].open)
	}
	return s
}

// run searches until the gap is closed, or asked for, or the context is done.
func (s *decideSearch) run() {
	s.begin()
	s.boundRoot()
	for len(s.nodes) > 0 && !s.enough() {
		s.batch()
	}
}

// firm is the cutoff that rules out only what is worse than the best plan; better also what is as good.
func (s *decideSearch) firm() float64 {
	if math.IsInf(s.ub, 1) {
		return s.better()
	}
	return s.ub + max(1e-12*math.Abs(s.ub), s.m.tie/2)
}

func (s *decideSearch) better() float64 {
	if math.IsInf(s.ub, 1) {
		persons := int64(0)
		for _, n := range s.m.persons {
			persons += n
		}
		return 1 + 2*s.m.weigh(decideValue{money: s.m.atMost(), unserved: persons}) // no plan is as bad
	}
	return s.ub - s.m.tie*(1-1e-6)
}

// offer takes a plan if it is the best so far.
func (s *decideSearch) offer(d *decideDraft) bool {
	if d == nil || d.short(0) || (s.best != nil && !s.m.less(d.value, s.best.value)) {
		return false
	}
	s.best, s.ub = d.clone(), s.m.weigh(d.value)
	return true
}

// begin finds a first plan that just keeps what is fixed.
func (s *decideSearch) begin() {
	d := newDraft(s.m)
	w := s.workers[0]
	w.craft.price(s.root.prices, false)
	if w.craft.mandatory(d) {
		s.offer(d)
	}
}

// boundRoot prices places and budget by subgradients, which finds good plans soon, and then by the linear programme.
func (s *decideSearch) boundRoot() {
	w := s.workers[0]
	target := s.ub
	if math.IsInf(target, 1) {
		target = s.m.weigh(decideValue{money: s.m.atMost()})
	}
	w.climb(s.ctx, s.root, s.firm(), target, 40, func(step int) {
		if step%8 == 0 {
			w.craft.price(s.root.prices, true)
			s.offer(w.craft.draft(w.r))
		}
	})
	s.report()
	s.improveAll(300)
	scale := max(s.root.bound, s.m.tie) / float64(len(s.m.village)+1)
	w.lp = newDecideLP(w.decideBounder, scale, s.limits.Seed)
	s.tightenRoot()
	s.lower = s.root.bound
	if s.root.bound < s.better() {
		s.nodes = append(s.nodes, s.root.clone())
	}
	s.lift()
}

// tightenRoot runs the linear programme of the root, and improves plans beside it.
func (s *decideSearch) tightenRoot() {
	w := s.workers[0]
	w.lp.tighten(s.ctx, w.decideBounder, s.root, s.firm, 60, func(int) {
		if w.r.bound >= s.root.bound {
			s.cuts = slices.Clone(w.lp.now)
		}
		for _, lean := range []float64{0.3, 0.6} {
			s.offer(w.craft.round(s.root, w.lp, s.root.prices, lean))
		}
		s.report()
	})
	w.lp.lp.recover()
	w.lp.lp.drop(w.lp.fixed, 1)
	w.lp.patience = 10
	for _, w := range s.workers[1:] {
		w.lp = s.workers[0].lp.clone()
	}
	s.improveAll(400)
	s.diveAll()
	s.improveAll(400)
}

// diveAll lets every worker dive, from the nodes with the lowest bounds or the root.
func (s *decideSearch) diveAll() {
	s.each(func(i int, w *decideWorker) {
		from := s.root
		if i < len(s.nodes) {
			from = s.nodes[i]
		}
		s.keep(w, s.dive(w, from, 0.95-0.1*float64(i%8)))
	})
	s.collect()
}

// improveAll lets every worker look around the best plan for so many rounds.
func (s *decideSearch) improveAll(rounds int) {
	if s.best == nil || s.ctx.Err() != nil || s.enough() {
		return
	}
	s.each(func(i int, w *decideWorker) {
		w.found = s.best.clone()
		w.craft.improve(s.ctx, w.found, s.root.prices, rounds)
	})
	s.collect()
}

// each runs a part of the work on every thread, and waits.
func (s *decideSearch) each(work func(i int, w *decideWorker)) {
	var all sync.WaitGroup
	for i, w := range s.workers[1:] {
		all.Go(func() { work(i+1, w) })
	}
	work(0, s.workers[0])
	all.Wait()
}

// collect takes what the workers found, in their order.
func (s *decideSearch) collect() {
	better := false
	for _, w := range s.workers {
		better = s.offer(w.found) || better
		w.found = nil
	}
	if better {
		s.report()
	}
}

// batch branches on as many nodes as there are workers.
func (s *decideSearch) batch() {
	s.nodes = slices.DeleteFunc(s.nodes, func(n *decideNode) bool { return n.bound >= s.better() })
	slices.SortStableFunc(s.nodes, func(a, b *decideNode) int {
		if a.bound != b.bound {
			if a.bound < b.bound {
				return -1
			}
			return 1
		}
		return b.depth - a.depth
	})
	take := min(len(s.nodes), len(s.workers))
	taken := s.nodes[:take]
	s.each(func(i int, w *decideWorker) {
		if i < take {
			s.branch(w, taken[i])
		}
	})
	rest := slices.Clone(s.nodes[take:])
	for i := range taken {
		rest = append(rest, s.workers[i].kids...)
	}
	s.nodes = rest
	for _, w := range s.workers {
		s.count, w.nodes = s.count+w.nodes, 0
	}
	s.collect()
	s.lift()
	if s.batches++; s.batches%4 == 0 {
		s.improveAll(150)
	}
	s.aroundAll()
	if s.batches%32 == 0 {
		s.diveAll()
	}
}

// lift raises the bound to the lowest that is open.
func (s *decideSearch) lift() {
	lowest := s.ub
	for _, n := range s.nodes {
		lowest = min(lowest, n.bound)
	}
	if lowest > s.lower {
		s.lower = lowest
		s.report()
	}
}

// branch bounds a node and splits it unless it is done with, and goes on with one of the two for a few levels, as
// the linear programme is nearly solved there already. When the context is done the node stays as it is.
func (s *decideSearch) branch(w *decideWorker, n *decideNode) {
	w.kids = w.kids[:0]
	for level := 0; n != nil; level++ {
		if s.ctx.Err() != nil || level == 8 {
			w.kids = append(w.kids, n)
			return
		}
		w.nodes++
		from := len(w.kids)
		s.branchOnce(w, n)
		n = nil
		if len(w.kids) > from {
			n = w.kids[from]
			w.kids = append(w.kids[:from], w.kids[from+1:]...)
		}
	}
}

func (s *decideSearch) branchOnce(w *decideWorker, n *decideNode) {
	if !w.lp.tighten(s.ctx, w.decideBounder, n, s.better, 4, nil) {
		return
	}
	if s.ctx.Err() != nil {
		w.kids = append(w.kids, n)
		return
	}
	s.keep(w, w.craft.round(n, w.lp, n.prices, 0.5))
	before := len(w.kids)
	w.split(n)
	if len(w.kids) == before {
		s.keep(w, w.craft.exactly(n))
	}
}

// keep remembers the best plan that a worker has met.
func (s *decideSearch) keep(w *decideWorker, d *decideDraft) {
	if d != nil && !d.short(0) && (w.found == nil || s.m.less(d.value, w.found.value)) {
		w.found = d
	}
}

// outcome says where the search stands, in the unit of the objective.
func (s *decideSearch) outcome() Outcome {
	o := Outcome{Objective: inf, Bound: s.inUnits(s.lower), Nodes: s.count}
	if s.best != nil {
		o.Objective = float64(s.best.value.money + s.best.value.price)
		if s.m.q.Objective == LeastUnserved {
			o.Objective = float64(s.best.value.unserved)
		}
		o.Bound = min(o.Bound, o.Objective)
	}
	return o
}

// inUnits rounds a bound up: costs and persons are whole.
func (s *decideSearch) inUnits(bound float64) float64 {
	if math.IsInf(bound, 1) {
		return bound
	}
	if s.m.q.Objective == LeastUnserved {
		bound -= 0.5
	}
	return max(0, math.Ceil(bound-1e-6))
}

func (s *decideSearch) enough() bool {
	o := s.outcome()
	return s.ctx.Err() != nil || (s.limits.Gap > 0 && o.Gap() <= s.limits.Gap)
}

func (s *decideSearch) report() {
	if s.limits.Progress != nil {
		s.lower = max(s.lower, min(s.root.bound, s.ub))
		s.limits.Progress(s.outcome())
	}
}
