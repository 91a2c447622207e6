package api

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/planner"
)

// The layers of BenchmarkTiles: 4 x 4 copies of a real network, each with four
// attributes besides its id.
const (
	benchRoads       = 1_448_728
	benchPoints      = 1_000_000
	benchVillages    = 100_000
	benchConnections = 8
	benchCounty      = "350000"
)

// benchLayers are roads and villages as planner would draw them.
type benchLayers struct{ roads, points []planner.Feature }

// newBenchLayers makes so many copies to a side, with at most so many roads and so
// many points.
func newBenchLayers(b *testing.B, side, most, points int) benchLayers {
	b.Helper()
	x, err := osm.Read(b.Context(), filepath.Join(clustertest.Shared(b), "data", "osm", "porto-2015-06.osm.pbf"))
	if err != nil {
		b.Fatal(err)
	}
	_, segments, _ := planner.RoadsOfOSM(x.Roads)
	rules := planner.DefaultRules()
	g, _ := planner.DriveNetwork(segments, &rules, "dry")
	box := g.Line(0).Bound()
	for e := range int32(g.Edges()) {
		box = box.Union(g.Line(e).Bound())
	}
	// In the order of roads, as planner lists their pieces.
	edges := make([]int32, g.Edges())
	for e := range edges {
		edges[e] = int32(e)
	}
	slices.SortStableFunc(edges, func(a, b int32) int { return cmp.Compare(g.Payload(a), g.Payload(b)) })
	out, r := benchLayers{}, rand.New(rand.NewPCG(7, 8))
	states := []string{"done", "doing", "not_started", "planned", "existing"}
	for copies := 0; copies < side*side; copies++ {
		east, south := float64(copies%side)*(box.Max[0]-box.Min[0]), float64(copies/side)*(box.Max[1]-box.Min[1])
		for _, e := range edges[:min(len(edges), most-len(out.roads))] {
			line := g.Line(e).Clone()
			for i := range line {
				line[i] = orb.Point{line[i][0] + east, line[i][1] - south}
			}
			s := segments[g.Payload(e)]
			out.roads = append(out.roads, planner.Feature{ID: uint64(len(out.roads) + 1), Geometry: line, Properties: map[string]any{
				"class": s.Class, "surface": s.Surface, "all_season": string(s.AllSeason), "state": states[int(s.Road)%len(states)],
			}})
		}
	}
	verdicts := []string{"connected", "reached", "not", "unknown"}
	for i := range points {
		line := out.roads[r.IntN(len(out.roads))].Geometry.(orb.LineString)
		at := orb.Point{line[0][0] + r.NormFloat64()*0.002, line[0][1] + r.NormFloat64()*0.002}
		out.points = append(out.points, planner.Feature{ID: uint64(i + 1), Geometry: at, Properties: map[string]any{
			"kind": "hamlet", "name": fmt.Sprint("村", i), "verdict": verdicts[r.IntN(4)], "persons": int64(r.IntN(900)),
		}})
	}
	return out
}

// world is a world of one county that shows the layers.
func (l benchLayers) world(b *testing.B) *world {
	b.Helper()
	before, began := heapOf(), time.Now()
	c := &county{number: countyNumbers.Add(1), info: planner.County{Region: planner.Region{Code: benchCounty}}, layers: map[string]*layer{}}
	for name, drawn := range map[string][]planner.Feature{"road": l.roads, "village": l.points} {
		c.layers[name] = newLayer(name, newFeatures(drawn, nil), nil)
	}
	ready := 0
	for _, l := range c.layers {
		ready += l.tree.Bytes()
	}
	n := len(l.roads) + len(l.points)
	b.Logf("%d features readied and indexed in %v; %d bytes each for tiles, %d with what tells changes apart, beside what planner holds",
		n, time.Since(began).Round(time.Millisecond), ready/n, (heapOf()-before)/uint64(n))
	return (*world)(nil).next(1, day, map[string]*county{benchCounty: c})
}

