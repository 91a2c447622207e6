package data

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/raster"
	"github.com/qiantu/qiantu/planner"
)

// terrains keeps the terrain models that were read, by county: a snapshot is
// read at every change, its land never is twice. At most landCells of them all
// together, and one more.
type terrains struct {
	sync.Mutex
	known map[string]land
}

type land struct {
	digest string
	grid   *raster.Grid
}

// landCells are 64 MB of heights.
const landCells = 16 << 20

// heights gives the land of a county and what it is of; nil where none is stored.
func (s *Store) heights(ctx context.Context, tx pgx.Tx, county string) (geo.Heights, planner.Terrain, error) {
	var h terrainHead
	var is planner.Terrain
	err := tx.QueryRow(ctx, query.TerrainGet, county).Scan(&h.west, &h.north, &h.dx, &h.dy, &h.columns, &h.rows, &is.Digest, &is.Source)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, is, nil
	}
	if err != nil {
		return nil, is, err
	}
	if grid := s.land.get(county, is.Digest); grid != nil {
		return grid, is, nil
	}
	var body []byte
	if err := tx.QueryRow(ctx, query.TerrainBody, county).Scan(&body); err != nil {
		return nil, is, err
	}
	grid, err := h.unpack(body)
	if err != nil {
		return nil, is, planner.Errorf(planner.Invalid, "the terrain model of county %q: %v; import it again: qiantu import dem FILE --region %s", county, err, county)
	}
	s.land.put(county, land{is.Digest, grid})
	return grid, is, nil
}

func (t *terrains) get(county, digest string) *raster.Grid {
	t.Lock()
	defer t.Unlock()
	if l := t.known[county]; l.digest == digest {
		return l.grid
	}
	return nil
}

func (t *terrains) put(county string, l land) {
	t.Lock()
	defer t.Unlock()
	cells := 0
	for _, other := range t.known {
		cells += other.cells()
	}
	if t.known == nil || cells+l.cells() > landCells {
		t.known = map[string]land{}
	}
	t.known[county] = l
}

func (l land) cells() int {
	cols, rows := l.grid.Size()
	return cols * rows
}

// StoreTerrain stores the heights of a county's land, in place of those it has.
// Who looks at the county learns of it as of any change.
func (s *Store) StoreTerrain(ctx context.Context, county string, grid *raster.Grid, source, actor string) error {
	return explain(s.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.CountyLock, county); err != nil {
			return err
		}
		if err := putTerrain(ctx, tx, county, grid, source); err != nil {
			return err
		}
		cols, rows := grid.Size()
		detail := map[string]any{"columns": cols, "rows": rows, "source": source}
		_, err := tx.Exec(ctx, query.AuditInsert, actor, "import", county, "terrain", detail)
		return err
	}))
}

// TerrainArea is the box around all that is drawn of a county, empty where
// nothing is; NotFound where there is no such county.
func (s *Store) TerrainArea(ctx context.Context, county string) (orb.Bound, error) {
	var corner [4]*float64
	err := s.Transaction(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, query.TerrainArea, county).Scan(&corner[0], &corner[1], &corner[2], &corner[3])
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return orb.Bound{}, planner.Errorf(planner.NotFound, "there is no county %q; import its boundary or its roads first", county)
	}
	if err != nil || corner[0] == nil {
		return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}, explain(err)
	}
	return orb.Bound{Min: orb.Point{*corner[0], *corner[1]}, Max: orb.Point{*corner[2], *corner[3]}}, nil
}

func (w *writer) terrain() error {
	if w.load.Terrain == nil {
		return nil
	}
	w.rows["terrain"]++
	return putTerrain(w.ctx, w.tx, w.load.County, w.load.Terrain, w.load.Source)
}

func putTerrain(ctx context.Context, tx pgx.Tx, county string, grid *raster.Grid, source string) error {
	dx, dy := grid.CellSize()
	cols, rows := grid.Size()
	body, err := packHeights(grid)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query.TerrainPut, county, grid.Bound().Min[0], grid.Bound().Max[1], dx, dy, cols, rows, body, source)
	return err
}

// terrainHead is where a stored grid lies.
type terrainHead struct {
	west, north, dx, dy float64
	columns, rows       int
}

// A height is stored as the difference in decimetres from the known one before
// it in its row, shifted up by one; unknownHeight stands for one that is not known.
const (
	unknownHeight = 0
	decimetres    = 10
	highest       = 1 << 24 // decimetres from the sea, either way
)

// packHeights writes a grid, to the decimetre.
func packHeights(grid *raster.Grid) ([]byte, error) {
	var out bytes.Buffer
	to, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	_, rows := grid.Size()
	var line []byte
	for row := range rows {
		line = line[:0]
		last := int64(0)
		for _, v := range grid.Row(row) {
			if v != v {
				line = binary.AppendUvarint(line, unknownHeight)
				continue
			}
			at := int64(math.Round(math.Max(-highest, math.Min(highest, float64(v)*decimetres))))
			step := at - last
			line = binary.AppendUvarint(line, uint64(step<<1^step>>63)+1)
			last = at
		}
		if _, err := to.Write(line); err != nil {
			return nil, err
		}
	}
	if err := to.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// unpack reads what packHeights wrote, and refuses anything else.
func (h terrainHead) unpack(body []byte) (*raster.Grid, error) {
	if h.columns < 1 || h.rows < 1 || h.columns > raster.MaxCells/h.rows {
		return nil, fmt.Errorf("%d by %d cells", h.columns, h.rows)
	}
	in := bufio.NewReader(flate.NewReader(bytes.NewReader(body)))
	values := make([]float32, h.columns*h.rows)
	for row := range h.rows {
		last := int64(0)
		for col := range h.columns {
			n, err := binary.ReadUvarint(in)
			if err != nil {
				return nil, fmt.Errorf("row %d of %d breaks off: %w", row, h.rows, err)
			}
			if n == unknownHeight {
				values[row*h.columns+col] = float32(math.NaN())
				continue
			}
			n--
			last += int64(n>>1) ^ -int64(n&1)
			if last < -highest || last > highest {
				return nil, fmt.Errorf("row %d, cell %d: no height", row, col)
			}
			values[row*h.columns+col] = float32(float64(last) / decimetres)
		}
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than its cells")
	}
	return raster.New(h.west, h.north, h.dx, h.dy, h.columns, h.rows, values)
}
