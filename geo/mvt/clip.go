package mvt

// clipPiece is the part of a straight piece that lies in the tile and its buffer
// (Liang and Barsky). An end that lies inside stays exactly itself.
func (d *drawing) clipPiece(a, b spot) (from, to spot, seen bool) {
	dx, dy := b.x-a.x, b.y-a.y
	t0, t1 := 0.0, 1.0
	for _, side := range [4][2]float64{{-dx, a.x - d.low}, {dx, d.high - a.x}, {-dy, a.y - d.low}, {dy, d.high - a.y}} {
		p, q := side[0], side[1]
		switch {
		case p == 0 && q < 0:
			return a, b, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	from, to = a, b
	if t0 > 0 {
		from = spot{a.x + t0*dx, a.y + t0*dy}
	}
	if t1 < 1 {
		to = spot{a.x + t1*dx, a.y + t1*dy}
	}
	return from, to, true
}

// clipRing cuts the ring in hand at each side of the tile and its buffer in turn
// (Sutherland and Hodgman). Parts of it that lie apart stay joined along a side.
func (d *drawing) clipRing() {
	d.clipSide(func(p spot) float64 { return p.x - d.low })
	d.clipSide(func(p spot) float64 { return d.high - p.x })
	d.clipSide(func(p spot) float64 { return p.y - d.low })
	d.clipSide(func(p spot) float64 { return d.high - p.y })
}

// clipSide keeps of the ring in hand, closed, what lies inside of a side; how far
// inside a place lies is given.
func (d *drawing) clipSide(inside func(spot) float64) {
	out := d.spare[:0]
	for i := 1; i < len(d.points); i++ {
		a, b := d.points[i-1], d.points[i]
		in, next := inside(a), inside(b)
		if in >= 0 {
			out = append(out, a)
		}
		if in >= 0 != (next >= 0) {
			t := in / (in - next)
			out = append(out, spot{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
		}
	}
	if len(out) > 0 {
		out = append(out, out[0])
	}
	d.points, d.spare = out, d.points
}
