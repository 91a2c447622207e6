package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Side is the side of a line on which a point lies, looking along the line.
type Side int8

// The sides.
const (
	Left   Side = -1
	OnLine Side = 0 // or straight ahead of its end
	Right  Side = 1
)

// Location is where a point stands beside a line.
type Location struct {
	Foot              // the place of the line
	Offset Millimetre // the point's distance from there
	Side   Side
}

// Locate gives the place of the line nearest to a point, and behind it every
// other place that is nearly as near: by no more than slack further away, and
// so far along the line that it is another place (more than four times the
// offset and the slack). More than one means that a line comes near itself
// there, and somebody has to choose. Nearest first; none where the line has no
// length or the point cannot be measured. For many points to one line make
// [Chords] once.
func (m Measured) Locate(p orb.Point, slack Millimetre) []Location {
	c, err := NewChords(m)
	if err != nil {
		return nil
	}
	return c.Locate(p, slack)
}

// Locate is [Measured.Locate].
func (c *Chords) Locate(p orb.Point, slack Millimetre) []Location {
	if !measurable(p) {
		return nil
	}
	place := CGCS2000.Cartesian(p)
	feet := c.nearest(place)
	least := math.Inf(1)
	for _, f := range feet {
		least = math.Min(least, f.Metres)
	}
	reach := least + math.Max(0, slack.Metres())
	feet = c.Feet(feet[:0], place, reach*(1+1e-9)+2e-3)
	var all []Location
	for _, f := range feet {
		all = append(all, c.location(p, f))
	}
	slices.SortStableFunc(all, func(a, b Location) int { return cmp.Compare(a.Offset, b.Offset) })
	return apart(all, max(0, slack))
}

// nearest gives the feet around a place, the nearest among them.
func (c *Chords) nearest(place [3]float64) (feet []ChordFoot) {
	for metres := 100.0; len(feet) == 0; metres *= 4 {
		feet = c.Feet(nil, place, metres)
	}
	return feet
}

// location measures a foot on the ellipsoid.
func (c *Chords) location(p orb.Point, f ChordFoot) Location {
	i := int(c.piece[f.Chord])
	on := footOf(p, c.line.line[i], c.line.line[i+1])
	start, end := c.line.at[i], c.line.at[i+1]
	l := Location{Foot: Foot{Point: on.point, At: start + min(Round(on.along), end-start), Segment: i}, Offset: Round(on.metres)}
	l.Side = c.side(p, l, f.Chord)
	return l
}

// apart keeps the first of those that are one place, and drops what is too far.
func apart(all []Location, slack Millimetre) (out []Location) {
	for _, l := range all {
		far := l.Offset > all[0].Offset+slack
		same := slices.ContainsFunc(out, func(o Location) bool {
			return max(l.At-o.At, o.At-l.At) <= max(4*(l.Offset+slack), 1)
		})
		if !far && !same {
			out = append(out, l)
		}
	}
	return out
}

// side compares the direction to the point with that of the line at the foot;
// where two chords meet with the mean of both.
func (c *Chords) side(p orb.Point, l Location, chord int) Side {
	if l.Offset == 0 {
		return OnLine
	}
	ahead := c.direction(chord)
	if at := float64(l.At); at > c.at[chord+1]-1 && chord+1 < c.Len() {
		ahead = sum(ahead, c.direction(chord+1))
	} else if at < c.at[chord]+1 && chord > 0 {
		ahead = sum(ahead, c.direction(chord-1))
	}
	foot := CGCS2000.Cartesian(l.Point)
	to := unit(minus(CGCS2000.Cartesian(p), foot))
	switch turn := dot(cross(unit(ahead), to), unit(foot)); {
	case turn > 1e-6:
		return Left
	case turn < -1e-6:
		return Right
	}
	return OnLine
}

func (c *Chords) direction(chord int) [3]float64 {
	return unit(minus(c.end[chord+1], c.end[chord]))
}

func sum(a, b [3]float64) [3]float64 { return [3]float64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// unit is the direction of a vector; that of none is none.
func unit(a [3]float64) [3]float64 {
	r := math.Sqrt(dot(a, a))
	if r == 0 {
		return a
	}
	return [3]float64{a[0] / r, a[1] / r, a[2] / r}
}