func heapOf() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// store puts the layers into tables as a tile server reads them.
func (l benchLayers) store(b *testing.B) (dsn string) {
	b.Helper()
	dsn = clustertest.Empty(b)
	conn, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	run := func(statements ...string) {
		for _, s := range statements {
			if _, err := conn.Exec(b.Context(), s); err != nil {
				b.Fatalf("%v in %s", err, s)
			}
		}
	}
	for table, drawn := range map[string][]planner.Feature{"road": l.roads, "village": l.points} {
		names := sortedKeys(drawn[0].Properties)
		columns := make([]string, len(names))
		for i, name := range names {
			columns[i] = name + map[bool]string{true: " int8", false: " text"}[isNumber(drawn[0].Properties[name])]
		}
		run(fmt.Sprintf("create table %s (id int8, %s, geom geometry(Geometry, 4326))", table, strings.Join(columns, ", ")))
		_, err := conn.CopyFrom(b.Context(), pgx.Identifier{table}, append(append([]string{"id"}, names...), "geom"), pgx.CopyFromSlice(len(drawn), func(i int) ([]any, error) {
			row := []any{int64(drawn[i].ID)}
			for _, name := range names {
				row = append(row, drawn[i].Properties[name])
			}
			return append(row, ewkb.MustMarshal(drawn[i].Geometry, 4326)), nil
		}))
		if err != nil {
			b.Fatal(err)
		}
		run(fmt.Sprintf("alter table %s alter geom type geometry(Geometry, 3857) using ST_Transform(geom, 3857)", table),
			fmt.Sprintf("create index %s_geom on %s using gist (geom)", table, table), fmt.Sprintf("vacuum analyze %s", table))
	}
	return dsn
}

func isNumber(v any) bool { _, is := v.(int64); return is }

// tileSQL makes a tile of a table whose columns are named.
func tileSQL(result, table string, columns []string) string {
	return fmt.Sprintf(`select `+result+` from (
select id, %s, ST_AsMVTGeom(geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) geom from %s
where geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)) t where geom is not null`, strings.Join(columns, ", "), table)
}

// timeSQL makes the tiles over connections at once and says how much of a
// processor each took the servers.
func timeSQL(b *testing.B, dsn, statement string, tiles []geo.Tile) time.Duration {
	b.Helper()
	var next, spent atomic.Int64
	var work sync.WaitGroup
	for range benchConnections {
		work.Go(func() {
			conn, err := pgx.Connect(context.Background(), dsn)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close(context.Background())
			for _, s := range []string{"set max_parallel_workers_per_gather = 0", "set jit = off"} {
				_, _ = conn.Exec(context.Background(), s)
			}
			ask := func(t geo.Tile) {
				var n int64
				if err := conn.QueryRow(context.Background(), statement, int(t.Z), int(t.X), int(t.Y)).Scan(&n); err != nil {
					b.Error(err)
				}
			}
			ask(tiles[0]) // plans, and reads what a first question reads
			before := backendTime(b, conn)
			for i := next.Add(1) - 1; int(i) < len(tiles); i = next.Add(1) - 1 {
				ask(tiles[i])
			}
			spent.Add(int64(backendTime(b, conn) - before))
		})
	}
	work.Wait()
	return time.Duration(spent.Load() / int64(len(tiles)))
}

// zippedSQL is how many bytes the tiles have, gzipped at the usual level, as a
// server would send them.
func zippedSQL(b *testing.B, dsn, statement string, tiles []geo.Tile) float64 {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	sum := 0
	for _, t := range tiles {
		var tile []byte
		if err := conn.QueryRow(b.Context(), statement, int(t.Z), int(t.X), int(t.Y)).Scan(&tile); err != nil {
			b.Fatal(err)
		}
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		_, _ = z.Write(tile) // into memory: it never fails
		_ = z.Close()
		sum += out.Len()
	}
	return float64(sum) / float64(len(tiles))
}

// backendTime is the processor time of a connection's backend, in hundredths of a
// second.
func backendTime(b *testing.B, conn *pgx.Conn) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", conn.PgConn().PID()))
	if err != nil {
		b.Error(err)
		return 0
	}
	var user, system int
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		b.Error(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// ownTime is the processor time of this program.
func ownTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fixedTiles are tiles that hold something of a layer, each once, drawn by a seed
// from all that do.
func fixedTiles(drawn []planner.Feature, zoom uint32, n int) []geo.Tile {
	there := map[geo.Tile]bool{}
	for i := range drawn {
		there[geo.TileAt(drawn[i].Geometry.Bound().Center(), zoom)] = true
	}
	out := slices.SortedFunc(maps.Keys(there), compareTiles)
	r := rand.New(rand.NewPCG(uint64(zoom), 9))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(n, len(out))]
}

