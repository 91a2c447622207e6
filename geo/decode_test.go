package geo

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// A strict reader of vector tiles for the tests: what the specification
// forbids, it refuses.

type tileLayer struct {
	name     string
	version  uint64
	extent   uint64
	features []tileFeature
}

type tileFeature struct {
	id         uint64
	kind       uint64
	properties map[string]any
	parts      [][]cell // points, lines, or rings in order without their last vertex
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

func decodeTile(b []byte) ([]tileLayer, error) {
	tile, err := fields(b)
	if err != nil {
		return nil, err
	}
	var out []tileLayer
	names := map[string]bool{}
	for _, f := range tile {
		if f.number != tileLayers {
			return nil, bad("field %d of the tile", f.number)
		}
		l, err := decodeLayer(f.bytes)
		if err != nil {
			return nil, err
		}
		if names[l.name] {
			return nil, bad("two layers %q", l.name)
		}
		names[l.name] = true
		out = append(out, l)
	}
	return out, nil
}

func decodeLayer(b []byte) (tileLayer, error) {
	l := tileLayer{extent: 4096} // what the specification takes for granted
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
			l.version = f.varint
		case layerName:
			l.name, named = string(f.bytes), true
		case layerExtent:
			l.extent = f.varint
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
	if !named || l.name == "" || l.extent == 0 || l.version < 1 || l.version > 2 {
		return l, bad("layer %q: version %d, extent %d", l.name, l.version, l.extent)
	}
	for _, b := range raw {
		f, err := decodeFeature(b, keys, values)
		if err != nil {
			return l, err
		}
		l.features = append(l.features, f)
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

func decodeFeature(b []byte, keys []string, values []any) (tileFeature, error) {
	out := tileFeature{properties: map[string]any{}}
	feature, err := fields(b)
	if err != nil {
		return out, err
	}
	var commands []uint64
	for _, f := range feature {
		switch f.number {
		case featureID:
			out.id = f.varint
		case featureType:
			out.kind = f.varint
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
	if out.kind == 0 {
		return out, nil // of no type that is known, which is allowed
	}
	if out.kind > kindPolygon || len(commands) == 0 {
		return out, bad("feature of type %d with %d commands", out.kind, len(commands))
	}
	return out, out.run(commands)
}

func (f *tileFeature) tag(tags []uint64, keys []string, values []any) error {
	if len(tags)%2 != 0 {
		return bad("odd tags")
	}
	for i := 0; i < len(tags); i += 2 {
		if tags[i] >= uint64(len(keys)) || tags[i+1] >= uint64(len(values)) {
			return bad("tag beyond the list")
		}
		f.properties[keys[tags[i]]] = values[tags[i+1]]
	}
	return nil
}

// run follows the commands and holds them to the rules for their type.
func (f *tileFeature) run(commands []uint64) error {
	at := cell{}
	open := false
	for i := 0; i < len(commands); {
		id, count := commands[i]&7, int(commands[i]>>3)
		i++
		if id == closePath {
			if f.kind != kindPolygon || count != 1 || !open || len(f.parts[len(f.parts)-1]) < 3 {
				return bad("closed wrongly")
			}
			open = false
			continue
		}
		if count == 0 || i+2*count > len(commands) {
			return bad("command for %d vertices", count)
		}
		switch {
		case id == moveTo && !open && (f.kind == kindPoint || count == 1):
			f.parts = append(f.parts, nil)
			open = f.kind == kindPolygon
		case id == lineTo && f.kind != kindPoint && len(f.parts) > 0 && len(f.parts[len(f.parts)-1]) == 1:
		default:
			return bad("command %d out of place", id)
		}
		part := &f.parts[len(f.parts)-1]
		for range count {
			step := func(v uint64) int32 { return int32(uint32(v)>>1) ^ -int32(v&1) }
			next := cell{at.x + step(commands[i]), at.y + step(commands[i+1])}
			if id == lineTo && next == at {
				return bad("a step of no length")
			}
			at, i = next, i+2
			*part = append(*part, at)
		}
	}
	return f.finish(open)
}

func (f *tileFeature) finish(open bool) error {
	if open || f.kind == kindPoint && len(f.parts) != 1 {
		return bad("not finished")
	}
	for i, part := range f.parts {
		if f.kind == kindLine && len(part) < 2 {
			return bad("a line of one vertex")
		}
		if f.kind == kindPolygon && (shoelace(part) == 0 || i == 0 && shoelace(part) < 0) {
			return bad("ring %d is wound wrongly", i)
		}
	}
	return nil
}

// The reader is itself held to the public fixtures: what they call valid it
// reads, what cannot be read it refuses.
func TestTileFixtures(t *testing.T) {
	dirs, err := filepath.Glob(shared(t, "mvt", "fixtures", "*"))
	if err != nil || len(dirs) < 30 {
		t.Fatalf("%d fixtures, %v", len(dirs), err)
	}
	valid := 0
	for _, dir := range dirs {
		var info struct {
			Description string
			Validity    struct {
				V2    bool
				Error string
			}
		}
		text, err := os.ReadFile(filepath.Join(dir, "info.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &info); err != nil {
			t.Fatal(err)
		}
		tile, err := os.ReadFile(filepath.Join(dir, "tile.mvt"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = decodeTile(tile)
		if info.Validity.V2 && err != nil {
			t.Errorf("%s is valid (%s): %v", filepath.Base(dir), info.Description, err)
		}
		if info.Validity.Error == "fatal" && err == nil {
			t.Errorf("%s is read although: %s", filepath.Base(dir), info.Description)
		}
		if info.Validity.V2 {
			valid++
		}
	}
	if valid != 20 {
		t.Errorf("%d valid fixtures, want 20", valid)
	}
}
