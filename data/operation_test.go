package data_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// realignment moves the last 400 m of the ground's road: 600 m are carried, 400
// retired, 500 new.
func realignment(on string) *planner.Operation {
	line := orb.LineString{{104, 27}, {104.01, 27}}
	return &planner.Operation{
		Kind: "realign", On: day(on), Reason: "滑坡", Tolerance: 15_000, By: "wang",
		Old: []planner.RoadVersion{{Road: 1, Number: 1, Length: 1_000_000}},
		New: []planner.Road{{ID: 1, Version: 2, Length: 1_100_000, Line: line}},
		Segments: []planner.Segment{
			{Road: 1, Version: 2, Span: chainage.Span{To: 600_000}, Surface: "cement", Built: planner.BuiltYes, Township: "130101001", Routable: true, Line: line[:2]},
			{Road: 1, Version: 2, Span: chainage.Span{From: 600_000, To: 1_100_000}, Township: "130101001", OtherTownship: "130101", OtherSharePPM: 400_000, Routable: true, Line: line[:2]},
		},
		CoRouted: map[planner.ID]chainage.Set{1: chainage.NewSet(chainage.Span{To: 5000})},
		Mappings: []planner.Mapping{
			{Kind: planner.MappingCarried, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{To: 600_000}, ToRoad: 1, ToVersion: 2, ToSpan: chainage.Span{To: 600_000}},
			{Kind: planner.MappingRetired, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{From: 600_000, To: 1_000_000}},
			{Kind: planner.MappingNew, ToRoad: 1, ToVersion: 2, ToSpan: chainage.Span{From: 600_000, To: 1_100_000}},
		},
		Scope:   []planner.ScopeItem{{Road: 1, Version: 2, Span: chainage.Span{From: 600_000, To: 1_100_000}, Village: 1, Responsible: "李", Phone: "0857-5550100"}},
		ScopeOf: 1,
	}
}

func TestARealignment(t *testing.T) {
	store, dsn := grounded(t)
	ids, revision, err := store.Operate(t.Context(), workCounty, realignment("2021-03-01"))
	if err != nil {
		t.Fatal(err)
	}
	before := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2021-02-28")})
	after := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2021-03-01")})
	if len(ids) != 0 || after.Revision != revision {
		t.Errorf("new routes %v, revision %d of %d", ids, after.Revision, revision)
	}
	if before.Roads[0].Version != 1 || len(before.Segments) != 1 || len(before.Programmes[0].Scope) != 1 {
		t.Errorf("the day before there is already %+v", before.Roads[0])
	}
	road := after.Roads[0]
	if road.Version != 2 || road.Length != 1_100_000 || len(road.Line) != 2 || road.CoRouted.Length() != 5000 || len(after.Segments) != 2 || after.Segments[1].OtherSharePPM != 400_000 {
		t.Errorf("from the day on there is %+v with %+v", road, after.Segments)
	}
	if scope := after.Programmes[0].Scope; len(scope) != 2 || scope[1].Version != 2 || scope[1].Village != 1 || scope[1].Phone != "0857-5550100" {
		t.Errorf("the task is %+v", scope)
	}
	want := []planner.RoadVersion{
		{Road: 1, Number: 1, Length: 1_000_000, From: day("2020-01-01"), To: day("2021-03-01")},
		{Road: 1, Number: 2, Length: 1_100_000, From: day("2021-03-01")},
	}
	for _, snap := range []*planner.Snapshot{before, after} { // versions and mappings are of any day
		if diff := cmp.Diff(want, snap.Versions); diff != "" || len(snap.Mappings) != 3 || snap.Mappings[0].On != day("2021-03-01") {
			t.Errorf("versions or mappings %+v differ:\n%s", snap.Mappings, diff)
		}
	}
	conn := connect(t, dsn)
	if got := value[string](t, conn, `select ST_AsText(geom) from qiantu.road_segment where road_version = 2 order by id limit 1`); !strings.HasPrefix(got, "LINESTRING(104 27") {
		t.Errorf("the piece is stored as %s", got)
	}
	if n := value[int](t, conn, `select count(*) from qiantu.audit where action = 'operate' and actor = 'wang'`); n != 1 {
		t.Errorf("the audit has %d lines of it", n)
	}
}

