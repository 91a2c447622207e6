//go:build torture

package route_test

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// A country: 600,000 villages, each with its nearest of 3,000 sites, on a
// network of 20 million nodes, in one sweep. The process stays below 6 GiB.
func TestNational(t *testing.T) {
	const side, villages, sites = 4472, 600_000, 3000
	debug.SetMemoryLimit(4 << 30)
	begin := time.Now()
	a := roadlike(side, 2)
	a.Places = nil
	t.Logf("%d nodes, %d edges drawn in %v", a.Nodes, len(a.Tail), time.Since(begin))
	begin = time.Now()
	g, err := route.FromArrays(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("frozen in %v", time.Since(begin))
	r := rand.New(rand.NewPCG(3, 3))
	place := func() route.Snap {
		edge := r.Int32N(int32(g.Edges()))
		s := g.Place(edge, geo.Millimetre(r.Int64N(int64(g.Edge(edge).Length())+1)))
		s.Access = geo.Millimetre(r.IntN(500_000))
		return s
	}
	var at []route.Snap
	for range sites {
		at = append(at, place())
	}
	q := g.NewQuery()
	q.Metric = route.ByTime
	var sum int64
	begin = time.Now()
	busied := busy(func() {
		q.Toward(at...)
		for range villages {
			reach, ok := q.Reach(place())
			if !ok {
				t.Fatal("a village without a site")
			}
			sum += reach.MS
		}
	})
	t.Logf("%d villages, nearest of %d sites: %v, of it %.0f ms at work; %.1f minutes away on average", villages, sites, time.Since(begin), busied, float64(sum)/villages/60_000)
	if most := mostMemory(t); most > 6<<20 {
		t.Errorf("%d KiB of memory at most, want 6 GiB", most)
	} else {
		t.Logf("%d MiB of memory at most", most>>10)
	}
}

// mostMemory is the most memory that the process has had, in KiB.
func mostMemory(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.Atoi(strings.Fields(value)[0])
			return n
		}
	}
	return 0
}
