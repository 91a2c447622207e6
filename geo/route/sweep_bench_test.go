package route_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/qiantu/qiantu/geo/route"
)

// million is a network of 1.09 million nodes and 1.45 million edges.
const million = 1044

// BenchmarkSweep holds sweeps of a network beside a plain one over the same
// network, in turns, and reports how many times as long they take.
func BenchmarkSweep(b *testing.B) {
	for _, side := range []int{260, million} {
		a := roadlike(side, 1)
		g, err := route.FromArrays(a)
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(7, 7))
		sources, sites := make([]int32, 16), make([]int32, 1000)
		for _, list := range [][]int32{sources, sites} {
			for i := range list {
				list[i] = int32(r.IntN(a.Nodes))
			}
		}
		name := fmt.Sprintf("%d", a.Nodes)
		b.Run(name+"/one to all", func(b *testing.B) {
			beside(b, g, newPlainSweep(newPlain(&a, false), false), false, func(i int) []int32 { return sources[i%16 : i%16+1] })
		})
		b.Run(name+"/nearest of 1000", func(b *testing.B) {
			beside(b, g, newPlainSweep(newPlain(&a, true), true), true, func(int) []int32 { return sites })
		})
	}
}

func beside(b *testing.B, g *route.Graph, plain *plainSweep, toward bool, roots func(i int) []int32) {
	q := g.NewQuery()
	q.Metric = route.ByTime
	at := atNodes(g)
	var ours, theirs []float64
	for i := 0; b.Loop(); i++ {
		from := roots(i)
		snaps := make([]route.Snap, len(from))
		for j, n := range from {
			snaps[j] = at[n]
		}
		theirs = append(theirs, busy(func() { plain.run(from) }))
		ours = append(ours, busy(func() {
			if toward {
				q.Toward(snaps...)
			} else {
				q.From(snaps...)
			}
		}))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(ours[b.N/2], "ms/sweep")
	b.ReportMetric(theirs[b.N/2], "ms/plain")
	b.ReportMetric(ours[b.N/2]/theirs[b.N/2], "times-plain")
}

// busy is the processor time that something takes, in milliseconds: that does
// not count what else the machine has to do.
func busy(do func()) float64 {
	used := func() time.Duration {
		var u syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
			return 0
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	do()
	return (used() - before).Seconds() * 1000
}

// elapsed is the time that something takes by the clock, in milliseconds.
func elapsed(do func()) float64 {
	before := time.Now()
	do()
	return time.Since(before).Seconds() * 1000
}

// atNodes gives for each node a place on an edge that ends there.
func atNodes(g *route.Graph) []route.Snap {
	out := make([]route.Snap, g.Nodes())
	for e := range int32(g.Edges()) {
		edge := g.Edge(e)
		out[edge.Tail] = route.Snap{Edge: e}
		out[edge.Head] = route.Snap{Edge: e, At: edge.Length()}
	}
	return out
}

// BenchmarkWhatIf toggles edges of a network of 1.09 million nodes and finds
// every node's nearest of 1000 sites again: by repair, and by a new search.
func BenchmarkWhatIf(b *testing.B) {
	a := roadlike(million, 1)
	g, err := route.FromArrays(a)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(8, 8))
	at := atNodes(g)
	sites := make([]route.Snap, 1000)
	for i := range sites {
		sites[i] = at[r.IntN(a.Nodes)]
	}
	q := g.NewQuery()
	q.Metric = route.ByTime
	q.Toward(sites...)
	for _, how := range []string{"repair", "search"} {
		b.Run(how, func(b *testing.B) {
			var took []float64
			for b.Loop() {
				edge := int32(r.IntN(g.Edges()))
				o, err := g.Overlay(route.Change{Edge: edge, Forward: -1, Backward: -1})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, busy(func() {
					if how == "repair" {
						q.Update(o)
					} else {
						q.Overlay = o
						q.Toward(sites...)
					}
				}))
				q.Update(nil)
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2], "ms/toggle")
			b.ReportMetric(took[len(took)*19/20], "ms/p95")
		})
	}
}

// BenchmarkNearestK finds the k nearest of 1000 sites for all nodes.
func BenchmarkNearestK(b *testing.B) {
	a := roadlike(million, 1)
	g, err := route.FromArrays(a)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(9, 9))
	at := atNodes(g)
	sites := make([]route.Snap, 1000)
	for i := range sites {
		sites[i] = at[r.IntN(a.Nodes)]
	}
	q := g.NewQuery()
	q.Metric = route.ByTime
	for _, k := range []int{1, 3, 5} {
		b.Run(fmt.Sprint(k), func(b *testing.B) {
			var took float64
			for b.Loop() {
				took += busy(func() {
					if _, err := q.NearestK(k, true, sites...); err != nil {
						b.Fatal(err)
					}
				})
			}
			b.ReportMetric(took/float64(b.N), "ms/sweep")
		})
	}
}
