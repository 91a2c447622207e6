package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// province is 4 x 4 copies of a real network, 1.45 million segments, some of them finished, with villages strewn over it.
type province struct {
	lines    []orb.LineString
	class    []string
	finished []bool
	villages []orb.Point
}

const (
	provinceSegments = 1_448_728
	provinceVillages = 100_000
)

func newProvince(b *testing.B) *province {
	b.Helper()
	_, x := extract(b, "porto-2015-06.osm.pbf")
	_, segments, _ := planner.RoadsOfOSM(x.Roads)
	rules := planner.DefaultRules()
	g, _ := planner.DriveNetwork(segments, &rules, "dry")
	box := g.Line(0).Bound()
	for e := range int32(g.Edges()) {
		box = box.Union(g.Line(e).Bound())
	}
	p, r := &province{}, rand.New(rand.NewPCG(3, 4))
	dx, dy := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	for copies := 0; len(p.lines) < provinceSegments; copies++ {
		east, south := float64(copies%4)*dx, float64(copies/4)*dy
		for e := int32(0); int(e) < g.Edges() && len(p.lines) < provinceSegments; e++ {
			line := g.Line(e).Clone()
			for i := range line {
				line[i] = orb.Point{line[i][0] + east, line[i][1] - south}
			}
			p.lines, p.class = append(p.lines, line), append(p.class, segments[g.Payload(e)].Class)
			p.finished = append(p.finished, r.IntN(5) < 2)
		}
	}
	for range provinceVillages {
		p.villages = append(p.villages, orb.Point{box.Min[0] + r.Float64()*4*dx, box.Max[1] - r.Float64()*4*dy})
	}
	return p
}

// store puts the province into bare tables, indexed as each question wants it.
func (p *province) store(b *testing.B) *pgx.Conn {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), clustertest.Empty(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close(b.Context()) })
	run := func(statements ...string) {
		b.Helper()
		for _, s := range statements {
			if _, err := conn.Exec(b.Context(), s); err != nil {
				b.Fatalf("%v in %s", err, s)
			}
		}
	}
	run("create table segment (id int, class text, finished boolean, geom geometry(LineString, 4326))", "create table village (id int, geom geometry(Point, 4326))")
	copyRows := func(table string, columns []string, n int, row func(i int) []any) {
		b.Helper()
		if _, err := conn.CopyFrom(b.Context(), pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil })); err != nil {
			b.Fatal(err)
		}
	}
	copyRows("segment", []string{"id", "class", "finished", "geom"}, len(p.lines), func(i int) []any {
		return []any{i, p.class[i], p.finished[i], ewkb.MustMarshal(p.lines[i], 4326)}
	})
	copyRows("village", []string{"id", "geom"}, len(p.villages), func(i int) []any { return []any{i, ewkb.MustMarshal(p.villages[i], 4326)} })
	// For SQL at its best: the plane of UTM 29, and only what is finished in the index. For the same question to the letter: the ellipsoid.
	run("create table finished as select id, geom::geography as geog, ST_Transform(geom, 32629) as plane from segment where finished",
		"create table place as select id, geom::geography as geog, ST_Transform(geom, 32629) as plane from village",
		"create index on finished using gist (geog)", "create index on finished using gist (plane)",
		"analyze finished", "analyze place", "analyze segment", "set max_parallel_workers_per_gather = 0", "set work_mem = '256MB'")
	return conn
}

// askedSQL runs a statement that gives ids, and says how much of a processor it takes.
func askedSQL(b *testing.B, conn *pgx.Conn, statement string, runs int) (ids []int, took time.Duration) {
	b.Helper()
	times := make([]time.Duration, runs)
	for i := range times {
		began := serverTime(b, conn)
		rows, err := conn.Query(b.Context(), statement)
		if err != nil {
			b.Fatal(err)
		}
		if ids, err = pgx.CollectRows(rows, pgx.RowTo[int]); err != nil {
			b.Fatal(err)
		}
		times[i] = serverTime(b, conn) - began
	}
	slices.Sort(times)
	return ids, times[runs/2]
}

