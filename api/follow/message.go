package follow

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/qiantu/qiantu/geo"
)

// protocol is the version of docs/stream.md that is spoken.
const protocol = 1

// Hello is told once a connection stands.
type Hello struct {
	Revision int64     `json:"revision"`
	Layers   []string  `json:"layers"` // that can be had
	Time     time.Time `json:"time"`   // of the revision
	Again    bool      `json:"-"`      // not the first connection of this client
}

// Stale is told when the map changed from revision Since to Revision.
type Stale struct {
	Revision int64
	Since    int64
	All      bool       // everything may have changed; no cells are named
	Cells    []geo.Tile // whose pixels differ, of zoom 12
	Layers   []string   // that differ
	Regions  []string   // codes of the counties that were read again
}

// Touches says whether a tile shows something of what changed.
func (s *Stale) Touches(t geo.Tile) bool {
	if s.All {
		return true
	}
	for _, cell := range s.Cells {
		if t.Contains(cell) || cell.Contains(t) {
			return true
		}
	}
	return false
}

// Revision is told when everything of a revision can be had.
type Revision struct {
	Revision int64     `json:"revision"`
	Time     time.Time `json:"time"`
}

// Refusal is what the service would not do. The connection goes on.
type Refusal struct {
	Code    string `json:"code"` // of docs/stream.md
	Message string `json:"message"`
}

// Loss is told when a connection ended, or none could be made.
type Loss struct {
	Err   error
	Wait  time.Duration // until the next attempt
	Tries int           // attempts that failed since the last connection that stood
}

type staleFrame struct {
	Revision int64    `json:"revision"`
	Since    int64    `json:"since"`
	All      bool     `json:"all"`
	Tiles    []string `json:"tiles"`
	Layers   []string `json:"layers"`
	Regions  []string `json:"regions"`
}

func (f *staleFrame) read() (Stale, error) {
	s := Stale{Revision: f.Revision, Since: f.Since, All: f.All, Layers: f.Layers, Regions: f.Regions}
	for _, name := range f.Tiles {
		cell, err := parseTile(name)
		if err != nil {
			return s, fmt.Errorf("follow: stale: %w", err)
		}
		s.Cells = append(s.Cells, cell)
	}
	return s, nil
}

func parseTile(name string) (geo.Tile, error) {
	part := strings.SplitN(name, "/", 4)
	if len(part) != 3 {
		return geo.Tile{}, fmt.Errorf("%.40q is no tile", name)
	}
	return geo.ParseTile(part[0], part[1], part[2])
}

// The binary frame of docs/stream.md.
const (
	frameHead = 25
	flagGzip  = 1
	flagEmpty = 2
)

// readTileFrame reads the frame of a tile. The body stays what it was on the
// wire.
func readTileFrame(frame []byte) (Tile, error) {
	if len(frame) < frameHead || string(frame[:2]) != "QT" || frame[2] != 1 {
		return Tile{}, fmt.Errorf("follow: a binary frame of %d bytes is no tile", len(frame))
	}
	t := Tile{
		At:       geo.Tile{Z: uint32(frame[4]), X: binary.BigEndian.Uint32(frame[5:]), Y: binary.BigEndian.Uint32(frame[9:])},
		Revision: int64(binary.BigEndian.Uint64(frame[13:])),
		Bytes:    len(frame),
	}
	flags, body := frame[3], frame[frameHead:]
	if !t.At.Exists() || t.Revision < 0 || flags&flagEmpty != 0 && len(body) > 0 {
		return Tile{}, fmt.Errorf("follow: tile %s of revision %d, flags %d and %d bytes cannot be", t.At, t.Revision, flags, len(body))
	}
	if flags&flagEmpty == 0 {
		t.body, t.zipped = body, flags&flagGzip != 0
	}
	return t, nil
}

// text writes a message of ours, which cannot fail.
func text(members map[string]any) []byte {
	out, err := json.Marshal(members)
	if err != nil {
		panic("follow: " + err.Error()) // strings and numbers
	}
	return out
}
