package sample

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
)

// Every village stands on land whose height is known, as high as the ground it
// was laid on; the heights are the seed's.
func TestTheCountyHasHeights(t *testing.T) {
	l := county(1)
	for _, v := range l.Villages {
		if h, ok := l.Terrain.Height(v.Point); !ok || h < lowest || h > highest {
			t.Fatalf("village %d at %v lies at %v, %v", v.ID, v.Point, h, ok)
		}
	}
	if other := county(7); other.Terrain.Equal(l.Terrain) {
		t.Error("another seed, the same land")
	}
	m := &maker{options: Options{Seed: 1}, unit: hezhang, load: &data.Load{}}
	m.shapeLand()
	if !m.load.Terrain.Equal(l.Terrain) {
		t.Error("the same seed, another land")
	}
	for c := 0; c < m.part.cells(); c += 997 {
		p := m.part.centre(c)
		if back := m.frame.plane(m.frame.point(p)); back.distance(p) > 5 {
			t.Fatalf("%v goes to %v and comes back as %v", p, m.frame.point(p), back)
		}
		if h, ok := l.Terrain.Height(m.frame.point(p)); ok && math.Abs(h-m.part.height[c]) > 120 {
			t.Fatalf("the ground at %v is %v m high, the raster says %v", p, m.part.height[c], h)
		}
	}
	if _, ok := l.Terrain.Height(orb.Point{0, 0}); ok {
		t.Error("the land reaches the gulf of Guinea")
	}
}
