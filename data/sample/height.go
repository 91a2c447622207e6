package sample

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/raster"
)

// heightStep is the size in degrees of the cells that the relief is handed on
// in, about that of its own.
const heightStep = 0.002

// writeHeights hands on the relief that everything was laid on, to the
// decimetre, so that walks in the county go up and down. It is as invented as
// the rest.
func (m *maker) writeHeights() {
	f := m.frame
	cols, rows := int(f.width/f.lonMetres/heightStep), int(f.height/f.latMetres/heightStep)
	north := f.south + float64(rows)*heightStep
	values := make([]float32, cols*rows)
	for i := range values {
		p := orb.Point{f.west + (float64(i%cols)+0.5)*heightStep, north - (float64(i/cols)+0.5)*heightStep}
		values[i] = float32(math.Round(10*m.part.heightAt(f.plane(p))) / 10)
	}
	grid, err := raster.New(f.west, north, heightStep, heightStep, cols, rows, values)
	if err != nil {
		panic("sample: " + err.Error()) // the frames of this package fit
	}
	m.load.Terrain = grid
}

// plane is where a point in degrees lies in the frame: what point takes there.
// The bend moves neighbours alike, so that going back by it converges.
func (f frame) plane(p orb.Point) plane {
	to := plane{(p[0] - f.west) * f.lonMetres, (p[1] - f.south) * f.latMetres}
	at := to
	for range 14 {
		off := f.bent(at)
		at = plane{at.x + to.x - off.x, at.y + to.y - off.y}
	}
	return at
}
