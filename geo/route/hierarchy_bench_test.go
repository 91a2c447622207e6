package route_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/qiantu/qiantu/geo/route"
)

// Graphs from arrays have their nodes in another order inside.
func TestMatrixOfArrays(t *testing.T) {
	g, err := route.FromArrays(roadlike(50, 3))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	places := func(n int) (out []route.Snap) {
		for range n {
			e := r.Int32N(int32(g.Edges()))
			out = append(out, route.Snap{Edge: e, At: g.Edge(e).Length() / 3, Access: 777})
		}
		return out
	}
	for _, o := range []route.MatrixOptions{{Metric: route.ByTime, Threads: 2}, {Threads: 1}} {
		for _, size := range [][2]int{{60, 20}, {20, 60}} {
			sources, targets := places(size[0]), places(size[1])
			costs, values := oneByOne(g, sources, targets, o)
			if !same(gathered(t, g.MatrixThrough, sources, targets, o), costs) || !same(gathered(t, g.MatrixValuesThrough, sources, targets, o), values) ||
				!same(gathered(t, g.Matrix, sources, targets, o), costs) {
				t.Errorf("%v, metric %v: another matrix", size, o.Metric)
			}
		}
	}
}

// BenchmarkHierarchy makes hierarchies on one and two threads, and matrices
// through them with every kernel, beside a plain sweep of the same network in
// the same run: ms/plain is that of one bucket-queue sweep, times-plain how many
// of them the work takes. Times are of the processor, those on two threads by the
// clock. The networks are a lattice, a city with the country round it, and 4 x 4
// copies of that.
func BenchmarkHierarchy(b *testing.B) {
	porto := driven(b, "porto-2015-06.osm.pbf")
	for _, c := range []struct {
		name string
		a    route.Arrays
	}{{"lattice", roadlike(260, 1)}, {"porto", porto}, {"porto16", copies(porto, 4)}} {
		b.Run(c.name, func(b *testing.B) {
			g, err := route.FromArrays(c.a)
			if err != nil {
				b.Fatal(err)
			}
			b.Logf("%d nodes, %d edges", g.Nodes(), g.Edges())
			plain := newPlainSweep(newPlain(&c.a, false), false)
			places := scatteredOver(g, 5500)
			benchmarkHierarchy(b, g, plain, places[:5000], places[5000:])
		})
	}
}

func benchmarkHierarchy(b *testing.B, g *route.Graph, plain *plainSweep, sources, targets []route.Snap) {
	var h *route.Hierarchy
	for threads := 1; threads <= 2; threads++ {
		b.Run(fmt.Sprint("build/threads=", threads), func(b *testing.B) {
			besidePlain(b, plain, threads, func() {
				var err error
				if h, err = g.BuildHierarchy(context.Background(), route.MatrixOptions{Metric: route.ByTime, Threads: threads}); err != nil {
					b.Fatal(err)
				}
			})
			b.ReportMetric(float64(h.Bytes())/(1<<20), "MiB")
		})
	}
	if h == nil {
		return
	}
	for _, kernel := range route.KernelNames() {
		for threads := 1; threads <= 2; threads++ {
			b.Run(fmt.Sprintf("5000x500/%s/threads=%d", kernel, threads), func(b *testing.B) {
				defer route.UseKernel(kernel)()
				o := route.MatrixOptions{Metric: route.ByTime, Threads: threads}
				besidePlain(b, plain, threads, func() {
					if err := g.MatrixValuesBy(context.Background(), h, sources, targets, o, func(int, []uint32) error { return nil }); err != nil {
						b.Fatal(err)
					}
				})
				b.ReportMetric(float64(len(sources)*len(targets)), "cells")
			})
		}
	}
}

// besidePlain measures some work and a plain sweep, in turns.
func besidePlain(b *testing.B, plain *plainSweep, threads int, work func()) {
	clock := busy
	if threads > 1 {
		clock = elapsed
	}
	var ours, theirs []float64
	for b.Loop() {
		theirs = append(theirs, busy(func() { plain.run([]int32{0}) }))
		ours = append(ours, clock(work))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(ours[len(ours)/2], "ms")
	b.ReportMetric(theirs[len(theirs)/2], "ms/plain")
	b.ReportMetric(ours[len(ours)/2]/theirs[len(theirs)/2], "times-plain")
}

// BenchmarkWhereItPays holds matrices by plain sweeps beside those through a
// hierarchy that is ready, by the size of the network and of the smaller side;
// the other side has 2,000 places.
func BenchmarkWhereItPays(b *testing.B) {
	for _, side := range []int{20, 50, 100, 260} {
		g, err := route.FromArrays(roadlike(side, 1))
		if err != nil {
			b.Fatal(err)
		}
		o := route.MatrixOptions{Metric: route.ByTime, Threads: 1}
		h, err := g.BuildHierarchy(context.Background(), o)
		if err != nil {
			b.Fatal(err)
		}
		places := scatteredOver(g, 2000)
		for _, small := range []int{1, 2, 4, 8, 16, 64} {
			b.Run(fmt.Sprintf("nodes=%d/small=%d", g.Nodes(), small), func(b *testing.B) {
				var plain, through []float64
				none := func(int, []uint32) error { return nil }
				for b.Loop() {
					plain = append(plain, busy(func() { _ = g.MatrixValues(context.Background(), places, places[:small], o, none) }))
					through = append(through, busy(func() { _ = g.MatrixValuesBy(context.Background(), h, places, places[:small], o, none) }))
				}
				slices.Sort(plain)
				slices.Sort(through)
				b.ReportMetric(plain[len(plain)/2], "ms/plain")
				b.ReportMetric(through[len(through)/2], "ms/hierarchy")
			})
		}
	}
}

func scatteredOver(g *route.Graph, n int) []route.Snap {
	r := rand.New(rand.NewPCG(11, 11))
	out := make([]route.Snap, n)
	for i := range out {
		out[i] = route.Snap{Edge: r.Int32N(int32(g.Edges()))}
	}
	return out
}
