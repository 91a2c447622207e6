package solve

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// BenchmarkDecide prints the table of docs/performance.md: 300 villages, 500 candidate segments and 12
// sites on two threads. Times are of the processor, of all threads together, since a machine may be shared.
// QIANTU_DECIDE_SECONDS is the processor time that each instance is given; 20 without it.
func BenchmarkDecide(b *testing.B) {
	for _, price := range []float64{1, 2, 3} {
		for _, places := range []float64{0.1, 0.2, 0.3} {
			q := DecideFamily{Seed: 1, Villages: 300, Segments: 500, Sites: 12, RoadPrice: price, Capacity: places}.Instance()
			b.Run(fmt.Sprintf("cost/roads=x%g/places=%g%%", price, 100*places), func(b *testing.B) { benchDecide(b, q) })
		}
	}
	for _, price := range []float64{1, 3} {
		q := DecideFamily{Seed: 1, Villages: 300, Segments: 500, Sites: 12, RoadPrice: price, Capacity: 0.2}.Instance()
		need := decideNeed(b, q)
		for _, share := range []int64{60, 30} {
			for _, o := range []DecideObjective{LeastCost, LeastUnserved} {
				q := *q
				q.Objective, q.Budget = o, []int64{need * share / 100}
				b.Run(fmt.Sprintf("budget=%d%%/%s/roads=x%g", share, o, price), func(b *testing.B) { benchDecide(b, &q) })
			}
		}
	}
}

// decideNeed is the money that a good plan without a budget spends.
func decideNeed(b *testing.B, q *BuildOrMove) int64 {
	p, err := Decide(b.Context(), q, Limits{Gap: 0.01, Threads: 2})
	if err != nil {
		b.Fatal(err)
	}
	return p.Costs.Money
}

func benchDecide(b *testing.B, q *BuildOrMove) {
	most, err := strconv.ParseFloat(decideSeconds(), 64)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		begin := processorSeconds()
		go func() {
			for ctx.Err() == nil && processorSeconds() < begin+most {
				time.Sleep(20 * time.Millisecond)
			}
			cancel()
		}()
		percent, tenth := -1.0, -1.0
		p, err := Decide(ctx, q, Limits{Threads: 2, Seed: 1, Progress: func(o Outcome) {
			if o.Gap() <= 0.01 && percent < 0 {
				percent = processorSeconds() - begin
			}
			if o.Gap() <= 0.001 && tenth < 0 {
				tenth = processorSeconds() - begin
			}
		}})
		cancel()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(100*p.Gap(), "%gap")
		b.ReportMetric(percent, "s-to-1%")
		b.ReportMetric(tenth, "s-to-0.1%")
		b.ReportMetric(processorSeconds()-begin, "s-processor")
		b.ReportMetric(float64(p.Nodes), "nodes")
		known := 0
		for _, band := range p.Bands {
			if band != BandUndecided {
				known++
			}
		}
		b.ReportMetric(float64(known), "proven-villages")
	}
}

func processorSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

func decideSeconds() string {
	if s := os.Getenv("QIANTU_DECIDE_SECONDS"); s != "" {
		return s
	}
	return "20"
}
