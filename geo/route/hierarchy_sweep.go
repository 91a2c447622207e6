package route

// lanes is how many places a sweep serves at once: their costs at one node fill
// a line of the processor's cache.
const lanes = 16

// sweeper is the scratch memory of one worker.
type sweeper[C packed] struct {
	packing[C]
	set  *rankSet
	slot []int32 // by rank: its place in reached, counted from 1
	ups  []uint32
	up   []C // costs of the nodes that the small side reaches upwards, lanes for each

	dist   []C // by node of the space, lanes for each
	seeded []bool
	seeds  []int32
}

func newSweeper[C packed](h *Hierarchy, p packing[C]) *sweeper[C] {
	return &sweeper[C]{packing: p, set: newRankSet(len(h.rank)), slot: make([]int32, len(h.rank))}
}

// run finds the costs between up to 16 places and all places of a space. They
// climb over one half of the hierarchy; the space goes down over the other. The
// costs of place k to the space's place i are put at out[i*stride+k]; no path
// is the greatest number.
func (w *sweeper[C]) run(h *Hierarchy, half *half, feet []foot, m Metric, s *space[C], out []C, stride int) {
	w.climb(h, half, feet, m)
	w.seed(s)
	sweep(w.dist, w.seeded, s.start, s.from, s.cost, w.inf)
	for _, i := range w.seeds {
		w.seeded[i] = false
	}
	collect(w.dist, s.feet, w.inf, out, stride, len(feet))
}

// climb finds the costs to all nodes above the places.
func (w *sweeper[C]) climb(h *Hierarchy, half *half, feet []foot, m Metric) {
	for _, r := range w.ups {
		w.slot[r] = 0
	}
	w.ups, w.up = w.ups[:0], w.up[:0]
	for lane, f := range feet {
		for end, n := range f.node[:f.ends] {
			at := w.reach(h.rank[n])
			w.up[at+lane] = min(w.up[at+lane], w.of(measuresOf(f.cost[end], m)))
		}
	}
	for r, ok := w.set.next(); ok; r, ok = w.set.next() {
		from := int(w.slot[r]-1) * lanes
		for _, a := range half.at(r) {
			to, cost := w.reach(a.node), w.of(measures{uint64(a.first), uint64(a.second)})
			relax((*[lanes]C)(w.up[to:]), (*[lanes]C)(w.up[from:]), cost)
		}
	}
}

// reach gives the place of a node's costs, which is made when it is first reached.
func (w *sweeper[C]) reach(rank uint32) int {
	if w.slot[rank] == 0 {
		w.set.add(rank)
		w.ups = append(w.ups, rank)
		w.slot[rank] = int32(len(w.ups))
		for range lanes {
			w.up = append(w.up, w.inf)
		}
	}
	return int(w.slot[rank]-1) * lanes
}

func relax[C packed](to, from *[lanes]C, cost C) {
	for k := range to {
		to[k] = min(to[k], from[k]+cost)
	}
}

// seed puts the climbers' costs into the space.
func (w *sweeper[C]) seed(s *space[C]) {
	n := len(s.nodes)
	if len(w.seeded) < n {
		w.seeded = make([]bool, n)
	}
	if len(w.dist) < (n+1)*lanes {
		w.dist = make([]C, (n+1)*lanes)
	}
	w.seeds = w.seeds[:0]
	for i, r := range w.ups {
		if at := s.local[r]; at >= 0 {
			w.seeds = append(w.seeds, at)
			w.seeded[at] = true
			copy(w.dist[int(at)*lanes:], w.up[i*lanes:(i+1)*lanes])
		}
	}
	for k := range lanes {
		w.dist[n*lanes+k] = w.inf
	}
}

// sweep goes down a space: each node gets the least of its seed and of the
// costs by the nodes before it. It is done in two times eight lanes, which is
// what the processor has registers for.
func sweep[C packed](dist []C, seeded []bool, start, from []uint32, cost []C, inf C) {
	for v := range len(start) - 1 {
		first, last := start[v], start[v+1]
		nodes, costs := from[first:last], cost[first:last]
		for part := 0; part < lanes; part += 8 {
			to := (*[8]C)(dist[v*lanes+part:])
			a0, a1, a2, a3, a4, a5, a6, a7 := inf, inf, inf, inf, inf, inf, inf, inf
			if seeded[v] {
				a0, a1, a2, a3, a4, a5, a6, a7 = to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7]
			}
			for i, n := range nodes {
				d, c := (*[8]C)(dist[int(n)*lanes+part:]), costs[i]
				a0 = min(a0, d[0]+c)
				a1 = min(a1, d[1]+c)
				a2 = min(a2, d[2]+c)
				a3 = min(a3, d[3]+c)
				a4 = min(a4, d[4]+c)
				a5 = min(a5, d[5]+c)
				a6 = min(a6, d[6]+c)
				a7 = min(a7, d[7]+c)
			}
			to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7] = a0, a1, a2, a3, a4, a5, a6, a7
		}
	}
}

// collect reads the costs of the places off the nodes that they stand on, in
// so many lanes.
func collect[C packed](dist []C, feet []footing[C], inf C, out []C, stride, used int) {
	for i, f := range feet {
		a, b := (*[lanes]C)(dist[int(f.node[0])*lanes:]), (*[lanes]C)(dist[int(f.node[1])*lanes:])
		row := out[i*stride:]
		row = row[:used]
		for k := range row {
			c := min(a[k]+f.cost[0], b[k]+f.cost[1])
			if c >= inf {
				c = ^C(0)
			}
			row[k] = c
		}
	}
}
