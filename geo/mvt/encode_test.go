package mvt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/mvttest"
)

func ExampleEncode() {
	road := Prepare(7, orb.LineString{{104.7, 27.1}, {104.75, 27.12}}, map[string]any{"state": "built"})
	tile, o := geo.TileAt(orb.Point{104.7, 27.1}, 10), Options{Buffer: 64, Detail: 10}
	fmt.Println(tile, len(Encode([]Drawn{{"road", []*Feature{road}}}, tile, o)), "bytes")
	fmt.Println(Encode([]Drawn{{"road", []*Feature{road}}}, geo.Tile{Z: 10}, o) == nil)
	// Output:
	// 10/809/431 51 bytes
	// true
}

// thing is a feature before it is prepared, things a layer of them.
type thing struct {
	ID         uint64
	Geometry   orb.Geometry
	Properties map[string]any
}

type things struct {
	Name     string
	Features []thing
}

// encoded draws layers as maps usually are, with so many units round the tile.
func encoded(layers []things, tile geo.Tile, buffer int) []byte {
	var drawn []Drawn
	for _, l := range layers {
		d := Drawn{Name: l.Name}
		for _, f := range l.Features {
			d.Features = append(d.Features, Prepare(f.ID, f.Geometry, f.Properties))
		}
		drawn = append(drawn, d)
	}
	return Encode(drawn, tile, Options{Buffer: buffer, Detail: int(tile.Z)})
}

func TestEncodeProperties(t *testing.T) {
	type state string
	f := thing{ID: math.MaxUint64, Geometry: orb.Point{0, 0}, Properties: map[string]any{
		"s": "赫章", "named": state("built"), "t": true, "f": false, "n": 12, "u": uint8(12), "neg": int64(-3), "x": 1.5, "max": uint64(math.MaxUint64),
		"nil": nil, "nan": math.NaN(), "list": []int{1}, "broken": "a\xffb",
	}}
	layers := mvttest.Decode(t, encoded([]things{{"village", []thing{f, {Geometry: orb.Point{0, 0}, Properties: map[string]any{"s": "赫章"}}}}, {"none", nil}}, geo.Tile{}, 64))
	if len(layers) != 1 || layers[0].Name != "village" || layers[0].Extent != Extent || len(layers[0].Features) != 2 {
		t.Fatalf("%+v", layers)
	}
	got := layers[0].Features[0]
	want := map[string]any{"s": "赫章", "named": "built", "t": true, "f": false, "n": uint64(12), "u": uint64(12), "neg": int64(-3), "x": 1.5,
		"max": uint64(math.MaxUint64), "broken": "a\uFFFDb"}
	if diff := cmp.Diff(want, got.Properties); diff != "" || got.ID != math.MaxUint64 {
		t.Errorf("id %d, properties (-want +got):\n%s", got.ID, diff)
	}
	if got.Parts[0][0] != (mvttest.Cell{X: 2048, Y: 2048}) {
		t.Errorf("0, 0 lies at %v", got.Parts)
	}
	if second := layers[0].Features[1]; second.ID != 0 || second.Properties["s"] != "赫章" {
		t.Errorf("%+v", second)
	}
}

// tilePolygon draws a star-shaped ring with an optional hole.
func tilePolygon(t *rapid.T) orb.Polygon {
	centre := orb.Point{rapid.Float64Range(-170, 170).Draw(t, "lon"), rapid.Float64Range(-80, 80).Draw(t, "lat")}
	size := rapid.SampledFrom([]float64{0.0001, 0.01, 1, 8}).Draw(t, "size")
	ring := func(scale float64) orb.Ring {
		var r orb.Ring
		n := rapid.IntRange(3, 20).Draw(t, "corners")
		for i := range n {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			far := size * scale * rapid.Float64Range(0.5, 1).Draw(t, "far")
			r = append(r, orb.Point{centre[0] + c*far, centre[1] + s*far})
		}
		return append(r, r[0])
	}
	p := orb.Polygon{ring(1)}
	if rapid.Bool().Draw(t, "hole") {
		p = append(p, ring(0.2))
	}
	for _, r := range p {
		if rapid.Bool().Draw(t, "reverse") {
			r.Reverse()
		}
	}
	return p
}

func TestEncodedGeometryIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := tilePolygon(t)
		zoom := uint32(rapid.IntRange(0, MaxZoom).Draw(t, "zoom"))
		tile := geo.TileAt(p[0][0], zoom)
		g := orb.Collection{p, orb.LineString(p[0]), orb.MultiPoint(p[0])}
		options := rapid.SampledFrom([]int{0, 64, 256}).Draw(t, "buffer")
		buffer := int32(options)
		b := encoded([]things{{"all", []thing{{ID: 9, Geometry: g}}}}, tile, options)
		if !bytes.Equal(b, encoded([]things{{"all", []thing{{ID: 9, Geometry: g}}}}, tile, options)) {
			t.Fatalf("not the same bytes twice")
		}
		for _, f := range mvttest.Decode(t, b)[0].Features {
			if f.ID != 9 {
				t.Fatalf("id %d", f.ID)
			}
			for i, part := range f.Parts {
				if f.Kind == mvttest.KindPolygon && (mvttest.Area(part) > 0) != (i == 0) {
					t.Fatalf("ring %d has the area %v", i, mvttest.Area(part))
				}
				for _, c := range part {
					if min(c.X, c.Y) < -buffer || max(c.X, c.Y) > Extent+buffer {
						t.Fatalf("%v lies outside", c)
					}
				}
			}
		}
	})
}

