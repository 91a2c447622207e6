// Package mvttest reads vector tiles in tests, with the rules that tiles of
// ours keep besides the specification.
package mvttest

import "github.com/qiantu/qiantu/geo/mvt/decode"

// The kinds of features.
const (
	KindPoint   = decode.KindPoint
	KindLine    = decode.KindLine
	KindPolygon = decode.KindPolygon
)

type (
	// Tile is a tile that was read.
	Tile = decode.Tile
	// Layer is a layer of it.
	Layer = decode.Layer
	// Feature is one of its features.
	Feature = decode.Feature
	// Cell is a place in units of a tile.
	Cell = decode.Cell
)

// Area is what a ring goes round, in square units; positive for an outer one.
func Area(ring []Cell) float64 { return decode.Area(ring) }

// Read reads a tile.
func Read(b []byte) (Tile, error) { return decode.Read(b) }

// Decode reads a tile; one that cannot be read, or has a layer that a tile of
// ours never has, ends the test. Nothing is a tile without layers.
func Decode(t interface{ Fatalf(string, ...any) }, b []byte) Tile {
	layers, err := decode.Read(b)
	if err != nil {
		t.Fatalf("%v in % x", err, b)
	}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != 4096 || len(l.Features) == 0 {
			t.Fatalf("layer %q: version %d, extent %d, %d features", l.Name, l.Version, l.Extent, len(l.Features))
		}
		for _, f := range l.Features {
			if f.Kind < KindPoint || f.Kind > KindPolygon {
				t.Fatalf("a feature of type %d", f.Kind)
			}
		}
	}
	return layers
}
