package solve

import (
	"bufio"
	"fmt"
	"math"
	"testing"
)

// writeLP is the question without fixed decisions, as a multi-commodity flow: for each village its own flow from the
// network along built segments. It shares nothing with our formulation by cuts.
func (q *BuildOrMove) writeLP(w *bufio.Writer) {
	fmt.Fprintln(w, "Minimize\nobj:")
	q.eachCost(func(name string, money, price int64) { fmt.Fprintf(w, " + %d %s\n", money+price, name) })
	fmt.Fprintln(w, "Subject To")
	for v := range q.Villages {
		fmt.Fprintf(w, "one%d: road%d + review%d", v, v, v)
		for _, to := range q.Villages[v].Moves {
			fmt.Fprintf(w, " + move%d_%d", v, to.Site)
		}
		if q.Villages[v].CanInterim {
			fmt.Fprintf(w, " + interim%d", v)
		}
		fmt.Fprintln(w, " = 1")
		q.writeFlow(w, v)
	}
	for j, places := range q.Sites {
		fmt.Fprintf(w, "site%d: 0 none", j)
		for v := range q.Villages {
			for _, to := range q.Villages[v].Moves {
				if int(to.Site) == j {
					fmt.Fprintf(w, " + %d move%d_%d\n", q.Villages[v].Persons, v, j)
				}
			}
		}
		fmt.Fprintf(w, " <= %d\n", places)
	}
	if len(q.Budget) > 0 {
		fmt.Fprint(w, "budget: 0 none")
		q.eachCost(func(name string, money, _ int64) { fmt.Fprintf(w, " + %d %s\n", money, name) })
		fmt.Fprintf(w, " <= %d\n", q.Budget[0])
	}
	fmt.Fprintln(w, "Binaries")
	q.eachCost(func(name string, _, _ int64) { fmt.Fprintln(w, name) })
	fmt.Fprintln(w, "End")
}

func (q *BuildOrMove) eachCost(met func(name string, money, price int64)) {
	for e, s := range q.Segments {
		met(fmt.Sprintf("x%d", e), s.Cost, 0)
	}
	for i, v := range q.Villages {
		met(fmt.Sprintf("road%d", i), v.Stay, 0)
		met(fmt.Sprintf("review%d", i), 0, v.Review)
		for _, to := range v.Moves {
			met(fmt.Sprintf("move%d_%d", i, to.Site), to.Cost, 0)
		}
		if v.CanInterim {
			met(fmt.Sprintf("interim%d", i), v.Interim, 0)
		}
	}
}

func (q *BuildOrMove) writeFlow(w *bufio.Writer, v int) {
	for n := 1; n < q.Nodes; n++ {
		fmt.Fprintf(w, "flow%d_%d: 0 none", v, n)
		for e, s := range q.Segments {
			if int(s.A) == n {
				fmt.Fprintf(w, " + b%d_%d - f%d_%d", v, e, v, e)
			} else if int(s.B) == n {
				fmt.Fprintf(w, " + f%d_%d - b%d_%d", v, e, v, e)
			}
		}
		if int(q.Villages[v].Node) == n {
			fmt.Fprintf(w, " - road%d", v)
		}
		fmt.Fprintln(w, " = 0")
	}
	for e := range q.Segments {
		fmt.Fprintf(w, "cap%d_%d: f%d_%d + b%d_%d - x%d <= 0\n", v, e, v, e, v, e, e)
	}
}

// decideBesideReferee has CBC solve drawn counties; from: the first seed.
func decideBesideReferee(t *testing.T, from, n uint64) {
	t.Helper()
	for seed := from; seed < from+n; seed++ {
		q := DecideFamily{
			Seed: seed, Villages: 8 + int(seed%9), Segments: 14 + int(seed%15), Sites: 3,
			RoadPrice: 1 + float64(seed%4), Capacity: 0.1 + 0.05*float64(seed%5),
		}.Instance()
		if seed%2 == 1 {
			q.Budget = []int64{20_000_000 + int64(seed%7)*9_000_000}
		}
		p, err := Decide(t.Context(), q, Limits{Threads: 1 + int(seed%2)})
		if err != nil || p.Status != Optimal {
			t.Fatal(err, p)
		}
		checkDecided(t, q, p)
		out := consult(t, q.writeLP)
		if math.Abs(out.objective-p.Objective) > 1e-6*p.Objective {
			t.Fatalf("seed %d: CBC says %s, %.0f; here %.0f", seed, out.status, out.objective, p.Objective)
		}
	}
}

func TestDecideBesideCBC(t *testing.T) { decideBesideReferee(t, 1, 8) }
