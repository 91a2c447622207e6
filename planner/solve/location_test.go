package solve

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"testing"
)

// library opens an instance of the OR-Library of the shared data.
func library(t testing.TB, folder, file string) io.ReadCloser {
	t.Helper()
	f, err := os.Open(filepath.Join(libraryRoot(t), folder, file))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func libraryRoot(t testing.TB) string {
	t.Helper()
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../../shared"
	}
	root = filepath.Join(root, "data", "orlib")
	if _, err := os.Stat(root); err != nil {
		if set {
			t.Fatalf("QIANTU_SHARED: %v", err)
		}
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	return root
}

// expected is what expected.json says of a set of instances.
func expected[T any](t testing.TB, set string) T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(libraryRoot(t), "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	var out T
	if err := json.Unmarshal(all[set], &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// euclidean draws points in a square of 1,000 and gives their distances.
func euclidean(customers, sites int, seed uint64) [][]float64 {
	r := random(seed)
	at := func() (x, y float64) { return 1000 * r.unit(), 1000 * r.unit() }
	x, y := make([]float64, sites), make([]float64, sites)
	for j := range x {
		x[j], y[j] = at()
	}
	d := make([][]float64, customers)
	for i := range d {
		d[i] = make([]float64, sites)
		a, b := x[i%sites], y[i%sites]
		if customers != sites {
			a, b = at()
		}
		for j := range d[i] {
			d[i][j] = math.Hypot(a-x[j], b-y[j])
		}
	}
	return d
}

// unit is a number from 0 to 1.
func (r *random) unit() float64 { return float64(r.next()>>11) / (1 << 53) }

// smallRows draws costs with ties; some sites cannot serve some customers.
func smallRows(r *random, customers, sites int) [][]float64 {
	rows := make([][]float64, customers)
	high, holes := 1+r.below(30), r.below(4)
	for i := range rows {
		rows[i] = make([]float64, sites)
		for j := range rows[i] {
			if rows[i][j] = float64(r.below(high)); r.below(10) < holes {
				rows[i][j] = math.Inf(1)
			}
		}
	}
	return rows
}

// inAnotherWay gives the same costs as whole rows or as lists.
func inAnotherWay(r *random, rows [][]float64, sites int) Costs {
	c := Costs{Sites: sites}
	switch r.below(3) {
	case 0:
		c.Rows = rows
	case 1:
		c.Whole = make([][]int32, len(rows))
		for i, row := range rows {
			for _, x := range row {
				if math.IsInf(x, 1) {
					x = math.MaxInt32
				}
				c.Whole[i] = append(c.Whole[i], int32(x))
			}
		}
	default:
		c.First = []int{0}
		for _, row := range rows {
			for j := len(row) - 1; j >= 0; j-- {
				if !math.IsInf(row[j], 1) {
					c.At, c.Cost = append(c.At, int32(j)), append(c.Cost, row[j])
				}
			}
			c.First = append(c.First, len(c.At))
		}
	}
	return c
}

// bestOf is the least of value over all sets of sites.
func bestOf(sites int, value func(open uint) float64) float64 {
	best := math.Inf(1)
	for open := range uint(1) << sites {
		best = min(best, value(open))
	}
	return best
}

func TestPMedianAgainstAllSets(t *testing.T) {
	for seed := range uint64(3000) {
		r := random(seed)
		customers, sites := r.below(12), 1+r.below(9)
		rows := smallRows(&r, customers, sites)
		m := &Median{Costs: inAnotherWay(&r, rows, sites), P: r.below(sites + 2)}
		if r.below(2) == 0 {
			for range customers {
				m.Weight = append(m.Weight, float64(r.below(5))/4)
			}
		}
		if r.below(3) == 0 {
			for range customers {
				m.Miss = append(m.Miss, float64(r.below(25)))
			}
		}
		want := bestOf(sites, func(open uint) float64 {
			if bits.OnesCount(open) > m.P {
				return math.Inf(1)
			}
			return medianValue(m, rows, func(j int) bool { return open>>j&1 == 1 })
		})
		checkSiting(t, seed, m, rows, want)
	}
}

// medianValue is what the customers cost when each goes to its nearest open site.
func medianValue(m *Median, rows [][]float64, open func(j int) bool) float64 {
	sum := 0.0
	for i, row := range rows {
		w, least := 1.0, math.Inf(1)
		if m.Weight != nil {
			w = m.Weight[i]
		}
		if m.Miss != nil {
			least = m.Miss[i]
		}
		for j, x := range row {
			if open(j) {
				least = min(least, x)
			}
		}
		if w > 0 {
			sum += w * least
		}
	}
	return sum
}

func checkSiting(t *testing.T, seed uint64, m *Median, rows [][]float64, want float64) {
	t.Helper()
	s, err := PMedian(context.Background(), m, Limits{Seed: seed})
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	if math.IsInf(want, 1) {
		if s.Status != Infeasible || s.Reason == "" || len(s.Open) > 0 {
			t.Fatalf("seed %d: %+v, and there is no answer", seed, s)
		}
		return
	}
	is := map[int32]bool{}
	for _, j := range s.Open {
		is[j] = true
	}
	value := medianValue(m, rows, func(j int) bool { return is[int32(j)] })
	if s.Status != Optimal || math.Abs(s.Objective-want) > 1e-9 || math.Abs(value-want) > 1e-9 || s.Gap() != 0 || len(s.Open) > m.P {
		t.Fatalf("seed %d: %+v is worth %v, want %v", seed, s, value, want)
	}
	for i, j := range s.Site {
		if j >= 0 && !is[j] || j < 0 && m.Miss == nil && (m.Weight == nil || m.Weight[i] > 0) {
			t.Fatalf("seed %d: customer %d goes to %d; open are %v", seed, i, j, s.Open)
		}
	}
}

// A search that is stopped, or content with a gap, has a bound that holds; lists that are cut change nothing.
func TestPMedianBoundsAreTrue(t *testing.T) {
	for seed := range uint64(30) {
		n, p := 40+int(seed), 2+int(seed%9)
		m := &Median{Costs: Costs{Sites: n, Rows: euclidean(n, n, seed)}, P: p}
		best, err := PMedian(context.Background(), m, Limits{})
		if err != nil || best.Status != Optimal {
			t.Fatalf("seed %d: %+v, %v", seed, best, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		told := 0
		last := Outcome{Objective: math.Inf(1), Bound: math.Inf(-1)}
		limits := Limits{Progress: func(o Outcome) {
			if o.Objective > last.Objective || o.Bound < last.Bound || o.Bound > best.Objective*(1+1e-9) || o.Objective < best.Objective*(1-1e-9) {
				t.Errorf("seed %d: %+v after %+v; the optimum is %v", seed, o, last, best.Objective)
			}
			if told++; told == int(seed)/3+1 {
				cancel()
			}
			last = o
		}}
		s, err := PMedian(ctx, m, limits)
		cancel()
		if err != nil || s.Bound > best.Objective*(1+1e-9) || s.Objective < best.Objective*(1-1e-9) || s.Status != Stopped && s.Status != Optimal {
			t.Errorf("seed %d: stopped with %+v; the optimum is %v (%v)", seed, s.Outcome, best.Objective, err)
		}
		cut := newMedianSearch(m, Limits{})
		cut.nearLists = m.Costs.sort(nil, nil, n/3, 2)
		cut.turn()
		if s := cut.run(context.Background()); s.Bound > best.Objective*(1+1e-9) || s.Objective < best.Objective*(1-1e-9) || s.Gap() > 0.2 {
			t.Errorf("seed %d: with cut lists %+v; the optimum is %v", seed, s.Outcome, best.Objective)
		}
	}
}

func TestPMedianRefusesNonsense(t *testing.T) {
	one := func(x float64) Costs { return Costs{Sites: 1, Rows: [][]float64{{x}}} }
	for want, m := range map[string]*Median{
		"there is no site to choose from":                                                                        {P: 1},
		"costs are given in 0 ways; give rows, whole rows or lists":                                              {Costs: Costs{Sites: 1}, P: 1},
		"customer 0 at site 0 costs NaN; a cost is a number from 0 to 2^53":                                      {Costs: one(math.NaN()), P: 1},
		"customer 0 at site 0 costs -1; a cost is a number from 0 to 2^53":                                       {Costs: one(-1), P: 1},
		"customer 0 at site 0 costs -Inf; a cost is a number from 0 to 2^53":                                     {Costs: one(math.Inf(-1)), P: 1},
		"customer 0 has 1 costs; there are 2 sites":                                                              {Costs: Costs{Sites: 2, Whole: [][]int32{{1}}}, P: 1},
		"-1 sites are to be opened; that cannot be less than none":                                               {Costs: one(1), P: -1},
		"weight 0 is NaN; it must be a number from 0 to 2^53":                                                    {Costs: one(1), P: 1, Weight: []float64{math.NaN()}},
		"2 have a weight; there are 1":                                                                           {Costs: one(1), P: 1, Weight: []float64{1, 1}},
		"the list of customer 0 names site 0, twice or not one of 1":                                             {Costs: Costs{Sites: 1, First: []int{0, 2}, At: []int32{0, 0}, Cost: []float64{1, 1}}, P: 1},
		"lists of 1 sites with 0 costs begin at 0 and end at 1; they must begin at 0 and end with the last site": {Costs: Costs{Sites: 1, First: []int{0, 1}, At: []int32{0}}, P: 1},
		"the dearest costs of all customers come to 1e+18; beyond 2^53 sums are not exact: take a larger unit":   {Costs: one(1e9), P: 1, Weight: []float64{1e9}},
	} {
		if _, err := PMedian(context.Background(), m, Limits{}); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	for want, m := range map[string]*Median{
		"no site may be opened, and 1 customers ask for one": {Costs: one(1)},
		"no site can serve customer 0":                       {Costs: one(math.Inf(1)), P: 1},
		"no 1 sites together can serve all customers; the best choice leaves out customer 1": {
			Costs: Costs{Sites: 2, Rows: [][]float64{{1, math.Inf(1)}, {math.Inf(1), 1}}}, P: 1},
	} {
		if s, err := PMedian(context.Background(), m, Limits{}); err != nil || s.Status != Infeasible || s.Reason != want {
			t.Errorf("%+v %v\nwant %s", s, err, want)
		}
	}
}

// The same seed gives the same answer, whatever the number of threads.
func TestPMedianIsDeterministic(t *testing.T) {
	m := &Median{Costs: Costs{Sites: 80, Rows: euclidean(80, 80, 7)}, P: 9}
	var first *Siting
	for k := range 3 {
		s, err := PMedian(context.Background(), m, Limits{Seed: 3, Threads: k})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = s
		}
		if s.Nodes != first.Nodes || s.Objective != first.Objective || len(s.Open) != 9 {
			t.Errorf("%+v after %+v", s.Outcome, first.Outcome)
		}
	}
}
