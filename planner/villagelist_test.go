package planner

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The list is what a walk over all villages finds, in order, page by page; its
// counts add up, and masked counts are not in it.
func TestVillagesBy(t *testing.T) {
	a := Assess(demoCounty(7, 60, 12))
	rapid.Check(t, func(rt *rapid.T) {
		q := VillageQuery{
			Verdict:  rapid.SampledFrom([]RoadVerdict{"", RoadConnected, RoadReached, RoadNot, RoadUnknown}).Draw(rt, "verdict"),
			Water:    rapid.SampledFrom([]WaterVerdict{"", WaterSafe, WaterUnsurveyed}).Draw(rt, "water"),
			Township: rapid.SampledFrom([]string{"", a.Snapshot.Townships[0].Code}).Draw(rt, "township"),
			Sort:     rapid.SampledFrom([]string{"", "code", "-name", "persons", "-persons", "missing_m", "-missing_m", "verdict", "-households"}).Draw(rt, "sort"),
			Offset:   rapid.IntRange(0, 70).Draw(rt, "offset"), Limit: rapid.IntRange(0, 20).Draw(rt, "limit"),
		}
		var want []ID
		counts := map[RoadVerdict]int{}
		for i := range a.Villages {
			d := &a.Villages[i]
			if (q.Water == "" || d.Water == q.Water) && (q.Township == "" || d.Village.Township == q.Township) {
				counts[d.Road]++
				if q.Verdict == "" || d.Road == q.Verdict {
					want = append(want, d.Village.ID)
				}
			}
		}
		got := a.VillagesBy(q)
		whole := q
		whole.Offset, whole.Limit = 0, 0
		all := a.VillagesBy(whole)
		sum := 0
		for verdict, n := range got.Counts {
			if sum += n; counts[verdict] != n {
				rt.Fatalf("%d are %s, want %d", n, verdict, counts[verdict])
			}
		}
		ids := idsOf(all.Items)
		slices.Sort(ids)
		if got.Total != len(want) || !slices.Equal(ids, want) || q.Verdict == "" && sum != got.Total {
			rt.Fatalf("%d of %v, want %v", got.Total, ids, want)
		}
		if page := idsOf(all.Items[min(q.Offset, len(all.Items)):]); q.Limit > 0 && !slices.Equal(idsOf(got.Items), page[:min(q.Limit, len(page))]) {
			rt.Fatalf("the page is %v", idsOf(got.Items))
		}
		for i := range all.Items {
			row := &all.Items[i]
			if n, known, masked := a.villageHouseholds(row.Village); masked != row.Masked || (row.Households != nil) != (known && !masked) || row.Households != nil && *row.Households != n {
				rt.Fatalf("village %d shows %v households", row.Village.ID, row.Households)
			}
		}
	})
}

func idsOf(rows []VillageRow) []ID {
	out := []ID{}
	for i := range rows {
		out = append(out, rows[i].Village.ID)
	}
	return out
}

// What is not known comes last, rising and falling.
func TestUnknownVillagesComeLast(t *testing.T) {
	a := Assess(demoCounty(7, 60, 12))
	for _, by := range []string{"persons", "-persons"} {
		rows := a.VillagesBy(VillageQuery{Sort: by}).Items
		known := slices.IndexFunc(rows, func(r VillageRow) bool { return r.Persons == nil })
		if known < 0 {
			known = len(rows)
		}
		falling := by[0] == '-'
		for i := range rows {
			switch {
			case (rows[i].Persons == nil) != (i >= known):
				t.Fatalf("%s: row %d of %d known is not in its place", by, i, known)
			case i > 0 && i < known && (cmp.Compare(*rows[i-1].Persons, *rows[i].Persons) > 0) != falling && *rows[i-1].Persons != *rows[i].Persons:
				t.Fatalf("%s: %d before %d", by, *rows[i-1].Persons, *rows[i].Persons)
			}
		}
	}
	if CanSortVillages("id") || !CanSortVillages("-missing_m") || !CanSortVillages("") {
		t.Error("what can be sorted by is not what the columns are")
	}
}
