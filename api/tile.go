package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"time"

	kgzip "github.com/klauspost/compress/gzip"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt"
	"github.com/qiantu/qiantu/planner"
)

// The size of tiles.
const (
	tileExtent   = mvt.Extent
	tileBuffer   = 64      // drawn beyond the edge, in units of the extent
	tileBudget   = 400_000 // bytes before gzip
	maxTileZoom  = mvt.MaxZoom
	tileQueue    = 512 // makings that may wait; more are refused
	gzipLevel    = 5
	labelLayer   = "region_label" // comes with layer region
	labelOfLayer = "region"
)

// mapLayers are the layers of the map, bottom first: the order in a tile.
var mapLayers = tileLayers(planner.LayerNames)

// isLayer says whether a name is a layer of the map.
func isLayer(name string) bool {
	for _, known := range mapLayers {
		if name == known {
			return true
		}
	}
	return false
}

// errBusy says that more tiles are wanted than can be made.
var errBusy = errors.New("api: too many tiles are being made")

// tileAsk is one tile of one world.
type tileAsk struct {
	tile   geo.Tile
	layers string // names in order of mapLayers, joined by commas
	region string // county code; empty: all
	scope  string // key of what may be read ([scope]); empty: all
}

// tileKey is where a made tile is held. Tiles that a change did not touch keep
// their key over worlds.
type tileKey struct {
	tileAsk
	seq   int64
	asked int64 // the number of a county that a question changes in it; 0: none
}

// tiles makes vector tiles of a world and holds those lately used, gzipped.
// An empty tile is nil.
type tiles struct {
	cache   *lru[tileKey, []byte]
	flight  flight[tileKey, []byte]
	slots   chan struct{}
	queue   chan struct{}
	metrics *metrics
}

func newTiles(bytes int64) *tiles {
	return &tiles{
		cache: newLRU[tileKey, []byte](bytes),
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
		queue: make(chan struct{}, tileQueue),
	}
}

// get returns the gzipped bytes of a tile, nil when nothing is drawn in it.
func (t *tiles) get(ctx context.Context, w *world, ask tileAsk) ([]byte, error) {
	key := tileKey{ask, w.marks.of(ask.tile), w.askedIn(ask.tile)}
	if body, held := t.cache.get(key); held {
		t.metrics.tiles.WithLabelValues("cache").Inc()
		return body, nil
	}
	return t.flight.do(ctx, key, func(ctx context.Context) ([]byte, error) {
		if body, held := t.cache.get(key); held { // made between the look above and here
			return body, nil
		}
		body, err := t.make(ctx, w, ask)
		if err == nil {
			t.cache.put(key, body, int64(len(body))+128)
		}
		return body, err
	})
}

// make waits for a free processor and encodes.
func (t *tiles) make(ctx context.Context, w *world, ask tileAsk) ([]byte, error) {
	select {
	case t.queue <- struct{}{}:
		defer func() { <-t.queue }()
	default:
		return nil, errBusy
	}
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	start := time.Now()
	raw, thinned, err := encodeTile(ctx, w, ask)
	if err != nil || len(raw) == 0 {
		return nil, err
	}
	t.metrics.tiles.WithLabelValues("made").Inc()
	t.metrics.tileSeconds.Observe(time.Since(start).Seconds())
	if thinned {
		t.metrics.tileThinned.Inc()
	}
	return zip(raw)
}

// wanted puts layer names into the order of a tile. Regions bring their labels
// and villages their totals.
func wanted(names []string) string {
	asked := map[string]bool{}
	for _, name := range names {
		asked[name] = true
	}
	asked[labelLayer] = asked[labelLayer] || asked[labelOfLayer]
	asked[totalLayer] = asked[totalLayer] || asked[villageLayer]
	var out []string
	for _, name := range mapLayers {
		if asked[name] {
			out = append(out, name)
		}
	}
	return strings.Join(out, ",")
}

func zip(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := kgzip.NewWriterLevel(&out, gzipLevel)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// unzip undoes zip for the few clients that cannot.
func unzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// parseTile reads a tile path; only zooms up to maxTileZoom are served.
func parseTile(z, x, y string) (geo.Tile, error) {
	t, err := geo.ParseTile(z, x, y)
	if err == nil && t.Z > maxTileZoom {
		err = planner.Errorf(planner.NotFound, "zoom %d is deeper than %d", t.Z, maxTileZoom)
	}
	return t, err
}
