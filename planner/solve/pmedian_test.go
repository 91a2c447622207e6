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

// pmed1 to pmed20 are met and proven. The slow one has its place in the benchmark.
func TestPMedianOfTheLibrary(t *testing.T) {
	for name, want := range expected[map[string]float64](t, "pmed") {
		if name == "pmed14" {
			continue
		}
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
