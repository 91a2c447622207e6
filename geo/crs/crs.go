// Package crs knows the datums and offsets that data in China comes in: the
// offsets of public maps, GCJ-02 and BD-09, and the choice of a projection
// zone. Projections themselves are PostGIS's.
//
// Nothing is stored in an offset system; data in one is turned into CGCS2000
// when it comes in, and the other way only at the edge, for a map that wants
// it. The formulas are the ones in public use: they agree with the official
// ones within about a metre, so what went through them is good to 1 to 10 m.
package crs

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
)

// The offset is defined with the ellipsoid of Krasovsky's axis and eccentricity.
const (
	axis         = 6378245.0
	eccentricity = 0.00669342162296594323 // squared
)

// InChina says whether a point lies in the rectangle in which maps are offset.
// Outside of it the conversions do nothing.
func InChina(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271
}

// ToGCJ02 offsets a point of WGS 84 or CGCS2000 as public maps do.
func ToGCJ02(p orb.Point) orb.Point {
	if !InChina(p) {
		return p
	}
	d := offset(p)
	return orb.Point{p[0] + d[0], p[1] + d[1]}
}

// FromGCJ02 takes the offset off again, to a millionth of a metre.
func FromGCJ02(p orb.Point) orb.Point {
	if !InChina(p) {
		return p
	}
	return invert(p, func(q orb.Point) orb.Point {
		d := offset(q)
		return orb.Point{q[0] + d[0], q[1] + d[1]}
	})
}

// GCJ02ToBD09 adds Baidu's offset on top of GCJ-02.
func GCJ02ToBD09(p orb.Point) orb.Point {
	if !InChina(p) {
		return p
	}
	return baidu(p)
}

// BD09ToGCJ02 takes Baidu's offset off.
func BD09ToGCJ02(p orb.Point) orb.Point {
	if !InChina(p) {
		return p
	}
	return invert(p, baidu)
}

// ToBD09 offsets a point of WGS 84 or CGCS2000 as Baidu's maps do.
func ToBD09(p orb.Point) orb.Point { return GCJ02ToBD09(ToGCJ02(p)) }

// FromBD09 takes both offsets off.
func FromBD09(p orb.Point) orb.Point { return FromGCJ02(BD09ToGCJ02(p)) }

// From gives the conversion out of an offset system by its name on the command
// line, gcj02 or bd09; false for another name.
func From(name string) (func(orb.Point) orb.Point, bool) {
	switch name {
	case "gcj02":
		return FromGCJ02, true
	case "bd09":
		return FromBD09, true
	}
	return nil, false
}

// Geometry converts every vertex of a copy of a geometry.
func Geometry(g orb.Geometry, convert func(orb.Point) orb.Point) orb.Geometry {
	if g == nil {
		return nil
	}
	return project.Geometry(orb.Clone(g), convert)
}

// offset is the shift of GCJ-02 in degrees.
func offset(p orb.Point) orb.Point {
	east, north := wobble(p[0]-105, p[1]-35)
	s, c := math.Sincos(p[1] * math.Pi / 180)
	w := 1 - eccentricity*s*s
	root := math.Sqrt(w)
	return orb.Point{
		east * 180 / (axis / root * c * math.Pi),
		north * 180 / ((axis * (1 - eccentricity)) / (w * root) * math.Pi),
	}
}

// wobble is the shift in metres, from degrees east of 105 and north of 35.
func wobble(x, y float64) (east, north float64) {
	sin := func(amplitude, v float64) float64 { return amplitude * math.Sin(v*math.Pi) }
	common := sin(20, 6*x) + sin(20, 2*x)
	root := math.Sqrt(math.Abs(x))
	north = common + sin(20, y) + sin(40, y/3) + sin(160, y/12) + sin(320, y/30)
	north = north*2/3 - 100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root
	east = common + sin(20, x) + sin(40, x/3) + sin(150, x/12) + sin(300, x/30)
	east = east*2/3 + 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root
	return east, north
}

// baidu turns and stretches GCJ-02 a little and moves it.
func baidu(p orb.Point) orb.Point {
	const wave = math.Pi * 3000 / 180
	far := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*wave)
	s, c := math.Sincos(math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*wave))
	return orb.Point{far*c + 0.0065, far*s + 0.006}
}

// invert finds the point that forward takes to p. The shifts change by less
// than a hundredth from one place to the next, so each round gains two digits.
func invert(p orb.Point, forward func(orb.Point) orb.Point) orb.Point {
	q := p
	for range 20 {
		f := forward(q)
		dx, dy := p[0]-f[0], p[1]-f[1]
		q = orb.Point{q[0] + dx, q[1] + dy}
		if math.Abs(dx)+math.Abs(dy) < 1e-12 {
			break
		}
	}
	return q
}
