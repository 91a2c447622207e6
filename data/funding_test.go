package data_test

import (
	"testing"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/planner"
)

// Money that a row had before is of a day before its own, or is refused; what
// lies between two states is of neither, and two on one day are refused.
func TestEarlierMoney(t *testing.T) {
	store, err := data.Open(t.Context(), clustertest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	load := func(earlier ...data.EarlierMoney) *data.Load {
		return &data.Load{County: "980101", Regions: []planner.Region{{Code: "980101", Level: planner.LevelCounty, Name: "试县", DataDate: day("2020-06-30")}},
			Programmes: []planner.Programme{{ID: 1, Name: "路", Starts: day("2019-01-01"), Deadline: day("2020-12-31"), CompletingStage: planner.StageSurface, Surface: "cement", AllSeason: planner.Yes}},
			Funding:    []planner.FundingItem{{ID: 1, Programme: 1, Source: "省级", PaidFen: ptr(int64(9))}}, Funded: earlier}
	}
	paid := func(fen int64, of planner.ID, from, to string) data.EarlierMoney {
		return data.EarlierMoney{Of: of, From: day(from), To: day(to), PaidFen: &fen}
	}
	for says, earlier := range map[string][]data.EarlierMoney{
		"earlier money of row 2": {paid(1, 2, "2019-01-01", "2019-06-01")},
		"earlier money of row 1": {paid(1, 1, "2019-06-01", "2019-06-01")},
	} {
		_, err := store.Store(t.Context(), load(earlier...))
		fails(t, err, planner.Invalid, says)
	}
	_, err = store.Store(t.Context(), load(paid(1, 1, "2019-01-01", "2019-06-01"), paid(2, 1, "2019-05-01", "2019-07-01")))
	if err == nil {
		t.Error("two amounts of one day were stored")
	}
	if _, err := store.Store(t.Context(), load(paid(1, 1, "2019-01-01", "2019-06-01"), paid(2, 1, "2019-06-01", "2020-01-01"))); err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]int64{"2018-12-31": 0, "2019-05-31": 1, "2019-06-01": 2, "2020-01-01": 9, "2020-06-30": 9} {
		got := int64(0)
		for _, f := range read(t, store, planner.SnapshotQuery{Region: "980101", AsOf: day(on)}).Funding {
			got += *f.PaidFen
		}
		if got != want {
			t.Errorf("on %s %d fen are paid, not %d", on, got, want)
		}
	}
}