// serverTime is the processor time of a connection's backend, in hundredths of a second; it does not count what else the machine does.
func serverTime(b *testing.B, conn *pgx.Conn) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", conn.PgConn().PID()))
	if err != nil {
		b.Fatal(err)
	}
	var user, system int
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// ownTime is the processor time of this program.
func ownTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkGaps asks for the villages without a finished road within a kilometre, and for the nearest finished road of every
// village, of 100,000 villages and 1.45 million segments; of the index that a county keeps, and of PostGIS. The villages found
// are the same: on the ellipsoid to the last one, in the plane of the SQL but for those on the border.
func BenchmarkGaps(b *testing.B) {
	p := newProvince(b)
	conn := p.store(b)
	began := time.Now()
	index := geo.NewLineIndex(p.lines)
	b.Logf("index of %d segments: %v", len(p.lines), time.Since(began).Round(time.Millisecond))
	keep := func(id int) bool { return p.finished[id] }
	b.Run("within", func(b *testing.B) {
		const question = "select v.id from place v where not exists (select from finished f where ST_DWithin(f.%[1]s, v.%[1]s, 1000)) order by v.id"
		plane, planeTook := askedSQL(b, conn, fmt.Sprintf(question, "plane"), 3)
		ellipsoid, ellipsoidTook := askedSQL(b, conn, fmt.Sprintf(question, "geog"), 1)
		var ours []int
		began := ownTime()
		for b.Loop() {
			ours = ours[:0]
			for _, i := range index.Order(p.villages) {
				if !index.Any(p.villages[i], 1000, keep) {
					ours = append(ours, int(i))
				}
			}
			slices.Sort(ours)
		}
		took := ownTime() - began
		if !slices.Equal(ours, ellipsoid) || len(ours) < 1000 || different(ours, plane) > len(ours)/100 {
			b.Fatalf("%d villages, PostGIS %d on the ellipsoid (%d others), %d in the plane (%d others)", len(ours), len(ellipsoid), different(ours, ellipsoid), len(plane), different(ours, plane))
		}
		compare(b, took, planeTook, ellipsoidTook)
	})
	b.Run("nearest", func(b *testing.B) {
		const question = "select n.id from place v cross join lateral (select f.id from finished f order by f.%[1]s <-> v.%[1]s limit 1) n order by v.id"
		plane, planeTook := askedSQL(b, conn, fmt.Sprintf(question, "plane"), 3)
		ours := make([]int, len(p.villages))
		began := ownTime()
		for b.Loop() {
			for _, i := range index.Order(p.villages) {
				h, _ := index.Closest(p.villages[i], math.MaxFloat32, keep)
				ours[i] = h.ID
			}
		}
		took := ownTime() - began
		others := 0
		for i := range ours {
			if ours[i] != plane[i] && !sameDistance(p, i, ours[i], plane[i]) {
				others++
			}
		}
		if others > len(ours)/1000 {
			b.Fatalf("%d of %d villages have another nearest road", others, len(ours))
		}
		compare(b, took, planeTook, 0)
	})
}

// compare reports how much more processor time the SQL took than an iteration here, of what all iterations took.
func compare(b *testing.B, took, plane, ellipsoid time.Duration) {
	ours := float64(took) / float64(b.N)
	b.ReportMetric(ours/1e6, "cpu-ms")
	b.ReportMetric(plane.Seconds()*1000, "sql-cpu-ms")
	b.ReportMetric(float64(plane)/ours, "times")
	if ellipsoid > 0 {
		b.ReportMetric(float64(ellipsoid)/ours, "times-ellipsoid")
	}
}

// different counts what is in one sorted list only.
func different(a, b []int) int {
	n := 0
	for _, v := range a {
		if _, found := slices.BinarySearch(b, v); !found {
			n++
		}
	}
	return n + len(b) - (len(a) - n)
}

// sameDistance says whether two roads are as near to a village, within a thousandth and a millimetre: the plane has its own measure.
func sameDistance(p *province, village, a, c int) bool {
	x, y := distance(p, village, a), distance(p, village, c)
	return math.Abs(x-y) <= 0.001*math.Max(x, y)+0.001
}

func distance(p *province, village, line int) float64 {
	metres, _ := geo.DistanceToLine(p.villages[village], p.lines[line])
	return metres
}
