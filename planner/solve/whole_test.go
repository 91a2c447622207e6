package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner/solve/orlib"
)

// cheapest tries all ways to place all customers; +Inf: there is none.
func (w *whole) cheapest() float64 {
	best, room, used := math.Inf(1), slices.Clone(w.size), make([]int, w.m)
	var place func(i, opens int, sum float64)
	place = func(i, opens int, sum float64) {
		if i == w.n {
			best = min(best, sum)
			return
		}
		for j := range w.m {
			c, more := w.cost[j][i], 0
			if used[j] == 0 {
				c, more = c+w.fixed[j], 1
			}
			if math.IsInf(c, 1) || room[j] < w.load[j][i] || opens+more > w.most {
				continue
			}
			room[j] -= w.load[j][i]
			used[j]++
			place(i+1, opens+more, sum+c)
			used[j]--
			room[j] += w.load[j][i]
		}
	}
	place(0, 0, 0)
	return best
}

// drawWhole is a small facility location: ties, forbidden pairs, often too tight.
func drawWhole(r *random) *Facility {
	n, m := 1+r.below(8), 1+r.below(4)
	if r.below(3) == 0 {
		n, m = 1+r.below(5), 5+r.below(3)
	}
	f := &Facility{Costs: Costs{Sites: m}}
	tight, total := 9+r.below(12), int64(0)
	for range n {
		f.Demand = append(f.Demand, int64(r.below(9)))
		total += f.Demand[len(f.Demand)-1]
		row := make([]float64, m)
		for j := range row {
			if row[j] = float64(r.below(20)); r.below(12) == 0 {
				row[j] = math.Inf(1)
			} else if r.below(3) == 0 {
				row[j] += float64(r.below(100)) / 128
			}
		}
		f.Rows = append(f.Rows, row)
	}
	for range m {
		f.Capacity = append(f.Capacity, (total*int64(tight)/10+int64(r.below(5)))/int64(m))
		f.Fixed = append(f.Fixed, float64(r.below(3)*r.below(15)))
	}
	return f
}

// holds checks an answer and its bound against the optimum of all.
func (w *whole) holds(t *testing.T, name string, p *Placement, want float64) {
	t.Helper()
	if p.Status != Stopped && p.Status == Infeasible != math.IsInf(want, 1) || p.Status == Infeasible && p.Reason == "" {
		t.Fatalf("%s: %+v, the best of all is %v", name, p.Outcome, want)
	}
	if p.Bound > want+1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s: bound %v, the best of all is %v", name, p.Bound, want)
	}
	if len(p.Site) == 0 {
		if !math.IsInf(p.Objective, 1) {
			t.Fatalf("%s: no answer, but %+v", name, p.Outcome)
		}
		return
	}
	room := slices.Clone(w.size)
	var open []int32
	for i, j := range p.Site {
		if room[j] -= w.load[j][i]; room[j] < 0 {
			t.Fatalf("%s: site %d takes too much", name, j)
		}
		open = append(open, j)
	}
	slices.Sort(open)
	if open = slices.Compact(open); !slices.Equal(open, p.Open) || len(open) > w.most {
		t.Fatalf("%s: open are %v, used are %v", name, p.Open, open)
	}
	if math.Abs(w.total(p.Site)-p.Objective) > 1e-9*max(1, math.Abs(p.Objective)) || p.Objective < want-1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s: says %v, costs %v; the best of all is %v", name, p.Objective, w.total(p.Site), want)
	}
	if p.Status == Optimal && p.Objective > want+1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s: %+v, the best of all is %v", name, p.Outcome, want)
	}
}

func TestWholeAgainstAllPlacements(t *testing.T) {
	r := random(1)
	none := 0
	for k := range 3000 {
		f := drawWhole(&r)
		w := f.whole()
		p, err := LocateWhole(context.Background(), f, Limits{Seed: uint64(k)})
		if err != nil {
			t.Fatal(err)
		}
		if p.Status != Optimal && p.Status != Infeasible {
			t.Fatalf("%d: %+v", k, p.Outcome)
		}
		want := w.cheapest()
		if math.IsInf(want, 1) {
			none++
		}
		w.holds(t, fmt.Sprint("location ", k), p, want)

		c := &CapMedian{Costs: f.Costs, Demand: f.Demand, Capacity: f.Capacity, P: 1 + r.below(f.Sites)}
		w = f.whole()
		w.most, w.fixed = c.P, make([]float64, w.m)
		if p, err = c.Solve(context.Background(), Limits{}); err != nil {
			t.Fatal(err)
		}
		w.holds(t, fmt.Sprint("median ", k), p, w.cheapest())
	}
	if none < 300 || none > 2700 {
		t.Errorf("%d of 3000 have no answer: the test is one-sided", none)
	}
}

// A search that is stopped at any notice has a true bound and an answer that holds.
func TestStoppedWholeHasATrueBound(t *testing.T) {
	r := random(2)
	stopped := 0
	for k := range 400 {
		f := drawWhole(&r)
		w := f.whole()
		ctx, cancel := context.WithCancel(context.Background())
		notices := 1 + r.below(4)
		p, err := LocateWhole(ctx, f, Limits{Progress: func(o Outcome) {
			if notices--; notices == 0 {
				cancel()
			}
		}})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if p.Status == Stopped {
			stopped++
		}
		w.holds(t, fmt.Sprint(k), p, w.cheapest())
	}
	if stopped < 20 {
		t.Errorf("only %d of 400 were stopped", stopped)
	}
}

