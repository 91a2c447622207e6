package solve

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner/solve/orlib"
)

func pmed(t testing.TB, name string) *Median {
	t.Helper()
	f := library(t, "pmed", name+".txt")
	defer f.Close()
	m, err := orlib.ReadPMedian(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return &Median{Costs: Costs{Sites: m.Nodes, Whole: m.Distances()}, P: m.P}
}

// pmed1 to pmed13 are met and proven; all twenty in the benchmark.
func TestPMedianOfTheLibrary(t *testing.T) {
	for k := range 13 {
		name := fmt.Sprintf("pmed%d", k+1)
		want := expected[map[string]float64](t, "pmed")[name]
		s, err := PMedian(context.Background(), pmed(t, name), Limits{})
		if err != nil || s.Status != Optimal || s.Objective != want || s.Bound != want || s.Gap() != 0 {
			t.Errorf("%s: %+v, want %v (%v)", name, s.Outcome, want, err)
		}
	}
}

func BenchmarkPMedianOfTheLibrary(b *testing.B) {
	for k := range 20 {
		name := fmt.Sprintf("pmed%d", k+1)
		want := expected[map[string]float64](b, "pmed")[name]
		m := pmed(b, name)
		b.Run(name, func(b *testing.B) {
			begun := processor(b)
			defer func() { b.ReportMetric(float64(processor(b)-begun)/1e6/float64(b.N), "cpu-ms") }()
			for b.Loop() {
				s, err := PMedian(context.Background(), m, Limits{})
				if err != nil || s.Objective != want || s.Status != Optimal {
					b.Fatalf("%+v, want %v (%v)", s.Outcome, want, err)
				}
				b.ReportMetric(float64(s.Nodes), "nodes")
			}
		})
	}
}

// Random points in a square: the gap that is proven within a time.
func BenchmarkPMedianOfPoints(b *testing.B) {
	for _, c := range []struct {
		n, p  int
		limit time.Duration
	}{{500, 50, 500 * time.Millisecond}, {500, 5, 500 * time.Millisecond}, {5000, 10, 30 * time.Second}, {5000, 50, 30 * time.Second}, {5000, 500, 30 * time.Second}} {
		b.Run(fmt.Sprintf("n=%d/p=%d", c.n, c.p), func(b *testing.B) {
			m := &Median{Costs: Costs{Sites: c.n, Rows: euclidean(c.n, c.n, 1)}, P: c.p}
			begun := processor(b)
			defer func() { b.ReportMetric(float64(processor(b)-begun)/1e6/float64(b.N), "cpu-ms") }()
			for b.Loop() {
				ctx, cancel := context.WithTimeout(context.Background(), c.limit)
				s, err := PMedian(ctx, m, Limits{Threads: 2})
				cancel()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(100*s.Gap(), "gap-%")
				b.ReportMetric(s.Objective, "objective")
			}
		})
	}
}

// The p-centers of pmed1 to pmed20. For each of them CBC covers all within that
// distance by P sites, and not within one less.
var pmedCenters = []float64{127, 98, 93, 74, 48, 84, 64, 55, 37, 20, 59, 51, 36, 26, 18, 47, 39, 28, 18, 13}

func TestPCenterOfTheLibrary(t *testing.T) {
	for k, want := range pmedCenters[:15] {
		checkCenter(t, k+1, want)
	}
}

func checkCenter(t testing.TB, number int, want float64) {
	t.Helper()
	m := pmed(t, fmt.Sprintf("pmed%d", number))
	s, err := PCenter(context.Background(), &Center{Costs: m.Costs, P: m.P}, Limits{})
	if err != nil || s.Status != Optimal || s.Objective != want || s.Bound != want {
		t.Errorf("pmed%d: %+v, want %v (%v)", number, s.Outcome, want, err)
	}
}

func BenchmarkPCenterOfTheLibrary(b *testing.B) {
	for k, want := range pmedCenters {
		b.Run(fmt.Sprintf("pmed%d", k+1), func(b *testing.B) {
			begun := processor(b)
			defer func() { b.ReportMetric(float64(processor(b)-begun)/1e6/float64(b.N), "cpu-ms") }()
			for b.Loop() {
				checkCenter(b, k+1, want)
			}
		})
	}
}
