package geo

import (
	"math"
	"sort"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// The index against looking at everything, on clustered points all over the
// earth, its poles and the antimeridian.
func TestPointIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := anyPoint(t, "centre")
		points := make([]orb.Point, rapid.IntRange(0, 200).Draw(t, "points"))
		spread := rapid.SampledFrom([]float64{1, 1000, 1e6, 1e7}).Draw(t, "spread")
		for i := range points {
			points[i] = Destination(centre, rapid.Float64Range(0, 360).Draw(t, "azimuth"), rapid.Float64Range(0, spread).Draw(t, "far"))
		}
		x, p := NewPointIndex(points), Destination(centre, 45, spread/3)
		want := make([]Hit, len(points))
		for i := range points {
			want[i] = Hit{ID: i, Metres: Distance(p, points[i])}
		}
		compareHits(t, x, p, want)
	})
}

func TestLineIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := make([]orb.LineString, rapid.IntRange(0, 12).Draw(t, "lines"))
		for i := range lines {
			lines[i] = roadLine(t)
		}
		x, p := NewLineIndex(lines), anyPoint(t, "p")
		if len(lines) > 0 {
			p = Destination(lines[0][0], 77, rapid.Float64Range(0, 20_000).Draw(t, "off"))
		}
		want := make([]Hit, len(lines))
		for i := range lines {
			d, _ := DistanceToLine(p, lines[i])
			want[i] = Hit{ID: i, Metres: d}
		}
		compareHits(t, x, p, want)
		for _, h := range x.Nearest(p, 3) {
			if d, f := DistanceToLine(p, lines[h.ID]); math.Abs(d-h.Metres) > 1e-6 || Distance(f.Point, h.Foot.Point) > 0.01 || !near(f.At, h.Foot.At, 10) {
				t.Fatalf("line %d: %v %v, want %v %v", h.ID, h.Metres, h.Foot, d, f)
			}
		}
	})
}

// First and Any decide by bounds what Search decides by measuring everything
// within reach: the same, to the last bit.
func TestFirstAndAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := make([]orb.LineString, rapid.IntRange(0, 12).Draw(t, "lines"))
		for i := range lines {
			switch {
			case i > 0 && rapid.IntRange(0, 4).Draw(t, "joined") == 0: // two that are equally near
				lines[i] = lines[rapid.IntRange(0, i-1).Draw(t, "to")]
			case rapid.Bool().Draw(t, "point"):
				lines[i] = orb.LineString{anyPoint(t, "at")}
			default:
				lines[i] = roadLine(t)
			}
		}
		x, p := NewLineIndex(lines), anyPoint(t, "p")
		if len(lines) > 0 {
			p = Destination(lines[0][0], 77, rapid.Float64Range(0, 20_000).Draw(t, "off"))
		}
		left := rapid.Uint64().Draw(t, "keep")
		keep := func(id int) bool { return left>>id&3 != 0 }
		limit := rapid.SampledFrom([]float64{math.Inf(1), 1000, 15_000, 3e6, 0, -1}).Draw(t, "limit")
		if d, _ := DistanceToLine(p, append(lines, orb.LineString{p})[0]); rapid.Bool().Draw(t, "just") {
			limit = d
		}
		var want []Hit
		x.Search(p, limit, keep, func(h Hit) bool {
			want = append(want, h)
			return false
		})
		got, ok := x.First(p, limit, keep)
		if ok != (len(want) > 0) || ok && got != want[0] {
			t.Fatalf("first within %v m is %v, want %v", limit, got, want)
		}
		if x.Any(p, limit, keep) != ok {
			t.Fatalf("any within %v m is %v", limit, !ok)
		}
	})
}

func compareHits(t *rapid.T, x *Index, p orb.Point, want []Hit) {
	sort.SliceStable(want, func(i, j int) bool { return want[i].Metres < want[j].Metres })
	k := rapid.IntRange(0, len(want)+1).Draw(t, "k")
	got := x.Nearest(p, k)
	if len(got) != min(k, len(want)) {
		t.Fatalf("%d nearest, want %d", len(got), min(k, len(want)))
	}
	for i := range got {
		if math.Abs(got[i].Metres-want[i].Metres) > 1e-6 {
			t.Fatalf("nearest %d is %v, want %v", i, got[i], want[i])
		}
	}
	if len(want) == 0 {
		return
	}
	limit := want[len(want)/2].Metres
	inside := sort.Search(len(want), func(i int) bool { return want[i].Metres > limit })
	if got := x.Within(p, limit); len(got) < inside-1 || len(got) > inside+1 {
		t.Fatalf("%d within %v m, want %d", len(got), limit, inside)
	}
}

func TestIndexKeepsAndSkips(t *testing.T) {
	x := NewPointIndex([]orb.Point{{105, 27}, {math.NaN(), 27}, {105.001, 27}, {105.002, 27}})
	var ids []int
	x.Search(orb.Point{105, 27}, 150, func(id int) bool { return id != 0 }, func(h Hit) bool {
		ids = append(ids, h.ID)
		return true
	})
	if len(ids) != 1 || ids[0] != 2 {
		t.Errorf("found %v, want only 2", ids)
	}
	if order := x.Order([]orb.Point{{105, 27}, {math.NaN(), 0}, {115, 27}, {105, 27}}); len(order) != 4 || order[0] != 1 || order[1] == 2 || order[2] == 2 && order[1] != 0 {
		t.Errorf("points that are near each other are asked for in the order %v", order)
	}
	if got, ok := x.First(orb.Point{math.NaN(), 0}, math.Inf(1), nil); ok || x.Any(orb.Point{0, 91}, math.Inf(1), nil) {
		t.Errorf("first of nowhere is %v", got)
	}
	if got := x.Nearest(orb.Point{math.NaN(), 0}, 1); got != nil {
		t.Errorf("nearest to nowhere is %v", got)
	}
	if got := x.Within(orb.Point{105, 27}, -1); got != nil {
		t.Errorf("within less than nothing is %v", got)
	}
}
