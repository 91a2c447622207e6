package sample

import (
	"math"
	"sort"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// purpose is why a route was laid; facts about it follow from that.
type purpose int

const (
	trunkRoad   purpose = iota // along the main valley
	countyRoad                 // to a township seat
	linkRoad                   // between townships
	villageRoad                // to an administrative village
	hamletRoad                 // in the hamlet road programme
	spurRoad                   // to a hamlet, not in the programme
	plannedRoad                // not built, in no programme
	fieldRoad                  // to nowhere in particular
)

// route is a road as laid over the cells.
type route struct {
	purpose purpose
	cells   []int32
	line    []plane // from the network outwards
	marks   []int   // place in line of each cell's mark
	place   int     // the place it was laid for; -1: none
	shape   orb.LineString
	measure []geo.Millimetre // of every vertex
	is      surfacing        // what the inventory says of it
	washed  bool             // its first piece is gone
}

// length is the route's length in millimetres on the ellipsoid.
func (r *route) length() int64 { return int64(r.measure[len(r.measure)-1]) }

// network is the ground with its roads.
type network struct {
	*pathfinder
	frame    frame
	surveyor surveyor
	routes   []route
	good     []bool    // cells with a road that is built and hardened
	far      []float64 // cells to the nearest road, farthest and more is infinite
}

func newNetwork(p *partition, f frame, waters []river, seed uint64) *network {
	n := &network{frame: f, pathfinder: newPathfinder(p), surveyor: newSurveyor(p.grid, seed, "road"), far: make([]float64, p.cells()), good: make([]bool, p.cells())}
	for c := range n.far {
		n.far[c] = math.Inf(1)
	}
	for _, w := range waters {
		for _, c := range w.cells {
			n.water[c] = math.Max(n.water[c], 350+900*step(math.Log(w.basin), 3, 7))
		}
	}
	return n
}

// add lays a route and draws it, from the last cell to the first: measures
// begin at the network. Steeper purposes stray and bend more.
func (n *network) add(why purpose, cells []int32, place int) int {
	stray, pieces := 110.0, 5
	switch why {
	case trunkRoad, countyRoad:
		stray, pieces = 14, 4
	case linkRoad, villageRoad:
		stray, pieces = 45, 4
	}
	cells = reversed(cells)
	line, marks := n.surveyor.line(cells, pieces, stray)
	n.lay(cells)
	for _, c := range cells {
		n.good[c] = n.good[c] || why <= villageRoad
	}
	shape := n.frame.line(line)
	n.routes = append(n.routes, route{purpose: why, cells: cells, line: line, marks: marks, place: place, shape: shape, measure: geo.Measure(shape)})
	n.bringNearer(n.far, cells)
	return len(n.routes) - 1
}

// connect lays a route from a cell to the nearest road; -1 when it cannot.
func (n *network) connect(why purpose, from int32, within int16, limit float64, place int) int {
	cells := n.find(search{from: from, goal: n.hasRoad, within: within, grade: gradeOf(why), limit: limit})
	if len(cells) < 2 {
		return -1
	}
	return n.add(why, cells, place)
}

func gradeOf(why purpose) float64 {
	switch why {
	case trunkRoad:
		return 0.035
	case countyRoad, linkRoad:
		return 0.05
	case villageRoad:
		return 0.07
	}
	return 0.09
}

// skeleton lays the trunk road, the roads to the township seats and links
// between townships.
func (n *network) skeleton(f frame, seed uint64) {
	seat := n.seats[0]
	for _, end := range n.trunkEnds(f, seed) {
		cells := n.find(search{from: end, goal: func(c int32) bool { return c == seat }, within: outside,
			grade: gradeOf(trunkRoad), limit: math.Inf(1)})
		for _, run := range n.fresh(cells) {
			n.add(trunkRoad, run, -1)
		}
	}
	order := n.bySeatDistance()
	for _, i := range order[1:] {
		if !n.hasRoad(n.seats[i]) {
			n.connect(countyRoad, n.seats[i], outside, math.Inf(1), -1)
		}
	}
	n.linkTownships(newRandom(seed, "links"))
}

func (n *network) bySeatDistance() []int {
	order := make([]int, len(n.seats))
	for i := range order {
		order[i] = i
	}
	home := n.centre(int(n.seats[0]))
	sort.SliceStable(order, func(a, b int) bool {
		return n.centre(int(n.seats[order[a]])).distance(home) < n.centre(int(n.seats[order[b]])).distance(home)
	})
	return order
}

// trunkEnds are the cells on the county's rim where the main valley leaves it.
func (n *network) trunkEnds(f frame, seed uint64) [2]int32 {
	var ends [2]int32
	best := [2]float64{math.Inf(1), math.Inf(1)}
	for c := range n.label {
		if n.label[c] == outside || n.inner(c, 1) || !n.onRim(c) {
			continue
		}
		p := n.centre(c)
		side := 0
		if p.x > f.width/2 {
			side = 1
		}
		cost := math.Abs(p.y-valley(f, seed, p.x)) + 3*n.height[c]
		if cost < best[side] {
			best[side], ends[side] = cost, int32(c)
		}
	}
	return ends
}

func (n *network) onRim(c int) bool {
	for _, m := range moves[:4] {
		if k := n.step(c, m); k >= 0 && n.label[k] == outside {
			return true
		}
	}
	return false
}

// linkTownships lays some roads between neighbouring seats, over roads that
// are there where that is easier.
func (n *network) linkTownships(r *random) {
	for i, a := range n.seats {
		for _, b := range n.seats[:i] {
			gap := n.centre(int(a)).distance(n.centre(int(b)))
			if gap > 17000 || !r.chance(0.5) {
				continue
			}
			cells := n.find(search{from: a, goal: func(c int32) bool { return c == b }, within: outside,
				grade: gradeOf(linkRoad), limit: 25 * gap})
			for _, run := range n.fresh(cells) {
				if len(run) > 5 {
					n.add(linkRoad, run, -1)
				}
			}
		}
	}
}
