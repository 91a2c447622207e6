package geo

import (
	"math"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// onGrid is a line through points given in metres east and north of a place.
func onGrid(points ...[2]float64) orb.LineString {
	var out orb.LineString
	for _, p := range points {
		out = append(out, Destination(Destination(orb.Point{104.7, 27.1}, 90, p[0]), 0, p[1]))
	}
	return out
}

func TestFlaws(t *testing.T) {
	type place struct {
		kind      FlawKind
		at, again float64 // metres
	}
	for name, test := range map[string]struct {
		line orb.LineString
		want []place
	}{
		"sound":            {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{100, 50}, [2]float64{3, 2}), nil},
		"a ring":           {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{50, 80}, [2]float64{0, 0}), nil},
		"sharp, no spike":  {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{0, 0.01}), nil},
		"a hairpin":        {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{100, 0.02}, [2]float64{0, 0.02}), nil},
		"crosses":          {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{50, 50}, [2]float64{50, -50}), []place{{FlawMeets, 50, 220.711}}},
		"crosses far away": {onGrid([2]float64{0, 0}, [2]float64{90_000, 0}, [2]float64{50_000, 50_000}, [2]float64{50_000, -9_000}), []place{{FlawMeets, 50_000, 204_000}}},
		"touches in a T":   {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{100, 50}, [2]float64{50, 50}, [2]float64{50, 0}), []place{{FlawMeets, 50, 250}}},
		"through a vertex": {onGrid([2]float64{0, 0}, [2]float64{50, 0}, [2]float64{100, 0}, [2]float64{100, 50}, [2]float64{50, 50}, [2]float64{50, 0}, [2]float64{50, -50}), []place{{FlawMeets, 50, 250}}},
		"a spike":          {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{80, 0}, [2]float64{80, 50}), []place{{FlawSpike, 100, 100}}},
		"there and back":   {onGrid([2]float64{0, 0}, [2]float64{150, 0}, [2]float64{150, 170}, [2]float64{150, 0}, [2]float64{0, 0}), []place{{FlawSpike, 320, 320}}},
		"a vertex twice":   {onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{100, 0}, [2]float64{200, 0}), []place{{FlawRepeated, 100, 0}}},
		"runs along again": {onGrid([2]float64{0, 0}, [2]float64{350, 0}, [2]float64{350, 50}, [2]float64{100, 50}, [2]float64{100, 0}, [2]float64{300, 0}, [2]float64{300, -50}), []place{{FlawOverlaps, 100, 700}}},
		"one point":        {onGrid([2]float64{0, 0}, [2]float64{0, 0}), []place{{FlawRepeated, 0, 0}, {FlawNoLength, 0, 0}}},
		"nothing":          {nil, []place{{FlawNoLength, 0, 0}}},
		"not a number":     {orb.LineString{{0, 0}, {math.NaN(), 0}}, []place{{FlawCoordinates, 0, 0}}},
	} {
		got := Flaws(test.line)
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
			continue
		}
		for i, f := range got {
			w := test.want[i]
			slack := 0.002 * float64(PerKilometre) / 1e5 * math.Max(50, w.again) // a grid of geodesics is not square
			if f.Kind != w.kind || math.Abs(f.At.Metres()-w.at) > slack || f.Kind != FlawSpike && math.Abs(f.Again.Metres()-w.again) > slack {
				t.Errorf("%s: %+v, want %+v", name, f, w)
			}
		}
	}
}

func TestOverlapIsMeasured(t *testing.T) {
	f := Flaws(onGrid([2]float64{0, 0}, [2]float64{350, 0}, [2]float64{350, 50}, [2]float64{100, 50}, [2]float64{100, 0}, [2]float64{300, 0}, [2]float64{300, -50}))
	if len(f) != 1 || !near(f[0].Length, 200_000, 20) {
		t.Errorf("%v, want one of 200 m", f)
	}
}

