package api

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"sync"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// readCounty reads, judges and indexes one county. What it has in common with
// an older reading (nil: none) is not measured again.
func (s *Server) readCounty(ctx context.Context, info planner.County, old *county) (*county, error) {
	snapshot, err := s.store.Snapshot(ctx, planner.SnapshotQuery{Region: info.Code})
	if err != nil {
		return nil, err
	}
	return newCounty(info, snapshot, old), nil
}

func newCounty(info planner.County, snapshot *planner.Snapshot, old *county) *county {
	var before *planner.Assessment
	if old != nil {
		before = old.assessment
	}
	a := planner.AssessAfter(before, snapshot)
	c := &county{number: countyNumbers.Add(1), info: info, snapshot: snapshot, assessment: a}
	c.shown = a.Layers()
	c.layers = drawLayers(c.shown, old)
	c.things = sync.OnceValue(c.listThings)
	return c
}

// drawLayers indexes what planner draws. What stands as it did in an older
// county (nil: none) is taken from there.
func drawLayers(drawn []planner.Layer, old *county) map[string]*layer {
	out := make(map[string]*layer, len(drawn))
	for i, l := range drawn {
		was := layerOf(old, l.Name)
		if was != nil && i < len(old.shown) && sameSlice(old.shown[i].Features, l.Features) {
			out[l.Name] = was
		} else if features := newFeatures(l.Features, was); len(features) > 0 {
			out[l.Name] = newLayer(l.Name, features, was)
		}
	}
	return out
}

// sameSlice says whether two slices are the same piece of memory, and not empty.
func sameSlice[T any](a, b []T) bool { return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0] }

// newFeatures prepares what planner draws. Features that share an id (the
// pieces of a segment over a change of the rules) are told apart by order.
func newFeatures(drawn []planner.Feature, old *layer) []feature {
	out := make([]feature, 0, len(drawn))
	var seen map[uint64]int // nil: the ids until now are those of the old layer, in its order
	for i := range drawn {
		f := &drawn[i]
		was := old.at(len(out))
		same := was != nil && was.draws(f)
		if !same && (f.Geometry == nil || !finite(f.Geometry.Bound())) {
			continue
		}
		if seen == nil && (was == nil || was.number != f.ID) {
			seen = countIDs(out)
		}
		key := ""
		if seen == nil {
			key = was.key
		} else {
			key = keyOf(f.ID, seen[f.ID])
			seen[f.ID]++
		}
		if same && was.key == key {
			out = append(out, *was)
			continue
		}
		out = append(out, feature{
			key: key, number: f.ID, geometry: f.Geometry, bound: f.Geometry.Bound(),
			attributes: f.Properties, hash: fingerprint(f.Properties, f.Geometry),
		})
	}
	return out
}

// keyOf is the key of a feature before which so many have the same id.
func keyOf(id uint64, before int) string {
	key := strconv.FormatUint(id, 10)
	if before > 0 {
		key = fmt.Sprintf("%s#%d", key, before)
	}
	return key
}

func countIDs(features []feature) map[uint64]int {
	seen := make(map[uint64]int, len(features))
	for i := range features {
		seen[features[i].number]++
	}
	return seen
}

// draws says whether f is drawn exactly as the feature is.
func (f *feature) draws(g *planner.Feature) bool {
	return f.number == g.ID && sameShape(f.geometry, g.Geometry) && sameAttributes(f.attributes, g.Properties)
}

// sameAttributes compares attributes; most are the same map.
func sameAttributes(a, b map[string]any) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer() || maps.Equal(a, b)
}

// sameShape compares shapes; most are the same piece of memory.
func sameShape(a, b orb.Geometry) bool {
	x, isLine := a.(orb.LineString)
	y, too := b.(orb.LineString)
	return isLine && too && sameSlice(x, y) || a != nil && b != nil && orb.Equal(a, b)
}

// at is where a feature is flown to.
func (f *feature) at() orb.Point { return f.bound.Center() }
