// Package decode is a strict reader of vector tiles: what the specification
// forbids, it refuses. It shares no code with what writes them, so that tests
// may hold one against the other.
package decode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The kinds of features.
const (
	KindPoint   = 1
	KindLine    = 2
	KindPolygon = 3
)

// Cell is a place in units of a tile.
type Cell struct{ X, Y int32 }

// Tile is a tile that was read.
type Tile []Layer

// Features are those of a layer; none where there is no such layer.
func (t Tile) Features(layer string) []Feature {
	for _, l := range t {
		if l.Name == layer {
			return l.Features
		}
	}
	return nil
}

// Area is what a ring goes round, in square units; positive for an outer one.
func Area(ring []Cell) float64 {
	twice := int64(0)
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		twice += int64(a.X)*int64(b.Y) - int64(b.X)*int64(a.Y)
	}
	return float64(twice) / 2
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

	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// Layer is a layer of a tile.
type Layer struct {
	Name     string
	Version  uint64
	Extent   uint64
	Features []Feature
}

// Feature is one of its features.
type Feature struct {
	ID         uint64
	Kind       uint64
	Properties map[string]any
	Parts      [][]Cell // points, lines, or rings in order without their last vertex
}

type field struct {
	number int
	wire   uint64
	varint uint64
	bytes  []byte
}

var errTile = errors.New("bad tile")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errTile, fmt.Sprintf(format, args...))
}

// fields reads a protocol buffers message.
func fields(b []byte) ([]field, error) {
	var out []field
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 || tag>>3 == 0 {
			return nil, bad("tag")
		}
		b = b[n:]
		f := field{number: int(tag >> 3), wire: tag & 7}
		size := 0
		switch tag & 7 {
		case 0:
			if f.varint, size = binary.Uvarint(b); size <= 0 {
				return nil, bad("number")
			}
		case 1, 5:
			if size = map[uint64]int{1: 8, 5: 4}[tag&7]; len(b) < size {
				return nil, bad("fixed number")
			}
			f.bytes = b[:size]
		case 2:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return nil, bad("length")
			}
			size = n + int(length)
			f.bytes = b[n:size]
		default:
			return nil, bad("wire type %d", tag&7)
		}
		b = b[size:]
		out = append(out, f)
	}
	return out, nil
}

func varints(b []byte) ([]uint64, error) {
	var out []uint64
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > math.MaxUint32 {
			return nil, bad("packed number")
		}
		out, b = append(out, v), b[n:]
	}
	return out, nil
}

// Read reads a tile.
func Read(b []byte) (Tile, error) {
	tile, err := fields(b)
	if err != nil {
		return nil, err
	}
	var out Tile
	names := map[string]bool{}
	for _, f := range tile {
		if f.number != tileLayers {
			return nil, bad("field %d of the tile", f.number)
		}
		l, err := decodeLayer(f.bytes)
		if err != nil {
			return nil, err
		}
		if names[l.Name] {
			return nil, bad("two layers %q", l.Name)
		}
		names[l.Name] = true
		out = append(out, l)
	}
	return out, nil
}

func decodeLayer(b []byte) (Layer, error) {
	l := Layer{Extent: 4096} // what the specification takes for granted
	layer, err := fields(b)
	if err != nil {
		return l, err
	}
	named := false
	var keys []string
	var values []any
	var raw [][]byte
	seen := map[string]bool{}
	for _, f := range layer {
		if number := f.number == layerVersion || f.number == layerExtent; number != (f.wire == 0) {
			return l, bad("field %d of a layer has wire type %d", f.number, f.wire)
		}
		switch f.number {
		case layerVersion:
			l.Version = f.varint
		case layerName:
			l.Name, named = string(f.bytes), true
		case layerExtent:
			l.Extent = f.varint
		case layerKeys:
			if seen[string(f.bytes)] {
				return l, bad("key %q twice", f.bytes)
			}
			seen[string(f.bytes)] = true
			keys = append(keys, string(f.bytes))
		case layerValues:
			v, err := decodeValue(f.bytes)
			if err != nil {
				return l, err
			}
			values = append(values, v)
		case layerFeatures:
			raw = append(raw, f.bytes)
		default:
			return l, bad("field %d of a layer", f.number)
		}
	}
	if !named || l.Name == "" || l.Extent == 0 || l.Version < 1 || l.Version > 2 {
		return l, bad("layer %q: version %d, extent %d", l.Name, l.Version, l.Extent)
	}
	for _, b := range raw {
		f, err := decodeFeature(b, keys, values)
		if err != nil {
			return l, err
		}
		l.Features = append(l.Features, f)
	}
	return l, nil
}

