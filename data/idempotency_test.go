package data_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// A write that is sent again, or many times at once, is stored once and answers
// the same; another content under its key is refused.
func TestWritesAreStoredOnce(t *testing.T) {
	store, _ := grounded(t)
	once := planner.Once{Actor: "chen", Key: "inspection x", Digest: []byte("a")}
	one := planner.Inspection{Kind: planner.InspectionPlanned, Road: 1, Version: 1, Span: chainage.Span{To: 500}, On: day("2020-06-01"), By: "chen"}
	type answered struct {
		IDs      []planner.ID
		Revision int64
	}
	var mu sync.Mutex
	var got []answered
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			ids, revision, err := store.AddInspections(t.Context(), workCounty, []planner.Inspection{one, one}, once)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, answered{ids, revision})
		})
	}
	all.Wait()
	for _, g := range got {
		if diff := cmp.Diff(got[0], g); diff != "" || len(g.IDs) != 2 {
			t.Errorf("answered otherwise:\n%s", diff)
		}
	}
	stored := func() int {
		return len(read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")}).Inspections)
	}
	if n := stored(); n != 2 {
		t.Fatalf("%d inspections are stored", n)
	}
	done, err := store.Done(t.Context(), once)
	if diff := cmp.Diff(&planner.Done{IDs: got[0].IDs, Revision: got[0].Revision}, done); err != nil || diff != "" {
		t.Errorf("%v, the answer held differs:\n%s", err, diff)
	}
	other := once
	other.Digest = []byte("b")
	_, _, err = store.AddInspections(t.Context(), workCounty, []planner.Inspection{one}, other)
	fails(t, err, planner.Conflict, "something else was sent before")
	_, err = store.Done(t.Context(), other)
	fails(t, err, planner.Conflict, "something else was sent before")

	second := planner.Once{Actor: "wang", Key: "inspection x", Digest: []byte("b")} // of somebody else
	ids, _, err := store.AddInspections(t.Context(), workCounty, []planner.Inspection{one}, second, once)
	if diff := cmp.Diff(got[0].IDs, ids); err != nil || diff != "" || stored() != 2 {
		t.Errorf("one key had an answer: %v, %d stored, differs:\n%s", err, stored(), diff)
	}
	if done, err := store.Done(t.Context(), second); err != nil || done == nil || done.IDs[0] != got[0].IDs[0] {
		t.Errorf("the other key has it now: %+v, %v", done, err)
	}
}

// A write that failed leaves its key free.
func TestAFailedWriteKeepsNoKey(t *testing.T) {
	store, _ := grounded(t)
	once := planner.Once{Actor: "chen", Key: "dispute x", Digest: []byte("a")}
	d := &planner.Dispute{Road: 1, Version: 1, Span: chainage.Span{To: 500}, Stage: planner.StageSurface, Reason: "两家", OpenedBy: "chen"}
	_, _, err := store.OpenDispute(t.Context(), workCounty, d, once)
	fails(t, err, planner.Invalid, "needs the day")
	if done, err := store.Done(t.Context(), once); done != nil || err != nil {
		t.Errorf("%+v, %v", done, err)
	}
	d.Opened = day("2020-06-01")
	id, revision, err := store.OpenDispute(t.Context(), workCounty, d, once)
	if err != nil || id == 0 || revision == 0 {
		t.Fatal(id, revision, err)
	}
	again, at, err := store.OpenDispute(t.Context(), workCounty, d, once)
	if err != nil || again != id || at != revision {
		t.Errorf("again %d at %d, %v; first %d at %d", again, at, err, id, revision)
	}
}