func TestCheckRoute(t *testing.T) {
	a, b := onGrid([2]float64{0, 0}, [2]float64{100, 0}), onGrid([2]float64{100, 0}, [2]float64{200, 0})
	if err := CheckRoute(orb.MultiLineString{a, b}); err != nil {
		t.Errorf("parts that meet: %v", err)
	}
	if line, err := RouteLine(orb.MultiLineString{a, b}); err != nil || len(line) != 3 {
		t.Errorf("joined to %v, %v", line, err)
	}
	for want, g := range map[string]orb.Geometry{
		"part 1 ends at 104.70":      orb.MultiLineString{a, onGrid([2]float64{200, 0}, [2]float64{300, 0})},
		"100.0 m away":               orb.MultiLineString{a, onGrid([2]float64{200, 0}, [2]float64{300, 0})},
		"a Point is no line":         orb.Point{1, 2},
		"there is no line":           nil,
		"fewer than two":             orb.LineString{{1, 2}},
		"part 2 of the line has 1":   orb.MultiLineString{a, b[:1]},
		"meets itself at 104.700504": onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{50, 50}, [2]float64{50, -50}),
		"again at 220.7":             onGrid([2]float64{0, 0}, [2]float64{100, 0}, [2]float64{50, 50}, [2]float64{50, -50}),
		"vertex 1: latitude 95":      orb.LineString{{1, 95}, {1, 2}},
	} {
		if err := CheckRoute(g); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func holdSplit(t *testing.T, ls orb.LineString) {
	t.Helper()
	parts, reasons := SplitSimple(ls)
	if parts == nil {
		if len(reasons) == 0 {
			t.Fatalf("%v has neither parts nor reasons", ls)
		}
		return
	}
	var sum Millimetre
	for i, p := range parts {
		sum += Length(p)
		if err := CheckRoute(p); err != nil {
			t.Fatalf("part %d of %v: %v", i+1, ls, err)
		}
		if i > 0 && parts[i-1][len(parts[i-1])-1] != p[0] {
			t.Fatalf("part %d does not begin where the one before ends", i+1)
		}
	}
	clean, _ := withoutRepeats(ls)
	if !near(sum, Length(clean), Millimetre(len(parts))) || (len(parts) == 1) != (len(Flaws(clean)) == 0) {
		t.Fatalf("%d parts of %v, the line has %v and %v", len(parts), sum, Length(clean), Flaws(clean))
	}
}

func TestSplitSimple(t *testing.T) {
	rnd := rand.New(rand.NewSource(5))
	split := 0
	for range 400 { // random walks on a coarse grid meet themselves in every way
		points := make([][2]float64, 2+rnd.Intn(14))
		for i := range points {
			points[i] = [2]float64{float64(rnd.Intn(6)) * 40, float64(rnd.Intn(6)) * 40}
		}
		line := onGrid(points...)
		holdSplit(t, line)
		if parts, _ := SplitSimple(line); len(parts) > 1 {
			split++
		}
	}
	if split < 250 {
		t.Errorf("only %d of 400 lines were split", split)
	}
}

func FuzzSplitSimple(f *testing.F) {
	f.Add([]byte{0, 0, 9, 0, 4, 4, 4, 250})
	f.Add([]byte{0, 0, 9, 0, 3, 0, 3, 3, 3, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		var line orb.LineString
		for i := 0; i+1 < len(b) && i < 80; i += 2 {
			line = append(line, orb.Point{104.7 + float64(int8(b[i]))*1e-5, 27.1 + float64(int8(b[i+1]))*1e-5})
		}
		holdSplit(t, line)
	})
}

// What folds as no road does is refused in bounded time.
func TestTangle(t *testing.T) {
	rnd := rand.New(rand.NewSource(6))
	scribble := make(orb.LineString, 60_000)
	for i := range scribble {
		scribble[i] = orb.Point{104.7 + rnd.Float64()*1e-4, 27.1 + rnd.Float64()*1e-4}
	}
	star := make(orb.LineString, 3_000)
	for i := range star {
		star[i] = orb.Point{104 + rnd.Float64(), 27 + rnd.Float64()}
	}
	for name, line := range map[string]orb.LineString{"scribble": scribble, "star": star} {
		start := time.Now()
		flaws := Flaws(line)
		if last := flaws[len(flaws)-1]; last.Kind != FlawTangled && last.Kind != FlawTooLong {
			t.Errorf("%s: %v", name, last)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		}
		if parts, _ := SplitSimple(line); parts != nil {
			t.Errorf("%s has %d parts", name, len(parts))
		}
	}
}

func BenchmarkFlaws(b *testing.B) {
	rnd := rand.New(rand.NewSource(1))
	line, heading := orb.LineString{{104.7, 27.1}}, 40.0
	for range 4999 {
		heading += 12 * (rnd.Float64() - 0.5)
		line = append(line, Destination(line[len(line)-1], heading, 10))
	}
	for b.Loop() {
		Flaws(line)
	}
}
