package solve

import (
	"math"
	"math/rand/v2"
	"slices"
)

// DecideFamily describes one of the published instances of build or move: a county of some 80 by
// 70 km whose villages, junctions and sites are drawn at random. The same
// values give the same instance on every machine.
type DecideFamily struct {
	Seed       uint64
	Villages   int
	Segments   int // candidates; at least as many as villages and junctions
	Sites      int
	RoadPrice  float64 // of a kilometre, as a multiple of 400,000 to 1,200,000 yuan by terrain
	Capacity   float64 // of all sites, as a share of all persons
	NoInterims bool
}

// decideCounty is a family in the making.
type decideCounty struct {
	f    DecideFamily
	draw *rand.Rand
	x, y []float64 // by node, km; node 0 has none: the network has many ends
	gate []float64 // km of the ends of the network, x and y in turn
	q    *BuildOrMove
}

// Instance draws the instance. It has no budget, and LeastCost as its objective.
func (f DecideFamily) Instance() *BuildOrMove {
	junctions := f.Villages / 5
	c := &decideCounty{f: f, draw: rand.New(rand.NewPCG(f.Seed, 20180501)), q: &BuildOrMove{Nodes: 1 + f.Villages + junctions, Objective: LeastCost}}
	c.x, c.y = make([]float64, c.q.Nodes), make([]float64, c.q.Nodes)
	for n := range c.x {
		c.x[n], c.y[n] = 80*c.draw.Float64(), 70*c.draw.Float64()
	}
	for range 8 + f.Villages/20 {
		c.gate = append(c.gate, 80*c.draw.Float64(), 70*c.draw.Float64())
	}
	c.segments()
	c.villages()
	c.moves()
	return c.q
}

// link is a pair of nodes and how far apart they are.
type link struct {
	a, b int32
	km   float64
}

// segments are a shortest spanning tree and then the shortest other links.
func (c *decideCounty) segments() {
	var all []link
	for a := 1; a < c.q.Nodes; a++ {
		all = append(all, link{0, int32(a), c.toGate(a)})
		for b := a + 1; b < c.q.Nodes; b++ {
			all = append(all, link{int32(a), int32(b), math.Hypot(c.x[a]-c.x[b], c.y[a]-c.y[b])})
		}
	}
	slices.SortStableFunc(all, func(p, q link) int {
		if p.km != q.km {
			if p.km < q.km {
				return -1
			}
			return 1
		}
		return 0
	})
	group := make([]int, c.q.Nodes)
	for n := range group {
		group[n] = n
	}
	var rest []link
	for _, l := range all {
		if group[l.a] == group[l.b] {
			rest = append(rest, l)
			continue
		}
		from, to := group[l.a], group[l.b]
		for n := range group {
			if group[n] == from {
				group[n] = to
			}
		}
		c.addSegment(l)
	}
	for _, l := range rest[:max(0, min(len(rest), c.f.Segments-len(c.q.Segments)))] {
		c.addSegment(l)
	}
}

func (c *decideCounty) toGate(n int) float64 {
	km := inf
	for i := 0; i < len(c.gate); i += 2 {
		km = min(km, math.Hypot(c.x[n]-c.gate[i], c.y[n]-c.gate[i+1]))
	}
	return km
}

// addSegment draws how much longer than straight a segment is, what a kilometre costs there, and bridges.
func (c *decideCounty) addSegment(l link) {
	km := l.km * (1.2 + 0.6*c.draw.Float64())
	cost := km * (400_000 + 800_000*c.draw.Float64())
	if c.draw.IntN(8) == 0 {
		cost += 300_000 + 1_200_000*c.draw.Float64()
	}
	c.q.Segments = append(c.q.Segments, RoadSegment{A: l.a, B: l.b, Cost: int64(cost * c.f.RoadPrice), Metres: math.Round(km * 1000)})
}

// villages draws households as hamlets have them, many small and few large, and what they lack.
func (c *decideCounty) villages() {
	for i := range c.f.Villages {
		households := int64(min(120, max(4, 20*math.Exp(0.7*c.draw.NormFloat64()))))
		persons := int64(float64(households) * (3.5 + 1.8*c.draw.Float64()))
		v := DecideVillage{Node: int32(i + 1), Households: households, Persons: persons, Review: persons * 150_000}
		if c.draw.IntN(2) == 0 {
			v.Stay += 200_000 + persons*int64(c.draw.IntN(20_000)) // water
		}
		if c.draw.IntN(4) == 0 {
			v.Stay += 100_000 + int64(c.draw.IntN(1_500_000)) // power
		}
		if !c.f.NoInterims && c.draw.IntN(3) == 0 {
			v.CanInterim, v.Interim = true, 800_000+persons*int64(30_000+c.draw.IntN(40_000))
			v.InterimUnserved = persons / 2
		}
		c.q.Villages = append(c.q.Villages, v)
	}
}

// moves lets a village go to the sites near it, at a price per person that the distance adds to.
func (c *decideCounty) moves() {
	total := int64(0)
	for i := range c.q.Villages {
		total += c.q.Villages[i].Persons
	}
	weight, sum := make([]float64, c.f.Sites), 0.0
	x, y := make([]float64, c.f.Sites), make([]float64, c.f.Sites)
	for j := range weight {
		x[j], y[j], weight[j] = 80*c.draw.Float64(), 70*c.draw.Float64(), 0.3+c.draw.Float64()
		sum += weight[j]
	}
	for _, w := range weight {
		c.q.Sites = append(c.q.Sites, int64(c.f.Capacity*float64(total)*w/sum))
	}
	for i := range c.q.Villages {
		v := &c.q.Villages[i]
		for j := range weight {
			km := math.Hypot(c.x[i+1]-x[j], c.y[i+1]-y[j])
			if km < 40 {
				perPerson := 45_000 + 300*km + 10_000*c.draw.Float64()
				v.Moves = append(v.Moves, DecideMove{Site: int32(j), Cost: int64(perPerson*float64(v.Persons)) + 15_000*v.Households})
			}
		}
	}
}
