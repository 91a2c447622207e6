package geo

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
)

// Measured is a line with the measure of its vertices, for many questions to
// one line. The zero value is an empty line.
type Measured struct {
	line orb.LineString
	at   []Millimetre
}

// NewMeasured measures a line. It keeps the line, which must not change
// afterwards.
func NewMeasured(ls orb.LineString) Measured { return Measured{ls, Measure(ls)} }

// Line is the line itself, not a copy.
func (m Measured) Line() orb.LineString { return m.line }

// Measure gives the measures of the vertices, not a copy.
func (m Measured) Measure() []Millimetre { return m.at }

// Length is the length of the line.
func (m Measured) Length() Millimetre {
	if len(m.at) == 0 {
		return 0
	}
	return m.at[len(m.at)-1]
}

// Interpolate is the point at a measure. Measures outside the line give its
// ends; the measure of a vertex gives that vertex exactly. An empty line gives
// the zero point.
func (m Measured) Interpolate(at Millimetre) orb.Point {
	if len(m.line) == 0 {
		return orb.Point{}
	}
	if at >= m.Length() {
		return m.line[len(m.line)-1]
	}
	i := sort.Search(len(m.at), func(i int) bool { return m.at[i] >= at })
	if i == 0 || m.at[i] == at {
		return m.line[i]
	}
	return along(m.line[i-1], m.line[i], at-m.at[i-1])
}

// along is the point so far from p on the way to q.
func along(p, q orb.Point, mm Millimetre) orb.Point {
	t, _ := CGCS2000.between(p, q)
	x, _ := t.at(mm.Metres())
	x[0] = nearTo(x[0], p[0])
	return x
}

// nearTo writes a longitude so that it is within 180° of another: a line given
// beyond the antimeridian, as 181°, stays there.
func nearTo(lon, other float64) float64 {
	return lon + 360*math.Round((other-lon)/360)
}

// Cut is the part of the line between two measures, from the smaller to the
// greater; measures outside the line count as its ends. Its first and last
// points are those that [Measured.Interpolate] gives, so that consecutive cuts
// meet in the identical point, and its length is the difference of the two
// measures: cuts of a whole line sum to it exactly. (Measured again from its
// rounded coordinates a part can differ by 1 mm when the line has more than
// half a millimetre on the border of rounding, about once in a million.) A
// part of no length is nil.
func (m Measured) Cut(from, to Millimetre) orb.LineString {
	if from > to {
		from, to = to, from
	}
	from, to = max(from, 0), min(to, m.Length())
	if from >= to {
		return nil
	}
	first := sort.Search(len(m.at), func(i int) bool { return m.at[i] >= from })
	last := sort.Search(len(m.at), func(i int) bool { return m.at[i] >= to })
	if to == m.Length() {
		last = len(m.at) - 1
	}
	out := make(orb.LineString, 0, last-first+2)
	if m.at[first] != from {
		out = append(out, m.Interpolate(from))
	}
	out = append(out, m.line[first:last]...)
	return append(out, m.Interpolate(to))
}

// Interpolate is the point of a line at a measure; see [Measured.Interpolate].
func Interpolate(ls orb.LineString, at Millimetre) orb.Point {
	return NewMeasured(ls).Interpolate(at)
}

// Cut is the part of a line between two measures; see [Measured.Cut].
func Cut(ls orb.LineString, from, to Millimetre) orb.LineString {
	return NewMeasured(ls).Cut(from, to)
}
