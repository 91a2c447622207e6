package api

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// difference finds the cells whose pixels are not the same in two worlds, by
// comparing the features themselves: a verdict may change far from the edit.
func difference(old, new *world) delta {
	d := delta{since: old.revision, revision: new.revision, parts: map[string]part{}}
	touched, layers := cells{}, map[string]bool{}
	for _, code := range union(old.codes, new.codes) {
		before, after := old.counties[code], new.counties[code]
		if before == after {
			continue
		}
		d.counties = append(d.counties, code)
		p := differenceOf(before, after)
		for _, name := range p.layers {
			layers[name] = true
		}
		for _, cell := range p.cells {
			touched[cell] = struct{}{}
		}
		d.parts[code], d.all = p, d.all || p.all
	}
	d.layers = sortedKeys(layers)
	d.all = d.all || len(touched) > staleCells || new.revision < old.revision
	switch {
	case d.all:
	case len(d.counties) == 1:
		d.cells = d.parts[d.counties[0]].cells
	default:
		d.cells = touched.sorted()
	}
	return d
}

// differenceOf is what differs of a county; either may be nil. How an asked
// county differs from the one it was derived from is known.
func differenceOf(before, after *county) part {
	switch {
	case before != nil && after != nil && after.of == before && after.differs != nil:
		return *after.differs
	case before != nil && after != nil && before.of == after:
		return *before.differs
	}
	own, p := cells{}, part{ids: map[string][]uint64{}}
	for _, name := range union(layerNames(before), layerNames(after)) {
		old, new := layerOf(before, name), layerOf(after, name)
		if old == new {
			continue
		}
		if ids := compare(old.all(), new.all(), own); len(ids) > 0 {
			p.layers = append(p.layers, name)
			p.ids[name] = ids
			p.many = p.many || len(ids) > patchFeatures
		}
	}
	if p.all = len(own) > staleCells; !p.all {
		p.cells = own.sorted()
	}
	if p.many {
		p.ids = nil
	}
	return p
}

// compare adds to touched the cells of every feature that is new, gone or
// different, where it was and where it is, and gives their ids in tiles, the first
// few when there are more than a patch may hold.
func compare(old, new []feature, touched cells) []uint64 {
	var ids []uint64
	note := func(f *feature) {
		touched.cover(f.geometry)
		if len(ids) <= patchFeatures {
			ids = append(ids, f.number)
		}
	}
	same := 0 // so many stand in the same order, as a rule all of them
	for ; same < min(len(old), len(new)) && old[same].key == new[same].key; same++ {
		if was, is := &old[same], &new[same]; was.hash != is.hash {
			note(is)
			note(was)
		}
	}
	old, new = old[same:], new[same:]
	before := make(map[string]*feature, len(old))
	for i := range old {
		before[old[i].key] = &old[i]
	}
	for i := range new {
		was := before[new[i].key]
		delete(before, new[i].key)
		if was != nil && was.hash == new[i].hash {
			continue
		}
		note(&new[i])
		if was != nil {
			note(was)
		}
	}
	for _, gone := range before {
		note(gone)
	}
	return ids
}

func layerNames(c *county) []string {
	if c == nil {
		return nil
	}
	return sortedKeys(c.layers)
}

func layerOf(c *county, name string) *layer {
	if c == nil {
		return nil
	}
	return c.layers[name]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// union returns the names of two ordered lists, in order, each once.
func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// seed makes hashes of this process comparable with each other and with
// nothing else.
var seed = maphash.MakeSeed()

// fingerprint hashes what a feature shows. The hashes of its attributes are
// summed, so that they need no order.
func fingerprint(attributes map[string]any, g orb.Geometry) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	hashGeometry(&h, g)
	sum := h.Sum64()
	for name, value := range attributes {
		h.Reset()
		hashAttribute(&h, name, value)
		sum += h.Sum64()
	}
	return sum
}

func hashAttribute(h *maphash.Hash, name string, value any) {
	var b [9]byte
	h.WriteString(name)
	switch v := value.(type) {
	case string:
		b[0] = 1
		h.Write(b[:1])
		h.WriteString(v)
	case int64:
		b[0] = 2
		binary.LittleEndian.PutUint64(b[1:], uint64(v))
		h.Write(b[:])
	case float64:
		b[0] = 3
		binary.LittleEndian.PutUint64(b[1:], math.Float64bits(v))
		h.Write(b[:])
	default:
		fmt.Fprintf(h, "\x00%T:%v", v, v)
	}
}

func hashGeometry(h *maphash.Hash, g orb.Geometry) {
	if g == nil {
		return
	}
	h.WriteString(g.GeoJSONType())
	switch g := g.(type) {
	case orb.Point:
		hashPoints(h, []orb.Point{g})
	case orb.MultiPoint:
		hashPoints(h, g)
	case orb.LineString:
		hashPoints(h, g)
	case orb.Ring:
		hashPoints(h, g)
	case orb.MultiLineString:
		hashParts(h, g)
	case orb.Polygon:
		hashParts(h, g)
	case orb.MultiPolygon:
		hashParts(h, g)
	case orb.Collection:
		hashParts(h, g)
	default:
		fmt.Fprint(h, g)
	}
}

func hashParts[G orb.Geometry](h *maphash.Hash, parts []G) {
	for _, part := range parts {
		hashGeometry(h, part)
	}
}

func hashPoints(h *maphash.Hash, points []orb.Point) {
	var b [16]byte
	for _, p := range points {
		binary.LittleEndian.PutUint64(b[:8], math.Float64bits(p[0]))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(p[1]))
		h.Write(b[:])
	}
}
