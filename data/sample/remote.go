package sample

import "math"

// remoteRadius is how far, in cells, land around a planted village is kept
// free of other roads.
const remoteRadius = 25

// keepRemote chooses places far from every main road and keeps the land
// around them empty until plantRemote.
func (s *settler) keepRemote(count int) []int32 {
	var kept []int32
	for range count {
		c := s.remotest(kept)
		if c < 0 {
			break
		}
		kept = append(kept, c)
		s.near(int(c), remoteRadius, func(n int) {
			if s.centre(n).distance(s.centre(int(c))) <= remoteRadius*s.size && s.far[n] > 2 {
				s.closed[n] = true
			}
		})
	}
	return kept
}

// remotest is the inner cell farthest from roads and from those kept before.
func (s *settler) remotest(kept []int32) int32 {
	best, at := -1.0, int32(-1)
	for _, cells := range s.byTown {
		for _, c := range cells {
			far := math.Min(s.far[c], 1.6*remoteRadius)
			for _, k := range kept {
				far = math.Min(far, s.centre(int(k)).distance(s.centre(int(c)))/s.size-remoteRadius)
			}
			if far-10*s.steepness(int(c)) > best {
				best, at = far-10*s.steepness(int(c)), c
			}
		}
	}
	return at
}

// plantRemote puts a village at each kept place, with the road it would take,
// and some hamlets around that have no road at all. The land stays empty, and
// so does the road: one more village on it would share its cost, and its people
// would decide instead.
func (s *settler) plantRemote(kept []int32, hamlets int) {
	closed := s.closed
	s.closed = make([]bool, len(closed))
	var roads []int32
	for _, c := range kept {
		i := s.add(c, "hamlet", planted)
		cells := s.find(search{from: c, goal: s.hasGoodRoad, within: outside, grade: gradeOf(plannedRoad), limit: math.Inf(1), alone: true})
		s.places[i].route = s.network.add(plannedRoad, cells, i)
		roads = append(roads, s.routes[s.places[i].route].cells[1:]...) // but for where it leaves the network
	}
	s.closed = closed
	for _, c := range roads {
		s.closed[c] = true
	}
	for range hamlets {
		c := pick(s.r, kept)
		at := s.at(s.centre(int(c)).add(toward(s.r.between(0, 2*math.Pi), s.r.between(900, 2600))))
		if s.inner(at, 2) && !s.taken[at] && s.far[at] >= 3 {
			s.add(int32(at), s.hamletKind(), byNothing)
		}
	}
}

// hasGoodRoad reports whether a road that is built and hardened runs through
// the cell.
func (n *network) hasGoodRoad(c int32) bool { return n.good[c] }