// One of two deeds at once is done; the other is told that its version is gone.
func TestTwoDeedsAtOnce(t *testing.T) {
	store, dsn := grounded(t)
	errs := make([]error, 6)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, _, errs[i] = store.Operate(t.Context(), workCounty, realignment("2021-03-01")) })
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case planner.CodeOf(err) != planner.Conflict || !strings.Contains(err.Error(), "no longer the one in force"):
			t.Errorf("the other is told %v", err)
		}
	}
	if n := value[int](t, connect(t, dsn), `select count(*) from qiantu.road_version`); done != 1 || n != 2 {
		t.Errorf("%d were done, %d versions are stored", done, n)
	}
}

// A road is split, and merged back: new routes get ids, the old one ends.
func TestASplitAndAMerge(t *testing.T) {
	store, _ := grounded(t)
	split := &planner.Operation{
		Kind: "split", On: day("2021-03-01"), Reason: "改名", By: "wang",
		Old: []planner.RoadVersion{{Road: 1, Number: 1, Length: 1_000_000}},
		New: []planner.Road{{ID: 1, Version: 2, Length: 300_000}, {ID: -1, Name: "新路", Class: "county", Township: "130101001", Length: 700_000}},
		Mappings: []planner.Mapping{
			{Kind: planner.MappingCarried, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{To: 300_000}, ToRoad: 1, ToVersion: 2, ToSpan: chainage.Span{To: 300_000}},
			{Kind: planner.MappingCarried, FromRoad: 1, FromVersion: 1, FromSpan: chainage.Span{From: 300_000, To: 1_000_000}, ToRoad: -1, ToVersion: 1, ToSpan: chainage.Span{To: 700_000}},
		},
	}
	ids, _, err := store.Operate(t.Context(), workCounty, split)
	if err != nil || len(ids) != 1 {
		t.Fatalf("new routes %v, %v", ids, err)
	}
	merge := &planner.Operation{
		Kind: "merge", On: day("2021-04-01"), Reason: "改回", By: "wang", Ends: ids,
		Old: []planner.RoadVersion{{Road: 1, Number: 2, Length: 300_000}, {Road: ids[0], Number: 1, Length: 700_000}},
		New: []planner.Road{{ID: 1, Version: 3, Length: 1_000_000}},
		Mappings: []planner.Mapping{
			{Kind: planner.MappingCarried, FromRoad: 1, FromVersion: 2, FromSpan: chainage.Span{To: 300_000}, ToRoad: 1, ToVersion: 3, ToSpan: chainage.Span{To: 300_000}},
			{Kind: planner.MappingCarried, FromRoad: ids[0], FromVersion: 1, FromSpan: chainage.Span{To: 700_000}, ToRoad: 1, ToVersion: 3, ToSpan: chainage.Span{From: 300_000, To: 1_000_000}},
		},
	}
	if _, _, err := store.Operate(t.Context(), workCounty, merge); err != nil {
		t.Fatal(err)
	}
	names := func(on string) (out []planner.ID) {
		for _, r := range read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day(on)}).Roads {
			out = append(out, r.ID)
		}
		return out
	}
	if diff := cmp.Diff([][]planner.ID{{1}, {1, ids[0]}, {1}}, [][]planner.ID{names("2021-02-01"), names("2021-03-15"), names("2021-05-01")}); diff != "" {
		t.Errorf("the routes in force are others:\n%s", diff)
	}
}

