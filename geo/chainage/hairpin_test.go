package chainage_test

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// drawn is a line through points given in metres east and north of a place.
func drawn(points ...[2]float64) orb.LineString {
	var out orb.LineString
	for _, p := range points {
		at := geo.Destination(orb.Point{104.7, 27.1}, 90, p[0])
		out = append(out, geo.Destination(at, 0, p[1]))
	}
	return out
}

// A hairpin: up 200 m, across 3 m, down again, and on to the east. Both legs
// lie within the tolerance of each other.
func hairpin(top float64) orb.LineString {
	return drawn([2]float64{-300, 0}, [2]float64{0, 0}, [2]float64{0, top}, [2]float64{3, top}, [2]float64{3, 0}, [2]float64{300, 0})
}

func mm(metres float64) int64 { return int64(math.Round(metres * 1000)) }

func closeTo(a, b int64, metres float64) bool { return max(a-b, b-a) <= mm(metres) }

// spans collects what is of a kind, on its own side.
func spans(m chainage.Mapping, kind chainage.Kind) (out chainage.Set) {
	for _, p := range m {
		if p.Kind == kind && kind == chainage.KindNew {
			out = out.Union(chainage.NewSet(p.To))
		} else if p.Kind == kind {
			out = out.Union(chainage.NewSet(p.From))
		}
	}
	return out
}

func holdSpan(t *testing.T, what string, got chainage.Set, from, to, slack float64) {
	t.Helper()
	if b, some := got.Bounds(); len(got) != 1 || !some || !closeTo(b.From, mm(from), slack) || !closeTo(b.To, mm(to), slack) {
		t.Errorf("%s is %v, want about %v to %v m", what, got, from, to)
	}
}

func TestHairpinStays(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	line := hairpin(200)
	for name, change := range map[string]change{"unchanged": unchanged, "densify": densify, "shake": shake, "simplify": simplify} {
		next, _ := change(rnd, line)
		old, new := route(1, line), route(2, next)
		if m := realign(t, old, new); len(m) != 1 || m[0].Reversed || farthest(rnd, m, old, new) > 0.1 {
			t.Errorf("%s: %v", name, m)
		}
	}
}

// The bend at the top goes: from leg to leg straight across at 0 m. What was
// the hairpin is retired, though the new line runs within the tolerance of
// both legs' feet.
func TestHairpinCutOff(t *testing.T) {
	old, new := route(1, hairpin(200)), route(2, drawn([2]float64{-300, 0}, [2]float64{300, 0}))
	m := realign(t, old, new)
	holdSpan(t, "retired", spans(m, chainage.KindRetired), 300, 703, 6)
	if b := m.Balance(); b.New > mm(9) {
		t.Errorf("%d mm are new", b.New)
	}
}

// The hairpin grows by 100 m: both legs stay themselves, and none is taken for
// the other.
func TestHairpinGrows(t *testing.T) {
	old, new := route(1, hairpin(200)), route(2, hairpin(300))
	m := realign(t, old, new)
	holdSpan(t, "new", spans(m, chainage.KindNew), 500, 703, 8)
	if b := m.Balance(); b.Retired > mm(12) {
		t.Errorf("%+v: %v", b, m)
	}
	for _, at := range []float64{100, 350, 480} {
		if c, _ := m.Forward(old.Key, chainage.Span{From: mm(at), To: mm(at + 1)}); len(c) != 1 || !closeTo(c[0].To.From, mm(at), 0.5) {
			t.Errorf("%v m is carried to %v", at, c)
		}
	}
	for _, at := range []float64{530, 650, 900} {
		if c, _ := m.Forward(old.Key, chainage.Span{From: mm(at), To: mm(at + 1)}); len(c) != 1 || !closeTo(c[0].To.From, mm(at+200), 0.5) {
			t.Errorf("%v m is carried to %v", at, c)
		}
	}
}

// One leg alone, drawn downwards: it is the second leg, for the first runs the
// other way.
func TestOneLegIsTheOneOfItsDirection(t *testing.T) {
	old := route(1, hairpin(200))
	m := realign(t, old, route(2, drawn([2]float64{1.5, 150}, [2]float64{1.5, 20})))
	holdSpan(t, "carried", spans(m, chainage.KindCarried), 553, 683, 6)
	for _, p := range m {
		if p.Reversed {
			t.Errorf("%+v is reversed", p)
		}
	}
}

// A road that goes to a mine and back on the same track: it is itself, and
// when the way back is given up only that is retired.
func TestThereAndBack(t *testing.T) {
	there := drawn([2]float64{0, 0}, [2]float64{400, 30}, [2]float64{700, 0})
	both := slices.Concat(there, drawn([2]float64{400, 30}, [2]float64{0, 0}))
	old := route(1, both)
	if diff := cmp.Diff(chainage.Identity(key(1), key(2), old.Length), realign(t, old, route(2, both))); diff != "" {
		t.Errorf("there and back (-want +got):\n%s", diff)
	}
	m := realign(t, old, route(2, there))
	half := float64(geo.Length(there)) / 1000
	holdSpan(t, "retired", spans(m, chainage.KindRetired), half, 2*half, 6)
}

// Two laps of one loop are two laps: the second does not stand for the first.
func TestLoops(t *testing.T) {
	var once orb.LineString
	for i := range 73 {
		a := float64(i) * 5 * math.Pi / 180
		once = append(once, drawn([2]float64{150 * math.Sin(a), 150 * math.Cos(a)})...)
	}
	twice := slices.Concat(once, once[1:])
	old := route(1, twice)
	if m := realign(t, old, route(2, twice)); !m.Unchanged() {
		t.Errorf("two laps: %v", m)
	}
	m := realign(t, old, route(2, once))
	lap := int64(geo.Length(once))
	if b := m.Balance(); !closeTo(b.CarriedFrom, lap, 6) || !closeTo(b.Retired, lap, 6) || b.New > mm(6) {
		t.Errorf("one lap of two: %+v", b)
	}
}

