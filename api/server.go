package api

import (
	"cmp"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/qiantu/qiantu/frontend"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// Config is what a server is made of.
type Config struct {
	Store      Store
	Log        *slog.Logger // nil: slog.Default
	Version    string       // of the program, shown in the OpenAPI description
	TileCache  int64        // bytes of tiles held; zero: 64 MiB
	MaxSockets int          // open map streams; zero: 256
	MaxSession int          // of them of one session; zero: 20

	Ledger Ledger           // what is entered goes there; nil: the service reads only
	Now    func() time.Time // the clock that says which day it is; nil: time.Now

	Hierarchies *route.Keeper // speeds up big matrices; nil: they are made without

	Bulletins Bulletins // where bulletins are kept; nil: there are none

	Backdrops []Backdrop // services of map tiles that the map may lie on

	Rights    <-chan struct{} // something comes when anyone's rights changed; nil: they are looked up each second
	Open      bool            // guests may read everything until somebody can sign in
	Demo      bool            // the ready roles may be taken without a password
	Hosts     []string        // the names answered to, besides those of this machine
	BehindTLS bool            // a proxy on this machine ends TLS
	TLS       *tls.Config     // nil: plain HTTP
}

// Server answers requests out of a live world. Make one with [New], keep it
// alive with [Server.Run], and serve [Server.Handler].
type Server struct {
	store        Store
	log          *slog.Logger
	version      string
	maxSockets   int
	maxOfSession int
	boot         string // differs from start to start; part of every ETag

	rightsNotices <-chan struct{}
	demo          bool
	behindTLS     bool
	hosts         map[string]bool // in lower case
	tls           *tls.Config
	callers       *callers
	hasher        *hasher
	backoff       *backoff

	works *works // the ledger of works

	world   atomic.Pointer[world]
	status  status
	tiles   *tiles
	asks    *asks
	costly  *costly
	keeper  *route.Keeper
	book    *scenarioBook
	hub     *hub
	metrics *metrics
	routes  chi.Router

	patience times // with map streams
	matrices *matrices
	plans    *plans
	fonts    printFonts
	flows    chan struct{} // places where light assignments are made
	flowsOf  quota

	bulletins Bulletins

	backdrops *backdrops
}

// New makes a server.
func New(c Config) *Server {
	s := &Server{
		store: c.Store, log: c.Log, version: c.Version, maxSockets: cmp.Or(c.MaxSockets, 256), maxOfSession: cmp.Or(c.MaxSession, maxOfSession), patience: patience,
		rightsNotices: c.Rights, demo: c.Demo, behindTLS: c.BehindTLS, hosts: hostSet(c.Hosts), tls: c.TLS,
		callers: newCallers(c.Store, c.Open), hasher: newHasher(), backoff: newBackoff(),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.version == "" {
		s.version = "0"
	}
	if c.TileCache == 0 {
		c.TileCache = 64 << 20
	}
	s.works = newWorks(c.Ledger, c.Now)
	s.boot, s.keeper, s.matrices, s.plans = nonce(), c.Hierarchies, newMatrices(), newPlans()
	s.flows, s.flowsOf, s.backdrops = newFlows(), newQuota(flowsEach), newBackdrops(c.Backdrops)
	s.bulletins = c.Bulletins
	s.tiles = newTiles(c.TileCache)
	s.asks, s.costly = newAsks(newPast(c.Store)), newCostly()
	s.hub = newHub()
	s.book = newScenarioBook(c.Store, s.log, s.hub.wake)
	s.metrics = newMetrics(s)
	s.tiles.metrics, s.tiles.tag = s.metrics, s.tileTag
	s.routes = s.route()
	return s
}

func nonce() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails; see crypto/rand
	return hex.EncodeToString(b[:])
}

// Handler answers every request; it may be used before [Server.Run] has built
// the first world, and then says so.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// route lays out the whole surface.
func (s *Server) route() chi.Router {
	r := chi.NewRouter()
	r.Use(identify, s.metrics.observe, s.record, s.secure, s.ownHost, s.limit, s.guardWrites, middleware.GetHead)
	r.NotFound(s.notFound)
	r.MethodNotAllowed(s.notAllowed)

	r.With(s.withCaller).Get("/ws", s.getStream)
	r.Group(func(r chi.Router) {
		r.Use(compressor())
		r.Get("/healthz", s.getHealth)
		r.Get("/readyz", s.getReady)
		r.Get("/*", s.page(frontend.Handler()))
	})
	r.Group(func(r chi.Router) {
		r.Use(plainly(compressor()), s.withCaller)
		r.Get("/metrics", s.getMetrics)
		r.Get("/tiles/{layer}.json", s.getTileJSON)
		r.Get(tileRoute, s.getTile)
		r.Get("/tiles/backdrop/{id}/{layer}/{z}/{x}/{y}", s.getBackdrop)
		r.Get("/tiles/relief/{z}/{x}/{y}.png", s.getRelief)

		v1 := s.describe(r)
		s.routeRevision(v1)           // /api/v1/revision
		s.routeRegions(v1)            // /api/v1/regions, /api/v1/regions/{code}
		s.routeReport(v1)             // /api/v1/report/{kind}
		s.routeEvidence(v1)           // /api/v1/evidence
		s.routeFeature(v1)            // /api/v1/feature/{layer}/{id}
		s.routeSearch(v1)             // /api/v1/search
		s.routeLegend(v1)             // /api/v1/legend
		s.routeBackdrops(v1)          // /api/v1/backdrops
		s.routeDistance(v1)           // /api/v1/distances
		s.routeMatrix(v1)             // /api/v1/matrix
		s.routePlans(v1)              // /api/v1/plan/decide, assign, site, {id}, {id}/stop
		s.routeFlow(v1)               // /api/v1/plan/flow
		s.routeCurvePlan(v1)          // /api/v1/plan/curve
		s.routeVillages(v1)           // /api/v1/villages
		s.routeProof(v1)              // /api/v1/proof
		s.routeRanking(v1)            // /api/v1/ranking
		s.routeWorth(v1)              // /api/v1/inspections/worth
		s.routeManifest(v1)           // /api/v1/manifest
		s.routeMapSheet(v1)           // /api/v1/export/map
		s.routeIsochrone(v1)          // /api/v1/isochrone
		s.routeCoverageDifference(v1) // /api/v1/coverage/difference
		s.routeWaterDifference(v1)    // /api/v1/water/difference
		s.routeSites(v1)              // /api/v1/sites, /api/v1/site/{id}
		s.routeHazard(v1)             // /api/v1/hazards, /api/v1/hazard/impact
		s.routeSession(v1)            // /api/v1/session, /api/v1/setup, /api/v1/demo/session
		s.routeUsers(v1)              // /api/v1/me, /api/v1/users
		s.routeScenarios(v1)          // /api/v1/scenarios, what docs/scenario.md describes
		s.routeWorks(v1)              // what docs/works.md describes
		s.routeBulletins(v1)          // /api/v1/periods, /api/v1/bulletins/{subject}/{number}
		s.routeWall(v1)               // /api/v1/wall, .../brief, .../links, /api/v1/duties
	})
	return r
}

// page serves the web map, and problems for what is missing under the paths
// that programs read.
func (s *Server) page(files http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, folder := range []string{"/api", "/tiles", "/ogc", "/ws", "/healthz", "/readyz", "/metrics"} {
			if isUnder(r.URL.Path, folder) {
				s.notFound(w, r)
				return
			}
		}
		files.ServeHTTP(w, r)
	}
}

func (s *Server) getHealth(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// outside says whether others than this machine may be asking.
func (s *Server) outside() bool { return s.behindTLS || len(s.hosts) > 0 }

// getMetrics is for this machine, and for administrators.
func (s *Server) getMetrics(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	if s.outside() && !isLoopback(c.address) && !c.person.May(planner.ActionAdminister) {
		s.problem(w, r, http.StatusNotFound, "nothing is here for you")
		return
	}
	s.metrics.handler().ServeHTTP(w, r)
}

func (s *Server) getReady(w http.ResponseWriter, r *http.Request) {
	now := s.world.Load()
	if now == nil {
		s.notReady(w, r)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"status": "ready", "revision": now.revision})
}
