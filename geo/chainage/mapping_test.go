package chainage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/qiantu/qiantu/geo/chainage"
	"pgregory.net/rapid"
)

func key(version int) chainage.Key { return chainage.Key{Road: 7, Version: int32(version)} }

type lengths = map[chainage.Key]int64

func hold(t interface {
	Helper()
	Fatalf(string, ...any)
}, m chainage.Mapping, old, new lengths) {
	t.Helper()
	if err := m.Check(old, new); err != nil {
		t.Fatalf("%v\n%v", m, err)
	}
	var oldSum, newSum int64
	for _, l := range old {
		oldSum += l
	}
	for _, l := range new {
		newSum += l
	}
	if b := m.Balance(); b.CarriedFrom+b.Retired != oldSum || b.CarriedTo+b.New != newSum {
		t.Fatalf("%+v does not reconcile to %d and %d", b, oldSum, newSum)
	}
}

// step draws one change of a route and the length that it then has.
func step(t *rapid.T, version int, length int64) (chainage.Mapping, int64) {
	old, new := key(version), key(version+1)
	var m chainage.Mapping
	var err error
	switch rapid.IntRange(0, 4).Draw(t, "operation") {
	case 0:
		m = chainage.Reverse(old, new, length)
	case 1:
		front, back := rapid.Int64Range(0, 5000).Draw(t, "front"), rapid.Int64Range(0, 5000).Draw(t, "back")
		m, err = chainage.Extend(old, new, length, front, back)
		length += front + back
	case 2:
		keep := rapid.Int64Range(0, length-1).Draw(t, "keep")
		removed := chainage.NewSet(drawSpansUpTo(t, length)...).Subtract(chainage.NewSet(chainage.Span{From: keep, To: keep + 1}))
		m, err = chainage.Shorten(old, new, length, removed)
		length -= removed.Length()
	case 3:
		other := rapid.Int64Range(1, 2*length).Draw(t, "other length")
		m = chainage.Proportional(old, length, new, other)
		length = other
	case 4:
		m = chainage.Identity(old, new, length)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m, length
}

func drawSpansUpTo(t *rapid.T, length int64) []chainage.Span {
	at := rapid.Int64Range(0, length)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chainage.Span {
		return chainage.Span{From: at.Draw(t, "from"), To: at.Draw(t, "to")}
	}), 0, 4).Draw(t, "spans")
}

// Whatever follows on whatever, the mapping is whole, and a place goes where
// it goes step by step, to the rounding of each.
func TestMappingsCompose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Int64Range(1, 100_000).Draw(t, "length")
		length, whole := first, chainage.Identity(key(0), key(0), first)
		var steps []chainage.Mapping
		for i := range rapid.IntRange(1, 5).Draw(t, "steps") {
			var m chainage.Mapping
			before := length
			m, length = step(t, i, length)
			hold(t, m, lengths{key(i): before}, lengths{key(i + 1): length})
			steps, whole = append(steps, m), chainage.Compose(whole, m)
		}
		last := key(len(steps))
		hold(t, whole, lengths{key(0): first}, lengths{last: length})
		hold(t, whole.Inverse(), lengths{last: length}, lengths{key(0): first})
		if diff := cmp.Diff(whole, whole.Inverse().Inverse()); diff != "" {
			t.Fatalf("turned over twice (-want +got):\n%s", diff)
		}
		var right chainage.Mapping
		for i := len(steps) - 1; i >= 0; i-- {
			right = chainage.Compose(steps[i], right)
		}
		hold(t, right, lengths{key(0): first}, lengths{last: length})
		reconcile(t, whole, drawSpansUpTo(t, first), length, last)
	})
}

