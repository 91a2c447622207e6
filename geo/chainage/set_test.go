package chainage_test

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/qiantu/qiantu/geo/chainage"
	"pgregory.net/rapid"
)

func Example() {
	// Three reports of one road: the second repeats part of the first, the
	// third is written from its end.
	built := chainage.NewSet(
		chainage.Span{From: 0, To: 2_500_000},
		chainage.Span{From: 2_000_000, To: 3_000_000},
		chainage.Span{From: 8_000_000, To: 7_000_000},
	)
	fmt.Println(built, built.Length())
	// Output: [{0 3000000} {7000000 8000000}] 4000000
}

// The referee is a bitmap of the first places.
const places = 64

type bitmap [places]bool

func paint(spans []chainage.Span) (b bitmap) {
	for _, s := range spans {
		for at := min(s.From, s.To); at < max(s.From, s.To); at++ {
			b[at] = true
		}
	}
	return b
}

func (b bitmap) count() (n int64) {
	for _, set := range b {
		if set {
			n++
		}
	}
	return n
}

func drawSpans(t *rapid.T, label string) []chainage.Span {
	at := rapid.Int64Range(0, places)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chainage.Span {
		return chainage.Span{From: at.Draw(t, "from"), To: at.Draw(t, "to")}
	}), 0, 12).Draw(t, label)
}

func TestSetsAgainstBitmaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, o := drawSpans(t, "s"), drawSpans(t, "o")
		a, b, x, y := chainage.NewSet(s...), chainage.NewSet(o...), paint(s), paint(o)
		var union, both, only bitmap
		for i := range places {
			union[i], both[i], only[i] = x[i] || y[i], x[i] && y[i], x[i] && !y[i]
		}
		same(t, "set", a, x)
		same(t, "union", a.Union(b), union)
		same(t, "union of many", chainage.Union(b, nil, a, a), union)
		same(t, "intersection", a.Intersect(b), both)
		same(t, "difference", a.Subtract(b), only)
		if a.Covers(b) != (y == both) || a.Overlaps(b) != (both.count() > 0) || a.Equal(b) != (x == y) {
			t.Fatalf("%v covers %v: %v, overlaps: %v, equal: %v", a, b, a.Covers(b), a.Overlaps(b), a.Equal(b))
		}
	})
}

func same(t *rapid.T, what string, got chainage.Set, want bitmap) {
	t.Helper()
	if got.Length() != want.count() || paint(got) != want {
		t.Fatalf("%s: %v is %v, want %v", what, got, paint(got), want)
	}
	for i, span := range got {
		if span.From >= span.To || i > 0 && got[i-1].To >= span.From {
			t.Fatalf("%s: %v is not in normal form", what, got)
		}
	}
	for at := range int64(places) {
		if got.Contains(at) != want[at] {
			t.Fatalf("%s: %v contains %d: %v, want %v", what, got, at, got.Contains(at), want[at])
		}
	}
}

func TestUnionIsOrderFreeAndNoMoreThanTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := drawSpans(t, "spans")
		var sum int64
		for _, s := range spans {
			sum += max(s.From, s.To) - min(s.From, s.To)
		}
		want := chainage.NewSet(spans...)
		if want.Length() > sum {
			t.Fatalf("union %d is longer than the sum %d", want.Length(), sum)
		}
		twice := append(append([]chainage.Span{}, spans...), spans...)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
		if diff := cmp.Diff(want, chainage.NewSet(twice...)); diff != "" {
			t.Fatalf("order or repetition matters (-want +got):\n%s", diff)
		}
		cut := rapid.Int64Range(0, places).Draw(t, "cut")
		if got := want.Clip(0, cut).Length() + want.Clip(cut, places).Length(); got != want.Length() {
			t.Fatalf("parts sum to %d, whole %d", got, want.Length())
		}
	})
}

func TestRepeated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := drawSpans(t, "spans")
		var depth [places]int
		for _, s := range spans {
			for at := min(s.From, s.To); at < max(s.From, s.To); at++ {
				depth[at]++
			}
		}
		var want bitmap
		for i := range places {
			want[i] = depth[i] > 1
		}
		same(t, "repeated", chainage.Repeated(spans...), want)
	})
}
