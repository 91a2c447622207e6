package api

import (
	"maps"
	"slices"
	"sync"

	"github.com/qiantu/qiantu/planner"
)

// Layers that are made of a county when somebody asks for their tiles over HTTP:
// programs that read tiles style what is in them, and can ask nothing further.
// Streams do not carry them.
const (
	coverageLayer = "coverage" // what villages lack: [planner.Assessment.CoverageFeatures]
	scenarioLayer = "scenario" // what a question or a scenario supposes: whatever has an edit
)

var derivedLayers = []string{coverageLayer, scenarioLayer}

func isDerived(name string) bool { return slices.Contains(derivedLayers, name) }

// served are the layers that tiles are served of over HTTP.
func served() []string { return append(slices.Clone(mapLayers), derivedLayers...) }

// derivedOf is a derived layer of a county, made at the first call; nil: it is
// empty.
func (c *county) derivedOf(name string) *layer {
	made, _ := c.derived.LoadOrStore(name, sync.OnceValue(func() *layer { return c.derive(name) }))
	return made.(func() *layer)()
}

func (c *county) derive(name string) *layer {
	drawn := c.assessment.CoverageFeatures
	if name == scenarioLayer {
		drawn = c.supposedFeatures
	}
	if features := newFeatures(drawn(), nil); len(features) > 0 {
		return newLayer(name, features, nil)
	}
	return nil
}

// supposedFeatures are the features of all layers that have an edit, with the
// layer that each is of. Their ids are their own in that layer, made apart by
// where it comes in the order of layers.
func (c *county) supposedFeatures() []planner.Feature {
	var out []planner.Feature
	for i, l := range c.shown {
		for _, f := range l.Features {
			if f.Properties["edit"] == nil || f.Geometry == nil {
				continue
			}
			properties := maps.Clone(f.Properties)
			properties["layer"] = l.Name
			out = append(out, planner.Feature{ID: f.ID*uint64(len(c.shown)) + uint64(i), Geometry: f.Geometry, Properties: properties})
		}
	}
	return out
}
