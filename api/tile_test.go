package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

func TestTileOverHTTP(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	at := func(lon, lat float64) string {
		return "/tiles/village/" + geo.TileAt(orb.Point{lon, lat}, 14).String() + ".mvt"
	}
	west, east, nowhere := at(104.6, 27.1005), at(104.849, 27.1202), at(100, 20)
	status, header, plain := get(t, s, west)
	if status != http.StatusOK || header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || !strings.Contains(plain, "大坪") {
		t.Fatalf("%d %v", status, header)
	}
	_, zipped, body := get(t, s, west, "Accept-Encoding", "gzip")
	if zipped.Get("Content-Encoding") != "gzip" || string(gunzip(t, []byte(body))) != plain || zipped.Get("Vary") != "Accept-Encoding" {
		t.Errorf("zipped: %v", zipped)
	}
	if _, refused, _ := get(t, s, west, "Accept-Encoding", "gzip;q=0, br"); refused.Get("Content-Encoding") != "" {
		t.Error("gzip was refused and sent")
	}
	tag := header.Get("ETag")
	if status, _, body := get(t, s, west, "If-None-Match", `"other", W/`+tag); status != http.StatusNotModified || body != "" {
		t.Errorf("conditional request: %d %q", status, body)
	}
	if status, header, _ := get(t, s, nowhere); status != http.StatusNoContent || header.Get("ETag") == "" {
		t.Errorf("an empty tile: %d", status)
	}
	if status, _, _ := get(t, s, west, "If-None-Match", strings.Repeat(`"x",`, 25_000)); status != http.StatusBadRequest {
		t.Errorf("100 kB of tags: %d", status)
	}
	if status, _, body := get(t, s, west, "Range", "bytes=0-,0-,0-"); status != http.StatusOK || body != plain {
		t.Errorf("ranges: %d", status)
	}
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[2].Name = "改名" })
	until(t, "the edit", func() bool { return s.world.Load().revision == 8 })
	if status, _, _ := get(t, s, west, "If-None-Match", tag); status != http.StatusNotModified {
		t.Errorf("a tile that did not change: %d", status)
	}
	if status, header, body := get(t, s, east, "If-None-Match", tag); status != http.StatusOK || header.Get("ETag") == tag || !strings.Contains(body, "改名") {
		t.Errorf("a tile that changed: %d", status)
	}
}

// GDAL, which shares no code with us, reads a served tile.
func TestTileReadByGDAL(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed")
	}
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	for layer, want := range map[string]struct{ count, text string }{
		"road":    {"Feature Count: 2", "state (String) = done"}, // the two pieces of the eastern segment
		"village": {"Feature Count: 2", "verdict (String) = not"},
		"region":  {"Feature Count: 1", "rate (Real) = 50"},
		"move":    {"Feature Count: 1", "site (Integer) = 1"},
	} {
		tile := geo.TileAt(orb.Point{104.8, 27.11}, 9)
		url := fmt.Sprintf("MVT:%s/tiles/%s/%s.mvt", base, layer, tile)
		out, err := exec.Command(ogrinfo, "-al", "-q", url).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", layer, err, out)
		}
		count := len(regexp.MustCompile(`(?m)^OGRFeature`).FindAll(out, -1))
		if fmt.Sprintf("Feature Count: %d", count) != want.count || !strings.Contains(string(out), want.text) {
			t.Errorf("%s: %d features, want %s with %s\n%s", layer, count, want.count, want.text, out)
		}
	}
}

// A thousand readers of one tile make one tile.
func TestTileIsMadeOnce(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	target := "/tiles/road/" + geo.TileAt(orb.Point{104.8, 27.11}, 9).String() + ".mvt"
	var readers sync.WaitGroup
	for range 1000 {
		readers.Go(func() { get(t, s, target) })
	}
	readers.Wait()
	_, _, body := get(t, s, "/metrics")
	if !strings.Contains(body, `qiantu_tiles_total{source="made"} 1`+"\n") {
		t.Errorf("made more than once:\n%s", regexp.MustCompile(`qiantu_tiles_total.*`).FindAllString(body, -1))
	}
}

