// Package mvt draws features into vector tiles (Mapbox Vector Tile, version 2.1
// of the specification).
//
// A feature is made ready once ([Prepare]): its vertices in whole units of the
// world at [MaxZoom], each with the first zoom at which it matters, its
// attributes as the bytes that they have in a tile. To draw it in a tile is then
// to shift, to clip and to copy. A [Layer] finds the features of a tile, an
// [Encoder] writes them. Nothing here keeps state between tiles: equal input
// gives equal bytes.
//
// Latitudes beyond the web map count as its edge. Lines are straight on the map
// between vertices, as on every web map; one that crosses the antimeridian must
// be given in two parts.
package mvt
