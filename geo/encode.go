package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Layer is a named list of features to draw. Names must differ within a tile.
type Layer struct {
	Name     string
	Features []Feature
}

// Feature is one thing on the map. The id stays the same in every tile, so
// that a screen can tell that two pieces belong together; 0 means none.
// Properties are strings, booleans and numbers; what else there is (nil, NaN,
// lists) is left out.
type Feature struct {
	ID         uint64
	Geometry   orb.Geometry // degrees; a collection becomes one feature for each kind in it
	Properties map[string]any
}

// TileOptions say how to draw. The zero value is what maps usually take.
type TileOptions struct {
	Buffer    int     // units round the tile that are drawn too; 0 means 64, below 0 none
	Tolerance float64 // units by which a line may be straightened below MaxZoom; 0 means 1, below 0 none
	Smallest  float64 // lines shorter and areas smaller (in units, square units) are left out below MaxZoom; 0 means 1, below 0 none
}

// Extent is the number of units along the side of a tile.
const Extent = 4096

// Encode writes a vector tile (Mapbox Vector Tile, version 2.1 of the
// specification) with what lies in the tile: clipped to the tile and its
// buffer, straightened to the zoom, without what would be smaller than a unit,
// with rings wound as version 2 wants. Layers without features are left out; a
// tile without layers is nil. Equal input gives equal bytes.
//
// Latitudes beyond the web map count as its edge. Lines are straight on the map
// between vertices, as on every web map; one that crosses the antimeridian
// must be given in two parts. Features with coordinates that are not finite
// are left out.
func Encode(layers []Layer, tile Tile, options TileOptions) []byte {
	d := newDrawing(tile, options)
	var out []byte
	for _, layer := range layers {
		if encoded := d.layer(layer); encoded != nil {
			out = appendBytes(out, tileLayers, encoded)
		}
	}
	return out
}

func newDrawing(tile Tile, o TileOptions) drawing {
	pick := func(v, usual float64) float64 {
		if v == 0 {
			return usual
		}
		return math.Max(0, v)
	}
	buffer := pick(float64(o.Buffer), 64)
	d := drawing{tile: tile, tolerance: pick(o.Tolerance, 1), smallest: pick(o.Smallest, 1)}
	if tile.Z >= MaxZoom {
		d.tolerance, d.smallest = 0, 0
	}
	d.box = orb.Bound{Min: orb.Point{-buffer, -buffer}, Max: orb.Point{Extent + buffer, Extent + buffer}}
	return d
}

// layer writes one layer, nil for one without features.
func (d drawing) layer(l Layer) []byte {
	w := layerWriter{keys: map[string]uint64{}, values: map[any]uint64{}}
	for _, f := range l.Features {
		for kind, commands := range d.draw(f.Geometry) {
			if len(commands) > 0 {
				w.feature(f, uint64(kind), commands)
			}
		}
	}
	if w.features == nil {
		return nil
	}
	out := appendVarintField(nil, layerVersion, 2)
	out = appendBytes(out, layerName, []byte(l.Name))
	out = append(out, w.features...)
	out = append(out, w.keyBytes...)
	out = append(out, w.valueBytes...)
	return appendVarintField(out, layerExtent, Extent)
}

// Field numbers of the specification.
const (
	tileLayers = 3

	layerName     = 1
	layerFeatures = 2
	layerKeys     = 3
	layerValues   = 4
	layerExtent   = 5
	layerVersion  = 15

	featureID       = 1
	featureTags     = 2
	featureType     = 3
	featureGeometry = 4

	valueString = 1
	valueDouble = 3
	valueUint   = 5
	valueSint   = 6
	valueBool   = 7
)

// layerWriter gathers the features of a layer and the keys and values that
// they share.
type layerWriter struct {
	features, keyBytes, valueBytes []byte
	keys                           map[string]uint64
	values                         map[any]uint64
}

func (w *layerWriter) feature(f Feature, kind uint64, commands []uint32) {
	var b []byte
	if f.ID != 0 {
		b = appendVarintField(b, featureID, f.ID)
	}
	if tags := w.tags(f.Properties); len(tags) > 0 {
		b = appendBytes(b, featureTags, tags)
	}
	b = appendVarintField(b, featureType, kind)
	var geometry []byte
	for _, c := range commands {
		geometry = appendVarint(geometry, uint64(c))
	}
	b = appendBytes(b, featureGeometry, geometry)
	w.features = appendBytes(w.features, layerFeatures, b)
}

// tags writes pairs of key and value numbers, in the order of the keys.
func (w *layerWriter) tags(properties map[string]any) []byte {
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []byte
	for _, name := range names {
		if value, ok := w.value(properties[name]); ok {
			out = appendVarint(appendVarint(out, w.key(name)), value)
		}
	}
	return out
}

func (w *layerWriter) key(name string) uint64 {
	n, ok := w.keys[name]
	if !ok {
		n = uint64(len(w.keys))
		w.keys[name] = n
		w.keyBytes = appendBytes(w.keyBytes, layerKeys, []byte(name))
	}
	return n
}

// value gives the number of a value, new or known. Numbers of all Go types
// with the same value share one.
func (w *layerWriter) value(v any) (uint64, bool) {
	plain, encoded := encodeValue(v)
	if encoded == nil {
		return 0, false
	}
	n, ok := w.values[plain]
	if !ok {
		n = uint64(len(w.values))
		w.values[plain] = n
		w.valueBytes = appendBytes(w.valueBytes, layerValues, encoded)
	}
	return n, true
}
