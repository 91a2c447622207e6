package data_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// grid is a county of n segments, five to a road, twelve vertices each.
func grid(county string, n int) *data.Load {
	l := &data.Load{County: county, Regions: testRegions(county)}
	for i := range n {
		if i%5 == 0 {
			id := planner.ID(i/5 + 1)
			l.Roads = append(l.Roads, planner.Road{ID: id, Code: fmt.Sprintf("C%07d", i), Version: 1, Length: 5_000_000})
			l.Villages = append(l.Villages, planner.Village{ID: id, Name: "v", Point: orb.Point{104.5, 27.5}, Township: county + "001"})
		}
		s := planner.Segment{
			ID: planner.ID(i + 1), Road: planner.ID(i/5 + 1), Version: 1, Span: chainage.Span{From: int64(i%5) * 1_000_000, To: int64(i%5+1) * 1_000_000},
			Township: county + "001", Built: planner.BuiltYes, AllSeason: planner.Yes, Routable: true,
		}
		x, y := 104+float64(i%1000)/1000, 27+float64(i/1000)/1000
		for k := range 12 {
			s.Line = append(s.Line, orb.Point{x + float64(k)*1e-4, y + math.Sin(float64(k))*1e-4})
		}
		l.Segments = append(l.Segments, s)
	}
	return l
}

func BenchmarkStore(b *testing.B) {
	for _, n := range []int{5_000, 100_000} {
		b.Run(fmt.Sprintf("%d segments", n), func(b *testing.B) {
			store, _ := openStore(b)
			county := 600000
			for b.Loop() {
				county++
				if _, err := store.Store(context.Background(), grid(fmt.Sprint(county), n)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "segments/s")
		})
	}
}

func BenchmarkSnapshot5000Segments(b *testing.B) {
	store, _ := openStore(b)
	if _, err := store.Store(context.Background(), grid("600001", 5_000)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		snap, err := store.Snapshot(context.Background(), planner.SnapshotQuery{Region: "600001"})
		if err != nil || len(snap.Segments) != 5_000 {
			b.Fatal(len(snap.Segments), err)
		}
	}
}

// BenchmarkChange measures from the return of a commit to the arrival of its
// change.
func BenchmarkChange(b *testing.B) {
	store, dsn := openStore(b)
	conn := connect(b, dsn)
	counties(b, conn, "600001")
	changes := listen(b, store)
	var took []time.Duration
	for b.Loop() {
		run(b, conn, `update qiantu.village set surveyed = not surveyed`)
		start := time.Now()
		next(b, changes)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
