package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// split7 is route 7 of 10 m: split at 4 m on day 10 into 7 and 8, put together
// again on day 20, turned round on day 30.
func split7(day Date) *Snapshot {
	s := &Snapshot{Region: Region{Code: "county"}, AsOf: day, Rules: DefaultRules(), Standard: testStandard}
	span := func(from, to int64) chainage.Span { return chainage.Span{From: from, To: to} }
	carried := func(op ID, on Date, from ID, fv int32, a chainage.Span, to ID, tv int32, b chainage.Span, reversed bool) {
		s.Mappings = append(s.Mappings, Mapping{ID: ID(len(s.Mappings) + 1), Operation: op, On: on, Kind: MappingCarried,
			FromRoad: from, FromVersion: fv, FromSpan: a, ToRoad: to, ToVersion: tv, ToSpan: b, Reversed: reversed})
	}
	carried(1, 10, 7, 1, span(0, 4000), 7, 2, span(0, 4000), false)
	carried(1, 10, 7, 1, span(4000, 10000), 8, 1, span(0, 6000), false)
	carried(2, 20, 7, 2, span(0, 4000), 7, 3, span(0, 4000), false)
	carried(2, 20, 8, 1, span(0, 6000), 7, 3, span(4000, 10000), false)
	carried(3, 30, 7, 3, span(0, 10000), 7, 4, span(0, 10000), true)
	switch {
	case day < 10:
		s.Roads = []Road{{ID: 7, Version: 1, Length: 10000}}
	case day < 20:
		s.Roads = []Road{{ID: 7, Version: 2, Length: 4000}, {ID: 8, Version: 1, Length: 6000}}
	case day < 30:
		s.Roads = []Road{{ID: 7, Version: 3, Length: 10000}}
	default:
		s.Roads = []Road{{ID: 7, Version: 4, Length: 10000}}
	}
	return s
}

// Splitting and merging back is the identity, forwards and backwards in time.
func TestSplitAndMergeIsTheIdentity(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.Int64Range(0, 9999).Draw(rt, "from")
		span := chainage.Span{From: from, To: rapid.Int64Range(from+1, 10000).Draw(rt, "to")}
		for _, c := range []struct {
			day     Date
			version int32
			force   int32
		}{{5, 1, 1}, {5, 3, 1}, {25, 1, 3}, {25, 3, 3}} {
			parts, lost := Assess(split7(c.day)).Lift(7, c.version, span)
			if diff := cmp.Diff([]RoadSpan{{7, c.force, span}}, parts); diff != "" || len(lost) > 0 {
				rt.Fatalf("version %d on day %d: lost %v, %s", c.version, c.day, lost, diff)
			}
		}
		turned := chainage.Span{From: 10000 - span.To, To: 10000 - span.From}
		if parts, _ := Assess(split7(35)).Lift(7, 1, span); cmp.Diff([]RoadSpan{{7, 4, turned}}, parts) != "" {
			rt.Fatalf("%v turned round is %v", span, parts)
		}
	})
}

// A report across the border of a split is cut there, in its order.
func TestLiftIsCutAtABorder(t *testing.T) {
	a := Assess(split7(15))
	parts, _ := a.Lift(7, 4, chainage.Span{From: 5000, To: 8000}) // a version of day 30, seen on day 15
	want := []RoadSpan{{8, 1, chainage.Span{From: 0, To: 1000}}, {7, 2, chainage.Span{From: 2000, To: 4000}}}
	if diff := cmp.Diff(want, []RoadSpan{parts[0], parts[1]}); diff != "" {
		t.Error(diff)
	}
	if key, ok := a.inForce(8); !ok || key != (routeKey{8, 1}) {
		t.Errorf("road 8 is in force as %v, %v", key, ok)
	}
	if _, ok := a.inForce(9); ok {
		t.Error("road 9 is in force")
	}
}

