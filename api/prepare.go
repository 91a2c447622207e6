package api

import (
	"fmt"
	"hash/fnv"

	"github.com/qiantu/qiantu/geo/mvt"
)

// index readies the features of a layer for tiles. What is ready is taken from
// the features themselves, which unchanged ones bring along from an older layer
// (nil: none), and the index from there when nothing moved.
func (l *layer) index(old *layer) {
	boxes := make([]mvt.Box, len(l.features))
	for i := range l.features {
		boxes[i] = mvt.BoundBox(l.features[i].bound)
	}
	var before *mvt.Layer
	if old != nil {
		before = old.tree
	}
	groups := map[string]*mvt.Feature{}
	l.tree = mvt.NewLayer(boxes, before, func(i int) *mvt.Feature {
		f := &l.features[i]
		if f.drawn == nil {
			f.drawn = mvt.Prepare(f.number, f.geometry, f.attributes)
			f.drawn.First = uint8(firstZoom(l.name, f))
			if l.name == "road" {
				f.drawn.Group = roadGroup(f, groups)
			}
		}
		return f.drawn
	})
}

// groupAttributes are what pieces of road must have in common to be joined in a
// tile, and what the joined ones still say.
var groupAttributes = []string{"county", "class", "state", "programme", "disputed", "edit", "all_season", "surface"}

// roadGroup is what a piece of road is part of in a tile that must be small.
func roadGroup(f *feature, groups map[string]*mvt.Feature) *mvt.Feature {
	common, key := map[string]any{}, ""
	for _, name := range groupAttributes {
		if value, there := f.attributes[name]; there {
			common[name] = value
			key += fmt.Sprint(name, "\x00", value, "\x00")
		}
	}
	if groups[key] == nil {
		h := fnv.New64a()
		_, _ = h.Write([]byte(key)) // never fails
		groups[key] = mvt.Prepare(h.Sum64()>>11|1<<52, nil, common)
	}
	return groups[key]
}
