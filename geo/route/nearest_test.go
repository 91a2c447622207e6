package route_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/qiantu/qiantu/geo/route"
)

// The k nearest in one sweep against one search for each root.
func TestNearestK(t *testing.T) {
	for i := range uint64(600) {
		r := rand.New(rand.NewPCG(i, 6))
		d := drawDull(t, r)
		d.change(t, r)
		for range r.IntN(6) {
			d.roots = append(d.roots, drawRoot(d, r))
		}
		q := d.g.NewQuery()
		q.Metric, q.Filter, q.Overlay = d.metric, d.filter, d.overlay
		toward, k := r.IntN(2) == 0, 1+r.IntN(5)
		near, err := q.NearestK(k, toward, d.roots...)
		if err != nil {
			t.Fatal(err)
		}
		places := make([]route.Snap, 12)
		want := make([][]route.Reach, len(places))
		for j := range places {
			places[j] = drawRoot(d, r)
		}
		for root, s := range d.roots {
			if toward {
				q.Toward(s)
			} else {
				q.From(s)
			}
			for j, p := range places {
				if got, ok := q.Reach(p); ok {
					want[j] = append(want[j], route.Reach{Cost: got.Cost, Root: root})
				}
			}
		}
		for j, p := range places {
			slices.SortFunc(want[j], func(a, b route.Reach) int { return d.compare(a, b) })
			list := want[j][:min(k, len(want[j]))]
			if diff := gocmp.Diff(list, near.Of(p, nil)); diff != "" && len(list) > 0 {
				t.Fatalf("network %d, %d nearest of %+v (-want +got):\n%s", i, k, p, diff)
			}
		}
	}
}

func (d *dull) compare(a, b route.Reach) int {
	if d.metric == route.ByTime {
		return cmp.Or(cmp.Compare(a.MS, b.MS), cmp.Compare(a.MM, b.MM), cmp.Compare(a.Root, b.Root))
	}
	return cmp.Or(cmp.Compare(a.MM, b.MM), cmp.Compare(a.MS, b.MS), cmp.Compare(a.Root, b.Root))
}

// Two of three sites, as the village's people would count them.
func TestDrawnNearestTwo(t *testing.T) {
	d := draw(t, `
1---2---3---4
    |       |
    P       Q    R
`, 100, road{through: "1234"}, road{through: "2P"}, road{through: "4Q"}, road{"QR", 36, 0})
	near, err := d.g.NewQuery().NearestK(2, true, d.at('P'), d.at('Q'), d.at('R'))
	if err != nil {
		t.Fatal(err)
	}
	for village, want := range map[rune][2]int{'1': {0, 1}, '2': {0, 1}, '4': {1, 2}} {
		if got := near.Of(d.at(village), nil); len(got) != 2 || got[0].Root != want[0] || got[1].Root != want[1] {
			t.Errorf("nearest to %c are %v, want %v", village, got, want)
		}
	}
	if got := near.Of(d.at('R'), nil); len(got) != 1 || got[0].Root != 2 {
		t.Errorf("from R, which nothing leads back from, %v", got)
	}
	if got := near.Node(d.g.Edge(d.at('P').Edge).Head, nil); len(got) != 2 || got[0].Root != 0 || got[0].MM != 0 {
		t.Errorf("nearest to the node of P are %v", got)
	}
	for _, k := range []int{0, -1, 1001} {
		if _, err := d.g.NewQuery().NearestK(k, true, d.at('P')); err == nil {
			t.Errorf("took %d", k)
		}
	}
	if none, err := d.g.NewQuery().NearestK(3, true); err != nil || len(none.Of(d.at('1'), nil)) != 0 {
		t.Errorf("nearest of none: %v", err)
	}
}
