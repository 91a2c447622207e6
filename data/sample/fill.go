package sample

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// openRoads is the published length of roads open to traffic, in millimetres.
const openRoads = 3_871_670_000

// fillNetwork lays field roads until the roads that are built, by inventory or
// by the programme's reports, have the published length.
func (m *maker) fillNetwork() {
	r := m.random("field roads")
	left := int64(openRoads) - m.openSoFar()
	for failed := 0; left > 0 && failed < 200; {
		i := m.layFieldRoad()
		if i < 0 {
			failed++
			continue
		}
		m.trim(i, share(left, m.routes[i].length()))
		m.routes[i].is = chosen(r, 0.75, earthen, gravelled)
		left -= m.routes[i].length()
	}
}

// share is how much of a road is used when so much is left: all of it, or what
// is left, never leaving less than a road can be cut to.
func share(left, length int64) int64 {
	const tail = 1_500_000
	switch {
	case length >= left:
		return left
	case left-length >= tail:
		return length
	case left > 2*tail:
		return left - tail
	}
	return min(length, left/2)
}

// openSoFar is the length of the built roads that have been laid.
func (m *maker) openSoFar() int64 {
	sum := int64(0)
	for i := range m.routes {
		if m.routes[i].purpose != hamletRoad {
			sum += m.routes[i].built()
		}
	}
	for i := range m.tasks {
		sum += m.tasks[i].open()
	}
	return sum
}

// trim cuts a route to exactly a length in millimetres. Positions stand on a
// lattice of about a centimetre, so the last vertex is looked for among those
// near the cut until the length is right.
func (m *maker) trim(i int, length int64) {
	r := &m.routes[i]
	if r.length() <= length {
		return
	}
	const least = 12_000
	k := 0
	for int64(r.measure[k+1]) < length-least {
		k++
	}
	rest := geo.Millimetre(length) - r.measure[k]
	end := lastVertex(r.shape[k], r.shape[k+1], rest)
	r.shape = append(r.shape[:k+1:k+1], end)
	r.measure = append(r.measure[:k+1:k+1], geo.Millimetre(length))
	keep := 1
	for keep < len(r.marks) && r.marks[keep] <= k {
		keep++
	}
	r.marks, r.cells, r.line = r.marks[:keep], r.cells[:keep], r.line[:k+1]
}

// lastVertex is a lattice position towards b whose distance from a rounds to
// rest.
func lastVertex(a, b orb.Point, rest geo.Millimetre) orb.Point {
	const lattice, window = 1e-7, 90
	share := float64(rest) / 1000 / geo.Distance(a, b)
	at := orb.Point{lerp(a[0], b[0], share), lerp(a[1], b[1], share)}
	best, least := at, math.Inf(1)
	for dx := -window; dx <= window; dx++ {
		for dy := -window; dy <= window; dy++ {
			p := orb.Point{
				math.Round(at[0]/lattice+float64(dx)) / 1e7,
				math.Round(at[1]/lattice+float64(dy)) / 1e7,
			}
			d := geo.Distance(a, p)
			if off := math.Abs(d*1000 - float64(rest)); off < least {
				best, least = p, off
				if geo.Round(d) == rest {
					return p
				}
			}
		}
	}
	return best
}
