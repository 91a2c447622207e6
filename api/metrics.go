package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what /metrics tells, in a registry of this server.
type metrics struct {
	registry     *prometheus.Registry
	requests     *prometheus.CounterVec   // by route and status
	seconds      *prometheus.HistogramVec // by route
	buildSeconds prometheus.Histogram
	buildErrors  prometheus.Counter
	tiles        *prometheus.CounterVec // by source: cache, made
	tileSeconds  prometheus.Histogram
	tileThinned  prometheus.Counter
	sockets      prometheus.Gauge
	frames       *prometheus.CounterVec // by kind of frame
	sent         *prometheus.CounterVec // bytes, by kind of frame
	refused      prometheus.Counter
	closed       *prometheus.CounterVec // by close code
	quickly      quickCounters
}

func newMetrics(s *Server) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "qiantu_" + name, Help: help})
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "qiantu_" + name, Help: help}, labels)
	}
	times := func(name, help string) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: "qiantu_" + name, Help: help, Buckets: prometheus.ExponentialBuckets(0.0005, 2, 16)}
	}
	m := &metrics{
		registry:     prometheus.NewRegistry(),
		requests:     counters("http_requests_total", "Requests answered.", "route", "status"),
		seconds:      prometheus.NewHistogramVec(times("http_seconds", "Time to answer."), []string{"route"}),
		buildSeconds: prometheus.NewHistogram(times("world_build_seconds", "Time to read, judge and index what changed.")),
		buildErrors:  counter("world_build_errors_total", "Builds that failed; the old map stayed."),
		tiles:        counters("tiles_total", "Tiles handed out.", "source"),
		tileSeconds:  prometheus.NewHistogram(times("tile_seconds", "Time to make a tile.")),
		tileThinned:  counter("tiles_thinned_total", "Tiles that had to leave something out to fit."),
		sockets:      prometheus.NewGauge(prometheus.GaugeOpts{Name: "qiantu_sockets", Help: "Open map streams."}),
		frames:       counters("socket_frames_total", "Frames sent over map streams.", "kind"),
		sent:         counters("socket_sent_bytes_total", "Bytes of frames sent over map streams.", "kind"),
		refused:      counter("sockets_refused_total", "Map streams refused because too many were open, in all or of one session."),
		closed:       counters("sockets_closed_total", "Map streams ended by the server.", "code"),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.buildSeconds, m.buildErrors, m.tiles, m.tileSeconds,
		m.tileThinned, m.sockets, m.frames, m.sent, m.refused, m.closed, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.quickly = newQuickCounters(m)
	m.gauges(s)
	return m
}

// gauges tells what is read off the server when somebody asks.
func (m *metrics) gauges(s *Server) {
	gauge := func(name, help string, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "qiantu_" + name, Help: help}, read))
	}
	gauge("world_revision", "Revision of the map.", func() float64 { return float64(s.status.read().shown) })
	gauge("store_revision", "Newest revision the store was seen at.", func() float64 { return float64(s.status.read().newest) })
	gauge("world_stale_seconds", "How long the map has been older than the store.", func() float64 { return s.status.read().staleFor.Seconds() })
	gauge("sockets_limit", "Map streams that may be open.", func() float64 { return float64(s.maxSockets) })
	gauge("sockets_of_session_limit", "Map streams that may be open with one session.", func() float64 { return float64(s.maxOfSession) })
	gauge("sockets_sending_bytes", "Bytes of frames that map streams are sending now; one frame each at most, nothing queues up.", func() float64 { return float64(s.hub.sending()) })
	gauge("tile_cache_bytes", "Bytes of tiles held.", func() float64 { return float64(s.tiles.cache.bytes()) })
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// observe counts every request under its route, never under its path.
func (m *metrics) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		route := routeOf(r)
		m.requests.WithLabelValues(route, strconv.Itoa(max(ww.Status(), 100))).Inc()
		if route != "/ws" { // a stream lasts as long as its screen
			m.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
		}
	})
}

// routeOf returns the pattern that matched, so that paths never become labels.
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" {
		return c.RoutePattern()
	}
	return "none"
}