// wire is what a reader of tiles saw.
type wire struct {
	Requests, Bytes int
	P50, P99, Most  time.Duration
}

// readTiles has a process of its own ask for tiles over connections at once, each
// once, or for as long as said. It gives what that saw and how much of a processor
// each took this one.
func readTilesOver(b *testing.B, s *Server, layer string, tiles []geo.Tile, last time.Duration) (wire, time.Duration) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() { _ = srv.Serve(l) }()
	defer srv.Close()
	var list strings.Builder
	for _, t := range tiles {
		fmt.Fprintf(&list, "/tiles/%s/%s.mvt\n", layer, t)
	}
	client := exec.Command(os.Args[0])
	client.Env = append(os.Environ(), "GOMAXPROCS=1", tileReader+"="+l.Addr().String()+" "+last.String())
	client.Stdin = strings.NewReader(list.String())
	before := ownTime()
	out, err := client.Output()
	spent := ownTime() - before
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var seen wire
	line, _, _ := bytes.Cut(out, []byte("\n"))
	if err := json.Unmarshal(line, &seen); err != nil || seen.Requests == 0 {
		b.Fatalf("%v: %s", err, out)
	}
	return seen, spent / time.Duration(seen.Requests)
}

// tileReader says, to a process of the benchmark's own, whom to ask and for how long.
const tileReader = "QIANTU_TILE_READER"

// askTiles is the other side of BenchmarkTiles, in a process of its own: it asks for what stands in the standard input and
// says what it saw.
func askTiles(order string) error {
	address, for_, _ := strings.Cut(order, " ")
	last, err := time.ParseDuration(for_)
	if err != nil {
		return err
	}
	list, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	paths := strings.Fields(string(list))
	var next atomic.Int64
	var mu sync.Mutex
	var seen wire
	var times []time.Duration
	var work sync.WaitGroup
	var failed error
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = err
	}
	end := time.Now().Add(last)
	for range benchConnections {
		work.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				fail(err)
				return
			}
			defer conn.Close()
			r, own, bytes := bufio.NewReaderSize(conn, 1<<16), []time.Duration(nil), 0
			for {
				i := int(next.Add(1) - 1)
				if last == 0 && i >= len(paths) || last > 0 && time.Now().After(end) {
					break
				}
				began := time.Now()
				n, err := askTile(conn, r, paths[i%len(paths)])
				if err != nil {
					fail(err)
					return
				}
				own, bytes = append(own, time.Since(began)), bytes+n
			}
			mu.Lock()
			defer mu.Unlock()
			times, seen.Bytes = append(times, own...), seen.Bytes+bytes
		})
	}
	work.Wait()
	if failed != nil {
		return failed
	}
	slices.Sort(times)
	seen.Requests, seen.P50, seen.P99, seen.Most = len(times), times[len(times)/2], times[len(times)*99/100], times[len(times)-1]
	text, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	fmt.Println(string(text))
	return nil
}

// askTile asks for one tile and gives the size of its body.
func askTile(conn net.Conn, r *bufio.Reader, path string) (int, error) {
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n"); err != nil {
		return 0, err
	}
	size, status := 0, ""
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		switch {
		case status == "":
			status = string(line[9:12])
		case len(line) <= 2:
			_, err := r.Discard(size)
			if status != "200" && status != "204" {
				return 0, fmt.Errorf("%s answered %s", path, status)
			}
			return size, err
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			if size, err = strconv.Atoi(string(bytes.TrimSpace(line[16:]))); err != nil {
				return 0, err
			}
		}
	}
}

// BenchmarkTiles serves tiles over HTTP to eight connections, each tile made, and
// each from memory, beside ST_AsMVT over eight connections in the same run. Both
// are counted in processor time of the serving side, so tiles/core-s are those of
// one processor. Bytes are as sent, gzipped.
func BenchmarkTiles(b *testing.B) {
	layers := newBenchLayers(b, 4, benchRoads, benchPoints)
	dsn, w := layers.store(b), layers.world(b)
	for _, zoom := range []struct {
		zoom uint32
		n    int
	}{{14, 4000}, {11, 120}} {
		benchTiles(b, w, dsn, "road", layers.roads, zoom.zoom, zoom.n)
		benchTiles(b, w, dsn, "village", layers.points, zoom.zoom, zoom.n)
	}
	small := newBenchLayers(b, 1, 90_508, 100_000)
	dsn, w = small.store(b), small.world(b)
	benchTiles(b, w, dsn, "road", small.roads, 8, 16)
	benchTiles(b, w, dsn, "village", small.points, 8, 16)
	benchTiles(b, w, dsn, totalLayer, small.points, 8, 16)
}

