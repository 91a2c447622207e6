package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/qiantu/qiantu/geo"
)

// How backdrops are asked.
const (
	backdropTimeout  = 10 * time.Second
	backdropPicture  = 1 << 20  // bytes of one tile
	backdropCache    = 32 << 20 // bytes of all that are held
	backdropHeld     = 24 * time.Hour
	backdropRefusal  = 30 * time.Second // a refusal is held, not asked for again
	backdropsAtOnce  = 8
	backdropInBrowse = "private, max-age=3600"
)

// pictures are what a tile may be; it is judged by its bytes, not by what its
// server says it is.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/webp": true}

// backdrops asks the configured services for tiles, each once, politely.
type backdrops struct {
	list   []Backdrop
	client *http.Client
	cache  *lru[backdropTile, *backdropAnswer]
	flight flight[backdropTile, *backdropAnswer]
	places chan struct{} // where services are asked
	now    func() time.Time

	mu      sync.Mutex
	problem map[string]string // by id: why the last tile did not come
}

type backdropTile struct {
	id    string
	layer int
	tile  geo.Tile
}

// backdropAnswer is a tile, or why there is none.
type backdropAnswer struct {
	kind, refusal string
	body          []byte
	until         time.Time
}

func newBackdrops(list []Backdrop) *backdrops {
	return &backdrops{
		list: list, cache: newLRU[backdropTile, *backdropAnswer](backdropCache), places: make(chan struct{}, backdropsAtOnce),
		now: time.Now, problem: map[string]string{},
		client: &http.Client{
			Timeout:       backdropTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
				MaxIdleConnsPerHost: backdropsAtOnce, MaxResponseHeaderBytes: 64 << 10, ResponseHeaderTimeout: backdropTimeout,
			},
		},
	}
}

func (b *backdrops) of(id string) *Backdrop {
	for i := range b.list {
		if b.list[i].ID == id {
			return &b.list[i]
		}
	}
	return nil
}

// get gives a tile as it is held, or asks for it.
func (b *backdrops) get(ctx context.Context, from *Backdrop, ask backdropTile) (*backdropAnswer, error) {
	if held, ok := b.cache.get(ask); ok && b.now().Before(held.until) {
		return held, nil
	}
	return b.flight.do(ctx, ask, func(ctx context.Context) (*backdropAnswer, error) {
		select {
		case b.places <- struct{}{}:
			defer func() { <-b.places }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		answer := b.fetch(ctx, from, ask)
		if ctx.Err() != nil {
			return nil, ctx.Err() // nobody waits; it says nothing of the service
		}
		b.remember(from.ID, ask, answer)
		return answer, nil
	})
}

func (b *backdrops) remember(id string, ask backdropTile, answer *backdropAnswer) {
	held := backdropHeld
	if answer.refusal != "" {
		held = backdropRefusal
	}
	answer.until = b.now().Add(held)
	b.cache.put(ask, answer, int64(len(answer.body))+256)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problem[id] = answer.refusal
}

// fetch asks the service. What goes wrong is put into words of our own: the
// error of the client holds the address, and so the key.
func (b *backdrops) fetch(ctx context.Context, from *Backdrop, ask backdropTile) *backdropAnswer {
	t := ask.tile
	number := func(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
	address := fillTemplate(from.Tiles[ask.layer], number(t.Z), number(t.X), number(t.Y), from.Key)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return &backdropAnswer{refusal: "its address is wrong"}
	}
	request.Header.Set("User-Agent", "Qiantu")
	request.Header.Set("Accept", "image/png, image/jpeg, image/webp")
	response, err := b.client.Do(request)
	if err != nil {
		return &backdropAnswer{refusal: unreachable(err)}
	}
	defer func() { _ = response.Body.Close() }() // only read
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return &backdropAnswer{refusal: "it sends elsewhere, which is not followed"}
	case response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden:
		return &backdropAnswer{refusal: "it refuses the key"}
	case response.StatusCode != http.StatusOK:
		return &backdropAnswer{refusal: fmt.Sprintf("it answers %d", response.StatusCode)}
	}
	return readPicture(response.Body)
}

