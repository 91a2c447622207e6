package solve

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// processor is the processor time of this process.
func processor(b testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkTransport solves problems in the plane with CBC beside.
func BenchmarkTransport(b *testing.B) {
	for _, c := range []struct{ n, m int }{{2000, 50}, {10_000, 100}} {
		p := plane(c.n, c.m, 3)
		b.Run(fmt.Sprintf("%dx%d", c.n, c.m), func(b *testing.B) {
			theirs := consult(b, func(w *bufio.Writer) { p.writeLP(w) })
			begun := processor(b)
			for b.Loop() {
				out, err := Ship(context.Background(), p)
				if err != nil {
					b.Fatal(err)
				}
				if math.Abs(out.Objective-theirs.objective) > 1e-6*out.Objective {
					b.Fatalf("we say %v, cbc %v", out.Objective, theirs.objective)
				}
			}
			ours := (processor(b) - begun) / time.Duration(b.N)
			b.ReportMetric(float64(ours)/1e6, "ms")
			b.ReportMetric(float64(theirs.processor)/1e6, "cbc-ms")
			b.ReportMetric(float64(theirs.processor)/float64(ours), "times")
		})
	}
}

// nation is villages in the plane that are linked to the nearest suppliers each.
// Villages crowd, so that many suppliers are too small for those around.
func nation(n, m, nearest int, seed uint64) *Transport {
	r := rand.New(rand.NewPCG(seed, 2))
	p := &Transport{Demand: make([]int64, n), Capacity: make([]int64, m), First: make([]int32, n+1)}
	total := int64(0)
	for i := range p.Demand {
		p.Demand[i] = 100 + r.Int64N(3000)
		total += p.Demand[i]
	}
	x, y := make([]float64, m), make([]float64, m)
	for j := range m {
		x[j], y[j] = r.Float64()*1e6, r.Float64()*1e6
		p.Capacity[j] = total / int64(m) * (80 + r.Int64N(100)) / 100
	}
	order, far := make([]int32, nearest+1), make([]float64, nearest+1)
	for i := range n {
		a, b := r.Float64()*1e6, r.Float64()*1e6
		if i%10 == 0 {
			a, b = a*a/1e6, b*b/1e6
		}
		count := 0
		for j := range m {
			d := (a-x[j])*(a-x[j]) + (b-y[j])*(b-y[j])
			at := count
			for ; at > 0 && far[at-1] > d; at-- {
				order[at], far[at] = order[at-1], far[at-1]
			}
			order[at], far[at] = int32(j), d
			count = min(count+1, nearest)
		}
		for at, j := range order[:nearest] {
			p.To = append(p.To, j)
			p.Cost = append(p.Cost, int64(math.Sqrt(far[at])))
		}
		p.First[i+1] = int32(len(p.To))
	}
	return p
}

// BenchmarkNation is 600,000 villages and 1,000 suppliers.
func BenchmarkNation(b *testing.B) {
	for _, nearest := range []int{10, 20} {
		p := nation(600_000, 1000, nearest, 4)
		b.Run(fmt.Sprintf("nearest%d", nearest), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			begun := processor(b)
			for b.Loop() {
				out, err := Ship(context.Background(), p)
				if err != nil {
					b.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				if out.Status != Optimal || out.Gap() != 0 {
					b.Fatalf("%+v", out.Outcome)
				}
				b.ReportMetric(float64(len(out.From)-len(p.Demand)), "parts-more")
			}
			b.ReportMetric((processor(b)-begun).Seconds()/float64(b.N), "processor-s")
			b.ReportMetric(float64(after.Sys>>20), "MB-in-all")
			b.ReportMetric(float64((after.TotalAlloc-before.TotalAlloc)>>20), "MB-beside-it")
		})
	}
}
