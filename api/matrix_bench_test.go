package api

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// gridCounty is a county of side by side crossings some hundred metres apart,
// with two of three streets between them: about the junctions and edges of
// porto for side 260.
func gridCounty(side int) (*planner.Snapshot, []orb.Point) {
	s := smallCounty("520527", 104.5)
	s.Roads, s.Segments, s.Progress, s.Programmes = nil, nil, nil, nil
	r := rand.New(rand.NewPCG(1, 2))
	at := make([]orb.Point, side*side)
	for i := range at {
		at[i] = orb.Point{104.5 + 0.001*(float64(i%side)+0.4*r.Float64()), 27 + 0.001*(float64(i/side)+0.4*r.Float64())}
	}
	street := func(a, b int) {
		id := planner.ID(len(s.Segments) + 1)
		line := orb.LineString{at[a], at[b]}
		length := int64(geo.Length(line))
		span := chainage.Span{To: length}
		s.Roads = append(s.Roads, planner.Road{ID: id, Class: "class4", Version: 1, Length: length, Line: line})
		s.Segments = append(s.Segments, planner.Segment{ID: id, Road: id, Version: 1, Span: span, Class: "class4", Surface: "cement",
			AllSeason: planner.Yes, Built: planner.BuiltYes, Direction: planner.Both, Routable: true, Line: line})
	}
	for i := range at {
		if i%side+1 < side && r.IntN(3) > 0 {
			street(i, i+1)
		}
		if i+side < len(at) && r.IntN(3) > 0 {
			street(i, i+side)
		}
	}
	return s, at
}

// BenchmarkMatrix is a table of 5,000 x 500 places that stand on crossings,
// through the service: from the request sent over a real socket until the last
// value has come; beside it what of that is snapping and what is computing.
func BenchmarkMatrix(b *testing.B) {
	snapshot, at := gridCounty(260)
	made := newCounty(planner.County{Region: snapshot.Region}, snapshot, nil)
	for name, keeper := range map[string]*route.Keeper{"sweeps": nil, "hierarchy": route.NewKeeper("", 2, nil)} {
		b.Run(name, func(b *testing.B) {
			s := New(Config{Store: newFake(snapshot), Log: quiet(), Hierarchies: keeper})
			s.world.Store((*world)(nil).next(7, day, map[string]*county{"520527": made}))
			tables(b, s, at)
		})
		if keeper != nil {
			keeper.Close()
		}
	}
}

func tables(b *testing.B, s *Server, at []orb.Point) {
	base := serveOn(b, s)
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(n int) []orb.Point {
		out := make([]orb.Point, n)
		for i := range out {
			out[i] = at[r.IntN(len(at))]
		}
		return out
	}
	from, to := pick(5000), pick(500)
	body, err := json.Marshal(map[string]any{"region": "520527", "metric": "s", "from": from, "to": to})
	if err != nil {
		b.Fatal(err)
	}
	drive, err := s.world.Load().counties["520527"].drive("")
	if err != nil {
		b.Fatal(err)
	}
	compute := func() {
		options := route.MatrixOptions{Metric: route.ByTime, Keeper: s.keeper}
		if err := drive.Matrix(b.Context(), from, to, options, func(int, []uint32) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	if compute(); s.keeper != nil {
		s.keeper.Wait()
	}
	bare := bareWire(b, 4*5000*500)
	var service, snapping, both, wire time.Duration
	for b.Loop() {
		wire += bare()
		start := time.Now()
		answer, err := http.Post(base+"/api/v1/matrix", "application/json", strings.NewReader(string(body)))
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if err != nil || n != 4*5000*500 {
			b.Fatal(n, err)
		}
		service += time.Since(start)
		start = time.Now()
		drive.Snap(from)
		drive.Snap(to)
		snapping += time.Since(start)
		start = time.Now()
		compute()
		both += time.Since(start)
	}
	b.ReportMetric(float64(service.Milliseconds())/float64(b.N), "service-ms")
	b.ReportMetric(float64(snapping.Milliseconds())/float64(b.N), "snap-ms")
	b.ReportMetric(float64(wire.Milliseconds())/float64(b.N), "wire-ms")
	b.ReportMetric(float64((both-snapping).Milliseconds())/float64(b.N), "compute-ms")
	b.ReportMetric(float64(service-snapping)/float64(both-snapping), "snapped-service/compute")
}

// bareWire is how long so many bytes take from a server that has them ready, in
// pieces as large as those of a matrix: what no service can undercut.
func bareWire(b *testing.B, bytes int) func() time.Duration {
	b.Helper()
	piece := make([]byte, matrixPiece)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(bytes))
		for left := bytes; left > 0; left -= len(piece) {
			if _, err := w.Write(piece[:min(left, len(piece))]); err != nil {
				return
			}
		}
	}))
	b.Cleanup(server.Close)
	return func() time.Duration {
		start := time.Now()
		answer, err := http.Get(server.URL)
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if n, err := io.Copy(io.Discard, answer.Body); err != nil || n != int64(bytes) {
			b.Fatal(n, err)
		}
		return time.Since(start)
	}
}
