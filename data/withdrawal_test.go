package data_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// A deed that is taken back leaves the routes as if it had not been; what was
// known before stays known.
func TestADeedIsTakenBack(t *testing.T) {
	store, _ := grounded(t)
	q := planner.SnapshotQuery{Region: workCounty, AsOf: day("2021-06-01")}
	before := read(t, store, q)
	if _, _, err := store.Operate(t.Context(), workCounty, realignment("2021-03-01")); err != nil {
		t.Fatal(err)
	}
	changed := read(t, store, q)
	if _, err := store.WithdrawOperation(t.Context(), workCounty, 1, "", "wang"); planner.CodeOf(err) != planner.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := store.WithdrawOperation(t.Context(), workCounty, 1, "画错了", "wang"); err != nil {
		t.Fatal(err)
	}
	after := read(t, store, q)
	same := func(what string, a, b any) {
		t.Helper()
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s are not as before:\n%s", what, diff)
		}
	}
	same("roads", before.Roads[0].Version, after.Roads[0].Version)
	same("segments", before.Segments, after.Segments)
	same("mappings", before.Mappings, after.Mappings)
	same("tasks", before.Programmes[0].Scope, after.Programmes[0].Scope)
	if changed.Roads[0].Version != 2 || len(after.Versions) != len(changed.Versions) {
		t.Errorf("the version that was made is gone: %+v", after.Versions)
	}
	if _, err := store.WithdrawOperation(t.Context(), workCounty, 1, "再来", "wang"); planner.CodeOf(err) != planner.Conflict {
		t.Errorf("once more: %v", err)
	}
	again := realignment("2021-04-01")
	again.New[0].Version = 3
	for i := range again.Segments {
		again.Segments[i].Version = 3
	}
	for i := range again.Mappings {
		if again.Mappings[i].ToVersion != 0 {
			again.Mappings[i].ToVersion = 3
		}
	}
	again.Scope[0].Version = 3
	if _, _, err := store.Operate(t.Context(), workCounty, again); err != nil {
		t.Fatalf("the next deed: %v", err)
	}
}

// What stands on a deed holds it.
func TestADeedThatCarriesReportsStays(t *testing.T) {
	store, _ := grounded(t)
	if _, _, err := store.Operate(t.Context(), workCounty, realignment("2021-03-01")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.AddInspections(t.Context(), workCounty, []planner.Inspection{{
		Kind: planner.InspectionPlanned, Road: 1, Version: 2, Span: chainage.Span{To: 1000}, On: day("2021-04-01"), By: "wang",
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.WithdrawOperation(t.Context(), workCounty, 1, "画错了", "wang"); planner.CodeOf(err) != planner.Conflict {
		t.Errorf("with an inspection on it: %v", err)
	}
}
