package sample

import (
	"math"
	"slices"
)

// outside is the label of land beyond the county.
const outside = -1

// partition says which township each cell belongs to.
type partition struct {
	*terrain
	label []int16
	seats []int32 // cell of each township's seat; the first is the county's
	lean  [2]float64
}

// newPartition seats the townships and lets each take the land that is easier
// to reach from it than from any other seat. Seats of invented neighbours
// around the county do the same, so that its outline too follows the ground.
func newPartition(t *terrain, f frame, townships int, seed uint64) *partition {
	p := &partition{terrain: t, label: make([]int16, t.cells())}
	r := newRandom(seed, "seats")
	p.lean = [2]float64{r.between(0, 2*math.Pi), r.between(0, 2*math.Pi)}
	centre := p.countySeat(f, seed)
	places := p.spread(f, centre, townships, r)
	p.seats = make([]int32, townships)
	for i, place := range places {
		p.seats[i] = p.settle(place, 9)
	}
	ring, rough := p.neighbours(f, r), p.roughness(seed)
	p.grow(ring, rough)
	for range 2 {
		p.centreSeats()
		p.grow(ring, rough)
	}
	p.tidy()
	return p
}

// centreSeats moves every seat but the county's towards the middle of its
// land, so that no township is left tiny (Lloyd 1982).
func (p *partition) centreSeats() {
	sum, count := make([]plane, len(p.seats)), make([]float64, len(p.seats))
	for c, label := range p.label {
		if label != outside {
			sum[label] = sum[label].add(p.centre(c))
			count[label]++
		}
	}
	for i := 1; i < len(p.seats); i++ {
		p.seats[i] = p.settle(sum[i].times(1/count[i]), 9)
	}
}

// countySeat is a broad place on the biggest river in the middle of the frame.
func (p *partition) countySeat(f frame, seed uint64) plane {
	best, at := math.Inf(-1), plane{}
	for c, basin := range p.basin {
		q := p.centre(c)
		if math.Abs(q.x/f.width-0.5) > 0.13 || math.Abs(q.y/f.height-0.5) > 0.16 {
			continue
		}
		if score := math.Log(basin) - 6*p.steepness(c); score > best {
			best, at = score, q
		}
	}
	return at
}

// steepness is the mean grade to the neighbours.
func (t *terrain) steepness(c int) float64 {
	sum, count := 0.0, 0.0
	for _, m := range moves[:4] {
		if n := t.step(c, m); n >= 0 {
			sum += math.Abs(t.height[n]-t.height[c]) / t.size
			count++
		}
	}
	return sum / count
}

// spread places townships evenly over an egg-shaped county (best candidate of
// many, Mitchell 1991).
func (p *partition) spread(f frame, centre plane, townships int, r *random) []plane {
	places := []plane{centre}
	for len(places) < townships {
		best, at := -1.0, plane{}
		for range 60 {
			q := plane{r.float() * f.width, r.float() * f.height}
			if p.egg(f, q) > 0.87 {
				continue
			}
			if gap := nearest(places, q); gap > best {
				best, at = gap, q
			}
		}
		places = append(places, at)
	}
	return places
}

// egg is below 1 inside the rough outline of the county.
func (p *partition) egg(f frame, q plane) float64 {
	x, y := (q.x/f.width-0.5)/0.47, (q.y/f.height-0.5)/0.46
	return math.Hypot(x, y) / p.lobe(math.Atan2(y, x))
}

// lobe draws the outline in at some sides, so that no county is a disc.
func (p *partition) lobe(angle float64) float64 {
	return 1 - 0.085*(1+math.Sin(2*angle+p.lean[0])) - 0.03*(1+math.Sin(3*angle+p.lean[1]))
}

func nearest(places []plane, q plane) float64 {
	best := math.Inf(1)
	for _, p := range places {
		best = math.Min(best, p.distance(q))
	}
	return best
}

