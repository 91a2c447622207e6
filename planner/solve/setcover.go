package solve

import (
	"container/heap"
	"context"
	"math"
	"slices"
)

// coverProblem asks for the cheapest columns so that each row has one of its own:
// set covering.
type coverProblem struct {
	rows [][]int32 // by row: its columns
	cost []float64 // by column
}

// coverSearch is a set covering while it is solved. The bound is Lagrangian: each
// row pays a price to every column of its own that is chosen, columns whose
// prices pay their cost are chosen (Beasley 1987; Caprara, Fischetti and Toth
// 1999). Before, rows and columns that others make superfluous are left out.
type coverSearch struct {
	proof
	rows   [][]int32
	cols   [][]int32
	cost   []float64
	target float64 // whether the least is so much at the most is all that is asked; NaN: what it is
	must   []int32 // columns that the reduction chose
	base   float64 // what they cost

	status []int8    // by column, of the node
	paid   []bool    // by row: it has an opened column
	price  []float64 // by row
	kept   []float64 // the prices of the bound
	slope  []float64
	dir    []float64
	rest   []float64 // by column: its cost less the prices of its rows
	often  []float64 // by column: how often chosen of late
	free   []int32
	level  float64 // the bound of the node
}

func (p *coverProblem) search(limits Limits, target float64) *coverSearch {
	r := p.reduce()
	s := &coverSearch{proof: newProof(limits), rows: r.rows, cols: r.columns(), cost: p.cost, target: target, must: r.must}
	n, m := len(s.rows), len(p.cost)
	s.status, s.often, s.rest = make([]int8, m), make([]float64, m), make([]float64, m)
	s.paid, s.price, s.kept = make([]bool, n), make([]float64, n), make([]float64, n)
	s.slope, s.dir = make([]float64, n), make([]float64, n)
	s.step = 1
	for j, c := range p.cost {
		if c != math.Trunc(c) {
			s.step = 0
		}
		if len(s.cols[j]) == 0 {
			s.status[j] = closed
		}
	}
	for _, j := range s.must {
		s.base += p.cost[j]
	}
	s.bound = s.base
	for i, row := range s.rows {
		s.kept[i] = math.Inf(1)
		for _, j := range row {
			s.kept[i] = min(s.kept[i], p.cost[j]/float64(len(s.cols[j])))
		}
	}
	return s
}

// enough is what proves that there is nothing to be found.
func (s *coverSearch) enough() float64 {
	if s.target < s.value {
		return s.target + min(1e-6, s.step) + 1e-9*s.target
	}
	return s.proof.enough()
}

// over tells whether what was asked is known.
func (s *coverSearch) over() bool {
	return s.value <= s.target || s.bound > s.target || s.done()
}

// run solves it; every row must have a column.
func (s *coverSearch) run(ctx context.Context) {
	open := siteNodes{{bound: s.base, fixed: slices.Clone(s.status), price: slices.Clone(s.kept)}}
	for made := 1; len(open) > 0 && ctx.Err() == nil; {
		s.raise(open[0].bound)
		if s.over() {
			return
		}
		node := heap.Pop(&open).(*siteNode)
		if node.bound >= s.enough() {
			continue
		}
		s.nodes++
		copy(s.status, node.fixed)
		copy(s.kept, node.price)
		rounds, length := 60, 0.5
		if s.nodes == 1 {
			rounds, length = 600, 1.5
		}
		over := s.climb(ctx, rounds, length)
		bound := max(s.level, node.bound)
		if over || bound >= s.enough() {
			continue
		}
		if ctx.Err() != nil {
			heap.Push(&open, &siteNode{bound: bound})
			break
		}
		price, j := slices.Clone(s.kept), s.choose()
		for _, to := range []int8{closed, opened} {
			fixed := slices.Clone(s.status)
			fixed[j] = to
			heap.Push(&open, &siteNode{bound, made, fixed, price})
			made++
		}
	}
	switch {
	case len(open) > 0:
		s.raise(open[0].bound)
	case s.target < s.value:
		s.bound = max(s.bound, math.Nextafter(s.target, math.Inf(1))) // all nodes are beyond the target
	default:
		s.close()
	}
}

// enter lays out a node: rows that are paid, free columns; rows with one column
// left open it. False: a row has none.
func (s *coverSearch) enter() bool {
	for changed := true; changed; {
		changed = false
		for i, row := range s.rows {
			count, last := 0, int32(-1)
			s.paid[i] = false
			for _, j := range row {
				switch s.status[j] {
				case opened:
					s.paid[i] = true
				case free:
					count, last = count+1, j
				}
			}
			switch {
			case s.paid[i]:
			case count == 0:
				return false
			case count == 1:
				s.status[last], s.paid[i], changed = opened, true, true
			}
		}
	}
	s.free = s.free[:0]
	for j, is := range s.status {
		if is == free {
			s.free = append(s.free, int32(j))
		}
	}
	return true
}