func benchTiles(b *testing.B, w *world, dsn, layer string, drawn []planner.Feature, zoom uint32, n int) {
	b.Run(fmt.Sprintf("%s/z%d", layer, zoom), func(b *testing.B) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		tiles := fixedTiles(drawn, zoom, n)
		serve := func(cache int64) *Server {
			s := New(Config{Store: newFake(smallCounty("520527", 104.5)), Log: quiet(), TileCache: cache})
			s.world.Store(w)
			return s
		}
		for b.Loop() {
			made, each := readTilesOver(b, serve(1), layer, tiles, 0)
			b.ReportMetric(float64(time.Second/each), "made/core-s")
			b.ReportMetric(float64(made.P50.Microseconds())/1000, "made-p50-ms")
			b.ReportMetric(float64(made.P99.Microseconds())/1000, "made-p99-ms")
			b.ReportMetric(float64(made.Bytes)/float64(made.Requests)/1000, "kB")
			b.ReportMetric(float64(len(tiles)), "tiles")
			if layer != totalLayer {
				tile, columns := "ST_AsMVT(t, '"+layer+"', 4096, 'geom', 'id')", sortedKeys(drawn[0].Properties)
				sql := timeSQL(b, dsn, tileSQL("length("+tile+")", layer, columns), tiles)
				b.ReportMetric(float64(time.Second/sql), "sql/core-s")
				b.ReportMetric(zippedSQL(b, dsn, tileSQL(tile, layer, columns), tiles[:min(len(tiles), 400)])/1000, "sql-kB")
				b.ReportMetric(float64(sql)/float64(each), "times-sql")
			}
			s := serve(1 << 30)
			readTilesOver(b, s, layer, tiles, 0)
			held, each := readTilesOver(b, s, layer, tiles, 2*time.Second)
			b.ReportMetric(float64(time.Second/each), "held/core-s")
			b.ReportMetric(float64(held.P99.Microseconds())/1000, "held-p99-ms")
		}
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkPanning opens a map of 1.45 million segments and 100,000 villages at
// each zoom and pulls it about: every view wants the 4 x 3 tiles of a wide screen,
// all layers in each, one after the other as a stream makes them, and each step
// moves by a tile. Tiles that were made are held.
func BenchmarkPanning(b *testing.B) {
	layers := newBenchLayers(b, 4, benchRoads, benchVillages)
	w := layers.world(b)
	middle := layers.roads[len(layers.roads)/3].Geometry.Bound().Center()
	for zoom := uint32(7); zoom <= 16; zoom++ {
		b.Run(fmt.Sprint("z", zoom), func(b *testing.B) {
			for b.Loop() {
				s := New(Config{Store: newFake(smallCounty("520527", 104.5)), Log: quiet(), TileCache: 1 << 30})
				walls, spent := pan(b, s, w, geo.TileAt(middle, zoom))
				b.ReportMetric(float64(walls[0].Microseconds())/1000, "open-ms")
				b.ReportMetric(float64(spent[0].Microseconds())/1000, "open-cpu-ms")
				b.ReportMetric(float64(slices.Max(walls[1:]).Microseconds())/1000, "pan-most-ms")
				b.ReportMetric(float64(slices.Max(spent[1:]).Microseconds())/1000, "pan-most-cpu-ms")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// pan gives how long each view took, and how much of a processor.
func pan(b *testing.B, s *Server, w *world, at geo.Tile) (walls, spent []time.Duration) {
	b.Helper()
	for step := range uint32(40) {
		began, cpu := time.Now(), ownTime()
		for i := range uint32(12) {
			tile := geo.Tile{Z: at.Z, X: at.X + i%4, Y: at.Y + i/4}
			if !tile.Exists() {
				continue
			}
			if _, err := s.tiles.get(b.Context(), w, tileAsk{tile: tile, layers: wanted(mapLayers)}); err != nil {
				b.Fatal(err)
			}
		}
		walls, spent = append(walls, time.Since(began)), append(spent, ownTime()-cpu)
		if step%3 == 2 {
			at.Y++
		} else {
			at.X++
		}
	}
	return walls, spent
}