// reconcile follows spans there and back: carried and retired make up the
// span, and what is carried to a place comes from there.
func reconcile(t *rapid.T, m chainage.Mapping, spans []chainage.Span, newLength int64, last chainage.Key) {
	for _, s := range spans {
		carried, retired := m.Forward(key(0), s)
		from, to := chainage.Set{}, chainage.Set{}
		sum := retired.Length()
		for _, c := range carried {
			sum += c.From.Length()
			from, to = from.Union(chainage.NewSet(c.From)), to.Union(chainage.NewSet(c.To))
			if c.To.From < 0 || c.To.To > newLength || c.New != last {
				t.Fatalf("%+v leaves the new route", c)
			}
			back, added := m.Back(c.New, c.To)
			if b := back[0].From; len(added) > 0 || near(c) && (len(back) != 1 || b.From > c.From.To || b.To < c.From.From) {
				t.Fatalf("%+v comes back as %+v, new %v", c, back, added)
			}
		}
		if whole := chainage.NewSet(s); sum != whole.Length() || !from.Union(retired).Equal(whole) || from.Overlaps(retired) {
			t.Fatalf("%v is carried %v and retired %v", s, from, retired)
		}
	}
}

// near says that a carried stretch keeps its length, so that nothing rounds.
func near(c chainage.Carry) bool { return c.From.Length() == c.To.Length() }

func TestSplitAndMergeIsTheIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.Int64Range(2, 1e9).Draw(t, "length")
		at := rapid.Int64Range(1, length-1).Draw(t, "at")
		a, b := chainage.Key{Road: 8, Version: 1}, chainage.Key{Road: 9, Version: 1}
		split, err := chainage.Split(key(1), length, at, a, b)
		if err != nil {
			t.Fatal(err)
		}
		hold(t, split, lengths{key(1): length}, lengths{a: at, b: length - at})
		merge := chainage.Merge(a, at, b, length-at, key(2))
		hold(t, merge, lengths{a: at, b: length - at}, lengths{key(2): length})
		back := chainage.Compose(split, merge)
		if diff := cmp.Diff(chainage.Identity(key(1), key(2), length), back); diff != "" || !back.Unchanged() {
			t.Fatalf("split and merged (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(chainage.Identity(key(1), key(1), length), chainage.Compose(split, split.Inverse())); diff != "" {
			t.Fatalf("split and undone (-want +got):\n%s", diff)
		}
		twice := chainage.Compose(chainage.Reverse(key(1), key(2), length), chainage.Reverse(key(2), key(3), length))
		if diff := cmp.Diff(chainage.Identity(key(1), key(3), length), twice); diff != "" {
			t.Fatalf("reversed twice (-want +got):\n%s", diff)
		}
	})
}

