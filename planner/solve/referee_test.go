package solve

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"testing"
)

// writeMedian is a p-median in the LP format, sites that cannot serve left out.
func (m *Median) writeMedian(w *bufio.Writer) {
	fmt.Fprintln(w, "Minimize\nobj:")
	m.eachPair(func(i int, j int32, cost float64) { fmt.Fprintf(w, "%+.17g x%d_%d\n", cost, i, j) })
	fmt.Fprintln(w, "Subject To\np:")
	for j := range m.Sites {
		fmt.Fprintf(w, "+ y%d\n", j)
	}
	fmt.Fprintf(w, "<= %d\n", m.P)
	for i := range m.Customers() {
		fmt.Fprintf(w, "s%d:", i)
		m.row(i, func(j int32, _ float64) { fmt.Fprintf(w, " + x%d_%d\n", i, j) })
		fmt.Fprintln(w, "= 1")
	}
	m.eachPair(func(i int, j int32, _ float64) { fmt.Fprintf(w, "l%d_%d: x%d_%d - y%d <= 0\n", i, j, i, j, j) })
	writeBinaries(w, m.Sites)
}

func (m *Median) eachPair(do func(i int, j int32, cost float64)) {
	for i := range m.Customers() {
		w := 1.0
		if m.Weight != nil {
			w = m.Weight[i]
		}
		m.row(i, func(j int32, cost float64) { do(i, j, w*cost) })
	}
}

func writeBinaries(w *bufio.Writer, sites int) {
	fmt.Fprintln(w, "Binary")
	for j := range sites {
		fmt.Fprintf(w, "y%d\n", j)
	}
	fmt.Fprintln(w, "End")
}

// writeFacility is a facility location in the LP format; x is a share of the demand.
func (f *Facility) writeFacility(w *bufio.Writer) {
	fmt.Fprintln(w, "Minimize\nobj:")
	pairs := func(do func(i int, j int32, cost float64)) {
		for i := range f.Demand {
			f.row(i, func(j int32, cost float64) { do(i, j, cost) })
		}
	}
	pairs(func(i int, j int32, cost float64) { fmt.Fprintf(w, "%+.17g x%d_%d\n", cost, i, j) })
	for j, c := range f.Fixed {
		fmt.Fprintf(w, "%+.17g y%d\n", c, j)
	}
	fmt.Fprintln(w, "Subject To")
	for i := range f.Demand {
		fmt.Fprintf(w, "s%d:", i)
		f.row(i, func(j int32, _ float64) { fmt.Fprintf(w, " + x%d_%d\n", i, j) })
		fmt.Fprintln(w, "= 1")
	}
	for j, c := range f.Capacity {
		fmt.Fprintf(w, "c%d:", j)
		pairs(func(i int, k int32, _ float64) {
			if int(k) == j {
				fmt.Fprintf(w, " %+d x%d_%d\n", f.Demand[i], i, j)
			}
		})
		fmt.Fprintf(w, "%+d y%d <= 0\n", -c, j)
	}
	pairs(func(i int, j int32, _ float64) { fmt.Fprintf(w, "l%d_%d: x%d_%d - y%d <= 0\n", i, j, i, j, j) })
	writeBinaries(w, f.Sites)
}

// writeCover is a set covering in the LP format, or a maximal one.
func (c *Cover) writeCover(w *bufio.Writer, all bool) {
	lists := c.within()
	fmt.Fprintln(w, "Minimize\nobj:")
	for j := range c.Sites {
		if all {
			cost := 1.0
			if c.Fixed != nil {
				cost = c.Fixed[j]
			}
			fmt.Fprintf(w, "%+.17g y%d\n", cost, j)
		}
	}
	for i := range c.Customers() {
		if !all {
			fmt.Fprintf(w, "%+.17g z%d\n", c.weightOf(i), i)
		}
	}
	fmt.Fprintln(w, "Subject To")
	for i := range c.Customers() {
		fmt.Fprintf(w, "s%d:", i)
		for _, j := range lists.At[lists.First[i]:lists.First[i+1]] {
			fmt.Fprintf(w, " + y%d", j)
		}
		if !all {
			fmt.Fprintf(w, " + z%d", i)
		}
		fmt.Fprintln(w, " >= 1")
	}
	if !all {
		fmt.Fprint(w, "p:")
		for j := range c.Sites {
			fmt.Fprintf(w, " + y%d", j)
		}
		fmt.Fprintf(w, " <= %d\n", c.P)
	}
	writeBinaries(w, c.Sites)
}

// askReferee draws instances of medium size and compares optima with CBC's.
func askReferee(t *testing.T, seeds uint64) {
	t.Helper()
	for seed := range seeds {
		n, p := 40+int(seed*7%40), 3+int(seed%8)
		m := &Median{Costs: Costs{Sites: n, Rows: euclidean(n, n, seed)}, P: p}
		r := random(seed)
		for range n {
			m.Weight = append(m.Weight, float64(1+r.below(9)))
		}
		s, err := PMedian(context.Background(), m, Limits{})
		agree(t, fmt.Sprint("p-median ", seed), s.Outcome, err, consult(t, m.writeMedian).objective)
		cover := &Cover{Costs: m.Costs, Radius: 100 + float64(seed*13%120), P: p, Weight: m.Weight, Fixed: []float64{}}
		for range n {
			cover.Fixed = append(cover.Fixed, float64(10+r.below(30)))
		}
		s, err = CoverAll(context.Background(), cover, Limits{})
		agree(t, fmt.Sprint("cover all ", seed), s.Outcome, err, consult(t, func(w *bufio.Writer) { cover.writeCover(w, true) }).objective)
		missed := consult(t, func(w *bufio.Writer) { cover.writeCover(w, false) }).objective
		total := 0.0
		for _, w := range m.Weight {
			total += w
		}
		s, err = MaxCover(context.Background(), cover, Limits{})
		agree(t, fmt.Sprint("most covered ", seed), s.Outcome, err, total-missed)
		f := drawFacility(25+int(seed%20), 8+int(seed%9), 1.3+float64(seed%6)/2, seed)
		x, err := Locate(context.Background(), f, Limits{})
		agree(t, fmt.Sprint("facility ", seed), x.Outcome, err, consult(t, f.writeFacility).objective)
	}
}

func agree(t *testing.T, what string, o Outcome, err error, want float64) {
	t.Helper()
	if err != nil || o.Status != Optimal || math.Abs(o.Objective-want) > 1e-6*max(1, want) {
		t.Errorf("%s: %+v, CBC says %v (%v)", what, o, want, err)
	}
}

func TestLocationAgainstCBC(t *testing.T) { askReferee(t, 2) }
