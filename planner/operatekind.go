package planner

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// operator works one operation out.
type operator struct {
	a         *Assessment
	r         OperationRequest
	old       []Road // as they are in force
	new       []Road // in their new versions
	ends      []ID
	m         chainage.Mapping
	unchanged bool
	extension orb.LineString // extend: the new piece, in the direction of the route
	segments  []Segment
	reports   map[string]int // place of a report in the effect, by id
}

// invalid passes on what package geo or chainage found wrong.
func invalid(err error) error {
	if err == nil {
		return nil
	}
	text := strings.NewReplacer("geo: ", "", "chainage: ", "").Replace(err.Error())
	return Errorf(Invalid, "%s", text)
}

// lineOf checks a line that somebody drew, and takes out what is drawn twice in
// a row.
func lineOf(line orb.LineString) (orb.LineString, error) {
	line = slices.Compact(slices.Clone(line))
	if err := geo.CheckRoute(line); err != nil {
		return nil, invalid(err)
	}
	return line, nil
}

func (o *operator) tolerance() int64 {
	if o.r.Tolerance == nil || *o.r.Tolerance == 0 {
		return chainage.DefaultTolerance
	}
	return *o.r.Tolerance
}

// realign lays the route along a new line. Measure keeps its proportion to the
// drawn length, so that metres that are carried stay as long as they were.
func (o *operator) realign() error {
	old := &o.old[0]
	if !drawn(old) {
		return Errorf(Invalid, "%s has a length and no line yet: draw it, and no report moves; there is nothing to realign", o.name(old))
	}
	line, err := lineOf(o.r.Line)
	if err != nil {
		return err
	}
	n := o.next(old)
	n.Line, n.Length = line, scale(int64(geo.Length(line)), old.Length, int64(geo.Length(old.Line)))
	if n.Length <= 0 {
		return Errorf(Invalid, "the new line of %s has no length; draw it", o.name(old))
	}
	o.new = []Road{n}
	o.m, err = chainage.Realign(lineRoute(old), lineRoute(&n), o.tolerance())
	if err != nil {
		return invalid(err)
	}
	o.settle()
	return nil
}

func lineRoute(r *Road) chainage.Route {
	return chainage.Route{Key: keyOf(r), Line: r.Line, Length: r.Length}
}

// Where the geometry is the same it may be measured a little otherwise, for it
// has other vertices: so much is no change.
const (
	sameLength = 1_000_000 // one part of the length
	sameMM     = 3
	sameShift  = 20 // mm that a place may seem to move by
)

// settle keeps the length of a route that is carried whole and is as long as it
// was, and finds out that nothing has changed.
func (o *operator) settle() {
	old, n := &o.old[0], &o.new[0]
	if len(o.m) != 1 || o.m[0].Kind != chainage.KindCarried || o.m[0].Reversed {
		return
	}
	if off := max(n.Length-old.Length, old.Length-n.Length); off > sameMM+old.Length/sameLength {
		return
	}
	n.Length = old.Length
	o.m = chainage.Identity(keyOf(old), keyOf(n), old.Length)
	o.unchanged = o.m.Farthest(lineRoute(old), lineRoute(n)).MM <= sameShift
}

// split makes two routes: the first goes on under its number.
func (o *operator) split() error {
	old := &o.old[0]
	if o.r.At == nil {
		return Errorf(Invalid, "say at which place %s is to be split", o.name(old))
	}
	at := *o.r.At
	first, second := o.next(old), *old
	second.ID, second.Version, second.Code, second.CoRouted = 0, 1, o.r.Code, nil
	if o.r.Name != "" {
		second.Name, second.NameEN = o.r.Name, ""
	}
	var err error
	if o.m, err = chainage.Split(keyOf(old), old.Length, at, keyOf(&first), keyOf(&second)); err != nil {
		return invalid(err)
	}
	first.Length, second.Length = at, old.Length-at
	if drawn(old) {
		m := geo.NewMeasured(old.Line)
		border := geo.Millimetre(scale(at, int64(m.Length()), old.Length))
		first.Line, second.Line = m.Cut(0, border), m.Cut(border, m.Length())
		if len(first.Line) < 2 || len(second.Line) < 2 {
			return Errorf(Invalid, "%s is too short at that place to be split; choose another place", o.name(old))
		}
	}
	o.new = []Road{first, second}
	return nil
}

// merge makes one route of two: this one, then the other, which ends.
func (o *operator) merge() error {
	if o.r.Other == o.r.Road || o.r.Other == 0 {
		return Errorf(Invalid, "say which other route comes behind %s", o.name(&o.old[0]))
	}
	other, err := o.route(o.r.Other)
	if err != nil {
		return err
	}
	o.old = append(o.old, *other)
	a, b := &o.old[0], &o.old[1]
	n := o.next(a)
	n.Length = a.Length + b.Length
	if drawn(a) != drawn(b) {
		return Errorf(Invalid, "one of %s and %s is not drawn yet; give it its line first", o.name(a), o.name(b))
	}
	if drawn(a) {
		if n.Line, err = o.join(a, b); err != nil {
			return err
		}
	}
	o.new, o.ends = []Road{n}, []ID{b.ID}
	o.m = chainage.Merge(keyOf(a), a.Length, keyOf(b), b.Length, keyOf(&n))
	return nil
}

