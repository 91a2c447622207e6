package api

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// farMetres is how far from everything of a county a line of it may lie, as an
// import has it.
const farMetres = 20_000

// nearCounty refuses a line that goes to places far outside the county.
func nearCounty(a *planner.Assessment, line orb.LineString) error {
	home := boundsOf(a.Snapshot)
	if len(line) == 0 || home.IsEmpty() {
		return nil
	}
	const perDegree = 111_320.0 // metres of latitude
	lat := farMetres / perDegree
	widest := math.Max(math.Abs(home.Min.Lat()), math.Abs(home.Max.Lat())) + lat
	lon := lat / math.Max(0.01, math.Cos(widest*math.Pi/180))
	near := orb.Bound{Min: orb.Point{home.Min[0] - lon, home.Min[1] - lat}, Max: orb.Point{home.Max[0] + lon, home.Max[1] + lat}}
	for i, p := range line {
		if !near.Contains(p) {
			return badMember("line", "point %d (%g, %g) is more than %d km outside %s; is it longitude first, and this county?",
				i+1, p.Lon(), p.Lat(), farMetres/1000, a.Snapshot.Region.Name)
		}
	}
	return nil
}

// boundsOf is the box of a county: of its boundary, of its townships', and of
// its own roads and villages.
func boundsOf(s *planner.Snapshot) orb.Bound {
	out := orb.MultiPoint{}.Bound()
	add := func(b orb.Bound) {
		switch {
		case out.IsEmpty():
			out = b
		case !b.IsEmpty():
			out = out.Union(b)
		}
	}
	add(s.Region.Boundary.Bound())
	for i := range s.Townships {
		add(s.Townships[i].Boundary.Bound())
	}
	for i := range s.Roads {
		add(s.Roads[i].Line.Bound())
	}
	for i := range s.Villages {
		add(s.Villages[i].Point.Bound())
	}
	return out
}
