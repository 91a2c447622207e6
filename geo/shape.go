package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Shape answers what lies inside polygons, many times. Inside is what an odd
// number of rings goes around, whatever their order and direction, so that holes
// are outside and a ring that crosses itself has a meaning; sides are straight in
// degrees. A point on a side is on either side of it, always the same. Shapes over
// the antimeridian are not known: cut them there.
type Shape struct {
	bound orb.Bound
	low   float64 // latitude where the first band begins
	step  float64 // height of a band
	sides [][2]orb.Point
	bands [][]int32 // the sides that touch each band
}

// shapeBands bounds how many bands a shape has.
const shapeBands = 4096

// NewShape readies polygons. Points that are no numbers must not be in them.
func NewShape(polygons orb.MultiPolygon) *Shape {
	s := &Shape{bound: orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}}
	for _, polygon := range polygons {
		for _, ring := range polygon {
			s.add(ring)
		}
	}
	if len(s.sides) == 0 {
		return s
	}
	s.low = s.bound.Min[1]
	s.bands = make([][]int32, min(len(s.sides), shapeBands))
	s.step = (s.bound.Max[1] - s.low) / float64(len(s.bands))
	for i, side := range s.sides {
		first, last := s.band(min(side[0][1], side[1][1])), s.band(max(side[0][1], side[1][1]))
		for b := first; b <= last; b++ {
			s.bands[b] = append(s.bands[b], int32(i))
		}
	}
	return s
}

// add takes the sides of a ring, closed or not.
func (s *Shape) add(ring orb.Ring) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		if p != q {
			s.sides = append(s.sides, [2]orb.Point{p, q})
		}
		for k := range 2 {
			s.bound.Min[k], s.bound.Max[k] = min(s.bound.Min[k], p[k]), max(s.bound.Max[k], p[k])
		}
	}
}

// Bound is the box around the shape; empty (Min over Max) where it has no sides.
func (s *Shape) Bound() orb.Bound { return s.bound }

func (s *Shape) band(lat float64) int {
	if !(s.step > 0) {
		return 0
	}
	return max(0, min(int((lat-s.low)/s.step), len(s.bands)-1))
}

// Contains reports whether a point lies inside.
func (s *Shape) Contains(p orb.Point) bool {
	if len(s.sides) == 0 || !s.bound.Contains(p) {
		return false
	}
	inside := false
	for _, i := range s.bands[s.band(p[1])] {
		a, b := s.sides[i][0], s.sides[i][1]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			inside = !inside
		}
	}
	return inside
}

// Clip gives the parts of a line that lie inside, in its direction; nil: none.
func (s *Shape) Clip(line orb.LineString) []orb.LineString {
	if len(line) < 2 || len(s.sides) == 0 || !line.Bound().Intersects(s.bound) {
		return nil
	}
	inside, _ := s.Split(line)
	return inside
}

// Split gives the parts of a line that lie inside and those that do not, each in
// its direction; together they are the line.
func (s *Shape) Split(line orb.LineString) (inside, outside []orb.LineString) {
	var open orb.LineString
	in := false
	shut := func() {
		switch {
		case len(open) < 2:
		case in:
			inside = append(inside, open)
		default:
			outside = append(outside, open)
		}
		open = nil
	}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		at := s.crossings(a, b)
		for k := 1; k < len(at); k++ {
			if now := s.Contains(between(a, b, (at[k-1]+at[k])/2)); now != in {
				shut()
				in = now
			}
			if open == nil {
				open = orb.LineString{between(a, b, at[k-1])}
			}
			open = append(open, between(a, b, at[k]))
		}
	}
	shut()
	return inside, outside
}

// crossings are the places, as shares of the way, where a piece may pass from in
// to out, with both its ends, rising.
func (s *Shape) crossings(a, b orb.Point) []float64 {
	out := []float64{0, 1}
	if !(orb.MultiPoint{a, b}).Bound().Intersects(s.bound) {
		return out
	}
	first, last := s.band(min(a[1], b[1])), s.band(max(a[1], b[1]))
	for band := first; band <= last; band++ {
		for _, i := range s.bands[band] {
			if t, ok := meeting(a, b, s.sides[i][0], s.sides[i][1]); ok {
				out = append(out, t)
			}
		}
	}
	slices.SortFunc(out, cmp.Compare[float64])
	return slices.Compact(out)
}

// meeting is where on a piece it meets a side; parallel ones do not.
func meeting(a, b, c, d orb.Point) (float64, bool) {
	px, py, qx, qy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	det := px*qy - py*qx
	if det == 0 {
		return 0, false
	}
	t := ((c[0]-a[0])*qy - (c[1]-a[1])*qx) / det
	u := ((c[0]-a[0])*py - (c[1]-a[1])*px) / det
	return t, t > 0 && t < 1 && u >= 0 && u <= 1
}

// between is the point at a share of the way; the ends are themselves.
func between(a, b orb.Point, t float64) orb.Point {
	switch t {
	case 0:
		return a
	case 1:
		return b
	}
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}