// The pieces of a polygon in the four tiles below a tile fill its area there.
func TestTilesFillThePolygon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := tilePolygon(t)[:1]
		tile := geo.TileAt(p[0][0], uint32(rapid.IntRange(3, 12).Draw(t, "zoom")))
		const exact = 0 // no buffer
		area := func(tile geo.Tile) (sum, edge float64) {
			for _, l := range mvttest.Decode(t, encoded([]things{{"p", []thing{{Geometry: p}}}}, tile, exact)) {
				sum += mvttest.Area(l.Features[0].Parts[0])
				edge += float64(len(l.Features[0].Parts[0]))
			}
			return sum, edge
		}
		whole, edges := area(tile)
		parts := 0.0
		for i := range uint32(4) {
			part, e := area(geo.Tile{Z: tile.Z + 1, X: tile.X*2 + i%2, Y: tile.Y*2 + i/2})
			parts, edges = parts+part/4, edges+e
		}
		// Rounding moves each side by half a unit, over at most its length.
		if allowed := 2 * Extent * edges; math.Abs(whole-parts) > allowed {
			t.Fatalf("%v square units in %v, %v in its parts, allowed %v", whole, tile, parts, allowed)
		}
	})
}

func TestEncodeSimplifiesAndDrops(t *testing.T) {
	var winding orb.LineString
	for i := range 1000 {
		winding = append(winding, orb.Point{104 + float64(i)/1000, 27 + 0.0005*math.Sin(float64(i))})
	}
	hut := orb.Polygon{{{104.5, 27}, {104.5001, 27}, {104.5001, 27.0001}, {104.5, 27.0001}, {104.5, 27}}}
	layers := []things{{"road", []thing{{ID: 1, Geometry: winding}}}, {"hut", []thing{{ID: 2, Geometry: hut}}}}
	far := mvttest.Decode(t, encoded(layers, geo.TileAt(winding[500], 4), 64))
	if len(far) != 1 || len(far[0].Features[0].Parts[0]) > 100 {
		t.Errorf("far out: %d layers, %d vertices", len(far), len(far[0].Features[0].Parts[0]))
	}
	if near := mvttest.Decode(t, encoded(layers, geo.TileAt(hut[0][0], 18), 64)); len(near) != 2 {
		t.Errorf("close by: %d layers, want the hut too", len(near))
	}
	if b := encoded(layers, geo.Tile{Z: 4}, 64); b != nil {
		t.Errorf("an empty tile has %d bytes", len(b))
	}
	nan := things{"nan", []thing{{Geometry: orb.LineString{{1, 1}, {math.NaN(), 2}}}, {}, {Geometry: orb.LineString{}}, {Geometry: orb.Polygon{}}}}
	if b := encoded([]things{nan}, geo.Tile{}, 64); b != nil {
		t.Errorf("nothing to draw has %d bytes", len(b))
	}
}

// Every geometry that there is can be drawn, and all parts of a collection are.
func TestEncodeEveryGeometry(t *testing.T) {
	for _, g := range orb.AllGeometries {
		mvttest.Decode(t, encoded([]things{{"g", []thing{{Geometry: g}}}}, geo.Tile{}, 64))
	}
	c := orb.Collection{orb.Point{1, 1}, orb.Point{50, 50}, orb.LineString{{0, 0}, {50, 50}}, orb.LineString{{0, 0}, {50, -50}}}
	f := mvttest.Decode(t, encoded([]things{{"g", []thing{{Geometry: c}}}}, geo.Tile{}, 64))[0].Features
	if len(f) != 2 || len(f[0].Parts[0]) != 2 || len(f[1].Parts) != 2 {
		t.Errorf("a collection became %+v", f)
	}
}

// GDAL, which shares no code with us, reads the tile.
func TestGDALReadsOurTile(t *testing.T) {
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Fatalf("%v; install the package gdal-bin", err)
	}
	square := orb.Polygon{{{104, 26}, {106, 26}, {106, 28}, {104, 28}, {104, 26}}, {{104.5, 26.5}, {105, 26.5}, {105, 27}, {104.5, 27}, {104.5, 26.5}}}
	layers := []things{{"county", []thing{{ID: 3, Geometry: square, Properties: map[string]any{"name": "赫章", "km": 45.75}}}}}
	file := filepath.Join(t.TempDir(), "tile.mvt")
	tile := geo.TileAt(orb.Point{105, 27}, 7)
	if err := os.WriteFile(file, encoded(layers, tile, 64), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(ogr, "-f", "GeoJSON", "/vsistdout/", file, "county").Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Features []struct {
			Properties map[string]any
			Geometry   struct {
				Type        string
				Coordinates [][][][2]float64
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if len(got.Features) != 1 || got.Features[0].Properties["name"] != "赫章" || got.Features[0].Properties["km"] != 45.75 ||
		got.Features[0].Geometry.Type != "MultiPolygon" || len(got.Features[0].Geometry.Coordinates) != 1 || len(got.Features[0].Geometry.Coordinates[0]) != 2 {
		t.Errorf("GDAL reads %s", text)
	}
}

func BenchmarkEncode(b *testing.B) {
	var roads []*Feature
	for i := range 5000 {
		var ls orb.LineString
		for j := range 20 {
			ls = append(ls, orb.Point{104.5 + float64(i%70)*0.005 + float64(j)*0.0002, 27 + float64(i/70)*0.005 + 0.0001*math.Sin(float64(j))})
		}
		roads = append(roads, Prepare(uint64(i+1), ls, map[string]any{"state": "built", "n": i % 9}))
	}
	tile := geo.TileAt(orb.Point{104.7, 27.2}, 9)
	for b.Loop() {
		Encode([]Drawn{{"road", roads}}, tile, Options{Buffer: 64, Detail: 9})
	}
}