func readPicture(from io.Reader) *backdropAnswer {
	body, err := io.ReadAll(io.LimitReader(from, backdropPicture+1))
	if err != nil {
		return &backdropAnswer{refusal: "its answer breaks off"}
	}
	if len(body) > backdropPicture {
		return &backdropAnswer{refusal: fmt.Sprintf("its tile is larger than %d kB", backdropPicture>>10)}
	}
	kind := http.DetectContentType(body)
	if !pictures[kind] {
		return &backdropAnswer{refusal: "its answer is no picture"}
	}
	return &backdropAnswer{kind: kind, body: body}
}

func unreachable(err error) string {
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return fmt.Sprintf("it does not answer within %d s", int(backdropTimeout.Seconds()))
	}
	return "it cannot be reached"
}

// getBackdrop serves a tile of a configured backdrop to who may read anything.
func (s *Server) getBackdrop(w http.ResponseWriter, r *http.Request) {
	from := s.backdrops.of(chi.URLParam(r, "id"))
	layer, err := strconv.Atoi(chi.URLParam(r, "layer"))
	now := s.world.Load()
	switch {
	case now == nil:
		s.notReady(w, r)
		return
	case from == nil || err != nil || layer < 0 || layer >= len(from.Tiles) || len(now.scopeOf(personOf(r.Context())).codes) == 0:
		s.problem(w, r, http.StatusNotFound, "there is no such backdrop; /api/v1/backdrops lists those that there are")
		return
	}
	tile, err := parseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y"))
	if err != nil || tile.Z < from.MinZoom || tile.Z > from.MaxZoom {
		s.problem(w, r, http.StatusNotFound, fmt.Sprintf("want a tile of zoom %d to %d", from.MinZoom, from.MaxZoom))
		return
	}
	answer, err := s.backdrops.get(r.Context(), from, backdropTile{from.ID, layer, tile})
	if err != nil {
		return // nobody is there to read it
	}
	if answer.refusal != "" {
		s.problem(w, r, http.StatusBadGateway, fmt.Sprintf("the backdrop %s: %s", from.Name, answer.refusal))
		return
	}
	h := w.Header()
	h.Set("Content-Type", answer.kind)
	h.Set("Cache-Control", backdropInBrowse)
	h.Set("Content-Length", strconv.Itoa(len(answer.body)))
	_, _ = w.Write(answer.body) // a reader that left is no error of ours
}

// backdropJSON is a backdrop as the map needs it; neither address nor key is in it.
type backdropJSON struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	NameEN      string   `json:"name_en"`
	Attribution string   `json:"attribution"`
	Tiles       []string `json:"tiles" doc:"addresses of this service, drawn over each other"`
	MinZoom     uint32   `json:"min_zoom"`
	MaxZoom     uint32   `json:"max_zoom"`
	Problem     string   `json:"problem" doc:"why the last tile did not come; empty: it did"`
}

type backdropsOutput struct {
	Body struct {
		Items  []backdropJSON `json:"items"`
		Relief string         `json:"relief" doc:"address of the tiles of shaded relief; empty: no terrain model is stored"`
	}
}

func (s *Server) routeBackdrops(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-backdrops", Method: http.MethodGet, Path: "/api/v1/backdrops", Tags: []string{"regions"},
		Summary: "What the map may lie on", Errors: questionErrors,
	}, s.listBackdrops)
}

func (s *Server) listBackdrops(ctx context.Context, _ *struct{}) (*backdropsOutput, error) {
	w := s.world.Load()
	if w == nil {
		return nil, s.fail(s.errNotReady())
	}
	readable := w.scopeOf(personOf(ctx))
	out := &backdropsOutput{}
	out.Body.Items, out.Body.Relief = []backdropJSON{}, w.reliefAddress(readable)
	if len(readable.codes) == 0 {
		return out, nil
	}
	s.backdrops.mu.Lock()
	defer s.backdrops.mu.Unlock()
	for i := range s.backdrops.list {
		b := &s.backdrops.list[i]
		item := backdropJSON{b.ID, b.Name, b.NameEN, b.Attribution, nil, b.MinZoom, b.MaxZoom, s.backdrops.problem[b.ID]}
		for layer := range b.Tiles {
			item.Tiles = append(item.Tiles, fmt.Sprintf("/tiles/backdrop/%s/%d/{z}/{x}/{y}", b.ID, layer))
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, nil
}
