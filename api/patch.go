package api

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/mvt"
)

// What a patch may be.
const (
	patchFeatures = 128     // features that differ; more are not counted one by one
	patchBytes    = 4 << 10 // of its body
	patchCache    = 8 << 20 // bytes of patches held
)

// patchKey is where a made patch is held.
type patchKey struct {
	tileKey
	revision int64 // of the world that is shown
	base     int64 // revision of the tile below it
}

// patch returns the gzipped body of what leads from a tile as it was at an older
// revision to the one of w: nothing when the two are the same. False: too much
// differs, or what differs is not remembered. Both tiles have to be whole
// ([heldTile]). What it says of a feature is how it is in w, however it was, so
// that it fits every tile between the two revisions.
func (t *tiles) patch(w *world, ask tileAsk, base int64) (body []byte, ok bool) {
	key := patchKey{w.keyOf(ask), w.revision, base}
	if body, held := t.patches.get(key); held {
		return body, body != nil
	}
	body = w.patchOf(ask, base)
	t.patches.put(key, body, int64(len(body))+256)
	return body, body != nil
}

// patchOf makes a patch; nil: there is none.
func (w *world) patchOf(ask tileAsk, base int64) []byte {
	ids, ok := w.changedSince(base, ask)
	if !ok {
		return nil
	}
	if len(ids) == 0 {
		return []byte{}
	}
	raw := appendIDs(nil, ids)
	e := mvt.Begin(ask.tile, mvt.Options{Buffer: tileBuffer, Detail: int(ask.tile.Z)})
	defer e.End()
	for _, name := range sortedKeys(ids) {
		e.Layer(name, slices.DeleteFunc(w.near(name, ask, int(ask.tile.Z)), func(f *mvt.Feature) bool {
			_, changed := slices.BinarySearch(ids[name], f.ID())
			return !changed
		}), 0)
	}
	body, err := zip(append(raw, e.Bytes()...))
	if err != nil || len(body) > patchBytes {
		return nil
	}
	return body
}

// changedSince gives, by layer and in order, the ids of the features that differ
// between a revision and w in what is asked for; false: that is not known.
func (w *world) changedSince(revision int64, ask tileAsk) (map[string][]uint64, bool) {
	ids, count := map[string][]uint64{}, 0
	from := slices.IndexFunc(w.history, func(step delta) bool { return step.since == revision })
	if from < 0 {
		return ids, revision == w.revision
	}
	layers := strings.Split(ask.layers, ",")
	for _, step := range w.history[from:] {
		if step.all {
			return nil, false
		}
		for code, p := range step.parts {
			if !ask.reads(code) {
				continue
			}
			if p.many {
				return nil, false
			}
			for _, name := range p.layers {
				if slices.Contains(layers, name) {
					ids[name] = append(ids[name], p.ids[name]...)
				}
			}
		}
	}
	for name := range ids {
		slices.Sort(ids[name])
		ids[name] = slices.Compact(ids[name])
		count += len(ids[name])
		if ids[name][0] == 0 { // a feature without an id cannot be spoken of
			return nil, false
		}
	}
	return ids, count <= patchFeatures
}

// reads says whether a county is asked for and may be read.
func (ask tileAsk) reads(code string) bool {
	return (ask.region == "" || ask.region == code) && (ask.scope == "" || slices.Contains(strings.Split(ask.scope, ","), code))
}

// appendIDs writes the head of a patch: by layer, which features a tile loses
// before it takes those that follow.
func appendIDs(out []byte, ids map[string][]uint64) []byte {
	out = binary.AppendUvarint(out, uint64(len(ids)))
	for _, name := range sortedKeys(ids) {
		out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
		out = binary.AppendUvarint(out, uint64(len(ids[name])))
		for _, id := range ids[name] {
			out = binary.AppendUvarint(out, id)
		}
	}
	return out
}
