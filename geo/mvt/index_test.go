package mvt

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
)

// A layer finds what a walk over all features finds, in their order, whether its
// index was made anew or taken over.
func TestLayerFindsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := geo.Tile{Z: uint32(rapid.IntRange(3, 9).Draw(t, "zoom")), X: 4, Y: 3}
		zoom := uint8(rapid.IntRange(0, 9).Draw(t, "detail"))
		features := make([]*Feature, rapid.IntRange(0, 700).Draw(t, "n"))
		boxes := make([]Box, len(features))
		area := tile.Bound().Pad(20 / float64(uint32(1)<<tile.Z))
		for i := range features {
			at := func(name string) orb.Point {
				return orb.Point{rapid.Float64Range(area.Min[0], area.Max[0]).Draw(t, name), rapid.Float64Range(area.Min[1], area.Max[1]).Draw(t, name)}
			}
			line := orb.LineString{at("a"), at("b")}
			features[i], boxes[i] = Prepare(uint64(i), line, nil), BoundBox(line.Bound())
			features[i].First = uint8(rapid.IntRange(0, 12).Draw(t, "first"))
			if features[i].box != nowhere && boxes[i] != features[i].box {
				t.Fatalf("%v was said to lie in %v and lies in %v", line, boxes[i], features[i].box)
			}
		}
		l := NewLayer(boxes, nil, func(i int) *Feature { return features[i] })
		var want []*Feature
		for i, f := range features {
			if f.First <= zoom && boxes[i].meets(boxOf(tile, 64)) {
				want = append(want, f)
			}
		}
		if got := l.Find(tile, 64, zoom, nil); !slices.Equal(got, want) {
			t.Fatalf("found %d features, want %d", len(got), len(want))
		}
		if got := NewLayer(boxes, l, func(i int) *Feature { return features[i] }).Find(tile, 64, zoom, nil); !slices.Equal(got, want) {
			t.Fatalf("found %d features by an index taken over, want %d", len(got), len(want))
		}
	})
}
