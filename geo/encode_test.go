package geo

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
)

func ExampleEncode() {
	road := Feature{ID: 7, Geometry: orb.LineString{{104.7, 27.1}, {104.75, 27.12}}, Properties: map[string]any{"state": "built"}}
	tile := TileAt(orb.Point{104.7, 27.1}, 10)
	fmt.Println(tile, len(Encode([]Layer{{"road", []Feature{road}}}, tile, TileOptions{})), "bytes")
	fmt.Println(Encode([]Layer{{"road", []Feature{road}}}, Tile{10, 0, 0}, TileOptions{}) == nil)
	// Output:
	// 10/809/431 51 bytes
	// true
}

func decoded(t interface{ Fatalf(string, ...any) }, b []byte) []tileLayer {
	layers, err := decodeTile(b)
	if err != nil {
		t.Fatalf("%v in % x", err, b)
	}
	for _, l := range layers {
		if l.version != 2 || l.extent != Extent || len(l.features) == 0 {
			t.Fatalf("layer %q: version %d, extent %d, %d features", l.name, l.version, l.extent, len(l.features))
		}
		for _, f := range l.features {
			if f.kind < kindPoint || f.kind > kindPolygon {
				t.Fatalf("a feature of type %d", f.kind)
			}
		}
	}
	return layers
}

