package sample

import (
	"context"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// The main programme's money changed twice: a report as of an earlier day has
// the earlier amounts, and the printed totals agree with the rows on every day.
func TestMoneyAsOfEarlierDays(t *testing.T) {
	s := storeCounty(t, county(1))
	var last [2]int64 // paid and allocated
	for i, on := range []string{"2019-09-30", "2019-10-01", "2020-03-31", "2020-04-01", DataDate} {
		snap, err := s.store.Snapshot(context.Background(), planner.SnapshotQuery{Region: hezhang.code, AsOf: day(on)})
		if err != nil {
			t.Fatal(err)
		}
		sums, items := sumsOf(snap)
		if items != 21 || sums[0] != programmeFen {
			t.Errorf("on %s %d items plan %d fen", on, items, sums[0])
		}
		for _, total := range snap.Totals {
			if total.Programme == hamletProgramme && total.Source == "" && (*total.AllocatedFen != sums[1] || *total.PaidFen != sums[2] || *total.PlannedFen != sums[0]) {
				t.Errorf("on %s the rows give %v, the total is printed as %d, %d, %d", on, sums, *total.PlannedFen, *total.AllocatedFen, *total.PaidFen)
			}
		}
		now := [2]int64{sums[2], sums[1]}
		if changed := i == 1 || i == 3; i > 0 && changed != (now[0] > last[0] && now[1] > last[1]) || i == 0 && (now[0] != 0 || now[1] == 0) {
			t.Errorf("on %s %v fen are paid and allocated, before that %v", on, now, last)
		}
		for _, f := range planner.Assess(snap).Findings() {
			if f.Rule == "R35" {
				t.Errorf("on %s: %+v", on, f)
			}
		}
		last = now
	}
	want := county(1).Programmes[hamletProgramme-1]
	if last[0] != *want.PaidFen {
		t.Errorf("at the data date %d fen are paid, not %d", last[0], *want.PaidFen)
	}
}

// sumsOf adds up what the main programme plans, has allocated and paid.
func sumsOf(snap *planner.Snapshot) (sums [3]int64, items int) {
	for _, f := range snap.Funding {
		if f.Programme == hamletProgramme {
			sums[0], sums[1], sums[2] = sums[0]+*f.PlannedFen, sums[1]+*f.AllocatedFen, sums[2]+*f.PaidFen
			items++
		}
	}
	return sums, items
}
