package solve

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner/solve/orlib"
)

// smallFacility draws an instance with ties, tight or ample capacity, sites that
// hold nothing or cost nothing, and customers who ask for nothing. unit is what a
// unit of demand costs.
func smallFacility(r *random) (f *Facility, unit [][]float64) {
	customers, sites := r.below(9), 1+r.below(7)
	unit = smallRows(r, customers, sites)
	f = &Facility{}
	total := int64(0)
	for range customers {
		f.Demand = append(f.Demand, int64(r.below(8)))
		total += f.Demand[len(f.Demand)-1]
	}
	for range sites {
		f.Capacity = append(f.Capacity, int64(r.below(2+int(total)*(1+r.below(4))/2)))
		f.Fixed = append(f.Fixed, float64(r.below(2)*r.below(60)))
	}
	rows := make([][]float64, customers)
	for i := range rows {
		for _, u := range unit[i] {
			if !math.IsInf(u, 1) {
				u *= float64(f.Demand[i])
			}
			rows[i] = append(rows[i], u)
		}
	}
	f.Costs = inAnotherWay(r, rows, sites)
	return f, unit
}

// shipped is what a set of open sites costs by [Ship]; +Inf: it does not fit.
func (f *Facility) shipped(t *testing.T, unit [][]float64, open uint) float64 {
	t.Helper()
	p := &Transport{Demand: f.Demand, Capacity: make([]int64, f.Sites), First: []int32{0}, To: []int32{}}
	fixed := 0.0
	for j := range f.Sites {
		if open>>j&1 == 1 {
			p.Capacity[j] = f.Capacity[j]
			fixed += f.Fixed[j]
		}
	}
	for _, row := range unit {
		for j, u := range row {
			if !math.IsInf(u, 1) {
				p.To, p.Cost = append(p.To, int32(j)), append(p.Cost, int64(u))
			}
		}
		p.First = append(p.First, int32(len(p.To)))
	}
	s, err := Ship(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return fixed + s.Objective
}

func TestLocateAgainstAllSets(t *testing.T) {
	for seed := range uint64(2000) {
		r := random(seed)
		f, unit := smallFacility(&r)
		want := bestOf(f.Sites, func(open uint) float64 { return f.shipped(t, unit, open) })
		s, err := Locate(context.Background(), f, Limits{Seed: seed})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if math.IsInf(want, 1) {
			if s.Status != Infeasible || s.Cut.Missing() <= 0 || !strings.Contains(s.Reason, "are missing") || len(s.Open) > 0 {
				t.Fatalf("seed %d: %+v, and there is no answer", seed, s)
			}
			continue
		}
		if value := f.value(t, s, unit); s.Status != Optimal || math.Abs(s.Objective-want) > 1e-6 || math.Abs(value-want) > 1e-6 || s.Gap() != 0 {
			t.Fatalf("seed %d: %+v is worth %v, want %v", seed, s, value, want)
		}
	}
}

// value is what an answer costs, after checking that it is one.
func (f *Facility) value(t *testing.T, s *Location, unit [][]float64) (sum float64) {
	t.Helper()
	open, left, given := map[int32]bool{}, append([]int64(nil), f.Capacity...), make([]int64, len(f.Demand))
	for _, j := range s.Open {
		open[j] = true
		sum += f.Fixed[j]
	}
	for k, i := range s.From {
		j := s.To[k]
		given[i] += s.Amount[k]
		left[j] -= s.Amount[k]
		sum += unit[i][j] * float64(s.Amount[k])
		if !open[j] || left[j] < 0 || s.Amount[k] <= 0 {
			t.Errorf("customer %d draws %d from site %d: open %v, left %d", i, s.Amount[k], j, open[j], left[j])
		}
	}
	for i, d := range f.Demand {
		if given[i] != d {
			t.Errorf("customer %d gets %d of %d", i, given[i], d)
		}
	}
	return sum
}

// drawFacility draws points in a square, sites with so many times the capacity that is asked for
// (Cornuejols, Sridharan and Thizy's family in the large).
func drawFacility(customers, sites int, ratio float64, seed uint64) *Facility {
	rows := euclidean(customers, sites, seed)
	r := random(seed + 1<<32)
	f := &Facility{Costs: Costs{Sites: sites, Rows: rows}}
	total := 0.0
	for i := range rows {
		w := float64(5 + r.below(31))
		f.Demand = append(f.Demand, int64(w))
		total += w
		for j := range rows[i] {
			rows[i][j] *= w / 100
		}
	}
	size, sum := make([]float64, sites), 0.0
	for j := range size {
		size[j] = 10 + 150*r.unit()
		sum += size[j]
	}
	for j := range size {
		c := math.Ceil(size[j] * total * ratio / sum)
		f.Capacity = append(f.Capacity, int64(c))
		f.Fixed = append(f.Fixed, math.Round((90*r.unit()+(100+10*r.unit())*math.Sqrt(c))/2))
	}
	return f
}

// Whenever it is stopped, the bound holds and the answer is one.
func TestLocateBoundsAreTrue(t *testing.T) {
	for seed := range uint64(20) {
		f := drawFacility(40, 15, 1.5+float64(seed%5), seed)
		best, err := Locate(context.Background(), f, Limits{})
		if err != nil || best.Status != Optimal {
			t.Fatalf("seed %d: %+v, %v", seed, best.Outcome, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		told := 0
		last := Outcome{Objective: math.Inf(1), Bound: math.Inf(-1)}
		s, err := Locate(ctx, f, Limits{Progress: func(o Outcome) {
			if o.Objective > last.Objective || o.Bound < last.Bound || o.Bound > best.Objective*(1+1e-9) || o.Objective < best.Objective*(1-1e-9) {
				t.Errorf("seed %d: %+v after %+v; the optimum is %v", seed, o, last, best.Objective)
			}
			if told++; told == int(seed)+1 {
				cancel()
			}
			last = o
		}})
		cancel()
		if err != nil || s.Bound > best.Objective*(1+1e-9) || s.Objective < best.Objective*(1-1e-9) || s.Status != Stopped && s.Status != Optimal {
			t.Errorf("seed %d: stopped with %+v; the optimum is %v (%v)", seed, s.Outcome, best.Objective, err)
		}
		if len(s.Open) > 0 {
			f.value(t, s, f.units())
		}
		near, err := Locate(context.Background(), f, Limits{Gap: 0.02})
		if err != nil || near.Gap() > 0.02 || near.Bound > best.Objective*(1+1e-9) {
			t.Errorf("seed %d: content with 2 %%: %+v, %v", seed, near.Outcome, err)
		}
	}
}

// units is what a unit of each customer's demand costs.
func (f *Facility) units() [][]float64 {
	out := make([][]float64, len(f.Rows))
	for i, row := range f.Rows {
		for _, x := range row {
			out[i] = append(out[i], x/float64(f.Demand[i]))
		}
	}
	return out
}

// The choice of sites that cover a need is the least of all, and what is said of a
// site forced in or out is no more than that is.
func TestCoverIsTheLeast(t *testing.T) {
	for seed := range uint64(1000) {
		r := random(seed)
		m := 1 + r.below(9)
		c := cover{chosen: make([]bool, m)}
		all := 0.0
		for j := range m {
			c.loss = append(c.loss, float64(r.below(40)-12))
			c.size = append(c.size, float64(r.below(12)))
			c.sites = append(c.sites, int32(j))
			all += c.size[j]
		}
		need := all * (1.2*r.unit() - 0.1)
		least := func(fits func(set uint) bool) float64 {
			return bestOf(m, func(set uint) float64 {
				size, loss := 0.0, 0.0
				for _, j := range setList(set) {
					size, loss = size+c.size[j], loss+c.loss[j]
				}
				if size < need || !fits(set) {
					return math.Inf(1)
				}
				return loss
			})
		}
		got, want := c.choose(need), least(func(uint) bool { return true })
		if got != want {
			t.Fatalf("seed %d: %v, want %v", seed, got, want)
		}
		if size, loss := c.sum(); !math.IsInf(want, 1) && (size < need || loss != want) {
			t.Fatalf("seed %d: chosen are %v for %v, want %v for %v", seed, size, loss, need, want)
		}
		for j := range m {
			with, without := c.forced(int32(j), need)
			in := least(func(set uint) bool { return set>>j&1 == 1 })
			out := least(func(set uint) bool { return set>>j&1 == 0 })
			if with > in+1e-9 || without > out+1e-9 {
				t.Fatalf("seed %d: site %d in %v of %v, out %v of %v", seed, j, with, in, without, out)
			}
		}
	}
}

func (c *cover) sum() (size, loss float64) {
	for j, is := range c.chosen {
		if is {
			size, loss = size+c.size[j], loss+c.loss[j]
		}
	}
	return size, loss
}

func TestLocateRefusesNonsense(t *testing.T) {
	one := Costs{Sites: 1, Rows: [][]float64{{1}}}
	for want, f := range map[string]*Facility{
		"there is no site to choose from":                                                            {},
		"capacity 0 is -1; it must not be negative, nor all together more than 2^62":                 {Costs: one, Demand: []int64{1}, Capacity: []int64{-1}, Fixed: []float64{1}},
		"demand 0 is -1; it must not be negative, nor all together more than 2^62":                   {Costs: one, Demand: []int64{-1}, Capacity: []int64{1}, Fixed: []float64{1}},
		"site 0 has the fixed cost NaN; a cost is a number from 0 to 2^53":                           {Costs: one, Demand: []int64{1}, Capacity: []int64{1}, Fixed: []float64{math.NaN()}},
		"customer 0 at site 0 costs NaN; a cost is a number from 0 to 2^53":                          {Costs: Costs{Sites: 1, Rows: [][]float64{{math.NaN()}}}, Demand: []int64{1}, Capacity: []int64{1}, Fixed: []float64{1}},
		"there are 0 demands and 1 rows of costs, 1 capacities and 1 fixed costs; there are 1 sites": {Costs: one, Capacity: []int64{1}, Fixed: []float64{1}},
	} {
		if _, err := Locate(context.Background(), f, Limits{}); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	f := &Facility{Costs: one, Demand: []int64{1_000_000_000}, Capacity: []int64{999_999_999}, Fixed: []float64{1}}
	s, err := Locate(context.Background(), f, Limits{})
	if want := "with all sites open: 1 customers ask for 1000000000 and only 1 sites can serve them, which hold 999999999: 1 are missing"; err != nil || s.Reason != want {
		t.Errorf("%+v, %v\nwant %s", s, err, want)
	}
}

// The same answer whatever the number of threads.
func TestLocateIsDeterministic(t *testing.T) {
	f := drawFacility(700, 30, 3, 5)
	var first *Location
	for k := range 3 {
		s, err := Locate(context.Background(), f, Limits{Threads: k, Gap: 0.001})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = s
		}
		if s.Outcome != first.Outcome || fmt.Sprint(s.Amount) != fmt.Sprint(first.Amount) {
			t.Errorf("%d threads: %+v, before %+v", k, s.Outcome, first.Outcome)
		}
	}
}

func capacitated(t testing.TB, name string) *Facility {
	t.Helper()
	file := library(t, "cap", name+".txt")
	defer file.Close()
	m, err := orlib.ReadFacility(name, file)
	if err != nil {
		t.Fatal(err)
	}
	f := &Facility{Costs: Costs{Sites: len(m.Capacity), Rows: m.Cost}, Fixed: m.Fixed}
	for _, d := range m.Demand {
		f.Demand = append(f.Demand, int64(d))
	}
	for _, c := range m.Capacity {
		f.Capacity = append(f.Capacity, int64(c))
	}
	return f
}

// cap41 to cap74 are met and proven.
func TestLocateOfTheLibrary(t *testing.T) {
	for name, want := range expected[map[string]float64](t, "cap_split") {
		f := capacitated(t, name)
		s, err := Locate(context.Background(), f, Limits{})
		if err != nil || s.Status != Optimal || math.Abs(s.Objective-want) > 1e-3 || s.Gap() != 0 {
			t.Errorf("%s: %+v, want %v (%v)", name, s.Outcome, want, err)
		}
		f.value(t, s, f.units())
	}
}

func BenchmarkLocateOfTheLibrary(b *testing.B) {
	for _, name := range []string{"cap41", "cap42", "cap43", "cap44", "cap51", "cap61", "cap62", "cap63", "cap64", "cap71", "cap72", "cap73", "cap74"} {
		f := capacitated(b, name)
		b.Run(name, func(b *testing.B) {
			begun := processor(b)
			defer func() { b.ReportMetric(float64(processor(b)-begun)/1e6/float64(b.N), "cpu-ms") }()
			for b.Loop() {
				if s, err := Locate(context.Background(), f, Limits{}); err != nil || s.Status != Optimal {
					b.Fatalf("%+v %v", s.Outcome, err)
				}
			}
		})
	}
}

// Drawn instances: the gap that is proven within 5 seconds.
func BenchmarkLocate(b *testing.B) {
	for _, c := range []struct{ customers, sites int }{{300, 30}, {1000, 50}, {3000, 50}} {
		for _, ratio := range []float64{1.5, 3, 10} {
			b.Run(fmt.Sprintf("%dx%d/ratio=%g", c.customers, c.sites, ratio), func(b *testing.B) {
				f := drawFacility(c.customers, c.sites, ratio, 1)
				begun := processor(b)
				for b.Loop() {
					ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
					s, err := Locate(ctx, f, Limits{Threads: 2})
					cancel()
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(100*s.Gap(), "gap-%")
					b.ReportMetric(float64(s.Nodes), "nodes")
				}
				b.ReportMetric(float64(processor(b)-begun)/1e6/float64(b.N), "cpu-ms")
			})
		}
	}
}