func TestForwardOfAnUnnamedRoute(t *testing.T) {
	m := chainage.Reverse(key(1), key(2), 100)
	other, s := chainage.Key{Road: 8, Version: 1}, chainage.Span{From: 10, To: 20}
	carried, retired := m.Forward(other, s)
	if len(retired) > 0 || len(carried) != 1 || carried[0] != (chainage.Carry{Old: other, From: s, New: other, To: s}) {
		t.Errorf("carried %v, retired %v", carried, retired)
	}
	if carried, retired := m.Forward(key(1), chainage.Span{From: 90, To: 120}); retired.Length() != 20 || carried[0].To != (chainage.Span{From: 0, To: 10}) || !carried[0].Reversed {
		t.Errorf("what lies beyond the route is lost: carried %v, retired %v", carried, retired)
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	carried := func(a, b, c, d int64) chainage.Piece {
		return chainage.Piece{Kind: chainage.KindCarried, Old: key(1), From: chainage.Span{From: a, To: b}, New: key(2), To: chainage.Span{From: c, To: d}}
	}
	retired := func(a, b int64) chainage.Piece {
		return chainage.Piece{Kind: chainage.KindRetired, Old: key(1), From: chainage.Span{From: a, To: b}}
	}
	added := func(a, b int64) chainage.Piece {
		return chainage.Piece{Kind: chainage.KindNew, New: key(2), To: chainage.Span{From: a, To: b}}
	}
	turned := carried(50, 100, 50, 100)
	turned.Reversed = true
	stranger := carried(0, 100, 0, 100)
	stranger.New = key(5)
	for want, m := range map[string]chainage.Mapping{
		"no piece has 40-50 mm of the old road 7 version 1":        {carried(0, 40, 0, 50), carried(50, 100, 50, 100)},
		"no piece has 90-100 mm of the new":                        {carried(0, 100, 0, 90)},
		"pieces 1 and 2 both have 40-50 mm of the old":             {carried(0, 50, 0, 50), carried(40, 100, 50, 100)},
		"piece 1 ends at 120 mm, beyond the 100 mm":                {carried(0, 120, 0, 100)},
		"pieces 1 and 2 change places":                             {carried(0, 50, 50, 100), carried(50, 100, 0, 50)},
		"in two directions":                                        {carried(0, 50, 0, 50), turned},
		"piece 2: carried from 5-5":                                {retired(0, 100), carried(5, 5, 0, 100)},
		"is no kind":                                               {{Kind: "moved"}},
		"road 7 version 5 is no new route":                         {stranger},
		"piece 1 starts at -5 mm":                                  {retired(-5, 100), added(0, 100)},
		"no piece has anything of the new":                         {retired(0, 100)},
		"no piece has anything of the old road 7":                  {added(0, 100)},
		"piece 1: new at 0-100 mm; it needs length on the new":     {{Kind: chainage.KindNew, Old: key(1), New: key(2), To: chainage.Span{To: 100}}},
		"piece 1: retired from 0-100 mm; it needs length on the o": {{Kind: chainage.KindRetired, Old: key(1), New: key(2), From: chainage.Span{To: 100}}},
	} {
		if err := m.Check(lengths{key(1): 100}, lengths{key(2): 100}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q", m, err, want)
		}
	}
	good := chainage.Mapping{carried(0, 40, 0, 60), retired(40, 100), added(60, 100)}
	if err := good.Check(lengths{key(1): 100, key(8): 3}, lengths{key(2): 100, key(8): 3}); err != nil {
		t.Errorf("a sound mapping beside an untouched route: %v", err)
	}
}

func TestOperationsRefuse(t *testing.T) {
	if _, err := chainage.Split(key(1), 100, 100, key(2), key(3)); err == nil {
		t.Error("split at the end")
	}
	if _, err := chainage.Split(key(1), 100, 50, key(2), key(2)); err == nil {
		t.Error("split into one")
	}
	if _, err := chainage.Extend(key(1), key(2), 100, -1, 0); err == nil {
		t.Error("extended by less than nothing")
	}
	if _, err := chainage.Shorten(key(1), key(2), 100, chainage.NewSet(chainage.Span{From: 50, To: 101})); err == nil {
		t.Error("shortened beyond the end")
	}
	if _, err := chainage.Shorten(key(1), key(2), 100, chainage.NewSet(chainage.Span{From: 0, To: 100})); err == nil {
		t.Error("nothing left")
	}
}

// Pieces that a hand has spoilt are refused by Check, and nothing panics on
// them before.
func FuzzMapping(f *testing.F) {
	f.Add("carried", int64(0), int64(10), int64(0), int64(12), int64(5), false)
	f.Add("new", int64(5), int64(5), int64(9), int64(-12), int64(5), true)
	f.Fuzz(func(t *testing.T, kind string, a, b, c, d, length int64, reversed bool) {
		p := chainage.Piece{Kind: chainage.Kind(kind), Old: key(1), From: chainage.Span{From: a, To: b}, New: key(2), To: chainage.Span{From: c, To: d}, Reversed: reversed}
		m := chainage.Mapping{p, {Kind: chainage.KindRetired, Old: key(1), From: chainage.Span{From: b, To: length}}}
		_, _ = m.Forward(key(1), chainage.Span{From: a, To: length})
		_, _ = m.Back(key(2), chainage.Span{From: c, To: length})
		if err := m.Check(lengths{key(1): length}, lengths{key(2): d}); err != nil {
			return
		}
		hold(t, m, lengths{key(1): length}, lengths{key(2): d})
		hold(t, chainage.Compose(m, chainage.Reverse(key(2), key(3), d)), lengths{key(1): length}, lengths{key(3): d})
	})
}
