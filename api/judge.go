package api

import (
	"context"
	"fmt"
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
	c := &county{info: info, snapshot: snapshot, assessment: a, layers: map[string]*layer{}}
	for _, l := range a.Layers() {
		if features := newFeatures(info.Code, l.Features); len(features) > 0 {
			c.layers[l.Name] = newLayer(l.Name, features)
		}
	}
	c.things = sync.OnceValue(c.listThings)
	return c
}

// newFeatures prepares what planner draws. Features that share an id (the
// pieces of a segment over a change of the rules) are told apart by order.
func newFeatures(code string, drawn []planner.Feature) []feature {
	out := make([]feature, 0, len(drawn))
	seen := map[uint64]int{}
	for _, f := range drawn {
		if f.Geometry == nil || !finite(f.Geometry.Bound()) {
			continue
		}
		key := strconv.FormatUint(f.ID, 10)
		if n := seen[f.ID]; n > 0 {
			key = fmt.Sprintf("%s#%d", key, n)
		}
		seen[f.ID]++
		out = append(out, feature{
			key: key, number: f.ID, geometry: f.Geometry, bound: f.Geometry.Bound(),
			attributes: f.Properties, hash: fingerprint(f.Properties, f.Geometry),
		})
	}
	return out
}

// at is where a feature is flown to.
func (f *feature) at() orb.Point { return f.bound.Center() }
