package chainage

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// Route is a route version as far as measure goes.
type Route struct {
	Key    Key
	Line   orb.LineString // nil: length-only, not drawn
	Length int64          // internal measure from 0 to here, mm; 0: the length of the line
}

// measured is the length of the route's internal measure.
func (r Route) measured() int64 {
	if r.Length == 0 {
		return int64(geo.Length(r.Line))
	}
	return r.Length
}

// rail is a drawn route laid in chords. Its places are millimetres of the
// line, which internal measure follows in proportion.
type rail struct {
	*geo.Chords
	key    Key
	length int64 // of the internal measure
}

func newRail(r Route) (*rail, error) {
	c, err := geo.NewChords(geo.NewMeasured(r.Line))
	if err != nil {
		return nil, fmt.Errorf("chainage: the line of %v: %w", r.Key, err)
	}
	if r.Length < 0 {
		return nil, fmt.Errorf("chainage: %v has a length of %d mm; give one above zero", r.Key, r.Length)
	}
	return &rail{c, r.Key, r.measured()}, nil
}

// internal is the measure of a place of the line.
func (r *rail) internal(at float64) int64 {
	return min(max(int64(math.Round(at*float64(r.length)/r.Chords.Length())), 0), r.length)
}

// drawn is the place on the line of an internal measure.
func (r *rail) drawn(at int64) float64 { return float64(at) * r.Chords.Length() / float64(r.length) }

// place is the place in space of a place of the line.
func (r *rail) place(at float64) [3]float64 { return r.Place(at, r.Chord(at)) }

func distance(a, b [3]float64) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return math.Sqrt(x*x + y*y + z*z)
}

func lerp(a, b [3]float64, f float64) [3]float64 {
	return [3]float64{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1]), a[2] + f*(b[2]-a[2])}
}

// pair says that a place of the old line is a place of the new one.
type pair struct{ s, t, metres float64 }

// widest is the greatest distance in metres between the places of two lines
// that the stretch between two pairs maps on each other in proportion. Between
// the ends of chords both move evenly, so it is at one of these. It stops
// where it finds more than enough, and gives what it has then.
func widest(old, new *rail, a, b pair, enough float64) (most float64, at pair) {
	try := func(s, t float64, p, q [3]float64) bool {
		if d := distance(p, q); d > most {
			most, at = d, pair{s, t, d}
		}
		return most > enough
	}
	if try(a.s, a.t, old.place(a.s), new.place(a.t)) || try(b.s, b.t, old.place(b.s), new.place(b.t)) {
		return most, at
	}
	slope := (b.t - a.t) / (b.s - a.s)
	on := new.Chord(a.t)
	for i := old.Chord(a.s) + 1; i <= old.Len(); i++ {
		s, p := old.End(i)
		if s >= b.s {
			break
		}
		if s <= a.s {
			continue
		}
		t := a.t + (s-a.s)*slope
		on = advance(new, on, t)
		if try(s, t, p, new.Place(t, on)) {
			return most, at
		}
	}
	on = old.Chord(a.s)
	for i := new.Chord(a.t) + 1; i <= new.Len(); i++ {
		t, q := new.End(i)
		if t >= b.t {
			break
		}
		if t <= a.t {
			continue
		}
		s := a.s + (t-a.t)/slope
		on = advance(old, on, s)
		if try(s, t, old.Place(s, on), q) {
			return most, at
		}
	}
	return most, at
}

// advance is the chord of a place at or beyond the chord that one is on.
func advance(r *rail, on int, at float64) int {
	for on < r.Len()-1 {
		if end, _ := r.End(on + 1); end >= at {
			break
		}
		on++
	}
	return on
}

// Shift is a carried place that is not where it was.
type Shift struct {
	MM       int64 // how far it moves, physically
	Piece    int   // of the mapping, from 0
	From, To int64 // its internal measure on the old route and on the new
}

// Farthest is the carried place that moves most from the old line to the new,
// given the routes of the mapping on both sides. Pieces between routes that are
// not both given and drawn are left out; the zero Shift means that none moves.
func (m Mapping) Farthest(routes ...Route) Shift {
	rails := map[Key]*rail{}
	turned := map[Key]*rail{} // for what is reversed
	for _, r := range routes {
		if rail, err := newRail(r); err == nil {
			rails[r.Key] = rail
		}
		if rail, err := newRail(r.turned()); err == nil {
			turned[r.Key] = rail
		}
	}
	var out Shift
	most := 0.0
	for i, p := range m {
		old, new, to := rails[p.Old], rails[p.New], p.To
		if p.Kind != KindCarried || old == nil || new == nil || p.From.Length() == 0 || p.To.Length() == 0 {
			continue
		}
		if p.Reversed {
			new, to = turned[p.New], Span{new.length - p.To.To, new.length - p.To.From}
		}
		a, b := pair{s: old.drawn(p.From.From), t: new.drawn(to.From)}, pair{s: old.drawn(p.From.To), t: new.drawn(to.To)}
		if d, at := widest(old, new, a, b, math.Inf(1)); d > most {
			from := min(max(old.internal(at.s), p.From.From), p.From.To)
			most, out = d, Shift{int64(math.Round(d * 1000)), i, from, p.forward(from)}
		}
	}
	return out
}

// turned is the route with its line drawn from the other end.
func (r Route) turned() Route {
	r.Line = slices.Clone(r.Line)
	slices.Reverse(r.Line)
	return r
}

// Beside is where a point stands beside a drawn route.
type Beside struct {
	At     int64     // internal measure of the place of the route, mm
	Point  orb.Point // that place
	Offset int64     // how far the point is from there, mm
	Side   geo.Side  // looking along the route
}

// Locate gives the place of the route nearest to a point, and behind it every
// other place that is nearly as near, as [geo.Measured.Locate] has it: more
// than one means that somebody has to choose.
func (r Route) Locate(p orb.Point, slack int64) ([]Beside, error) {
	if err := geo.Check(p); err != nil {
		return nil, err
	}
	rail, err := newRail(r)
	if err != nil {
		return nil, err
	}
	var out []Beside
	for _, l := range rail.Locate(p, geo.Millimetre(slack)) {
		out = append(out, Beside{rail.internal(float64(l.At)), l.Point, int64(l.Offset), l.Side})
	}
	return out, nil
}

// Cut draws a span of the route's internal measure, in proportion where measure
// and line differ; nil where the route is not drawn or the span has no length
// on it.
func (r Route) Cut(s Span) orb.LineString {
	m := geo.NewMeasured(r.Line)
	length := r.Length
	if length == 0 {
		length = int64(m.Length())
	}
	s = Span{min(s.From, s.To), max(s.From, s.To)}.overlap(Span{0, length})
	if s.Length() == 0 {
		return nil
	}
	at := func(mm int64) geo.Millimetre { return geo.Millimetre(scale(mm, int64(m.Length()), length)) }
	return m.Cut(at(s.From), at(s.To))
}
