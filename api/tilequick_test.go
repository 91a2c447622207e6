package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// The short way to a held tile answers as the long one, header by header, and is
// taken for nothing but plain requests.
func TestQuickTileAnswersAsTheLongWay(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	full := "/tiles/road/" + geo.TileAt(orb.Point{104.8, 27.11}, 9).String() + ".mvt"
	empty := "/tiles/road/9/1/1.mvt"
	ask := func(way http.Handler, method, target string, header http.Header) (int, http.Header, string) {
		r := httptest.NewRequestWithContext(context.Background(), method, target, nil)
		r.Host, r.Header = "127.0.0.1:8080", header
		w := httptest.NewRecorder()
		way.ServeHTTP(w, r)
		return w.Code, w.Result().Header, w.Body.String()
	}
	zipped := http.Header{"Accept-Encoding": {"gzip"}}
	for _, target := range []string{full, empty} { // so that they are held
		ask(s.routes, http.MethodGet, target, zipped)
	}
	_, h, _ := ask(s.routes, http.MethodGet, full, zipped)
	for _, c := range []struct {
		name, method, target string
		header               http.Header
		quick                bool
	}{
		{"a tile", http.MethodGet, full, zipped, true},
		{"as browsers ask", http.MethodGet, full, http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}}, true},
		{"an empty one", http.MethodGet, empty, zipped, true},
		{"one that the reader has", http.MethodGet, full, http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {h.Get("ETag")}}, true},
		{"one that it has by another name", http.MethodGet, full, http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {"W/" + h.Get("ETag")}}, false},
		{"only the head", http.MethodHead, full, zipped, false},
		{"not zipped", http.MethodGet, full, http.Header{}, false},
		{"zip refused", http.MethodGet, full, http.Header{"Accept-Encoding": {"gzip;q=0"}}, false},
		{"not held", http.MethodGet, "/tiles/road/3/6/3.mvt", zipped, false},
		{"no layer", http.MethodGet, "/tiles/rod/3/6/3.mvt", zipped, false},
		{"no tile", http.MethodGet, "/tiles/road/3/6/8.mvt", zipped, false},
		{"a supposition", http.MethodGet, full + "?region=520527&season=wet", zipped, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(context.Background(), c.method, c.target, nil)
			r.Host, r.Header = "127.0.0.1:8080", c.header
			if got := s.quickTile(httptest.NewRecorder(), r); got != c.quick {
				t.Errorf("the short way is taken: %v", got)
			}
			code, header, body := ask(s.Handler(), c.method, c.target, c.header)
			long, longHeader, longBody := ask(s.routes, c.method, c.target, c.header)
			if c.quick && (code != long || body != longBody || cmp.Diff(longHeader, header) != "") {
				t.Errorf("%d and %d, headers (-long +short) %s", code, long, cmp.Diff(longHeader, header))
			}
		})
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, full, nil)
	r.Host, r.Header = "elsewhere.example", zipped
	if s.quickTile(httptest.NewRecorder(), r) {
		t.Error("another name is answered to")
	}
}
