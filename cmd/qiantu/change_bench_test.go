package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/data/sample"
	"github.com/qiantu/qiantu/planner"
)

// demoStore is a store with the demo county.
func demoStore(b *testing.B) (*data.Store, *pgx.Conn) {
	b.Helper()
	store, conn := emptyStore(b)
	if _, err := store.Store(b.Context(), sample.County(sample.Options{Seed: 1})); err != nil {
		b.Fatal(err)
	}
	return store, conn
}

// andorraStore is a store with a county of real roads.
func andorraStore(b *testing.B) (*data.Store, *pgx.Conn) {
	b.Helper()
	file := filepath.Join(clustertest.Shared(b), "data", "osm", "andorra-2025-01-19.osm.pbf")
	store, conn := emptyStore(b)
	if _, err := ingest.ImportOSM(b.Context(), store, ingest.Request{Layer: "osm", File: file}); err != nil {
		b.Fatal(err)
	}
	return store, conn
}

func emptyStore(b *testing.B) (*data.Store, *pgx.Conn) {
	b.Helper()
	dsn := clustertest.DB(b)
	store, err := data.Open(b.Context(), dsn, data.WithWarning(func(string) {}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(store.Close)
	conn, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close(context.Background()) })
	return store, conn
}

// edits are changes of a county ($1) that somebody commits by hand; $2 counts them.
var edits = map[string]string{
	"season": `update qiantu.road_segment set all_season = case when $2::int % 2 = 0 then 'yes' else 'no' end
		where county = $1 and id = (select min(id) from qiantu.road_segment where county = $1 and built = 'built' and geom is not null)`,
	"report": `insert into qiantu.progress (county, id, road, road_version, span, stage, on_date, reporter)
		select v.county, gen_random_uuid(), v.road, v.number, int8range($2 * 1000, $2 * 1000 + 900), 'surface', '2020-06-01', 'bench'
		from qiantu.road_version v join qiantu.programme_scope s on s.county = v.county and s.road = v.road
		where v.county = $1 and v.length_mm > 2000000 and v.geom is not null order by v.road limit 1`,
	"line": `update qiantu.road_segment set geom = ST_SetPoint(geom, 0, ST_Translate(ST_StartPoint(geom), 0.000001 * ($2 % 2 - 0.5), 0))
		where county = $1 and id = (select min(id) from qiantu.road_segment where county = $1 and built = 'built' and geom is not null)`,
	"survey": `update qiantu.village set surveyed = not surveyed where county = $1 and $2 > 0
		and id = (select min(id) from qiantu.village where county = $1)`,
}

// screen is an open map stream over a real store, with the figures of a county asked for.
func screen(b *testing.B, store *data.Store, county string) *websocket.Conn {
	b.Helper()
	revision, _, err := store.Revision(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	changes, err := store.Listen(b.Context(), revision)
	if err != nil {
		b.Fatal(err)
	}
	server := api.New(api.Config{Store: store, Open: true, Log: slog.New(slog.DiscardHandler)})
	go func() { _ = server.Run(b.Context(), changes) }() // ends with the context, as nil
	web := httptest.NewServer(server.Handler())
	b.Cleanup(web.Close)
	for {
		response, err := web.Client().Get(web.URL + "/readyz")
		if err != nil {
			b.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode == 200 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	socket, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(web.URL, "http")+"/ws", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { socket.Close() })
	ask := func(frame map[string]any, kind string) {
		if err := socket.WriteJSON(frame); err != nil {
			b.Fatal(err)
		}
		hear(b, socket, kind)
	}
	ask(map[string]any{"type": "hello", "version": 1, "since": 0}, "hello")
	ask(map[string]any{"type": "figures", "region": county, "reports": []string{"completion", "coverage", "relocation"}}, "figures")
	hear(b, socket, "figures")
	hear(b, socket, "figures")
	return socket
}

// hear reads until a frame of that type.
func hear(b *testing.B, socket *websocket.Conn, kind string) {
	b.Helper()
	if err := socket.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		b.Fatal(err)
	}
	for {
		format, body, err := socket.ReadMessage()
		if err != nil {
			b.Fatalf("waiting for %q: %v", kind, err)
		}
		var frame struct{ Type, Code string }
		if format != websocket.TextMessage {
			continue
		}
		if err := json.Unmarshal(body[:min(len(body), 1<<22)], &frame); err != nil {
			b.Fatal(err)
		}
		if frame.Type == kind {
			return
		}
	}
}

// BenchmarkChange is the life of a change: from the commit to the stale frame at an open screen that has asked for all three
// reports. A season leaves the geometry alone; a report of progress cuts a road anew.
func BenchmarkChange(b *testing.B) {
	b.Run("demo", func(b *testing.B) {
		store, conn := demoStore(b)
		changes(b, store, conn, hezhang, "season", "report", "survey")
	})
	b.Run("andorra", func(b *testing.B) {
		store, conn := andorraStore(b)
		changes(b, store, conn, andorra, "season", "line")
	})
}

func changes(b *testing.B, store *data.Store, conn *pgx.Conn, county string, names ...string) {
	socket := screen(b, store, county)
	n := 0
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			var stale []time.Duration
			for b.Loop() {
				n++
				done, err := conn.Exec(b.Context(), edits[name], county, n)
				if err != nil || done.RowsAffected() != 1 {
					b.Fatal(done, err)
				}
				committed := time.Now()
				hear(b, socket, "stale")
				stale = append(stale, time.Since(committed))
				hear(b, socket, "revision")
			}
			report(b, stale, "stale")
		})
	}
}