// What has no place on the day is retired, or is not yet there; reports on it
// are kept apart with their places as reported.
func TestRetiredAndNotYet(t *testing.T) {
	s := &Snapshot{Region: Region{Code: "county"}, AsOf: 50, Rules: DefaultRules(), Standard: testStandard}
	s.Mappings = []Mapping{
		{ID: 1, Operation: 1, On: 40, Kind: MappingCarried, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{To: 60}, ToRoad: 1, ToVersion: 2, ToSpan: chainage.Span{To: 60}},
		{ID: 2, Operation: 1, On: 40, Kind: MappingRetired, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{From: 60, To: 100}},
		{ID: 3, Operation: 1, On: 40, Kind: MappingNew, ToRoad: 1, ToVersion: 2, ToSpan: chainage.Span{From: 60, To: 70}},
	}
	s.Progress = []Progress{
		{ID: "old", Road: 1, Version: 1, Span: chainage.Span{From: 50, To: 80}, Stage: StageSurface, On: 30},
		{ID: "new", Road: 1, Version: 2, Span: chainage.Span{From: 50, To: 70}, Stage: StageSurface, On: 30},
	}
	s.Roads = []Road{{ID: 1, Version: 2, Length: 70}}
	a := Assess(s)
	if e := a.ledger.retired; len(e) != 1 || e[0].ID != "old" || e[0].span != (chainage.Span{From: 60, To: 80}) || e[0].notYet {
		t.Errorf("retired %+v", e)
	}
	before := *s
	before.AsOf, before.Roads = 35, []Road{{ID: 1, Version: 1, Length: 100}}
	a = Assess(&before)
	if e := a.ledger.retired; len(e) != 1 || e[0].ID != "new" || e[0].span != (chainage.Span{From: 60, To: 70}) || !e[0].notYet {
		t.Errorf("not yet %+v", e)
	}
}

// However a span is cut, its lifted parts are those of the whole: nothing is
// there twice and nothing is missing.
func TestLiftedPartsPartitionTheLiftedSpan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rapid.Uint64().Draw(rt, "seed"))
		p := newPassages(h.at(Date(h.between(1, lastDay+60))))
		key, span := h.anywhere()
		at := h.long(span.From, span.To)
		type places struct{ now, lost map[routeKey]chainage.Set }
		lift := func(spans ...chainage.Span) places {
			out := places{map[routeKey]chainage.Set{}, map[routeKey]chainage.Set{}}
			for _, s := range spans {
				parts, lost := p.trace(key, s)
				for _, part := range parts {
					if out.now[part.key].Overlaps(chainage.NewSet(part.span)) {
						rt.Fatalf("%v at %v is there twice", part.span, part.key)
					}
					out.now[part.key] = out.now[part.key].Union(chainage.NewSet(part.span))
				}
				for _, part := range lost {
					out.lost[part.key] = out.lost[part.key].Union(chainage.NewSet(part.span))
				}
			}
			return out
		}
		whole, cut := lift(span), lift(chainage.Span{From: span.From, To: at}, chainage.Span{From: at, To: span.To})
		if diff := cmp.Diff(whole.now, cut.now) + cmp.Diff(whole.lost, cut.lost); diff != "" {
			rt.Fatalf("%v %v cut at %d: %s", key, span, at, diff)
		}
	})
}

