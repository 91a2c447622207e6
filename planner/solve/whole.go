package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Placement puts every customer wholly at one site.
type Placement struct {
	Outcome
	Site []int32 // by customer; empty without an answer
	Open []int32 // sites with a customer, rising

	Cut *Shortage // of an infeasible one, if demand does not fit even when split
}

// whole is the problem behind all cores that keep customers whole: each goes to
// one site, within the capacities, at the costs of that and of opening sites.
type whole struct {
	n, m  int
	cost  [][]float64 // by site, then customer; +Inf: never
	load  [][]int64   // by site, then customer: what it takes there
	size  []int64     // by site
	fixed []float64   // by site; never negative
	most  int         // of sites that may be open

	facility *Facility // the problem when a customer takes as much of any site, else nil
}

// wholeSearch is such a problem while it is solved.
//
// The bound relaxes that everyone is placed: at the customers' prices each site
// packs whom it serves, a knapsack that may not be split, and the sites that lose
// least are opened, enough of them to hold all. So it is above the linear
// program's. Prices climb by subgradients; what the bound rules out in any better
// answer is barred for good. Answers are made of what sites packed, then bettered
// by moving, exchanging and ejecting customers and by changing sites. What is left
// is branched on, best bound first: a site open or not, then a customer to one
// part of its sites or the other.
type wholeSearch struct {
	proof
	*whole
	site    []int32 // the best answer, by customer
	dearest float64 // no answer costs more
	random  random
	split   *locationSearch // the same with demand split; nil: that is another problem
}

// solve runs the search.
func (w *whole) solve(ctx context.Context, limits Limits) (*Placement, error) {
	if reason := w.misfit(); reason != "" {
		return &Placement{Outcome: Outcome{Status: Infeasible, Objective: math.Inf(1), Bound: math.Inf(1), Reason: reason}}, nil
	}
	s := &wholeSearch{proof: newProof(limits), whole: w, random: random(limits.Seed)}
	s.measure()
	if w.facility != nil {
		short, err := s.divide(ctx)
		if short != nil || err != nil {
			return short, err
		}
	}
	if ctx.Err() == nil {
		s.branch(ctx)
	}
	return s.answer(ctx), nil
}

// divide solves the problem with all sites open and demand split. A placement
// says that even so it does not fit.
func (s *wholeSearch) divide(ctx context.Context) (short *Placement, err error) {
	if s.split, err = newLocation(s.facility, Limits{}); err != nil {
		return nil, err
	}
	open := make([]bool, s.m)
	for j, c := range s.split.size {
		open[j] = c > 0
	}
	if s.split.whole, _, err = s.split.ship(ctx, open); err != nil {
		return nil, err
	}
	if s.split.whole.Status == Infeasible {
		lacks := s.split.short(s.split.whole.Cut)
		return &Placement{Outcome: lacks.Outcome, Cut: lacks.Cut}, nil
	}
	return nil, nil
}

// sites tells whether it matters which sites are open.
func (s *wholeSearch) sites() bool {
	return s.split != nil && s.split.whole.Status == Optimal && s.most >= s.m && slices.Max(s.fixed) > 0
}

// measure finds what no answer exceeds, what none is below, and the step between
// objectives.
func (s *wholeSearch) measure() {
	s.step = 1
	for _, f := range s.fixed {
		s.dearest += f
		if f != math.Trunc(f) {
			s.step = 0
		}
	}
	for i := range s.n {
		least, most := math.Inf(1), math.Inf(-1)
		for j := range s.m {
			c := s.cost[j][i]
			if !math.IsInf(c, 1) {
				least, most = min(least, c), max(most, c)
				if c != math.Trunc(c) {
					s.step = 0
				}
			}
		}
		s.dearest += most
		s.bound += least
	}
	s.bound -= 1e-9 * math.Abs(s.bound) // what its sum may have been rounded up by
}

// misfit says why no answer exists where that is plain to see.
func (w *whole) misfit() string {
	for i := range w.n {
		least, roomiest := int64(math.MaxInt64), int64(-1)
		fits := false
		for j := range w.m {
			if math.IsInf(w.cost[j][i], 1) {
				continue
			}
			least, roomiest = min(least, w.load[j][i]), max(roomiest, w.size[j])
			fits = fits || w.load[j][i] <= w.size[j]
		}
		if roomiest < 0 {
			return fmt.Sprintf("customer %d may go to no site", i)
		}
		if !fits {
			return fmt.Sprintf("customer %d takes %d and is kept whole; the largest capacity of its sites is %d", i, least, roomiest)
		}
	}
	return w.crowd()
}

// crowd says whether as many sites as may be open are too few, the largest taken.
func (w *whole) crowd() string {
	if w.facility == nil || w.most >= w.m {
		return ""
	}
	sizes := slices.Clone(w.size)
	slices.Sort(sizes)
	room, demand := int64(0), int64(0)
	for _, c := range sizes[w.m-w.most:] {
		room += c
	}
	for i := range w.n {
		demand += w.load[0][i]
	}
	if demand <= room {
		return ""
	}
	return fmt.Sprintf("all customers take %d; the %d largest sites hold %d: %d are missing", demand, w.most, room, demand-room)
}

// keep takes an answer if it is better than the best.
func (s *wholeSearch) keep(site []int32, value float64) {
	if value < s.value {
		s.site = append(s.site[:0], site...)
		s.proof.keep(nil, value)
	}
}

// total is what an answer costs, summed up anew.
func (w *whole) total(site []int32) float64 {
	sum, used := 0.0, make([]bool, w.m)
	for i, j := range site {
		sum += w.cost[j][i]
		used[j] = true
	}
	for j, is := range used {
		if is {
			sum += w.fixed[j]
		}
	}
	return sum
}

// limit is the bound from which on a node has nothing better.
func (s *wholeSearch) limit() float64 {
	return min(s.enough(), s.dearest+1e-6*max(1, math.Abs(s.dearest)))
}

func (s *wholeSearch) answer(ctx context.Context) *Placement {
	out := &Placement{Outcome: s.end(ctx)}
	if math.IsInf(s.value, 1) {
		if s.bound < math.Inf(1) {
			return out
		}
		out.Status, out.Reason = Infeasible, "split, all demand would fit; kept whole, the customers cannot be packed into the sites: all ways were ruled out"
		return out
	}
	out.Site = s.site
	used := make([]bool, s.m)
	for _, j := range s.site {
		used[j] = true
	}
	for j, is := range used {
		if is {
			out.Open = append(out.Open, int32(j))
		}
	}
	return out
}
