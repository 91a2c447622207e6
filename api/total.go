package api

import (
	"cmp"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt"
)

const (
	villageLayer = "village"
	totalLayer   = "village_total" // comes with layer village
)

// totals count the villages of a layer by square, for each zoom at which not all
// are drawn. They are made when first asked for.
type totals [allVillagesZoom]struct {
	once    sync.Once
	squares []villageSquare // by row and column
}

// villageSquare is a tile [totalGrid] zooms below one, and its villages.
type villageSquare struct {
	tile      geo.Tile
	villages  int64
	persons   int64
	uncounted int64     // villages whose persons are not known
	sum       orb.Point // of where they are
	by        map[string]int64
	best      *feature // the one that is drawn
}

// roadVerdicts and waterStates are what villages are counted by.
var (
	roadVerdicts = []string{"connected", "reached", "not", "unknown"}
	waterStates  = []string{"safe", "basic", "unsafe", "unsurveyed"}
)

// at gives the squares of a zoom.
func (t *totals) at(zoom uint32, villages []feature) []villageSquare {
	held := &t[zoom]
	held.once.Do(func() { held.squares = countSquares(villages, zoom+totalGrid) })
	return held.squares
}

func countSquares(villages []feature, zoom uint32) []villageSquare {
	at := map[geo.Tile]int{}
	var out []villageSquare
	for i := range villages {
		f := &villages[i]
		where, isPoint := f.geometry.(orb.Point)
		if !isPoint {
			continue
		}
		tile := geo.TileAt(where, zoom)
		n, known := at[tile]
		if !known {
			n = len(out)
			at[tile] = n
			out = append(out, villageSquare{tile: tile, by: map[string]int64{}})
		}
		out[n].count(f, where)
	}
	slices.SortFunc(out, func(a, b villageSquare) int { return compareTiles(a.tile, b.tile) })
	return out
}

func compareTiles(a, b geo.Tile) int { return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X, b.X)) }

func (s *villageSquare) count(f *feature, where orb.Point) {
	s.villages++
	s.sum[0] += where[0]
	s.sum[1] += where[1]
	verdict, _ := f.attributes["verdict"].(string)
	state, _ := f.attributes["state"].(string)
	s.by[verdict]++
	s.by[state]++
	if persons, known := f.attributes["persons"].(int64); known {
		s.persons += persons
		s.by["persons_"+verdict] += persons
	} else {
		s.uncounted++
	}
	if s.best == nil || f.attributes["kind"] == "administrative" && s.best.attributes["kind"] != "administrative" {
		s.best = f
	}
}

// join adds the villages that another county has in the square.
func (s *villageSquare) join(o villageSquare) villageSquare {
	sum := villageSquare{tile: s.tile, villages: s.villages + o.villages, persons: s.persons + o.persons, uncounted: s.uncounted + o.uncounted,
		sum: orb.Point{s.sum[0] + o.sum[0], s.sum[1] + o.sum[1]}, by: map[string]int64{}, best: s.best}
	for _, by := range []map[string]int64{s.by, o.by} {
		for name, n := range by {
			sum.by[name] += n
		}
	}
	if o.best.attributes["kind"] == "administrative" && s.best.attributes["kind"] != "administrative" {
		sum.best = o.best
	}
	return sum
}

// squaresIn are the squares of a tile in some counties' layers of villages, by row
// and column. A square is in one tile only: it is not drawn in the buffer of
// others.
func squaresIn(layers []*layer, tile geo.Tile) []villageSquare {
	var out []villageSquare
	first := tile.At(tile.Z + totalGrid)
	for _, l := range layers {
		all := l.totals.at(tile.Z, l.features)
		for y := range uint32(1) << totalGrid {
			from, _ := slices.BinarySearchFunc(all, geo.Tile{X: first.X, Y: first.Y + y}, func(s villageSquare, t geo.Tile) int { return compareTiles(s.tile, t) })
			for ; from < len(all) && tile.Contains(all[from].tile) && all[from].tile.Y == first.Y+y; from++ {
				out = append(out, all[from])
			}
		}
	}
	if len(layers) < 2 {
		return out
	}
	slices.SortStableFunc(out, func(a, b villageSquare) int { return compareTiles(a.tile, b.tile) })
	joined := out[:0]
	for _, s := range out {
		if n := len(joined); n > 0 && joined[n-1].tile == s.tile {
			joined[n-1] = joined[n-1].join(s)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// totalFields are the attributes of a total; all are numbers.
func totalFields() []string {
	out := []string{"villages", "persons", "persons_uncounted"}
	for _, verdict := range roadVerdicts {
		out = append(out, verdict, "persons_"+verdict)
	}
	return append(out, waterStates...)
}

// draw makes the feature of a total. It stands in the middle of its villages, and
// for certain in its square.
func (s *villageSquare) draw() *mvt.Feature {
	properties := map[string]any{"villages": s.villages, "persons": s.persons, "persons_uncounted": s.uncounted}
	for _, verdict := range roadVerdicts {
		properties[verdict], properties["persons_"+verdict] = s.by[verdict], s.by["persons_"+verdict]
	}
	for _, state := range waterStates {
		properties[state] = s.by[state]
	}
	b := s.tile.Bound()
	b = b.Pad(-(b.Max[0] - b.Min[0]) / 256)
	n := float64(s.villages)
	at := orb.Point{min(max(s.sum[0]/n, b.Min[0]), b.Max[0]), min(max(s.sum[1]/n, b.Min[1]), b.Max[1])}
	id := uint64(s.tile.Z)<<24 | uint64(s.tile.Y)<<12 | uint64(s.tile.X)
	return mvt.Prepare(id, at, properties)
}
