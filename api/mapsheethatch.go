package api

import (
	"math"
	"slices"

	"github.com/qiantu/qiantu/api/paper"
)

// hatching is parallel lines: how far apart in millimetres of A3, turned by how
// many degrees from level, and how thick.
type hatching struct{ apart, turned, width float64 }

// hatch fills an area with parallel lines. They lie on one grid of the sheet, so
// that neighbours hatched alike meet.
func (m *mapSheet) hatch(rings [][][2]float64, with []hatching, c paper.Color) {
	for _, h := range with {
		sin, cos := math.Sincos(h.turned * math.Pi / 180)
		pen := paper.Pen{Width: h.width * m.unit, Color: c, Flat: true}
		for _, s := range scan(turnRings(rings, sin, cos), h.apart*m.unit) {
			m.Line([][2]float64{back(s.from, s.level, sin, cos), back(s.to, s.level, sin, cos)}, pen)
		}
	}
}

// turnRings turns rings so that the hatching lies level.
func turnRings(rings [][][2]float64, sin, cos float64) [][][2]float64 {
	out := make([][][2]float64, len(rings))
	for i, ring := range rings {
		out[i] = make([][2]float64, len(ring))
		for k, p := range ring {
			out[i][k] = [2]float64{p[0]*cos + p[1]*sin, p[1]*cos - p[0]*sin}
		}
	}
	return out
}

func back(x, y, sin, cos float64) [2]float64 { return [2]float64{x*cos - y*sin, y*cos + x*sin} }

// stretch is a level line within an area.
type stretch struct{ level, from, to float64 }

// scan cuts an area by level lines so far apart.
func scan(rings [][][2]float64, apart float64) []stretch {
	low, high := math.Inf(1), math.Inf(-1)
	for _, ring := range rings {
		for _, p := range ring {
			low, high = min(low, p[1]), max(high, p[1])
		}
	}
	var out []stretch
	for level := math.Ceil(low/apart) * apart; level < high; level += apart {
		var cuts []float64
		for _, ring := range rings {
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				if (p[1] > level) != (q[1] > level) {
					cuts = append(cuts, p[0]+(level-p[1])*(q[0]-p[0])/(q[1]-p[1]))
				}
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			out = append(out, stretch{level, cuts[i], cuts[i+1]})
		}
	}
	return out
}
