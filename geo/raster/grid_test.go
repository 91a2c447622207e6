package raster_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/raster"
)

var nan = float32(math.NaN())

// A grid is a geo.Heights.
var _ geo.Heights = (*raster.Grid)(nil)

// drawn is four cells wide and three high, a hundredth of a degree each.
func drawn(t testing.TB, values ...float32) *raster.Grid {
	t.Helper()
	g, err := raster.New(104.5, 27.03, 0.01, 0.01, 4, 3, values)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestHeight(t *testing.T) {
	g := drawn(t,
		10, 20, 30, 40,
		50, 60, nan, 80,
		90, 100, 110, 120)
	for _, c := range []struct {
		p    orb.Point
		want float64
		ok   bool
	}{
		{orb.Point{104.505, 27.025}, 10, true},        // the centre of the first cell
		{orb.Point{104.51, 27.025}, 15, true},         // between two
		{orb.Point{104.51, 27.02}, 35, true},          // between four
		{orb.Point{104.5, 27.03}, 10, true},           // the corner
		{orb.Point{104.54, 27.0}, 120, true},          // the other
		{orb.Point{104.52, 27.02}, 0, false},          // beside the unknown cell
		{orb.Point{104.525, 27.015}, 0, false},        // in it
		{orb.Point{104.499, 27.02}, 0, false},         // outside
		{orb.Point{104.51, 27.031}, 0, false},         // outside
		{orb.Point{104.505 - 360, 27.025}, 10, true},  // the same place
		{orb.Point{math.NaN(), 27.02}, 0, false},      // nowhere
		{orb.Point{104.51, math.Inf(1)}, 0, false},    // nowhere
		{orb.Point{math.Inf(-1), 27.02}, 0, false},    // nowhere
		{orb.Point{104.535, 27.0150000001}, 80, true}, // the cell east of the unknown one
	} {
		got, ok := g.Height(c.p)
		if ok != c.ok || math.Abs(got-c.want) > 1e-5 {
			t.Errorf("%v: %v, %v; want %v, %v", c.p, got, ok, c.want, c.ok)
		}
	}
}

// Heights lie between the least and the greatest, and a plane is met exactly.
func TestHeightOfAPlane(t *testing.T) {
	const cols, rows = 13, 7
	values := make([]float32, cols*rows)
	for i := range values {
		values[i] = float32(100 + 8*(i%cols) - 4*(i/cols))
	}
	g, err := raster.New(104, 28, 0.25, 0.5, cols, rows, values)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(0, cols).Draw(t, "x"), rapid.Float64Range(0, rows).Draw(t, "y")
		clamp := func(v float64, n int) float64 { return max(0, min(float64(n-1), v-0.5)) }
		want := 100 + 8*clamp(x, cols) - 4*clamp(y, rows)
		got, ok := g.Height(orb.Point{104 + x*0.25, 28 - y*0.5})
		if !ok || math.Abs(got-want) > 1e-6 {
			t.Fatalf("%v, %v: %v, want %v", x, y, got, want)
		}
	})
}

func TestSums(t *testing.T) {
	g := drawn(t,
		1, 2, 0, 4,
		5, nan, -7, 0,
		0, 0, 0, 12)
	each, below := g.Sums(1)
	if len(each) != 5 || below != 1 || each[0].Sum != 1 || math.Abs(each[0].At[0]-104.505) > 1e-9 || math.Abs(each[4].At[1]-27.005) > 1e-9 {
		t.Errorf("cells %v, %d below zero", each, below)
	}
	blocks, _ := g.Sums(2)
	want := []raster.Amount{{orb.Point{104.51, 27.02}, 8}, {orb.Point{104.53, 27.02}, 4}, {orb.Point{104.53, 27.005}, 12}}
	if len(blocks) != len(want) {
		t.Fatalf("blocks %v, want %v", blocks, want)
	}
	for i, b := range blocks {
		if b.Sum != want[i].Sum || math.Hypot(b.At[0]-want[i].At[0], b.At[1]-want[i].At[1]) > 1e-9 {
			t.Errorf("block %d is %v, want %v", i, b, want[i])
		}
	}
	if whole, _ := g.Sums(1 << 40); len(whole) != 1 || whole[0].Sum != 24 {
		t.Errorf("all of it is %v", whole)
	}
}

func TestNewRefuses(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		west, north, dx, dy float64
		cols, rows          int
	}{
		{0, 0, 1, 1, 0, 1}, {0, 0, 1, 1, 1, -1}, {0, 0, 1, 1, 1 << 20, 1 << 20}, {0, 0, 1, 1, 3, 1},
		{0, 0, 0, 1, 2, 1}, {0, 0, -1, 1, 2, 1}, {0, 0, 1, inf, 2, 1}, {0, 0, math.NaN(), 1, 2, 1}, {0, 95, 1, 1, 2, 1},
		{inf, 0, 1, 1, 2, 1}, {0, 0, 200, 1, 2, 1}, {0, -90, 1, 2, 1, 2}, {math.NaN(), 0, 1, 1, 2, 1},
	} {
		if g, err := raster.New(c.west, c.north, c.dx, c.dy, c.cols, c.rows, make([]float32, 2)); err == nil {
			t.Errorf("%+v makes %v", c, g)
		}
	}
	g, err := raster.New(0, 1, 1, 1, 2, 1, []float32{float32(inf), nan})
	if err != nil {
		t.Fatal(err)
	}
	if n, least, greatest := g.Known(); n != 0 || least != 0 || greatest != 0 {
		t.Errorf("of infinite and unknown cells %d are known, %v to %v", n, least, greatest)
	}
}
