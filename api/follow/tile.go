package follow

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/decode"
)

// maxTile is how many bytes a tile may unpack to.
const maxTile = 16 << 20

// Tile is a tile as it came: all subscribed layers at one revision.
type Tile struct {
	At       geo.Tile
	Revision int64 // it was sent at; what no [Stale] named since is the same today
	Bytes    int   // on the wire, the head included
	Stale    bool  // held, but named by a Stale since, and not come again

	body   []byte
	zipped bool
	held   bool // the body is kept
}

// Empty says whether nothing is drawn there.
func (t Tile) Empty() bool { return len(t.body) == 0 }

// Vector is the vector tile, unpacked; nil of an empty one. A body of more
// than 16 MiB is refused.
func (t Tile) Vector() ([]byte, error) {
	if !t.zipped {
		return t.body, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(t.body))
	if err != nil {
		return nil, fmt.Errorf("follow: tile %s: %w", t.At, err)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxTile+1))
	if err != nil {
		return nil, fmt.Errorf("follow: tile %s: %w", t.At, err)
	}
	if len(raw) > maxTile {
		return nil, fmt.Errorf("follow: tile %s unpacks to more than %d bytes", t.At, maxTile)
	}
	return raw, nil
}

// Layers are the features of the tile, read on demand.
func (t Tile) Layers() (decode.Tile, error) {
	raw, err := t.Vector()
	if err != nil {
		return nil, err
	}
	layers, err := decode.Read(raw)
	if err != nil {
		return nil, fmt.Errorf("follow: tile %s: %w", t.At, err)
	}
	return layers, nil
}

// view is what a client looks at: which tiles, and what is held of them. The
// mutex of the client guards it.
type view struct {
	center [2]float64
	order  []geo.Tile         // wanted
	tiles  map[geo.Tile]*Tile // of them those that have come
	size   int64              // bytes of bodies kept
	seq    int64              // of the last message
}

// look makes these tiles the wanted ones; what is held of others is let go.
func (v *view) look(tiles []geo.Tile, center [2]float64) {
	held := v.tiles
	v.center, v.order, v.tiles, v.size = center, nil, map[geo.Tile]*Tile{}, 0
	wanted := map[geo.Tile]bool{}
	for _, t := range tiles {
		if wanted[t] {
			continue
		}
		wanted[t] = true
		v.order = append(v.order, t)
		if h := held[t]; h != nil {
			v.tiles[t] = h
			v.size += int64(len(h.body))
		}
	}
}

// forget lets everything go, and wants it again.
func (v *view) forget() { v.tiles, v.size = map[geo.Tile]*Tile{}, 0 }

// mark notes what became stale, and says whether anything held did.
func (v *view) mark(s *Stale) (touched bool) {
	for at, t := range v.tiles {
		if !t.Stale && s.Touches(at) {
			t.Stale, touched = true, true
		}
	}
	return touched
}

// keep holds a tile that came, unless it is not wanted any more. A body that
// there is no room for is left out: the tile is known to have come.
func (v *view) keep(t Tile, room int64) {
	old := v.tiles[t.At]
	if old != nil {
		v.size -= int64(len(old.body))
		delete(v.tiles, t.At)
	}
	if old == nil && !v.wants(t.At) {
		return
	}
	t.held = v.size+int64(len(t.body)) <= room
	if !t.held {
		t.body = nil
	}
	v.size += int64(len(t.body))
	v.tiles[t.At] = &t
}

func (v *view) wants(t geo.Tile) bool {
	for _, o := range v.order {
		if o == t {
			return true
		}
	}
	return false
}

// missing are the wanted tiles that are not there as they are now.
func (v *view) missing() []string {
	names := []string{}
	for _, t := range v.order {
		if held := v.tiles[t]; held == nil || held.Stale {
			names = append(names, t.String())
		}
	}
	return names
}