// squeezed is route 1 of 1 m and its second version, made of pieces of the first
// that are stretched, turned round, squeezed, down to nothing, or left out; seen
// before or after the day.
func squeezed(t *rapid.T) (s *Snapshot, key routeKey, length int64) {
	s = &Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard}
	var from, to int64
	for from < 1000 {
		span := chainage.Span{From: from, To: min(1000, from+rapid.Int64Range(1, 400).Draw(t, "piece"))}
		m := Mapping{ID: ID(len(s.Mappings) + 1), Operation: 1, On: 10, Kind: MappingRetired, FromRoad: 1, FromVersion: 1, FromSpan: span}
		if made := rapid.Int64Range(0, 500).Draw(t, "made") - 100; made >= -50 { // often nothing
			m.Kind, m.ToRoad, m.ToVersion, m.ToSpan = MappingCarried, 1, 2, chainage.Span{From: to, To: to + max(made, 0)}
			m.Reversed = rapid.Bool().Draw(t, "reversed")
			to += max(made, 0)
		}
		s.Mappings, from = append(s.Mappings, m), span.To
	}
	if rapid.Bool().Draw(t, "after") {
		s.AsOf, s.Roads = 10, []Road{{ID: 1, Version: 2, Length: max(to, 1)}}
		return s, routeKey{1, 1}, 1000
	}
	s.AsOf, s.Roads = 9, []Road{{ID: 1, Version: 1, Length: 1000}}
	return s, routeKey{1, 2}, max(to, 1)
}

// Every millimetre of a version is carried or lost, once, however its pieces are
// stretched and squeezed, forwards and backwards in time.
func TestLiftedAndLostAreAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, key, length := squeezed(rt)
		parts, lost := newPassages(s).trace(key, chainage.Span{To: length})
		var all []chainage.Span
		for _, list := range [][]lifted{parts, lost} {
			for _, p := range list {
				all = append(all, p.from)
			}
		}
		if got := chainage.NewSet(all...); !got.Equal(chainage.Set{{To: length}}) {
			rt.Fatalf("version %d: %v is lifted, %v lost: %v of %d", key.Version, parts, lost, got, length)
		}
		if twice := chainage.Repeated(all...); len(twice) > 0 {
			rt.Fatalf("version %d: %v is lifted and lost", key.Version, twice)
		}
	})
}

// No report vanishes: it lies somewhere in force, or stands with what is retired.
func TestNoReportVanishes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, key, length := squeezed(rt)
		from := rapid.Int64Range(0, length-1).Draw(rt, "from")
		s.Progress = []Progress{{ID: "one", Road: 1, Version: key.Version, Span: chainage.Span{From: from, To: min(length, from+rapid.Int64Range(1, 3).Draw(rt, "length"))}, On: 5}}
		l := newLedger(s, nil)
		there := len(l.retired)
		for _, events := range l.events {
			there += len(events)
		}
		if there == 0 {
			rt.Fatalf("%v of version %d is nowhere", s.Progress[0].Span, key.Version)
		}
	})
}

// A route that is turned round twice runs as it did: what is lost after that is
// what was reported there.
func TestTurnedTwice(t *testing.T) {
	whole := chainage.Span{To: 100}
	s := &Snapshot{AsOf: 50, Roads: []Road{{ID: 1, Version: 4, Length: 60}}}
	for v := int32(1); v < 4; v++ {
		s.Mappings = append(s.Mappings, Mapping{ID: ID(v), Operation: ID(v), On: Date(10 * v), Kind: MappingCarried,
			FromRoad: 1, FromVersion: v, FromSpan: whole, ToRoad: 1, ToVersion: v + 1, ToSpan: whole, Reversed: v < 3})
	}
	last := &s.Mappings[2]
	last.FromSpan.To, last.ToSpan.To = 60, 60
	s.Mappings = append(s.Mappings, Mapping{ID: 4, Operation: 3, On: 30, Kind: MappingRetired, FromRoad: 1, FromVersion: 3, FromSpan: chainage.Span{From: 60, To: 100}})
	for version, want := range map[int32][2]chainage.Span{
		1: {{From: 10, To: 60}, {From: 60, To: 80}}, // of {10 80}
		2: {{From: 40, To: 80}, {From: 10, To: 40}}, // which lies at {20 90} of the others
	} {
		parts, lost := newPassages(s).trace(routeKey{1, version}, chainage.Span{From: 10, To: 80})
		if len(parts) != 1 || len(lost) != 1 || parts[0].from != want[0] || lost[0].from != want[1] {
			t.Errorf("version %d: %+v is carried, %+v lost", version, parts, lost)
		}
	}
}