func decodeValue(b []byte) (any, error) {
	v, err := fields(b)
	if err != nil || len(v) != 1 {
		return nil, bad("value of %d fields", len(v))
	}
	wires := []uint64{0, 2, 5, 1, 0, 0, 0, 0}
	if n := v[0].number; n >= len(wires) || v[0].wire != wires[n] {
		return nil, bad("value of type %d with wire type %d", n, v[0].wire)
	}
	switch f := v[0]; f.number {
	case 1:
		return string(f.bytes), nil
	case 2:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(f.bytes))), nil
	case 3:
		return math.Float64frombits(binary.LittleEndian.Uint64(f.bytes)), nil
	case 4:
		return int64(f.varint), nil
	case 5:
		return f.varint, nil
	case 6:
		return int64(f.varint>>1) ^ -int64(f.varint&1), nil
	case 7:
		return f.varint == 1, nil
	}
	return nil, bad("value of type %d", v[0].number)
}

func decodeFeature(b []byte, keys []string, values []any) (Feature, error) {
	out := Feature{Properties: map[string]any{}}
	feature, err := fields(b)
	if err != nil {
		return out, err
	}
	var commands []uint64
	for _, f := range feature {
		switch f.number {
		case featureID:
			out.ID = f.varint
		case featureType:
			out.Kind = f.varint
		case featureGeometry:
			commands, err = varints(f.bytes)
		case featureTags:
			var tags []uint64
			if tags, err = varints(f.bytes); err == nil {
				err = out.tag(tags, keys, values)
			}
		default:
			err = bad("field %d of a feature", f.number)
		}
		if err != nil {
			return out, err
		}
	}
	if out.Kind == 0 {
		return out, nil // of no type that is known, which is allowed
	}
	if out.Kind > KindPolygon || len(commands) == 0 {
		return out, bad("feature of type %d with %d commands", out.Kind, len(commands))
	}
	return out, out.run(commands)
}

func (f *Feature) tag(tags []uint64, keys []string, values []any) error {
	if len(tags)%2 != 0 {
		return bad("odd tags")
	}
	for i := 0; i < len(tags); i += 2 {
		if tags[i] >= uint64(len(keys)) || tags[i+1] >= uint64(len(values)) {
			return bad("tag beyond the list")
		}
		f.Properties[keys[tags[i]]] = values[tags[i+1]]
	}
	return nil
}

// run follows the commands and holds them to the rules for their type.
func (f *Feature) run(commands []uint64) error {
	at := Cell{}
	open := false
	for i := 0; i < len(commands); {
		id, count := commands[i]&7, int(commands[i]>>3)
		i++
		if id == closePath {
			if f.Kind != KindPolygon || count != 1 || !open || len(f.Parts[len(f.Parts)-1]) < 3 {
				return bad("closed wrongly")
			}
			open = false
			continue
		}
		if count == 0 || i+2*count > len(commands) {
			return bad("command for %d vertices", count)
		}
		switch {
		case id == moveTo && !open && (f.Kind == KindPoint || count == 1):
			f.Parts = append(f.Parts, nil)
			open = f.Kind == KindPolygon
		case id == lineTo && f.Kind != KindPoint && len(f.Parts) > 0 && len(f.Parts[len(f.Parts)-1]) == 1:
		default:
			return bad("command %d out of place", id)
		}
		part := &f.Parts[len(f.Parts)-1]
		for range count {
			step := func(v uint64) int32 { return int32(uint32(v)>>1) ^ -int32(v&1) }
			next := Cell{at.X + step(commands[i]), at.Y + step(commands[i+1])}
			if id == lineTo && next == at {
				return bad("a step of no length")
			}
			at, i = next, i+2
			*part = append(*part, at)
		}
	}
	return f.finish(open)
}

func (f *Feature) finish(open bool) error {
	if open || f.Kind == KindPoint && len(f.Parts) != 1 {
		return bad("not finished")
	}
	for i, part := range f.Parts {
		if f.Kind == KindLine && len(part) < 2 {
			return bad("a line of one vertex")
		}
		if f.Kind == KindPolygon && (Area(part) == 0 || i == 0 && Area(part) < 0) {
			return bad("ring %d is wound wrongly", i)
		}
	}
	return nil
}