func TestTooManyTilesAtOnce(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for range tileQueue {
		s.tiles.queue <- struct{}{}
	}
	status, header, body := get(t, s, "/tiles/road/9/404/215.mvt")
	if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("status %d", status)
	}
	problemIn(t, header, body)
}

func TestTileIsCancelled(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for range cap(s.tiles.slots) {
		s.tiles.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := s.tiles.get(ctx, s.world.Load(), tileAsk{tile: geo.Tile{Z: 9, X: 404, Y: 215}, layers: "road"})
		done <- err
	}()
	until(t, "the waiting tile", func() bool { return len(s.tiles.queue) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	until(t, "the end of the work", func() bool { return len(s.tiles.queue) == 0 })
}

// A crowd of features gives a bounded tile, and no village is lost from zoom 9 on.
func TestTileBudget(t *testing.T) {
	big := smallCounty("520527", 104.5)
	for i := range 6000 {
		big.Villages = append(big.Villages, planner.Village{
			ID: planner.ID(1000 + i), Name: fmt.Sprintf("村%d", i), Kind: "hamlet", Township: "520527100",
			Point: orb.Point{104.51 + float64(i%80)*0.002, 27.01 + float64(i/80)*0.002},
		})
		big.References = append(big.References, planner.Reference{
			ID: planner.ID(1000 + i), Layer: "hazard", Kind: fmt.Sprint("kind ", i), Name: fmt.Sprintf("地段%d", i),
			Geometry: square(104.51+float64(i%80)*0.002, 27.01+float64(i/80)*0.002, 0.002)[0],
		})
	}
	c := newCounty(planner.County{Region: big.Region}, big, nil)
	w := (*world)(nil).next(1, day, map[string]*county{"520527": c})
	tile := geo.TileAt(orb.Point{104.6, 27.1}, 9)
	raw, thinned, err := encodeTile(context.Background(), w, tileAsk{tile: tile, layers: wanted(mapLayers)})
	if err != nil || !thinned {
		t.Fatalf("thinned %v, %v", thinned, err)
	}
	villages, total := 0, 0
	for _, f := range c.layers["village"].features {
		if tile.Bound().Contains(f.at()) {
			total++
			if strings.Contains(string(raw), f.attributes["name"].(string)) {
				villages++
			}
		}
	}
	if villages != total || total < 4000 {
		t.Errorf("%d of %d villages", villages, total)
	}
	far, _, err := encodeTile(context.Background(), w, tileAsk{tile: tile.At(7), layers: wanted(mapLayers)})
	if err != nil || len(far) > tileBudget || len(far) == 0 {
		t.Errorf("zoom 7: %d bytes, %v", len(far), err)
	}
}

// smallWorld is a world of one small county.
func smallWorld() *world {
	s := smallCounty("520527", 104.5)
	return (*world)(nil).next(1, day, map[string]*county{"520527": newCounty(planner.County{Region: s.Region}, s, nil)})
}

func TestTilesAreTheSameEveryTime(t *testing.T) {
	ask := tileAsk{tile: geo.TileAt(orb.Point{104.6, 27.1}, 10), layers: wanted(mapLayers)}
	one, _, err := encodeTile(context.Background(), smallWorld(), ask)
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := encodeTile(context.Background(), smallWorld(), ask)
	if err != nil || string(one) != string(two) || len(one) == 0 {
		t.Errorf("%d bytes and %d bytes, %v", len(one), len(two), err)
	}
}

func BenchmarkTile(b *testing.B) {
	s := New(Config{Store: newFake(), Log: quiet()})
	w := smallWorld()
	ask := tileAsk{tile: geo.TileAt(orb.Point{104.6, 27.1}, 10), layers: wanted(mapLayers)}
	b.Run("uncached", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := s.tiles.make(context.Background(), w, ask); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.tiles.get(context.Background(), w, ask); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkChangeToWire is the time from the notice of a change to the stale
// frame at the client, the quiet time of a burst included.
func BenchmarkChangeToWire(b *testing.B) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(b, store)
	c := dial(b, serveOn(b, s))
	c.hello(0)
	i := 0
	for b.Loop() {
		i++
		changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[2].Name = fmt.Sprint(i) })
		c.expect("stale")
		c.expect("revision")
	}
}