func report(b *testing.B, took []time.Duration, name string) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, name+"-median-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, name+"-p95-ms")
}

// BenchmarkChangeSteps takes the steps of BenchmarkChange apart.
func BenchmarkChangeSteps(b *testing.B) {
	store, conn := demoStore(b)
	snapshot := func() *planner.Snapshot {
		s, err := store.Snapshot(b.Context(), planner.SnapshotQuery{Region: hezhang})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	b.Run("snapshot", func(b *testing.B) {
		for b.Loop() {
			snapshot()
		}
	})
	s := snapshot()
	b.Run("assess anew", func(b *testing.B) {
		for b.Loop() {
			planner.Assess(s)
		}
	})
	b.Run("assess after a fact", func(b *testing.B) {
		old, next := planner.Assess(s), *s
		next.Segments = slices.Clone(s.Segments)
		next.Segments[0].AllSeason = planner.Unknown
		for b.Loop() {
			planner.AssessAfter(old, &next)
		}
	})
	b.Run("assess after a line", func(b *testing.B) {
		old, next := planner.Assess(s), *s
		next.Segments = slices.Clone(s.Segments)
		first := &next.Segments[0]
		first.Line = slices.Clone(first.Line)
		first.Line[0][0] += 1e-6
		for b.Loop() {
			planner.AssessAfter(old, &next)
		}
	})
	b.Run("layers", func(b *testing.B) {
		a := planner.Assess(s)
		for b.Loop() {
			a.Layers()
		}
	})
	b.Run("plain SQL completion by township", func(b *testing.B) {
		for b.Loop() {
			if _, err := conn.Exec(b.Context(), plainCompletion, hezhang); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, kind := range []planner.ReportKind{planner.ReportCompletion, planner.ReportCoverage, planner.ReportRelocation} {
		b.Run(string(kind), func(b *testing.B) {
			a := planner.Assess(s)
			for b.Loop() {
				if _, err := a.Report(kind, planner.ReportOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// plainCompletion is what a query by hand for the completion by township would be: segments, task and reported spans, without
// carry-over, disputes, shares, weights, plan or evidence.
const plainCompletion = `
	with done as (
		select road, road_version, range_agg(span) as spans from qiantu.progress p
		where county = $1 and stage in ('surface', 'drainage', 'acceptance')
		  and not exists (select from qiantu.progress_revocation r where r.county = $1 and r.progress = p.id)
		group by road, road_version
	), task as (
		select road, road_version, range_agg(span) as spans from qiantu.programme_scope
		where county = $1 and programme = (select id from qiantu.programme where county = $1 order by starts desc limit 1)
		group by road, road_version
	)
	select s.township, sum(m.length), sum(d.length)
	from qiantu.road_segment s
	join task t using (road, road_version)
	left join done using (road, road_version)
	cross join lateral (select sum(upper(x) - lower(x)) as length from unnest(t.spans * int8multirange(s.span)) x) m
	cross join lateral (select sum(upper(x) - lower(x)) as length from unnest(t.spans * done.spans * int8multirange(s.span)) x) d
	where s.county = $1
	group by s.township`
