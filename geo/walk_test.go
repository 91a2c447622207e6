package geo_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
)

// plane is land that rises evenly to the east; it ends where east says.
type plane struct{ slope, west, east float64 }

func (l plane) Height(p orb.Point) (float64, bool) {
	metres := geo.Distance(orb.Point{l.west, p[1]}, p)
	return 1500 + l.slope*metres, p[0] >= l.west && p[0] <= l.east
}

// bumpy is land with a wave of 30 m every 200 m.
type bumpy struct{}

func (bumpy) Height(p orb.Point) (float64, bool) {
	return 30 * math.Sin(p[0]*3000) * math.Cos(p[1]*2500), true
}

func eastward(metres float64) orb.LineString {
	p := orb.Point{105, 27}
	return orb.LineString{p, geo.Destination(p, 90, metres)}
}

// The figures of Tobler's report: a kilometre level, and up and down a fifth.
func TestWalk(t *testing.T) {
	minute := func(kmh float64) int64 { return int64(math.Round(3_600_000 / kmh)) }
	for _, c := range []struct {
		name      string
		heights   geo.Heights
		on        geo.Ground
		out, back int64
		level     geo.Millimetre
	}{
		{"no heights", nil, geo.OnPath, 714_286, 714_286, 1_000_000},
		{"no heights, off the path", nil, geo.OffPath, 1_190_476, 1_190_476, 1_000_000},
		{"level", plane{0, 104, 106}, geo.OnPath, minute(6 * math.Exp(-3.5*0.05)), minute(6 * math.Exp(-3.5*0.05)), 0},
		{"up a fifth", plane{0.2, 104, 106}, geo.OnPath, minute(6 * math.Exp(-3.5*0.25)), minute(6 * math.Exp(-3.5*0.15)), 0},
		{"down a twentieth", plane{-0.05, 104, 106}, geo.OnPath, minute(6), minute(6 * math.Exp(-3.5*0.1)), 0},
		{"off the path", plane{0.2, 104, 106}, geo.OffPath, minute(3.6 * math.Exp(-3.5*0.25)), minute(3.6 * math.Exp(-3.5*0.15)), 0},
		{"a cliff is 45°", plane{9, 104, 106}, geo.OnPath, minute(6 * math.Exp(-3.5*1.05)), minute(6 * math.Exp(-3.5*0.95)), 0},
		{"off the map", plane{0.2, 80, 81}, geo.OnPath, 714_286, 714_286, 1_000_000},
	} {
		got := geo.Walk(eastward(1000), c.heights, c.on)
		if max(got.Out-c.out, c.out-got.Out) > 40 || max(got.Back-c.back, c.back-got.Back) > 40 || got.Level != c.level {
			t.Errorf("%s: %+v, want %d out, %d back, %v level", c.name, got, c.out, c.back, c.level)
		}
	}
}

// Where heights end in the middle, the rest is level and says so.
func TestWalkPastTheMap(t *testing.T) {
	line := eastward(900)
	half := geo.Destination(line[0], 90, 450)
	got := geo.Walk(line, plane{0.2, 104.9, half[0]}, geo.OnPath)
	if got.Level < 450_000 || got.Level > 480_000 {
		t.Errorf("%v of 900 m is level, half has no height", got.Level)
	}
}

// A walk the other way round is the same walk, one without length takes no
// time, and level at 5.04 km/h is what an access leg costs.
func TestWalkBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var line, turned orb.LineString
		for range rapid.IntRange(0, 5).Draw(t, "vertices") {
			p := orb.Point{rapid.Float64Range(104.99, 105.01).Draw(t, "x"), rapid.Float64Range(26.99, 27.01).Draw(t, "y")}
			line, turned = append(line, p), append(orb.LineString{p}, turned...)
		}
		on := rapid.SampledFrom([]geo.Ground{geo.OnPath, geo.OffPath}).Draw(t, "ground")
		there, back := geo.Walk(line, bumpy{}, on), geo.Walk(turned, bumpy{}, on)
		if there.Out != back.Back || there.Back != back.Out || there.Level != back.Level {
			t.Fatalf("there %+v, turned %+v", there, back)
		}
		level, length := geo.Walk(line, nil, geo.OnPath), int64(geo.Length(line))
		if level.Out != (length*5+3)/7 || level.Back != level.Out || int64(level.Level) != length {
			t.Fatalf("%d mm level: %+v", length, level)
		}
	})
}

func TestWalkNonsense(t *testing.T) {
	nan := math.NaN()
	for _, line := range []orb.LineString{
		nil, {}, {{1, 1}}, {{1, 1}, {1, 1}}, {{nan, 0}, {1, 1}}, {{0, 95}, {1, 1}}, {{math.Inf(1), 0}, {0, 0}},
	} {
		if got := geo.Walk(line, bumpy{}, geo.OnPath); got != (geo.Walked{}) {
			t.Errorf("%v: %+v", line, got)
		}
	}
	far := geo.Walk(orb.LineString{{-100, 0}, {70, 10}}, plane{nan, -180, 180}, geo.OffPath)
	if far.Out <= 0 || far.Back <= 0 || far.Out > 1<<40 {
		t.Errorf("round the earth over land without heights: %+v", far)
	}
	if kmh := geo.WalkingSpeed(nan); math.Abs(kmh-5.04) > 0.01 {
		t.Errorf("a slope that is no number: %v km/h", kmh)
	}
}
