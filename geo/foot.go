package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Foot is the point of a line nearest to another point.
type Foot struct {
	Point   orb.Point  // on the line
	At      Millimetre // its measure, from the start of the line
	Segment int        // it lies between this vertex and the next
}

// DistanceToLine is the distance in metres from p to the nearest point of a
// line, and that point. The pieces of the line are geodesics. Of several
// nearest points the first along the line is given. A line of one vertex is
// that point; an empty line is infinitely far, one with coordinates that
// cannot be measured NaN.
func DistanceToLine(p orb.Point, ls orb.LineString) (float64, Foot) {
	if !measurable(p) {
		return math.NaN(), Foot{}
	}
	for _, v := range ls {
		if !measurable(v) {
			return math.NaN(), Foot{}
		}
	}
	if len(ls) == 1 {
		return Distance(p, ls[0]), Foot{Point: ls[0]}
	}
	best, segment, on := math.Inf(1), 0, footOn{}
	try := func(i int) {
		if f := footOf(p, ls[i], ls[i+1]); f.metres < best || f.metres == best && i < segment {
			best, segment, on = f.metres, i, f
		}
	}
	lower := lowerBounds(p, ls)
	first := smallest(lower)
	if first >= 0 {
		try(first)
	}
	for i, bound := range lower {
		if i != first && bound <= best {
			try(i)
		}
	}
	if first < 0 {
		return best, Foot{}
	}
	return best, Foot{Point: on.point, At: on.measure(ls, segment), Segment: segment}
}

// measure adds the measure of the piece's start.
func (f footOn) measure(ls orb.LineString, segment int) Millimetre {
	start := Length(ls[:segment+1])
	return start + min(Round(f.along), Round(Distance(ls[segment], ls[segment+1])))
}

// lowerBounds gives for each piece a distance that it cannot be nearer than.
func lowerBounds(p orb.Point, ls orb.LineString) []float64 {
	if len(ls) == 0 {
		return nil
	}
	c := CGCS2000.Cartesian(p)
	out := make([]float64, len(ls)-1)
	a := CGCS2000.Cartesian(ls[0])
	for i := range out {
		b := CGCS2000.Cartesian(ls[i+1])
		out[i] = chordBound(&c, &a, &b)
		a = b
	}
	return out
}

func smallest(v []float64) int {
	best := -1
	for i := range v {
		if best < 0 || v[i] < v[best] {
			best = i
		}
	}
	return best
}

// bend is how far a geodesic can leave its chord: a geodesic is nowhere bent
// more than the meridian at the equator, whose radius is b²/a, so it stays
// within the sagitta of a circle of that radius (Schur's comparison theorem).
func bend(chord float64) float64 {
	radius := sq(CGCS2000.b) / CGCS2000.a
	if chord >= 2*radius {
		return 2 * radius
	}
	return radius - math.Sqrt(sq(radius)-sq(chord)/4)
}

// slack covers the rounding of cartesian coordinates.
const slack = 1e-6

// chordBound is a lower bound in metres on the distance from p to the geodesic
// from a to b: no way on the earth is shorter than the straight one through it.
func chordBound(p, a, b *[3]float64) float64 {
	square, chord := chordDistance(p, a, b)
	return math.Max(0, math.Sqrt(square)-bend(math.Sqrt(chord))-slack)
}

// chordDistance is how far p is from the chord from a to b, and how long that
// is, both squared.
func chordDistance(p, a, b *[3]float64) (square, chord float64) {
	u, v, w := b[0]-a[0], b[1]-a[1], b[2]-a[2]
	x, y, z := p[0]-a[0], p[1]-a[1], p[2]-a[2]
	chord = u*u + v*v + w*w
	t := x*u + y*v + z*w
	switch {
	case !(t > 0):
		return x*x + y*y + z*z, chord
	case t >= chord:
		t = 1
	default:
		t /= chord
	}
	x, y, z = x-t*u, y-t*v, z-t*w
	return x*x + y*y + z*z, chord
}

func minus(a, b [3]float64) [3]float64 { return [3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func dot(a, b [3]float64) float64      { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// footOn is the nearest point of one geodesic piece.
type footOn struct {
	point  orb.Point
	metres float64 // from the point asked for
	along  float64 // metres from the start of the piece
}

// footOf finds the foot by walking along the piece: at each place the distance
// still to go along it follows from the triangle to p on a sphere, which is
// nearly exact for the last step (Baselga and Martínez-Llario, 2018). The ends
// are tried as well, so a piece of half the earth's girth is handled too.
func footOf(p, a, b orb.Point) footOn {
	c, from, to := CGCS2000.Cartesian(p), CGCS2000.Cartesian(a), CGCS2000.Cartesian(b)
	switch {
	case surelyBehind(&c, &from, &to):
		return footOn{a, Distance(p, a), 0}
	case surelyBehind(&c, &to, &from):
		return footOn{b, Distance(p, b), Distance(a, b)}
	}
	return walkedFoot(p, a, b, &c, &from, &to)
}

// surelyBehind says that p lies so clearly behind the end a of a piece to b, as
// seen straight through the earth, that a is nearest: over so short ways the
// distance to places along a geodesic is convex, and angles over the ground
// differ from those through it by much less than what is asked for here.
func surelyBehind(p, a, b *[3]float64) bool {
	const short, clearly = 100_000, 0.01 // metres; cosine
	back, on := minus(*p, *a), minus(*b, *a)
	away, length := dot(back, back), dot(on, on)
	if away > short*short || length > short*short {
		return false
	}
	towards := dot(back, on)
	return towards < 0 && towards*towards > clearly*clearly*away*length
}

// walkedFoot is footOf where p may lie beside the piece.
func walkedFoot(p, a, b orb.Point, c, from, to *[3]float64) footOn {
	track, length := CGCS2000.between(a, b)
	best := footOn{metres: math.Inf(1)}
	if length > 0 {
		best = walkTo(p, a, track, length, alongChord(c, from, to)*length)
	}
	// No way over the ground is shorter than straight through it.
	if through(c, from) <= best.metres+slack {
		if d := Distance(p, a); d <= best.metres {
			best = footOn{a, d, 0}
		}
	}
	if through(c, to) <= best.metres+slack {
		if d := Distance(p, b); d < best.metres || d == best.metres && length > 0 {
			best = footOn{b, d, length}
		}
	}
	return best
}

// walkTo walks along a piece to the place nearest to p, not back to its start.
func walkTo(p, a orb.Point, track track, length, s float64) footOn {
	best, radius := footOn{metres: math.Inf(1)}, CGCS2000.a
	for range 30 {
		x, heading := track.at(s)
		v := CGCS2000.solve(x, p)
		if v.metres < best.metres && s > 0 {
			x[0] = nearTo(x[0], a[0])
			best = footOn{x, v.metres, s}
		}
		towards, _ := v.azimuths()
		turn, arc := towards.minus(heading), radians(v.metres/radius)
		next := s + radius*math.Atan2(arc.s*turn.c, arc.c)
		next = math.Max(0, math.Min(length, next))
		if math.Abs(next-s) < 1e-7 {
			break
		}
		s = next
	}
	return best
}

// through is the distance straight through the earth.
func through(a, b *[3]float64) float64 {
	d := minus(*a, *b)
	return math.Sqrt(dot(d, d))
}

// alongChord is the fraction of the chord from a to b at which p stands.
func alongChord(p, a, b *[3]float64) float64 {
	ab, ap := minus(*b, *a), minus(*p, *a)
	return math.Max(0, math.Min(1, dot(ap, ab)/dot(ab, ab)))
}
