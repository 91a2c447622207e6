package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

const theKey = "s3cret key/?"

func picture(t *testing.T) []byte {
	t.Helper()
	var body bytes.Buffer
	if err := png.Encode(&body, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

// backed is a live server over a service of map tiles at address.
func backed(t *testing.T, address string) *Server {
	t.Helper()
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	list, err := parseBackdrops(fmt.Appendf(nil, `{"backdrops":[{"id":"fake","name":"Fake","attribution":"(c) fake","tiles":[%q],"key_env":"K","max_zoom":12}]}`,
		address+"/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"), func(string) string { return theKey })
	if err != nil {
		t.Fatal(err)
	}
	s.backdrops = newBackdrops(list)
	return s
}

// A tile is asked for once, with the key, and held; the key stays here.
func TestBackdropIsAskedOnce(t *testing.T) {
	var asked atomic.Int64
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		q := r.URL.Query()
		if q.Get("tk") != theKey || q.Get("TILEMATRIX") != "7" || q.Get("TILECOL") != "101" || q.Get("TILEROW") != "53" {
			t.Errorf("asked for %s", r.URL)
		}
		if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" {
			t.Error("the reader's own headers went along")
		}
		time.Sleep(50 * time.Millisecond)
		w.Header().Set("Set-Cookie", "a=b")
		_, _ = w.Write(picture(t))
	}))
	defer fake.Close()
	s := backed(t, fake.URL)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			status, header, body := get(t, s, "/tiles/backdrop/fake/0/7/101/53")
			if status != http.StatusOK || header.Get("Content-Type") != "image/png" || body != string(picture(t)) {
				t.Errorf("%d %s", status, header.Get("Content-Type"))
			}
			if header.Get("Set-Cookie") != "" {
				t.Error("a cookie of the service came through")
			}
		})
	}
	group.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	s.backdrops.now = func() time.Time { return time.Now().Add(backdropHeld + time.Second) }
	if get(t, s, "/tiles/backdrop/fake/0/7/101/53"); asked.Load() != 2 {
		t.Error("an old tile was not asked for again")
	}
	_, _, list := get(t, s, "/api/v1/backdrops")
	if strings.Contains(list, "s3cret") || strings.Contains(list, fake.URL) || !strings.Contains(list, "/tiles/backdrop/fake/0/{z}/{x}/{y}") {
		t.Error(list)
	}
}

// Whatever a service answers, the reader gets a picture or words, and the key
// never.
func TestHostileBackdrops(t *testing.T) {
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	release := make(chan struct{})
	for name, one := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.String(), http.StatusFound)
		}, "sends elsewhere"},
		"html": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			fmt.Fprint(w, "<script>alert(1)</script>", r.URL)
		}, "no picture"},
		"svg": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)
		}, "no picture"},
		"empty": {func(http.ResponseWriter, *http.Request) {}, "no picture"},
		"large": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(append(picture(t), make([]byte, backdropPicture)...))
		}, "larger than"},
		"bomb":      {bomb, "larger than"},
		"forbidden": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "refuses the key"},
		"broken":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, "answers 500"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "900")
			_, _ = w.Write(picture(t))
		}, "breaks off"},
		"silent": {func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}, "does not answer"},
		"gone": {nil, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := httptest.NewServer(one.answer)
			defer fake.Close()
			s := backed(t, fake.URL)
			s.backdrops.client.Timeout = 300 * time.Millisecond
			if one.answer == nil {
				fake.Close()
			}
			status, _, body := get(t, s, "/tiles/backdrop/fake/0/7/101/53")
			if status != http.StatusBadGateway || !strings.Contains(body, one.want) {
				t.Errorf("%d %s; want %q", status, body, one.want)
			}
			_, _, list := get(t, s, "/api/v1/backdrops")
			if strings.Contains(body+list, "s3cret") || strings.Contains(body+list, fake.URL) || !strings.Contains(list, one.want) {
				t.Errorf("tile %s\nlist %s", body, list)
			}
		})
	}
	close(release)
	if elsewhere.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// bomb is 64 MB in a few kB.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	for range 64 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
}

