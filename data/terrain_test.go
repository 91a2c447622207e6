package data

import (
	"math"
	"testing"

	"github.com/qiantu/qiantu/geo/raster"
)

func packed(t testing.TB, cols, rows int, values ...float32) (terrainHead, *raster.Grid, []byte) {
	t.Helper()
	g, err := raster.New(104, 28, 0.01, 0.02, cols, rows, values)
	if err != nil {
		t.Fatal(err)
	}
	body, err := packHeights(g)
	if err != nil {
		t.Fatal(err)
	}
	return terrainHead{104, 28, 0.01, 0.02, cols, rows}, g, body
}

// What is packed is unpacked, to the decimetre; a damaged body is refused.
func TestPackHeights(t *testing.T) {
	nan := float32(math.NaN())
	head, g, body := packed(t, 4, 2, 1000, 1000.1, nan, 8848.8, -430.5, nan, nan, 0)
	got, err := head.unpack(body)
	if err != nil || !got.Equal(g) {
		t.Fatalf("%v, %v", got.Row(0), err)
	}
	for cut := range len(body) {
		if _, err := head.unpack(body[:cut]); err == nil && cut < len(body)-1 {
			t.Errorf("%d bytes of %d are a grid", cut, len(body))
		}
	}
	for _, other := range []terrainHead{{104, 28, 0.01, 0.02, 4, 3}, {104, 28, 0.01, 0.02, 4, 1}, {104, 28, 0.01, 0.02, 1 << 30, 1 << 30}, {104, 28, 0, 0.02, 4, 2}} {
		if _, err := other.unpack(body); err == nil {
			t.Errorf("%+v fits", other)
		}
	}
	waves := make([]float32, 500*400)
	for i := range waves {
		waves[i] = float32(1500 + 300*math.Sin(float64(i%500)/40)*math.Cos(float64(i/500)/30))
	}
	if _, _, body := packed(t, 500, 400, waves...); len(body) > 2*len(waves) {
		t.Errorf("%d cells take %d bytes", len(waves), len(body))
	}
}

func FuzzUnpackHeights(f *testing.F) {
	_, _, body := packed(f, 3, 2, 1, 2, 3, float32(math.NaN()), 5, 6)
	f.Add(body, 3, 2)
	f.Add([]byte{}, 1, 1)
	f.Fuzz(func(t *testing.T, body []byte, cols, rows int) {
		if cols > 1000 || rows > 1000 {
			return // room that a head may ask for anyway
		}
		if g, err := (terrainHead{104, 28, 0.01, 0.02, cols, rows}).unpack(body); err == nil {
			if _, least, greatest := g.Known(); math.Abs(least) > highest || math.Abs(greatest) > highest {
				t.Fatalf("heights from %v to %v", least, greatest)
			}
		}
	})
}