// Stopped before it began, a search still has a bound, and none that is infinite.
func TestWholeStoppedAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := county(3000, 50, 1.2, 5, 1)
	p, err := LocateWhole(ctx, f, Limits{})
	if err != nil || p.Status != Stopped || len(p.Site) != 0 || p.Bound < 0 || math.IsInf(p.Bound, 0) {
		t.Errorf("%+v %v", p.Outcome, err)
	}
	for _, maximise := range []bool{false, true} {
		a := &Assignment{Costs: f.Costs, Demand: f.Demand, Capacity: f.Capacity, Maximise: maximise}
		x, err := Assign(ctx, a, Limits{})
		if err != nil || x.Status != Stopped || math.IsInf(x.Bound, 0) || !math.IsInf(x.Gap(), 1) {
			t.Errorf("%+v %v", x.Outcome, err)
		}
	}
}

// Threads change nothing, nor does a second run.
func TestWholeIsDeterministic(t *testing.T) {
	f := drawFacility(330, 50, 4, 5)
	var first *Placement
	for _, threads := range []int{1, 3} {
		p, err := LocateWhole(context.Background(), f, Limits{Gap: 0.05, Seed: 3, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = p
		}
		if p.Outcome != first.Outcome || !slices.Equal(p.Site, first.Site) {
			t.Errorf("%d threads: %+v, one: %+v", threads, p.Outcome, first.Outcome)
		}
	}
	if first.Gap() > 0.05 || first.Status == Stopped {
		t.Errorf("%+v", first.Outcome)
	}
}

// The single-source values of cap41 to cap74, and those that have none.
func TestLocateWholeOfTheLibrary(t *testing.T) {
	for name, want := range expected[map[string]any](t, "cap_single_source") {
		p, err := LocateWhole(context.Background(), capacitated(t, name), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if want == "infeasible" {
			if p.Status != Infeasible || !strings.Contains(p.Reason, "the largest capacity of its sites is") {
				t.Errorf("%s: %+v", name, p.Outcome)
			}
			continue
		}
		if p.Status != Optimal || math.Abs(p.Objective-want.(float64)) > 1e-3 || p.Gap() != 0 {
			t.Errorf("%s: %+v, want %v", name, p.Outcome, want)
		}
	}
}

func capacitatedMedian(t testing.TB, name string) *CapMedian {
	t.Helper()
	file := library(t, "pmedcap", name+".txt")
	defer file.Close()
	m, err := orlib.ReadCapacitatedPMedian(name, file)
	if err != nil {
		t.Fatal(err)
	}
	c := &CapMedian{Costs: Costs{Sites: len(m.Places)}, P: m.P}
	for i, row := range m.Distances() {
		cost := make([]float64, len(row))
		for j, d := range row {
			cost[j] = float64(d)
		}
		c.Rows, c.Demand, c.Capacity = append(c.Rows, cost), append(c.Demand, m.Places[i].Demand), append(c.Capacity, m.Capacity)
	}
	return c
}

// All but pmedcap08, which takes seconds: see the benchmark.
func TestCapMedianOfTheLibrary(t *testing.T) {
	for name, want := range expected[map[string]float64](t, "pmedcap") {
		if name == "pmedcap08" {
			continue
		}
		p, err := capacitatedMedian(t, name).Solve(context.Background(), Limits{})
		if err != nil || p.Status != Optimal || p.Objective != want || p.Gap() != 0 {
			t.Errorf("%s: %+v, want %v (%v)", name, p.Outcome, want, err)
		}
	}
}

func TestWholeSaysWhatDoesNotFit(t *testing.T) {
	costs := Costs{Sites: 2, Rows: [][]float64{{1, 2}, {2, math.Inf(1)}, {3, 1}}}
	for _, c := range []struct {
		want     string
		demand   []int64
		capacity []int64
	}{
		{"customer 1 takes 9 and is kept whole; the largest capacity of its sites is 8", []int64{1, 9, 1}, []int64{8, 20}},
		{"3 customers ask for 19 and only 2 sites can serve them, which hold 14: 5 are missing", []int64{6, 7, 6}, []int64{8, 6}},
		{"cannot be packed", []int64{6, 6, 6}, []int64{9, 9}},
	} {
		p, err := LocateWhole(context.Background(), &Facility{Costs: costs, Demand: c.demand, Capacity: c.capacity, Fixed: []float64{0, 0}}, Limits{})
		if err != nil || p.Status != Infeasible || !strings.Contains(p.Reason, c.want) || !math.IsInf(p.Gap(), 1) {
			t.Errorf("%+v, want %q (%v)", p.Outcome, c.want, err)
		}
	}
	median := &CapMedian{Costs: costs, Demand: []int64{6, 6, 6}, Capacity: []int64{13, 13}, P: 1}
	if p, err := median.Solve(context.Background(), Limits{}); err != nil || !strings.Contains(p.Reason, "the 1 largest sites hold 13: 5 are missing") {
		t.Errorf("%+v (%v)", p.Outcome, err)
	}
	median.P = 0
	if _, err := median.Solve(context.Background(), Limits{}); err == nil {
		t.Error("no site to open is taken")
	}
}
