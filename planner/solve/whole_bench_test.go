package solve

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"
)

// county is villages and sites at random places of a square of 60 km: costs are
// person-kilometres, sites hold ratio times all persons, a place in them costs about as
// much as that many kilometres.
func county(n, m int, ratio, place float64, seed uint64) *Facility {
	r := random(seed)
	draw := func() float64 { return float64(r.next()>>11) / (1 << 53) }
	f := &Facility{Costs: Costs{Sites: m}}
	x, y, total := make([]float64, m), make([]float64, m), int64(0)
	for range n {
		f.Demand = append(f.Demand, int64(20+r.below(400)))
		total += f.Demand[len(f.Demand)-1]
	}
	for j := range m {
		x[j], y[j] = draw()*60, draw()*60
		f.Capacity = append(f.Capacity, int64(ratio*float64(total)/float64(m)*(0.5+draw())))
		f.Fixed = append(f.Fixed, math.Round(place*(0.5+draw())*float64(f.Capacity[j])))
	}
	for i := range n {
		a, b, row := draw()*60, draw()*60, make([]float64, m)
		for j := range row {
			row[j] = math.Round(math.Hypot(a-x[j], b-y[j]) * float64(f.Demand[i]))
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

// BenchmarkWholeCounty sites villages kept whole: the gap proven in 5 seconds, and
// the processor time until it was 1 %.
func BenchmarkWholeCounty(b *testing.B) {
	for _, c := range []struct {
		n, m         int
		ratio, place float64
	}{{3000, 50, 1.05, 0}, {3000, 50, 1.2, 0}, {3000, 50, 3, 5}, {3000, 50, 3, 20}, {3000, 50, 5, 3}, {1000, 50, 3, 10}} {
		f := county(c.n, c.m, c.ratio, c.place, 7)
		b.Run(fmt.Sprintf("%dx%d/ratio%v/place%v", c.n, c.m, c.ratio, c.place), func(b *testing.B) {
			for b.Loop() {
				begun, soon := processor(b), time.Duration(0)
				ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
				p, err := LocateWhole(ctx, f, Limits{Threads: 2, Progress: func(o Outcome) {
					if soon == 0 && o.Gap() <= 0.01 {
						soon = processor(b) - begun
					}
				}})
				cancel()
				if err != nil || len(p.Site) == 0 {
					b.Fatalf("%+v %v", p, err)
				}
				b.ReportMetric(100*p.Gap(), "gap-%")
				b.ReportMetric(soon.Seconds(), "to-1%-s")
				b.ReportMetric((processor(b) - begun).Seconds(), "processor-s")
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys>>20), "MB")
		})
	}
}

// proven runs an instance until it is proven, and says how long.
func proven(b *testing.B, name string, run func() (Outcome, error)) {
	b.Run(name, func(b *testing.B) {
		begun := processor(b)
		for b.Loop() {
			if o, err := run(); err != nil || o.Status != Optimal && o.Status != Infeasible {
				b.Fatalf("%+v %v", o, err)
			}
		}
		b.ReportMetric(float64(processor(b)-begun)/float64(b.N)/1e6, "processor-ms")
	})
}

// BenchmarkWholeOfTheLibrary proves all instances of the library.
func BenchmarkWholeOfTheLibrary(b *testing.B) {
	ctx := context.Background()
	for k := 1; k <= 10; k++ {
		name := fmt.Sprintf("pmedcap%02d", k)
		c := capacitatedMedian(b, name)
		proven(b, name, func() (Outcome, error) {
			p, err := c.Solve(ctx, Limits{})
			return p.Outcome, err
		})
	}
	for _, name := range []string{"cap41", "cap51", "cap61", "cap62", "cap63", "cap64", "cap71", "cap72", "cap73", "cap74"} {
		f := capacitated(b, name)
		proven(b, name+"-whole", func() (Outcome, error) {
			p, err := LocateWhole(ctx, f, Limits{})
			return p.Outcome, err
		})
	}
	for k := 1; k <= 6; k++ {
		name := fmt.Sprintf("gap%d", k)
		list := generalised(b, name)
		proven(b, name+"-all-five", func() (o Outcome, err error) {
			for _, a := range list {
				x, err := Assign(ctx, a, Limits{})
				if err != nil || x.Status != Optimal {
					return x.Outcome, err
				}
				o = x.Outcome
			}
			return o, nil
		})
	}
	a := linear(b)
	proven(b, "assign100", func() (Outcome, error) {
		x, err := Assign(ctx, a, Limits{})
		return x.Outcome, err
	})
}
