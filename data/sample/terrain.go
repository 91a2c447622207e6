package sample

import "math"

// terrain is land that water has cut: a height for every cell and the way its
// water takes.
type terrain struct {
	grid
	height []float64 // metres above the sea
	down   []int32   // the cell that the water goes to; itself at an outlet
	order  []int32   // cells from the outlets upwards
	basin  []float64 // square kilometres that drain through the cell
	rim    []bool    // outlets, all on the edge
}

// The heights that the relief is stretched to, metres.
const lowest, highest = 1240, 2880

// newTerrain raises land from noise, coarsely first, then cut again in detail.
func newTerrain(f frame, size float64, seed uint64) *terrain {
	coarse := rawTerrain(f, size*2, seed)
	rise := coarse.uplift(f, seed)
	for range 40 {
		coarse.erode(rise, 0.16)
	}
	fine := coarse.refine(f, size, seed)
	for range 4 {
		fine.erode(nil, 0.03)
	}
	fine.stretch()
	fine.drain()
	return fine
}

func rawTerrain(f frame, size float64, seed uint64) *terrain {
	t := blank(grid{int(f.width / size), int(f.height / size), size})
	rough := newNoise(seed, "ground")
	for c := range t.height {
		p := t.centre(c)
		t.height[c] = 0.25 + 0.2*rough.octaves(p.x/9000, p.y/9000, 5) + 0.25*(1-p.x/f.width)
	}
	t.openRim(f, seed)
	return t
}

func blank(g grid) *terrain {
	n := g.cells()
	return &terrain{grid: g, height: make([]float64, n), down: make([]int32, n),
		order: make([]int32, 0, n), basin: make([]float64, n), rim: make([]bool, n)}
}

// valley is how far north of the frame's corner the main valley runs, at x.
func valley(f frame, seed uint64, x float64) float64 {
	bend := newNoise(seed, "valley")
	return f.height * (0.52 + 0.2*bend.octaves(x/26000, 0.5, 3))
}

// openRim opens the main outlet in the east and small ones in the north and
// the south-west, as real counties straddle a watershed.
func (t *terrain) openRim(f frame, seed uint64) {
	main := t.at(plane{f.width, valley(f, seed, f.width)})
	r := newRandom(seed, "outlet")
	north := t.at(plane{f.width * r.between(0.2, 0.45), f.height})
	south := t.at(plane{f.width * r.between(0.15, 0.6), 0})
	for _, c := range []int{main, north, south} {
		t.rim[c] = true
		t.height[c] = 0
	}
}

// uplift is what each pass adds: little along the main valley, much where the
// ranges are.
func (t *terrain) uplift(f frame, seed uint64) []float64 {
	range_, warp := newNoise(seed, "ranges"), newNoise(seed, "warp")
	rise := make([]float64, len(t.height))
	for c := range rise {
		p := t.centre(c)
		q := p.add(plane{4000 * warp.at(p.x/8000, p.y/8000), 4000 * warp.at(p.y/8000+31, p.x/8000)})
		ridge := 1 - math.Abs(range_.octaves(q.x/17000, q.y/12000, 4))*2.2
		away := step(math.Abs(p.y-valley(f, seed, p.x)), 0, 16000)
		rise[c] = 0.014 + 0.020*away + 0.034*clamp(ridge, 0, 1)
	}
	return rise
}

// drain fills hollows and finds the way of the water: flooding from the
// outlets, every cell drains to the cell it was reached from.
func (t *terrain) drain() {
	seen := make([]bool, len(t.height))
	waiting := make(queue, 0, 4*t.cols)
	for c, open := range t.rim {
		if open {
			seen[c] = true
			t.down[c] = int32(c)
			waiting.push(entry{t.height[c], int32(c)})
		}
	}
	t.order = t.order[:0]
	for len(waiting) > 0 {
		e := waiting.pop()
		t.order = append(t.order, e.cell)
		for _, m := range moves {
			n := t.step(int(e.cell), m)
			if n < 0 || seen[n] {
				continue
			}
			seen[n] = true
			t.down[n] = e.cell
			t.height[n] = math.Max(t.height[n], e.cost+1e-6)
			waiting.push(entry{t.height[n], int32(n)})
		}
	}
	t.gather()
}

