package chainage

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/qiantu/qiantu/geo"
)

// TrackMatch is what part of a route a track went along, and how well.
type TrackMatch struct {
	Covered          Set   // internal measure of the route
	Inside, Outside  int   // points within the limit, and not
	Median, P95, Max int64 // offsets of the points inside from the line, mm
	First, Last      int64 // times of the first and the last point inside, ms; 0: none has a time
}

// Share is the part of a span that was gone along, 0 to 1.
func (m TrackMatch) Share(s Span) float64 {
	whole := NewSet(s)
	if whole.Length() == 0 {
		return 0
	}
	return float64(m.Covered.Intersect(whole).Length()) / float64(whole.Length())
}

// What two points must keep so that the way between them counts as gone along.
const (
	maxStep   = 1000.0 // metres from one to the next
	maxDetour = 1.5    // way along the line by straight distance, with twice the limit to spare
	maxSpeed  = 60.0   // metres a second along the line, where both have times
)

// Limits of MatchTrack in millimetres.
const (
	MinTrackLimit int64 = 1_000
	MaxTrackLimit int64 = 200_000
)

// MatchTrack lays a track along a drawn route. Points at most limit
// millimetres from the line are inside. Where the line comes near itself, each
// takes the place that agrees best with the points before and after it. Two
// points that follow each other, both inside, cover what lies between them,
// either way, if that is plausible: they are less than a kilometre apart, the
// way along the line is no longer than one and a half times their distance and
// twice the limit, and by their times nobody drove faster than 216 km/h. So a
// track that only crosses the route covers next to nothing, and where the
// signal was lost for long nothing is taken for granted.
func MatchTrack(r Route, track []geo.TrackPoint, limit int64) (TrackMatch, error) {
	if limit < MinTrackLimit || limit > MaxTrackLimit {
		return TrackMatch{}, fmt.Errorf("chainage: a track limit of %d mm is not between %d and %d mm", limit, MinTrackLimit, MaxTrackLimit)
	}
	if r.Line == nil {
		return TrackMatch{}, fmt.Errorf("chainage: %v is not drawn, so no track can be laid along it; draw it first", r.Key)
	}
	if len(track) == 0 {
		return TrackMatch{}, errors.New("chainage: the track has no points")
	}
	rail, err := newRail(r)
	if err != nil {
		return TrackMatch{}, err
	}
	m := matcher{rail: rail, limit: float64(limit) / 1000}
	for _, p := range track {
		m.take(p)
		if m.seen > tangle*(len(track)+1000) {
			return TrackMatch{}, fmt.Errorf("chainage: the line of %v folds so densely that no track can be laid along it; check it, and draw it anew", r.Key)
		}
	}
	m.settle()
	return m.result(), nil
}

// matcher goes along the track. Points inside that follow each other are kept
// until the next one is not, and then settled.
type matcher struct {
	rail    *rail
	limit   float64 // metres
	steps   []step
	covered []Span
	offsets []float64
	seen    int // feet of all points
	out     TrackMatch
}

// step is a point inside with the places that it may be at.
type step struct {
	point  geo.TrackPoint
	place  [3]float64
	feet   []geo.ChordFoot
	cost   []float64 // of the best way to each foot
	before []int     // and the foot of the step before that it goes by
}

func (m *matcher) take(p geo.TrackPoint) {
	if p.Break {
		m.settle()
	}
	var feet []geo.ChordFoot
	place := geo.CGCS2000.Cartesian(p.Point)
	if geo.Check(p.Point) == nil {
		feet = m.rail.Feet(nil, place, m.limit)
	}
	if len(feet) == 0 {
		m.out.Outside++
		m.settle()
		return
	}
	m.seen += len(feet)
	if len(feet) > mostFeet {
		slices.SortFunc(feet, func(a, b geo.ChordFoot) int { return compareFloat(a.Metres, b.Metres) })
		feet = feet[:mostFeet]
	}
	s := step{point: p, place: place, feet: feet, cost: make([]float64, len(feet)), before: make([]int, len(feet))}
	for i, f := range feet {
		s.cost[i] = (f.Metres / m.limit) * (f.Metres / m.limit)
		if n := len(m.steps); n > 0 {
			before, cost := m.cheapest(&m.steps[n-1], &s, f)
			s.before[i], s.cost[i] = before, s.cost[i]+cost
		}
	}
	m.steps = append(m.steps, s)
}

// cheapest is the foot of a step from which the way to a foot of the next
// agrees best with the straight distance, and what it costs in all.
func (m *matcher) cheapest(a, b *step, to geo.ChordFoot) (best int, cost float64) {
	straight := distance(a.place, b.place)
	cost = math.Inf(1)
	for i, f := range a.feet {
		off := math.Abs(math.Abs(to.At-f.At)/1000-straight) / m.limit
		if c := a.cost[i] + off; c < cost {
			best, cost = i, c
		}
	}
	return best, cost
}

// settle takes the cheapest way through the steps.
func (m *matcher) settle() {
	n := len(m.steps)
	if n == 0 {
		return
	}
	last := &m.steps[n-1]
	at := 0
	for i, c := range last.cost {
		if c < last.cost[at] {
			at = i
		}
	}
	for i := n - 1; i >= 0; i-- {
		s := &m.steps[i]
		m.note(s.point, s.feet[at])
		if i > 0 {
			before := &m.steps[i-1]
			m.cover(before, s, before.feet[s.before[at]], s.feet[at])
		}
		at = s.before[at]
	}
	m.steps = m.steps[:0]
}

func (m *matcher) note(p geo.TrackPoint, f geo.ChordFoot) {
	m.out.Inside++
	m.offsets = append(m.offsets, f.Metres)
	if p.Time == 0 {
		return
	}
	if m.out.First == 0 || p.Time < m.out.First {
		m.out.First = p.Time
	}
	if m.out.Last == 0 || p.Time > m.out.Last {
		m.out.Last = p.Time
	}
}

// cover counts the way between two points where it is plausible.
func (m *matcher) cover(a, b *step, from, to geo.ChordFoot) {
	straight, along := distance(a.place, b.place), math.Abs(to.At-from.At)/1000
	if straight > maxStep || along > maxDetour*straight+2*m.limit {
		return
	}
	if a.point.Time != 0 && b.point.Time != 0 && along > maxSpeed*math.Abs(float64(b.point.Time-a.point.Time))/1000+m.limit {
		return
	}
	m.covered = append(m.covered, Span{m.rail.internal(from.At), m.rail.internal(to.At)})
}

func (m *matcher) result() TrackMatch {
	out := m.out
	out.Covered = NewSet(m.covered...)
	slices.Sort(m.offsets)
	if n := len(m.offsets); n > 0 {
		mm := func(share float64) int64 {
			return int64(math.Round(1000 * m.offsets[int(math.Ceil(share*float64(n)))-1]))
		}
		out.Median, out.P95, out.Max = mm(0.5), mm(0.95), mm(1)
	}
	return out
}
