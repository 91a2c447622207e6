package api

import (
	"context"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/mvt"
)

// encodeTile makes the bytes of a tile, with less in it when they are too many.
// Nothing gives nil.
func encodeTile(ctx context.Context, w *world, ask tileAsk) (raw []byte, thinned bool, err error) {
	whole, free, crowded := w.encodeWhole(ask)
	for i, s := range waysToMake(int(ask.tile.Z)) {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		most := free
		if s.detail == 0 {
			most = 0
		}
		if raw, fits := w.encode(ask, s, whole, most); fits {
			return raw, crowded || i > 0, nil
		}
	}
	return nil, false, nil
}

// encodeWhole makes the layers that are drawn whatever the size of the tile, and
// says how many bytes they leave the others: a quarter of the budget at least; and
// whether one of them is a crowd.
func (w *world) encodeWhole(ask tileAsk) (whole map[string][]byte, free int, crowded bool) {
	whole, free = map[string][]byte{}, tileBudget
	for _, name := range strings.Split(ask.layers, ",") {
		if exempt(name) {
			e := mvt.Begin(ask.tile, mvt.Options{Buffer: tileBuffer, Detail: int(ask.tile.Z)})
			crowded = drawAll(e, name, w.near(name, ask, int(ask.tile.Z))) || crowded
			whole[name] = e.Bytes()
			free -= e.Len()
			e.End()
		}
	}
	return whole, max(free, tileBudget/4), crowded
}

// drawAll draws every feature of a layer; of a crowd only what tells them apart
// on the map, and true is given.
func drawAll(e *mvt.Encoder, name string, features []*mvt.Feature) (crowded bool) {
	if e.Layer(name, features, crowdBudget) {
		return false
	}
	e.Only(crowdAttributes)
	e.Layer(name, features, 0)
	e.Only(nil)
	return true
}

// encode makes a tile one way, with some layers that are made already; false: the
// others take more than so many bytes (zero: any number).
func (w *world) encode(ask tileAsk, s way, whole map[string][]byte, most int) (raw []byte, fits bool) {
	e := mvt.Begin(ask.tile, mvt.Options{Buffer: tileBuffer, Detail: s.detail, Merge: s.merge})
	defer e.End()
	left := most
	for _, name := range strings.Split(ask.layers, ",") {
		if made, is := whole[name]; is {
			e.Append(made)
			continue
		}
		before, features := e.Len(), w.near(name, ask, s.detail)
		if most > 0 && (left <= 0 && len(features) > 0 || s.merge && len(features)*joinedBytes(ask.tile.Z) > left) {
			return nil, false
		}
		if !e.Layer(name, features, left) {
			return nil, false
		}
		if most > 0 {
			left -= e.Len() - before
		}
	}
	return e.Bytes(), true
}

// near are the features of a layer near a tile that a zoom shows, by county and
// in their order there.
func (w *world) near(name string, ask tileAsk, detail int) []*mvt.Feature {
	if ask.tile.Z < allVillagesZoom {
		switch name {
		case totalLayer:
			return w.totals(ask)
		case villageLayer:
			return w.fewVillages(ask)
		}
	}
	if name == villageLayer {
		detail = int(ask.tile.Z)
	}
	var found []*mvt.Feature
	for _, l := range w.layersOf(name, ask) {
		found = l.tree.Find(ask.tile, tileBuffer, uint8(detail), found)
	}
	return found
}

// layersOf are the layers of a name in the counties that are asked for and may be
// read.
func (w *world) layersOf(name string, ask tileAsk) []*layer {
	readable := w.codes
	if ask.scope != "" {
		readable = strings.Split(ask.scope, ",")
	}
	if ask.region != "" {
		if !slices.Contains(readable, ask.region) {
			return nil
		}
		readable = []string{ask.region}
	}
	var out []*layer
	for _, code := range readable {
		l := layerOf(w.counties[code], name)
		if isDerived(name) && w.counties[code] != nil {
			l = w.counties[code].derivedOf(name)
		}
		if l != nil {
			out = append(out, l)
		}
	}
	return out
}

func (w *world) totals(ask tileAsk) []*mvt.Feature {
	var out []*mvt.Feature
	for _, s := range squaresIn(w.layersOf(villageLayer, ask), ask.tile) {
		out = append(out, s.draw())
	}
	return out
}

// fewVillages are the villages drawn where not all are.
func (w *world) fewVillages(ask tileAsk) []*mvt.Feature {
	if ask.tile.Z < villageZoom {
		return nil
	}
	var out []*mvt.Feature
	for _, s := range squaresIn(w.layersOf(villageLayer, ask), ask.tile) {
		out = append(out, s.best.drawn)
	}
	return out
}

// tileLayers are the layers of the map, bottom first: the order in a tile.
func tileLayers(drawn []string) []string {
	at := slices.Index(drawn, villageLayer)
	return slices.Insert(slices.Clone(drawn), at, totalLayer)
}