// A new road that crosses the old one is not carried where it crosses.
func TestCrossingIsNotCarried(t *testing.T) {
	old := route(1, drawn([2]float64{0, 0}, [2]float64{1000, 0}))
	new := route(2, drawn([2]float64{400, -300}, [2]float64{600, 300}))
	if b := realign(t, old, new).Balance(); b.CarriedFrom != 0 || b.Retired != old.Length || b.New != new.Length {
		t.Errorf("%+v", b)
	}
}

// Moved within the tolerance is carried, beyond it is not.
func TestToleranceIsHeld(t *testing.T) {
	old := route(1, drawn([2]float64{0, 0}, [2]float64{1000, 0}))
	if m := realign(t, old, route(2, drawn([2]float64{0, 4.9}, [2]float64{1000, 4.9}))); len(m) != 1 || m.Farthest(old, route(2, drawn([2]float64{0, 4.9}, [2]float64{1000, 4.9}))).MM != 4900 {
		t.Errorf("4.9 m aside: %v", m)
	}
	if b := realign(t, old, route(2, drawn([2]float64{0, 5.1}, [2]float64{1000, 5.1}))).Balance(); b.CarriedFrom != 0 {
		t.Errorf("5.1 m aside: %+v", b)
	}
	m, err := chainage.Realign(old, route(2, drawn([2]float64{0, 5.1}, [2]float64{1000, 5.1})), 6000)
	if err != nil || m.Balance().Retired != 0 {
		t.Errorf("5.1 m aside with a tolerance of 6 m: %v, %v", m, err)
	}
}

func TestRealignMeasuresThatAreNotTheLine(t *testing.T) {
	line := drawn([2]float64{0, 0}, [2]float64{1000, 0}, [2]float64{2000, 300})
	old := chainage.Route{Key: key(1), Line: line, Length: 2_200_000}
	m := realign(t, old, chainage.Route{Key: key(2), Line: line, Length: 2_000_000})
	if diff := cmp.Diff(chainage.Proportional(key(1), 2_200_000, key(2), 2_000_000), m); diff != "" {
		t.Error(diff)
	}
	m = realign(t, chainage.Route{Key: key(1), Length: 1_900_000}, old2(line))
	if diff := cmp.Diff(chainage.Proportional(key(1), 1_900_000, key(2), int64(geo.Length(line))), m); diff != "" {
		t.Errorf("a line for a length-only route: %s", diff)
	}
}

func old2(line orb.LineString) chainage.Route { return route(2, line) }

func TestRealignRefuses(t *testing.T) {
	line := drawn([2]float64{0, 0}, [2]float64{1000, 0})
	good := route(1, line)
	for name, bad := range map[string]chainage.Route{
		"no length":         {Key: key(2)},
		"one point":         {Key: key(2), Line: line[:1], Length: 5},
		"not on the earth":  {Key: key(2), Line: orb.LineString{{0, 0}, {0, 91}}, Length: 5},
		"not a number":      {Key: key(2), Line: orb.LineString{{0, 0}, {math.NaN(), 1}}, Length: 5},
		"a point twice":     {Key: key(2), Line: orb.LineString{line[0], line[0]}, Length: 5},
		"a negative length": {Key: key(2), Line: line, Length: -5},
		"a coarse measure":  {Key: key(2), Line: line, Length: 5},
	} {
		if m, err := chainage.Realign(good, bad, 0); err == nil {
			t.Errorf("%s: %v", name, m)
		}
		if m, err := chainage.Realign(bad, good, 0); err == nil {
			t.Errorf("%s as the old one: %v", name, m)
		}
	}
	if _, err := chainage.Realign(good, good, 50); err == nil {
		t.Error("a tolerance of 5 cm")
	}
}

// What folds as no road does is refused at once.
func TestRealignTangle(t *testing.T) {
	rnd := rand.New(rand.NewSource(6))
	scribble := make(orb.LineString, 20_000)
	for i := range scribble {
		scribble[i] = orb.Point{104.7 + rnd.Float64()*1e-4, 27.1 + rnd.Float64()*1e-4}
	}
	r := route(1, scribble)
	if m, err := chainage.Realign(r, r, 0); err == nil {
		t.Errorf("realigned in %d pieces", len(m))
	}
	track := make([]geo.TrackPoint, 5000)
	for i := range track {
		track[i].Point = scribble[i]
	}
	if m, err := chainage.MatchTrack(r, track, 1000); err == nil {
		t.Errorf("matched %v", m.Covered)
	}
}

// long is a winding road of 50 km with 5,000 vertices.
func long(rnd *rand.Rand) orb.LineString {
	out, heading := orb.LineString{{104.7, 27.1}}, 40.0
	for range 4999 {
		heading += 12 * (rnd.Float64() - 0.5)
		out = append(out, geo.Destination(out[len(out)-1], heading, 10))
	}
	return out
}

func BenchmarkRealign(b *testing.B) {
	rnd := rand.New(rand.NewSource(1))
	line := long(rnd)
	bulged, _ := bulgeTwice(rnd, line)
	shaken, _ := redraw(rnd, line)
	turned, _ := reverse(rnd, line)
	for name, next := range map[string]orb.LineString{"same": line, "bulged": bulged, "redrawn": shaken, "reversed": turned} {
		b.Run(name, func(b *testing.B) {
			old, new := route(1, line), route(2, next)
			for b.Loop() {
				if _, err := chainage.Realign(old, new, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
