package chainage_test

import (
	"math/rand"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// holdRealign says what is true of any two lines.
func holdRealign(t *testing.T, rnd *rand.Rand, old, new chainage.Route, tolerance int64) {
	t.Helper()
	m, err := chainage.Realign(old, new, tolerance)
	if err != nil {
		if geo.CheckRoute(old.Line) == nil && geo.CheckRoute(new.Line) == nil && old.Length == int64(geo.Length(old.Line)) && new.Length == int64(geo.Length(new.Line)) {
			t.Fatal(err)
		}
		return
	}
	hold(t, m, lengths{old.Key: old.Length}, lengths{new.Key: new.Length})
	if moved := farthest(rnd, m, old, new); moved*1000 > float64(tolerance) {
		t.Fatalf("a carried place moves by %.4f m: %v", moved, m)
	}
	if s := m.Farthest(old, new); s.MM > tolerance {
		t.Fatalf("a carried place is said to move by %d mm: %v", s.MM, m)
	}
}

func lineOf(b []byte, scale float64) (line orb.LineString) {
	for i := 0; i+1 < len(b) && i < 120; i += 2 {
		line = append(line, orb.Point{179.9999 + float64(int8(b[i]))*scale, 27.1 + float64(int8(b[i+1]))*scale})
		if p := &line[len(line)-1]; p[0] > 180 {
			p[0] -= 360
		}
	}
	return line
}

// Any two lines, over the antimeridian as well, crossing themselves and each
// other as they like.
func FuzzRealign(f *testing.F) {
	f.Add([]byte{0, 0, 20, 0, 40, 5}, []byte{0, 0, 20, 0, 30, 20, 40, 5}, uint8(0), int64(1))
	f.Add([]byte{0, 0, 20, 0, 20, 1, 0, 1}, []byte{0, 0, 0, 1}, uint8(1), int64(2))
	f.Add([]byte{0, 0, 9, 0, 4, 4, 4, 250}, []byte{9, 0, 0, 0}, uint8(2), int64(3))
	f.Fuzz(func(t *testing.T, a, b []byte, size uint8, seed int64) {
		scale := []float64{1e-5, 3e-5, 1e-4, 1e-6}[size%4]
		old, new := lineOf(a, scale), lineOf(b, scale)
		if len(b) < 2 { // the same line, otherwise drawn
			if len(old) < 2 || geo.CheckRoute(old) != nil {
				return
			}
			new, _ = redraw(rand.New(rand.NewSource(seed)), old)
		}
		holdRealign(t, rand.New(rand.NewSource(seed)), route(1, old), route(2, new), []int64{5_000, 1_000, 20_000, 100}[size/4%4])
	})
}

// Changes on changes of real roads, with measures that are not the length of
// the line.
func TestRealignChangesOnChanges(t *testing.T) {
	lines := roads(t)
	rnd := rand.New(rand.NewSource(20260303))
	changes := []change{densify, shake, simplify, bulge, bulgeTwice, shiftEnd, extend, shorten, redraw, reverse}
	for range 300 {
		old := route(1, lines[rnd.Intn(len(lines))])
		new := chainage.Route{Key: key(2), Line: old.Line}
		for range 1 + rnd.Intn(3) {
			if geo.Length(new.Line) < 500_000 {
				break
			}
			new.Line, _ = changes[rnd.Intn(len(changes))](rnd, new.Line)
		}
		old.Length += rnd.Int63n(old.Length / 20)
		new.Length = int64(geo.Length(new.Line)) + rnd.Int63n(50_000)
		holdRealign(t, rnd, old, new, []int64{5_000, 1_000, 20_000}[rnd.Intn(3)])
	}
}