// What is not configured, or lies outside its zooms, is not asked for; nor is
// anything for who may read nothing.
func TestBackdropsThatAreNot(t *testing.T) {
	fake := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) }))
	defer fake.Close()
	s := backed(t, fake.URL)
	for _, path := range []string{"fake/0/13/0/0", "fake/1/3/0/0", "fake/-1/3/0/0", "other/0/3/0/0", "fake/0/3/8/0", "fake/0/3/0/-1", "fake/0/3/0/0.png", "fake/0/3/0/%2e%2e"} {
		if status, _, body := get(t, s, "/tiles/backdrop/"+path); status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	matrix, tokens := matrix(t)
	matrix.backdrops = s.backdrops
	if status, _, body := ask(t, matrix, "GET", "/tiles/backdrop/fake/0/7/101/53", tokens["admin"], ""); status != http.StatusNotFound {
		t.Errorf("who may read nothing: %d %s", status, body)
	}
}

func TestReadBackdropsRefuses(t *testing.T) {
	env := func(name string) string { return map[string]string{"K": theKey}[name] }
	for text, want := range map[string]string{
		`{`: "want {", `{"backdrop":[]}`: "unknown field",
		`{"backdrops":[{"id":"A b"}]}`: `field "id"`, `{"backdrops":[{"id":"a"}]}`: `field "tiles"`,
		`{"backdrops":[{"id":"a","tiles":["https://h/{z}/{x}"]}]}`:                                                "{y} must stand",
		`{"backdrops":[{"id":"a","tiles":["https://h/{z}/{x}/{y}?k={key}"]}]}`:                                    "neither",
		`{"backdrops":[{"id":"a","key_env":"NONE","tiles":["https://h/{z}/{x}/{y}?k={key}"]}]}`:                   "is not set",
		`{"backdrops":[{"id":"a","tiles":["https://{z}.h/{x}/{y}"]}]}`:                                            "in the host",
		`{"backdrops":[{"id":"a","key":"k","tiles":["https://{key}/{z}/{x}/{y}"]}]}`:                              "host",
		`{"backdrops":[{"id":"a","tiles":["file:///etc/{z}/{x}/{y}"]}]}`:                                          "http://host",
		`{"backdrops":[{"id":"a","tiles":["https://u:p@h/{z}/{x}/{y}"]}]}`:                                        "password",
		`{"backdrops":[{"id":"a","tiles":["https://h/{z}/{x}/{y}#a"]}]}`:                                          "#",
		`{"backdrops":[{"id":"a","min_zoom":9,"max_zoom":3,"tiles":["https://h/{z}/{x}/{y}"]}]}`:                  "rising",
		`{"backdrops":[{"id":"a","tiles":["http://h/{z}/{x}/{y}"]},{"id":"a","tiles":["http://h/{z}/{x}/{y}"]}]}`: "is taken",
	} {
		if _, err := parseBackdrops([]byte(text), env); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
	file := filepath.Join(t.TempDir(), "backdrops.json")
	if err := os.WriteFile(file, []byte(`{"backdrops":[{"id":"Q"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadBackdrops(file, env); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("%v does not name the file", err)
	}
}

// Whatever the file holds, an accepted template asks its own host only.
func FuzzBackdrops(f *testing.F) {
	for _, seed := range []string{
		`{"backdrops":[{"id":"a","tiles":["https://h/{z}/{x}/{y}"]}]}`, `{"backdrops":[{"id":"a","key":"k&v","tiles":["http://h:80?a={z}&b={x}&c={y}&k={key}"]}]}`,
		`{"backdrops":[{"id":"a","tiles":["http://h\\{z}/{x}/{y}"]}]}`, `{"backdrops":null}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := parseBackdrops(text, func(string) string { return "" })
		if err != nil {
			return
		}
		for _, b := range list {
			for _, tiles := range b.Tiles {
				hosts := map[string]bool{}
				for _, key := range []string{"", "/@evil", "?#", b.Key} {
					r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, fillTemplate(tiles, "1", "2", "3", key), nil)
					if err != nil {
						t.Fatalf("%s was accepted: %v", tiles, err)
					}
					hosts[r.URL.Scheme+"://"+r.URL.Host] = true
				}
				if len(hosts) != 1 {
					t.Errorf("%s asks %v", tiles, hosts)
				}
			}
		}
	})
}

