package sample

import "math"

// reach is how a place was meant to be reached when it was invented. It steers
// which facts are written; it is never written itself.
type reach int

const (
	byVillageRoad reach = iota // an administrative village on a hardened road
	roadside                   // on a road that was laid for another
	byProgramme                // on a road of the hamlet road programme
	bySpur                     // on a small road of its own
	byPlanned                  // only a planned road leads there
	byNothing                  // no road at all
	planted                    // best decision flips with the price of a kilometre
)

// place is a settlement to be.
type place struct {
	cell     int32
	at       plane
	township int16
	kind     string
	reach    reach
	route    int // the road laid for it; -1: none
	name, en string
	code     string
}

// settler finds room for places.
type settler struct {
	*network
	r      *random
	byTown [][]int32 // cells well inside each township
	taken  []bool    // cells with a place within a cell
	places []place
}

func newSettler(n *network, seed uint64) *settler {
	s := &settler{network: n, r: newRandom(seed, "places"), byTown: make([][]int32, len(n.seats)), taken: make([]bool, n.cells())}
	for c := range n.label {
		if n.label[c] != outside && n.inner(c, 2) {
			s.byTown[n.label[c]] = append(s.byTown[n.label[c]], int32(c))
		}
	}
	return s
}

// add puts a place at a cell, its point a little beside the road's mark.
func (s *settler) add(c int32, kind string, how reach) int {
	s.near(int(c), 1, func(n int) { s.taken[n] = true })
	at := s.surveyor.mark(c).add(toward(s.r.between(0, 2*math.Pi), s.r.between(25, 110)))
	s.places = append(s.places, place{cell: c, at: at, township: s.label[c], kind: kind, reach: how, route: -1})
	return len(s.places) - 1
}

// settleSeats makes every township seat an administrative village.
func (s *settler) settleSeats() {
	for _, c := range s.seats {
		s.add(c, "administrative", roadside)
	}
}

// settleVillages spreads administrative villages, more where there is more
// land, and lays their roads.
func (s *settler) settleVillages(count int) {
	for have := len(s.places); have < count; have++ {
		c := s.candidate(s.township(), 24, s.villageSite)
		if c < 0 {
			continue
		}
		i := s.add(c, "administrative", roadside)
		if s.hasRoad(c) {
			continue
		}
		if route := s.connect(villageRoad, c, s.label[c], 60_000, i); route >= 0 {
			s.places[i].reach, s.places[i].route = byVillageRoad, route
		}
	}
}

// township is a random one, as likely as it is large.
func (s *settler) township() int16 {
	total := 0
	for _, cells := range s.byTown {
		total += len(cells)
	}
	at := s.r.below(total)
	for i, cells := range s.byTown {
		if at -= len(cells); at < 0 {
			return int16(i)
		}
	}
	return 0
}

// candidate is the best of some random free cells; -1 when none will do.
func (s *settler) candidate(township int16, tries int, score func(c int32) float64) int32 {
	best, at := math.Inf(-1), int32(-1)
	for range tries {
		cells := s.byTown[township]
		if len(cells) == 0 {
			return -1
		}
		c := cells[s.r.below(len(cells))]
		if s.taken[c] || s.closed[c] {
			continue
		}
		if v := score(c); v > best {
			best, at = v, c
		}
	}
	return at
}

// villageSite likes gentle slopes a little above the water and away from
// places that have a road already.
func (s *settler) villageSite(c int32) float64 {
	gap := math.Min(s.far[c], 11)
	return gap*0.55 - 22*s.steepness(int(c)) - s.water[c]/250 - s.height[c]/900
}

// hamletSite likes to be some way from the roads.
func (s *settler) hamletSite(c int32) float64 {
	if s.far[c] < 3 {
		return math.Inf(-1)
	}
	return math.Min(s.far[c], 9) - 14*s.steepness(int(c)) - s.water[c]/250
}

// roadsideSite is any free cell with a road in it.
func (s *settler) roadsideSite(c int32) float64 {
	if !s.hasRoad(c) {
		return math.Inf(-1)
	}
	return -10 * s.steepness(int(c))
}

// settleHamlet puts a hamlet in a township and lays a road of a purpose to it;
// -1 when there is no room.
func (s *settler) settleHamlet(township int16, how reach, why purpose) int {
	c := s.candidate(township, 20, s.hamletSite)
	if c < 0 {
		return -1
	}
	cells := s.find(search{from: c, goal: s.hasRoad, within: township, grade: gradeOf(why), limit: 14_000})
	if len(cells) < 3 {
		return -1
	}
	i := s.add(c, s.hamletKind(), how)
	s.places[i].route = s.network.add(why, cells, i)
	return i
}

func (s *settler) hamletKind() string {
	if s.r.chance(0.3) {
		return "group"
	}
	return "hamlet"
}

// settleRoadside puts hamlets on roads that are there; when there is no free
// cell any more, between the others.
func (s *settler) settleRoadside(count int) {
	full := false
	for range count {
		c := int32(-1)
		if !full {
			c = s.candidate(s.township(), 40, s.roadsideSite)
		}
		if c < 0 {
			full = len(s.places) > 4000
			s.crowd()
			continue
		}
		s.add(c, s.hamletKind(), roadside)
	}
}

// crowd puts a group beside any road inside the county.
func (s *settler) crowd() {
	for {
		route := &s.routes[s.r.below(len(s.routes))]
		c := pick(s.r, route.cells)
		if s.inner(int(c), 1) && !s.closed[c] {
			s.add(c, "group", roadside)
			return
		}
	}
}

// settleRemote puts hamlets where no road goes. Those with a purpose get a
// road that is only planned.
func (s *settler) settleRemote(count int, how reach) {
	for range count {
		c := s.candidate(s.township(), 40, s.hamletSite)
		if c < 0 {
			continue
		}
		i := s.add(c, s.hamletKind(), how)
		if how == byPlanned {
			s.places[i].route = s.connect(plannedRoad, c, s.label[c], 20_000, i)
		}
	}
}

// layFieldRoad lays a road into land that has none; -1 when there is no room.
func (s *settler) layFieldRoad() int {
	c := s.candidate(s.township(), 14, s.fieldSite)
	if c < 0 {
		return -1
	}
	cells := s.find(search{from: c, goal: s.hasRoad, within: outside, grade: gradeOf(fieldRoad), limit: 14_000})
	if len(cells) < 3 {
		return -1
	}
	return s.network.add(fieldRoad, cells, -1)
}

func (s *settler) fieldSite(c int32) float64 {
	if s.far[c] < 2 {
		return math.Inf(-1)
	}
	return math.Min(s.far[c], 7) - 8*s.steepness(int(c))
}
