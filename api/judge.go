package api

import (
	"context"
	"fmt"
	"maps"
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
	var shown map[string]*layer
	if old != nil {
		shown = old.layers
	}
	c.layers = drawLayers(a.Layers(), shown)
	c.things = sync.OnceValue(c.listThings)
	return c
}

// drawLayers indexes what planner draws. What stands as it did in an older
// drawing of the county is taken from there.
func drawLayers(drawn []planner.Layer, old map[string]*layer) map[string]*layer {
	out := make(map[string]*layer, len(drawn))
	for _, l := range drawn {
		was := old[l.Name]
		features := newFeatures(l.Features, was)
		switch {
		case len(features) == 0:
		case was.holds(features):
			out[l.Name] = was
		default:
			out[l.Name] = newLayer(l.Name, features, was)
		}
	}
	return out
}

// newFeatures prepares what planner draws. Features that share an id (the
// pieces of a segment over a change of the rules) are told apart by order.
func newFeatures(drawn []planner.Feature, old *layer) []feature {
	out := make([]feature, 0, len(drawn))
	seen := make(map[uint64]int, len(drawn))
	for i := range drawn {
		f := &drawn[i]
		if f.Geometry == nil || !finite(f.Geometry.Bound()) {
			continue
		}
		key := strconv.FormatUint(f.ID, 10)
		if n := seen[f.ID]; n > 0 {
			key = fmt.Sprintf("%s#%d", key, n)
		}
		seen[f.ID]++
		if was := old.at(len(out)); was != nil && was.key == key && was.draws(f) {
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

// draws says whether f is drawn exactly as the feature is.
func (f *feature) draws(g *planner.Feature) bool {
	return f.number == g.ID && sameShape(f.geometry, g.Geometry) && maps.Equal(f.attributes, g.Properties)
}

// sameShape compares shapes; most are the same piece of memory.
func sameShape(a, b orb.Geometry) bool {
	x, isLine := a.(orb.LineString)
	y, too := b.(orb.LineString)
	if isLine && too && len(x) == len(y) && len(x) > 0 && &x[0] == &y[0] {
		return true
	}
	return a != nil && b != nil && orb.Equal(a, b)
}

// at is where a feature is flown to.
func (f *feature) at() orb.Point { return f.bound.Center() }
