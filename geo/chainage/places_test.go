package chainage_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// The places of a pair of labels against looking at every millimetre of a short
// route. Pieces keep their length, so that each label is whole.
func TestPlacesAgainstEveryMillimetre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := []chainage.Mark{{At: rapid.Int64Range(0, 5).Draw(t, "at"), K: rapid.Int64Range(101, 140).Draw(t, "k")}}
		for range rapid.IntRange(0, 4).Draw(t, "breaks") {
			last := marks[len(marks)-1]
			long := rapid.Int64Range(1, 20).Draw(t, "long")
			end := chainage.Mark{At: last.At + long, K: last.K + long}
			marks = append(marks, end, chainage.Mark{At: end.At, K: rapid.Int64Range(101, 140).Draw(t, "jump")})
		}
		if len(marks) > 1 {
			last := marks[len(marks)-1]
			marks = append(marks, chainage.Mark{At: last.At + 7, K: last.K + 7})
		}
		c, err := chainage.NewCalibration(marks...)
		if err != nil {
			t.Fatal(err)
		}
		length := rapid.Int64Range(1, 80).Draw(t, "length")
		from, to := rapid.Int64Range(95, 180).Draw(t, "from"), rapid.Int64Range(95, 180).Draw(t, "to")
		want := brutePlaces(c, marks, from, to, length)
		choices, err := c.Places(from, to, length)
		if (err != nil) != (len(want) == 0) {
			t.Fatalf("%v: error %v, want %v", marks, err, want)
		}
		var got []chainage.Span
		for _, choice := range choices {
			got = append(got, choice.Span)
		}
		slices.SortFunc(got, compareSpans)
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("%v of %d, %d to %d (-want +got):\n%s", marks, length, from, to, diff)
		}
		other, _ := c.Places(to, from, length)
		if len(other) != len(choices) {
			t.Fatalf("written from the other end it is %v, not %v", other, choices)
		}
	})
}

func compareSpans(a, b chainage.Span) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}

func brutePlaces(c chainage.Calibration, marks []chainage.Mark, from, to, length int64) (out []chainage.Span) {
	has := func(at, label int64) bool {
		if at < length && c.Label(at) == label {
			return true // the label ahead, unless the route ends here
		}
		if at == 0 {
			return false // nothing lies behind
		}
		before := c.Label(at-1) + 1
		for _, m := range marks {
			if m.At == at {
				before = m.K
				break
			}
		}
		return before == label
	}
	for a := range length + 1 {
		for b := a + 1; b <= length; b++ {
			if has(a, from) && has(b, to) || has(a, to) && has(b, from) {
				out = append(out, chainage.Span{From: a, To: b})
			}
		}
	}
	slices.SortFunc(out, compareSpans)
	return out
}

func TestPartsCoverTheRoute(t *testing.T) {
	c := broken(t)
	for _, length := range []int64{1, 4_500_000, 4_500_001, 8_000_000, 10_000_000, 12_000_000} {
		at := int64(0)
		for _, p := range c.Parts(length) {
			if p.Span.From != at || p.Span.Length() == 0 || p.Last <= p.First || p.First != c.Label(p.Span.From) {
				t.Errorf("of %d: %+v", length, p)
			}
			at = p.Span.To
		}
		if at != length {
			t.Errorf("the parts of %d end at %d", length, at)
		}
	}
}
