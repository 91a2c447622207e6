package solve

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"testing"
)

// writeWhole is a problem of whole customers in the LP format.
func (w *whole) writeWhole(out *bufio.Writer) {
	pairs := func(do func(i, j int)) {
		for i := range w.n {
			for j := range w.m {
				if !math.IsInf(w.cost[j][i], 1) {
					do(i, j)
				}
			}
		}
	}
	fmt.Fprintln(out, "Minimize\nobj:")
	pairs(func(i, j int) { fmt.Fprintf(out, "%+.17g x%d_%d\n", w.cost[j][i], i, j) })
	for j, c := range w.fixed {
		fmt.Fprintf(out, "%+.17g y%d\n", c, j)
	}
	fmt.Fprintln(out, "Subject To\np:")
	for j := range w.m {
		fmt.Fprintf(out, "+ y%d\n", j)
	}
	fmt.Fprintf(out, "<= %d\n", w.most)
	for i := range w.n {
		fmt.Fprintf(out, "s%d: 0 y0\n", i)
		for j := range w.m {
			if !math.IsInf(w.cost[j][i], 1) {
				fmt.Fprintf(out, "+ x%d_%d\n", i, j)
			}
		}
		fmt.Fprintln(out, "= 1")
	}
	for j, c := range w.size {
		fmt.Fprintf(out, "c%d: %+d y%d\n", j, -c, j)
		for i := range w.n {
			if !math.IsInf(w.cost[j][i], 1) {
				fmt.Fprintf(out, "%+d x%d_%d\n", w.load[j][i], i, j)
			}
		}
		fmt.Fprintln(out, "<= 0")
	}
	pairs(func(i, j int) { fmt.Fprintf(out, "l%d_%d: x%d_%d - y%d <= 0\n", i, j, i, j, j) })
	fmt.Fprintln(out, "Binary")
	pairs(func(i, j int) { fmt.Fprintf(out, "x%d_%d\n", i, j) })
	for j := range w.m {
		fmt.Fprintf(out, "y%d\n", j)
	}
	fmt.Fprintln(out, "End")
}

// drawMedium is a location of medium size: tight, with whole costs or without.
func drawMedium(r *random) *Facility {
	n, m := 15+r.below(20), 5+r.below(5)
	f := &Facility{Costs: Costs{Sites: m}}
	total, scale := int64(0), float64(1+r.below(2)*7)
	for range n {
		f.Demand = append(f.Demand, int64(1+r.below(40)))
		total += f.Demand[len(f.Demand)-1]
		row := make([]float64, m)
		for j := range row {
			if row[j] = float64(r.below(300)) / scale; r.below(20) == 0 {
				row[j] = math.Inf(1)
			}
		}
		f.Rows = append(f.Rows, row)
	}
	for range m {
		f.Capacity = append(f.Capacity, total*int64(10+r.below(25))/int64(10*m))
		f.Fixed = append(f.Fixed, float64(r.below(400)))
	}
	return f
}

// drawLoads is a generalised assignment of the correlated, hard kind.
func drawLoads(r *random) *Assignment {
	n, m := 20+r.below(10), 4+r.below(2)
	a := &Assignment{Costs: Costs{Sites: m}, Maximise: r.below(2) == 0}
	sum := int64(0)
	for range n {
		row, load := make([]float64, m), make([]int64, m)
		for j := range row {
			load[j] = int64(5 + r.below(21))
			row[j] = float64(111 - load[j] + int64(r.below(21)))
			if a.Maximise {
				row[j] = float64(5 + r.below(21))
			}
			sum += load[j]
		}
		a.Rows, a.Load = append(a.Rows, row), append(a.Load, load)
	}
	for range m {
		a.Capacity = append(a.Capacity, sum*8/int64(10*m*m))
	}
	return a
}

// drawShipping is a transportation problem of medium size, some with short lists.
func drawShipping(seed uint64) *Transport {
	if seed%3 == 0 {
		return nation(200, 12, 4, seed)
	}
	return plane(120, 9, seed)
}

// concur compares an outcome with what the referee says of the same problem.
func concur(t *testing.T, name string, o Outcome, write func(*bufio.Writer)) {
	t.Helper()
	theirs := consult(t, write)
	if theirs.status == "Infeasible" || theirs.status == "Integer infeasible" {
		if o.Status != Infeasible {
			t.Errorf("%s: %+v, the referee says %s", name, o, theirs.status)
		}
		return
	}
	if o.Status != Optimal || math.Abs(o.Objective-theirs.objective) > 1e-6*max(1, math.Abs(theirs.objective)) {
		t.Errorf("%s: %+v, the referee says %s %v", name, o, theirs.status, theirs.objective)
	}
}

// askWhole lets the referee judge problems of medium size, four for each seed.
func askWhole(t *testing.T, seeds uint64) {
	t.Helper()
	for seed := range seeds {
		r := random(seed)
		ctx := context.Background()
		p := drawShipping(seed)
		ship, err := Ship(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		concur(t, fmt.Sprint("shipment ", seed), ship.Outcome, p.writeLP)

		f := drawMedium(&r)
		place, err := LocateWhole(ctx, f, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		concur(t, fmt.Sprint("location ", seed), place.Outcome, f.whole().writeWhole)

		c := &CapMedian{Costs: f.Costs, Demand: f.Demand, Capacity: f.Capacity, P: 3 + r.below(f.Sites-3)}
		if place, err = c.Solve(ctx, Limits{}); err != nil {
			t.Fatal(err)
		}
		w := f.whole()
		w.fixed, w.most = make([]float64, w.m), c.P
		concur(t, fmt.Sprint("median ", seed), place.Outcome, w.writeWhole)

		a := drawLoads(&r)
		x, err := Assign(ctx, a, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		concur(t, fmt.Sprint("assignment ", seed), a.turned(x.Outcome), a.whole().writeWhole)
	}
}

func TestWholeAgreesWithTheReferee(t *testing.T) { askWhole(t, 2) }
