package route_test

import (
	"runtime"
	"testing"

	"github.com/qiantu/qiantu/geo/route"
)

// heap is what is allocated after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A graph from arrays takes the 60 bytes of an edge and, with three nodes to
// four edges, three quarters of the 12 of a node and of 16 for its place; a
// query 16 bytes a node, and its queues.
func TestMemoryPerEdge(t *testing.T) {
	before := heap()
	a := roadlike(300, 3)
	g, err := route.FromArrays(a)
	if err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(g)
	edges := int64(g.Edges())
	if got := (heap() - before) / edges; got < 60 || got > 100 {
		t.Errorf("%d bytes an edge", got)
	}
	before = heap()
	q := g.NewQuery()
	q.Metric = route.ByTime
	q.From(g.Place(0, 0))
	if got := (heap() - before) / int64(g.Nodes()); got < 16 || got > 32 {
		t.Errorf("a query takes %d bytes a node", got)
	}
	runtime.KeepAlive(g)
	runtime.KeepAlive(q)
}
