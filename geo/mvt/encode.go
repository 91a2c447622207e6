package mvt

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"sync"
	"unique"

	"github.com/qiantu/qiantu/geo"
)

// Drawn is a named layer of a tile with what is near it. Names must differ
// within a tile.
type Drawn struct {
	Name     string
	Features []*Feature
}

// Options say how to draw.
type Options struct {
	Buffer int  // units round the tile that are drawn too
	Detail int  // the zoom whose straightening applies, at most the tile's: a smaller one makes the tile smaller
	Merge  bool // features of one group become one, their lines joined
}

// Encode writes a vector tile with what lies in the tile: clipped to the tile
// and its buffer, straightened to the zoom, without what would be smaller than a
// unit, with rings wound as version 2 wants. Layers without features are left
// out; a tile without layers is nil, and so is one deeper than [MaxZoom].
func Encode(layers []Drawn, tile geo.Tile, o Options) []byte {
	e := Begin(tile, o)
	defer e.End()
	for _, l := range layers {
		e.Layer(l.Name, l.Features, 0)
	}
	return e.Bytes()
}

// Encoder writes one tile, layer by layer. It is made by [Begin] and given back
// by [Encoder.End].
type Encoder struct {
	drawing
	o    Options
	tile geo.Tile
	out  []byte

	features, keyBytes, tags []byte
	values                   valueTable
	keys                     map[string]uint64
	numbers                  map[unique.Handle[string]][]uint64 // of the keys of a set of attributes
	names                    unique.Handle[string]              // the set used last, with its numbers
	last                     []uint64
	only                     []string // the attributes that are written; nil: all
	merge                    merger
}

// leastFeature is how many bytes a feature takes at least, as a rule: enough to
// see without trying that a crowd of them is too much.
const leastFeature = 16

// leftOut stands for the number of a key that is not written.
const leftOut = math.MaxUint64

var encoders = sync.Pool{New: func() any {
	return &Encoder{keys: map[string]uint64{}, numbers: map[unique.Handle[string]][]uint64{}}
}}

// Begin starts a tile.
func Begin(tile geo.Tile, o Options) *Encoder {
	e := encoders.Get().(*Encoder)
	e.tile, e.o, e.out = tile, o, e.out[:0]
	if tile.Z <= MaxZoom {
		e.begin(tile, o)
	}
	return e
}

// End gives the encoder back; it must not be used again.
func (e *Encoder) End() {
	e.only = nil
	encoders.Put(e)
}

// Only has the layers that follow say no more than some attributes; nil: all.
func (e *Encoder) Only(attributes []string) { e.only = attributes }

// Len is how many bytes the tile has until now.
func (e *Encoder) Len() int { return len(e.out) }

// Bytes is the tile; nil: it has no layers.
func (e *Encoder) Bytes() []byte {
	if len(e.out) == 0 {
		return nil
	}
	return append(make([]byte, 0, len(e.out)), e.out...)
}

// Append adds layers of a tile that were made before.
func (e *Encoder) Append(layers []byte) { e.out = append(e.out, layers...) }

// Layer writes a layer, nothing for one without features in the tile. Of one
// that takes more than so many bytes (zero: any number) it writes nothing and
// gives false.
func (e *Encoder) Layer(name string, features []*Feature, most int) bool {
	if e.tile.Z > MaxZoom || len(features) == 0 {
		return true
	}
	if most > 0 && !e.o.Merge && len(features)*leastFeature > most {
		return false
	}
	e.clear()
	for _, f := range features {
		if most > 0 && len(e.features)+len(e.values.bytes) > most {
			return false
		}
		if e.o.Merge && f.Group != nil {
			e.collect(f)
		} else {
			e.feature(f)
		}
	}
	if e.o.Merge && !e.drawGroups(most) {
		return false
	}
	if len(e.features) == 0 {
		return true
	}
	const version, extent = 2, Extent
	// Version: two bytes; extent: three.
	length := 2 + sizeHead(len(name)) + len(e.features) + len(e.keyBytes) + len(e.values.bytes) + 3
	out := appendHead(e.out, tileLayers, length)
	out = appendVarintField(out, layerVersion, version)
	out = appendBytes(out, layerName, []byte(name))
	out = append(out, e.features...)
	out = append(out, e.keyBytes...)
	out = append(out, e.values.bytes...)
	e.out = appendVarintField(out, layerExtent, extent)
	return most == 0 || length <= most
}

func (e *Encoder) clear() {
	e.features, e.keyBytes = e.features[:0], e.keyBytes[:0]
	e.values.clear()
	clear(e.keys)
	clear(e.numbers)
	e.last = nil
	e.merge.clear()
}

// feature draws one, of which a collection has several kinds.
func (e *Encoder) feature(f *Feature) {
	inside := f.box.within(e.inner)
	if !inside && !f.box.meets(e.inner) {
		return
	}
	id, rest := cut(f.blob)
	tagged := false
	for rest = skipValues(rest); len(rest) > 0; {
		var kind byte
		kind, rest = e.shape(rest, inside)
		if len(e.pen.data) == 0 {
			continue
		}
		if !tagged {
			e.tag(f)
			tagged = true
		}
		e.write(id, kind)
	}
}

// skipValues gives what follows the values of a blob without its id.
func skipValues(blob []byte) []byte {
	count, blob := cut(blob)
	for range count {
		var length uint64
		length, blob = cut(blob[4:])
		blob = blob[length:]
	}
	return blob
}

// tag makes the tags of a feature: pairs of key and value numbers, in the order
// of the keys.
func (e *Encoder) tag(f *Feature) {
	if e.last == nil || f.names != e.names {
		e.names, e.last = f.names, e.numbersOf(f.names)
	}
	e.tags = e.tags[:0]
	_, blob := cut(f.blob)
	count, blob := cut(blob)
	for i := range int(count) {
		hash := binary.LittleEndian.Uint32(blob)
		var length uint64
		length, blob = cut(blob[4:])
		if e.last[i] != leftOut {
			e.tags = appendVarint(appendVarint(e.tags, e.last[i]), uint64(e.values.number(hash, blob[:length])))
		}
		blob = blob[length:]
	}
}

// numbersOf are the numbers of some keys in the layer, new or known.
func (e *Encoder) numbersOf(names unique.Handle[string]) []uint64 {
	if known, ok := e.numbers[names]; ok {
		return known
	}
	out := []uint64{}
	if names.Value() != "" {
		for _, name := range strings.Split(names.Value(), "\x00") {
			out = append(out, e.key(name))
		}
	}
	e.numbers[names] = out
	return out
}

func (e *Encoder) key(name string) uint64 {
	if e.only != nil && !slices.Contains(e.only, name) {
		return leftOut
	}
	n, known := e.keys[name]
	if !known {
		n = uint64(len(e.keys))
		e.keys[name] = n
		e.keyBytes = appendBytes(e.keyBytes, layerKeys, []byte(name))
	}
	return n
}

// write writes the feature whose tags and commands are in hand.
func (e *Encoder) write(id uint64, kind byte) {
	length := 2 + sizeHead(len(e.pen.data)) // the type: two bytes
	if id != 0 {
		length += 1 + len(appendVarint(nil, id))
	}
	if len(e.tags) > 0 {
		length += sizeHead(len(e.tags))
	}
	b := appendHead(e.features, layerFeatures, length)
	if id != 0 {
		b = appendVarintField(b, featureID, id)
	}
	if len(e.tags) > 0 {
		b = appendBytes(b, featureTags, e.tags)
	}
	b = appendVarintField(b, featureType, uint64(kind))
	e.features = appendBytes(b, featureGeometry, e.pen.data)
}
