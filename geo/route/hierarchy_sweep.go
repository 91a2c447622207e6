package route

// lanes is how many places a sweep serves at once: their costs at one node, of
// four bytes each, fill a line of the processor's cache.
const lanes = 16

// sweeper is the scratch memory of one worker.
type sweeper[C packed] struct {
	packing[C]
	kernel[C]

	seed         []uint32 // by node of the net that is climbed: its start among starts, or 0
	starts       []C      // costs at which the climb begins, in lanes; the first are none
	above, below []C      // by number on each net, in lanes
}

func newSweeper[C packed](p packing[C], k kernel[C]) *sweeper[C] {
	return &sweeper[C]{packing: p, kernel: k, starts: p.nowhere(nil)}
}

// nowhere adds lanes that nothing reaches.
func (p packing[C]) nowhere(to []C) []C {
	for range lanes {
		to = append(to, p.inf)
	}
	return to
}

// field is what groups of places are swept over: they climb over one net and
// come down over the other, to places on that.
type field[C packed] struct {
	up, down *net[C]
	twins    []uint32 // by number on down - 1: the number on up
	feet     []footing[C]
}

// run finds the costs between up to 16 places, by their footings on the net
// that is climbed, and all places of the field. That of place k to the field's
// place i is put at out[i*stride+k]; no path is the greatest number.
func (w *sweeper[C]) run(f *field[C], places []footing[C], out []C, stride int) {
	w.above, w.below = w.room(w.above, f.up), w.room(w.below, f.down)
	if len(w.seed) < len(f.up.ranks) {
		w.seed = make([]uint32, len(f.up.ranks))
	}
	w.starts = w.starts[:lanes]
	for lane, p := range places {
		for end, node := range p.node {
			if node != 0 {
				w.begin(node, lane, p.cost[end])
			}
		}
	}
	w.sweep(w.above, w.starts, w.seed, f.up.start, f.up.from, f.up.cost, w.inf)
	for _, p := range places {
		for _, node := range p.node {
			if node != 0 {
				w.seed[node-1] = 0
			}
		}
	}
	w.sweep(w.below, w.above, f.twins, f.down.start, f.down.from, f.down.cost, w.inf)
	w.collect(w.below, f.feet, w.inf, out, stride, len(places))
}

// room makes room for the nodes of a net, and for the one that nothing reaches.
func (w *sweeper[C]) room(dist []C, n *net[C]) []C {
	if need := (len(n.ranks) + 1) * lanes; len(dist) < need {
		dist = make([]C, need)
		copy(dist, w.starts[:lanes])
	}
	return dist
}

// begin lets the climb begin at a node, in one lane.
func (w *sweeper[C]) begin(node uint32, lane int, cost C) {
	at := int(w.seed[node-1])
	if at == 0 {
		at = len(w.starts) / lanes
		w.seed[node-1] = uint32(at)
		w.starts = w.nowhere(w.starts)
	}
	w.starts[at*lanes+lane] = min(w.starts[at*lanes+lane], cost)
}

// kernel is the inner loops, for one kind of processor.
type kernel[C packed] struct {
	name string

	// sweep passes over a net: each node v gets the least of what stands at
	// begin[seed[v]] and of the costs by the nodes before it.
	sweep func(dist, begin []C, seed, start, from []uint32, cost []C, inf C)

	// collect reads the costs of places off the nodes that they stand on.
	collect func(dist []C, feet []footing[C], inf C, out []C, stride, used int)
}

// The fastest kernels of this processor.
var kernel32, kernel64 = kernels32()[0], kernels64()[0]

func scalar[C packed]() kernel[C] { return kernel[C]{"scalar", sweepScalar[C], collectScalar[C]} }

// sweepScalar is done in two times eight lanes, which is what the processor has
// registers for.
func sweepScalar[C packed](dist, begin []C, seed, start, from []uint32, cost []C, _ C) {
	for v := range len(start) - 1 {
		first, last := start[v], start[v+1]
		nodes, costs := from[first:last], cost[first:last]
		for part := 0; part < lanes; part += 8 {
			b := (*[8]C)(begin[int(seed[v])*lanes+part:])
			a0, a1, a2, a3, a4, a5, a6, a7 := b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]
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
			to := (*[8]C)(dist[(v+1)*lanes+part:])
			to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7] = a0, a1, a2, a3, a4, a5, a6, a7
		}
	}
}

func collectScalar[C packed](dist []C, feet []footing[C], inf C, out []C, stride, used int) {
	for i := range feet {
		f := &feet[i]
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