// ridge is land that rises to the east up to a meridian and falls beyond it,
// known only north of a parallel.
type ridge struct{ lon, south float64 }

func (r ridge) Height(p orb.Point) (float64, bool) {
	return 1000 - 20_000*math.Abs(p[0]-r.lon), p[1] > r.south
}

// The slope that faces the north-west is lit, the one that does not is dark,
// and what is not known is clear.
func TestRelief(t *testing.T) {
	tile := geo.TileAt(orb.Point{104.7, 27.1}, 10)
	middle := tile.Bound().Center()
	out := relief(tile, []geo.Heights{ridge{middle[0], tile.Bound().Min[1] + 0.05}})
	if out == nil {
		t.Fatal("no relief")
	}
	alpha := func(x, y int) (tone, a uint8) {
		r, _, _, a32 := out.At(x, y).RGBA()
		return uint8(r >> 8), uint8(a32 >> 8)
	}
	if tone, a := alpha(60, 40); a == 0 || tone == 0 {
		t.Errorf("the western slope is %d, %d", tone, a)
	}
	if tone, a := alpha(200, 40); a == 0 || tone != 0 {
		t.Errorf("the eastern slope is %d, %d", tone, a)
	}
	if _, a := alpha(60, 250); a != 0 {
		t.Error("land that is not known is shaded")
	}
	if relief(tile, nil) != nil || relief(tile, []geo.Heights{ridge{middle[0], 90}}) != nil {
		t.Error("relief out of nothing")
	}
}

// Shading is even: a slope and its mirror about the light are as far from level.
func TestShade(t *testing.T) {
	if shade(0, 0) != 0 {
		t.Error("level ground is shaded")
	}
	for _, slope := range []float64{0.05, 0.3, 1, 5, 1e6} {
		if got := shade(-slope, slope); got < 1 || got > reliefShades {
			t.Errorf("%g away from the light: %d", slope, got) // falls to the south-east
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		if got := int(shade(bad, 0)); got >= len(reliefPalette) {
			t.Errorf("%g: %d", bad, got)
		}
	}
}

// The relief is offered where a terrain model is, and only there.
func TestReliefIsOffered(t *testing.T) {
	bare, _ := live(t, newFake(smallCounty("520527", 104.5)))
	hilly := smallCounty("520527", 104.5)
	hilly.Heights, hilly.Terrain.Digest = ridge{104.5, 0}, "abc"
	with, _ := live(t, newFake(hilly))
	for _, one := range []struct {
		s      *Server
		status int
	}{{bare, http.StatusNoContent}, {with, http.StatusOK}} {
		_, _, body := get(t, one.s, "/api/v1/backdrops")
		var list struct {
			Relief string `json:"relief"`
		}
		if err := json.Unmarshal([]byte(body), &list); err != nil || (list.Relief != "") != (one.status == http.StatusOK) {
			t.Errorf("%s, %v", body, err)
		}
		tile := geo.TileAt(orb.Point{104.5, 27}, 10)
		if status, _, body := get(t, one.s, fmt.Sprintf("/tiles/relief/%v.png", tile)); status != one.status {
			t.Errorf("%d %.80s; want %d", status, body, one.status)
		}
	}
	if status, _, _ := get(t, with, "/tiles/relief/14/0/0.png"); status != http.StatusNotFound {
		t.Errorf("a zoom too deep: %d", status)
	}
}