func TestEncodeProperties(t *testing.T) {
	type state string
	f := Feature{ID: math.MaxUint64, Geometry: orb.Point{0, 0}, Properties: map[string]any{
		"s": "赫章", "named": state("built"), "t": true, "f": false, "n": 12, "u": uint8(12), "neg": int64(-3), "x": 1.5, "max": uint64(math.MaxUint64),
		"nil": nil, "nan": math.NaN(), "list": []int{1}, "broken": "a\xffb",
	}}
	layers := decoded(t, Encode([]Layer{{"village", []Feature{f, {Geometry: orb.Point{0, 0}, Properties: map[string]any{"s": "赫章"}}}}, {"none", nil}}, Tile{}, TileOptions{}))
	if len(layers) != 1 || layers[0].name != "village" || layers[0].extent != Extent || len(layers[0].features) != 2 {
		t.Fatalf("%+v", layers)
	}
	got := layers[0].features[0]
	want := map[string]any{"s": "赫章", "named": "built", "t": true, "f": false, "n": uint64(12), "u": uint64(12), "neg": int64(-3), "x": 1.5,
		"max": uint64(math.MaxUint64), "broken": "a\uFFFDb"}
	if diff := cmp.Diff(want, got.properties); diff != "" || got.id != math.MaxUint64 {
		t.Errorf("id %d, properties (-want +got):\n%s", got.id, diff)
	}
	if got.parts[0][0] != (cell{2048, 2048}) {
		t.Errorf("0, 0 lies at %v", got.parts)
	}
	if second := layers[0].features[1]; second.id != 0 || second.properties["s"] != "赫章" {
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
		tile := TileAt(p[0][0], zoom)
		g := orb.Collection{p, orb.LineString(p[0]), orb.MultiPoint(p[0])}
		options := TileOptions{Buffer: rapid.SampledFrom([]int{-1, 0, 256}).Draw(t, "buffer")}
		buffer := int32(map[int]int{-1: 0, 0: 64, 256: 256}[options.Buffer])
		b := Encode([]Layer{{"all", []Feature{{ID: 9, Geometry: g}}}}, tile, options)
		if !bytes.Equal(b, Encode([]Layer{{"all", []Feature{{ID: 9, Geometry: g}}}}, tile, options)) {
			t.Fatalf("not the same bytes twice")
		}
		for _, f := range decoded(t, b)[0].features {
			if f.id != 9 {
				t.Fatalf("id %d", f.id)
			}
			for i, part := range f.parts {
				if f.kind == kindPolygon && (shoelace(part) > 0) != (i == 0) {
					t.Fatalf("ring %d has the area %v", i, shoelace(part))
				}
				for _, c := range part {
					if min(c.x, c.y) < -buffer || max(c.x, c.y) > Extent+buffer {
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
		tile := TileAt(p[0][0], uint32(rapid.IntRange(3, 12).Draw(t, "zoom")))
		exact := TileOptions{Buffer: -1, Tolerance: -1, Smallest: -1}
		area := func(tile Tile) (sum, edge float64) {
			for _, l := range decodedOrNone(t, Encode([]Layer{{"p", []Feature{{Geometry: p}}}}, tile, exact)) {
				sum += shoelace(l.features[0].parts[0])
				edge += float64(len(l.features[0].parts[0]))
			}
			return sum, edge
		}
		whole, edges := area(tile)
		parts := 0.0
		for i := range uint32(4) {
			part, e := area(Tile{tile.Z + 1, tile.X*2 + i%2, tile.Y*2 + i/2})
			parts, edges = parts+part/4, edges+e
		}
		// Rounding moves each side by half a unit, over at most its length.
		if allowed := 2 * Extent * edges; math.Abs(whole-parts) > allowed {
			t.Fatalf("%v square units in %v, %v in its parts, allowed %v", whole, tile, parts, allowed)
		}
	})
}

func decodedOrNone(t interface{ Fatalf(string, ...any) }, b []byte) []tileLayer {
	if b == nil {
		return nil
	}
	return decoded(t, b)
}

func TestEncodeSimplifiesAndDrops(t *testing.T) {
	var winding orb.LineString
	for i := range 1000 {
		winding = append(winding, orb.Point{104 + float64(i)/1000, 27 + 0.0005*math.Sin(float64(i))})
	}
	hut := orb.Polygon{{{104.5, 27}, {104.5001, 27}, {104.5001, 27.0001}, {104.5, 27.0001}, {104.5, 27}}}
	layers := []Layer{{"road", []Feature{{ID: 1, Geometry: winding}}}, {"hut", []Feature{{ID: 2, Geometry: hut}}}}
	far := decoded(t, Encode(layers, TileAt(winding[500], 4), TileOptions{}))
	if len(far) != 1 || len(far[0].features[0].parts[0]) > 100 {
		t.Errorf("far out: %d layers, %d vertices", len(far), len(far[0].features[0].parts[0]))
	}
	if near := decoded(t, Encode(layers, TileAt(hut[0][0], 18), TileOptions{})); len(near) != 2 {
		t.Errorf("close by: %d layers, want the hut too", len(near))
	}
	if b := Encode(layers, Tile{4, 0, 0}, TileOptions{}); b != nil {
		t.Errorf("an empty tile has %d bytes", len(b))
	}
	nan := Layer{"nan", []Feature{{Geometry: orb.LineString{{1, 1}, {math.NaN(), 2}}}, {}, {Geometry: orb.LineString{}}, {Geometry: orb.Polygon{}}}}
	if b := Encode([]Layer{nan}, Tile{}, TileOptions{}); b != nil {
		t.Errorf("nothing to draw has %d bytes", len(b))
	}
}

// Every geometry that there is can be drawn, and all parts of a collection are.
func TestEncodeEveryGeometry(t *testing.T) {
	for _, g := range orb.AllGeometries {
		decodedOrNone(t, Encode([]Layer{{"g", []Feature{{Geometry: g}}}}, Tile{}, TileOptions{}))
	}
	c := orb.Collection{orb.Point{1, 1}, orb.Point{50, 50}, orb.LineString{{0, 0}, {50, 50}}, orb.LineString{{0, 0}, {50, -50}}}
	f := decoded(t, Encode([]Layer{{"g", []Feature{{Geometry: c}}}}, Tile{}, TileOptions{}))[0].features
	if len(f) != 2 || len(f[0].parts[0]) != 2 || len(f[1].parts) != 2 {
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
	layers := []Layer{{"county", []Feature{{ID: 3, Geometry: square, Properties: map[string]any{"name": "赫章", "km": 45.75}}}}}
	file := filepath.Join(t.TempDir(), "tile.mvt")
	tile := TileAt(orb.Point{105, 27}, 7)
	if err := os.WriteFile(file, Encode(layers, tile, TileOptions{}), 0o600); err != nil {
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
	var roads []Feature
	for i := range 5000 {
		var ls orb.LineString
		for j := range 20 {
			ls = append(ls, orb.Point{104.5 + float64(i%70)*0.005 + float64(j)*0.0002, 27 + float64(i/70)*0.005 + 0.0001*math.Sin(float64(j))})
		}
		roads = append(roads, Feature{ID: uint64(i + 1), Geometry: ls, Properties: map[string]any{"state": "built", "n": i % 9}})
	}
	tile := TileAt(orb.Point{104.7, 27.2}, 9)
	for b.Loop() {
		Encode([]Layer{{"road", roads}}, tile, TileOptions{})
	}
}