// gather adds up the land that drains through each cell.
func (t *terrain) gather() {
	own := squared(t.size / 1000)
	for c := range t.basin {
		t.basin[c] = own
	}
	for i := len(t.order) - 1; i >= 0; i-- {
		if c := t.order[i]; t.down[c] != c {
			t.basin[t.down[c]] += t.basin[c]
		}
	}
}

// erode is one pass of stream-power erosion, solved implicitly from the
// outlets upwards (Braun and Willett 2013, m = 0.5, n = 1), then a little
// creep of the slopes. Heights are in kilometres until stretch.
func (t *terrain) erode(rise []float64, k float64) {
	t.drain()
	for _, c := range t.order {
		d := t.down[c]
		if d == c {
			continue
		}
		h := t.height[c]
		if rise != nil {
			h += rise[c]
		}
		cut := k * math.Sqrt(t.basin[c]) / (t.size / 1000)
		t.height[c] = (h + cut*t.height[d]) / (1 + cut)
	}
	t.creep(0.06)
}

func (t *terrain) creep(share float64) {
	before := append([]float64(nil), t.height...)
	for row := 1; row < t.rows-1; row++ {
		for col := 1; col < t.cols-1; col++ {
			c := t.cell(col, row)
			mean := (before[c-1] + before[c+1] + before[c-t.cols] + before[c+t.cols]) / 4
			t.height[c] += share * (mean - before[c])
		}
	}
}

// refine is the same land on smaller cells, with small relief added.
func (t *terrain) refine(f frame, size float64, seed uint64) *terrain {
	fine := blank(grid{int(f.width / size), int(f.height / size), size})
	detail, shift := newNoise(seed, "detail"), newNoise(seed, "shift")
	for c := range fine.height {
		p := fine.centre(c)
		q := p.add(plane{260 * shift.at(p.x/700, p.y/700), 260 * shift.at(p.y/700-77, p.x/700)})
		fine.height[c] = t.heightAt(q) + 0.018*detail.octaves(p.x/900, p.y/900, 3)
	}
	for c, open := range t.rim {
		if open {
			fine.rim[fine.toEdge(t.centre(c), t.edgeMove(c))] = true
		}
	}
	for c, open := range fine.rim {
		if open {
			fine.height[c] = -0.05
		}
	}
	return fine
}

// edgeMove points from a rim cell out of the grid.
func (t *terrain) edgeMove(c int) move {
	for _, m := range moves[:4] {
		if t.step(c, m) < 0 {
			return m
		}
	}
	return move{}
}

func (t *terrain) toEdge(p plane, m move) int {
	c := t.at(p)
	for m != (move{}) && t.step(c, m) >= 0 {
		c = t.step(c, m)
	}
	return c
}

// heightAt is the height between cell centres.
func (t *terrain) heightAt(p plane) float64 {
	x := clamp(p.x/t.size-0.5, 0, float64(t.cols-1)-1e-9)
	y := clamp(p.y/t.size-0.5, 0, float64(t.rows-1)-1e-9)
	col, row := int(x), int(y)
	c := t.cell(col, row)
	low := lerp(t.height[c], t.height[c+1], x-float64(col))
	high := lerp(t.height[c+t.cols], t.height[c+t.cols+1], x-float64(col))
	return lerp(low, high, y-float64(row))
}

// stretch turns heights into metres between lowest and highest.
func (t *terrain) stretch() {
	low, high := math.Inf(1), math.Inf(-1)
	for _, h := range t.height {
		low, high = math.Min(low, h), math.Max(high, h)
	}
	for c, h := range t.height {
		t.height[c] = lowest + (highest-lowest)*math.Pow((h-low)/(high-low), 0.9)
	}
}
