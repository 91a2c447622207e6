package sample

import "math"

// search asks for the cheapest way over the ground.
type search struct {
	from   int32
	goal   func(c int32) bool
	within int16   // stay in this township; outside: anywhere in the county
	grade  float64 // the grade at which a metre costs double
	limit  float64 // give up beyond this cost, metres of easy road
	alone  bool    // keep off roads on the way
}

// pathfinder finds ways with memory that it keeps between searches.
type pathfinder struct {
	*partition
	links []uint8 // per cell: which of the eight moves are road already
	water []float64
	cost  []float64
	back  []int32
	stamp []int32
	turn  int32

	closed []bool // land kept free of roads for the time being
}

func newPathfinder(p *partition) *pathfinder {
	n := p.cells()
	return &pathfinder{partition: p, links: make([]uint8, n), water: make([]float64, n),
		cost: make([]float64, n), back: make([]int32, n), stamp: make([]int32, n), closed: make([]bool, n)}
}

// find returns the cells from s.from to the goal, nil when there is no way.
func (f *pathfinder) find(s search) []int32 {
	f.turn++
	var waiting queue
	f.reach(&waiting, s.from, -1, 0)
	for len(waiting) > 0 {
		e := waiting.pop()
		c := e.cell
		if e.cost > f.cost[c] {
			continue
		}
		if s.goal(c) {
			return f.trace(c)
		}
		if e.cost > s.limit {
			return nil
		}
		for i, m := range moves {
			n := f.step(int(c), m)
			if n < 0 || f.label[n] == outside || f.closed[n] || s.within != outside && f.label[n] != s.within || f.crosses(c, i) ||
				s.alone && f.links[n] != 0 && !s.goal(int32(n)) {
				continue
			}
			f.reach(&waiting, int32(n), c, e.cost+f.price(c, int32(n), i, s.grade))
		}
	}
	return nil
}

func (f *pathfinder) reach(waiting *queue, c, back int32, cost float64) {
	if f.stamp[c] == f.turn && f.cost[c] <= cost {
		return
	}
	f.stamp[c], f.cost[c], f.back[c] = f.turn, cost, back
	waiting.push(entry{cost, c})
}

func (f *pathfinder) trace(c int32) []int32 {
	var cells []int32
	for ; c >= 0; c = f.back[c] {
		cells = append(cells, c)
	}
	return reversed(cells)
}

// price is what a step costs: its length, more on a grade and in water, little
// where there is a road.
func (f *pathfinder) price(c, n int32, i int, grade float64) float64 {
	length := f.size
	if i > 3 {
		length *= math.Sqrt2
	}
	if f.links[c]&(1<<i) != 0 {
		return length * 0.8
	}
	slope := math.Abs(f.height[n]-f.height[c]) / length
	return length*(1+squared(slope/grade)) + f.water[n]
}

// crosses reports whether a diagonal step would cross a road between its sides,
// where the two would share no vertex.
func (f *pathfinder) crosses(c int32, i int) bool {
	if i < 4 {
		return false
	}
	m := moves[i]
	beside := f.step(int(c), move{m.col, 0})
	other := move{-m.col, m.row}
	for k := 4; k < 8; k++ {
		if moves[k] == other {
			return f.links[beside]&(1<<k) != 0
		}
	}
	return false
}

// lay marks the steps between cells as road.
func (f *pathfinder) lay(cells []int32) {
	for i := 1; i < len(cells); i++ {
		f.link(cells[i-1], cells[i])
		f.link(cells[i], cells[i-1])
	}
}

func (f *pathfinder) link(a, b int32) {
	for i, m := range moves {
		if f.step(int(a), m) == int(b) {
			f.links[a] |= 1 << i
		}
	}
}

func (f *pathfinder) linked(a, b int32) bool {
	for i, m := range moves {
		if f.links[a]&(1<<i) != 0 && f.step(int(a), m) == int(b) {
			return true
		}
	}
	return false
}

// hasRoad reports whether a road runs through the cell.
func (f *pathfinder) hasRoad(c int32) bool { return f.links[c] != 0 }

// fresh splits a way into the runs that are not road yet.
func (f *pathfinder) fresh(cells []int32) [][]int32 {
	var out [][]int32
	start := 0
	for i := 1; i < len(cells); i++ {
		if f.linked(cells[i-1], cells[i]) {
			if i-1 > start {
				out = append(out, cells[start:i])
			}
			start = i
		}
	}
	if len(cells)-1 > start {
		out = append(out, cells[start:])
	}
	return out
}

// farthest is the distance from roads, in cells, up to which it is kept.
const farthest = 45

// bringNearer lowers the distances to the nearest road around cells that have
// one now. Distances are kept in cells, along sides and diagonals.
func (f *pathfinder) bringNearer(far []float64, cells []int32) {
	waiting := make([]int32, 0, 64*len(cells))
	for _, c := range cells {
		far[c] = 0
		waiting = append(waiting, c)
	}
	for len(waiting) > 0 {
		c := waiting[0]
		waiting = waiting[1:]
		for i, m := range moves {
			n := f.step(int(c), m)
			if n < 0 {
				continue
			}
			next := far[c] + 1
			if i > 3 {
				next += math.Sqrt2 - 1
			}
			if next < far[n]-1e-9 && next <= farthest {
				far[n] = next
				waiting = append(waiting, int32(n))
			}
		}
	}
}