// settle is the flattest low place within some cells.
func (p *partition) settle(place plane, cells int) int32 {
	best, at := math.Inf(1), 0
	p.near(p.at(place), cells, func(c int) {
		cost := p.height[c] + 2500*p.steepness(c) - 25*math.Log(p.basin[c])
		if cost < best {
			best, at = cost, c
		}
	})
	return int32(at)
}

// neighbours are seats of the land around, in a ring.
func (p *partition) neighbours(f frame, r *random) []int32 {
	var ring []int32
	const count = 34
	for i := range count {
		angle := (float64(i) + r.between(-0.25, 0.25)) / count * 2 * math.Pi
		far := r.between(1.10, 1.22)
		far *= p.lobe(angle)
		q := plane{f.width * (0.5 + 0.47*far*math.Cos(angle)), f.height * (0.5 + 0.46*far*math.Sin(angle))}
		ring = append(ring, int32(p.at(q)))
	}
	return ring
}

// roughness is how hard each cell is to cross apart from its slope; it bends
// borders where the land is even.
func (p *partition) roughness(seed uint64) []float64 {
	rough, field := make([]float64, p.cells()), newNoise(seed, "rough")
	for c := range rough {
		q := p.centre(c)
		rough[c] = 0.15 + 2.6*squared(1+field.octaves(q.x/1900, q.y/1900, 4))/2
	}
	return rough
}

// grow gives every cell to the seat it is easiest to reach from; climbing is
// what makes borders settle on ridges.
func (p *partition) grow(ring []int32, rough []float64) {
	cost := make([]float64, p.cells())
	for c := range cost {
		cost[c] = math.Inf(1)
		p.label[c] = outside
	}
	var waiting queue
	for i, c := range p.seats {
		p.label[c] = int16(i)
		cost[c] = 0
		waiting.push(entry{0, c})
	}
	for _, c := range ring {
		cost[c] = 0
		waiting.push(entry{0, c})
	}
	for len(waiting) > 0 {
		e := waiting.pop()
		if e.cost > cost[e.cell] {
			continue
		}
		for _, m := range moves[:4] {
			n := p.step(int(e.cell), m)
			if n < 0 {
				continue
			}
			next := e.cost + p.size*rough[n] + 9*math.Abs(p.height[n]-p.height[e.cell])
			if next < cost[n] {
				cost[n] = next
				p.label[n] = p.label[e.cell]
				waiting.push(entry{next, int32(n)})
			}
		}
	}
}

// tidy takes away thin spikes and corners where a township would touch itself,
// so that borders are simple lines.
func (p *partition) tidy() {
	for c := range p.label {
		if p.edge(c) {
			p.label[c] = outside
		}
	}
	for range 3 {
		p.smoothLabels()
	}
	for p.untangle() {
	}
}

// smoothLabels gives a cell to a township that holds six of its neighbours.
func (p *partition) smoothLabels() {
	before := slices.Clone(p.label)
	for c := range before {
		if p.edge(c) || slices.Contains(p.seats, int32(c)) {
			continue
		}
		for i := range moves {
			label := before[p.step(c, moves[i])]
			if label == before[c] {
				continue
			}
			same := 0
			for _, m := range moves {
				if before[p.step(c, m)] == label {
					same++
				}
			}
			if same >= 5 {
				p.label[c] = label
				break
			}
		}
	}
}

// untangle mends one kind of corner: the same township on one diagonal only.
func (p *partition) untangle() bool {
	changed := false
	for row := range p.rows - 1 {
		for col := range p.cols - 1 {
			a, b := p.cell(col, row), p.cell(col+1, row)
			c, d := p.cell(col, row+1), p.cell(col+1, row+1)
			la, lb, lc, ld := p.label[a], p.label[b], p.label[c], p.label[d]
			switch {
			case la == ld && la != lb && la != lc:
				p.label[b], changed = la, true
			case lb == lc && lb != la && lb != ld:
				p.label[a], changed = lb, true
			}
		}
	}
	return changed
}

// inner reports whether all cells within some cells of c are of one township.
func (p *partition) inner(c, cells int) bool {
	label, same := p.label[c], true
	p.near(c, cells, func(n int) { same = same && p.label[n] == label })
	return same && label != outside
}
