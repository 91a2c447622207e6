package chainage_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// counted is the referee: how many of the intervals lie over each unit.
type counted []int

// intervals draws reports of one route as they come: overlapping, reversed,
// touching the one before, of no length, and twice.
func intervals(rnd *rand.Rand, n int, units, unit int64) (out []chainage.Span) {
	for len(out) < n {
		at := func() int64 { return rnd.Int63n(units+1) * unit }
		from := at()
		s := chainage.Span{From: from, To: min(from+rnd.Int63n(units/40+2)*unit, units*unit)}
		switch rnd.Intn(8) {
		case 0:
			s.From, s.To = s.To, s.From
		case 1:
			s.To = s.From
		case 2:
			if len(out) > 0 {
				last := out[len(out)-1]
				s = chainage.Span{From: max(last.From, last.To), To: at()}
			}
		case 3:
			if len(out) > 0 {
				s = out[rnd.Intn(len(out))]
			}
		case 4:
			s.To = at()
		}
		out = append(out, s)
	}
	return out
}

func count(spans []chainage.Span, units, unit int64) counted {
	out := make(counted, units)
	for _, s := range spans {
		for at := min(s.From, s.To) / unit; at < max(s.From, s.To)/unit; at++ {
			out[at]++
		}
	}
	return out
}

// agree holds a set against the units of which is says they are in it.
func agree(t *testing.T, what string, got chainage.Set, units, unit int64, is func(at int64) bool) {
	t.Helper()
	n, in := int64(0), 0
	for at := range units {
		for in < len(got) && got[in].To <= at*unit {
			in++
		}
		inside := in < len(got) && got[in].From <= at*unit
		if inside != is(at) {
			t.Fatalf("%s: unit %d is in it: %v, want %v", what, at, inside, is(at))
		}
		if inside {
			n++
		}
	}
	if got.Length() != n*unit {
		t.Fatalf("%s: %d mm, want %d", what, got.Length(), n*unit)
	}
	for i := 1; i < len(got); i++ {
		if got[i-1].To >= got[i].From {
			t.Fatalf("%s: %v and %v touch", what, got[i-1], got[i])
		}
	}
}

func TestTwoThousandIntervals(t *testing.T) {
	for name, size := range map[string]struct{ units, unit int64 }{"metres of 60 km": {60_000, 1000}, "millimetres of 20 m": {20_000, 1}} {
		t.Run(name, func(t *testing.T) {
			for seed := range int64(20) {
				rnd := rand.New(rand.NewSource(seed))
				// Half of the time few enough to leave gaps.
				a := intervals(rnd, 2000, size.units, size.unit)[:2000>>(4*(seed%2))]
				b := intervals(rnd, 2000, size.units, size.unit)[:2000>>(5*(seed%3))]
				x, y := count(a, size.units, size.unit), count(b, size.units, size.unit)
				s, o := chainage.NewSet(a...), chainage.NewSet(b...)
				check := func(what string, got chainage.Set, is func(at int64) bool) {
					t.Helper()
					agree(t, fmt.Sprintf("seed %d, %s", seed, what), got, size.units, size.unit, is)
				}
				check("set", s, func(at int64) bool { return x[at] > 0 })
				check("union", s.Union(o), func(at int64) bool { return x[at] > 0 || y[at] > 0 })
				check("intersection", s.Intersect(o), func(at int64) bool { return x[at] > 0 && y[at] > 0 })
				check("difference", s.Subtract(o), func(at int64) bool { return x[at] > 0 && y[at] == 0 })
				check("repeated", chainage.Repeated(a...), func(at int64) bool { return x[at] > 1 })
				check("complement", s.Complement(chainage.Span{To: size.units * size.unit}), func(at int64) bool { return x[at] == 0 })
				bounds, some := s.Bounds()
				if first, last := slices.IndexFunc(x, positive), int64(len(x))-1; some != (first >= 0) || bounds.From != int64(first)*size.unit {
					t.Fatalf("bounds %v, the first unit is %d of %d", bounds, first, last)
				}
			}
		})
	}
	if _, some := (chainage.Set{}).Bounds(); some {
		t.Error("the empty set has bounds")
	}
}

func positive(n int) bool { return n > 0 }

// Fifty thousand reports of one route: with time growing like the square of
// their number, the longer list would take a hundred times longer, not ten.
func TestUnionGrowsLikeItsSpans(t *testing.T) {
	took := func(n int) time.Duration {
		spans := make([]chainage.Span, n)
		rnd := rand.New(rand.NewSource(1))
		for i := range spans {
			from := rnd.Int63n(1e9)
			spans[i] = chainage.Span{From: from, To: from + rnd.Int63n(2000)}
		}
		start := time.Now()
		s, o := chainage.NewSet(spans[:n/2]...), chainage.NewSet(spans[n/2:]...)
		if got := s.Union(o); got.Length() != s.Length()+o.Length()-s.Intersect(o).Length() || s.Subtract(o).Length()+o.Length() != got.Length() || chainage.Repeated(spans...).Length() < s.Intersect(o).Length() {
			t.Fatal("the algebra does not hold")
		}
		return time.Since(start)
	}
	best := func(n int) time.Duration { return min(took(n), took(n), took(n)) }
	if few, many := best(5_000), best(50_000); many > 50*few {
		t.Errorf("5,000 spans take %v, 50,000 %v", few, many)
	}
}

func BenchmarkNewSet(b *testing.B) {
	rnd := rand.New(rand.NewSource(1))
	spans := intervals(rnd, 50_000, 100_000, 1000)
	for b.Loop() {
		chainage.NewSet(spans...)
	}
}
