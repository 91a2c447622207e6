package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Chords is a line laid through the earth: straight chords between its
// vertices and, where these are far apart, between points on the geodesic at
// most 100 m from each other, so that no chord leaves the ground by more than
// 0.2 mm. What is near a place is then a question of plane geometry in space,
// answered in microseconds by a tree of boxes over the chords in their order;
// neither the poles nor the antimeridian are special. Places are metres from
// the centre of the earth ([Ellipsoid.Cartesian]), measures millimetres along
// the line, as floats. It is frozen when made and safe for use by many
// goroutines.
type Chords struct {
	line  Measured
	at    []float64    // measure of each end of a chord
	end   [][3]float64 // its place
	piece []int32      // the piece of the line that each chord lies on
	level [][]box      // leaves first, each over the next fan of the level below
}

// longestChord is in metres; maxChords times that is the girth of the earth,
// and no road is longer.
const (
	longestChord = 100
	maxChords    = 400_000
)

// NewChords lays the chords. A line with fewer than two vertices, without
// length, longer than 40,000 km or with coordinates that cannot be measured is
// an error.
func NewChords(m Measured) (*Chords, error) {
	if err := Check(m.line); err != nil {
		return nil, err
	}
	if m.Length() <= 0 {
		return nil, fmt.Errorf("geo: a line of %d vertices has no length; draw it", len(m.line))
	}
	if m.Length() > maxChords*longestChord*millimetresPerMetre {
		return nil, fmt.Errorf("geo: the line is %v long, and no road is longer than 40 000 km; correct its coordinates", m.Length().Metre())
	}
	c := &Chords{line: m, at: []float64{0}, end: [][3]float64{CGCS2000.Cartesian(m.line[0])}}
	for i := 1; i < len(m.line); i++ {
		c.lay(i)
	}
	c.pack()
	return c, nil
}

// lay adds the chords of the piece that ends at a vertex. Pieces of no length
// have none.
func (c *Chords) lay(vertex int) {
	from, to := float64(c.line.at[vertex-1]), float64(c.line.at[vertex])
	if from == to {
		return
	}
	if n := math.Ceil((to - from) / (longestChord * millimetresPerMetre)); n > 1 {
		track, metres := CGCS2000.between(c.line.line[vertex-1], c.line.line[vertex])
		for i := 1.0; i < n; i++ {
			p, _ := track.at(metres * i / n)
			c.append(from+(to-from)*i/n, p, vertex-1)
		}
	}
	c.append(to, c.line.line[vertex], vertex-1)
}

func (c *Chords) append(at float64, p orb.Point, piece int) {
	c.at, c.end, c.piece = append(c.at, at), append(c.end, CGCS2000.Cartesian(p)), append(c.piece, int32(piece))
}

// pack builds the tree bottom up.
func (c *Chords) pack() {
	leaves := make([]box, 0, c.Len()/fan+1)
	for i := 0; i < c.Len(); i += fan {
		b := emptyBox()
		for _, p := range c.end[i : min(i+fan, c.Len())+1] {
			b.join(box{p, p})
		}
		leaves = append(leaves, b)
	}
	c.level = [][]box{leaves}
	for below := leaves; len(below) > 1; below = c.level[len(c.level)-1] {
		var above []box
		for i := 0; i < len(below); i += fan {
			b := emptyBox()
			for _, child := range below[i:min(i+fan, len(below))] {
				b.join(child)
			}
			above = append(above, b)
		}
		c.level = append(c.level, above)
	}
}

// Len is the number of chords; chord i runs from [Chords.End] i to i+1.
func (c *Chords) Len() int { return len(c.piece) }

// End is an end of a chord: its measure and its place.
func (c *Chords) End(i int) (at float64, p [3]float64) { return c.at[i], c.end[i] }

// Length is the measure of the last end.
func (c *Chords) Length() float64 { return c.at[len(c.at)-1] }

// Chord is the chord that a measure lies on; of two that meet there the first.
// Measures outside the line give the first and the last chord.
func (c *Chords) Chord(at float64) int {
	low, high := 0, c.Len()-1
	for low < high {
		if mid := (low + high) / 2; c.at[mid+1] < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// Place is the place at a measure, given the chord that it lies on.
func (c *Chords) Place(at float64, chord int) [3]float64 {
	a, b := c.end[chord], c.end[chord+1]
	t := math.Max(0, math.Min(1, (at-c.at[chord])/(c.at[chord+1]-c.at[chord])))
	return [3]float64{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1]), a[2] + t*(b[2]-a[2])}
}

// Near visits the chords that may come within so many metres of a box of
// places and some of their neighbours, in their order, until visit returns
// false.
func (c *Chords) Near(low, high [3]float64, metres float64, visit func(chord int) bool) {
	c.descend(len(c.level)-1, 0, box{low, high}, metres, visit)
}

func (c *Chords) descend(level, at int, around box, metres float64, visit func(int) bool) bool {
	if !c.level[level][at].within(around, metres) {
		return true
	}
	count := c.Len()
	if level > 0 {
		count = len(c.level[level-1])
	}
	for i := at * fan; i < min((at+1)*fan, count); i++ {
		var more bool
		if level > 0 {
			more = c.descend(level-1, i, around, metres, visit)
		} else {
			more = visit(i)
		}
		if !more {
			return false
		}
	}
	return true
}

// within says whether two boxes come so near each other along every axis.
func (b *box) within(o box, metres float64) bool {
	for i := range 3 {
		if o.min[i]-b.max[i] > metres || b.min[i]-o.max[i] > metres {
			return false
		}
	}
	return true
}

// ChordFoot is a place of a line that is nearer to some other place than what
// lies before and behind it.
type ChordFoot struct {
	At     float64 // measure, mm
	Metres float64 // straight distance
	Chord  int
}

// Feet appends the feet of a place on the line that are at most so many metres
// away, in order along the line.
func (c *Chords) Feet(feet []ChordFoot, p [3]float64, metres float64) []ChordFoot {
	c.Near(p, p, metres, func(i int) bool {
		t, d := c.foot(p, i)
		if d > metres {
			return true
		}
		switch {
		case t <= 0 && i > 0:
			return true // the chord before speaks for this end
		case t >= 1 && i < c.Len()-1:
			if next, _ := c.foot(p, i+1); next > 0 {
				return true // the next chord comes nearer
			}
		}
		feet = append(feet, ChordFoot{c.at[i] + math.Max(0, math.Min(1, t))*(c.at[i+1]-c.at[i]), d, i})
		return true
	})
	return feet
}

// foot gives how far along a chord the foot of a place is, 0 to 1, and how far
// the place is from there.
func (c *Chords) foot(p [3]float64, chord int) (t, metres float64) {
	a := c.end[chord]
	ab, ap := minus(c.end[chord+1], a), minus(p, a)
	t = math.Max(0, math.Min(1, dot(ap, ab)/dot(ab, ab)))
	off := [3]float64{ap[0] - t*ab[0], ap[1] - t*ab[1], ap[2] - t*ab[2]}
	return t, math.Sqrt(dot(off, off))
}
