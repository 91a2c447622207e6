package api

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// The binary tile frame of docs/stream.md.
const (
	frameVersion = 1
	frameHead    = 25 // bytes before the body
	flagGzip     = 1
	flagEmpty    = 2
	flagWhole    = 4 // a patch may be laid over it
	flagPatch    = 8
)

// patchFrame writes, for the wire, what leads to a whole tile from the one of the
// revision base; no body: nothing does.
func patchFrame(t geo.Tile, base, revision int64, seq uint32, body []byte) []byte {
	if len(body) == 0 {
		body = nil
	}
	frame := tileFrame(t, revision, seq, body)
	frame[3] |= flagWhole | flagPatch
	return slices.Insert(frame, frameHead, binary.BigEndian.AppendUint64(nil, uint64(base))...)
}

// tileFrame writes a tile for the wire; a nil body is an empty tile.
func tileFrame(t geo.Tile, revision int64, seq uint32, body []byte) []byte {
	frame := make([]byte, frameHead, frameHead+len(body))
	copy(frame, "QT")
	frame[2] = frameVersion
	frame[3] = flagGzip
	if body == nil {
		frame[3] = flagEmpty
	}
	frame[4] = byte(t.Z)
	binary.BigEndian.PutUint32(frame[5:], t.X)
	binary.BigEndian.PutUint32(frame[9:], t.Y)
	binary.BigEndian.PutUint64(frame[13:], uint64(revision))
	binary.BigEndian.PutUint32(frame[21:], seq)
	return append(frame, body...)
}

// The text frames of the server.
type (
	helloFrame struct {
		Type     string   `json:"type"`
		Version  int      `json:"version"`
		Revision int64    `json:"revision"`
		Layers   []string `json:"layers"`
		Time     string   `json:"time"`
	}
	staleFrame struct {
		Type     string   `json:"type"`
		Revision int64    `json:"revision"`
		Since    int64    `json:"since"`
		All      bool     `json:"all"`
		Tiles    []string `json:"tiles"`
		Layers   []string `json:"layers"`
		Regions  []string `json:"regions"`
	}
	revisionFrame struct {
		Type     string `json:"type"`
		Revision int64  `json:"revision"`
		Time     string `json:"time"`
	}
	figuresFrame struct {
		Type     string     `json:"type"`
		Revision int64      `json:"revision"`
		Region   string     `json:"region"`
		Kind     string     `json:"kind"`
		Report   reportJSON `json:"report"`
	}
	errorFrame struct {
		Type    string `json:"type"`
		Code    string `json:"code"`
		Message string `json:"message"`
		Seq     *int64 `json:"seq,omitempty"`
	}
)

func newStale(d delta) staleFrame {
	f := staleFrame{
		Type: "stale", Revision: d.revision, Since: d.since, All: d.all,
		Tiles: []string{}, Layers: orEmpty(d.layers), Regions: orEmpty(d.counties),
	}
	for _, cell := range d.cells {
		f.Tiles = append(f.Tiles, cellName(cell))
	}
	return f
}

func cellName(c planner.Cell) string { return geo.Tile{Z: geo.CellZoom, X: c.X, Y: c.Y}.String() }

func orEmpty(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
