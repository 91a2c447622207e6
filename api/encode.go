package api

import (
	"math"

	"github.com/qiantu/qiantu/geo"
)

// tolerance is how far a line may be straightened, in units of a tile; doubled
// for each zoom of detail given up.
const tolerance = 1.0

// encodeLayers writes the layers of a tile as one vector tile, bottom layer
// first. detail is the zoom whose rules of what is shown apply; a smaller one
// than the tile's own makes it smaller. Nothing gives nil.
func encodeLayers(found map[string][]*feature, tile geo.Tile, detail int) []byte {
	layers := make([]geo.Layer, 0, len(found))
	for _, name := range mapLayers {
		shown := visible(name, found[name], int(tile.Z), detail)
		if len(shown) == 0 {
			continue
		}
		layer := geo.Layer{Name: name, Features: make([]geo.Feature, len(shown))}
		for i, f := range shown {
			layer.Features[i] = geo.Feature{ID: f.number, Geometry: f.geometry, Properties: f.attributes}
		}
		layers = append(layers, layer)
	}
	given := float64(int(tile.Z) - detail)
	return geo.Encode(layers, tile, geo.TileOptions{
		Buffer: tileBuffer, Tolerance: tolerance * math.Exp2(given), Smallest: math.Exp2(given),
	})
}
