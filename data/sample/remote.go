package sample

import "math"

// remoteRadius is how far, in cells, land around a planted village is kept
// free of other roads.
const remoteRadius = 21

// keepRemote chooses places far from every main road and keeps the land
// around them empty until plantRemote.
func (s *settler) keepRemote(count int) []int32 {
	s.farFromRoad(s.far)
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

// plantRemote puts a village at each kept place, with the road it would take.
func (s *settler) plantRemote(kept []int32) {
	clear(s.closed)
	for _, c := range kept {
		i := s.add(c, "hamlet", planted)
		s.places[i].route = s.connect(plannedRoad, c, outside, math.Inf(1), i)
	}
}
