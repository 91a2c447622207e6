package geo

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// FlawKind is why a line cannot be the one line of a route.
type FlawKind string

// The kinds of flaws.
const (
	FlawCoordinates FlawKind = "coordinates" // a vertex that is not on the earth
	FlawNoLength    FlawKind = "no_length"   // fewer than two different vertices
	FlawTooLong     FlawKind = "too_long"    // more than 40,000 km
	FlawRepeated    FlawKind = "repeated"    // a vertex twice in a row
	FlawSpike       FlawKind = "spike"       // turns back on itself
	FlawMeets       FlawKind = "meets"       // crosses or touches itself
	FlawOverlaps    FlawKind = "overlaps"    // runs along itself again, either way
	FlawTangled     FlawKind = "tangled"     // more of these than are looked for
)

// Flaw is one thing that is wrong with a line, and where. A line that comes
// back to its own start at its very end is a ring, which is no flaw.
type Flaw struct {
	Kind   FlawKind
	Point  orb.Point
	At     Millimetre // where the line comes by first, or the only place
	Again  Millimetre // where it comes by again: meets, overlaps
	Length Millimetre // overlaps: how far from At and from Again
	Detail string     // coordinates, tangled: what and the mend
}

// Error says what is wrong, where, and what to do.
func (f Flaw) Error() string {
	at := fmt.Sprintf("at %.6f, %.6f (%v from the start)", f.Point[0], f.Point[1], f.At)
	switch f.Kind {
	case FlawNoLength:
		return "geo: the line has fewer than two different vertices; draw it"
	case FlawTooLong:
		return "geo: the line is longer than 40 000 km, and no road is; correct its coordinates"
	case FlawRepeated:
		return "geo: the line has a vertex twice in a row " + at + "; remove one"
	case FlawSpike:
		return "geo: the line turns back on itself " + at + "; remove the spike, or split the line there"
	case FlawMeets:
		return fmt.Sprintf("geo: the line meets itself %s and again at %v; split it there", at, f.Again)
	case FlawOverlaps:
		return fmt.Sprintf("geo: the line runs along itself for %v %s and again at %v; remove one of the two, or split it there", f.Length, at, f.Again)
	}
	return f.Detail
}

// CheckRoute says why a geometry cannot be the line of a route: the flaws of
// its line, or that it is in parts that do not meet ([RouteLine]). The error
// names each place, up to three, and the mend; single flaws can be taken out
// of it with errors.As.
func CheckRoute(g orb.Geometry) error {
	line, err := RouteLine(g)
	if err != nil {
		return err
	}
	flaws := Flaws(line)
	var all []error
	for i, f := range flaws {
		if i == 3 {
			all = append(all, fmt.Errorf("geo: and %d more places", len(flaws)-i))
			break
		}
		all = append(all, f)
	}
	return errors.Join(all...)
}

// RouteLine makes one line of a geometry: a LineString as it is, a
// MultiLineString whose parts each begin where the one before ends, within a
// millimetre, joined. Anything else is refused with the place and the width of
// the first gap.
func RouteLine(g orb.Geometry) (orb.LineString, error) {
	switch g := g.(type) {
	case orb.LineString:
		return g, nil
	case orb.MultiLineString:
		return joined(g)
	case nil:
		return nil, errors.New("geo: there is no line; draw it")
	}
	return nil, fmt.Errorf("geo: a %s is no line of a route; give a LineString", strings.TrimSpace(g.GeoJSONType()))
}

func joined(parts orb.MultiLineString) (orb.LineString, error) {
	var out orb.LineString
	for i, part := range parts {
		switch {
		case len(part) < 2:
			return nil, fmt.Errorf("geo: part %d of the line has %d vertices; remove it", i+1, len(part))
		case i == 0:
			out = append(out, part...)
			continue
		}
		end := out[len(out)-1]
		if gap := Distance(end, part[0]); !(gap <= touching) {
			return nil, fmt.Errorf("geo: the line is in %d parts: part %d ends at %.6f, %.6f and part %d begins at %.6f, %.6f, %.1f m away; join them in order and direction, or make each a route of its own",
				len(parts), i, end[0], end[1], i+1, part[0][0], part[0][1], gap)
		}
		out = append(out, part[1:]...)
	}
	return out, nil
}

// touching is how near in metres a line may come to itself and not touch;
// nextTo how far along the line in millimetres two places are still one.
const (
	touching = 0.001
	nextTo   = 20
)

