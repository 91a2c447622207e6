package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
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

// keyOf is where the tile of a world is held.
func (w *world) keyOf(ask tileAsk) tileKey {
	if isDerived(ask.layers) { // any change of a county may change them anywhere
		key := tileKey{tileAsk: ask, seq: w.facts}
		if w.asked != nil {
			key.asked = w.asked.number
		}
		return key
	}
	return tileKey{ask, w.marks.of(ask.tile), w.askedIn(ask.tile)}
}

// tiles makes vector tiles of a world and holds those lately used, gzipped.
// An empty tile is nil.
type tiles struct {
	cache   *lru[tileKey, *heldTile]
	flight  flight[tileKey, *heldTile]
	patches *lru[patchKey, []byte]
	slots   chan struct{}
	queue   chan struct{}
	metrics *metrics
	tag     func(tileKey) string // ETag of a tile
}

func newTiles(bytes int64) *tiles {
	return &tiles{
		cache: newLRU[tileKey, *heldTile](bytes), patches: newLRU[patchKey, []byte](patchCache),
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
		queue: make(chan struct{}, tileQueue),
	}
}

// get returns the gzipped bytes of a tile, nil when nothing is drawn in it.
func (t *tiles) get(ctx context.Context, w *world, ask tileAsk) ([]byte, error) {
	held, err := t.find(ctx, w, ask)
	if err != nil {
		return nil, err
	}
	return held.body, nil
}

// find returns a tile that is held, or makes it.
func (t *tiles) find(ctx context.Context, w *world, ask tileAsk) (*heldTile, error) {
	key := w.keyOf(ask)
	if held, ok := t.cache.get(key); ok {
		t.metrics.quickly.tiles.Inc()
		return held, nil
	}
	return t.flight.do(ctx, key, func(ctx context.Context) (*heldTile, error) {
		if held, ok := t.cache.get(key); ok { // made between the look above and here
			return held, nil
		}
		body, whole, err := t.make(ctx, w, ask)
		if err != nil {
			return nil, err
		}
		held := holdTile(body, t.tag(key))
		held.whole = whole
		t.cache.put(key, held, int64(len(body))+256)
		return held, nil
	})
}

// make waits for a free processor and encodes; whole: every feature stands in the
// tile as it is, so that a patch may be laid over it.
func (t *tiles) make(ctx context.Context, w *world, ask tileAsk) (body []byte, whole bool, err error) {
	select {
	case t.queue <- struct{}{}:
		defer func() { <-t.queue }()
	default:
		return nil, false, errBusy
	}
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	start := time.Now()
	raw, thinned, err := encodeTile(ctx, w, ask)
	whole = !thinned && ask.tile.Z >= allVillagesZoom && !isDerived(ask.layers)
	if err != nil || len(raw) == 0 {
		return nil, whole, err
	}
	t.metrics.tiles.WithLabelValues("made").Inc()
	t.metrics.tileSeconds.Observe(time.Since(start).Seconds())
	if thinned {
		t.metrics.tileThinned.Inc()
	}
	body, err = zip(raw)
	return body, whole, err
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

// zippers are pooled: a new one takes a megabyte.
var zippers = sync.Pool{New: func() any {
	z := &zipper{}
	z.w, _ = kgzip.NewWriterLevel(&z.out, gzipLevel) // never fails: the level is one that there is
	return z
}}

type zipper struct {
	w   *kgzip.Writer
	out bytes.Buffer
}

func zip(raw []byte) ([]byte, error) {
	z := zippers.Get().(*zipper)
	defer zippers.Put(z)
	z.out.Reset()
	z.w.Reset(&z.out)
	if _, err := z.w.Write(raw); err != nil {
		return nil, err
	}
	if err := z.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(z.out.Bytes()), nil
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