// bid is the bound of the prices as they are.
func (s *coverSearch) bid() float64 {
	sum := s.base
	for j, is := range s.status {
		if s.rest[j] = s.cost[j]; is == opened {
			sum += s.cost[j]
		}
	}
	for i, row := range s.rows {
		s.slope[i] = 0
		if s.paid[i] {
			continue
		}
		s.slope[i] = 1
		sum += s.price[i]
		for _, j := range row {
			s.rest[j] -= s.price[i]
		}
	}
	for _, j := range s.free {
		if s.often[j] *= 0.9; s.rest[j] < 0 {
			s.often[j] += 0.1
			sum += s.rest[j]
			for _, i := range s.cols[j] {
				if !s.paid[i] {
					s.slope[i]--
				}
			}
		}
	}
	return sum
}

// climb raises the bound of a node; true: it holds nothing that is asked for.
func (s *coverSearch) climb(ctx context.Context, rounds int, length float64) bool {
	s.level = math.Inf(-1)
	if !s.enter() {
		return true
	}
	copy(s.price, s.kept)
	clear(s.dir)
	idle := 0
	for round := range rounds {
		if ctx.Err() != nil {
			return false
		}
		value := s.bid()
		if round%10 == 0 || len(s.free) == 0 {
			s.greedy()
			if s.value <= s.target {
				return false
			}
		}
		if len(s.free) == 0 {
			return true
		}
		if idle++; value > s.level {
			if value > s.level+1e-4 {
				idle = 0
			}
			s.level = value
			copy(s.kept, s.price)
			if value >= s.enough() {
				return true
			}
			if s.fix(value) {
				if !s.enter() {
					return true
				}
				continue
			}
		}
		if idle > 10 {
			idle, length = 0, length/1.6
			copy(s.price, s.kept)
			clear(s.dir)
			if length < 1e-3 {
				return false
			}
			continue
		}
		if !s.move(value, length) {
			return false
		}
	}
	return false
}

// move takes a step along the deflected subgradient; false: there is no way up.
func (s *coverSearch) move(value, length float64) bool {
	norm := 0.0
	for i, g := range s.slope {
		s.dir[i] = g + 0.5*s.dir[i]
		norm += s.dir[i] * s.dir[i]
	}
	if norm < 1e-12 {
		return false
	}
	aim := s.value
	if math.IsInf(aim, 1) || aim > value*2+1 {
		aim = value*1.05 + 1
	}
	step := length * (aim - value) / norm
	for i := range s.price {
		s.price[i] = max(0, s.price[i]+step*s.dir[i])
	}
	return true
}

// fix opens and closes columns of which the other choice gives nothing better.
func (s *coverSearch) fix(value float64) (changed bool) {
	enough := s.enough()
	for _, j := range s.free {
		switch {
		case s.rest[j] >= 0 && value+s.rest[j] >= enough:
			s.status[j], changed = closed, true
		case s.rest[j] < 0 && value-s.rest[j] >= enough:
			s.status[j], changed = opened, true
		}
	}
	return changed
}

// greedy completes the opened columns: each time the one that costs least by the
// prices for each row it adds, then without those that others make superfluous.
func (s *coverSearch) greedy() {
	times := make([]int32, len(s.rows)) // by row: how many of its columns are chosen
	var chosen []int32
	take := func(j int32) {
		chosen = append(chosen, j)
		for _, i := range s.cols[j] {
			times[i]++
		}
	}
	for j, is := range s.status {
		if is == opened {
			take(int32(j))
		}
	}
	for {
		best, least := int32(-1), math.Inf(1)
		for _, j := range s.free {
			more, worth := 0.0, 0.0
			for _, i := range s.cols[j] {
				if times[i] == 0 {
					more++
					worth += s.price[i]
				}
			}
			if more == 0 {
				continue
			}
			rate := s.cost[j] - worth
			if rate > 0 {
				rate /= more
			} else {
				rate *= more
			}
			if rate < least {
				best, least = j, rate
			}
		}
		if best < 0 {
			break
		}
		take(best)
	}
	s.offer(chosen, times)
}

// offer leaves out what is superfluous, the dearest first, and keeps the rest if
// every row has its column.
func (s *coverSearch) offer(chosen, times []int32) {
	for _, n := range times {
		if n == 0 {
			return
		}
	}
	slices.SortStableFunc(chosen, func(a, b int32) int { return int(math.Copysign(1, s.cost[b]-s.cost[a])) })
	list, value := slices.Clone(s.must), s.base
	for k := len(chosen) - 1; k >= 0; k-- { // of those that cost the same, the one taken last
		j := chosen[k]
		if !slices.ContainsFunc(s.cols[j], func(i int32) bool { return times[i] == 1 }) {
			for _, i := range s.cols[j] {
				times[i]--
			}
			continue
		}
		list = append(list, j)
		value += s.cost[j]
	}
	s.keep(list, value)
}

// choose is the free column that is chosen about as often as not.
func (s *coverSearch) choose() int32 {
	best := s.free[0]
	for _, j := range s.free {
		if math.Abs(s.often[j]-0.5) < math.Abs(s.often[best]-0.5) {
			best = j
		}
	}
	return best
}