// join puts two lines together, end to start.
func (o *operator) join(a, b *Road) (orb.LineString, error) {
	end := a.Line[len(a.Line)-1]
	gap := geo.Round(geo.Distance(end, b.Line[0]))
	if int64(gap) > o.tolerance() {
		for _, way := range []struct {
			p, q orb.Point
			mend string
		}{
			{end, b.Line[len(b.Line)-1], "reverse " + o.name(b) + " first"},
			{a.Line[0], b.Line[len(b.Line)-1], "merge them the other way round"},
			{a.Line[0], b.Line[0], "reverse " + o.name(a) + " first"},
		} {
			if int64(geo.Round(geo.Distance(way.p, way.q))) <= o.tolerance() {
				return nil, Errorf(Invalid, "%s does not begin where %s ends; %s", o.name(b), o.name(a), way.mend)
			}
		}
		return nil, Errorf(Invalid, "%s begins %s away from the end of %s at %.6f, %.6f; extend one of them to the other first", o.name(b), gap.Metre(), o.name(a), end[0], end[1])
	}
	rest := b.Line
	if gap == 0 {
		rest = rest[1:]
	}
	return o.whole(slices.Concat(a.Line, rest), a.Line, b.Line)
}

// whole checks a line that is put together; flaws that its parts had already
// are not held against it.
func (o *operator) whole(line orb.LineString, parts ...orb.LineString) (orb.LineString, error) {
	for _, part := range parts {
		if geo.CheckRoute(part) != nil {
			return line, nil
		}
	}
	return line, invalid(geo.CheckRoute(line))
}

// reverse runs the measure from the other end.
func (o *operator) reverse() error {
	old := &o.old[0]
	n := o.next(old)
	n.Line = slices.Clone(old.Line)
	slices.Reverse(n.Line)
	o.new = []Road{n}
	o.m = chainage.Reverse(keyOf(old), keyOf(&n), old.Length)
	return nil
}

// extend adds a piece in front or behind.
func (o *operator) extend() error {
	old := &o.old[0]
	n := o.next(old)
	front := o.r.At != nil && *o.r.At == 0
	var length int64
	switch {
	case drawn(old) && len(o.r.Line) == 0:
		return Errorf(Invalid, "%s is drawn; draw the new piece as well", o.name(old))
	case !drawn(old) && len(o.r.Line) > 0:
		return Errorf(Invalid, "%s has a length and no line yet; say how long the new piece is, or draw the route first", o.name(old))
	case drawn(old):
		var err error
		if front, err = o.attach(&n); err != nil {
			return err
		}
		length = int64(geo.Length(o.extension))
	case o.r.Length != nil:
		length = *o.r.Length
	}
	if length <= 0 {
		return Errorf(Invalid, "say how long the new piece of %s is", o.name(old))
	}
	ahead, behind := int64(0), length
	if front {
		ahead, behind = length, 0
	}
	n.Length = old.Length + length
	o.new = []Road{n}
	var err error
	o.m, err = chainage.Extend(keyOf(old), keyOf(&n), old.Length, ahead, behind)
	return invalid(err)
}

// attach puts the new piece to the end of the line that it begins or ends at.
func (o *operator) attach(n *Road) (front bool, err error) {
	piece, err := lineOf(o.r.Line)
	if err != nil {
		return false, err
	}
	start, end := n.Line[0], n.Line[len(n.Line)-1]
	first, last := piece[0], piece[len(piece)-1]
	best := geo.Distance(end, first)
	turn := false
	for _, way := range []struct {
		metres      float64
		front, turn bool
	}{{geo.Distance(end, last), false, true}, {geo.Distance(start, last), true, false}, {geo.Distance(start, first), true, true}} {
		if way.metres < best {
			best, front, turn = way.metres, way.front, way.turn
		}
	}
	if int64(geo.Round(best)) > o.tolerance() {
		return false, Errorf(Invalid, "the new piece begins %s away from both ends of %s; draw it from one of them", geo.Metre(best), o.name(&o.old[0]))
	}
	if turn {
		slices.Reverse(piece)
	}
	var line orb.LineString
	if front {
		piece[len(piece)-1] = start
		line = slices.Concat(piece, n.Line[1:])
	} else {
		piece[0] = end
		line = slices.Concat(n.Line, piece[1:])
	}
	o.extension = piece
	n.Line, err = o.whole(line, o.old[0].Line)
	return front, err
}

// shorten takes stretches off. A drawn route stays one line, so they lie at its
// ends.
func (o *operator) shorten() error {
	old := &o.old[0]
	removed := chainage.NewSet(o.r.Spans...)
	if len(removed) == 0 {
		return Errorf(Invalid, "say which stretches of %s are taken off", o.name(old))
	}
	n := o.next(old)
	var err error
	if o.m, err = chainage.Shorten(keyOf(old), keyOf(&n), old.Length, removed); err != nil {
		return invalid(err)
	}
	kept := removed.Complement(chainage.Span{To: old.Length})
	n.Length = kept.Length()
	if drawn(old) {
		if len(kept) > 1 {
			c := old.Calibration
			return Errorf(Invalid, "without %s – %s the line of %s is in two parts; split the route there first, or draw the new line and realign it",
				c.String(kept[0].To), c.String(kept[1].From), o.name(old))
		}
		n.Line = cutRoad(old, kept[0])
		if len(n.Line) < 2 {
			return Errorf(Invalid, "nothing of %s would be left; end the route instead", o.name(old))
		}
	}
	o.new = []Road{n}
	return nil
}
