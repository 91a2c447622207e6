package api

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// tileRoute is the route of tiles, in the router and in the metrics.
const tileRoute = "/tiles/{layer}/{z}/{x}/{y}.mvt"

// heldTile is a made tile as it is sent, its headers made. Headers are shared by
// all answers: nothing changes them.
type heldTile struct {
	body   []byte // gzipped; nil: nothing is drawn
	length []string
	tag    []string // ETag
	whole  bool     // a patch may be laid over it
}

func holdTile(body []byte, tag string) *heldTile {
	return &heldTile{body: body, length: []string{strconv.Itoa(len(body))}, tag: []string{tag}}
}

// Values of headers that many answers share.
var (
	tileType   = []string{"application/vnd.mapbox-vector-tile"}
	tileCache  = []string{"private, no-cache"}
	tileVary   = []string{"Accept-Encoding"}
	tileZipped = []string{"gzip"}
)

// serve takes every request. Tiles that are held go a short way ([quickTile]),
// all else the long one.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.quickTile(w, r) {
		s.routes.ServeHTTP(w, r)
	}
}

// quickTile answers a plain request for a tile that is held, exactly as the long
// way does, for a twentieth of the work; false: it is not such a request, and
// nothing was done. The long way numbers a request for its log line; this one
// leaves that out, and takes none when such lines are wanted.
func (s *Server) quickTile(w http.ResponseWriter, r *http.Request) bool {
	layer, tile, plain := s.plainTile(r)
	now := s.world.Load()
	if !plain || now == nil {
		return false
	}
	start := time.Now()
	caller, err := s.callFrom(r)
	if err != nil {
		return false
	}
	readable := now.scopeOf(caller.person)
	held, ok := s.tiles.cache.get(now.keyOf(tileAsk{tile: tile, layers: layer, scope: readable.key}))
	if !ok {
		return false
	}
	status, ok := quickStatus(r.Header["If-None-Match"], held.tag[0], held.body)
	if !ok {
		return false
	}
	h := w.Header()
	s.harden(h, r)
	h["Etag"], h["Cache-Control"], h["Vary"] = held.tag, tileCache, tileVary
	if status == http.StatusOK {
		h["Content-Type"], h["Content-Encoding"], h["Content-Length"] = tileType, tileZipped, held.length
	}
	w.WriteHeader(status)
	if status == http.StatusOK {
		_, _ = w.Write(held.body) // a reader that left is no error of ours
	}
	s.metrics.quick(status, time.Since(start))
	return true
}

// quickStatus is what is answered on a condition; false: it needs a closer look.
func quickStatus(condition []string, tag string, body []byte) (int, bool) {
	switch {
	case len(condition) == 1 && condition[0] == tag:
		return http.StatusNotModified, true
	case len(condition) > 0:
		return 0, false
	case body == nil:
		return http.StatusNoContent, true
	}
	return http.StatusOK, true
}

// plainTile says which tile a request wants that asks for nothing special: no
// suppositions, a name we answer to, gzip.
func (s *Server) plainTile(r *http.Request) (layer string, tile geo.Tile, plain bool) {
	path, isTile := strings.CutPrefix(r.URL.Path, "/tiles/")
	if !isTile || r.Method != http.MethodGet || r.URL.RawQuery != "" || r.ContentLength != 0 || len(r.RequestURI) > maxURL {
		return "", tile, false
	}
	h := r.Header
	if len(h["Accept-Encoding"]) != 1 || !strings.HasPrefix(h["Accept-Encoding"][0], "gzip") || strings.Contains(h["Accept-Encoding"][0], "q=") || h["Content-Encoding"] != nil {
		return "", tile, false
	}
	if host := hostOf(r.Host); !isLoopback(host) && !s.hosts[strings.ToLower(host)] || s.log.Enabled(r.Context(), slog.LevelDebug) {
		return "", tile, false
	}
	path, isTile = strings.CutSuffix(path, ".mvt")
	layer, rest, ok := strings.Cut(path, "/")
	z, rest, too := strings.Cut(rest, "/")
	x, y, all := strings.Cut(rest, "/")
	if !isTile || !ok || !too || !all || !isLayer(layer) {
		return "", tile, false
	}
	tile, err := parseTile(z, x, y)
	return layer, tile, err == nil
}

// quickCounters are the metrics of the short way, looked up once.
type quickCounters struct {
	requests map[int]prometheus.Counter
	seconds  prometheus.Observer
	tiles    prometheus.Counter
}

func newQuickCounters(m *metrics) quickCounters {
	q := quickCounters{map[int]prometheus.Counter{}, m.seconds.WithLabelValues(tileRoute), m.tiles.WithLabelValues("cache")}
	for _, status := range []int{http.StatusOK, http.StatusNoContent, http.StatusNotModified} {
		q.requests[status] = m.requests.WithLabelValues(tileRoute, strconv.Itoa(status))
	}
	return q
}

// quick counts an answer of the short way as the long one would be.
func (m *metrics) quick(status int, took time.Duration) {
	m.quickly.requests[status].Inc()
	m.quickly.seconds.Observe(took.Seconds())
	if status != http.StatusNotModified {
		m.quickly.tiles.Inc()
	}
}

// grantsKey tells sets of grants apart.
func grantsKey(grants []planner.Grant) string {
	var b strings.Builder
	for _, g := range grants {
		b.WriteString(string(g.Role))
		b.WriteByte(' ')
		b.WriteString(g.Region)
		b.WriteByte('\n')
	}
	return b.String()
}
