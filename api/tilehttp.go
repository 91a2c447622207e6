package api

import (
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// headerLimit is how long a conditional header may be.
const headerLimit = 4096

// getTile serves one layer of one tile, of the world as it is or as a question
// sees a county: 200, 204 when nothing is drawn in it, 304 when the reader has it.
func (s *Server) getTile(w http.ResponseWriter, r *http.Request) {
	name := chi.URLParam(r, "layer")
	if !s.layerNamed(w, r, name) {
		return
	}
	tile, err := parseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y"))
	if err != nil {
		s.problem(w, r, http.StatusNotFound, err.Error())
		return
	}
	now, region, err := s.askedWorld(r.Context(), r.URL.Query())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	ask := tileAsk{tile: tile, layers: name, region: region, scope: now.scopeOf(personOf(r.Context())).key}
	if s.unchanged(w, r, s.tileTag(now.keyOf(ask))) {
		return
	}
	body, err := s.tiles.get(r.Context(), now, ask)
	if err != nil {
		s.tileProblem(w, r, err)
		return
	}
	writeTile(w, r, body)
}

// tileTag is the ETag of a tile.
func (s *Server) tileTag(key tileKey) string {
	tag := s.tag(key.seq, scope{key: key.scope})
	if key.asked != 0 {
		tag = fmt.Sprintf(`%s.%x"`, strings.TrimSuffix(tag, `"`), key.asked)
	}
	return tag
}

// tag is the ETag of what has not changed since the world seq of this process,
// for those who may read the same.
func (s *Server) tag(seq int64, readable scope) string {
	if readable.all() {
		return fmt.Sprintf(`"%s.%d"`, s.boot, seq)
	}
	return fmt.Sprintf(`"%s.%d.%x"`, s.boot, seq, maphash.String(seed, readable.key))
}

// unchanged sets the validators and answers a conditional request when the
// reader's copy is still good, or when the condition is absurd.
func (s *Server) unchanged(w http.ResponseWriter, r *http.Request, tag string) bool {
	condition := strings.Join(r.Header.Values("If-None-Match"), ",")
	if len(condition) > headerLimit {
		s.problem(w, r, http.StatusBadRequest, fmt.Sprintf("If-None-Match is longer than %d bytes", headerLimit))
		return true
	}
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	for _, one := range strings.Split(condition, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

func (s *Server) tileProblem(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case r.Context().Err() != nil: // nobody is there to read it
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "1")
		s.problem(w, r, http.StatusServiceUnavailable, "too many tiles are being made; ask again")
	default:
		s.log.Error("a tile could not be made", "error", err)
		s.problem(w, r, http.StatusInternalServerError, "the tile could not be made")
	}
}

func writeTile(w http.ResponseWriter, r *http.Request, body []byte) {
	if body == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	h.Set("Vary", "Accept-Encoding")
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
	} else if raw, err := unzip(body); err == nil {
		body = raw
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body) // a reader that left is no error of ours
}

// acceptsGzip says whether a reader takes gzip and has not refused it.
func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" || name == "*" {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0"
		}
	}
	return false
}

// tileJSON is the description of a layer's tiles (TileJSON 3.0.0).
type tileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Attribution  string        `json:"attribution,omitempty"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       []float64     `json:"bounds,omitempty"`
	Center       []float64     `json:"center,omitempty"`
	VectorLayers []vectorLayer `json:"vector_layers"`
}

type vectorLayer struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

func (s *Server) getTileJSON(w http.ResponseWriter, r *http.Request) {
	name := chi.URLParam(r, "layer")
	if !s.layerNamed(w, r, name) {
		return
	}
	now, region, err := s.askedWorld(r.Context(), r.URL.Query())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	readable := now.scopeOf(personOf(r.Context()))
	if now.live == nil && s.unchanged(w, r, s.tag(now.seq, readable)) {
		return
	}
	origin := "http://" + r.Host
	if callerOf(r.Context()).trusts {
		origin = "https://" + r.Host
	}
	codes := readable.codes
	if region != "" {
		codes = []string{region}
	}
	doc := now.tileJSON(name, origin, codes)
	if r.URL.RawQuery != "" {
		doc.Tiles[0] += "?" + r.URL.Query().Encode()
	}
	writeJSON(w, http.StatusOK, doc)
}

func (w *world) tileJSON(name, origin string, codes []string) tileJSON {
	doc := tileJSON{
		TileJSON: "3.0.0", Name: name, Tiles: []string{origin + "/tiles/" + name + "/{z}/{x}/{y}.mvt"},
		MaxZoom: 14, VectorLayers: []vectorLayer{{ID: name, Fields: w.fieldsOf(name, codes)}},
	}
	var bounds orb.Bound
	var sources []string
	for i, code := range codes {
		c := w.counties[code]
		if i == 0 || bounds.IsEmpty() {
			bounds = c.info.Bounds
		} else if !c.info.Bounds.IsEmpty() {
			bounds = bounds.Union(c.info.Bounds)
		}
		sources = append(sources, c.info.Source)
	}
	if len(codes) > 0 && !bounds.IsEmpty() {
		doc.Bounds = []float64{bounds.Min[0], bounds.Min[1], bounds.Max[0], bounds.Max[1]}
		doc.Center = []float64{bounds.Center()[0], bounds.Center()[1], 9}
	}
	if name == totalLayer {
		doc.MaxZoom = allVillagesZoom - 1
	}
	doc.Attribution = strings.Join(union(sources, nil), "; ")
	return doc
}

// fields names the attributes of a layer and their types.
func (l *layer) fields(into map[string]string) {
	for i := range l.features {
		for name, value := range l.features[i].attributes {
			switch value.(type) {
			case string:
				into[name] = "String"
			case bool:
				into[name] = "Boolean"
			default:
				into[name] = "Number"
			}
		}
	}
}

// notReady answers 503 with the reason until the first world is there.
func (s *Server) notReady(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "1")
	s.problem(w, r, http.StatusServiceUnavailable, s.reason())
}

// errNotReady is notReady for handlers that return errors.
func (s *Server) errNotReady() error { return planner.Errorf(planner.Unavailable, "%s", s.reason()) }

// reason says why nothing can be drawn yet.
func (s *Server) reason() string {
	st := s.status.read()
	switch {
	case st.problem != "" && s.outside():
		return "the map cannot be drawn yet; the log has the reason"
	case s.outside():
	case st.problem != "":
		return "the map cannot be drawn yet: " + st.problem
	case st.progress != "":
		return "the map is being made: " + st.progress
	}
	return "the map is being made"
}
