package mvt

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/mvttest"
)

// grid draws roads as a grid of short pieces with bends, in three groups, and one
// road that has none.
func grid(seed uint64) []*Feature {
	r := rand.New(rand.NewPCG(seed, 3))
	var groups []*Feature
	for i := range 3 {
		groups = append(groups, Prepare(uint64(100+i), nil, map[string]any{"class": fmt.Sprint("c", i)}))
	}
	var out []*Feature
	at := func(i, j int) orb.Point { return orb.Point{104 + float64(i)*0.01, 27 + float64(j)*0.01} }
	for i := range 24 {
		for j := range 24 {
			for k, to := range []orb.Point{at(i+1, j), at(i, j+1)} {
				from := at(i, j)
				bend := orb.Point{(from[0]+to[0])/2 + r.NormFloat64()*0.001, (from[1]+to[1])/2 + r.NormFloat64()*0.001}
				f := Prepare(uint64(1000+2*(24*i+j)+k), orb.LineString{from, bend, to}, map[string]any{"class": fmt.Sprint("c", (i*k+j*(1-k))%3), "name": fmt.Sprint(i, j)})
				f.Group = groups[(i*k+j*(1-k))%3]
				out = append(out, f)
			}
		}
	}
	alone := Prepare(7, orb.LineString{at(0, 0), at(18, 24)}, map[string]any{"class": "alone"})
	return append(out, alone)
}

// Joined roads lie where the pieces lie, in one feature for each group, of fewer
// bytes, whatever the order of the pieces.
func TestMergedLinesLieWhereThePiecesLie(t *testing.T) {
	for _, zoom := range []uint32{6, 8, 9, 11} {
		features := grid(uint64(zoom))
		tile := geo.TileAt(orb.Point{104.2, 27.2}, zoom)
		one := Encode([]Drawn{{"road", features}}, tile, Options{Buffer: 64, Detail: int(zoom)})
		joined := Encode([]Drawn{{"road", features}}, tile, Options{Buffer: 64, Detail: int(zoom), Merge: true})
		if len(joined) == 0 || len(joined) > len(one)*2/3 {
			t.Errorf("zoom %d: %d bytes joined, %d in pieces", zoom, len(joined), len(one))
		}
		if again := Encode([]Drawn{{"road", features}}, tile, Options{Buffer: 64, Detail: int(zoom), Merge: true}); !bytes.Equal(joined, again) {
			t.Errorf("zoom %d: joined twice, not the same", zoom)
		}
		pieces, merged := byClass(t, one), byClass(t, joined)
		seen := map[uint64]bool{}
		for _, f := range mvttest.Decode(t, joined).Features("road") {
			if seen[f.ID] || f.ID != 7 && f.Properties["name"] != nil {
				t.Errorf("zoom %d: feature %d %v", zoom, f.ID, f.Properties)
			}
			seen[f.ID] = true
		}
		for class, parts := range pieces {
			// A piece is straightened by a unit, what is joined by another.
			if far := furthest(parts, merged[class]); far > 2.5 {
				t.Errorf("zoom %d: a piece of %s lies %v units from what was joined", zoom, class, far)
			}
			if far := furthest(merged[class], parts); far > 2.5 {
				t.Errorf("zoom %d: what was joined of %s lies %v units from the pieces", zoom, class, far)
			}
		}
	}
}

func byClass(t *testing.T, tile []byte) map[string][][]mvttest.Cell {
	t.Helper()
	out := map[string][][]mvttest.Cell{}
	for _, f := range mvttest.Decode(t, tile).Features("road") {
		class := f.Properties["class"].(string)
		out[class] = append(out[class], f.Parts...)
	}
	return out
}

// furthest is how far the vertices and middles of some lines lie from others at
// most.
func furthest(from, to [][]mvttest.Cell) float64 {
	most := 0.0
	for _, part := range from {
		for i, c := range part {
			p := orb.Point{float64(c.X), float64(c.Y)}
			most = math.Max(most, nearest(p, to))
			if i > 0 {
				most = math.Max(most, nearest(orb.Point{(p[0] + float64(part[i-1].X)) / 2, (p[1] + float64(part[i-1].Y)) / 2}, to))
			}
		}
	}
	return most
}

func nearest(p orb.Point, lines [][]mvttest.Cell) float64 {
	best := math.Inf(1)
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			best = math.Min(best, toSegment(p, line[i-1], line[i]))
		}
	}
	return best
}

func toSegment(p orb.Point, a, b mvttest.Cell) float64 {
	dx, dy := float64(b.X-a.X), float64(b.Y-a.Y)
	px, py := p[0]-float64(a.X), p[1]-float64(a.Y)
	t := math.Max(0, math.Min(1, (px*dx+py*dy)/(dx*dx+dy*dy)))
	return math.Hypot(px-t*dx, py-t*dy)
}