// A deed with one fault is refused with the fault named, and leaves nothing.
func TestAFaultyDeedLeavesNothing(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	for says, spoil := range map[string]func(*planner.Operation){
		"needs its day":             func(o *planner.Operation) { o.Reason = "" },
		"neither carried nor retir": func(o *planner.Operation) { o.Mappings = o.Mappings[:1] },
		"neither carried nor new":   func(o *planner.Operation) { o.Mappings = o.Mappings[:2] },
		"metres twice":              func(o *planner.Operation) { o.Mappings = append(o.Mappings, o.Mappings[1]) },
		"does not make":             func(o *planner.Operation) { o.New = nil },
		"does not end":              func(o *planner.Operation) { o.Old = nil },
		"end for good":              func(o *planner.Operation) { o.Ends = []planner.ID{2} },
		"in force from 2020-01-01":  func(o *planner.Operation) { o.On = day("2020-01-01") },
		"no version 5": func(o *planner.Operation) {
			o.Old[0].Number, o.Mappings[0].FromVersion, o.Mappings[1].FromVersion = 5, 5, 5
		},
		"is 1000000 mm long by now": func(o *planner.Operation) {
			o.Old[0].Length, o.Mappings[1].FromSpan.To = 900_000, 900_000
		},
		"lie on one another":  func(o *planner.Operation) { o.Segments[1].Span.From = 599_999 },
		"outside its measure": func(o *planner.Operation) { o.Segments[1].Span.To = 1_100_001 },
		"no programme 9":      func(o *planner.Operation) { o.ScopeOf = 9 },
		"one of realign":      func(o *planner.Operation) { o.Kind = "bend" },
		"no village 9":        func(o *planner.Operation) { o.Scope[0].Village = 9 },
	} {
		o := realignment("2021-03-01")
		spoil(o)
		_, _, err := store.Operate(t.Context(), workCounty, o)
		if planner.CodeOf(err) == "" || !strings.Contains(err.Error(), says) {
			t.Errorf("%q gives %v", says, err)
		}
	}
	if n := value[int](t, conn, `select (select count(*) from qiantu.road_version) + (select count(*) from qiantu.road_operation) + (select count(*) from qiantu.audit) + (select count(*) from qiantu.road_version where upper(valid) is not null)`); n != 1 {
		t.Errorf("%d rows are left, not only the ground's version", n)
	}
}

// A length-only route gets its line once, and nothing on it moves.
func TestALengthOnlyRouteIsDrawn(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	run(t, conn, `insert into qiantu.road (county, id, name, township) values ('130101', 2, 'bare', '130101001');
		insert into qiantu.road_version (county, road, length_mm) values ('130101', 2, 777)`)
	line := orb.LineString{{104, 27}, {104.005, 27}, {104.01, 27.001}}
	anchored := value[string](t, conn, `select span::text from qiantu.programme_scope`)
	for _, road := range []planner.ID{1, 2} {
		if _, err := store.DrawRoad(t.Context(), workCounty, road, line, "wang"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.DrawRoad(t.Context(), workCounty, road, line, "wang"); planner.CodeOf(err) != planner.Conflict || !strings.Contains(err.Error(), "realignment") {
			t.Errorf("a second line gives %v", err)
		}
	}
	snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")})
	if len(snap.Segments) != 2 || len(snap.Roads[0].Line) != 3 || snap.Roads[0].Length != 1_000_000 || snap.Roads[1].Length != 777 {
		t.Fatalf("the roads are %+v", snap.Roads)
	}
	if value[string](t, conn, `select span::text from qiantu.programme_scope`) != anchored {
		t.Error("the task has moved")
	}
	half, all := geo.Length(snap.Segments[0].Line), geo.Length(line)
	if 2*half < all-2 || 2*half > all+2 {
		t.Errorf("the piece over half of the road has %d of %d mm", half, all)
	}
	if s := snap.Segments[1]; len(s.Line) != 3 || s.Span.To != 777 || s.Township != "130101001" {
		t.Errorf("the route without pieces has %+v", s)
	}
	for says, draw := range map[string]func() error{
		"no road 9":  func() error { _, err := store.DrawRoad(t.Context(), workCounty, 9, line, "wang"); return err },
		"two places": func() error { _, err := store.DrawRoad(t.Context(), workCounty, 2, line[:1], "wang"); return err },
		"be drawn: i": func() error {
			_, err := store.DrawRoad(t.Context(), workCounty, 2, orb.LineString{{104, 27}, {104, 99}}, "wang")
			return err
		},
	} {
		if err := draw(); planner.CodeOf(err) == "" || !strings.Contains(err.Error(), says) {
			t.Errorf("%q gives %v", says, err)
		}
	}
}