// Flaws gives what is wrong with a line as the line of a route, in order along
// it; none when all is well. The line is laid through the earth in chords
// ([Chords]), and places where it comes within a millimetre of itself count as
// touching. The time is O(n log n): a line that folds so densely that more
// pairs would have to be compared is tangled.
func Flaws(ls orb.LineString) []Flaw {
	if err := Check(ls); err != nil {
		return []Flaw{{Kind: FlawCoordinates, Detail: err.Error()}}
	}
	clean, flaws := withoutRepeats(ls)
	if len(clean) < 2 {
		return append(flaws, Flaw{Kind: FlawNoLength})
	}
	m := NewMeasured(clean)
	c, err := NewChords(m)
	if err != nil {
		return append(flaws, Flaw{Kind: FlawTooLong})
	}
	k := knots{c: c}
	k.findSpikes()
	k.findMeetings()
	return append(flaws, k.flaws()...)
}

// withoutRepeats drops vertices that are no further along than the one before.
func withoutRepeats(ls orb.LineString) (clean orb.LineString, flaws []Flaw) {
	var at Millimetre
	for i, p := range ls {
		if i > 0 {
			far := Round(Distance(clean[len(clean)-1], p))
			if far == 0 {
				flaws = append(flaws, Flaw{Kind: FlawRepeated, Point: p, At: at})
				continue
			}
			at += far
		}
		clean = append(clean, p)
	}
	return clean, flaws
}

// SplitSimple cuts a line where it meets, overlaps or turns back on itself, so
// that each part can be the line of a route; together they are as long as the
// line, and consecutive ones meet in the identical point. The reasons are the
// flaws it was cut for. A line without flaws is its only part; one that
// cannot be mended by cutting (its coordinates, its length, a tangle) has no
// parts.
func SplitSimple(ls orb.LineString) (parts []orb.LineString, reasons []Flaw) {
	reasons = Flaws(ls)
	for _, f := range reasons {
		switch f.Kind {
		case FlawCoordinates, FlawNoLength, FlawTooLong, FlawTangled:
			return nil, reasons
		}
	}
	clean, _ := withoutRepeats(ls)
	parts, ok := split(clean, reasons, 4)
	if !ok {
		return nil, append(reasons, Flaw{Kind: FlawTangled, Point: ls[0], Detail: "geo: the line still meets itself when it is cut there; draw it anew"})
	}
	return parts, reasons
}

// split cuts a line at its flaws, and its parts at theirs.
func split(ls orb.LineString, flaws []Flaw, rounds int) (parts []orb.LineString, ok bool) {
	m := NewMeasured(ls)
	var cuts []Millimetre
	for _, f := range flaws {
		switch f.Kind {
		case FlawSpike:
			cuts = append(cuts, f.At)
		case FlawMeets:
			cuts = append(cuts, f.At, f.Again)
		case FlawOverlaps:
			cuts = append(cuts, f.At, f.At+f.Length, f.Again, f.Again+f.Length)
		}
	}
	if len(cuts) == 0 {
		return []orb.LineString{ls}, true
	}
	if rounds == 0 {
		return nil, false
	}
	for _, part := range cutAt(m, cuts) {
		more, ok := split(part, Flaws(part), rounds-1)
		if !ok {
			return nil, false
		}
		parts = append(parts, more...)
	}
	return parts, true
}

// knots looks for the places where a line comes back to itself.
type knots struct {
	c        *Chords
	spikes   []Flaw
	meets    []Flaw
	overlaps []Flaw
	tangled  bool
}

// findSpikes looks at each vertex where the line turns back: the shorter of
// the two chords must not leave the other.
func (k *knots) findSpikes() {
	for i := 1; i < k.c.Len(); i++ {
		u, w := minus(k.c.end[i], k.c.end[i-1]), minus(k.c.end[i+1], k.c.end[i])
		if dot(u, w) >= 0 {
			continue
		}
		off := math.Sqrt(dot(cross(u, w), cross(u, w)) / math.Max(dot(u, u), dot(w, w)))
		if off <= touching {
			k.spikes = append(k.spikes, k.flaw(FlawSpike, k.c.at[i], k.c.at[i]))
		}
	}
}

func (k *knots) flaw(kind FlawKind, at, again float64) Flaw {
	mm := func(at float64) Millimetre { return Millimetre(math.Round(at)) }
	return Flaw{Kind: kind, Point: k.c.line.Interpolate(mm(at)), At: mm(at), Again: mm(again)}
}
